"""Outbox against a scripted SMTP server: never two, never lost, doubt is shown."""

import email
from dataclasses import replace
from datetime import timedelta
from email import policy

import pytest

from inbox import outbox
from inbox.errors import TooLate
from inbox.messages import Address, Recipients
from ingest import deliver, smtp
from tests.conftest import NOON
from tests.furniture import ADA, INVOICE, QUOTE, SALES, SUPPORT
from tests.houses import furnished
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.smtp_script import DROP, GARBAGE, STALL, Script, serving, wait_until

DUE = NOON + timedelta(seconds=21)


@pytest.fixture
def settings(tmp_path, settings):
    return replace(
        settings,
        connect_seconds=1,
        read_seconds=0.5,
        data_seconds=0.5,
        sent_check_wait_seconds=0,
    )


@pytest.fixture
def home(settings):
    opened = furnished(settings, now=NOON)
    yield opened
    opened.close()


def run(home, script, now=DUE, **columns):
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}", **columns)
        return errands.deliver_due(home, now=now)


def queue(home, ada, *, anyway=False, **changes):
    post.connect(home)
    return post.send(home, ada, post.written(home, ada, **changes), anyway=anyway).outbox_id


def state(home, outbox_id=None):
    return post.one(
        home,
        "select state, stage, leased_until from outbox where id = "
        "coalesce($id, (select max(id) from outbox))",
        id=outbox_id,
    )


def replies(home):
    return post.one(home, "select count(*) from messages where direction = 'out'")[0]


@pytest.mark.feature("CR01")
def test_a_reply_leaves_and_is_filed(home, ada):
    script = Script()
    outbox_id = queue(home, ada, body="Thank you, **Maria**.")

    assert run(home, script) == 1

    (mail,) = script.accepted
    assert (mail.sender, mail.recipients) == ("support@example.com", ["maria@customer.test"])
    parsed = email.message_from_bytes(mail.raw, policy=policy.default)
    assert parsed["From"] == "Ada Lind <support@example.com>"
    assert parsed["In-Reply-To"] == "<m1@customer.test>"
    assert "Thank you, **Maria**." in parsed.get_body(("plain",)).get_content()
    assert "<strong>Maria</strong>" in parsed.get_body(("html",)).get_content()
    assert state(home, outbox_id) == ("sent", "", None)
    assert post.kinds(home) == ["claimed", "queued", "replied"]
    row = post.one(
        home,
        "select waiting_since, message_count, snippet, status, last_reply_at >= $due, alert "
        "from conversations where id = 1",
        due=DUE,
    )
    assert row == (None, 2, "Thank you, **Maria**.", "open", True, None)
    filed = post.one(
        home,
        "select m.direction, m.via, m.agent_id, m.answers_message_id, b.reply_text, "
        "m.rfc_message_id from messages m join bodies b on m.id = b.message_id "
        "where m.direction = 'out'",
    )
    assert filed[:5] == ("out", "app", ADA, 1, "Thank you, **Maria**.")
    assert f"<{filed[5]}>" == parsed["Message-ID"]
    assert run(home, script) == 0
    assert len(script.accepted) == 1


def test_nothing_leaves_within_the_undo_window(home, ada):
    script = Script()
    queue(home, ada)

    assert run(home, script, now=NOON + timedelta(seconds=19)) == 0
    assert script.connections == 0


@pytest.mark.feature("CR17", "QV24")
def test_close_on_send_closes_when_the_server_has_it(home, ada):
    post.connect(home)
    post.send(home, ada, post.written(home, ada), closes=True)
    assert post.one(home, "select status from conversations where id = 1") == ("open",)

    run(home, Script())

    assert post.one(home, "select status from conversations where id = 1") == ("closed",)
    assert post.kinds(home) == ["claimed", "queued", "replied", "closed"]


