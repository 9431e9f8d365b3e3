"""Who may do what: every question, verb and route × role. A new one without an entry fails.

An entry is one line: who may, then the arguments after (db, agent); `now` is added where the
function takes it, and an argument that is a function of a `Scene` is made when it is needed.
Roles that are not named must be refused with NotAllowed or NotFound, and leave nothing behind.
No answer, whoever asks, may hold a word from a mailbox he may not read.
"""

import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

import inbox
from inbox import (
    agents,
    blocking,
    bulk,
    cards,
    contact_edits,
    contact_links,
    contact_merging,
    contacts,
    conversations,
    drafts,
    merging,
    messages,
    moving,
    new_mail,
    notes,
    outbox,
    pictures,
    pilots,
    putting_away,
    reviews,
    saved_views,
    sessions,
    splitting,
    stops,
    tags,
    templates,
)
from inbox.agents import Agent
from inbox.chosen import Choice
from inbox.errors import NotAllowed, NotFound
from inbox.house import House, open_up
from inbox.insight import Asked
from inbox.messages import Recipients
from inbox.pilot_plans import Plan, Rule
from inbox.settings import Settings
from inbox.store import Session
from inbox.workload import Grid, Moment
from tests import furniture
from tests.conftest import NOON
from tests.furniture import ADA, BO, CY, EVE, INVOICE, SALES, SUPPORT
from tests.web.conftest import serve
from web import doors, gate

ROLES = ("admin", "manager", "agent", "reader", "stranger", "other")
EVERYONE = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
READ = frozenset({"manager", "agent", "reader"})
REPLY = frozenset({"manager", "agent"})
CONFIGURE = frozenset({"manager"})
ERASE = frozenset({"manager"})
HOUSE = frozenset({"admin"})
AUTHOR = frozenset({"agent"})
SECRET_WORDS = {SUPPORT: "aardvark", SALES: "bandicoot"}
PEOPLE = {"admin": 5, "manager": ADA, "agent": BO, "reader": CY, "stranger": 6, "other": EVE}


@dataclass
class Scene:
    """A house in which every role is somebody, and the agent has begun a reply."""

    house: House
    db: Session

    @property
    def draft(self) -> drafts.Draft:
        return drafts.own(self.db, self.who("agent"), 1)

    def queue(self, state: str) -> int:
        """The agent's reply, sent and in this state; answer its outbox id."""
        queued = outbox.send(
            self.db,
            self.who("agent"),
            1,
            self.draft.revision,
            keys=self.house.keys,
            raw=self.house.raw,
            files=self.house.files,
            settings=self.house.settings,
            now=NOON,
        )
        self.db._cursor.execute("update outbox set state = $state", {"state": state})
        self.db._cursor.execute("update outbox_recipients set state = 'refused'")
        self.db.changes.clear()
        return queued.outbox_id

    def who(self, role: str) -> Agent:
        found = agents.by_id(self.db, PEOPLE[role])
        assert found
        return found


def files(scene):
    return scene.house.files


def with_trouble(scene):
    scene.queue("failed")
    return INVOICE


def keys(scene):
    return scene.house.keys


def raw(scene):
    return scene.house.raw


def settings(scene):
    return scene.house.settings


def queued(scene):
    return scene.queue("queued")


def waiting(scene):
    outbox_id = scene.queue("queued")
    scene.db._cursor.execute("update outbox set attempts = 1, due_at = due_at + interval 1 hour")
    return outbox_id


def shared(scene):
    """The agent's draft, for colleagues to look at."""
    reviews.ask(scene.db, scene.who("agent"), 1, now=NOON)
    scene.db.changes.clear()
    return 1


def planned(scene):
    outbox_id = scene.queue("queued")
    scene.db._cursor.execute("update outbox set planned_at = due_at")
    return outbox_id


def failed(scene):
    return scene.queue("failed")


def uncertain(scene):
    return scene.queue("uncertain")


def unreadable(scene):
    scene.db._cursor.execute("update messages set is_readable = false where id = 1")
    scene.db._cursor.execute(
        "update raw_messages set state = 'unreadable', message_id = 1 where mailbox_id = 1"
    )
    return 1


def hidden(scene):
    scene.db._cursor.execute("update messages set hidden_by = 2, hidden_at = now() where id = 1")
    return 1


def restricted(scene):
    """By the agent; the manager may lift it as well."""
    scene.db._cursor.execute("update attachments set restricted_by = 2 where id = 1")
    return 1


def wished(scene):
    return {"mention": frozenset({"mail"})}


def absence(scene):
    """The agent is out of office today; the absence's id."""
    return scene.db._cursor.execute(
        "insert into absences (agent_id, starts_at, ends_at, gives_back) "
        "values ($agent_id, $now, $now + interval 1 day, false) returning id",
        {"agent_id": PEOPLE["agent"], "now": NOON},
    ).fetchone()[0]


def card(scene):
    """A card of Boards; its id."""
    found = cards.save(scene.db, scene.who("admin"), "Mine", "Mine.", "select 1", now=NOON)
    scene.db.changes.clear()
    return found


