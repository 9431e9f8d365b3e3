"""Ten weeks of the firm's mail from before it had Delad: asked and answered by mail alone, slower
and more often twice. It is taken in as an archive, once the last four weeks are there, so that
nobody waits for it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from inbox.house import House
from ingest import archive
from ingest.demo import hours, letters, pilot
from ingest.demo.firm import ANSWERING
from ingest.demo.furnishing import Firm
from ingest.demo.tale import Cast, Mail, cast

WEEKS = 10
SEED = 20_260_913
# Of a hundred, how many were never answered, and how many by two.
FORGOTTEN, TWICE = 0.06, 0.07


def mark_sent(house: House, *, since: datetime) -> None:
    """Five of six replies of the pilot were written here, the others in a mail program."""
    with house.store.write() as db:
        db.change("demo.sent_here", since=since)


def mails(*, until: datetime, seed: int = SEED) -> list[Mail]:
    """Every mail of those weeks, oldest first; the last days have nothing open."""
    players = cast(seed)
    chance = players.chance
    came = hours.arrivals(chance, first=until - timedelta(weeks=WEEKS), until=until)
    found = [mail for at in came for mail in _exchange(players, chance, at, until)]
    return sorted(found, key=lambda mail: mail.at)


def _exchange(players: Cast, chance: Random, at: datetime, until: datetime) -> list[Mail]:
    tale = players.tale()
    tale.writes(letters.ask(chance, tale.who, tale.story, tale.about), at)
    is_late = at > until - timedelta(days=5)
    if is_late or chance.random() >= FORGOTTEN:
        answered = hours.at_work(at, chance.lognormvariate(5.4, 0.9))
        first, second = chance.sample(ANSWERING, 2)
        tale.answers(chance.choice(tale.story.replies), first, answered)
        if chance.random() < TWICE:
            again = answered + timedelta(minutes=chance.randint(5, 90))
            tale.answers(chance.choice(tale.story.replies), second, again)
    return [_slim(one) for one in tale.happenings if isinstance(one, Mail)]


def _slim(mail: Mail) -> Mail:
    """As text alone: nobody looks at the paper of months ago."""
    assert not isinstance(mail.content, bytes)
    content = replace(mail.content, html=False, table=False, logo=False, paper="", history="")
    return replace(mail, content=content)


def take_in(
    house: House, firm: Firm, *, now: datetime, keeps_on: Callable[[], bool] = lambda: True
) -> None:
    """Import the weeks before the pilot, one archive at a time."""
    folder = house.settings.data / "history"
    folder.mkdir(mode=0o700, exist_ok=True)
    boxes = {box.address: box for box in firm.mailboxes}
    for (address, kind), file in _files(folder, now).items():
        if not keeps_on():
            return
        received, sent = ([], [file]) if kind == "Sent" else ([file], [])
        archive.import_paths(house, boxes[address], received, sent, now=now)
        file.unlink()


def _files(folder: Path, now: datetime) -> dict[tuple[str, str], Path]:
    """An mbox for each mailbox and folder, received mail in front of what answers it."""
    parts: defaultdict[tuple[str, str], list[bytes]] = defaultdict(list)
    for mail in mails(until=now - timedelta(weeks=pilot.WEEKS)):
        lines = mail.raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        parts[mail.mailbox, mail.folder].append(
            f"From demo {mail.at:%a %b %d %H:%M:%S %Y}\n".encode() + lines + b"\n"
        )
    found = {}
    for number, name in enumerate(sorted(parts)):
        found[name] = folder / f"{number}.mbox"
        found[name].write_bytes(b"".join(parts[name]))
    return found
