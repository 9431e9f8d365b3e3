"""Four weeks of the demo's mail and of what the team did with it, planned before it is acted out.

The plan is a pure function of `now` and a seed: mails to put on the mail server, and verbs to run
between them. Newest mail is minutes old whatever the hour, because the plan counts backwards.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from ingest.demo import hours, letters, surprises
from ingest.demo.firm import ANSWERING, EMMA, JONAS, Colleague
from ingest.demo.tale import COMPLAINT, Cast, Tale, Verb, cast

DAYS = 28
SEED = 20_261_122
# How many older conversations nobody has ever looked at.
FORGOTTEN = 4
# Minutes ago at which mail came that nobody has taken yet.
WAITING = (2, 7, 16, 31, 52, 95, 140, 205, 300, 420)
# Minutes ago at which mail came that has been taken and not answered yet, by each in turn: by
# chance one of them could begin the day with nothing to do.
TAKEN = (44, 120, 190, 260, 380, 500, 640, 790, 950)
# How lately a conversation must have begun to be tagged: the older ones are many.
TAGGED = timedelta(days=7)
TAGS = {"complaint": COMPLAINT, "delivery": "delivery", "return": "return"}
QUESTIONS = {
    "sv": "Har någon lovat kunden ett datum redan?",
    "de": "Hat jemand dem Kunden schon einen Termin zugesagt?",
    "en": "Has anybody promised the customer a date already?",
}


def plan(*, now: datetime, seed: int = SEED) -> list[Tale]:
    """Every conversation of the last four weeks, oldest first, each with its own happenings."""
    players = cast(seed)
    came = hours.arrivals(
        players.chance, first=now - timedelta(days=DAYS), until=now - timedelta(hours=20)
    )
    tales = [_lived(players, at, until=now - timedelta(minutes=50)) for at in came]
    untouched = [tale for tale in tales if not tale.is_touched]
    tales = [tale for tale in tales if tale.is_touched] + untouched[-FORGOTTEN:]
    tales += surprises.all_of_them(players, tales, now=now)
    tales += [
        _begun(players, now - timedelta(minutes=ago), agent)
        for ago, agent in zip(TAKEN, cycle(ANSWERING), strict=False)
    ]
    tales += [_begun(players, now - timedelta(minutes=ago), None) for ago in WAITING]
    tales += [_asked(players, now - timedelta(minutes=75)), _drafted(players, now)]
    for tale in tales:
        _tag(tale, since=now - TAGGED)
    return sorted(tales, key=lambda tale: tale.happenings[0].at)


def _begun(players: Cast, at: datetime, agent: Colleague | None) -> Tale:
    """Mail of today that waits for an answer, from `agent` when one of the team has taken it."""
    tale = players.tale()
    tale.writes(letters.ask(players.chance, tale.who, tale.story, tale.about), at)
    if agent:
        tale.does("claim", agent, at + timedelta(minutes=players.chance.randint(4, 30)))
    return tale


def _asked(players: Cast, at: datetime) -> Tale:
    """Whoever has it asks the others something."""
    tale = _begun(players, at, JONAS)
    taken = tale.happenings[-1].at
    tale.does("ask", JONAS, taken + timedelta(minutes=3), QUESTIONS[tale.who.language.code])
    return tale


def _drafted(players: Cast, now: datetime) -> Tale:
    """An answer is written, and a colleague is to look at it before it leaves."""
    tale = _begun(players, now - timedelta(minutes=65), EMMA)
    taken = tale.happenings[-1].at
    text = players.chance.choice(tale.story.replies)
    answer = letters.reply(players.chance, tale.who, text, tale.about, EMMA.name)
    tale.does("draft", EMMA, taken + timedelta(minutes=6), answer.partition("\n-- \n")[0])
    return tale


def _tag(tale: Tale, *, since: datetime) -> None:
    """Who takes it says what it is about."""
    name = TAGS.get(tale.story.kind)
    claims = [one for one in tale.happenings if isinstance(one, Verb) and one.name == "claim"]
    if name and claims and tale.happenings[0].at >= since:
        tale.happenings.append(replace(claims[0], name="tag", text=name))


def _lived(players: Cast, at: datetime, *, until: datetime) -> Tale:
    """A conversation as it went, cut off at `until`: whatever should come later has not yet."""
    chance = players.chance
    tale = players.tale()
    tale.writes(letters.ask(chance, tale.who, tale.story, tale.about), at)
    agent = _taker(chance, tale.who.language.code)
    taken = hours.at_work(at, _patience(chance))
    if chance.random() < 0.03:
        return tale
    if chance.random() < 0.06:
        other = chance.choice([one for one in ANSWERING if one != agent])
        tale.does("claim", other, taken)
        tale.does("assign", other, hours.at_work(taken, 3), agent.email)
        taken = hours.at_work(taken, 5)
    else:
        tale.does("claim", agent, taken)
    _converse(chance, tale, agent, taken)
    tale.happenings = [one for one in tale.happenings if one.at < until]
    return tale


def _converse(chance: Random, tale: Tale, agent: Colleague, taken: datetime) -> None:
    """Replies and further letters until the matter is settled."""
    at = hours.at_work(taken, chance.uniform(3, 40))
    for turn in range(3):
        if chance.random() < 0.14:
            colleague = chance.choice(ANSWERING)
            tale.does(
                "note", colleague, at - timedelta(seconds=90), chance.choice(tale.story.notes)
            )
        tale.answers(chance.choice(tale.story.replies), agent, at)
        if turn == 0 and chance.random() < 0.035:
            twin = chance.choice([one for one in ANSWERING if one != agent])
            at += timedelta(minutes=chance.randint(2, 9))
            tale.answers(chance.choice(tale.story.replies), twin, at)
        goes_on = turn < 2 and chance.random() < 0.45
        if chance.random() < (0.35 if goes_on else 0.9):
            at += timedelta(seconds=chance.randint(20, 400))
            tale.does("close", agent, at)
        if not goes_on:
            break
        at += timedelta(minutes=chance.lognormvariate(5.4, 1.1))
        tale.writes(
            letters.follow_up(chance, tale.who, chance.choice(tale.story.more), tale.about), at
        )
        at = hours.at_work(at, _patience(chance) + 4)
    if chance.random() < 0.35:
        at += timedelta(minutes=chance.uniform(8, 600))
        thanks = chance.choice(tale.who.language.thanks)
        tale.writes(letters.follow_up(chance, tale.who, thanks, tale.about), at)
        tale.does("close", agent, hours.at_work(at, chance.uniform(2, 60)))


def _patience(chance: Random) -> float:
    """Working minutes until somebody looks: mostly within the hour, one in twelve after days."""
    if chance.random() < 0.08:
        return chance.uniform(600, 1500)
    return chance.lognormvariate(3.4, 0.9)


def _taker(chance: Random, language: str) -> Colleague:
    speaks = next(one for one in ANSWERING if one.speaks == language)
    return speaks if chance.random() < 0.75 else chance.choice(ANSWERING)