def removed_card(scene):
    found = card(scene)
    cards.remove(scene.db, scene.who("admin"), found, now=NOON)
    scene.db.changes.clear()
    return found


def another(scene):
    """One more conversation of the same mailbox; its id."""
    scene.db._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "select mailbox_id, contact_name, contact_address, subject, snippet, status, created_at, "
        "last_message_at, 0, 0, true from conversations where id = $id",
        {"id": INVOICE},
    )
    return scene.db._cursor.execute("select max(id) from conversations").fetchone()[0]


def begun_mail(scene):
    """The agent's new mail, not sent; the id of its draft."""
    return new_mail.begin(scene.db, scene.who("agent"), SUPPORT, now=NOON).id


def a_plan(_scene, weeks=4):
    return Plan(
        mailboxes=(SUPPORT,),
        rule=Rule(metric="first_response", target=0.3, margin=0.05),
        starts_on=NOON.date() + timedelta(days=2),
        weeks=weeks,
        weeks_before=8,
        time_zone="UTC",
    )


def other_plan(scene):
    return a_plan(scene, weeks=5)


def a_pilot(scene, now=NOON):
    plan = replace(a_plan(scene), starts_on=now.date() + timedelta(days=2))
    number = pilots.plan(scene.db, scene.who("manager"), plan, now=now)
    scene.db.changes.clear()
    return number


def begun_pilot(scene):
    return a_pilot(scene, now=NOON - timedelta(days=7))


def whole_pilot(scene):
    begun_pilot(scene)
    return pilots.of_viewer(scene.db, scene.who("manager"))[0]


def with_a_stop(scene):
    """The agent's reply was stopped; since when that is told."""
    stops.refused(scene.db, scene.who("agent"), scene.draft, (1,), now=NOON)
    scene.db.changes.clear()
    return NOON


def a_pair(scene):
    """Two answers to Maria by two people; the first one's number."""
    for number, by in ((901, ADA), (902, BO)):
        scene.db._cursor.execute(
            "insert into messages by name select * replace ($id as id, 'out' as direction, "
            "'app' as via, $by as agent_id, sent_at + to_seconds($id - 900) as sent_at, "
            '\'{"to": [["", "maria@customer.test"]]}\' as recipients) '
            "from messages where id = 1",
            {"id": number, "by": by},
        )
        scene.db._cursor.execute(
            "insert into bodies values ($id, 1, 'x', null, 'x')", {"id": number}
        )
    return 901


def of_the_pair(scene):
    return 902


def merged(scene):
    number = another(scene)
    merging.merge(scene.db, scene.who("agent"), number, INVOICE, now=NOON)
    scene.db.changes.clear()
    return number


def into_sales(scene):
    """The manager may handle conversations there too."""
    scene.db._cursor.execute(
        "insert into memberships values ($mailbox_id, $agent_id, 'agent', 'as')",
        {"mailbox_id": SALES, "agent_id": PEOPLE["manager"]},
    )
    return SALES


def moved(scene):
    sales = into_sales(scene)
    moving.move(scene.db, scene.who("manager"), INVOICE, sales, now=NOON)
    scene.db.changes.clear()
    return INVOICE


def a_second_mail(scene):
    """One more mail in Maria's conversation; its id."""
    (number,) = messages.reserve(scene.db, 1)
    new = messages.NewMessage(
        id=number,
        conversation_id=INVOICE,
        mailbox_id=SUPPORT,
        direction="in",
        via="imap",
        sent_at=NOON,
        received_at=NOON,
        from_name="Maria Holm",
        from_address="maria@customer.test",
        subject=SECRET_WORDS[SUPPORT],
        thread_reason="reference",
        body_text=SECRET_WORDS[SUPPORT],
        reply_text=SECRET_WORDS[SUPPORT],
    )
    messages.add_all(scene.db, [new])
    return number


def a_question(scene):
    role = notes.Role(asks=True)
    number = notes.add(scene.db, scene.who("manager"), INVOICE, "who?", role=role, now=NOON)
    scene.db.changes.clear()
    return number


def split_off(scene):
    second = a_second_mail(scene)
    number = splitting.split(scene.db, scene.who("agent"), INVOICE, second, alone=True, now=NOON)
    scene.db.changes.clear()
    return number


def known(scene):
    """The contact of Maria's conversation; its id."""
    number = contact_links.link_writer(scene.db, scene.who("agent"), INVOICE, now=NOON)
    contact_edits.edit(
        scene.db, scene.who("agent"), number, {"note": SECRET_WORDS[SUPPORT]}, now=NOON
    )
    scene.db.changes.clear()
    return number


def other_contact(scene):
    people = {"other@customer.test": "Other"}
    (number,) = contacts.known_as(scene.db, SUPPORT, people, now=NOON).values()
    return number


def added(scene):
    """One more address of that contact; the id of its row."""
    row = contact_merging.add_address(
        scene.db, scene.who("agent"), known(scene), "m@customer.test", now=NOON
    )
    scene.db.changes.clear()
    return row


