"""Mail on its way out, as the thread shows it: pending, failed, in doubt, refused or bounced."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inbox.bounces import Bounce
from inbox.outgoing import HELD_BACK, Result
from inbox.undelivered import Outgoing
from inbox.words import _, mark
from pages.parts import desk, names, times
from pages.parts.thread import Look

Item = dict[str, Any]
MOST_TOLD = 10
_BAD = ("refused", "bounced")
UNCHECKED = mark(
    "Sent folder not checked: it could not be read, so nobody knows whether a colleague had "
    "answered from another mail program."
)


def item(row: Outgoing, look: Look) -> tuple[datetime, Item]:
    """A reply that is no message of the conversation yet, with its moment."""
    people = row.recipients
    shown: Item = {
        "kind": "mail",
        "key": f"o{row.id}",
        "id": f"o{row.id}",
        "direction": "out",
        "who": look.viewer.name if row.agent_id == look.viewer.id else row.from_name,
        "address": "",
        "to": _("to {names}").format(names=names.all_shown((*people.to, *people.cc, *people.bcc))),
        "tag": "",
        "when": times.said(row.queued_at, now=look.now, where=look.where),
        "exact": times.exact(row.queued_at, where=look.where),
        "text": row.reply_text or row.body_text,
        "whole": row.body_text,
        "html": None,
        "folded": row.reply_text.strip() != row.body_text.strip(),
        "blocked": "",
        "pictures": "",
        "warnings": [],
        "files": [],
        "original": None,
        "state": state(row, look),
    }
    return row.queued_at, shown


def state(row: Outgoing, look: Look) -> Item | None:
    """The line below the mail: what happened, what is safe, and the ways on."""
    wrong = next((r for r in row.results if r.state in _BAD), None)
    ways: list[Item] = []
    text, tone = "", "quiet"
    if row.state == "queued":
        text, ways = _queued(row, look)
    elif row.state == "sending":
        text = _("Being sent now.")
    elif row.is_being_checked(desk.house().settings, now=look.now):
        text = _("The connection broke while this was handed over. Delad is checking.")
    elif row.state == "uncertain":
        tone, text = "bad", _uncertain(row, look)
        ways = [_way("arrived", _("It arrived")), _way("again", _("Send again"))]
    elif row.state == "failed":
        tone, text = "bad", _failed(row, wrong)
        ways = [_way("again", _("Send again")), _way("cancel", _("Take it back"))]
        if row.sent_check in HELD_BACK:
            ways = [_way("cancel", _("Seen"))]
    elif wrong:
        tone, text = "bad", _refused(wrong)
    if row.state == "sent" and row.sent_check == "skipped":
        text = f"{text} {_(UNCHECKED)}".strip()
    if wrong and row.state in ("failed", "sent"):
        ways.insert(0, _way("correct", _("Correct the address")))
    return {"tone": tone, "text": text, "ways": ways, "outbox": row.id} if text else None


def bounced(message_id: int, failed: Sequence[Bounce], state: Item | None) -> Item | None:
    """What servers reported, below the mail that bounced and below the report; the ways on that
    its outbox row offers stay."""
    of_mail = [b for b in failed if b.bounced_message_id == message_id]
    of_report = [b for b in failed if b.message_id == message_id]
    told = list({(b.address, b.status): b for b in (*of_mail, *of_report)}.values())
    if not told:
        return state
    text = " ".join(_unreached(b) for b in told[:MOST_TOLD])
    if of_report and all(b.bounced_message_id is None for b in of_report):
        text += " " + _("The report names no mail that was sent from here.")
    ways = state["ways"] if state else []
    return {"tone": "bad", "text": text, "ways": ways, "outbox": state["outbox"] if state else 0}


def wrong_address(row: Outgoing) -> str | None:
    return next((r.address for r in row.results if r.state in _BAD), None)


def _queued(row: Outgoing, look: Look) -> tuple[str, list[Item]]:
    if row.attempts == 0 and row.planned_at is not None and row.due_at > look.now:
        when = times.coming(row.due_at, now=look.now, where=look.where)
        ways = [_way("unplan", _("Cancel"))]
        if row.agent_id == look.viewer.id:
            ways.append(_way("send_now", _("Send now")))
        return _("Will be sent {when}.").format(when=when), ways
    if row.attempts == 0:
        return _("On its way."), []
    when = times.said(row.due_at, now=look.now, where=look.where)
    why = row.error or _("the mail server did not take it")
    text = _("Not sent yet: {why} The next attempt is at {when}; nothing is lost.")
    ways = [_way("hurry", _("Try now")), _way("cancel", _("Take it back"))]
    return text.format(why=_sentence(why), when=when), ways


def _uncertain(row: Outgoing, look: Look) -> str:
    when = times.said(row.started_at or row.queued_at, now=look.now, where=look.where)
    return _(
        "The connection broke while this was handed over at {when}. It may have arrived. "
        "It is not sent again by itself."
    ).format(when=when)


def _failed(row: Outgoing, wrong: Result | None) -> str:
    why = (wrong.answer if wrong else None) or row.error or _("The mail server refused it.")
    return _("This was not sent. {why} Your text is safe.").format(why=_sentence(why))


def _refused(wrong: Result) -> str:
    said = _("{address} did not get this. {why} Everyone else did.")
    return said.format(address=wrong.address, why=_sentence(wrong.answer or ""))


def _unreached(one: Bounce) -> str:
    is_said = one.status in one.answer
    said = one.answer if is_said else f"{one.status} {one.answer}"
    why = _sentence(said)
    if one.is_permanent:
        words = _(
            "It did not reach {address}. {why} Sending it again will not help: "
            "the address is no good, or mail from here is refused there."
        )
    else:
        words = _(
            "It did not reach {address}. {why} The address may be good: "
            "a later attempt, or a smaller mail, may get through."
        )
    return " ".join(words.format(address=one.address, why=why).split())


def _sentence(text: str) -> str:
    short = " ".join(text.split())[:300]
    return short if not short or short[-1] in ".!?" else f"{short}."


def _way(act: str, label: str) -> Item:
    return {"act": act, "label": label}
