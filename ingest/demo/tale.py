"""Conversations being invented: who writes, about what, and what has been said so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import Literal

from ingest.demo import letters
from ingest.demo.compose import Letter, render
from ingest.demo.firm import DOMAIN, SALES, SUPPORT, Colleague
from ingest.demo.letters import Customer, Language, Story

VerbName = Literal["claim", "assign", "note", "close", "mark_spam", "tag", "ask", "draft"]
COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that lay in `folder` of the mailbox at `at` (naive UTC)."""

    at: datetime
    mailbox: str
    folder: Literal["INBOX", "Sent"]
    content: Letter | bytes

    @property
    def raw(self) -> bytes:
        return render(self.content) if isinstance(self.content, Letter) else self.content


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What one of the team did to the conversation that began with `root` (a Message-ID)."""

    at: datetime
    mailbox: str
    root: str
    name: VerbName
    agent: str
    text: str = ""


Happening = Mail | Verb


@dataclass(slots=True)
class Tale:
    """One conversation while it is being invented: what has happened so far, and when."""

    chance: Random
    who: Customer
    story: Story
    mailbox: str
    about: dict[str, str]
    subject: str
    ids: Iterator[str]
    happenings: list[Happening] = field(default_factory=list)
    references: tuple[str, ...] = ()
    last: Letter | None = None

    @property
    def root(self) -> str:
        return self.references[0]

    @property
    def is_touched(self) -> bool:
        """Whether one of ours has done anything in it."""
        return any(isinstance(one, Verb) for one in self.happenings)

    def writes(self, text: str, at: datetime) -> None:
        """The customer writes."""
        is_first = not self.references
        plain = self.chance.random() < 0.4
        self._send(
            Letter(
                sender=(self.who.name, self.who.address),
                to=("", self.mailbox),
                subject=self.subject if is_first else self._answered_subject(),
                text=text,
                at=at,
                message_id=f"{next(self.ids)}@{self.who.address.partition('@')[2]}",
                references=self.references,
                history=self._history(),
                html=not plain,
                table=is_first and self.story.table,
                logo=is_first and bool(self.who.company) and not plain,
                paper=self.story.attach if is_first else "",
            ),
            folder="INBOX",
        )

    def answers(self, text: str, agent: Colleague, at: datetime) -> None:
        """One of ours replies, from a mail program that files it in Sent."""
        self._send(
            Letter(
                sender=(f"{agent.name} · Nordkaj", self.mailbox),
                to=(self.who.name, self.who.address),
                subject=self._answered_subject(),
                text=letters.reply(self.chance, self.who, text, self.about, agent.name),
                at=at,
                message_id=f"{next(self.ids)}@mail.{DOMAIN}",
                references=self.references,
                history=self._history(),
                paper=self.story.reply_attach if len(self.references) == 1 else "",
                headers={"Sender": agent.email},
            ),
            folder="Sent",
        )

    def does(self, name: VerbName, agent: Colleague, at: datetime, text: str = "") -> None:
        self.happenings.append(
            Verb(
                at=at, mailbox=self.mailbox, root=self.root, name=name, agent=agent.email, text=text
            )
        )

    def hears(self, letter: Letter) -> None:
        """One of ours has answered through the app, as the customer's mailbox received it."""
        self.references = (*self.references, letter.message_id)
        self.last = letter

    def _send(self, letter: Letter, folder: Literal["INBOX", "Sent"]) -> None:
        self.happenings.append(
            Mail(at=letter.at, mailbox=self.mailbox, folder=folder, content=letter)
        )
        self.hears(letter)

    def _answered_subject(self) -> str:
        return f"{self.who.language.reply_prefix}: {self.subject}"

    def _history(self) -> str:
        if self.last is None or self.chance.random() < 0.15:
            return ""
        last = self.last
        return letters.quoted(last.sender[0], self.who.language, last.text, last.at)


@dataclass(slots=True)
class Cast:
    """Everybody who may appear, and the numbers they are known by."""

    chance: Random
    languages: dict[str, Language]
    people: list[Customer]
    ids: Iterator[str]

    def tale(self) -> Tale:
        """A new conversation, mostly by somebody who has not written yet."""
        known = self.people and self.chance.random() < 0.3
        who = self.chance.choice(self.people) if known else self._newcomer()
        stories = who.language.stories
        story = self.chance.choices(stories, weights=[5, 3, 3, 3, 4, 2, 3, 3])[0]
        about = letters.facts(self.chance, who)
        return Tale(
            chance=self.chance,
            who=who,
            story=story,
            mailbox=SALES if story.mailbox == "sales" else SUPPORT,
            about=about,
            subject=letters.fill(self.chance.choice(story.subjects), about),
            ids=self.ids,
        )

    def _newcomer(self) -> Customer:
        (code,) = self.chance.choices(("sv", "de", "en"), weights=[45, 30, 25])
        who = letters.customer(self.chance, self.languages[code], len(self.people) + 1)
        self.people.append(who)
        return who


def cast(seed: int) -> Cast:
    chance = Random(seed)
    ids = (f"{n}.{chance.getrandbits(64):x}" for n in count(1))
    return Cast(chance=chance, languages=letters.languages(), people=[], ids=ids)