def merged_contact(scene):
    number = other_contact(scene)
    contact_merging.merge(scene.db, scene.who("agent"), number, known(scene), now=NOON)
    scene.db.changes.clear()
    return number


def whole_contact(scene):
    return contacts.by_id(scene.db, scene.who("agent"), known(scene))


def last_act(scene):
    """What `since` is after the last thing that was done to that contact."""
    found = whole_contact(scene)
    return found.event_id


def blocked(scene):
    blocking.block(scene.db, scene.who("agent"), INVOICE, now=NOON)
    scene.db.changes.clear()
    return scene.db._cursor.execute("select max(id) from blocked_senders").fetchone()[0]


def trashed(scene):
    """In the trash, and nothing of it on its way."""
    putting_away.trash(scene.db, scene.who("agent"), INVOICE, now=NOON)
    scene.db.changes.clear()
    return INVOICE


def a_tag(scene, name="x"):
    tags.add(scene.db, scene.who("agent"), INVOICE, name, now=NOON)
    scene.db.changes.clear()
    return scene.db._cursor.execute("select max(id) from tags").fetchone()[0]


def another_tag(scene):
    return a_tag(scene, "z")


def closed_at_once(scene):
    done = bulk.close(scene.db, scene.who("agent"), INVOICES, now=NOON)
    scene.db.changes.clear()
    return done.action_id


def teams_view(scene):
    view = saved_views.create(scene.db, scene.who("manager"), "V", {}, mailbox_id=SUPPORT, now=NOON)
    scene.db.changes.clear()
    return view


def a_template(scene):
    written = templates.Written(name="T", body=SECRET_WORDS[SUPPORT])
    found = templates.create(scene.db, scene.who("manager"), written, mailbox_id=SUPPORT, now=NOON)
    scene.db.changes.clear()
    return found


def house_template(scene):
    found = templates.create(scene.db, scene.who("admin"), TEMPLATE, now=NOON)
    scene.db.changes.clear()
    return found


def noted(scene):
    """The agent's text turned into a note; answer its revision."""
    text = {**TEXT, "kind": "note"}
    kept = drafts.save(scene.db, scene.who("agent"), 1, scene.draft.revision, **text, now=NOON)
    return kept.revision


def revision(scene):
    return scene.draft.revision


TEMPLATE = templates.Written(name="x", body="x")
INVOICES = Choice(ids=(INVOICE,))
ELSEWHERE = "https://127.0.0.1/aardvark.png"
PICTURE = pictures.path(INVOICE, ELSEWHERE).rsplit("/", 1)[1]
TEXT = {"body": "x", "recipients": Recipients(), "subject": "x", "kind": "reply"}

