from datetime import timedelta

import pytest

from inbox import invitations, people, sessions
from inbox.errors import NotFound, SignInRefused
from tests.conftest import NOON
from tests.furniture import ADA, BO

HASH = "$2b$04$8wf2jA4SDfnakL0SmgKLueUdXP6aWpp8ghuulSgMZ1Lx.t7g9RE9K"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def joined(store):
    with store.export() as cursor:
        cursor.execute("update agents set password_hash = $hash", {"hash": HASH})


def start(db, settings, agent_id=BO, now=NOON):
    return sessions.start(db, agent_id, "Firefox", settings=settings, now=now)


def kinds(store):
    with store.export() as cursor:
        return [
            row[0] for row in cursor.execute("select kind from events order by event_id").fetchall()
        ]


def guess(db, settings, email="bo@example.com", address="192.0.2.1", now=NOON):
    return sessions.guess(db, email, address, settings=settings, now=now)


def test_a_token_finds_its_agent_until_it_is_ended(store, settings):
    with store.write() as db:
        token = start(db, settings)
        assert sessions.by_digest(db, sessions.digest(token), now=NOON).id == BO
        assert sessions.by_digest(db, sessions.digest(token), now=NOON).id == BO
        sessions.end(db, token, now=NOON)
        sessions.end(db, token, now=NOON)
        assert sessions.by_digest(db, sessions.digest(token), now=NOON) is None
    assert kinds(store) == ["signed_in", "signed_out"]


def test_a_token_is_long_and_only_its_digest_is_stored(store, settings):
    with store.write() as db:
        tokens = {start(db, settings) for _ in range(50)}
    with store.export() as cursor:
        stored = str(cursor.execute("select * from sessions").fetchall())

    assert len(tokens) == 50
    assert all(len(token) >= 43 and token not in stored for token in tokens)


def test_a_session_ends_by_itself(db, settings):
    token = start(db, settings)
    last = NOON + timedelta(days=settings.session_days)

    assert sessions.by_digest(db, sessions.digest(token), now=last - MINUTE)
    assert sessions.by_digest(db, sessions.digest(token), now=last) is None


def test_end_all_keeps_the_one_that_was_named(db, settings):
    kept, other, foreign = start(db, settings), start(db, settings), start(db, settings, ADA)

    assert sessions.end_all(db, BO, now=NOON, keep_digest=sessions.digest(kept)) == 1

    assert sessions.by_digest(db, sessions.digest(kept), now=NOON)
    assert sessions.by_digest(db, sessions.digest(other), now=NOON) is None
    assert sessions.by_digest(db, sessions.digest(foreign), now=NOON)


def test_one_sees_and_ends_ones_own_sessions_and_an_admin_anyones(db, settings, ada, bo, cy):
    start(db, settings)
    (own,) = sessions.of_agent(db, bo, now=NOON)
    assert own.device == "Firefox"

    with pytest.raises(NotFound):
        sessions.revoke(db, cy, own.id, now=NOON)
    assert [s.id for s in sessions.of_agent(db, ada, BO, now=NOON)] == [own.id]
    sessions.revoke(db, ada, own.id, now=NOON)

    assert sessions.of_agent(db, bo, now=NOON) == []
    with pytest.raises(NotFound):
        sessions.revoke(db, bo, own.id, now=NOON)


@pytest.mark.usefixtures("joined")
def test_the_right_password_signs_in(db, settings):
    assert guess(db, settings, " BO@example.com ") == HASH
    token = sessions.sign_in(db, "bo@example.com", True, "x", settings=settings, now=NOON)

    assert sessions.by_digest(db, sessions.digest(token), now=NOON).id == BO


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(
    ("email", "was_right"), [("bo@example.com", False), ("no@example.com", True)]
)
def test_a_wrong_password_and_an_unknown_name_get_the_same_words(db, settings, email, was_right):
    with pytest.raises(SignInRefused) as refusal:
        sessions.sign_in(db, email, was_right, "x", settings=settings, now=NOON)
    assert str(refusal.value) == sessions.WRONG


def test_an_invited_account_without_a_password_cannot_sign_in(db, settings):
    with pytest.raises(SignInRefused):
        sessions.sign_in(db, "bo@example.com", True, "x", settings=settings, now=NOON)


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize("email", ["bo@example.com", "nobody@example.com"])
def test_ten_guesses_a_window_for_known_and_unknown_alike(store, settings, email):
    for n in range(settings.guesses):
        with store.write() as db:
            guess(db, settings, email, f"192.0.2.{n}")
    with pytest.raises(SignInRefused) as refusal, store.write() as db:
        guess(db, settings, email, "198.51.100.7")
    assert "Too many attempts. Try again in 15 min" in str(refusal.value)

    with store.write() as db:
        guess(db, settings, email, now=NOON + timedelta(seconds=settings.guess_window_seconds))


@pytest.mark.usefixtures("joined")
def test_one_address_cannot_try_every_account(store, settings):
    for n in range(settings.guesses_per_address):
        with store.write() as db:
            guess(db, settings, f"agent{n}@example.com")
    with pytest.raises(SignInRefused), store.write() as db:
        guess(db, settings, "bo@example.com")
    with store.write() as db:
        guess(db, settings, "bo@example.com", "198.51.100.7")


@pytest.mark.usefixtures("joined")
def test_signing_in_forgets_the_accounts_own_guesses_only(store, settings):
    for _ in range(settings.guesses - 1):
        with store.write() as db:
            guess(db, settings)
            guess(db, settings, "ada@example.com")
    with store.write() as db:
        sessions.sign_in(db, "bo@example.com", True, "x", settings=settings, now=NOON)
        guess(db, settings)
        guess(db, settings, "ada@example.com")
        with pytest.raises(SignInRefused):
            guess(db, settings, "ada@example.com")


@pytest.mark.usefixtures("joined")
def test_letters_are_counted_without_using_up_guesses(store, settings):
    for _ in range(settings.guesses):
        with store.write() as db:
            sessions.count_letter(db, "bo@example.com", "192.0.2.1", settings=settings, now=NOON)
    with pytest.raises(SignInRefused), store.write() as db:
        sessions.count_letter(db, "bo@example.com", "192.0.2.1", settings=settings, now=NOON)
    with store.write() as db:
        assert guess(db, settings) == HASH


@pytest.mark.usefixtures("joined")
def test_a_new_password_by_link_lets_a_crowded_out_account_in(store, settings):
    for _ in range(settings.guesses):
        with store.write() as db:
            guess(db, settings)
    with store.write() as db:
        token = invitations.reset(db, "bo@example.com", now=NOON)
        invitations.redeem(db, token, HASH, now=NOON)
        assert guess(db, settings) == HASH


@pytest.mark.usefixtures("joined")
def test_a_deactivated_agent_is_out_at_once(db, settings, ada):
    token = start(db, settings)
    people.deactivate(db, ada, BO, now=NOON)

    assert sessions.by_digest(db, sessions.digest(token), now=NOON) is None
    with pytest.raises(SignInRefused):
        sessions.sign_in(db, "bo@example.com", True, "x", settings=settings, now=NOON)
