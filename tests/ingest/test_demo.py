"""The demo: its plan, its servers, its customers, and the play that puts them together."""

import os
import queue
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

import pytest

from inbox import clock, house, judging, lists, passwords, pilot_mail, pilots
from inbox.errors import StoreBusy
from inbox.settings import HOUSE, Settings
from ingest import demo
from ingest.demo import acting, history, letters, past, servers
from ingest.demo.compose import Letter, render
from ingest.demo.customer import CUSTOMERS, Arrived, Customers, Pace
from ingest.demo.firm import ANSWERING, SALES, SARA, SUPPORT
from ingest.demo.tale import Mail, Verb, cast

SUNDAY_NIGHT = datetime(2026, 11, 22, 2, 30)
TUESDAY = datetime(2026, 11, 24, 10, 0)
QUICK = Pace(answer=(0.2, 0.4), news=(0.3, 0.5), keenness=1)
BOTH = {SUPPORT: "one", SALES: "two", CUSTOMERS: "three"}


def happenings(plan):
    return [one for tale in plan for one in tale.happenings]


def mails(plan):
    return [one for one in happenings(plan) if isinstance(one, Mail)]


# The plan


def test_every_text_fills_its_braces():
    for language in letters.languages().values():
        about = letters.facts(Random(1), letters.customer(Random(1), language, 1))
        for story in language.stories:
            for part in fields(story):
                texts = getattr(story, part.name)
                for text in texts if isinstance(texts, list) else []:
                    assert letters.fill(text, about), (language.code, story.kind, part.name)


def test_plan_is_the_same_for_the_same_moment_and_seed():
    one, two, other = (past.plan(now=TUESDAY, seed=seed) for seed in (1, 1, 2))

    assert happenings(one) == happenings(two)
    assert [m.raw for m in mails(one)[:40]] == [m.raw for m in mails(two)[:40]]
    assert happenings(one) != happenings(other)


@pytest.mark.parametrize("now", [SUNDAY_NIGHT, TUESDAY])
def test_plan_looks_alive_whatever_the_hour(now):
    plan = past.plan(now=now)
    newest = max(one.at for one in happenings(plan))
    untouched = [tale for tale in plan if not tale.is_touched]

    assert 250 <= len(plan) <= 400
    assert 900 <= len(mails(plan)) <= 1_500
    assert timedelta(0) < now - newest <= timedelta(minutes=5)
    assert min(one.at for one in happenings(plan)) < now - timedelta(days=26)
    assert 10 <= len(untouched) <= 20


@pytest.mark.parametrize("hour", range(0, 168, 12))
def test_everybody_has_work_of_today_whatever_the_hour(hour):
    plan = past.plan(now=TUESDAY + timedelta(hours=hour))
    taken = Counter(
        tale.happenings[1].agent
        for tale in plan
        if [type(one) for one in tale.happenings if getattr(one, "name", "") != "tag"]
        == [Mail, Verb]
        and tale.happenings[1].name == "claim"
    )

    assert all(taken[one.email] >= 3 for one in ANSWERING), taken


def test_plan_has_what_a_team_lives_through():
    plan = past.plan(now=TUESDAY)
    verbs = Counter(one.name for one in happenings(plan) if isinstance(one, Verb))
    answered_by = [
        {
            one.raw.split(b"Sender: ")[1].split(b"\r\n")[0]
            for one in tale.happenings
            if isinstance(one, Mail) and one.folder == "Sent"
        }
        for tale in plan
    ]
    waits = [
        next(m.at for m in mails([tale]) if m.folder == "Sent") - tale.happenings[0].at
        for tale in plan
        if any(m.folder == "Sent" for m in mails([tale]))
    ]
    speak = Counter(tale.who.language.code for tale in plan)

    assert set(verbs) == {*("claim", "assign", "note", "close", "mark_spam"), "tag", "ask", "draft"}
    assert (verbs["ask"], verbs["draft"]) == (1, 1)
    assert 5 <= verbs["tag"] <= 60
    assert sum(len(who) > 1 for who in answered_by) >= 4, "duplicate replies"
    assert sum(wait > timedelta(days=1) for wait in waits) >= 10, "breaches"
    assert min(speak.values()) > 40