ASKED = Asked(since=NOON - timedelta(days=1), until=NOON + timedelta(days=1))
ENTRIES = {
    "agents.colleagues": (READ, SUPPORT),
    "answering.recipients": (READ, INVOICE, INVOICE, {"everybody": True}),
    "blocking.of_mailbox": (CONFIGURE, SUPPORT),
    "blocking.addresses": (READ, SUPPORT),
    "blocking.block": (REPLY, INVOICE),
    "blocking.unblock": (REPLY, INVOICE),
    "blocking.lift": (CONFIGURE, blocked),
    "bulk.close": (REPLY, INVOICES),
    "bulk.assign": (REPLY, INVOICES, BO),
    "bulk.mark_spam": (REPLY, INVOICES),
    "bulk.trash": (REPLY, INVOICES),
    "bulk.restore": (REPLY, INVOICES),
    "bulk.mark_read": (READ, INVOICES),
    "bulk.mark_unread": (READ, INVOICES),
    "bulk.snooze": (REPLY, INVOICES, NOON + timedelta(days=1)),
    "bulk_moves.move": (CONFIGURE, INVOICES, into_sales),
    "bulk_tags.add": (REPLY, INVOICES, "x"),
    "bulk_tags.remove": (REPLY, INVOICES, "x"),
    "bulk_undo.take_back": (AUTHOR, closed_at_once),
    "bounces.of_conversation": (EVERYONE, INVOICE),
    "attachments.download": (READ, 1),
    "attachments.original": (READ, INVOICE),
    "companies.rename": (REPLY, SUPPORT, "customer.test", "Customer AB"),
    "contact_book.listed": (EVERYONE,),
    "contact_book.suggested": (READ, SUPPORT, "maria"),
    "contact_book.export": (CONFIGURE, SUPPORT),
    "contact_edits.edit": (REPLY, known, {"phone": "+46 8 123"}, {}),
    "contact_edits.mark_vip": (REPLY, known),
    "contact_edits.unmark_vip": (REPLY, known),
    "contact_edits.writable": (REPLY, known),
    "contact_edits.take_back": (
        REPLY,
        lambda _scene: contact_edits.mark_vip,
        known,
        {"since": last_act},
    ),
    "contact_history.of": (READ, whole_contact),
    "contact_history.of_nobody": (READ, SUPPORT, INVOICE),
    "contact_links.link": (REPLY, INVOICE, other_contact),
    "contact_links.link_writer": (REPLY, INVOICE),
    "contact_links.unlink": (REPLY, INVOICE),
    "contact_merging.merge": (REPLY, other_contact, known),
    "contact_merging.unmerge": (REPLY, merged_contact),
    "contact_merging.add_address": (REPLY, known, "new@customer.test"),
    "contact_merging.remove_address": (REPLY, added),
    "contacts.by_id": (READ, known),
    "contacts.of_conversation": (READ, INVOICE),
    "attachments.head_of": (READ, INVOICE),
    "attachments.of_message": (READ, INVOICE),
    "attachments.small": (READ, 1),
    "conversations.by_id": (READ, INVOICE),
    "conversations.must": (REPLY, INVOICE, "triage"),
    "conversations.opened": (READ, INVOICE, {"fold": 300}),
    "conversations.claim": (REPLY, INVOICE),
    "conversations.assign": (REPLY, INVOICE, BO),
    "conversations.release": (REPLY, INVOICE),
    "conversations.close": (REPLY, INVOICE),
    "conversations.unclose": (REPLY, INVOICE),
    "conversations.reopen": (REPLY, INVOICE),
    "putting_away.mark_spam": (REPLY, INVOICE),
    "putting_away.trash": (REPLY, INVOICE),
    "putting_away.restore": (REPLY, INVOICE),
    "conversations.dismiss_alert": (REPLY, INVOICE),
    "crosslinks.elsewhere": (READ, INVOICE),
    "drafts.of": (EVERYONE, INVOICE),
    "drafts.all_of": (EVERYONE, INVOICE),
    "drafts.with_shared": (EVERYONE, INVOICE),
    "drafts.own": (AUTHOR, 1),
    "drafts.start": (REPLY, INVOICE, "reply"),
    "drafts.writable": (AUTHOR, 1),
    "drafts.save": (AUTHOR, 1, revision, TEXT),
    "drafts.acknowledge": (AUTHOR, 1, 0),
    "drafts.discard": (AUTHOR, 1),
    "drafts.restore": (AUTHOR, 1),
    "draft_files.attach": (AUTHOR, files, 1, "a.txt", "text/plain", b"a"),
    "draft_files.detach": (AUTHOR, 1, 1),
    "events.of_conversation": (READ, INVOICE),
    "forwarding.begin": (REPLY, INVOICE, [INVOICE], [1], {"files": files}),
    "hiding.hide": (REPLY, INVOICE, INVOICE),
    "hiding.show": (AUTHOR, INVOICE, hidden),
    "follows.follow": (READ, INVOICE),
    "follows.unfollow": (READ, INVOICE),
    "follows.of_conversation": (READ, INVOICE),
    "health.overview": (HOUSE,),
    "health.of_mailboxes": (EVERYONE,),
    "health.alarms": (EVERYONE, settings),
    "invitations.invite": (HOUSE, "new@example.com", "New"),
    "invitations.renew": (HOUSE, CY),
    "leases.seen": (EVERYONE, 1),
    "leases.told": (EVERYONE,),
    "filters.choices": (EVERYONE,),
    "lists.listed": (EVERYONE, "all"),
    "lists.counts": (EVERYONE,),
    "lists.found": (EVERYONE, "hello"),
    "view_files.found_by": (EVERYONE, "long_wait"),
    "mailboxes.configurable": (EVERYONE,),
    "mailboxes.add": (HOUSE, "new@example.com", {"keys": keys}),
    "mailboxes.change": (HOUSE, SUPPORT),
    "mailboxes.set_secret": (HOUSE, SUPPORT, "x", {"keys": keys}),
    "mailboxes.set_aliases": (HOUSE, SUPPORT, ["help@example.com"]),
    "mailboxes.set_signature": (HOUSE | CONFIGURE, SUPPORT, "x"),
    "mailboxes.rename": (HOUSE | CONFIGURE, SUPPORT, "x"),
    "mailboxes.deactivate": (HOUSE, SUPPORT),
    "mailboxes.reactivate": (HOUSE, SUPPORT),
    "merging.candidates": (READ, INVOICE),
    "merging.merge": (REPLY, another, INVOICE),
    "merging.unmerge": (REPLY, merged),
    # Nobody here may handle conversations in both but the manager, who is let in for it.
    "moving.move": (CONFIGURE, INVOICE, into_sales),
    "moving.unmove": (CONFIGURE, moved),
    "questions.answer": (REPLY, INVOICE, a_question),
    "questions.reopen": (REPLY, INVOICE, a_question),
    "splitting.split": (REPLY, INVOICE, a_second_mail, {"alone": True}),
    "splitting.unsplit": (REPLY, split_off),
    "splitting.place_of": (READ, INVOICE),
    "messages.in_conversation": (READ, INVOICE),
    "new_mail.begin": (REPLY, SUPPORT),
    "new_mail.move": (AUTHOR, begun_mail, SUPPORT),
    "new_mail.unsent": (EVERYONE,),
    "newcomers.confirm": (AUTHOR, 1, ["maria@customer.test"]),
    "newcomers.ours": (READ, SUPPORT),
    "notes.add": (REPLY, INVOICE, "x"),
    "notes.from_draft": (AUTHOR, INVOICE, 1, noted),
    "outbox.send": (
        AUTHOR,
        1,
        revision,
        {"keys": keys, "raw": raw, "files": files, "settings": settings},
    ),
    "outbox.undo": (AUTHOR, queued),
    "posting.preview": (AUTHOR, 1, "x"),
    "pictures.source": (READ, INVOICE, PICTURE),
    "people.everyone": (HOUSE | CONFIGURE,),
    "people.open_count": (HOUSE, BO),
    "people.add": (HOUSE, "new@example.com", "New"),
    "people.set_role": (HOUSE | CONFIGURE, CY, SUPPORT, "agent"),
    "people.remove_from_mailbox": (HOUSE | CONFIGURE, CY, SUPPORT),
    "people.make_admin": (HOUSE, BO),
    "people.unmake_admin": (HOUSE, BO),
    "people.deactivate": (HOUSE, BO),
    "people.reactivate": (HOUSE, BO),
    "people.set_profile": (EVERYONE, "New Name", ""),
    "people.set_preferences": (EVERYONE, "sv", "Europe/Stockholm"),
    "availability.of_team": (READ, SUPPORT),
    "availability.of_teams": (EVERYONE,),
    "availability.own": (EVERYONE,),
    "availability.absences": (EVERYONE,),
    "availability.switch": (EVERYONE, "away"),
    "availability.set_hours": (EVERYONE, ["08:00-17:00"] * 7),
    "availability.add_absence": (EVERYONE, NOON, NOON + timedelta(days=1)),
    "availability.cancel_absence": (AUTHOR, absence),
    "availability.give": (REPLY, INVOICE, ADA),
    "shifts.preview": (
        HOUSE | CONFIGURE,
        "email,starts,ends\nbo@example.com,2026-03-02,2026-03-03",
    ),
    "shifts.take_up": (
        HOUSE | CONFIGURE,
        "email,starts,ends\nbo@example.com,2026-03-02,2026-03-03",
    ),
    "later.cancel": (REPLY, planned),
    "later.send_now": (
        AUTHOR,
        planned,
        {"keys": keys, "raw": raw, "files": files, "settings": settings},
    ),
    "calendars.versions": (HOUSE,),
    "calendars.used_by": (HOUSE,),
    "calendars.save": (
        HOUSE,
        "Office",
        {"time_zone": "UTC", "lines": ["08:00-17:00"] * 7},
    ),
    "mentions.members": (READ, SUPPORT),
    "notifications.unseen": (EVERYONE,),
    "notifications.see": (EVERYONE, INVOICE),
    "notifications.wishes": (EVERYONE,),
    "notifications.set_wishes": (EVERYONE, wished),
    "people.change_password": (EVERYONE, True, "hash", ""),
    "queue.take_next": (EVERYONE,),
    "removal.contents": (ERASE, INVOICE),
    "removal.erase": (ERASE, trashed),
    "repairs.confirm_arrived": (REPLY, uncertain),
    "repairs.send_again": (REPLY, failed),
    "repairs.correct": (REPLY, failed, "maria@customer.test", "m@customer.test", {"raw": raw}),
    "repairs.retry_now": (REPLY, waiting),
    "repairs.cancel": (REPLY, failed),
    "rereading.read_again": (REPLY, unreadable),
    "restricting.restrict": (REPLY, INVOICE, 1),
    "restricting.lift": (REPLY, INVOICE, restricted),
    "saved_views.of_viewer": (EVERYONE,),
    "saved_views.create": (CONFIGURE, "Mine", {}, {"mailbox_id": SUPPORT}),
    "saved_views.rename": (CONFIGURE, teams_view, "New"),
    "saved_views.remove": (CONFIGURE, teams_view),
    "reviews.ask": (AUTHOR, 1),
    "reviews.withdraw": (AUTHOR, shared),
    "reviews.give_back": (CONFIGURE, shared, ""),
    "rescued.seen": (HOUSE,),
    "rescued.shown": (HOUSE,),
    "sessions.of_agent": (HOUSE | AUTHOR, BO),
    "sessions.revoke_others": (EVERYONE, ""),
    "sessions.revoke": (HOUSE | AUTHOR, 1),
    "transcripts.export": (READ, INVOICE, "mails", {"with_notes": True}),
    "search_hits.places": (EVERYONE, [1, 2], re.compile("hello")),
    "insight.first_waits": (EVERYONE, ASKED),
    "insight.still_waiting": (EVERYONE, None, None),
    "insight.behind": (EVERYONE, [INVOICE, 2]),
    "insight.names": (EVERYONE,),
    "present.queue": (EVERYONE,),
    "present.late": (EVERYONE,),
    "present.promises": (EVERYONE,),
    "workload.depth": (EVERYONE, ASKED, Grid(since=ASKED.since, until=ASKED.until, step=3600)),
    "workload.handled": (EVERYONE, ASKED),
    "workload.loads": (EVERYONE, ASKED, {"is_business": True}),
    "workload.shift_ends": (EVERYONE, ASKED),
    "workload.open_then": (EVERYONE, ASKED, Moment(at=NOON)),
    "workload.waiting_then": (EVERYONE, ASKED, NOON),
    "workload.handled_then": (EVERYONE, ASKED),
    "unanswered.listed": (EVERYONE, ASKED),
    "weekly.is_wanted": (EVERYONE,),
    "weekly.set_wanted": (CONFIGURE, True),
    "weekly.numbers": (EVERYONE, NOON, NOON, NOON),
    "asking.rights": (EVERYONE, NOON),
    "cards.of_house": (EVERYONE,),
    "cards.columns": (HOUSE,),
    "cards.save": (HOUSE, "Open", "What is open.", "select 1"),
    "cards.remove": (HOUSE, card),
    "cards.bring_back": (HOUSE, removed_card),
    "past.queue": (EVERYONE, NOON),
    "past.compared": (EVERYONE, NOON),
    "past.begun": (EVERYONE,),
    "past.unassigned": (EVERYONE, NOON),
    "past.load": (EVERYONE, NOON),
    "first_look.told": (EVERYONE, NOON - timedelta(days=28)),
    "first_look.dismiss": (EVERYONE,),
    "pilots.of_viewer": (EVERYONE,),
    "pilots.plan": (HOUSE | CONFIGURE, a_plan),
    "pilots.change": (HOUSE | CONFIGURE, a_pilot, other_plan),
    "pilots.withdraw": (HOUSE | CONFIGURE, a_pilot),
    "pilots.end": (HOUSE | CONFIGURE, begun_pilot),
    "pilot_mail.told": (READ, whole_pilot),
    "targets.of_mailbox": (READ, SUPPORT),
    "targets.set_target": (CONFIGURE, SUPPORT, "first_reply", 3600),
    "targets.set_targets": (CONFIGURE, SUPPORT, lambda _scene: {"first_reply": 3600}),
    "targets.promises": (EVERYONE, {"since": NOON}),
    "resolutions.begun": (EVERYONE, ASKED),
    "resolutions.closed": (EVERYONE, ASKED),
    "promises.told": (EVERYONE, ASKED, [NOON]),
    "promises.pressing": (EVERYONE, None, None),
    "promises.behind": (EVERYONE, ASKED, "first_reply", ["met"]),
    "promises.versions": (EVERYONE,),
    "promises.hours": (EVERYONE,),
    "promises.suggestions": (EVERYONE,),
    "duplicates.pairs": (EVERYONE, ASKED),
    "duplicates.answered": (EVERYONE, ASKED, ASKED),
    "duplicates.intend": (REPLY, INVOICE, a_pair, of_the_pair),
    "duplicates.unintend": (REPLY, INVOICE, a_pair, of_the_pair),
    "stops.listed": (EVERYONE, {"since": with_a_stop}),
    "snoozing.snooze": (REPLY, INVOICE, NOON + timedelta(days=1)),
    "snoozing.wake": (REPLY, INVOICE),
    "tags.of_mailbox": (READ, SUPPORT),
    "tags.offered": (READ, SUPPORT),
    "tags.add": (REPLY, INVOICE, "x"),
    "tags.remove": (REPLY, INVOICE, "x"),
    "tags.rename": (CONFIGURE, a_tag, "y"),
    "tags.retire": (CONFIGURE, a_tag),
    "tags.bring_back": (CONFIGURE, a_tag),
    "tags.merge": (CONFIGURE, a_tag, another_tag),
    "templates.of_viewer": (EVERYONE,),
    "templates.offered": (REPLY, INVOICE),
    "templates.create": (CONFIGURE, TEMPLATE, {"mailbox_id": SUPPORT}),
    "templates.change": (CONFIGURE, a_template, TEMPLATE),
    "templates.remove": (CONFIGURE, a_template),
    "templates.use": (REPLY, INVOICE, a_template),
    "undo.take_back": (REPLY, lambda _scene: conversations.close, INVOICE, {"since": 2**40}),
    "undelivered.of_conversation": (EVERYONE, with_trouble),
    "undelivered.troubles": (EVERYONE,),
}
# They work on a draft or mailbox that a checked verb has fetched, and are called by it alone.
PARTS = {
    "chosen.able",
    "chosen.told",
    "bulk_moves.take_back",
    "bulk_tags.take_back",
    "calling_off.with_conversations",
    "conversations.record",
    "relocating.give",
    "relocating.give_back",
    "relocating.target",
    "contact_edits.record",
    "guard.newer",
    "forwarding.quoted",
    "new_mail.begin_anew",
    "new_mail.send",
    "newcomers.must_be_confirmed",
    "newcomers.of_draft",
    "availability.must_be_here",
    "guard.check",
    "posting.body_of",
    "posting.letter_of",
    "claiming.given_back",
    "effecting.checked",
    "reviews.author_of",
    "claiming.with_answer",
    "stops.refused",
    "narrowing.parameters",
}

