"""A mailbox's tags and its blocked senders, for those who set it up."""

import streamlit as st

from inbox import blocking, tags
from inbox.mailboxes import Mailbox
from inbox.tags import Tag
from inbox.words import _, plural
from pages.parts import desk, form, sheet
from pages.parts.escape import plain


def show(mailbox: Mailbox) -> None:
    _tags(mailbox)
    _blocked(mailbox)


def _tags(mailbox: Mailbox) -> None:
    known = desk.look(tags.of_mailbox, mailbox.id)
    about = _("What conversations are about. Who may answer makes new ones while tagging.")
    with sheet.setting("tags", _("Tags"), about):
        if not known:
            st.caption(_("No tag yet."))
            return
        # What is chosen from is shown as it is, without Markdown.
        named = {tag.name: tag for tag in known}
        tag = named[st.selectbox(_("Tag"), list(named), key=f"tag_{mailbox.id}")]
        st.caption(_told(tag))
        _rename(tag)
        _merge(tag, [t for t in known if t.id != tag.id and t.retired_at is None])
        _retire(tag)


def _told(tag: Tag) -> str:
    said = plural("on {n} conversation", "on {n} conversations", tag.uses)
    return said.format(n=tag.uses) + (_(", retired") if tag.retired_at else "")


def _rename(tag: Tag) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            _("Name"), tag.name, key=f"tag_name_{tag.id}", max_chars=tags.LONGEST, width="stretch"
        )
        if st.button(_("Rename"), key=f"tag_rename_{tag.id}"):
            form.saved(tags.rename, tag.id, name)


def _merge(tag: Tag, others: list[Tag]) -> None:
    if not others:
        return
    named = {other.name: other.id for other in others}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        into = st.selectbox(
            _("Put another tag in its place"),
            list(named),
            index=None,
            key=f"tag_into_{tag.id}",
            placeholder=_("Choose a tag"),
            width="stretch",
        )
        if st.button(_("Merge"), key=f"tag_merge_{tag.id}", disabled=into is None):
            form.saved(tags.merge, tag.id, named[into or ""])


def _retire(tag: Tag) -> None:
    if tag.retired_at is not None:
        if st.button(_("Offer it again"), key=f"tag_back_{tag.id}"):
            form.saved(tags.bring_back, tag.id)
    elif st.button(
        _("Retire"),
        key=f"tag_retire_{tag.id}",
        help=_("It is offered no more, and stays where it stands."),
    ):
        form.saved(tags.retire, tag.id)


def _blocked(mailbox: Mailbox) -> None:
    about = _("Their mail is filed as spam. Nothing is deleted.")
    with sheet.setting("blocked", _("Blocked senders"), about):
        found = desk.look(blocking.of_mailbox, mailbox.id)
        if not found:
            st.caption(_("Nobody is blocked."))
        for one in found:
            with st.container(
                key=f"blocked_{one.id}", horizontal=True, vertical_alignment="center"
            ):
                by = _("blocked by {name}").format(name=plain(one.agent_name or _("a colleague")))
                st.markdown(f"{plain(one.address)} :gray[{by}]", width="stretch")
                if st.button(_("Unblock"), key=f"unblock_{one.id}"):
                    form.saved(blocking.lift, one.id)
