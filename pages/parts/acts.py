"""What the buttons of a conversation do."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from inbox import (
    availability,
    clock,
    conversations,
    follows,
    moving,
    outbox,
    putting_away,
    rereading,
    tags,
)
from inbox.conversations import Conversation
from inbox.errors import InboxError
from inbox.undelivered import Outgoing
from inbox.words import _, refused
from pages.parts import (
    block,
    delivery,
    desk,
    drawing,
    erase,
    head,
    keys,
    later,
    merge,
    move,
    own_times,
    place,
    thread,
)
from pages.parts.desk import Undo
from pages.parts.escape import plain


def redraw() -> None:
    """Paint what an act may have changed; for callbacks, and nothing runs after it."""
    drawing.again(*place.PANES)


def do(verb: Callable[..., object], *args: object, back: Undo | None = None) -> None:
    desk.act(verb, *args, back=back)
    redraw()


def button(
    label: str,
    verb: Callable[..., object],
    found: Conversation,
    shortcut: str | None,
    *,
    is_first: bool = False,
) -> None:
    """One verb on this conversation; releasing offers the way back to whoever had it."""
    back = None
    if verb is conversations.release and found.assignee_id is not None:
        back = Undo(_("Released"), conversations.assign, (found.id, found.assignee_id))
    st.button(
        label,
        key=verb.__name__,
        type="primary" if is_first else "secondary",
        shortcut=shortcut,
        on_click=do,
        args=(verb, found.id),
        kwargs={"back": back},
    )


def follow(found: Conversation) -> None:
    """Hear of it, or hear of it no more; for whoever may read it."""
    st.button(
        "",
        key="unfollow" if found.is_followed else "follow",
        icon=":material/notifications_active:" if found.is_followed else ":material/notifications:",
        help=_("Follow no longer (F)") if found.is_followed else _("Follow this conversation (F)"),
        shortcut=keys.FOLLOW,
        on_click=do,
        args=(follows.unfollow if found.is_followed else follows.follow, found.id),
    )


def on_tag(conversation_id: int) -> Callable[[], None]:
    """What the chips and the box of tags do."""

    def pressed() -> None:
        way, name = head.wanted_tag()
        if way == "tag":
            words = _("Tagged")
            do(
                tags.add,
                conversation_id,
                name,
                back=Undo(words, tags.remove, (conversation_id, name)),
            )
        if way == "untag":
            words = _("Tag taken off")
            do(
                tags.remove,
                conversation_id,
                name,
                back=Undo(words, tags.add, (conversation_id, name)),
            )

    return pressed


def more(found: Conversation, *, may_erase: bool) -> None:
    """What is done less often."""
    ways: dict[str, tuple[Callable[..., object], ...]] = {}
    is_there = found.spam_at is None and found.trashed_at is None
    if not is_there:
        ways[_("Restore")] = (do, putting_away.restore)
    else:
        ways[_("Merge with…")] = (merge.ask,)
        if moving.targets(desk.me(), found.mailbox_id):
            ways[_("Move to another mailbox…")] = (move.ask,)
    if found.spam_at is None:
        ways[_("Mark as spam")] = (do, putting_away.mark_spam)
    if block.is_blocked(found):
        ways[_("Unblock sender")] = (lambda _id: block.unblock(found),)
    elif found.contact_address:
        ways[_("Block sender…")] = (block.ask,)
    if found.trashed_at is None:
        ways[_("Move to trash")] = (do, putting_away.trash)
    elif may_erase:
        ways[_("Delete for good…")] = (erase.ask,)

    def pressed() -> None:
        wanted = st.session_state.get("more")
        if wanted in ways:
            way, *given = ways[wanted]
            way(*given, found.id)

    st.menu_button(
        "", list(ways), icon=":material/more_horiz:", key="more", on_click=pressed, help=_("More")
    )


def ask_assignee(conversation_id: int) -> None:
    st.session_state["assigning"] = conversation_id
    drawing.again("conversation")


def assignment(found: Conversation) -> None:
    """The choice of a colleague, from when it is asked for until one is chosen or it is left.

    Whether it stands open is in the session, where every redraw finds it: our own act comes back
    as news from /live, which may be drawn before the dialog is.
    """
    if st.session_state.get("assigning") != found.id:
        st.session_state["assigning"] = None
        return

    @st.dialog(_("Hand over to"), on_dismiss=_put_away)
    def choose() -> None:
        st.text_input(
            _("A word for them"),
            key="handing_words",
            placeholder=_("Stands as a note; it is never mailed."),
        )
        for colleague in desk.look(availability.of_team, found.mailbox_id, now=clock.now()):
            is_now = colleague.agent_id == found.assignee_id
            is_away = not colleague.is_here and colleague.agent_id != desk.me().id
            away = f" · {own_times.said(colleague)}" if is_away else ""
            st.button(
                plain(colleague.name + away),
                key=f"assign_{colleague.agent_id}",
                width="stretch",
                disabled=is_now or is_away,
                icon=":material/check:" if is_now else None,
                on_click=hand_over,
                args=(found, colleague.agent_id),
            )

    choose()


def hand_over(found: Conversation, assignee_id: int) -> None:
    """Assign, with what was typed as a note, and the way back to whoever had it."""
    back = (
        Undo(_("Assigned"), conversations.release, (found.id,))
        if found.assignee_id is None
        else Undo(_("Assigned"), conversations.assign, (found.id, found.assignee_id))
    )
    st.session_state["assigning"] = None
    words = str(st.session_state.get("handing_words") or "")
    desk.act(partial(availability.give, words=words), found.id, assignee_id, back=back)
    drawing.everything()


def _put_away() -> None:
    st.session_state["assigning"] = st.session_state["correcting"] = None
    drawing.everything()


def pictures_asked() -> frozenset[int]:
    """The mails whose pictures were asked for, in this session alone."""
    return frozenset(st.session_state.get("pictures", ()))


def on_thread(found: Conversation) -> Callable[[], None]:
    """What a way on below a mail, or on a banner, does."""

    def pressed() -> None:
        way, number = thread.wanted()
        simple: dict[str, Callable[..., object]] = {
            "arrived": outbox.confirm_arrived,
            "again": outbox.send_again,
            "hurry": outbox.retry_now,
            "cancel": outbox.cancel,
            "read_again": rereading.read_again,
        }
        if way in _LATER:
            _LATER[way](number)
            redraw()
        if way == "dismiss":
            do(conversations.dismiss_alert, found.id)
        if way == "merge":
            merge.ask(found.id, number)
        if way == "unmerge":
            merge.unmerge(number, found.id)
        if way == "open":
            place.open_conversation(number)
            redraw()
        if way == "pictures":
            st.session_state["pictures"] = pictures_asked() | {number}
            drawing.again("conversation")
        if way == "correct":
            st.session_state["correcting"] = number
            drawing.again("conversation")
        if way in simple:
            do(simple[way], number)

    return pressed


_LATER: dict[str, Callable[[int], None]] = {"unplan": later.cancel, "send_now": later.send_now}


def correction(rows: Sequence[Outgoing]) -> None:
    """The form for the right address, from when it is asked for until it is sent or left."""
    asked = st.session_state.get("correcting")
    row = next((r for r in rows if r.id == asked), None)
    wrong = delivery.wrong_address(row) if row else None
    if row is None or wrong is None:
        st.session_state["correcting"] = None
        return

    @st.dialog(_("Correct the address"), on_dismiss=_put_away)
    def correct(outbox_id: int, wrong_address: str) -> None:
        st.markdown(_("{address} did not take the mail.").format(address=plain(wrong_address)))
        st.text_input(_("Send it to"), value=wrong_address, key="right_address")
        st.button(
            _("Send to this address"),
            type="primary",
            key="send_corrected",
            on_click=_send_corrected,
            args=(outbox_id, wrong_address),
        )
        if (why := st.session_state.pop("correction_refused", None)) is not None:
            st.error(plain(why))

    correct(row.id, wrong)


def _send_corrected(outbox_id: int, wrong_address: str) -> None:
    right = st.session_state["right_address"]
    try:
        desk.attempt(outbox.correct, outbox_id, wrong_address, right, raw=desk.house().raw)
    except InboxError as refusal:
        st.session_state["correction_refused"] = refused(refusal)
    else:
        st.session_state["correcting"] = None
        drawing.everything()