TYPED = {"revision": 9, "body": "x", "kind": "reply", "subject": "x"}
# (method, path as the route names it): who may, the path asked for, its body.
ROUTES = {
    ("GET", "/attachment/{number}"): (READ, "/attachment/1"),
    ("GET", "/attachments/{number}"): (READ, "/attachments/1"),
    # A text: who may is told that it is not shown, only handed out.
    ("GET", "/preview/{number}"): (READ, "/preview/1"),
    ("GET", "/thumbnail/{number}"): (READ, "/thumbnail/1"),
    ("GET", "/print/{number}"): (READ, "/print/1?notes=1"),
    ("GET", "/transcript/{number}"): (READ, "/transcript/1?as=mails&notes=1"),
    ("GET", "/original/{number}"): (READ, "/original/1"),
    # An address that the house never calls: who may, is told that it could not be fetched.
    ("GET", "/picture/{message}/{digest}"): (READ, f"/picture/{INVOICE}/{PICTURE}"),
    ("PUT", "/draft/{number}"): (AUTHOR, "/draft/1", {"json": TYPED}),
    ("POST", "/draft/{number}/letter"): (AUTHOR, "/draft/1/letter", {"json": {"body": "x"}}),
    ("POST", "/draft/{number}/attachment"): (
        AUTHOR,
        "/draft/1/attachment",
        {"files": {"file": ("a", b"a")}},
    ),
    ("DELETE", "/draft/{number}/attachment/{attachment}"): (AUTHOR, "/draft/1/attachment/1"),
    ("GET", "/templates/{number}"): (REPLY, f"/templates/{INVOICE}"),
    ("POST", "/templates/{number}/{template}"): (REPLY, f"/templates/{INVOICE}/1"),
    ("GET", "/contacts/{number}.csv"): (CONFIGURE, "/contacts/1.csv"),
    ("GET", "/password"): (EVERYONE, "/password"),
    ("POST", "/password"): (EVERYONE, "/password", {"data": {"old": "x", "password": "x"}}),
}
# Open to strangers on purpose; what they may do there is tested in tests/web.
OPEN = {"/signin", "/signout", "/setup", "/invitation", "/forgot", "/reset", "/healthz", "/metrics"}
# Checked message by message in tests/web/test_live.py.
SOCKETS = {"/live"}


