"""Who looks at which conversation, and who is answering it: in memory, gone with the browser."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Place:
    """Where one browser is. `agent_id` and `name` are whose browser it is."""

    agent_id: int
    name: str
    conversation_id: int | None = None
    is_replying: bool = False


@dataclass(slots=True)
class Presence:
    """Every browser's place; used from the event loop alone, so it needs no lock."""

    _places: set[Place] = field(default_factory=set)

    def move(self, place: Place, conversation_id: int | None, is_replying: bool) -> set[int]:
        """Note where a browser is now; answer the conversations whose people changed."""
        before = (place.conversation_id, place.is_replying)
        place.conversation_id = conversation_id
        place.is_replying = is_replying and conversation_id is not None
        if conversation_id is None:
            self._places.discard(place)
        else:
            self._places.add(place)
        if before == (place.conversation_id, place.is_replying):
            return set()
        return {c for c in (before[0], conversation_id) if c is not None}

    def people(self, conversation_id: int, *, but: int) -> list[dict[str, object]]:
        """Everyone there except one agent, by name; replying when any of his browsers is."""
        found: dict[int, dict[str, object]] = {}
        for place in self._places:
            if place.conversation_id == conversation_id and place.agent_id != but:
                known = found.setdefault(place.agent_id, {"name": place.name, "replying": False})
                known["replying"] = known["replying"] or place.is_replying
        return sorted(found.values(), key=lambda person: str(person["name"]))

    def conversations(self) -> set[int]:
        """Where anybody is."""
        return {p.conversation_id for p in self._places if p.conversation_id is not None}
