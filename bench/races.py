"""Two people at one conversation in the same moment, a few hundred times: nobody answers twice.

Two threads press at once, over the real verbs, and what is queued leaves over SMTP to a sink that
counts. What must hold is counted: one mail for each conversation, no draft lost, the loser told
who was faster and with which words.
"""

import email
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

from bench import report
from inbox import agents, clock, conversations, drafts, events, house, messages
from inbox.agents import Agent
from inbox.drafts import Draft
from inbox.errors import AlreadyClaimed, InboxError, Stale
from inbox.house import House
from inbox.settings import Settings
from tests import furniture
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.smtp_script import Script, serving

RACES = 200
LONG_AFTER = timedelta(minutes=5)
Press = Callable[[], object]
_DICE = random.Random(RACES)


@dataclass(slots=True)
class Ran:
    """What came of the races of one kind. `wrong` says what must not be."""

    first: Counter[str] = field(default_factory=Counter)
    overlapping: int = 0
    seconds: list[float] = field(default_factory=list)
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def told(self, is_right: bool, what: str) -> None:
        self.right += is_right
        if not is_right:
            self.wrong.append(what)


def measure() -> dict[str, Any]:
    """All three kinds, each so often."""
    return {kind: _figures(ran) for kind, ran in run(RACES).items()}


def _figures(ran: Ran) -> dict[str, Any]:
    return {
        "races that ended as they must": ran.right,
        "races that did not": len(ran.wrong),
        "races in which both were under way at once": ran.overlapping,
        "won by Ada, by Bo": f"{ran.first['Ada Lind']}, {ran.first['Bo Ek']}",
        "both answered after": report.spread([s * 1000 for s in ran.seconds], "ms"),
    }


def run(count: int) -> dict[str, Ran]:
    """So many races of each kind, in a house of their own."""
    now = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        home = house.open_up(Settings(data=Path(folder) / "data", allow_plaintext=True), now=now)
        try:
            furniture.furnish(home, now=now)
            ada, bo = (_agent(home, number) for number in (furniture.ADA, furniture.BO))
            numbers = [_conversation(home, f"Race {n}", now) for n in range(3 * count)]
            with serving(Script()) as server:
                post.connect(home, f"smtp://127.0.0.1:{server.port}")
                return {
                    "Send against Send": send_and_send(
                        home, (ada, bo), numbers[:count], server.script
                    ),
                    "claim against assign": claim_and_assign(
                        home, (ada, bo), numbers[count : 2 * count]
                    ),
                    "claim against close": claim_and_close(home, (ada, bo), numbers[2 * count :]),
                }
        finally:
            home.close()


def send_and_send(
    home: House, pair: tuple[Agent, Agent], numbers: list[int], script: Script
) -> Ran:
    """Both have written an answer and press Send; then everything that is due leaves."""
    ran = Ran()
    lost: dict[int, tuple[Agent, Draft, tuple[int, ...], Agent]] = {}
    for number in numbers:
        texts = [
            post.written(home, who, body=f"{who.name} answers {number}.", conversation_id=number)
            for who in pair
        ]
        presses = [_send(home, who, text) for who, text in zip(pair, texts, strict=True)]
        ends = _race(ran, presses)
        losers = [n for n, end in enumerate(ends) if isinstance(end, Stale)]
        if len(losers) != 1:
            ran.wrong.append(f"conversation {number}: {ends}")
            continue
        (n,) = losers
        stale = ends[n]
        assert isinstance(stale, Stale)
        lost[number] = (pair[n], texts[n], stale.newer, pair[1 - n])
        ran.first[pair[1 - n].name] += 1
    while errands.deliver_due(home, now=clock.now() + LONG_AFTER):
        pass
    arrived = Counter(_subject(mail.raw) for mail in script.accepted)
    for number, (loser, text, newer, winner) in lost.items():
        mails = arrived[f"Re: {_subject_of(home, number)}"]
        told = _told(home, loser, number, newer)
        kept = _kept(home, loser, text)
        is_right = mails == 1 and told == (winner.name, f"{winner.name} answers {number}.") and kept
        ran.told(is_right, f"conversation {number}: {mails} mails, told {told}, kept {kept}")
    with home.store.export() as cursor:
        ((noted,),) = cursor.execute("select count(*) from stopped_answers").fetchall()
    if noted != len(lost):
        ran.wrong.append(f"{noted} stops were noted for {len(lost)} losers")
    return ran