def guarded_functions():
    for module in pkgutil.iter_modules(inbox.__path__):
        if module.name == "__main__":
            continue
        home = importlib.import_module(f"inbox.{module.name}")
        for name, function in vars(home).items():
            if inspect.isfunction(function) and function.__module__ == home.__name__:
                first = list(inspect.signature(function).parameters)[:2]
                if not name.startswith("_") and first in (["db", "viewer"], ["db", "agent"]):
                    yield f"{module.name}.{name}", function


FUNCTIONS = dict(guarded_functions())


class _Undone(Exception):
    pass


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """One house for the whole matrix; every test takes back what it did."""
    folder = tmp_path_factory.mktemp("house")
    house = open_up(Settings(data=folder / "data"), now=NOON)
    furniture.furnish(house, now=NOON)
    with house.store.export() as cursor:
        for name, is_admin in (("Nils Frid", True), ("Sten Berg", False)):
            cursor.execute(
                "insert into agents (email, name, is_admin, is_active, signature, created_at) "
                "values ($name || '@example.com', $name, $is_admin, true, '', $now)",
                {"name": name, "is_admin": is_admin, "now": NOON},
            )
        cursor.execute("update agents set is_admin = false where id = 1")
        cursor.execute("update agents set password_hash = 'x'")
        cursor.execute("update mailboxes set smtp_url = 'smtp://127.0.0.1:2525'")
        for mailbox_id, word in SECRET_WORDS.items():
            place = house.raw.append([(word.encode(), {})])[0]
            plant(cursor, house, mailbox_id, word, place)
    with house.store.write() as db:
        sessions.start(db, BO, "x", settings=house.settings, now=NOON)
        begun = drafts.start(db, agents.by_id(db, BO), INVOICE, "reply", now=NOON)
        text = {**TEXT, "recipients": begun.recipients, "subject": SECRET_WORDS[SUPPORT]}
        drafts.save(db, agents.by_id(db, BO), begun.id, begun.revision, **text, now=NOON)
        ada = agents.by_id(db, ADA)
        templates.create(db, ada, TEMPLATE, mailbox_id=SUPPORT, now=NOON)
    yield house
    house.close()


