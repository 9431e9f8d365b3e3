"""Acts the planned past out: mail goes onto the mail server and in by the real poller, and what
the team did is done by the real verbs, with a past `now`."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from inbox import conversations, notes
from inbox.agents import Agent
from inbox.errors import AlreadyClaimed
from inbox.house import House
from inbox.store import Session
from ingest.demo.servers import Provider
from ingest.demo.tale import Happening, Mail, Tale, Verb

Poll = Callable[[int, datetime], None]
"""Read what is new in the mailbox with this id, as if it were that moment (naive UTC)."""


@dataclass(slots=True)
class Scene:
    """Happenings that can be acted out together: all the mail first, then all the verbs."""

    mails: list[Mail] = field(default_factory=list)
    verbs: list[Verb] = field(default_factory=list)
    _done: set[str] = field(default_factory=set)

    def admits(self, root: str, one: Happening) -> bool:
        """Whether `one` may still join: not when it is mail into a conversation in which a verb
        of this scene comes before it."""
        return isinstance(one, Verb) or root not in self._done

    def add(self, root: str, one: Happening) -> None:
        if isinstance(one, Mail):
            self.mails.append(one)
        else:
            self.verbs.append(one)
            if one.name != "claim":
                self._done.add(root)

    @property
    def ended_at(self) -> datetime:
        return max([mail.at for mail in self.mails] + [verb.at for verb in self.verbs])


def scenes(tales: Iterable[Tale]) -> Iterator[Scene]:
    """Cut what happened, in the order in which it did, into as few scenes as the rule allows.

    A claim may be acted out after the reply it led to: the answer does not depend on it.
    """
    happened = sorted(
        ((one.at, n, tale.root, one) for tale in tales for n, one in enumerate(tale.happenings)),
        key=lambda row: row[:3],
    )
    scene = Scene()
    for _, _, root, one in happened:
        if not scene.admits(root, one):
            yield scene
            scene = Scene()
        scene.add(root, one)
    if scene.mails or scene.verbs:
        yield scene


def act_out(
    house: House,
    provider: Provider,
    tales: list[Tale],
    *,
    mailboxes: dict[str, int],
    team: dict[str, Agent],
    poll: Poll,
    keeps_on: Callable[[], bool] = lambda: True,
) -> None:
    """Play all scenes of the tales; `keeps_on` is asked between scenes and may end it early."""
    with ExitStack() as stack:
        postmen = {a: stack.enter_context(provider.postman(a)) for a in mailboxes}
        for scene in scenes(tales):
            if not keeps_on():
                return
            for mail in scene.mails:
                postmen[mail.mailbox].deliver(mail.raw, at=mail.at, folder=mail.folder)
            for address in sorted({mail.mailbox for mail in scene.mails}):
                poll(mailboxes[address], scene.ended_at)
            if scene.verbs:
                with house.store.write() as db:
                    _do_all(db, scene.verbs, mailboxes, team)


def _do_all(
    db: Session, verbs: list[Verb], mailboxes: dict[str, int], team: dict[str, Agent]
) -> None:
    found: dict[str, int] = {}
    for address, mailbox_id in mailboxes.items():
        roots = sorted({verb.root for verb in verbs if verb.mailbox == address})
        if roots:
            rows = db.rows("demo.conversations_of", mailbox_id=mailbox_id, rfc_message_ids=roots)
            found |= dict(rows)
    for verb in verbs:
        if verb.root in found:
            _do(db, verb, found[verb.root], team)


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
        case "close":
            conversations.close(db, agent, conversation_id, now=verb.at)
        case "mark_spam":
            conversations.mark_spam(db, agent, conversation_id, now=verb.at)