BEFORE_DATA = {
    "greet 421": {"greet": [421]},
    "greet dropped": {"greet": [DROP]},
    "greet silent": {"greet": [STALL]},
    "greet garbage": {"greet": [GARBAGE]},
    "ehlo 451": {"ehlo": [451]},
    "ehlo dropped": {"ehlo": [DROP]},
    "mail 451": {"mail": [451]},
    "mail dropped": {"mail": [DROP]},
    "mail silent": {"mail": [STALL]},
    "rcpt 450": {"rcpt": [450]},
    "rcpt 421": {"rcpt": [421]},
    "rcpt dropped": {"rcpt": [DROP]},
    "rcpt silent": {"rcpt": [STALL]},
    "data 451": {"data": [451]},
    "dot 451": {"dot": [451]},
    "dot 421": {"dot": [421]},
}


@pytest.mark.parametrize("steps", BEFORE_DATA.values(), ids=BEFORE_DATA.keys())
def test_what_may_pass_is_tried_again_and_arrives_once(home, ada, steps):
    script = Script(steps=steps)
    outbox_id = queue(home, ada)

    assert run(home, script) == 0
    assert script.accepted == []
    assert state(home, outbox_id) == ("queued", "", None)
    assert replies(home) == 0
    wait = post.one(home, "select due_at - $due from outbox", due=DUE)[0]
    assert timedelta(seconds=59) < wait < timedelta(seconds=65)

    healed = Script()
    assert run(home, healed, now=DUE + timedelta(seconds=50)) == 0
    assert run(home, healed, now=DUE + timedelta(seconds=70)) == 1
    assert (len(healed.accepted), replies(home)) == (1, 1)


FOR_GOOD = {
    "greet 554": {"greet": [554]},
    "mail 550": {"mail": [550]},
    "rcpt 550": {"rcpt": [550]},
    "data 554": {"data": [554]},
    "dot 552": {"dot": [552]},
}


@pytest.mark.parametrize("steps", FOR_GOOD.values(), ids=FOR_GOOD.keys())
def test_a_definite_no_fails_and_shouts(home, ada, steps):
    script = Script(steps=steps)
    outbox_id = queue(home, ada)

    assert run(home, script) == 0
    assert run(home, Script(), now=DUE + timedelta(days=1)) == 0
    assert script.accepted == []
    assert state(home, outbox_id) == ("failed", "", None)
    assert post.kinds(home) == ["claimed", "queued", "failed"]
    assert "could not be sent" in post.one(home, "select alert from conversations where id=1")[0]
    assert replies(home) == 0


def test_a_session_that_ended_after_a_recipient_is_no_doubt(home, ada):
    """A 421 to one recipient ends the session: nothing was handed over, to nobody."""
    script = Script(refuse={"slow@shop.test": 421})
    queue(home, ada, recipients=post.to("maria@customer.test", "slow@shop.test"))

    assert run(home, script) == 0
    assert (script.accepted, state(home)[0]) == ([], "queued")
    healed = Script()
    assert run(home, healed, now=DUE + timedelta(seconds=70)) == 1
    assert healed.accepted[0].recipients == ["maria@customer.test", "slow@shop.test"]


DOUBTFUL = {
    "data dropped": (Script(steps={"data": [DROP]}), 0),
    "data silent": (Script(steps={"data": [STALL]}), 0),
    "data 250": (Script(steps={"data": [250]}), 0),
    "in data": (Script(in_data=True), 0),
    "dot dropped": (Script(steps={"dot": [DROP]}), 0),
    "dot silent": (Script(steps={"dot": [STALL]}), 0),
    "dot garbage": (Script(steps={"dot": [GARBAGE]}), 0),
    "accepted, dropped": (Script(accept_then=DROP), 1),
    "accepted, silent": (Script(accept_then=STALL), 1),
    "accepted, garbage": (Script(accept_then=GARBAGE), 1),
}