@pytest.fixture
def scene(standing):
    try:
        with standing.store.write() as db:
            yield Scene(standing, db)
            raise _Undone
    except _Undone:
        return


def plant(cursor, home, mailbox_id, word, place):
    """A word only this mailbox knows, in its mail, and a file with it."""
    given = {"id": mailbox_id, "word": word, "sha": home.files.put(word.encode()), "now": NOON}
    cursor.execute(
        "update conversations set subject = $word, snippet = $word where id = $id",
        {"id": mailbox_id, "word": word},
    )
    cursor.execute(
        "update bodies set body_text = 'hello ' || $word, body_html = $html where message_id = $id",
        {
            "id": mailbox_id,
            "word": word,
            "html": f'<p>{word}</p><img src="{ELSEWHERE}">' if mailbox_id == SUPPORT else None,
        },
    )
    cursor.execute(
        "update messages set raw_sha256 = $sha where id = $id",
        {"id": mailbox_id, "sha": place.sha256},
    )
    cursor.execute(
        "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, segment, "
        "position, size_bytes, head_sha256, fetched_at, state) values "
        "($id, 'INBOX', 1, 1, $sha, $segment, $position, $size, $sha, $now, 'filed')",
        {
            "id": mailbox_id,
            "sha": place.sha256,
            "segment": place.segment,
            "position": place.position,
            "size": place.size_bytes,
            "now": NOON,
        },
    )
    cursor.execute(
        "insert into attachments (message_id, conversation_id, filename, content_type, "
        "size_bytes, sha256, is_inline) values ($id, $id, $word, 'text/plain', 9, $sha, false)",
        {name: given[name] for name in ("id", "word", "sha")},
    )
    cursor.execute(
        "insert into bounces values ($id, $id, $id, null, null, $word, '5.1.1', $word, true, $now)",
        {name: given[name] for name in ("id", "word", "now")},
    )


