"""kill -9 at every named place of a day: begun again, it ends with nothing lost or doubled."""

import ast
import email
import hashlib
import itertools
import json
import random
import shutil
import signal
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from inbox import house as houses
from inbox.settings import HOUSE
from ingest import jail, poll
from tests.conftest import NOON, agent
from tests.faults import day
from tests.faults.length import AT_LENGTH, rounds, some
from tests.faults.test_rescue import PLACES as OF_RESCUE
from tests.faults.test_watchdog import LOOPS, READING
from tests.faults.zygote import zygote
from tests.furniture import ADA, BO, furnish
from tests.inbox import post
from tests.inbox.test_restore_broken_off import PLACES as OF_RESTORE
from tests.ingest.conftest import connect, dovecot, mail, one_dovecot, rows
from tests.ingest.smtp_script import Script, serving

__all__ = ["dovecot", "one_dovecot"]

OF_THE_LOOPS = {*LOOPS, READING[0]}
ROUNDS = rounds(sample=1, long=10)
CHAIN_ROUNDS = rounds(sample=1, long=10)
CHAINS = 8
VARIANTS = rounds(sample=1, long=3)


def places(files):
    """Every failpoint in the files, by their syntax tree; of a composed name what is fixed."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "failpoint":
                (name,) = node.args
                parts = name.values if isinstance(name, ast.JoinedStr) else [name]
                found.add(" ".join(str(p.value) for p in parts if isinstance(p, ast.Constant)))
    return sorted(found)


OF_A_DAY = [
    file
    for file in [*HOUSE.glob("inbox/*.py"), *HOUSE.glob("ingest/*.py")]
    if file.stem not in {"restore", "rescue", "exchange"}
]
OF_AN_EXCHANGE = [HOUSE / "inbox" / f"{name}.py" for name in ("restore", "rescue", "exchange")]


def is_of_the_loops(place):
    return place.strip() in {"round of", *(one for one in OF_THE_LOOPS)}


PLACES = [place for place in places(OF_A_DAY) if not is_of_the_loops(place)]


@dataclass(kw_only=True)
class Template:
    """A house before the day, closed, and what its mail account holds besides."""

    data: Path
    draft: tuple[int, int]
    settled: bytes
    reached: list[dict[str, int]]


@dataclass(kw_only=True)
class Lived:
    """One run of the day, and everything to compare afterwards."""

    server: object
    script: Script
    facts: dict


def old_mails():
    return [
        mail(f"Old {n}", subject=f"Old {n}", message_id=f"old{n}@customer.test") for n in range(4)
    ]


def new_mails(variant):
    """INBOX of the day: plain ones, one with files, one too big, one that nobody can parse."""
    mixed = random.Random(variant)
    found = [
        mail("New " * mixed.randrange(1, 500), subject=f"New {n}", message_id=f"new{n}@x.test")
        for n in range(4 + variant)
    ]
    found.append(with_files(2 + variant))
    found.append(mail("Big " * 8_000, subject="Big", message_id="big@x.test"))
    if variant == 2:
        found.append(bomb())
    mixed.shuffle(found)
    return found


def with_files(count):
    made = email.message.EmailMessage()
    made["From"], made["To"] = "nils@customer.test", "support@example.com"
    made["Subject"], made["Message-ID"] = "Files", "<files@x.test>"
    made["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    made.set_content("See there.")
    for n in range(count):
        made.add_attachment(f"file {n}".encode(), "application", "pdf", filename=f"{n}.pdf")
    return made.as_bytes(policy=email.policy.SMTP)


def bomb():
    head = mail(subject="Bomb", message_id="bomb@x.test", more="MIME-Version: 1.0")
    return head.replace(b"text/plain", b"text/html") + b"<div><i>" * 1_200


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    for n in range(5):
        raw = mail(f"Once {n}", subject=f"Once {n}", message_id=f"once{n}@x.test")
        (folder / f"{n}.eml").write_bytes(raw)
    return folder


@pytest.fixture(scope="module")
def forks():
    with zygote("tests.faults.day") as found:
        yield found


@dataclass(kw_only=True)
class World:
    """What all rounds share."""

    template: Template
    server: object
    archived: Path
    forks: object


@pytest.fixture(scope="module")
def world(template, one_dovecot, archived, forks):
    return World(template=template, server=one_dovecot, archived=archived, forks=forks)


@pytest.fixture(scope="module")
def template(tmp_path_factory, one_dovecot, archived, forks):
    data = tmp_path_factory.mktemp("template") / "data"
    account = fresh_account(one_dovecot, "before")
    account.append(*old_mails())
    home = houses.open_up(day.settings_of(data), now=NOON)
    furnish(home, now=NOON)
    mailbox = connect(home, account.url)
    post.connect(home)
    poll.poll(home, mailbox, now=NOON)
    renumber(home)
    settled = in_doubt(home, conversation_of(home, "Old 0"))
    in_doubt(home, conversation_of(home, "Old 1"))
    draft = post.written(home, agent(home.store, ADA))
    jail.close(home.settings)
    home.close()
    found = Template(data=data, draft=(draft.id, draft.revision), settled=settled, reached=[])
    for variant in range(VARIANTS):
        found.reached.append(census(found, one_dovecot, archived, forks, variant, data.parent))
    return found


def renumber(home):
    """The server will know these folders under another UIDVALIDITY: it takes the second in which a
    folder was made for one, and accounts of one second would share it."""
    with home.store.export() as cursor:
        for table in ("folders", "raw_messages"):
            cursor.execute(f"update {table} set uidvalidity = 7 where uidvalidity > 0")


def conversation_of(home, subject):
    return post.one(home, "select id from conversations where subject = $s", s=subject)[0]


def in_doubt(home, conversation_id):
    """A reply whose DATA had begun when an earlier process died; answers its bytes."""
    bo = agent(home.store, BO)
    queued = post.send(home, bo, post.written(home, bo, conversation_id=conversation_id))
    with home.store.export() as cursor:
        cursor.execute(
            "update outbox set state = 'sending', stage = 'data', started_at = $now, "
            "leased_until = $now where id = $id",
            {"id": queued.outbox_id, "now": NOON},
        )
    ((sha256, segment, position, size),) = rows(
        home,
        "select raw_sha256, segment, position, size_bytes from outbox where id = $id",
        id=queued.outbox_id,
    )
    return home.raw.read(
        day.Place(sha256=sha256, segment=segment, position=position, size_bytes=size)
    )


def fresh_account(server, user):
    return replace(server, user=user)


def census(template, server, archived, forks, variant, folder):
    """How often each place is reached when nothing goes wrong."""
    told = folder / f"census{variant}.json"
    account = at_dawn(server, f"census{variant}", template, variant)
    data = copied(template, folder / f"census{variant}")
    with serving(Script()) as sink:
        code = forks.run(
            "live_and_count",
            told=str(told),
            **given(data, account, sink.port, archived, template, 0),
        )
    assert code == 0
    return json.loads(told.read_text())


def at_dawn(server, user, template, variant):
    """An account nobody used, under a UIDVALIDITY of its own: the old mails were renumbered."""
    account = fresh_account(server, user)
    account.append(*old_mails(), *new_mails(variant))
    account.append(
        template.settled,
        mail(
            "Mine",
            subject="Re: Old 2",
            sender="support@example.com",
            to="nils@customer.test",
            message_id="mine@example.com",
        ),
        folder="Skickat",
    )
    return account


def copied(template, where):
    shutil.copytree(template.data, where)
    return where


def given(data, account, port, archived, template, start):
    return {
        "data": str(data),
        "imap_url": account.url,
        "smtp_port": port,
        "archived": str(archived),
        "draft": template.draft,
        "begins": (day.MORNING + timedelta(minutes=40 * start)).isoformat(),
    }


def test_there_are_many_places_and_each_has_its_scenario(template):
    assert len(PLACES) >= 30
    assert sorted(set(PLACES) - template.reached[0].keys()) == []


def test_every_place_of_a_restore_and_a_rescue_has_its_scenario():
    tried = {place.split(" ")[1] for place in [*OF_RESTORE, *OF_RESCUE, "restore brought diary"]}
    verbs = {place.split()[0] for place in places(OF_AN_EXCHANGE)} - {"restore", "rescue"}
    assert verbs | {"brought", "began", "took"} <= tried


@pytest.mark.parametrize("place", some(PLACES, 4))
@pytest.mark.timeout(1200 if AT_LENGTH else 120)
def test_killed_there_the_day_is_begun_again(place, world, tmp_path):
    for n in range(ROUNDS):
        lived, left = one_round([place], n, world, tmp_path / str(n))
        assert left == []
        nothing_is_lost_or_doubled(lived, world.archived)
        shutil.rmtree(tmp_path / str(n))


@pytest.mark.parametrize("chain", range(CHAINS))
@pytest.mark.timeout(1200 if AT_LENGTH else 120)
def test_killed_again_and_again_it_ends_all_the_same(chain, world, tmp_path):
    """Every place, a few in a row in the order of the day; one that an earlier start was done
    with is killed in a day of its own."""
    order = [place for place in world.template.reached[0] if place in PLACES]
    for n in range(CHAIN_ROUNDS):
        mixed = random.Random(f"{chain} {n}")
        kills = order[chain::CHAINS] if n == 0 else sorted(mixed.sample(order, 9), key=order.index)
        folder = tmp_path / f"{n}"
        lived, left = one_round(kills, n, world, folder)
        nothing_is_lost_or_doubled(lived, world.archived)
        for place in left if n == 0 else ():
            lived, missed = one_round([place], n, world, folder / place)
            assert missed == []
            nothing_is_lost_or_doubled(lived, world.archived)
        shutil.rmtree(folder)


_accounts = itertools.count(1)


def one_round(kills, n, world, folder):
    """Start after start, each killed at its place, and one that may end; answer how things stand
    and the places that were not reached."""
    variant, mixed = n % VARIANTS, random.Random(f"{kills} {n}")
    folder.mkdir(parents=True)
    data = copied(world.template, folder / "data")
    account = at_dawn(world.server, f"k{next(_accounts)}", world.template, variant)
    left = []
    with serving(Script()) as sink:

        def start(task, nth, **more):
            day_of = given(data, account, sink.port, world.archived, world.template, nth)
            return world.forks.run(task, **more, **day_of)

        for nth, place in enumerate(kills):
            reached = world.template.reached[variant].get(place, 1) if len(kills) == 1 else 1
            words, proof = f"{place}#{mixed.randrange(reached) + 1}", folder / "proof"
            proof.write_text("")
            code = start("live", nth, words=words, proof=proof)
            if code == 0:
                left.append(place)
                continue
            assert (code, proof.read_text().split("\n")[0]) == (-signal.SIGKILL, place), words
        assert start("live_and_tell", len(kills), told=str(folder / "told.json")) == 0
    facts = json.loads((folder / "told.json").read_text())
    return Lived(server=account, script=sink.script, facts=facts), left


def nothing_is_lost_or_doubled(lived, archived):
    facts = lived.facts
    held = held_by(lived.server)
    assert facts["findings"] == []
    assert facts["damaged"] == []
    assert facts["files"] == []
    everything = {
        (folder, uid): raw for folder, mails in held.items() for uid, raw in mails.items()
    }
    assert sorted((f, u) for f, u, _ in facts["taken_in"]) == sorted(everything)
    for folder, uid, sha256 in facts["taken_in"]:
        assert sha256 == hashlib.sha256(everything[folder, uid]).hexdigest()
    once = {hashlib.sha256(f.read_bytes()).hexdigest() for f in archived.iterdir()}
    assert sorted(s for (s,) in facts["imported"]) == sorted(once)
    assert {*once, *(s for _, _, s in facts["taken_in"])} <= set(facts["on_disk"])
    assert "stored" not in dict(facts["states"])
    known = [rfc for rfc, _, _ in facts["messages"] if rfc]
    assert len(known) == len(set(known))
    there = {message_id(raw) for raw in everything.values()} | {f"once{n}@x.test" for n in range(5)}
    assert there <= set(known)
    of_outgoing(facts, lived.script, held["Skickat"].values())
    assert facts["backups"] == 1
    # Whole or not there at all; nothing half done is left beside it.
    assert [Path(name).suffix for name in facts["snapshots"]] == [".duckdb"]
    assert {s for (s,) in facts["unread"]} <= {"Bomb"}


def of_outgoing(facts, script, sent):
    """One reply that was sent, or is in doubt and told; two doubts of an earlier day."""
    accepted = [message_id(one.raw) for one in script.accepted]
    copies = [message_id(raw) for raw in sent]
    settled, asked, reply = facts["outbox"]
    assert settled[1] == "sent"
    assert asked[1] == "uncertain" and asked[3]
    assert len(accepted) == len(set(accepted)) <= 1, "one reply was sent twice"
    rfc, state, copy_state, was_asked, _ = reply
    assert set(accepted) <= {rfc}
    assert state in ("sent", "uncertain")
    if state == "sent":
        assert accepted == [rfc]
        assert (copy_state, copies.count(rfc)) == ("done", 1)
    else:
        assert was_asked
        assert len(facts["alerts"]) == 2
    assert copies.count(settled[0]) == 1


def message_id(raw):
    return email.message_from_bytes(raw)["Message-ID"].strip("<> ")


def held_by(account):
    found = {}
    with account.client() as client:
        for folder in ("INBOX", "Skickat"):
            client.select_folder(folder, readonly=True)
            answer = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            found[folder] = {uid: parts[b"BODY[]"] for uid, parts in answer.items()}
    return found
