"""A random life of a house, acted out through the real verbs and the real filing, and what is
copied from its tables while it goes on: never what the diary tells."""

from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random

from inbox import (
    blocking,
    bulk,
    bulk_undo,
    calendars,
    conversations,
    mailboxes,
    merging,
    moving,
    notes,
    outbox,
    people,
    putting_away,
    removal,
    snoozing,
    splitting,
    turns,
)
from inbox.chosen import Choice
from inbox.errors import InboxError
from tests.conftest import agent
from tests.furniture import ADA, BO, SALES, SUPPORT
from tests.inbox.post import connect, send, written
from tests.ingest.conftest import deliver, mail
from tests.ingest.errands import deliver_due

STATE = (
    "select id, mailbox_id, status = 'open', assignee_id, merged_into is null and spam_at is null "
    "and trashed_at is null and begun_by is null, snoozed_until from conversations"
)
CUSTOMERS = ["maria", "nils", "jo", "kim"]


class Life:
    """One life, drawn from a seed."""

    def __init__(self, home, seed: int, begins: datetime, port: int) -> None:
        self.home = home
        for mailbox_id in (SUPPORT, SALES):
            connect(home, f"smtp://127.0.0.1:{port}", mailbox_id)
        self.chance = Random(seed)
        self.now = begins
        self.mails = 0
        self.known: list[tuple[str, str]] = []
        self.copies: list[tuple[datetime, dict]] = []
        self.done: dict[str, int] = {}
        self.refused: dict[str, int] = {}
        self.last_bulk = ""
        with home.store.export() as cursor:
            cursor.execute("insert into memberships values (2, 1, 'manager', 'as')").fetchall()
            cursor.execute("insert into memberships values (2, 2, 'agent', 'as')").fetchall()
            # What stands in the test house came without a line in the diary.
            for table in ("messages", "bodies", "search_keys", "conversations"):
                cursor.execute(f"delete from {table}").fetchall()

    def live(self, acts: int, counts_every: int = 20) -> None:
        names = [name for name, weight in WEIGHTS.items() for _ in range(weight)]
        for number in range(acts):
            self.now += timedelta(seconds=self.chance.choice([1, 7, 60, 400, 3000, 9000]))
            name = self.chance.choice(names)
            try:
                getattr(self, f"_{name}")()
                self.done[name] = self.done.get(name, 0) + 1
            except InboxError as error:
                self.refused[name] = self.refused.get(name, 0) + 1
                assert str(error)
            self.copy()
            if number % counts_every == counts_every - 1:
                with self.home.store.write() as db:
                    turns.bring_up_to_date(db)

    def copy(self) -> None:
        with self.home.store.export() as cursor:
            rows = cursor.execute(STATE).fetchall()
        self.copies.append((self.now, {row[0]: row[1:] for row in rows}))

    def who(self):
        return agent(self.home.store, self.chance.choice([ADA, BO]))

    def one(self, where: str = "merged_into is null") -> int:
        with self.home.store.export() as cursor:
            rows = cursor.execute(
                f"select id from conversations where {where} order by id desc limit 12"
            ).fetchall()
        if not rows:
            raise Nothing
        return self.chance.choice(rows)[0]

    def act(self, verb, *args, **more):
        with self.home.store.write() as db:
            return verb(db, self.who(), *args, now=self.now, **more)

    def _mail(self, *, sent: bool = False) -> None:
        """A customer's mail or one from the Sent folder, new or in a thread, perhaps long ago."""
        self.mails += 1
        name = f"x{self.mails}@customer.test"
        who = self.chance.choice(CUSTOMERS)
        ago = timedelta(seconds=self.chance.choice([0, 0, 1, 30, 4000, 50_000]))
        more = ""
        if self.known and (sent or self.chance.random() < 0.7):
            thread, other = self.chance.choice(self.known[-14:])
            more = f"In-Reply-To: <{thread}>"
            who = other if self.chance.random() < 0.8 else who
        if self.chance.random() < 0.1:
            more += "\nAuto-Submitted: auto-replied"
        ours, theirs = "Bo Ek <support@example.com>", f"{who} <{who}@customer.test>"
        raw = mail(
            f"Words {self.mails}",
            subject=f"Re: About {self.mails % 5}" if more else f"About {self.mails}",
            sender=ours if sent else theirs,
            to=(f"{who}@customer.test" if self.chance.random() < 0.9 else "other@third.test")
            if sent
            else "support@example.com",
            message_id=name,
            date=format_datetime(self.now - ago),
            more=more,
        )
        deliver(self.home, raw, sent=sent, now=self.now, arrived=self.now)
        self.known.append((name, who))

    def _sent(self) -> None:
        self._mail(sent=True)

    def _reply(self) -> None:
        draft = written(self.home, self.who_of(BO), f"A. {self.mails}", self.one(), now=self.now)
        send(self.home, self.who_of(BO), draft, now=self.now, closes=self.chance.random() < 0.4)
        self.copy()
        self.now += timedelta(seconds=30)
        deliver_due(self.home, now=self.now)
        # The postman counts the time that the server takes.
        self.now += timedelta(seconds=60)

    def _reply_undone(self) -> None:
        bo = self.who_of(BO)
        draft = written(self.home, bo, "No", self.one(), now=self.now)
        queued = send(self.home, bo, draft, now=self.now)
        with self.home.store.write() as db:
            outbox.undo(db, bo, queued.outbox_id, now=self.now)

    def who_of(self, number: int):
        return agent(self.home.store, number)

    def _claim(self) -> None:
        self.act(conversations.claim, self.one())

    def _assign(self) -> None:
        self.act(conversations.assign, self.one(), self.chance.choice([ADA, BO]))

    def _release(self) -> None:
        self.act(conversations.release, self.one("assignee_id is not null"))

    def _close(self) -> None:
        self.act(conversations.close, self.one("status = 'open' and merged_into is null"))

    def _unclose(self) -> None:
        number = self.one("status = 'open' and merged_into is null")
        self.act(conversations.close, number)
        self.copy()
        self.now += timedelta(seconds=9)
        self.act(conversations.unclose, number)

    def _reopen(self) -> None:
        self.act(conversations.reopen, self.one("status = 'closed' and merged_into is null"))

    def _note(self) -> None:
        self.act(notes.add, self.one(), "A note")

    def _spam(self) -> None:
        self.act(putting_away.mark_spam, self.one())

    def _trash(self) -> None:
        self.act(putting_away.trash, self.one())

    def _restore(self) -> None:
        self.act(putting_away.restore, self.one("spam_at is not null or trashed_at is not null"))

    def _block(self) -> None:
        self.act(blocking.block, self.one(), as_spam=True)

    def _unblock(self) -> None:
        self.act(blocking.unblock, self.one("spam_at is not null"), True)

    def _erase(self) -> None:
        number = self.one("trashed_at is not null and merged_into is null")
        with self.home.store.write() as db:
            removal.erase(db, self.who_of(ADA), number, now=self.now)

    def _snooze(self) -> None:
        self.act(snoozing.snooze, self.one(), self.now + timedelta(hours=5))

    def _wake_due(self) -> None:
        with self.home.store.write() as db:
            snoozing.wake_due(db, now=self.now)

    def _merge(self) -> None:
        self.act(merging.merge, self.one(), self.one())

    def _unmerge(self) -> None:
        self.act(merging.unmerge, self.one("merged_into is not null"))

    def _split(self) -> None:
        number = self.one("message_count > 1 and merged_into is null")
        with self.home.store.export() as cursor:
            rows = cursor.execute(
                f"select id from messages where conversation_id = {number}"
            ).fetchall()
        if rows:
            self.act(
                splitting.split,
                number,
                self.chance.choice(rows)[0],
                alone=self.chance.random() < 0.5,
            )

    def _move(self) -> None:
        self.act(moving.move, self.one(), self.chance.choice([SUPPORT, SALES]))

    def _move_and_back(self) -> None:
        number = self.one("mailbox_id = 1 and merged_into is null")
        self.act(moving.move, number, SALES)
        self.copy()
        self.now += timedelta(seconds=5)
        self.act(moving.unmove, number)

    def _bulk(self) -> None:
        kind = self.chance.choice(["close", "assign", "snooze", "mark_spam", "trash", "restore"])
        choice = Choice(ids=tuple({self.one() for _ in range(3)}))
        more = {"assign": [BO], "snooze": [self.now + timedelta(hours=3)]}.get(kind, [])
        me = self.who()
        with self.home.store.write() as db:
            done = getattr(bulk, kind)(db, me, choice, *more, now=self.now)
        if self.chance.random() < 0.5 and done.count:
            self.copy()
            self.now += timedelta(seconds=4)
            with self.home.store.write() as db:
                bulk_undo.take_back(db, me, done.action_id, now=self.now)

    def _leave(self) -> None:
        """Bo leaves, and is back soon after."""
        with self.home.store.write() as db:
            people.deactivate(db, self.who_of(ADA), BO, now=self.now)
        self.copy()
        self.now += timedelta(seconds=60)
        with self.home.store.write() as db:
            people.reactivate(db, self.who_of(ADA), BO, now=self.now)

    def _hours(self) -> None:
        """Other opening hours, another calendar, or a correction of the one there is."""
        lines = [self.chance.choice(["08:00-17:00", "09:00-12:00 13:00-16:00"])] * 5 + ["", ""]
        name = self.chance.choice(["Office", "Late"])
        with self.home.store.write() as db:
            ada = self.who_of(ADA)
            calendars.save(db, ada, name, time_zone="Europe/Stockholm", lines=lines, now=self.now)
            mailboxes.change(db, ada, SUPPORT, calendar=name, now=self.now)


class Nothing(InboxError):
    """There is no such conversation yet."""

    def __init__(self) -> None:
        super().__init__("There is nothing.")


WEIGHTS = {
    "mail": 30,
    "sent": 9,
    "reply": 9,
    "reply_undone": 2,
    "claim": 7,
    "assign": 5,
    "release": 3,
    "close": 7,
    "unclose": 3,
    "reopen": 3,
    "note": 2,
    "spam": 2,
    "trash": 3,
    "restore": 4,
    "block": 1,
    "unblock": 1,
    "erase": 1,
    "snooze": 3,
    "wake_due": 3,
    "merge": 6,
    "unmerge": 4,
    "split": 4,
    "move": 2,
    "move_and_back": 2,
    "bulk": 6,
    "leave": 1,
    "hours": 1,
}
