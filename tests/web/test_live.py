import contextlib
import json
import time

import pytest
from websockets.exceptions import ConnectionClosed

from inbox import clock, conversations, drafts, people, reviews, sessions
from tests.furniture import ADA, BO, CY, EVE, INVOICE, QUOTE, SALES, SUPPORT
from tests.web.test_gate import connect
from web import live


@contextlib.contextmanager
def attending(served, agent_id):
    with connect(served, "/live", served.browser(agent_id).token) as socket:
        yield socket


def say(socket, viewing, replying=False):
    socket.send(json.dumps({"viewing": viewing, "replying": replying}))


def hear(socket, kind, timeout=3.0):
    """The next message of this kind; raises TimeoutError when none comes."""
    end = time.monotonic() + timeout
    while True:
        news = json.loads(socket.recv(timeout=max(0.01, end - time.monotonic())))
        if news["kind"] == kind:
            return news


def hears_nothing(socket, kind):
    with pytest.raises(TimeoutError):
        hear(socket, kind, timeout=0.7)
    return True


def act(served, agent, verb, conversation_id=INVOICE):
    with served.house.store.write() as db:
        verb(db, agent, conversation_id, now=clock.now())


def settle(socket):
    """Past what signing the others in has pushed."""
    with contextlib.suppress(TimeoutError):
        while True:
            socket.recv(timeout=0.2)


def test_a_claim_reaches_everyone_who_may_read_at_once(served, ada):
    with attending(served, BO) as bo, attending(served, CY) as cy, attending(served, EVE) as eve:
        settle(bo)
        began = time.monotonic()
        act(served, ada, conversations.claim)

        told = {"kind": "changed", "conversations": [INVOICE], "mailboxes": [SUPPORT]}
        assert hear(bo, "changed") == told
        assert time.monotonic() - began < 0.5
        assert hear(cy, "changed") == told
        assert hears_nothing(eve, "changed")


def test_a_storm_is_told_once_a_second(served, ada):
    with attending(served, BO) as bo:
        settle(bo)
        began = time.monotonic()
        for _ in range(10):
            act(served, ada, conversations.close)
            act(served, ada, conversations.reopen)
        took = time.monotonic() - began
        told = [hear(bo, "changed"), hear(bo, "changed")]
        with contextlib.suppress(TimeoutError):
            while True:
                told.append(hear(bo, "changed", timeout=live.PUSH_SECONDS * 1.5))

    assert all(news["conversations"] == [INVOICE] for news in told)
    assert len(told) <= 2 + took / live.PUSH_SECONDS


def test_among_many_open_pages_news_comes_less_often_but_not_of_what_one_looks_at(
    served, ada, monkeypatch
):
    monkeypatch.setattr(live, "PUSH_SECONDS_EACH", 2.0)
    with attending(served, BO) as bo, attending(served, CY) as cy:
        say(bo, INVOICE)
        settle(cy)
        settle(bo)
        act(served, ada, conversations.close)
        hear(bo, "changed")
        hear(cy, "changed")
        act(served, ada, conversations.reopen)
        began = time.monotonic()
        hear(bo, "changed")
        soon = time.monotonic() - began
        hear(cy, "changed", timeout=8.0)
        late = time.monotonic() - began

    assert soon < 2 * live.PUSH_SECONDS
    assert late > 3 * live.PUSH_SECONDS


@pytest.mark.feature("CR10")
def test_what_is_typed_into_a_shared_draft_is_told_to_whoever_looks_at_it(served, ada, bo):
    with served.house.store.write() as db:
        draft = drafts.start(db, bo, INVOICE, "reply", now=clock.now())

    def type_(agent, body):
        with served.house.store.write() as db:
            now = drafts.own(db, agent, draft.id)
            given = {"recipients": now.recipients, "subject": now.subject, "kind": "reply"}
            drafts.save(db, agent, draft.id, now.revision, body=body, **given, now=clock.now())

    with attending(served, BO) as author, attending(served, ADA) as reviewer:
        say(author, INVOICE)
        settle(author)
        settle(reviewer)
        type_(bo, "Mine alone")
        assert hears_nothing(reviewer, "changed")
        with served.house.store.write() as db:
            reviews.ask(db, bo, draft.id, now=clock.now())
        settle(author)
        settle(reviewer)
        type_(ada, "Ours")
        assert hear(author, "changed")["conversations"] == [INVOICE]
        assert hears_nothing(reviewer, "changed")


def test_who_is_there_and_answering_is_told_to_the_others(served):
    with attending(served, BO) as bo, attending(served, CY) as cy, attending(served, EVE) as eve:
        say(bo, INVOICE)
        assert hear(cy, "presence") == {
            "kind": "presence",
            "conversation_id": INVOICE,
            "people": [{"name": "Bo Ek", "replying": False}],
        }
        say(bo, INVOICE, replying=True)
        assert hear(cy, "presence")["people"] == [{"name": "Bo Ek", "replying": True}]
        assert hear(bo, "presence")["people"] == []
        assert hears_nothing(eve, "presence")
    with attending(served, CY) as cy:
        assert hears_nothing(cy, "presence")