def test_every_question_and_verb_has_an_entry():
    assert FUNCTIONS.keys() == ENTRIES.keys() | PARTS


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ENTRIES)
def test_only_who_may_can(scene, name, role):
    allowed, *args = ENTRIES[name]
    options = {}
    if args and isinstance(args[-1], dict):
        options = {key: made(value, scene) for key, value in args.pop().items()}
    args = [made(value, scene) for value in args]
    if "now" in inspect.signature(FUNCTIONS[name]).parameters:
        options["now"] = NOON
    who = scene.who(role)

    if role in allowed:
        answer = FUNCTIONS[name](scene.db, who, *args, **options)
        told = str(answer)
        for mailbox_id, word in SECRET_WORDS.items():
            assert mailbox_id in who.readable or word not in told
    else:
        with pytest.raises((NotAllowed, NotFound)) as refusal:
            FUNCTIONS[name](scene.db, who, *args, **options)
        assert not any(word in str(refusal.value) for word in SECRET_WORDS.values())
        assert scene.db.changes == []


def made(value, scene):
    return value(scene) if inspect.isfunction(value) else value


@pytest.mark.parametrize("role", ROLES)
def test_a_shared_draft_is_for_those_who_may_answer(scene, role):
    shared(scene)
    who = scene.who(role)
    asked = [
        lambda: drafts.own(scene.db, who, 1),
        lambda: drafts.save(scene.db, who, 1, scene.draft.revision, **TEXT, now=NOON),
        lambda: drafts.acknowledge(scene.db, who, 1, 0, now=NOON),
    ]
    for question in asked:
        if role in REPLY:
            question()
        else:
            with pytest.raises((NotFound, NotAllowed)):
                question()
    seen = drafts.with_shared(scene.db, who, INVOICE)
    assert bool(seen) == (role in REPLY)


@pytest.mark.parametrize("role", ROLES)
def test_only_an_admin_writes_templates_for_all_mailboxes(scene, role):
    number = house_template(scene)
    who = scene.who(role)
    for verb, *args in (
        (templates.create, TEMPLATE),
        (templates.change, number, templates.Written(name="y", body="y")),
        (templates.remove, number),
    ):
        if role == "admin":
            verb(scene.db, who, *args, now=NOON)
        else:
            with pytest.raises(NotAllowed):
                verb(scene.db, who, *args, now=NOON)


def test_every_route_has_an_entry(home):
    found = set()
    for route in doors.routes(home, None):
        methods = getattr(route, "methods", None)
        if methods is None:
            assert route.path in SOCKETS
        elif route.path not in OPEN:
            found |= {(method, route.path) for method in methods - {"HEAD"}}
    assert found == ROUTES.keys()


@pytest.fixture(scope="module")
def served(standing):
    yield from serve(standing)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_only_who_may_gets_through_the_door(served, route, role):
    allowed, path, *body = ROUTES[route]
    answer = served.browser(PEOPLE[role]).request(route[0], path, **(body[0] if body else {}))

    assert answer.status_code in ({200, 201, 204, 409, 422, 502} if role in allowed else {404})
    mailboxes = {SUPPORT} if role in READ else {SALES} if role == "other" else set()
    for mailbox_id, word in SECRET_WORDS.items():
        assert mailbox_id in mailboxes or word not in answer.text


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_nobody_gets_through_without_a_session(served, route):
    _, path, *body = ROUTES[route]
    answer = served.browser().request(route[0], path, **(body[0] if body else {}))

    assert answer.status_code in (303, 401)


def test_what_the_gate_leaves_open_is_known():
    assert gate.OPEN - {"/favicon.png", "/manifest.json"} == OPEN
    assert gate.OPEN_FOLDER == "/static/"
