"""What the contact pane shows, as its component takes it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo

from inbox.contact_book import Suggestion
from inbox.contact_facts import is_link
from inbox.contact_history import History, Past
from inbox.contacts import Contact, Linked
from inbox.likeness import Alike
from inbox.words import _, each, mark
from pages.parts import names, times

SHOWN = 6
WORDS = {
    "contact": mark("Contact"),
    "edit": mark("Edit"),
    "save": mark("Save"),
    "cancel": mark("Cancel"),
    "close": mark("Close this pane"),
    "more": mark("More about this contact"),
    "vip": mark("VIP"),
    "mark_vip": mark("Mark as VIP"),
    "unmark_vip": mark("No longer VIP"),
    "name": mark("Name"),
    "phone": mark("Phone"),
    "company": mark("Company"),
    "company_for_all": mark("For everyone at {domain}"),
    "addresses": mark("Addresses"),
    "note": mark("Note about the contact"),
    "properties": mark("Properties"),
    "property_name": mark("Name, such as Customer number"),
    "property_value": mark("Value"),
    "property_kind": mark("Kind"),
    "text": mark("Text"),
    "number": mark("Number"),
    "date": mark("Date"),
    "link": mark("Link"),
    "add_property": mark("Add a property"),
    "remove": mark("Remove {name}"),
    "add_address": mark("Add an address"),
    "address": mark("Address"),
    "add": mark("Add"),
    "part": mark("Take {name} out of this contact"),
    "merge": mark("Merge with another contact"),
    "merge_find": mark("Name or address of the same person"),
    "unlink": mark("Not this contact’s conversation"),
    "relink": mark("Give it to another contact"),
    "relink_find": mark("Name or address of the right contact"),
    "link_writer": mark("Link {name}"),
    "nobody": mark("This conversation is linked to no contact."),
    "nothing_found": mark("Nobody found."),
    "no_subject": mark("(no subject)"),
    "open": mark("Open"),
    "waiting": mark("Waiting for an answer"),
    "join": mark("Look at both, and merge them if they are one"),
}

Data = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks, when, and what the mailboxes are called."""

    may_edit: bool
    now: datetime
    where: tzinfo
    mailboxes: dict[int, str]


def of_contact(
    contact: Contact, history: History, look: Look, *, conversation_id: int | None
) -> Data:
    """A contact whole; the conversation that stands open is not among its others."""
    company = contact.works_at
    return {
        "id": contact.id,
        "who": names.shown(contact.name, contact.address) or _("Unknown sender"),
        "name": contact.name,
        "vip": contact.is_vip,
        "addresses": [asdict(a) for a in contact.addresses],
        "phone": contact.phone,
        "company": company.name if company else "",
        # What is typed over it may be meant for everyone there.
        "domain": (company.domain if company and contact.company is None else None) or "",
        "note": contact.note,
        "properties": [
            {**asdict(p), "href": p.value if p.kind == "link" and is_link(p.value) else ""}
            for p in contact.properties
        ],
        "facts": _facts(contact, history, look),
        "sections": _sections(contact, history, look, conversation_id),
        "may_edit": look.may_edit,
        "conversation": conversation_id,
        "words": each(WORDS),
    }


def of_nobody(linked: Linked, history: History, look: Look) -> Data:
    """A conversation without a contact, and who could be it."""
    return {
        "id": 0,
        "conversation": linked.conversation_id,
        "who": names.shown(linked.name, linked.address) or _("Unknown sender"),
        "writer": linked.address,
        "sections": _alike(history, look),
        "may_edit": look.may_edit,
        "words": each(WORDS),
    }


def of_suggestions(words: str, found: Sequence[Suggestion]) -> Data:
    return {
        "words": words,
        "rows": [
            {"id": s.id, "who": names.shown(s.name, s.address), "address": s.address} for s in found
        ],
    }


def _facts(contact: Contact, history: History, look: Look) -> list[list[str]]:
    first = min((p.created_at for p in history.own), default=contact.created_at)
    facts = [[_("First seen"), times.said(first, now=look.now, where=look.where)]]
    if history.own:
        last = max(p.last_message_at for p in history.own)
        facts.append([_("Last mail"), times.said(last, now=look.now, where=look.where)])
        facts.append([_("Conversations"), _counted(history.own, history.is_cut)])
    return facts


def _counted(theirs: Sequence[Past], is_cut: bool) -> str:
    open_count = sum(p.status == "open" for p in theirs)
    total = f"{len(theirs)}+" if is_cut else str(len(theirs))
    return _("{total}, {open} open").format(total=total, open=open_count) if open_count else total


def _sections(
    contact: Contact, history: History, look: Look, conversation_id: int | None
) -> list[Data]:
    company = contact.works_at
    found = (
        ("own", _("Other conversations"), history.own),
        ("elsewhere", _("In other mailboxes"), history.elsewhere),
        ("company", company.name if company else "", history.company),
    )
    if conversation_id is None:
        found = (("own", _("Conversations"), history.own), *found[1:])
    above = {conversation_id, *(one.id for one in history.alike)}
    return _alike(history, look) + [
        _section(key, title, others, look)
        for key, title, theirs in found
        if (others := [p for p in theirs if p.id not in above])
    ]


def _alike(history: History, look: Look) -> list[Data]:
    """What may be about the same matter: whoever may merge looks at both."""
    if not history.alike:
        return []
    return [
        {
            "key": "alike",
            "title": _("May be the same matter"),
            "count": "",
            "rows": [
                {
                    **_shown(one, look),
                    "subject": f"#{one.id} {one.subject or _('(no subject)')}",
                    "about": _why(one),
                    "join": look.may_edit,
                }
                for one in history.alike
            ],
        }
    ]


def _why(one: Alike) -> str:
    if one.why == "token":
        return _("Both name {number}").format(number=one.what.upper())
    if one.why == "file":
        return _("Both hold the file {name}").format(name=one.what)
    return _("The same contact, a similar subject")


def _section(key: str, title: str, theirs: Sequence[Past], look: Look) -> Data:
    return {
        "key": key,
        "title": title,
        "count": len(theirs),
        "rows": [_row(key, past, look) for past in theirs[:SHOWN]],
    }


def _row(key: str, past: Past, look: Look) -> Data:
    who = names.shown(past.contact_name, past.contact_address)
    about = {"own": "", "elsewhere": look.mailboxes.get(past.mailbox_id, ""), "company": who}
    return {**_shown(past, look), "about": about[key]}


def _shown(one: Past | Alike, look: Look) -> Data:
    return {
        "id": one.id,
        "subject": one.subject,
        "when": times.short(one.last_message_at, now=look.now, where=look.where),
        "exact": times.exact(one.last_message_at, where=look.where),
        "open": one.status == "open",
        "waiting": one.status == "open" and one.waiting_since is not None,
    }
