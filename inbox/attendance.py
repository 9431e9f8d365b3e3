"""Who was at a conversation last, and when: in memory, for the claims on which nobody works.

Written by the live line, read by the housekeeping; nobody is shown it.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime

MOST = 10_000


@dataclass(slots=True)
class Attendance:
    """Shared by all threads. What it forgets counts as absence no longer than the house has run."""

    _seen: dict[tuple[int, int], datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, agent_id: int, conversation_id: int, *, now: datetime) -> None:
        with self._lock:
            self._seen.pop((agent_id, conversation_id), None)
            self._seen[agent_id, conversation_id] = now
            if len(self._seen) > MOST:
                del self._seen[next(iter(self._seen))]

    def last(self, agent_id: int, conversation_id: int) -> datetime | None:
        """When this agent was last seen there, since the house was opened."""
        return self._seen.get((agent_id, conversation_id))
