"""Three long threads of a public mailing list that our mailbox takes part in.

Its archive has taken headers from a fifth of the mails, as archives do.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.truth import letters, people
from tests.truth.letters import Letter, Program
from tests.truth.people import Person
from tests.truth.plan import Plan, Post, delayed

BEGIN = datetime(2026, 1, 12, 7, tzinfo=UTC)
LIST = Person("", "dev@lists.test", "en")
SUBJECTS = ("[dev] Retry when the disk is full", "[dev] Next release", "[dev] Who tests on ARM?")
FOOTER = "_______________\nTo leave this list write to dev-leave@lists.test"
STRIPPED = 0.2


def plan(seed: int, count: int) -> Plan:
    random = Random(seed)
    crowd = people.invent(random, 80, "member.test")
    programs = {person: letters.some_program(random) for person in crowd}
    written: list[Letter] = []
    trees: dict[int, list[Letter]] = {n: [] for n in range(len(SUBJECTS))}
    posts = []
    for number in range(1, count + 1):
        letter = _letter(random, number, crowd, trees)
        trees[letter.thread].append(letter)
        written.append(letter)
        seen, program = _stripped(random, letter, programs[letter.sender])
        posts.append(Post(letters.mail(seen, program), "INBOX", seen))
    return Plan(posts=delayed(random, posts, share=0.3, most=60))


def _letter(
    random: Random, number: int, crowd: list[Person], trees: dict[int, list[Letter]]
) -> Letter:
    thread = random.randrange(len(SUBJECTS)) if number > len(SUBJECTS) else number - 1
    sender = random.choice(crowd)
    own = people.words(random, "en", number)
    answered = random.choice(trees[thread][-30:]) if trees[thread] else None
    domain = sender.address.partition("@")[2]
    return Letter(
        number=number,
        thread=thread,
        sender=sender,
        to=(LIST,),
        subject=("Re: " if answered else "") + SUBJECTS[thread],
        words=f"{own}\n\n{FOOTER}",
        sent_at=BEGIN + timedelta(minutes=17 * number),
        message_id=f"{random.getrandbits(64):016x}.{number}@{domain}",
        answers=_chain(answered),
        headers=("List-Id: <dev.lists.test>", "Precedence: list"),
    )


def _chain(answered: Letter | None) -> tuple[str, ...]:
    if answered is None or answered.message_id is None:
        return ()
    return (*answered.answers[-9:], answered.message_id)


def _stripped(random: Random, letter: Letter, program: Program) -> tuple[Letter, Program]:
    """The letter as the archive kept it."""
    if random.random() >= STRIPPED:
        return letter, program
    lost = random.choice(("threading", "threading", "message-id", "date", "references", "all"))
    if lost in ("threading", "all"):
        letter = replace(letter, answers=())
    if lost in ("message-id", "all"):
        letter = replace(letter, message_id=None)
    if lost == "references":
        program = replace(program, threading="in-reply-to")
    return letter, replace(program, has_date=False) if lost in ("date", "all") else program
