import time
from dataclasses import replace

import pytest

from inbox import contact_edits, contact_links, effects, placeholders, templates
from inbox.effects import Effects
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.templates import Written
from tests.conftest import NOON
from tests.furniture import BO, CY, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox import post

THANKS = Written(name="Thanks", body="Hello {{contact.first_name|there}}", folder="Polite")
HOSTILE = "<img src=x onerror=alert(1)> \u202e {{ {{x}} }} 👨‍👩‍👧 مرحبا"


def names(db, viewer):
    return [t.name for t in templates.of_viewer(db, viewer)]


def written(db, ada, body, **more):
    given = Written(name="T", body=body, **more)
    return templates.create(db, ada, given, mailbox_id=SUPPORT, now=NOON)


@pytest.mark.feature("CR07", "CR09")
def test_a_manager_writes_them_for_a_mailbox_and_its_members_use_them(db, ada, bo, cy, eve):
    number = templates.create(db, ada, THANKS, mailbox_id=SUPPORT, now=NOON)

    assert db.changes[-1].kind == "template_created"
    assert names(db, bo) == names(db, cy) == ["Thanks"]
    assert names(db, eve) == []
    assert [t.id for t in templates.offered(db, bo, INVOICE)] == [number]
    with pytest.raises(NotAllowed):
        templates.create(db, bo, THANKS, mailbox_id=SUPPORT, now=NOON)
    with pytest.raises(NotFound):
        templates.create(db, ada, THANKS, mailbox_id=SALES, now=NOON)
    with pytest.raises(NotFound):
        templates.use(db, eve, QUOTE, number, now=NOON)


@pytest.mark.feature("CR09")
def test_those_for_all_mailboxes_are_an_admins(home, db, ada, bo, eve):
    number = templates.create(db, ada, THANKS, now=NOON)

    assert names(db, eve) == ["Thanks"]
    assert not templates.of_viewer(db, eve)[0].may_change
    with pytest.raises(NotAllowed):
        templates.change(db, eve, number, THANKS, now=NOON)
    with pytest.raises(NotAllowed):
        templates.remove(db, bo, number, now=NOON)
    assert templates.use(db, eve, QUOTE, number, now=NOON).text == "Hello Maria"


def test_they_are_changed_and_deleted_and_the_diary_tells(db, ada):
    number = templates.create(db, ada, THANKS, mailbox_id=SUPPORT, now=NOON)
    templates.change(db, ada, number, THANKS, now=NOON)
    templates.change(db, ada, number, replace(THANKS, name="Gracias", folder=""), now=NOON)

    (found,) = templates.of_viewer(db, ada)
    assert (found.name, found.folder, templates.folders([found])) == ("Gracias", "", [])
    templates.remove(db, ada, number, now=NOON)
    assert names(db, ada) == []
    with pytest.raises(NotFound):
        templates.use(db, ada, INVOICE, number, now=NOON)
    assert [c.kind for c in db.changes] == [
        "template_created",
        "template_changed",
        "template_removed",
    ]


@pytest.mark.feature("CR07")
def test_a_use_is_counted_and_the_most_used_stand_first(db, ada, bo):
    rare = templates.create(db, ada, replace(THANKS, name="A"), mailbox_id=SUPPORT, now=NOON)
    often = templates.create(db, ada, replace(THANKS, name="B"), mailbox_id=SUPPORT, now=NOON)
    for number in (often, often, rare):
        templates.use(db, bo, INVOICE, number, now=NOON)

    found = templates.offered(db, bo, INVOICE)
    assert [(t.name, t.uses, t.used_at) for t in found] == [("B", 2, NOON), ("A", 1, NOON)]
    assert db.changes[-1].kind == "template_used"
    assert db.changes[-1].conversation_id == INVOICE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " \n "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"folder": "x" * 81}, "name"),
        ({"body": " \0 "}, "body"),
        ({"body": "x" * 50_001}, "body"),
        ({"body": "Hello {{contact.frist_name}}"}, "body"),
        ({"effects": Effects(tag="x" * 41)}, "name"),
        ({"effects": Effects(assign=str(CY))}, "assign"),
    ],
)
def test_what_cannot_be_a_template_is_refused(db, ada, given, field):
    with pytest.raises(Invalid) as refused:
        templates.create(db, ada, replace(THANKS, **given), mailbox_id=SUPPORT, now=NOON)
    assert refused.value.field == field


def test_there_is_an_end_to_templates(db, ada, monkeypatch):
    monkeypatch.setattr(templates, "MOST", 1)
    templates.create(db, ada, THANKS, mailbox_id=SUPPORT, now=NOON)

    with pytest.raises(Invalid, match="Delete one first"):
        templates.create(db, ada, THANKS, mailbox_id=SUPPORT, now=NOON)


def test_one_for_all_mailboxes_names_nobody(db, ada):
    with pytest.raises(Invalid):
        given = replace(THANKS, effects=Effects(assign=str(BO)))
        templates.create(db, ada, given, now=NOON)


@pytest.mark.feature("CR08")
def test_every_placeholder_has_a_value_for_a_known_contact(db, ada, bo):
    contact = contact_links.link_writer(db, bo, INVOICE, now=NOON)
    contact_edits.edit(db, bo, contact, {"name": "Holm, Maria"}, now=NOON)
    asked = "\n".join(f"{name}={{{{{name}}}}}" for name in placeholders.NAMES)
    number = written(db, ada, asked)

    filled = templates.use(db, bo, INVOICE, number, now=NOON)

    told = dict(line.split("=", 1) for line in filled.text.splitlines())
    assert told == {
        "contact.name": "Holm, Maria",
        "contact.first_name": "Maria",
        "contact.address": "maria@customer.test",
        "contact.company": "customer.test",
        "conversation.number": str(INVOICE),
        "conversation.subject": "Invoice 12",
        "agent.name": "Bo Ek",
        "agent.first_name": "Bo",
        "agent.address": "bo@example.com",
        "mailbox.name": "Support",
        "mailbox.address": "support@example.com",
    }
    assert filled.unresolved == ()


