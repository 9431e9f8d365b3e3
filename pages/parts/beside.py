"""Two answers to one mail side by side, below the mail that both answer."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from inbox import clock, conversations, duplicates, messages
from inbox.conversations import Conversation
from inbox.messages import Message, Via
from inbox.words import _, mark
from pages.parts import desk, difference, names, times
from pages.parts.charts import axes
from pages.parts.difference import Run
from pages.parts.escape import plain, quiet

LONGEST = 8_000
# Of the customer's mail: enough to see what was asked.
ASKED = 1_200
_VIA: dict[Via, str] = {
    "app": mark("sent here"),
    "sent": mark("sent from another program"),
    "import": mark("from imported mail"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two replies to one mail, by the numbers of all three; who wrote them, when, how long apart
    in seconds, and whether somebody has said that both were meant."""

    conversation_id: int
    customer_message_id: int
    first_message_id: int
    second_message_id: int
    first_name: str
    second_name: str
    first_at: datetime
    at: datetime
    gap_seconds: float
    is_intended: bool


def show(pair: Pair) -> None:
    """Everything about one pair. That its mails were seen stands in the diary; what else is new in
    the conversation stays so."""
    found = desk.look(conversations.by_id, pair.conversation_id)
    mails = {m.id: m for m in desk.look(messages.in_conversation, found.id, found.family)}
    fold = desk.house().settings.opened_fold_seconds
    desk.attempt(conversations.opened, found.id, fold=fold, is_whole=False)
    first, second = words(mails, pair.first_message_id), words(mails, pair.second_message_id)
    left, right = difference.sides(first, second)
    with st.container(key=f"pair_{pair.second_message_id}"):
        customers(mails.get(pair.customer_message_id))
        columns = st.columns(2, gap="small")
        with columns[0], st.container(border=True, height="stretch"):
            st.markdown(head(pair.first_name, pair.first_at, mails.get(pair.first_message_id)))
            st.markdown(shown(left))
        with columns[1], st.container(border=True, height="stretch"):
            later = _("{time} later").format(time=axes.lasting(pair.gap_seconds))
            about = head(pair.second_name, pair.at, mails.get(pair.second_message_id))
            st.markdown(f"{about} · {plain(later)}")
            st.markdown(shown(right))
        if len(left) > 1 or len(right) > 1:
            st.caption(_("Marked: what only one of the two says."))
        ways(found, pair)


def customers(mail: Message | None) -> None:
    if mail is None:
        return
    name = names.shown(mail.from_name, mail.from_address) or _("the customer")
    with st.container(border=True):
        st.markdown(head(name, mail.sent_at, None))
        st.markdown(shown([(False, said(mail)[:ASKED])]))


def head(name: str, at: datetime, mail: Message | None) -> str:
    """Who, when, and for a reply by which way it left."""
    when = times.said(at, now=clock.now(), where=times.zone())
    via = f" · {plain(_(_VIA[mail.via]))}" if mail is not None and mail.via in _VIA else ""
    return f"**{plain(name, 60)}** {plain(when)}{via}"


def words(mails: dict[int, Message], number: int) -> str:
    return said(mails[number]) if number in mails else ""


def said(mail: Message) -> str:
    """Its own words, without what it quotes."""
    return (mail.reply_text or mail.body_text)[:LONGEST]


def shown(runs: list[Run]) -> str:
    """Line for line, what only this side says with a mark."""
    parts = "".join(_run(is_only_here, text) for is_only_here, text in runs)
    return parts or quiet(_("There is nothing to read: hidden, or without words."))


def _run(is_only_here: bool, text: str) -> str:
    return "  \n".join(_piece(is_only_here, line) for line in text.splitlines() or [""])


def _piece(is_only_here: bool, line: str) -> str:
    before = " " if line[:1].isspace() else ""
    after = " " if line[-1:].isspace() else ""
    if not line.strip():
        return before
    if is_only_here:
        return f"{before}:orange-background[{plain(line, LONGEST)}]{after}"
    return f"{before}{plain(line, LONGEST)}{after}"


def ways(found: Conversation, pair: Pair) -> None:
    """To the conversation; and for who may handle it, the mark."""
    numbers = (pair.conversation_id, pair.first_message_id, pair.second_message_id)
    with st.container(horizontal=True, key=f"ways_{pair.second_message_id}"):
        st.link_button(
            _("Open conversation"), f"/?view=all&c={found.id}&m={pair.second_message_id}"
        )
        if desk.me().may("triage", found.mailbox_id):
            st.button(
                _("They were not meant") if pair.is_intended else _("Both were meant"),
                key=f"meant_{pair.second_message_id}",
                help=_("Pairs that were meant stay in the count and leave the rate."),
                on_click=desk.act,
                args=(duplicates.unintend if pair.is_intended else duplicates.intend, *numbers),
            )
