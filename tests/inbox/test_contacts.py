"""What a team knows of its contacts: edited, merged, linked, and taken back."""

import json
from datetime import timedelta

import pytest

from inbox import (
    agents,
    companies,
    contact_book,
    contact_edits,
    contact_history,
    contact_links,
    contact_merging,
    contacts,
    conversations,
    lists,
    undo,
)
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.filters import Filter
from tests.conftest import NOON
from tests.furniture import BO, INVOICE, QUOTE, SALES, SUPPORT

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def maria(db, bo):
    """Maria's contact in Support; its id."""
    number = contact_links.link_writer(db, bo, INVOICE, now=NOON)
    db.changes.clear()
    return number


def person(db, address, name="", mailbox_id=SUPPORT):
    return contacts.known_as(db, mailbox_id, {address: name}, now=NOON)[address]


def conversation(db, contact_id, subject="More", *, mailbox_id=SUPPORT, minutes=1, **row):
    """One more conversation of a contact; its id."""
    at = NOON + timedelta(minutes=minutes)
    given = {
        "mailbox_id": mailbox_id,
        "contact_id": contact_id,
        "contact_name": "Maria",
        "contact_address": "maria@customer.test",
        "subject": subject,
        "snippet": "",
        "status": "open",
        "created_at": at,
        "last_message_at": at,
        "waiting_since": at,
        "message_count": 1,
        "attachment_count": 0,
        "is_readable": True,
        **row,
    }
    db._cursor.execute(
        f"insert into conversations ({', '.join(given)}) "
        f"values ({', '.join('$' + name for name in given)})",
        given,
    ).fetchall()
    return db._cursor.execute("select max(id) from conversations").fetchone()[0]


def told(db, kind):
    """What the diary says of the last event of this kind: its payload, and its columns."""
    return db._cursor.execute(
        "select events.conversation_id, events.mailbox_id, before, after from events "
        "left join event_payloads using (event_id) where kind = $kind "
        "order by event_id desc limit 1",
        {"kind": kind},
    ).fetchone()


def urgency(db, conversation_id):
    """As the list of everything shows it."""
    rows = lists.listed(db, agents.by_id(db, BO), "all", now=NOON)
    return next((row.is_vip, row.is_urgent) for row in rows if row.id == conversation_id)


def take_back(db, who, verb, *args):
    since = db.changes[-1].event_id
    contact_edits.take_back(db, who, verb, *args, since=since, now=LATER)


@pytest.mark.feature("CX01")
def test_what_is_known_is_kept_told_and_taken_back(db, bo, maria):
    facts = {
        "name": "Maria H.",
        "phone": "+46 8 123 45 67",
        "note": "Call before ten.\r\nPays late.",
        "properties": [
            {"name": "Number", "kind": "number", "value": "12,5"},
            {"name": "Until", "kind": "date", "value": "2027-03-31"},
            {"name": "CRM", "kind": "link", "value": "https://crm.test/a?b=1"},
            {"name": "Likes", "kind": "text", "value": "🌷 =cmd"},
        ],
    }
    was = contact_edits.edit(db, bo, maria, facts, now=NOON)
    found = contacts.by_id(db, bo, maria)

    assert (found.name, found.phone) == ("Maria H.", "+46 8 123 45 67")
    assert found.note == "Call before ten.\nPays late."
    assert [(p.kind, p.value) for p in found.properties][2] == ("link", "https://crm.test/a?b=1")
    assert conversations.by_id(db, bo, INVOICE).contact_name == "Maria H."
    where, mailbox_id, before, after = told(db, "contact_edited")
    assert (where, mailbox_id) == (None, SUPPORT)
    assert json.loads(before)["name"] == "Maria Holm"
    assert json.loads(after)["contact_id"] == maria

    back = {"name": was.name, "phone": was.phone, "note": was.note, "properties": ()}
    take_back(db, bo, contact_edits.edit, maria, back)
    found = contacts.by_id(db, bo, maria)
    assert (found.name, found.phone, found.note, found.properties) == ("Maria Holm", "", "", ())
    assert conversations.by_id(db, bo, INVOICE).contact_name == "Maria Holm"


def test_what_changes_nothing_leaves_no_line(db, bo, maria):
    contact_edits.edit(db, bo, maria, {"name": "Maria Holm", "phone": ""}, now=NOON)
    contact_edits.unmark_vip(db, bo, maria, now=NOON)

    assert db.changes == []