@pytest.mark.parametrize(("script", "held"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_a_break_after_data_is_a_doubt_and_never_sent_again_by_itself(home, ada, script, held):
    script = replace(script, accepted=[], over=type(script.over)())
    outbox_id = queue(home, ada)

    assert run(home, script) == 0
    later = Script()
    for hours in (1, 24, 72):
        assert run(home, later, now=DUE + timedelta(hours=hours)) == 0
    assert (len(script.accepted), len(later.accepted)) == (held, 0)
    assert state(home, outbox_id) == ("uncertain", "", None)
    assert replies(home) == 0
    with home.store.read() as db:
        (shown,) = outbox.of_conversation(db, ada, INVOICE)
        (trouble,) = outbox.troubles(db, ada)
    assert shown.state == trouble.state == "uncertain"


def test_it_arrived_files_the_reply_once(home, ada):
    outbox_id = queue(home, ada)
    run(home, Script(accept_then=DROP))

    for _ in range(2):
        with home.store.write() as db:
            outbox.confirm_arrived(db, ada, outbox_id, now=DUE)

    assert state(home, outbox_id)[0] == "sent"
    assert replies(home) == 1
    assert post.kinds(home) == ["claimed", "queued", "doubted", "confirmed", "replied"]
    assert post.one(home, "select alert from conversations where id = 1") == (None,)


def test_send_again_sends_the_same_mail_as_a_new_row(home, ada):
    outbox_id = queue(home, ada)
    first, second = Script(accept_then=DROP), Script()
    run(home, first)

    with home.store.write() as db:
        outbox.send_again(db, ada, outbox_id, now=DUE)
    with pytest.raises(TooLate), home.store.write() as db:
        outbox.send_again(db, ada, outbox_id, now=DUE)
    run(home, second, now=DUE + timedelta(seconds=1))

    assert first.accepted[0].raw == second.accepted[0].raw
    assert replies(home) == 1
    assert [s for (s,) in post.every(home, "select state from outbox order by id")] == [
        "cancelled",
        "sent",
    ]


def test_a_partly_refused_mail_is_sent_and_the_refused_address_shouts(home, ada):
    script = Script(refuse={"wrong@shop.test": 550})
    outbox_id = queue(home, ada, recipients=post.to("maria@customer.test", "wrong@shop.test"))

    assert run(home, script) == 1

    assert script.accepted[0].recipients == ["maria@customer.test"]
    assert state(home, outbox_id)[0] == "sent"
    with home.store.read() as db:
        (shown,) = outbox.of_conversation(db, ada, INVOICE)
    assert {r.address: r.state for r in shown.results} == {
        "maria@customer.test": "accepted",
        "wrong@shop.test": "refused",
    }
    alert = post.one(home, "select alert from conversations where id = 1")[0]
    assert alert == "Not delivered to wrong@shop.test (550 scripted)"


def test_a_refused_address_is_corrected_and_gets_the_mail_alone(home, ada):
    queue(home, ada, recipients=post.to("maria@customer.test", "wrong@shop.test"))
    run(home, Script(refuse={"wrong@shop.test": 550}))
    outbox_id = post.one(home, "select id from outbox")[0]

    with home.store.write() as db:
        outbox.correct(
            db, ada, outbox_id, "wrong@shop.test", "right@shop.test", raw=home.raw, now=DUE
        )
    with pytest.raises(TooLate), home.store.write() as db:
        outbox.correct(
            db, ada, outbox_id, "wrong@shop.test", "right@shop.test", raw=home.raw, now=DUE
        )
    script = Script()
    assert run(home, script, now=DUE + timedelta(seconds=1)) == 1

    (mail,) = script.accepted
    parsed = email.message_from_bytes(mail.raw, policy=policy.default)
    assert mail.recipients == ["right@shop.test"]
    assert parsed["To"] == "maria@customer.test, right@shop.test"
    assert replies(home) == 1
    with home.store.read() as db:
        assert outbox.of_conversation(db, ada, INVOICE) == []
    assert post.one(home, "select alert from conversations where id = 1") == (None,)


def test_a_recipient_put_off_gets_the_mail_later_and_nobody_gets_two(home, ada):
    script = Script(refuse={"slow@shop.test": 450})
    queue(home, ada, recipients=post.to("maria@customer.test", "slow@shop.test"))
    run(home, script)
    assert [m.recipients for m in script.accepted] == [["maria@customer.test"]]

    later = Script()
    assert run(home, later, now=DUE + timedelta(seconds=90)) == 1

    assert [m.recipients for m in later.accepted] == [["slow@shop.test"]]
    assert later.accepted[0].raw == script.accepted[0].raw
    assert replies(home) == 1
    assert post.kinds(home) == ["claimed", "queued", "replied", "redelivered"]


def test_after_two_days_of_trouble_it_has_failed(home, ada):
    outbox_id = queue(home, ada)
    down = Script(steps={"greet": [421]})
    now, waits = DUE, []
    while state(home, outbox_id)[0] == "queued":
        run(home, down, now=now)
        due = post.one(home, "select due_at from outbox")[0]
        waits.append(round((due - now).total_seconds() / 60))
        now = due

    assert waits[:6] == [1, 5, 15, 60, 240, 240]
    assert state(home, outbox_id)[0] == "failed"
    assert timedelta(hours=48) <= now - NOON < timedelta(hours=53)


def test_a_failed_mail_can_be_cancelled_and_its_text_is_a_draft_again(home, ada):
    outbox_id = queue(home, ada, body="Keep me")
    run(home, Script(steps={"rcpt": [550]}))

    with home.store.write() as db:
        draft = outbox.cancel(db, ada, outbox_id, now=DUE)

    assert (draft.body, draft.state) == ("Keep me", "open")
    assert post.send(home, ada, draft, now=DUE).outbox_id != outbox_id


def test_bcc_is_in_the_envelope_and_in_no_header(home, ada):
    script = Script()
    hidden = (Address(name="Boss", address="boss@hidden.test"),)
    queue(home, ada, recipients=Recipients(to=(post.MARIA,), bcc=hidden))

    run(home, script)

    assert "boss@hidden.test" in script.accepted[0].recipients
    assert b"hidden" not in script.accepted[0].raw


def test_one_connection_carries_all_mails_of_a_mailbox(home, ada, bo):
    script = Script()
    queue(home, ada, anyway=True)
    post.send(home, bo, post.written(home, bo), anyway=True)

    assert run(home, script) == 2
    assert (script.connections, len(script.accepted)) == (1, 2)


def test_a_server_that_hangs_up_between_mails_is_called_again(home, ada, bo):
    script = Script(steps={"mail": [250, DROP, 250]})
    queue(home, ada, anyway=True)
    post.send(home, bo, post.written(home, bo), anyway=True)

    assert run(home, script) == 2
    assert (script.connections, len(script.accepted)) == (2, 2)


def test_a_refused_mail_does_not_spoil_the_next(home, ada, bo):
    script = Script(refuse={"wrong@shop.test": 550})
    queue(home, ada, anyway=True, recipients=post.to("wrong@shop.test"))
    post.send(home, bo, post.written(home, bo), anyway=True)

    assert run(home, script) == 1
    states = [s for (s,) in post.every(home, "select state from outbox order by id")]
    assert (script.connections, states) == (1, ["failed", "sent"])


def test_a_mailbox_is_served_by_one_walk_at_a_time(home, ada, bo):
    script = Script(steps={"greet": [STALL]})
    queue(home, ada, anyway=True)
    post.send(home, bo, post.written(home, bo), anyway=True)
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        postman = deliver.Postman(home)
        postman.round(now=DUE)
        wait_until(lambda: script.connections)
        postman.round(now=DUE)
        postman.wait()

    assert script.connections == 1
    assert [s for (s,) in post.every(home, "select state from outbox")] == ["queued", "queued"]


def test_a_walk_that_breaks_is_told_and_the_mail_is_not_lost(home, ada, monkeypatch):
    outbox_id = queue(home, ada)

    async def broken(self, *args, **kwargs):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(smtp.Connection, "envelope", broken)
        assert run(home, Script()) == 0
    assert post.one(home, "select is_ok from job_runs where job = 'deliver'") == (False,)
    assert state(home, outbox_id)[0] == "sending"

    script = Script()
    assert run(home, script, now=DUE + timedelta(minutes=6)) == 0
    assert run(home, script, now=DUE + timedelta(minutes=8)) == 1


def test_a_stalled_server_delays_no_other_mailbox(home, ada, eve):
    stalled, quick = Script(steps={"greet": [STALL]}), Script()
    queue(home, ada)
    post.connect(home, mailbox_id=SALES)
    post.send(home, eve, post.written(home, eve, conversation_id=QUOTE))
    with serving(stalled) as one, serving(quick) as two:
        post.connect(home, f"smtp://127.0.0.1:{one.port}", SUPPORT)
        post.connect(home, f"smtp://127.0.0.1:{two.port}", SALES)
        postman = deliver.Postman(home)
        postman.round(now=DUE)
        wait_until(lambda: quick.accepted, 0.9)
        assert stalled.accepted == []
        assert postman.wait() == 1


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
def test_signing_in_with_a_password(home, ada, mechanisms):
    script = Script(mechanisms=mechanisms)
    queue(home, ada)
    with serving(script) as server:
        post.connect(
            home, f"smtp://support@127.0.0.1:{server.port}", secret=home.keys.encrypt("secret")
        )
        assert errands.deliver_due(home, now=DUE) == 1


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_signing_in_with_a_token_that_is_refused(home, ada, auth):
    script = Script(mechanisms=auth.upper(), steps={"auth": [334]})
    queue(home, ada)
    with serving(script) as server:
        post.connect(
            home,
            f"smtp://support@127.0.0.1:{server.port}",
            secret=home.keys.encrypt("token-canary"),
            auth=auth,
        )
        assert errands.deliver_due(home, now=DUE) == 0
    error = post.one(home, "select error from outbox")[0]
    assert state(home)[0] == "failed"
    assert "535" in error
    assert "token-canary" not in error


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_signing_in_with_a_token(home, ada, auth):
    script = Script(mechanisms=auth.upper())
    queue(home, ada)
    with serving(script) as server:
        url = f"smtp://support@127.0.0.1:{server.port}"
        post.connect(home, url, token_command="echo fresh-token", auth=auth)
        assert errands.deliver_due(home, now=DUE) == 1


def test_the_lost_lease_sends_nothing(home, ada, monkeypatch):
    """A worker that slept through its lease must not send what another has taken up."""
    script = Script()
    outbox_id = queue(home, ada)
    envelope = smtp.Connection.envelope

    async def slow(self, *args, **kwargs):
        with home.store.export() as cursor:
            cursor.execute("update outbox set leased_until = leased_until + interval 1 second")
        return await envelope(self, *args, **kwargs)

    monkeypatch.setattr(smtp.Connection, "envelope", slow)
    assert run(home, script) == 0
    assert script.accepted == []
    assert state(home, outbox_id)[:2] == ("sending", "connect")


def test_a_lease_that_ran_out_is_taken_up_again(home, ada):
    queue(home, ada)
    with home.store.export() as cursor:
        cursor.execute(
            "update outbox set state = 'sending', stage = 'connect', leased_until = $until",
            {"until": DUE},
        )
    later = DUE + timedelta(seconds=1)
    script = Script()
    assert run(home, script, now=later) == 0
    assert run(home, script, now=later + timedelta(seconds=90)) == 1