def test_replies_are_written_in_working_hours():
    sent = [m.at for m in mails(past.plan(now=TUESDAY)) if m.folder == "Sent"]

    assert {at.weekday() for at in sent} == {0, 1, 2, 3, 4}
    assert all(6 <= at.hour <= 17 for at in sent)


def test_every_planned_mail_has_its_own_message_id():
    found = [m.raw.split(b"Message-ID: <")[1].split(b">")[0] for m in mails(past.plan(now=TUESDAY))]

    assert len(found) == len(set(found))


def test_follow_ups_name_what_they_answer_and_quote_it():
    tale = cast(3).tale()
    tale.writes("Where is it?", TUESDAY)
    tale.writes("Hello?", TUESDAY + timedelta(hours=1))
    first, second = (message_from_bytes(m.raw, policy=policy.default) for m in mails([tale]))

    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == first["Message-ID"]
    assert second["Subject"].startswith(tale.who.language.reply_prefix)


def test_mail_that_came_after_a_close_is_acted_out_after_it():
    plan = past.plan(now=TUESDAY)
    scene_of = {
        id(one): n
        for n, scene in enumerate(acting.scenes(plan))
        for one in (*scene.mails, *scene.verbs)
    }
    reopened = 0
    for tale in plan:
        closed = None
        for one in tale.happenings:
            if isinstance(one, Verb) and one.name == "close":
                closed = one
            elif isinstance(one, Mail) and closed:
                assert scene_of[id(one)] > scene_of[id(closed)]
                reopened += 1
    assert reopened > 50


def test_a_few_scenes_are_enough():
    assert len(acting.scenes(past.plan(now=TUESDAY))) < 30


def test_scenes_lose_nothing():
    plan = past.plan(now=TUESDAY)
    scenes = acting.scenes(plan)

    assert sum(len(s.mails) + len(s.verbs) for s in scenes) == len(happenings(plan))


# The servers


@contextmanager
def provider(receive=lambda *_: None):
    with servers.provider(BOTH, receive) as found:
        yield found


def count(found, address, folder="INBOX"):
    with found.postman(address) as postman:
        _, data = postman._connection.select(folder, readonly=True)
    return int(data[0])


def test_mail_lies_in_the_folder_of_the_account_it_was_put_in():
    with provider() as found:
        with found.postman(SUPPORT) as postman:
            postman.deliver(b"Subject: a\r\n\r\nb\r\n", at=TUESDAY, folder="Sent")

        assert count(found, SUPPORT, "Sent") == 1
        assert count(found, SUPPORT) == count(found, SALES, "Sent") == 0


def test_smtp_hands_on_what_it_accepted_byte_for_byte():
    got = []
    raw = b"Subject: hi\r\n\r\n.a line with a dot\r\n"
    with (
        provider(lambda *mail: got.append(mail)) as found,
        smtplib.SMTP("127.0.0.1", found.smtp_port) as client,
    ):
        client.sendmail(SUPPORT, ["a@b.test", "c@d.test"], raw)

    assert got == [(SUPPORT, ["a@b.test", "c@d.test"], raw)]


