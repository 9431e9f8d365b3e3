"""/live: what changed and who is where, pushed to every open browser that may know it.

To the browser: {"kind": "changed", "conversations": [id], "mailboxes": [id]} and
{"kind": "presence", "conversation_id": id, "people": [{"name": …, "replying": bool}]}, the
receiver's own presence left out; {"kind": "rights"} when the mailboxes that this agent may read
are others than before. From the browser, at each change and every 10 s at most:
{"viewing": id or null, "replying": bool}. Closed with 4401 when the session ends.
"""

import asyncio
import contextlib
import json
import math
import time
from dataclasses import dataclass, field

from anyio import to_thread
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from inbox import clock, conversations, drafts
from inbox.agents import Agent
from inbox.errors import NotFound
from inbox.house import House
from inbox.store import Change
from web import visitors
from web.presence import Place, Presence
from web.visitors import Visitors

PUSH_SECONDS = 1.0
# What is pushed, every open page draws: with many of them news comes less often, so that drawing it
# takes no more of the machine. What one looks at comes at the shortest time all the same.
PUSH_SECONDS_EACH = 0.08
SILENCE_SECONDS = 25.0
LONGEST_MESSAGE = 500
# Kinds of events that change nothing anybody looks at.
UNSEEN = frozenset({"opened", "fetched", "downloaded", "marked_read", "marked_unread"})
MOVING = frozenset({"moved", "unmoved"})


@dataclass(slots=True, eq=False)
class _Browser:
    """One open page: what it has not been told yet."""

    socket: WebSocket
    digest: str
    agent: Agent
    place: Place
    changes: list[Change] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    last_push: float = -math.inf


