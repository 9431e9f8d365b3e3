"""Twenty agents who all claim the same thousand conversations at once."""

import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import report, town
from inbox import agents, clock, conversations, people
from inbox.agents import Agent
from inbox.errors import AlreadyClaimed
from inbox.events import SYSTEM
from inbox.house import House

THREADS = 20
CONVERSATIONS = 1_000


def measure() -> dict[str, Any]:
    """One winner for each conversation, and every loser told who it was."""
    with tempfile.TemporaryDirectory() as folder:
        now = clock.now()
        home = town.build(Path(folder), count=CONVERSATIONS * town.MESSAGES_EACH, now=now)
        with home.store.write() as db:
            for conversation_id in range(1, CONVERSATIONS + 1):
                db.change("conversations.assign", conversation_id=conversation_id, assignee_id=None)
        team = _team(home)
        try:
            return _race(home, team)
        finally:
            home.close()


def _race(home: House, team: list[Agent]) -> dict[str, Any]:
    gate = threading.Barrier(THREADS + 1)
    won: list[int] = []
    told: Counter[int] = Counter()
    took: list[float] = []

    def claim_all(agent: Agent) -> None:
        gate.wait()
        for conversation_id in range(1, CONVERSATIONS + 1):
            began = time.perf_counter()
            try:
                with home.store.write() as db:
                    conversations.claim(db, agent, conversation_id, now=clock.now())
                won.append(conversation_id)
            except AlreadyClaimed:
                told[conversation_id] += 1
            took.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=claim_all, args=(agent,)) for agent in team]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return {
        "conversations with exactly one winner": sum(n == 1 for n in Counter(won).values()),
        "conversations whose 19 losers were all told": sum(n == THREADS - 1 for n in told.values()),
        "claims tried a second": report.spread([THREADS * CONVERSATIONS / seconds], "1/s"),
        "one claim": report.spread(took, "ms"),
    }


def _team(home: House) -> list[Agent]:
    now = clock.now()
    found = []
    with home.store.write() as db:
        sara = agents.by_id(db, 1)
        assert sara
        for n in range(THREADS):
            agent_id = people.enrol(
                db, SYSTEM, f"agent{n}@nordkaj.example", f"Agent {n}", is_admin=False, now=now
            )
            people.set_role(db, sara, agent_id, 1, "agent", now=now)
            agent = agents.by_id(db, agent_id)
            assert agent
            found.append(agent)
    return found