def test_imap_server_goes_when_its_parent_is_killed(tmp_path):
    script = (
        "import time\nfrom ingest.demo import servers\n"
        "with servers.provider({'a@b.test': 'x'}, print) as found:\n"
        "    print(found.process_id, flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=HOUSE, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    assert eventually(lambda: not is_running(child))


def is_running(process_id):
    try:
        return Path(f"/proc/{process_id}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def eventually(true, seconds=15):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


# The customers


@contextmanager
def customers(found, arrived, tales, pace):
    people = Customers(
        provider=found, clock=clock.now, tales=tales, seed=5, arrived=arrived, pace=pace
    )
    people.start()
    try:
        yield people
    finally:
        people.stop()


def our_reply(tale, **headers):
    return render(
        Letter(
            sender=("Sara", tale.mailbox),
            to=(tale.who.name, tale.who.address),
            subject=f"Re: {tale.subject}",
            text="It comes on Friday.",
            at=clock.now(),
            message_id="c1.2.abc@nordkaj.example",
            references=tale.references,
            headers=headers,
        )
    )


def newest(found, address):
    with found.postman(address) as postman:
        postman._connection.select("INBOX", readonly=True)
        _, data = postman._connection.fetch("*", "(RFC822)")
    return message_from_bytes(data[0][1], policy=policy.default)


def test_customer_answers_what_the_app_sent_him():
    arrived = queue.SimpleQueue()
    tale = cast(1).tale()
    tale.writes("Where is it?", clock.now() - timedelta(hours=1))
    with provider() as found, customers(found, arrived, [tale], replace(QUICK, news=(999, 999))):
        arrived.put(Arrived(recipients=[tale.who.address], raw=our_reply(tale)))

        assert eventually(lambda: count(found, tale.mailbox) == 1)
        answer = newest(found, tale.mailbox)
        assert answer["In-Reply-To"] == "<c1.2.abc@nordkaj.example>"
        assert tale.who.address in answer["From"]
        assert count(found, CUSTOMERS) == 1


def test_customer_leaves_automatic_mail_and_mail_to_colleagues_alone():
    arrived = queue.SimpleQueue()
    tale = cast(1).tale()
    tale.writes("Where is it?", clock.now() - timedelta(hours=1))
    with provider() as found, customers(found, arrived, [tale], replace(QUICK, news=(999, 999))):
        automatic = our_reply(tale, **{"Auto-Submitted": "auto-generated"})
        arrived.put(Arrived(recipients=[tale.who.address], raw=automatic))
        arrived.put(Arrived(recipients=["sara@nordkaj.example"], raw=our_reply(tale)))

        assert eventually(lambda: count(found, CUSTOMERS) == 2)
        time.sleep(1.5)
        assert count(found, tale.mailbox) == 0


def test_new_mail_keeps_coming_until_the_customers_are_stopped():
    with provider() as found:
        with customers(found, queue.SimpleQueue(), [], QUICK):
            assert eventually(lambda: count(found, SUPPORT) + count(found, SALES) >= 2)
        stood = count(found, SUPPORT) + count(found, SALES)
        time.sleep(1)

        assert count(found, SUPPORT) + count(found, SALES) == stood


# When it runs, and where


def test_demo_is_wanted_only_while_nothing_is_configured(tmp_path):
    settings = Settings(data=tmp_path)

    assert demo.is_wanted(settings, {})
    assert not demo.is_wanted(settings, {"DELAD_DEMO": "false"})
    assert demo.is_wanted(replace(settings, demo=True), {"DELAD_DEMO": "true"})
    settings.database.touch()
    assert not demo.is_wanted(settings, {})


def test_after_leaving_the_next_start_is_for_real(tmp_path):
    settings = Settings(data=tmp_path)
    demo.leave(replace(settings, data=tmp_path / demo.FOLDER, demo=True))

    assert not demo.is_wanted(settings, {})


def test_restart_replaces_the_process_and_its_environment(tmp_path):
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom inbox.settings import Settings\n"
        "from ingest import demo\n"
        "import socket\n"
        "if os.environ.get('DELAD_DEMO') == 'false':\n"
        "    socket.socket().bind(('127.0.0.1', int(os.environ['PORT'])))\n"
        "    print('for real'); sys.exit()\n"
        "open_one = socket.create_server(('127.0.0.1', 0))\n"
        "open_one.set_inheritable(True)\n"
        "os.environ['PORT'] = str(open_one.getsockname()[1])\n"
        f"settings = Settings(data=Path({str(tmp_path / 'demo-house')!r}))\n"
        "demo.restart_for_real(settings, os.environ)\n"
    )
    (tmp_path / "start.py").write_text(script)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "start.py")],
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout == "for real\n", done.stderr
    assert (tmp_path / demo.MARKER).exists()


def test_two_demos_do_not_share_a_folder(tmp_path):
    settings = Settings(data=tmp_path)
    with (
        demo.running(settings, clock=clock.now),
        pytest.raises(StoreBusy, match="Another Delad"),
        demo.running(settings, clock=clock.now),
    ):
        pass


def test_password_is_new_at_every_start_and_in_no_repr(tmp_path):
    found = []
    for _ in range(2):
        with demo.running(Settings(data=tmp_path), clock=clock.now) as running:
            found.append(running.password)
            assert running.password not in repr(running)
            assert running.password in running.words

    assert found[0] != found[1]