class Hub:
    """Carries commits from the writer's thread to the browsers' sockets on the event loop."""

    def __init__(self, house: House) -> None:
        self._store = house.store
        self._attendance = house.attendance
        self._visitors = Visitors(house.memory)
        self._browsers: set[_Browser] = set()
        self._presence = Presence()
        self._mailboxes: dict[int, int] = {}
        self._moves = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        house.store.listen(self._heard)

    def route(self) -> WebSocketRoute:
        return WebSocketRoute("/live", self.attend)

    async def attend(self, socket: WebSocket) -> None:
        """One browser from its first word to its last; nothing is missed from accept on."""
        visitor = visitors.of_request(socket)
        self._loop = asyncio.get_running_loop()
        browser = _Browser(
            socket=socket,
            digest=visitor.digest,
            agent=visitor.agent,
            place=Place(agent_id=visitor.agent.id, name=visitor.agent.name),
            people=self._presence.conversations(),
        )
        browser.wake.set()
        self._browsers.add(browser)
        try:
            await socket.accept()
            await self._converse(browser)
        finally:
            self._browsers.discard(browser)
            self._spread_people(self._presence.move(browser.place, None, False))

    async def _converse(self, browser: _Browser) -> None:
        """Tell and listen until either ends."""
        both = [
            asyncio.create_task(self._tell(browser)),
            asyncio.create_task(self._listen_to(browser)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.wait(both)
        for task in both:
            if not task.cancelled():
                task.result()

    def _heard(self, changes: list[Change]) -> None:
        """On the writer's thread: leave the news on the loop and go."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._spread, changes)

    def _spread(self, changes: list[Change]) -> None:
        if any(change.kind in MOVING for change in changes):
            # Whoever knew where a conversation stands does not know it any more.
            self._mailboxes.clear()
            self._moves += 1
        for browser in self._browsers:
            browser.changes.extend(changes)
            browser.wake.set()

    def _spread_people(self, conversation_ids: set[int]) -> None:
        for browser in self._browsers if conversation_ids else ():
            browser.people |= conversation_ids
            browser.wake.set()

    async def _listen_to(self, browser: _Browser) -> None:
        while True:
            try:
                said = await asyncio.wait_for(browser.socket.receive_text(), SILENCE_SECONDS)
            except TimeoutError:
                self._spread_people(self._presence.move(browser.place, None, False))
                continue
            except (WebSocketDisconnect, RuntimeError):
                return
            if (told := _understood(said)) is not None:
                await self._move(browser, *told)

    async def _move(self, browser: _Browser, conversation_id: int | None, replying: bool) -> None:
        if conversation_id is not None and not await self._may_know(browser, conversation_id):
            conversation_id = None
        if conversation_id is not None:
            self._attendance.note(browser.agent.id, conversation_id, now=clock.now())
        self._spread_people(self._presence.move(browser.place, conversation_id, replying))

    async def _tell(self, browser: _Browser) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await browser.wake.wait()
                browser.wake.clear()
                agent = await to_thread.run_sync(self._visitors.by_digest, browser.digest)
                if agent is None:
                    await browser.socket.close(4401)
                    return
                before, browser.agent = browser.agent, agent
                if before.readable != agent.readable:
                    await self._tell_rights(browser)
                await self._tell_people(browser)
                await self._tell_changes(browser)

    async def _tell_rights(self, browser: _Browser) -> None:
        """What is on the screen may be nothing for these eyes any more, or there is more."""
        if not browser.agent.may(
            "read", self._mailboxes.get(browser.place.conversation_id or 0, 0)
        ):
            self._spread_people(self._presence.move(browser.place, None, False))
        await browser.socket.send_text(json.dumps({"kind": "rights"}))
        browser.people |= self._presence.conversations()

    async def _tell_people(self, browser: _Browser) -> None:
        changed, browser.people = browser.people, set()
        for conversation_id in sorted(changed):
            if await self._may_know(browser, conversation_id):
                there = self._presence.people(conversation_id, but=browser.agent.id)
                news = {"kind": "presence", "conversation_id": conversation_id, "people": there}
                await browser.socket.send_text(json.dumps(news))

    async def _tell_changes(self, browser: _Browser) -> None:
        """The first change at once, the following ones together, some time apart."""
        if not browser.changes:
            return
        pause = browser.last_push + self._apart(browser) - time.monotonic()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause, browser.wake.set)
            return
        changes, browser.changes = browser.changes, []
        if any(change.kind in MOVING for change in changes):
            await self._leave_what_moved(browser)
        readable = set(browser.agent.readable)
        mine = [
            c
            for c in changes
            if c.mailbox_id in readable and c.kind not in UNSEEN and _is_before(browser, c)
        ]
        if mine:
            browser.last_push = time.monotonic()
            ids = {c.conversation_id for c in mine if c.conversation_id is not None}
            places = {c.mailbox_id for c in mine if c.mailbox_id is not None}
            news = {"kind": "changed", "conversations": sorted(ids), "mailboxes": sorted(places)}
            await browser.socket.send_text(json.dumps(news))

    async def _leave_what_moved(self, browser: _Browser) -> None:
        """Nobody stands in a conversation that is out of their sight."""
        at = browser.place.conversation_id
        if at is not None and not await self._may_know(browser, at):
            self._spread_people(self._presence.move(browser.place, None, False))

    def _apart(self, browser: _Browser) -> float:
        """Seconds between two pushes to this browser."""
        looking = browser.place.conversation_id
        if looking is not None and any(c.conversation_id == looking for c in browser.changes):
            return PUSH_SECONDS
        return max(PUSH_SECONDS, PUSH_SECONDS_EACH * len(self._browsers))

    async def _may_know(self, browser: _Browser, conversation_id: int) -> bool:
        """A conversation's mailbox is asked once, until one is moved; the membership each time."""
        if conversation_id not in self._mailboxes:
            moves = self._moves
            found = await to_thread.run_sync(self._mailbox_of, browser.agent, conversation_id)
            if found is None:
                return False
            if moves != self._moves:
                return await self._may_know(browser, conversation_id)
            self._mailboxes[conversation_id] = found
        return browser.agent.may("read", self._mailboxes[conversation_id])

    def _mailbox_of(self, agent: Agent, conversation_id: int) -> int | None:
        with self._store.read() as db, contextlib.suppress(NotFound):
            return conversations.by_id(db, agent, conversation_id).mailbox_id
        return None


def _is_before(browser: _Browser, change: Change) -> bool:
    """What is typed into a shared draft concerns whoever looks at it, and has not typed it."""
    if change.kind != drafts.TYPED:
        return True
    is_own = change.actor_id == browser.agent.id
    return change.conversation_id == browser.place.conversation_id and not is_own


def _understood(said: str) -> tuple[int | None, bool] | None:
    """What the browser told, None when it makes no sense."""
    if len(said) > LONGEST_MESSAGE:
        return None
    try:
        told = json.loads(said)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    viewing = told.get("viewing")
    is_id = isinstance(viewing, int) and not isinstance(viewing, bool) and 0 < viewing < 2**63
    return (viewing if is_id else None), told.get("replying") is True