@pytest.mark.feature("CR08")
def test_an_address_greets_nobody(home, db, ada):
    db._cursor.execute("update conversations set contact_name = contact_address")
    number = written(db, ada, "Hello {{contact.first_name|there}}, {{contact.name}}.")

    filled = templates.use(db, ada, INVOICE, number, now=NOON)
    assert filled.text == "Hello there, {{contact.name}}."
    assert filled.unresolved == ("{{contact.name}}",)


VALUES = {"contact.name": "Maria", "contact.company": ""}


@pytest.mark.feature("CR08")
@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{contact.name}}", "Maria"),
        ("{{ Contact.Name }}", "Maria"),
        ("{{contact.name|you}}", "Maria"),
        ("{{contact.company|your company}}", "your company"),
        ("{{contact.company|}}!", "!"),
        ("{{contact.company}}", "{{contact.company}}"),
        ("{{nobody.knows}}", "{{nobody.knows}}"),
        ("{{nobody.knows|x}}", "x"),
        ("{{contact.__class__}}", "{{contact.__class__}}"),
        ("{{}}", "{{}}"),
        ("{{ {{contact.name}} }}", "{{ Maria }}"),
        ("{contact.name} {{contact.name", "{contact.name} {{contact.name"),
        ("{{contact\n.name}}", "{{contact\n.name}}"),
        ("{{contact.company|a|b}}", "a|b"),
    ],
)
def test_filling_in(text, filled):
    assert placeholders.fill(text, VALUES) == filled


@pytest.mark.feature("CR08")
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("{{agent.name}}", "{agent.name}"),
        ("{{{{agent.name}}}}", "{agent.name}"),
        ("Maria\r\nHolm\u2028x", "Maria Holm x"),
        ("[you](http://evil.test)", "[you] (http://evil.test)"),
        ("\\1\\g<0>", "\\1\\g<0>"),
    ],
)
def test_a_value_is_one_harmless_line_and_is_not_filled_in_again(value, shown):
    values = {"contact.name": value, "agent.name": "SECRET"}
    filled = placeholders.fill("{{contact.name}}", values)
    assert filled == shown
    assert placeholders.unresolved(filled) == []


def test_filling_in_is_linear():
    def took(n, text):
        began = time.perf_counter()
        placeholders.fill(text * n, VALUES)
        placeholders.unresolved(text * n)
        return time.perf_counter() - began

    assert placeholders.fill("{{contact.name}}" * 1_000, VALUES) == "Maria" * 1_000
    for text in ("{{contact.name}} ", "{{", "{{x" * 9, "{{" + "x" * 250):
        took(2_000, text)
        assert min(took(20_000, text) for _ in range(3)) < 1, text


@pytest.mark.feature("CR08")
@pytest.mark.parametrize("where", ["body", "subject"])
def test_a_reply_with_an_unfilled_placeholder_does_not_leave(home, ada, where):
    post.connect(home)
    draft = post.written(home, ada, **{where: "Hello {{contact.company}} {{x}} {{x}}"})

    with pytest.raises(Invalid, match=r"\{\{contact.company\}\}, \{\{x\}\} is not") as refused:
        post.send(home, ada, draft)
    assert refused.value.field == where
    assert post.one(home, "select count(*) from outbox") == (0,)


def test_many_unfilled_ones_are_not_all_named():
    with pytest.raises(Invalid) as refused:
        placeholders.must_be_filled("".join(f"{{{{p{n}}}}}" for n in range(1_000)), "body")
    assert len(str(refused.value)) < 200


def test_hostile_names_and_texts_are_kept_as_they_are(db, ada):
    body = HOSTILE.replace("{{x}}", "{{contact.name}}").replace("{{ ", "{ {")
    given = Written(name=HOSTILE + "\n\x07 x", body=body, folder="\u202e<b>")
    number = templates.create(db, ada, given, mailbox_id=SUPPORT, now=NOON)

    (found,) = templates.of_viewer(db, ada)
    assert found.name == f"{HOSTILE} x" and found.folder == "\u202e<b>"
    assert "Maria Holm" in templates.use(db, ada, INVOICE, number, now=NOON).text


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"tag": 1},
        {"assign": "x"},
        {"assign": 1},
        {"assign": "1" * 19},
        {"assign": "١"},
        {"closes": "yes"},
        {"tag": "x" * 201},
    ],
)
def test_effects_that_cannot_be_read_are_refused(said):
    with pytest.raises(Invalid):
        effects.read(said)


def test_effects_of_a_page_are_taken():
    said = {"tag": "a\ud83d", "assign": "2", "closes": True, "more": 1}
    assert effects.read(said) == Effects(tag="a?", assign="2", closes=True)
    assert not effects.read({})


@pytest.mark.parametrize("does", [Effects(assign=str(CY)), Effects(tag="x" * 50)])
def test_an_effect_that_cannot_be_is_refused_at_send(home, ada, does):
    post.connect(home)
    with pytest.raises(Invalid):
        post.send(home, ada, post.written(home, ada, does=does))
    assert post.one(home, "select count(*) from outbox") == (0,)