def claim_and_assign(home: House, pair: tuple[Agent, Agent], numbers: list[int]) -> Ran:
    """Bo claims while Ada assigns it to herself: hers is the later word, or he is told of her."""
    ada, bo = pair
    ran = Ran()
    for number in numbers:
        _given, claimed = _race(
            ran,
            [
                _act(home, conversations.assign, ada, number, ada.id),
                _act(home, conversations.claim, bo, number),
            ],
        )
        was_told = isinstance(claimed, AlreadyClaimed) and claimed.winner == ada.name
        ran.first[ada.name if was_told else bo.name] += 1
        kinds = ["assigned"] if was_told else ["claimed", "assigned"]
        is_right = _standing(home, number) == (ada.id, "open") and _kinds(home, number) == kinds
        ran.told(is_right, f"conversation {number}: {_kinds(home, number)}, {claimed!r}")
    return ran


def claim_and_close(home: House, pair: tuple[Agent, Agent], numbers: list[int]) -> Ran:
    """Bo claims while Ada closes: both hold, in the order in which the diary has them."""
    ada, bo = pair
    ran = Ran()
    for number in numbers:
        ends = _race(
            ran,
            [
                _act(home, conversations.close, ada, number),
                _act(home, conversations.claim, bo, number),
            ],
        )
        kinds = _kinds(home, number)
        ran.first[ada.name if kinds[:1] == ["closed"] else bo.name] += 1
        is_right = (
            ends == [None, None]
            and _standing(home, number) == (bo.id, "closed")
            and sorted(kinds) == ["claimed", "closed"]
        )
        ran.told(is_right, f"conversation {number}: {kinds}, {ends}")
    return ran


def _race(ran: Ran, presses: list[Press]) -> list[object]:
    """Press both at once; answer what each got, a refusal as itself."""
    gate = threading.Barrier(len(presses))
    spans: list[tuple[float, float]] = [(0.0, 0.0)] * len(presses)
    ends: list[object] = [None] * len(presses)

    def press(n: int) -> None:
        gate.wait()
        began = time.perf_counter()
        try:
            ends[n] = presses[n]()
        except InboxError as refusal:
            ends[n] = refusal
        spans[n] = (began, time.perf_counter())

    threads = [threading.Thread(target=press, args=(n,)) for n in range(len(presses))]
    # Who comes to the gate last is through it first.
    for thread in _DICE.sample(threads, len(threads)):
        thread.start()
    for thread in threads:
        thread.join()
    ran.overlapping += max(began for began, _end in spans) < min(end for _began, end in spans)
    ran.seconds.append(max(end for _began, end in spans) - min(began for began, _end in spans))
    return ends


def _send(home: House, who: Agent, text: Draft) -> Press:
    return lambda: post.send(home, who, text, now=clock.now())


def _act(home: House, verb: Callable[..., object], who: Agent, *args: object) -> Press:
    def act() -> object:
        with home.store.write() as db:
            return verb(db, who, *args, now=clock.now())

    return act


def _agent(home: House, number: int) -> Agent:
    with home.store.read() as db:
        found = agents.by_id(db, number)
    assert found
    return found


def _conversation(home: House, subject: str, now: datetime) -> int:
    with home.store.export() as cursor:
        (number,) = cursor.execute(
            "insert into conversations (mailbox_id, contact_name, contact_address, subject, "
            "snippet, status, created_at, last_message_at, waiting_since, message_count, "
            "attachment_count, is_readable) values (1, 'Maria', 'maria@customer.test', $subject, "
            "'', 'open', $now, $now, $now, 0, 0, true) returning id",
            {"subject": subject, "now": now},
        ).fetchall()[0]
    return int(number)


def _told(
    home: House, loser: Agent, number: int, newer: tuple[int, ...]
) -> tuple[str | None, str | None]:
    """Who was faster and with which words, as the loser finds them."""
    with home.store.read() as db:
        found = next(e for e in events.of_conversation(db, loser, number) if e.event_id in newer)
        mails = messages.in_conversation(db, loser, number)
    text = next((mail.reply_text for mail in mails if mail.id == found.message_id), None)
    return found.actor_name, text


def _kept(home: House, loser: Agent, text: Draft) -> bool:
    with home.store.read() as db:
        found = drafts.own(db, loser, text.id)
    return (found.state, found.body, found.revision) == ("open", text.body, text.revision)


def _standing(home: House, number: int) -> tuple[int | None, str]:
    found: tuple[int | None, str] = post.one(
        home, "select assignee_id, status from conversations where id = $id", id=number
    )
    return found


def _subject_of(home: House, number: int) -> str:
    return str(post.one(home, "select subject from conversations where id = $id", id=number)[0])


def _kinds(home: House, number: int) -> list[str]:
    return list(post.kinds(home, number))


def _subject(raw: bytes) -> str:
    return str(email.message_from_bytes(raw, policy=policy.default)["Subject"])
