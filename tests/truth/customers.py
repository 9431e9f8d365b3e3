"""A support mailbox of some weeks: customers in three languages, their colleagues, and us."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.truth import letters, people
from tests.truth.letters import Letter, Program
from tests.truth.people import OURS, Person
from tests.truth.plan import Plan, Post, delayed

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
AGENTS = tuple(Person(name, OURS, "en") for name in ("Ada Lind", "Bo Ek", "Cy Dahl"))
PHONE = Program("utf-8", "utf-8", "quoted-printable", "q")
UNDATED, ANONYMOUS, BARE = 0.04, 0.03, 0.05
COPIED, LATE, MOST_PLACES_LATE = 0.06, 0.08, 400


@dataclass(slots=True)
class _World:
    random: Random
    now: datetime = BEGIN
    written: list[tuple[Letter, Program]] = field(default_factory=list)
    programs: dict[str, Program] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)

    def program(self, person: Person) -> Program:
        if person.address == OURS:
            return PHONE
        return self.programs.setdefault(person.address, letters.some_program(self.random))

    def an_id(self, person: Person) -> str:
        return f"{self.random.getrandbits(80):020x}@{person.address.partition('@')[2]}"


@dataclass(slots=True)
class _Thread:
    """One conversation as it goes on."""

    world: _World
    number: int
    subject: str
    language: str
    customer: Person
    others: tuple[Person, ...] = ()
    last: Letter | None = None
    known: tuple[str, ...] = ()

    def write(self, sender: Person, to: Person, **given: object) -> Letter:
        """The next letter, an answer to the last one when there was one."""
        world, random = self.world, self.world.random
        world.now += timedelta(minutes=random.randint(1, 90))
        number = len(world.written) + 1
        is_answer = bool(self.known or self.last)
        letter = Letter(
            number=number,
            thread=self.number,
            sender=sender,
            to=(to,),
            cc=self.others,
            subject=_answering(self.language, self.subject) if is_answer else self.subject,
            words=self._words(number, sender),
            sent_at=world.now,
            message_id=None if random.random() < ANONYMOUS else world.an_id(sender),
            answers=() if is_answer and random.random() < BARE else self.known,
            is_ours=sender.address == OURS,
        )
        letter = replace(letter, **given)  # type: ignore[arg-type]
        program = world.program(sender)
        if random.random() < UNDATED and not letter.is_ours:
            program = replace(program, has_date=False)
        world.written.append((letter, program))
        self.last = letter
        if letter.message_id:
            self.known = (*self.known, letter.message_id)[-20:]
        return letter

    def _words(self, number: int, sender: Person) -> str:
        own = people.words(self.world.random, self.language, number)
        if self.last is None or self.world.program(sender).is_html:
            return own
        day = self.last.sent_at.strftime("%Y-%m-%d %H:%M")
        line = people.attribution(self.language, day, self.last.sender.name)
        quoted = "\n".join(f"> {line}" for line in self.last.words.split("\n")[:6])
        return f"{own}\n\n{line}\n{quoted}"


def _answering(language: str, subject: str) -> str:
    return {"sv": "SV: ", "de": "AW: ", "en": "Re: "}[language] + subject


def plan(seed: int, count: int) -> Plan:
    """About `count` letters, their copies beside them."""
    random = Random(seed)
    world = _World(random)
    crowd = people.invent(random, count // 12)
    number = 0
    while len(world.written) < count:
        number += 1
        begin = random.choices((_ordinary, _unseen, _ours_first), (70, 14, 16))[0]
        begin(world, number, random.choice(crowd), crowd)
    # Threads overlap in time as they do in life: here they were written one after the other.
    shuffled = sorted(world.written, key=lambda w: _lived(w[0]))
    posts = [post for letter, program in shuffled for post in _posts(world, letter, program)]
    world.plan.posts = delayed(random, posts, share=LATE, most=MOST_PLACES_LATE)
    return world.plan


def _lived(letter: Letter) -> tuple[int, int]:
    return (letter.number - letter.thread % 40 * 7, letter.number)


def _thread(world: _World, number: int, customer: Person, crowd: list[Person]) -> _Thread:
    random = world.random
    others = (random.choice(crowd),) if random.random() < 0.2 else ()
    return _Thread(
        world,
        number,
        people.subject(random, customer.language),
        customer.language,
        customer,
        tuple(p for p in others if p != customer),
    )


def _ordinary(world: _World, number: int, customer: Person, crowd: list[Person]) -> None:
    thread = _thread(world, number, customer, crowd)
    us = Person("", OURS, "en")
    thread.write(customer, us)
    _go_on(thread)


def _ours_first(world: _World, number: int, customer: Person, crowd: list[Person]) -> None:
    thread = _thread(world, number, customer, crowd)
    thread.write(world.random.choice(AGENTS), customer)
    _go_on(thread)


def _unseen(world: _World, number: int, customer: Person, crowd: list[Person]) -> None:
    """It answers a mail that this mailbox never saw; at times a colleague answers it too."""
    thread = _thread(world, number, customer, crowd)
    thread.known = (world.an_id(customer),)
    us = Person("", OURS, "en")
    first = thread.write(customer, us, answers=thread.known)
    if world.random.random() < 0.4 and thread.others:
        colleague = thread.others[0]
        thread.write(colleague, us, answers=first.answers)
    _go_on(thread)


def _go_on(thread: _Thread) -> None:
    random = thread.world.random
    us = Person("", OURS, "en")
    while random.random() < 0.72:
        last = thread.last
        assert last is not None
        if not last.is_ours and random.random() < 0.8:
            thread.write(random.choice(AGENTS), thread.customer)
            continue
        writer = thread.customer
        if thread.others and random.random() < 0.3:
            writer = thread.others[0]
        if random.random() < 0.03:
            writer = replace(writer, address=f"private-{writer.address}")
        thread.write(writer, us)


def _posts(world: _World, letter: Letter, program: Program) -> Iterator[Post]:
    raw = letters.mail(letter, program)
    folder = "Skickat" if letter.is_ours else "INBOX"
    yield Post(raw, folder, letter)
    if world.random.random() < COPIED:
        way = world.random.choice(("again", "another way", "to ourselves"))
        tops = {"again": "", "another way": "Received: from relay.test by mx.example.com"}
        is_recognised = letter.message_id or program.has_date
        more = tops.get(way, "Delivered-To: support@example.com") if is_recognised else ""
        copied = letters.mail(letter, program, more=more)
        yield Post(copied, "INBOX" if way == "to ourselves" else folder, letter)
