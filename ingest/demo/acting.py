"""Acts the planned past out: mail goes onto the mail server and in by the real poller, and what
the team did is done by the real verbs, with a past `now`."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox import conversations, drafts, notes, putting_away, reviews, tags
from inbox.agents import Agent
from inbox.errors import AlreadyClaimed
from inbox.house import House
from inbox.store import Session
from ingest import poll
from ingest.demo.furnishing import Firm
from ingest.demo.servers import Provider
from ingest.demo.tale import Mail, Tale, Verb

ACT = timedelta(days=7)
# Verbs a transaction: the writer lane is wanted by whoever clicks meanwhile.
BREATH = 20
_ENDINGS = frozenset({"close", "mark_spam"})


@dataclass(slots=True)
class Scene:
    """Happenings that can be acted out together: all the mail first, then all the verbs."""

    mails: list[Mail] = field(default_factory=list)
    verbs: list[Verb] = field(default_factory=list)

    @property
    def ended_at(self) -> datetime:
        return max([mail.at for mail in self.mails] + [verb.at for verb in self.verbs])


def scenes(tales: Sequence[Tale]) -> list[Scene]:
    """Cut what happened into acts of a week, and each act into as few scenes as keep every
    conversation true: mail that came after it was closed comes in a later scene than the close.

    Other verbs may follow the mail they came before: their outcome does not depend on it.
    """
    found: defaultdict[tuple[int, int], Scene] = defaultdict(Scene)
    begun = min((one.at for tale in tales for one in tale.happenings), default=None)
    for tale in tales:
        act, number, is_closed = -1, 0, False
        for one in tale.happenings:
            assert begun
            if (now := (one.at - begun) // ACT) != act:
                act, number, is_closed = now, 0, False
            if isinstance(one, Mail):
                number += is_closed
                is_closed = False
                found[act, number].mails.append(one)
            else:
                is_closed = is_closed or one.name in _ENDINGS
                found[act, number].verbs.append(one)
    for scene in found.values():
        scene.mails.sort(key=lambda mail: mail.at)
        scene.verbs.sort(key=lambda verb: verb.at)
    return [found[key] for key in sorted(found)]


def act_out(
    house: House,
    provider: Provider,
    tales: list[Tale],
    *,
    firm: Firm,
    keeps_on: Callable[[], bool] = lambda: True,
) -> None:
    """Play all scenes of the tales; `keeps_on` is asked between scenes and may end it early."""
    boxes = {one.address: one for one in firm.mailboxes}
    with ExitStack() as stack:
        postmen = {a: stack.enter_context(provider.postman(a)) for a in boxes}
        readers = {a: stack.enter_context(poll.connected(house, box)) for a, box in boxes.items()}
        for scene in scenes(tales):
            if not keeps_on():
                return
            for mail in scene.mails:
                postmen[mail.mailbox].deliver(mail.raw, at=mail.at, folder=mail.folder)
            for address in sorted({mail.mailbox for mail in scene.mails}):
                poll.poll(house, boxes[address], now=scene.ended_at, connection=readers[address])
            for start in range(0, len(scene.verbs), BREATH):
                with house.store.write() as db:
                    _do_all(db, scene.verbs[start : start + BREATH], firm)


def _do_all(db: Session, verbs: list[Verb], firm: Firm) -> None:
    found: dict[str, int] = {}
    for box in firm.mailboxes:
        roots = sorted({verb.root for verb in verbs if verb.mailbox == box.address})
        if roots:
            rows = db.rows("demo.conversations_of", mailbox_id=box.id, rfc_message_ids=roots)
            found |= dict(rows)
    for verb in verbs:
        if verb.root in found:
            _do(db, verb, found[verb.root], firm.team)


def _do(db: Session, verb: Verb, conversation_id: int, team: dict[str, Agent]) -> None:
    agent = team[verb.agent]
    match verb.name:
        case "claim":
            try:
                conversations.claim(db, agent, conversation_id, now=verb.at)
            except AlreadyClaimed:
                return
        case "assign":
            colleague = team[verb.text]
            conversations.assign(db, agent, conversation_id, colleague.id, now=verb.at)
        case "note":
            notes.add(db, agent, conversation_id, verb.text, now=verb.at)
        case "ask":
            role = notes.Role(asks=True)
            notes.add(db, agent, conversation_id, verb.text, role=role, now=verb.at)
        case "draft":
            _draft(db, agent, conversation_id, verb)
        case "tag":
            tags.add(db, agent, conversation_id, verb.text, now=verb.at)
        case "close":
            conversations.close(db, agent, conversation_id, now=verb.at)
        case "mark_spam":
            putting_away.mark_spam(db, agent, conversation_id, now=verb.at)


def _draft(db: Session, agent: Agent, conversation_id: int, verb: Verb) -> None:
    """An answer that waits for a colleague to look at it."""
    draft = drafts.start(db, agent, conversation_id, "reply", now=verb.at)
    drafts.save(
        db,
        agent,
        draft.id,
        draft.revision,
        body=verb.text,
        recipients=draft.recipients,
        subject=draft.subject,
        kind="reply",
        now=verb.at,
    )
    reviews.ask(db, agent, draft.id, now=verb.at)
