"""Sessions: who is signed in, on which device, and the guesses that did not get in.

A sign-in is three steps, so that bcrypt runs outside the writer lane: `guess` counts the attempt
and answers the stored hash, the caller checks the password, `sign_in` takes the result.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import agents, events
from inbox.agents import Agent
from inbox.errors import NotFound, SignInRefused
from inbox.memory import Memory
from inbox.settings import Settings
from inbox.store import Session as Db

WRONG = "That address and password do not belong together."


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser, as its owner sees it; `device` is what the browser said it is."""

    id: int
    agent_id: int
    device: str
    created_at: datetime
    expires_at: datetime
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    by_account: int
    by_address: int
    oldest: datetime | None


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256, enough to know it again, useless to a thief."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits, safe in a cookie and in an address."""
    return secrets.token_urlsafe(32)


def guess(db: Db, email: str, address: str, *, settings: Settings, now: datetime) -> str | None:
    """Count one attempt at an account from a network address; answer the account's hash.

    The attempt is counted before the password is checked, so that many at once do not slip
    through. Raises SignInRefused when the account or the address had its share; the window
    passes by itself, and known and unknown accounts are treated alike.
    """
    account = email.strip().lower()[:254]
    _count(db, account, address, settings=settings, now=now)
    stored: str | None = db.value("sessions.stored_hash", email=account)
    return stored


def count_letter(db: Db, email: str, address: str, *, settings: Settings, now: datetime) -> None:
    """Count one wish for a new password: as many as guesses, without using those up.

    Raises SignInRefused when there were too many.
    """
    _count(db, f"letter:{email.strip().lower()[:254]}", address, settings=settings, now=now)


def _count(db: Db, account: str, address: str, *, settings: Settings, now: datetime) -> None:
    since = now - timedelta(seconds=settings.guess_window_seconds)
    db.change("sessions.forget_old_guesses", since=since)
    tried = db.one("sessions.tried", _Tried, account=account, address=address)
    assert tried is not None
    if tried.by_account >= settings.guesses or tried.by_address >= settings.guesses_per_address:
        until = (tried.oldest or now) - since
        minutes = max(1, -(-int(until.total_seconds()) // 60))
        raise SignInRefused(
            "Too many attempts. Try again in {minutes} min, or ask for a new password; nothing "
            "is locked for good.",
            minutes=minutes,
        )
    db.run("sessions.count_guess", account=account, address=address, now=now)


def sign_in(
    db: Db, email: str, was_right: bool, device: str, *, settings: Settings, now: datetime
) -> str:
    """Let someone in whose password was checked; answer the new session's token.

    Raises SignInRefused with the same words for a wrong password and an unknown name.
    """
    account = email.strip().lower()
    agent_id = db.value("sessions.agent_to_sign_in", email=account) if was_right else None
    if agent_id is None:
        raise SignInRefused(WRONG)
    db.change("sessions.forget_guesses", account=account)
    return start(db, agent_id, device, settings=settings, now=now)


def start(db: Db, agent_id: int, device: str, *, settings: Settings, now: datetime) -> str:
    """Open a session for an agent who proved who he is; answer its token, kept nowhere."""
    token = new_token()
    db.run(
        "sessions.add",
        agent_id=agent_id,
        token_digest=digest(token),
        device=device[:200],
        now=now,
        expires_at=now + timedelta(days=settings.session_days),
    )
    _record(db, agent_id, "signed_in", now=now)
    return token


def by_digest(db: Db, token_digest: str, *, now: datetime) -> Agent | None:
    """The agent behind what the gate puts into X-Delad-Session."""
    return agents.by_session(db, token_digest, now=now)


def remembered(memory: Memory, token_digest: str, *, now: datetime) -> Agent | None:
    """As `by_digest`, without a statement as long as nothing about the agent changed."""
    return memory.answer(
        lambda db: by_digest(db, token_digest, now=now),
        "session",
        token_digest,
        tables=("sessions", "agents", "memberships", "mailboxes"),
    )


def end(db: Db, token: str, *, now: datetime) -> None:
    """Sign this one browser out. Ending an ended session changes nothing."""
    found = db.one("sessions.by_digest", Session, token_digest=digest(token), now=now)
    if found is not None:
        db.change("sessions.revoke", session_id=found.id, now=now)
        _record(db, found.agent_id, "signed_out", now=now)


def end_all(db: Db, agent_id: int, *, now: datetime, keep_digest: str = "") -> int:
    """Sign an agent out everywhere, but for the session whose token has `keep_digest`."""
    ended = db.change("sessions.revoke_all", agent_id=agent_id, kept=keep_digest, now=now)
    if ended:
        _record(db, agent_id, "signed_out", now=now)
    return ended


def of_agent(
    db: Db, viewer: Agent, agent_id: int | None = None, *, digest: str = "", now: datetime
) -> list[Session]:
    """Live sessions, newest first: one's own, or a colleague's for who may manage people. The one
    whose token has this `digest` is the current one."""
    asked = viewer.id if agent_id is None else agent_id
    if asked != viewer.id:
        viewer.must_run_the_house("people")
    return db.all("sessions.of_agent", Session, agent_id=asked, current=digest, now=now)


def revoke_others(db: Db, agent: Agent, digest: str, *, now: datetime) -> int:
    """Sign oneself out everywhere but in the browser whose token has this `digest`; answer in how
    many."""
    return end_all(db, agent.id, now=now, keep_digest=digest)


def revoke(db: Db, agent: Agent, session_id: int, *, now: datetime) -> None:
    """End one of one's own sessions, or anyone's for who may manage people.

    Raises NotFound for a session that is not there and for somebody else's alike.
    """
    found = db.one("sessions.by_id", Session, session_id=session_id, now=now)
    if found is None or (found.agent_id != agent.id and not agent.is_admin):
        raise NotFound("session")
    db.change("sessions.revoke", session_id=session_id, now=now)
    events.record(db, agent, "signed_out", None, now=now, before={"agent_id": found.agent_id})


def _record(db: Db, agent_id: int, kind: str, *, now: datetime) -> None:
    events.record(db, events.Actor(kind="agent", id=agent_id), kind, None, now=now)