def test_what_somebody_has_changed_since_is_not_taken_back(db, ada, bo, maria):
    contact_edits.edit(db, bo, maria, {"phone": "123"}, now=NOON)
    since = db.changes[-1].event_id
    contact_edits.edit(db, ada, maria, {"note": "Mine"}, now=NOON)

    with pytest.raises(TooLate):
        contact_edits.take_back(
            db, bo, contact_edits.edit, maria, {"phone": ""}, since=since, now=LATER
        )
    assert contacts.by_id(db, bo, maria).phone == "123"


PROPERTY = {"name": "X", "kind": "text", "value": "y"}


@pytest.mark.feature("CX01")
@pytest.mark.parametrize(
    "facts, field",
    [
        ({"name": "x" * 121}, "name"),
        ({"name": "a\u202egpj.exe"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": 7}, "name"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "javascript:alert(1)"}, "phone"),
        ({"phone": "1" * 41}, "phone"),
        ({"note": "x" * 4001}, "note"),
        ({"company": "x" * 121}, "company"),
        ({"address": "a@b.test"}, "address"),
        ({"is_vip": True}, "is_vip"),
        ({"properties": "x"}, "properties"),
        ({"properties": [PROPERTY] * 31}, "properties"),
        ({"properties": [PROPERTY, {**PROPERTY, "name": "x"}]}, "properties.1.name"),
        ({"properties": [{**PROPERTY, "name": " "}]}, "properties.0.name"),
        ({"properties": [{**PROPERTY, "value": ""}]}, "properties.0.value"),
        ({"properties": [PROPERTY, None]}, "properties.1.value"),
        ({"properties": [{**PROPERTY, "kind": "html"}]}, "properties.0.value"),
        ({"properties": [{**PROPERTY, "kind": ["text"]}]}, "properties.0.value"),
        ({"properties": [{**PROPERTY, "kind": "number", "value": "12a"}]}, "properties.0.value"),
        ({"properties": [{**PROPERTY, "kind": "date", "value": "31/3"}]}, "properties.0.value"),
        (
            {"properties": [{**PROPERTY, "kind": "date", "value": "2026-02-30"}]},
            "properties.0.value",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(db, bo, maria, facts, field):
    with pytest.raises(Invalid) as refusal:
        contact_edits.edit(db, bo, maria, {"phone": "12345", **facts}, now=NOON)

    assert refusal.value.field == field
    assert db.changes == []
    assert contacts.by_id(db, bo, maria).phone == ""


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "//evil.test",
        "crm.test/1",
        "https:evil",
        "https://",
        "https://[::1",
        'https://a.test/"><b>',
        "vbscript:x",
        "mailto:",
        "https://a.test/a\u202eb",
    ],
)
def test_a_link_that_a_browser_may_not_follow_is_refused(db, bo, maria, link):
    one = {"name": "CRM", "kind": "link", "value": link}
    with pytest.raises(Invalid):
        contact_edits.edit(db, bo, maria, {"properties": [one]}, now=NOON)


@pytest.mark.parametrize("link", ["http://a.test", "mailto:a@b.test", "tel:+4681234567"])
def test_links_that_may_be_followed(db, bo, maria, link):
    one = {"name": "CRM", "kind": "link", "value": link}
    contact_edits.edit(db, bo, maria, {"properties": [one]}, now=NOON)

    assert contacts.by_id(db, bo, maria).properties[0].value == link


@pytest.mark.feature("QV21")
def test_what_waits_for_a_vip_is_urgent_and_what_was_urgent_stays_so(db, bo, maria):
    own = conversation(db, maria, is_urgent=True)
    done = conversation(db, maria, status="closed", waiting_since=None)
    contact_edits.mark_vip(db, bo, maria, now=NOON)

    assert urgency(db, INVOICE) == urgency(db, own) == (True, True)
    assert urgency(db, done) == (True, False)
    assert conversations.by_id(db, bo, INVOICE).is_vip
    assert lists.listed(db, bo, "open", now=NOON)[0].is_vip
    assert told(db, "vip_marked")[0] is None

    take_back(db, bo, contact_edits.unmark_vip, maria)
    assert urgency(db, INVOICE) == urgency(db, done) == (False, False)
    assert urgency(db, own) == (False, True)


@pytest.mark.feature("QV20", "QV21")
def test_a_vip_who_was_answered_is_urgent_no_more_until_they_write_again(db, bo, maria):
    contact_edits.mark_vip(db, bo, maria, now=NOON)
    for waits, is_urgent in ((None, False), (NOON, True)):
        db._cursor.execute("update conversations set waiting_since = $w", {"w": waits}).fetchall()
        assert urgency(db, INVOICE) == (True, is_urgent)
        found = lists.listed(db, bo, "open", filters=Filter(words="is:urgent"), now=NOON)
        assert [row.id for row in found] == [INVOICE] * is_urgent


@pytest.mark.feature("CX01")
def test_one_more_address_and_its_way_back(db, bo, maria):
    row = contact_merging.add_address(db, bo, maria, " Maria@Home.test ", now=NOON)
    found = contacts.by_id(db, bo, row)

    assert found.id == maria
    assert [a.address for a in found.addresses] == ["maria@customer.test", "maria@home.test"]
    assert contacts.known(db, SUPPORT, {"maria@home.test": "M"}, now=NOON)
    assert json.loads(told(db, "address_added")[3])["addresses"] == ["maria@home.test"]

    take_back(db, bo, contact_merging.remove_address, row)
    assert len(contacts.by_id(db, bo, maria).addresses) == 1
    assert told(db, "address_removed")

    take_back(db, bo, contact_merging.merge, row, maria)
    assert len(contacts.by_id(db, bo, maria).addresses) == 2


def test_an_address_that_is_none_or_somebodys_is_refused(db, bo, maria):
    erik = person(db, "erik@customer.test", "Erik")
    conversation(db, erik)
    for wrong, why in (
        ("nobody", "no e-mail address"),
        ("maria@customer.test", "already"),
        ("erik@customer.test", "belongs to “Erik”"),
    ):
        with pytest.raises(Invalid, match=why) as refusal:
            contact_merging.add_address(db, bo, maria, wrong, now=NOON)
        assert refusal.value.field == "address"
    with pytest.raises(Invalid, match="stays"):
        contact_merging.remove_address(db, bo, maria, now=NOON)


@pytest.mark.feature("CX15")
def test_two_contacts_become_one_and_two_again(db, bo, maria):
    erik = person(db, "e@home.test", "M. H.")
    theirs = conversation(db, erik)
    contact_edits.edit(db, bo, maria, {"note": "One"}, now=NOON)
    one = {"name": "Number", "kind": "number", "value": "7"}
    facts = {"note": "Two", "phone": "12345", "properties": [one]}
    contact_edits.edit(db, bo, erik, facts, now=NOON)
    contact_edits.mark_vip(db, bo, erik, now=NOON)
    before = contacts.by_id(db, bo, maria), contacts.by_id(db, bo, erik)

    contact_merging.merge(db, bo, erik, maria, now=NOON)
    whole = contacts.by_id(db, bo, erik)
    assert (whole.id, whole.name, whole.note) == (maria, "Maria Holm", "One\n\nTwo")
    assert (whole.phone, whole.is_vip, whole.properties[0].value) == ("12345", True, "7")
    assert contacts.of_conversation(db, bo, theirs).contact == whole
    assert urgency(db, INVOICE) == (True, True)
    assert {p.id for p in contact_history.of(db, bo, whole).own} == {INVOICE, theirs}

    take_back(db, bo, contact_merging.unmerge, erik)
    after = contacts.by_id(db, bo, maria), contacts.by_id(db, bo, erik)
    assert [plainly(c) for c in after] == [plainly(c) for c in before]
    assert urgency(db, INVOICE) == (False, False)
    assert urgency(db, theirs) == (True, True)
    assert told(db, "contact_unmerged")[1] == SUPPORT


def plainly(contact):
    names = ("id", "name", "addresses", "is_vip", "phone", "note", "company", "properties")
    return {name: getattr(contact, name) for name in names}


def test_a_chain_of_merges_comes_apart_link_by_link(db, bo, maria):
    a, b = person(db, "a@x.test", "A"), person(db, "b@x.test", "B")
    contact_merging.merge(db, bo, a, b, now=NOON)
    contact_merging.merge(db, bo, b, maria, now=NOON)
    assert contacts.by_id(db, bo, a).id == maria

    contact_merging.unmerge(db, bo, b, now=NOON)
    assert contacts.by_id(db, bo, a).id == b
    assert contacts.by_id(db, bo, maria).ids == [maria]

    contact_merging.unmerge(db, bo, a, now=NOON)
    assert contacts.by_id(db, bo, a).ids == [a]


def test_what_was_written_after_a_merge_stays_when_they_are_parted(db, bo, maria):
    erik = person(db, "e@home.test", "E")
    contact_merging.merge(db, bo, erik, maria, now=NOON)
    contact_edits.edit(db, bo, maria, {"note": "Since then"}, now=NOON)
    contact_merging.unmerge(db, bo, erik, now=NOON)

    assert contacts.by_id(db, bo, maria).note == "Since then"


def test_what_cannot_be_merged(db, bo, maria):
    elsewhere = person(db, "x@x.test", mailbox_id=SALES)
    for one, into, why in ((maria, maria, "already"), (maria, 999, "no contact")):
        with pytest.raises((Invalid, NotFound), match=why):
            contact_merging.merge(db, bo, one, into, now=NOON)
    with pytest.raises(NotFound):
        contact_merging.merge(db, bo, maria, elsewhere, now=NOON)
    with pytest.raises(Invalid, match="not merged"):
        contact_merging.unmerge(db, bo, maria, now=NOON)


@pytest.mark.feature("CX02")
def test_a_conversation_is_taken_from_its_contact_and_given_back(db, bo, maria):
    contact_edits.mark_vip(db, bo, maria, now=NOON)
    was = contact_links.unlink(db, bo, INVOICE, now=NOON)
    since = db.changes[-1].event_id

    assert was == maria
    linked = contacts.of_conversation(db, bo, INVOICE)
    assert (linked.contact, linked.address) == (None, "maria@customer.test")
    assert urgency(db, INVOICE) == (False, False)
    assert told(db, "contact_unlinked")[:2] == (INVOICE, SUPPORT)

    undo.take_back(db, bo, contact_links.link, INVOICE, was, since=since, now=LATER)
    assert contacts.of_conversation(db, bo, INVOICE).contact.id == maria
    assert urgency(db, INVOICE) == (True, True)


@pytest.mark.feature("CX02")
def test_a_conversation_is_given_to_another_contact(db, bo, maria):
    erik = person(db, "erik@firm.test", "Erik")
    was = contact_links.link(db, bo, INVOICE, erik, now=NOON)
    found = conversations.by_id(db, bo, INVOICE)

    assert was == maria
    assert (found.contact_name, found.contact_address) == ("Erik", "erik@firm.test")
    with pytest.raises(NotFound):
        contact_links.link(db, bo, INVOICE, person(db, "s@s.test", mailbox_id=SALES), now=NOON)

    contact_links.unlink(db, bo, INVOICE, now=NOON)
    assert conversations.by_id(db, bo, INVOICE).contact_name == "Maria Holm"


@pytest.mark.feature("CX03", "CX04")
def test_other_conversations_open_first_and_newest_and_those_of_the_company(db, bo, maria):
    old = conversation(db, maria, minutes=-9, status="closed", waiting_since=None)
    new = conversation(db, maria, minutes=9, status="closed", waiting_since=None)
    conversation(db, maria, spam_at=NOON)
    conversation(db, maria, trashed_at=NOON)
    conversation(db, maria, merged_into=INVOICE)
    lena = conversation(db, person(db, "lena@customer.test", "Lena"))
    typed = person(db, "lena@gmail.com", "Lena at home")
    contact_edits.edit(db, bo, typed, {"company": "customer.test"}, now=NOON)
    home = conversation(db, typed, minutes=5)
    found = contact_history.of(db, bo, contacts.by_id(db, bo, maria))

    assert [p.id for p in found.own] == [INVOICE, new, old]
    assert [p.id for p in found.company] == [home, lena]
    assert found.elsewhere == () and not found.is_cut
    # Looked at from the other side it is the same company.
    theirs = contact_history.of(db, bo, contacts.by_id(db, bo, typed))
    assert {p.id for p in theirs.company} == {INVOICE, new, old, lena}


@pytest.mark.feature("CX03")
def test_other_mailboxes_are_shown_to_those_who_read_them_alone(db, bo, eve, maria):
    other = person(db, "maria@customer.test", "Maria Holm", mailbox_id=SALES)
    db._cursor.execute(
        "update conversations set contact_id = $c where id = $q", {"c": other, "q": QUOTE}
    )
    found = contacts.by_id(db, bo, maria)
    assert contact_history.of(db, bo, found).elsewhere == ()
    db._cursor.execute(
        "insert into memberships values ($m, $a, 'reader', 'as')", {"m": SALES, "a": BO}
    )
    assert [p.id for p in contact_history.of(db, agents.by_id(db, BO), found).elsewhere] == [QUOTE]
    with pytest.raises(NotFound):
        contact_history.of(db, eve, found)
    with pytest.raises(NotFound):
        contacts.of_conversation(db, eve, INVOICE)


@pytest.mark.feature("CX04")
def test_free_mail_is_no_company_and_a_domain_can_be_named(db, bo, maria):
    assert contacts.by_id(db, bo, maria).works_at.name == "customer.test"
    gmail = person(db, "x@gmail.com")
    assert contacts.by_id(db, bo, gmail).works_at is None

    contact_edits.edit(db, bo, maria, {"company_name": "Customer AB"}, now=NOON)
    assert contacts.by_id(db, bo, maria).works_at.name == "Customer AB"
    lena = person(db, "lena@customer.test")
    assert contacts.by_id(db, bo, lena).works_at.name == "Customer AB"
    contact_edits.edit(db, bo, gmail, {"company": "customer ab"}, now=NOON)
    assert contacts.by_id(db, bo, gmail).works_at.domain == "customer.test"
    assert told(db, "company_named")[1] == SUPPORT

    contact_edits.edit(db, bo, maria, {"company_name": "New AB"}, now=NOON)
    take_back(db, bo, contact_edits.edit, maria, {"company_name": "Customer AB"})
    assert contacts.by_id(db, bo, lena).works_at.name == "Customer AB"
    with pytest.raises(Invalid, match="no company's"):
        companies.rename(db, bo, SUPPORT, "gmail.com", "G", now=NOON)
    companies.rename(db, bo, SUPPORT, "customer.test", "", now=NOON)
    assert contacts.by_id(db, bo, lena).works_at.name == "customer.test"


@pytest.mark.feature("CX04")
def test_the_company_of_a_contact_is_set_and_cleared(db, bo, maria):
    for typed, name, kept in (
        ("Other AB", "Other AB", "Other AB"),
        ("", None, ""),
        ("customer.test", "customer.test", None),
        (None, "customer.test", None),
    ):
        contact_edits.edit(db, bo, maria, {"company": typed}, now=NOON)
        found = contacts.by_id(db, bo, maria)
        assert (found.works_at and found.works_at.name, found.company) == (name, kept)


@pytest.mark.parametrize(
    "domain, is_free",
    [
        ("gmail.com", True),
        ("yahoo.co.uk", True),
        ("live.se", True),
        ("hotmail.com.br", True),
        ("telia.com", True),
        ("web.de", True),
        ("live.acme.com", False),
        ("gmail.acme.se", False),
        ("mygmail.com", False),
        ("customer.test", False),
    ],
)
def test_free_mail_domains(domain, is_free):
    assert companies.is_free_mail(domain) is is_free


@pytest.mark.feature("CX15")
def test_contacts_are_found_by_name_address_and_company_a_page_at_a_time(db, bo, maria):
    for n in range(7):
        person(db, f"p{n}@firm.test", f"Person {n}")
    companies.rename(db, bo, SUPPORT, "firm.test", "Åkeri AB", now=NOON)
    contact_merging.add_address(db, bo, maria, "mh@home.test", now=NOON)
    conversation(db, maria)

    def listed(words, **options):
        rows, found = contact_book.listed(db, bo, words, **options)
        return [row.name for row in rows], found

    assert listed("maria") == listed("mh@home") == (["Maria Holm"], 1)
    assert listed("åkeri PERSON 3") == (["Person 3"], 1)
    assert listed("nobody") == ([], 0)
    names, found = listed("", limit=3, skipped=6)
    assert (len(names), found) == (2, 8)
    assert contact_book.listed(db, bo, "maria")[0][0].open_count == 2
    assert listed("", only_vips=True) == ([], 0)
    assert listed("", mailbox_id=SALES) == ([], 0)
    assert [s.name for s in contact_book.suggested(db, bo, SUPPORT, "Person 1")] == ["Person 1"]


@pytest.mark.feature("CX15")
def test_a_table_holds_no_formula(db, ada, bo, maria):
    one = {"name": "N", "kind": "text", "value": "v"}
    contact_edits.edit(
        db, bo, maria, {"name": "=HYPERLINK(1)", "note": "\t+1", "properties": [one]}, now=NOON
    )
    person(db, '@sum(a)"b@x.test', "-2+3")
    table = contact_book.export(db, ada, SUPPORT, now=NOON)

    cells = [cell for line in table.splitlines()[1:] for cell in line.split(",")]
    assert "'=HYPERLINK(1)" in cells and "'+1" in cells and "'-2+3" in cells
    assert not [c for c in cells if c.lstrip('"')[:1] in {*"=+-@"}]
    assert json.loads(told(db, "contacts_exported")[3]) == {"addresses": 2}
    with pytest.raises(NotAllowed):
        contact_book.export(db, bo, SUPPORT, now=NOON)


def test_a_contact_of_another_mailbox_is_not_there(db, bo, cy, maria):
    elsewhere = person(db, "x@x.test", mailbox_id=SALES)
    with pytest.raises(NotFound):
        contacts.by_id(db, bo, elsewhere)
    with pytest.raises(NotAllowed):
        contact_edits.mark_vip(db, cy, maria, now=NOON)
