"""What is done in the contact pane: a word of the browser becomes a verb, and its answer."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from inbox import contact_edits, contact_links, contact_merging
from inbox.contacts import Contact
from inbox.errors import InboxError, Invalid
from inbox.words import _, refused
from pages.parts import desk
from pages.parts.desk import Undo

Said = dict[str, Any]
_LARGEST = 2**62


def done(said: Said, contact_id: int, conversation_id: int | None) -> dict[str, str]:
    """Do it. Answer its token, and where it was refused, which field it is about and why."""
    answer = {"token": str(said.get("token", ""))[:40], "field": "", "why": ""}
    ways: dict[str, Callable[[], object]] = {
        "edit": lambda: _edit(contact_id, said),
        "mark_vip": lambda: _vip(contact_id, True),
        "unmark_vip": lambda: _vip(contact_id, False),
        "add_address": lambda: _add(contact_id, said),
        "part": lambda: _part(contact_id, said),
        "merge": lambda: _merge(contact_id, said),
    }
    if conversation_id is not None:
        ways |= {
            "unlink": lambda: _unlink(conversation_id),
            "relink": lambda: _relink(conversation_id, said),
            "link_writer": lambda: _link_writer(conversation_id),
        }
    way = ways.get(str(said.get("verb")))
    if way is None:
        return answer
    try:
        way()
    except Invalid as refusal:
        answer |= {"field": refusal.field, "why": refused(refusal)}
    except InboxError as refusal:
        answer |= {"field": "all", "why": refused(refusal)}
    return answer


def _edit(contact_id: int, said: Said) -> None:
    facts = said.get("facts")
    if not isinstance(facts, dict):
        raise Invalid("all", "This cannot be read.")
    desk.do(
        contact_edits.edit,
        contact_id,
        facts,
        back=lambda was: _undo(_("Saved"), contact_edits.edit, contact_id, _before(was, facts)),
    )


def _before(was: Contact, facts: Said) -> Said:
    """The same facts as they were."""
    known = {
        "name": was.name,
        "phone": was.phone,
        "note": was.note,
        "company": was.company,
        "company_name": was.works_at.name if was.works_at else "",
        "properties": [asdict(one) for one in was.properties],
    }
    return {field: known[field] for field in facts if field in known}


def _vip(contact_id: int, is_vip: bool) -> None:
    verb, opposite = contact_edits.mark_vip, contact_edits.unmark_vip
    if not is_vip:
        verb, opposite = opposite, verb
    words = _("Marked as VIP") if is_vip else _("No longer VIP")
    desk.do(verb, contact_id, back=lambda _found: _undo(words, opposite, contact_id))


def _add(contact_id: int, said: Said) -> None:
    address = said.get("address")
    if not isinstance(address, str):
        raise Invalid("address", "This cannot be read.")
    verb, opposite = contact_merging.add_address, contact_merging.remove_address
    desk.do(verb, contact_id, address, back=lambda row: _undo(_("Address added"), opposite, row))


def _part(contact_id: int, said: Said) -> None:
    row = _number(said, "merge")
    verb, opposite = contact_merging.remove_address, contact_merging.merge
    words = _("Taken out of this contact")
    desk.do(verb, row, back=lambda _found: _undo(words, opposite, row, contact_id))


def _merge(contact_id: int, said: Said) -> None:
    """The other one becomes part of the one that is shown."""
    other = _number(said, "merge")
    verb, opposite = contact_merging.merge, contact_merging.unmerge
    desk.do(verb, other, contact_id, back=lambda _found: _undo(_("Merged"), opposite, other))


def _unlink(conversation_id: int) -> None:
    def back(was: int | None) -> Undo:
        return Undo(_("Taken from the contact"), contact_links.link, (conversation_id, was))

    desk.do(contact_links.unlink, conversation_id, back=back)


def _relink(conversation_id: int, said: Said) -> None:
    other = _number(said, "link")

    def back(was: int | None) -> Undo:
        if was is None:
            return Undo(_("Linked"), contact_links.unlink, (conversation_id,))
        words = _("Given to another contact")
        return Undo(words, contact_links.link, (conversation_id, was))

    desk.do(contact_links.link, conversation_id, other, back=back)


def _link_writer(conversation_id: int) -> None:
    back = Undo(_("Linked"), contact_links.unlink, (conversation_id,))
    desk.do(contact_links.link_writer, conversation_id, back=lambda _found: back)


def _undo(words: str, verb: Callable[..., object], *args: object) -> Undo:
    return Undo(words, verb, args, way=contact_edits.take_back)


def _number(said: Said, field: str) -> int:
    given = said.get("id")
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < _LARGEST:
        raise Invalid(field, "This cannot be read.")
    return int(given)