# The play


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A demo played to its end, with its customers at rest."""
    settings = Settings(data=tmp_path_factory.mktemp("demo"), idle=False)
    resting = Pace(answer=(900, 900), news=(900, 900))
    with demo.running(settings, clock=clock.now, pace=resting) as running:
        home = house.open_up(running.settings, now=clock.now())
        work = Work()
        with running.lived_in(home, work) as firm:
            assert work.began.wait(110)
            yield running, home, firm
        assert work.ended, "pollers and delivery stop with the demo"
        home.close()


class Work:
    """Stands where the app puts its pollers and its delivery."""

    def __init__(self):
        self.began = threading.Event()
        self.ended = False

    @contextmanager
    def __call__(self):
        self.began.set()
        yield
        self.ended = True


def test_every_planned_mail_came_in_once_with_its_own_time(played):
    _, home, _ = played
    with home.store.export() as cursor:
        total, newest, unnamed = cursor.execute(
            "select count(*), max(received_at), count(*) filter (direction = 'out' and "
            "agent_id is null) from messages where direction <> 'note' and via <> 'import'"
        ).fetchone()
        (doubled,) = cursor.execute(
            "select count(*) - count(distinct rfc_message_id) from messages "
            "where direction <> 'note'"
        ).fetchone()

    assert 900 <= total <= 1_500
    assert clock.now() - newest < timedelta(minutes=5)
    assert doubled == 0
    assert unnamed == 0, "every reply of the past is known to be someone's"


def test_the_inbox_looks_alive(played):
    _, home, firm = played
    sara = firm.team[SARA.email]
    with home.store.read() as db:
        counts = lists.counts(db, sara, now=clock.now())
        waiting = lists.listed(db, sara, "unassigned", now=clock.now())

    assert 10 <= counts.unassigned <= 22
    assert 3 <= counts.mine <= 25
    assert counts.closed > 200
    assert counts.spam == 5
    newest = max(row.last_message_at for row in waiting)
    assert clock.now() - newest < timedelta(minutes=5)
    assert any(not one.is_readable for one in waiting)


def test_the_past_is_told_in_verbs_with_past_times(played):
    _, home, _ = played
    with home.store.export() as cursor:
        kinds = dict(cursor.execute("select kind, count(*) from events group by all").fetchall())
        (first,) = cursor.execute(
            "select min(occurred_at) from events where kind = 'claimed'"
        ).fetchone()

    assert {"received", "claimed", "assigned", "replied", "noted", "closed", "reopened"} <= set(
        kinds
    )
    assert clock.now() - first > timedelta(days=24)


def test_everybody_of_the_demo_can_sign_in_with_its_password(played):
    running, home, firm = played
    with home.store.export() as cursor:
        hashes = cursor.execute("select password_hash from agents").fetchall()

    assert len(running.accounts) == len(firm.team) == len(hashes) == 4
    assert all(passwords.check(running.password, hashed) for (hashed,) in hashes[:1])


def test_ten_weeks_of_history_come_after_and_a_pilot_is_decided_by_them(played):
    _, home, firm = played
    sara = firm.team[SARA.email]
    assert eventually(lambda: imported(home) == history_count(), 60)
    with home.store.read() as db:
        (one,) = pilots.of_viewer(db, sara)
        told = pilot_mail.told(db, sara, one, now=clock.now())
    found = judging.verdict(one.plan.rule, told.before, told.pilot)

    assert one.state(clock.now()) == "over"
    assert one.set_at.at < one.plan.since
    assert found.kind == "keep"
    assert found.days[0] > 50
    assert 0.7 < told.adoption < 0.95
    assert told.before.turns_with_duplicates > 20


def history_count():
    return len(history.mails(until=clock.now() - timedelta(weeks=4)))


def imported(home):
    with home.store.export() as cursor:
        return cursor.execute("select count(*) from messages where via = 'import'").fetchone()[0]


def test_history_is_answered_by_the_people_of_the_firm_and_ends_where_the_weeks_begin():
    found = history.mails(until=TUESDAY)
    sent = [mail for mail in found if mail.folder == "Sent"]

    assert 1_200 <= len(found) <= 2_000
    assert found == history.mails(until=TUESDAY)
    assert TUESDAY - timedelta(weeks=10) <= found[0].at
    assert {mail.content.headers["Sender"] for mail in sent} == {one.email for one in ANSWERING}
    assert len({mail.content.message_id for mail in found}) == len(found)