def test_who_comes_later_is_told_and_who_goes_is_gone(served):
    with attending(served, CY) as cy:
        with attending(served, BO) as bo:
            say(bo, INVOICE)
            hear(cy, "presence")
            with attending(served, ADA) as ada:
                assert hear(ada, "presence")["people"] == [{"name": "Bo Ek", "replying": False}]
        assert hear(cy, "presence")["people"] == []


def test_silence_is_absence(served, monkeypatch):
    monkeypatch.setattr(live, "SILENCE_SECONDS", 0.4)
    with attending(served, CY) as cy, attending(served, BO) as bo:
        say(bo, INVOICE)
        assert hear(cy, "presence")["people"]
        assert hear(cy, "presence")["people"] == []
        say(bo, INVOICE)
        assert hear(cy, "presence")["people"]


def test_nobody_is_seen_where_he_may_not_look(served):
    with attending(served, EVE) as eve, attending(served, BO) as bo:
        say(bo, QUOTE, replying=True)
        assert hears_nothing(eve, "presence")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "null",
        "[]",
        "{",
        "[" * 400,
        '{"viewing": "1"}',
        '{"viewing": true}',
        '{"viewing": -1}',
        '{"viewing": 1e999}',
        '{"viewing": 99999999999999999999999}',
        "x" * 10_000,
    ],
)
def test_nonsense_is_ignored(served, said):
    with attending(served, BO) as bo, attending(served, CY) as cy:
        bo.send(said)
        say(bo, INVOICE)
        assert hear(cy, "presence")["people"] == [{"name": "Bo Ek", "replying": False}]


def test_the_socket_ends_with_the_session_without_a_word_said(served):
    browser = served.browser(BO)
    with connect(served, "/live", browser.token) as socket:
        settle(socket)
        with served.house.store.write() as db:
            sessions.end(db, browser.token, now=clock.now())
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=3)
    assert closed.value.rcvd.code == 4401


def test_who_may_read_other_mailboxes_than_before_is_told_at_once(served, ada):
    with attending(served, BO) as bo, attending(served, CY) as cy:
        say(bo, INVOICE)
        assert hear(cy, "presence")["people"]
        settle(bo)
        began = time.monotonic()
        with served.house.store.write() as db:
            people.remove_from_mailbox(db, ada, BO, SUPPORT, now=clock.now())

        assert hear(bo, "rights") == {"kind": "rights"}
        assert time.monotonic() - began < 1
        assert hear(cy, "presence")["people"] == []
        assert hears_nothing(cy, "rights")
        with served.house.store.write() as db:
            people.set_role(db, ada, BO, SALES, "reader", now=clock.now())
        assert hear(bo, "rights")


def test_who_leaves_a_mailbox_hears_no_more_of_it(served, ada):
    with attending(served, BO) as bo:
        with served.house.store.write() as db:
            people.remove_from_mailbox(db, ada, BO, SUPPORT, now=clock.now())
        settle(bo)
        act(served, ada, conversations.claim)
        assert hears_nothing(bo, "changed")


def test_who_joins_a_mailbox_hears_of_it(served, ada):
    with attending(served, BO) as bo:
        with served.house.store.write() as db:
            people.set_role(db, ada, BO, SALES, "reader", now=clock.now())
        assert hear(bo, "changed")["mailboxes"] == [SALES]


@pytest.mark.feature("OW07")
def test_a_tab_that_only_says_it_is_still_there_costs_nothing(served):
    with attending(served, BO) as bo, attending(served, CY) as cy:
        say(bo, INVOICE)
        say(cy, INVOICE)
        assert hear(cy, "presence")
        settle(bo)
        settle(cy)
        before = served.house.store.tally.statements
        for _ in range(30):
            say(bo, INVOICE)
            say(cy, INVOICE)
        assert hears_nothing(cy, "presence")

        assert served.house.store.tally.statements == before


def test_who_looks_is_at_work_on_his_claim(served):
    with attending(served, BO) as bo, attending(served, CY) as cy:
        say(bo, INVOICE)
        assert hear(cy, "presence")

    assert abs(clock.now() - served.house.attendance.last(BO, INVOICE)).total_seconds() < 5
    assert served.house.attendance.last(CY, INVOICE) is None


def test_who_may_read_more_than_before_is_told_who_is_there(served, ada):
    with attending(served, EVE) as eve, attending(served, BO) as bo:
        say(bo, INVOICE)
        assert hears_nothing(eve, "presence")
        with served.house.store.write() as db:
            people.set_role(db, ada, EVE, SUPPORT, "reader", now=clock.now())

        assert hear(eve, "presence")["people"] == [{"name": "Bo Ek", "replying": False}]
