"""Sending later: the moments offered, the one that was chosen, and what can still be done."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from inbox import later, snoozing
from inbox.errors import Invalid
from inbox.words import _
from pages.parts import desk, place, times


def offered(now: datetime, where: tzinfo) -> list[dict[str, str]]:
    """The moments to choose from, in the agent's zone."""
    moments = snoozing.moments(now, where)
    found = [{"label": _("In an hour"), "when": "", "later": "hour"}]
    shown = dict.fromkeys((moments["tomorrow"], moments["monday"]))
    labels = {moments["monday"]: _("On Monday")} | {moments["tomorrow"]: _("Tomorrow morning")}
    for moment in shown:
        when = times.dated(moment, where=where)
        found.append({"label": labels[moment], "when": when, "later": f"{moment.isoformat()}Z"})
    return found


def earliest(now: datetime, where: tzinfo) -> str:
    """What a field for a moment of one's own begins with: the next full hour but one, there."""
    local = (now + timedelta(hours=2)).replace(tzinfo=UTC).astimezone(where)
    return f"{local:%Y-%m-%dT%H:00}"


def chosen(said: object, now: datetime, where: tzinfo) -> datetime | None:
    """The moment as naive UTC: an hour from now, one that was offered, or a local time of one's
    own. Raises Invalid for what is none."""
    if not said:
        return None
    if said == "hour":
        return now + timedelta(hours=1)
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise Invalid("at", "This is no day and time.") from error
    if moment.tzinfo is not None:
        return moment.astimezone(UTC).replace(tzinfo=None)
    return snoozing.in_zone(moment, moment.time(), where)


def cancel(outbox_id: int) -> None:
    """Back to a draft, which opens where it was written."""
    draft = desk.act(later.cancel, outbox_id)
    if draft is not None:
        place.open_conversation(draft.conversation_id)


def send_now(outbox_id: int) -> None:
    house = desk.house()

    def at_once(db: Any, agent: Any, number: int, *, now: datetime) -> None:
        later.send_now(
            db,
            agent,
            number,
            keys=house.keys,
            raw=house.raw,
            files=house.files,
            settings=house.settings,
            now=now,
        )

    desk.act(at_once, outbox_id)
