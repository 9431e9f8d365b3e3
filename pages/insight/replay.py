"""Time travel: the queue as it stood at any minute, with whom, and what has become of it since."""

from collections.abc import Hashable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from inbox import clock, insight, past
from inbox.insight import Behind
from inbox.words import _, mark
from pages.parts import desk, figure, names, numbers, period, queue, sheet, tiles, times
from pages.parts.charts import axes, hands
from pages.parts.charts.hands import NOBODY
from pages.parts.escape import plain, quiet
from pages.parts.tiles import Tile

zone = times.zone()
LISTS = {"unassigned": mark("Nobody had it"), "open": mark("All that was open")}
_FORMAT = "%Y-%m-%dT%H:%MZ"
COLUMNS = ["conversation_id", "then_agent_id", "was_asleep", "stood_seconds", "now_agent_id"]


def moment(first: date, now: datetime) -> datetime:
    """The chosen minute (naive UTC), as the address says it or the fields do."""
    told = st.query_params.get("at", "")
    if st.session_state.get("told_at") != told:
        st.session_state["told_at"] = told
        here = here_at(read(told, now))
        st.session_state["replay_day"] = min(max(here.date(), first), here_at(now).date())
        st.session_state["replay_minute"] = here.time()
    left, right = st.columns((1, 4), vertical_alignment="bottom")
    with left:
        day = st.date_input(
            _("Day"),
            key="replay_day",
            min_value=first,
            max_value=here_at(now).date(),
            format="YYYY-MM-DD",
        )
    with right:
        minute = st.slider(
            _("Minute"),
            min_value=time(0, 0),
            max_value=time(23, 59),
            step=timedelta(minutes=1),
            format="HH:mm",
            key="replay_minute",
        )
    return min(there(day, minute), now)


def read(told: str, now: datetime) -> datetime:
    """What the address says, in UTC so that a colleague elsewhere sees the same; nonsense is an
    hour ago."""
    try:
        return datetime.strptime(told, _FORMAT)  # noqa: DTZ007
    except ValueError:
        return now - timedelta(hours=1)


def here_at(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def there(day: date, minute: time) -> datetime:
    """A minute that comes twice is the first of the two; one that a clock jumps over, the one it
    lands on."""
    local = datetime.combine(day, minute, tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def keep(at: datetime) -> None:
    told = at.strftime(_FORMAT)
    if st.query_params.get("at") != told:
        st.session_state["told_at"] = told
        st.query_params["at"] = told


def beside(found: pd.DataFrame, then: pd.DataFrame) -> list[Tile]:
    """The numbers of that minute, with those of now below them."""
    idle = unassigned(then)
    now_open = found.loc[found["now_agent_id"].notna()]
    now_idle = now_open.loc[(now_open["now_agent_id"] == NOBODY) & ~now_open["is_asleep"]]
    since = then.loc[then["now_agent_id"].isna()]
    now_is = _("now {n}")
    oldest = idle["stood_seconds"].max() if len(idle) else float("nan")
    return [
        Tile(_("Open"), axes.count(len(then)), now_is.format(n=axes.count(len(now_open)))),
        Tile(_("Unassigned"), axes.count(len(idle)), now_is.format(n=axes.count(len(now_idle)))),
        Tile(_("Oldest unassigned"), axes.lasting(oldest), ""),
        Tile(_("No longer open"), axes.count(len(since)), _("of these")),
    ]


def unassigned(then: pd.DataFrame) -> pd.DataFrame:
    """Open, awake, and with nobody."""
    return then.loc[(then["then_agent_id"] == NOBODY) & ~then["was_asleep"].astype(bool)]


def team() -> dict[int, str]:
    known = {number: name for number, name, _works in queue.choices().assignees}
    return known | {NOBODY: _("Nobody")}


def load(then: pd.DataFrame, known: dict[int, str]) -> int | None:
    """Who had how much; answers whose bar was pressed."""
    waiting = then.groupby("then_agent_id")["now_agent_id"].agg(["size", "count"])
    told = pd.DataFrame(
        {
            "agent_id": waiting.index.astype(int),
            "n": waiting["size"].to_numpy(int),
            "waiting": waiting["count"].to_numpy(int),
        }
    ).sort_values(["n", "agent_id"], ascending=[False, True], ignore_index=True)
    told["who"] = [known.get(one, _("Somebody else")) for one in told["agent_id"]]
    twice = told.groupby("who").cumcount()
    told["name"] = told["who"] + [f" ({1 + more})" if more else "" for more in twice]
    chart = hands.then(told, figure.dress(), width=figure.room())
    rows = then[COLUMNS]
    for pressed in figure.show("replay_load", chart, rows, metric="queue_depth"):
        return int(pressed["agent_id"])
    return None


def listed(then: pd.DataFrame, pressed: int | None, known: dict[int, str]) -> None:
    """The conversations of that minute, and beside each what it is now."""
    which = st.segmented_control(
        _("Shown"),
        list(LISTS),
        format_func=lambda one: _(LISTS[one]),
        key="replay_list",
        default="unassigned",
        required=True,
        label_visibility="collapsed",
    )
    if pressed is not None:
        chosen = then.loc[then["then_agent_id"] == pressed]
        title = _("Open with {name}").format(name=known.get(pressed, _("Somebody else")))
    elif which == "open":
        chosen, title = then, _(LISTS["open"])
    else:
        chosen, title = unassigned(then), _(LISTS["unassigned"])
    st.caption(plain(f"{title} · {axes.count(len(chosen))}"))
    few = chosen.head(figure.SHOWN)
    shown = {one.conversation_id: one for one in desk.look(insight.behind, figure.ids(few))}
    lines = [
        line(shown[row["conversation_id"]], row, known)
        for row in few.to_dict("records")
        if row["conversation_id"] in shown
    ]
    if lines:
        head = (_("Conversation"), _("Then"), _("Stood so for"), _("Now"))
        sheet.table("replayed", head, lines)
    if len(chosen) > figure.SHOWN:
        st.caption(_("The first {n} are shown; CSV holds them all.").format(n=figure.SHOWN))


def line(one: Behind, row: dict[Hashable, Any], known: dict[int, str]) -> tuple[str, ...]:
    subject = plain(one.subject, 70) or _("(no subject)")
    who = names.shown(one.contact_name, one.contact_address) or _("the customer")
    stood = float(str(row["stood_seconds"]))
    return (
        f"[{subject}](/?view=all&c={one.conversation_id}) {quiet(who, 60)}",
        plain(said(row["then_agent_id"], bool(row["was_asleep"]), known)),
        plain(axes.lasting(stood)),
        plain(said(row["now_agent_id"], row["is_asleep"] is True, known)),
    )


def said(agent_id: object, is_asleep: bool, known: dict[int, str]) -> str:
    if pd.isna(agent_id):  # type: ignore[call-overload]
        return _("not open")
    who = known.get(int(str(agent_id)), _("Somebody else"))
    return _("{name}, snoozed").format(name=who) if is_asleep else who


about = _(
    "The queue as it stood at a minute, as the house knew it then; beside it what is so now. The "
    "address holds the minute: send it to a colleague."
)
with numbers.page("replay", about):
    with st.container(key="numbers_head", horizontal=True, vertical_alignment="bottom"):
        mailbox_id, tag = period.where()
    now = times.minute(clock.now())
    begun = desk.remembered(("memberships",), past.begun)
    first = here_at(min(begun or now, now)).date()
    at = moment(first, now)
    keep(at)
    found = desk.look(past.compared, at, mailbox_id, tag, now=clock.now())
    then = found.loc[found["then_agent_id"].notna()]
    known = team()
    st.markdown(f"**{plain(times.dated(at, where=zone))}**")
    tiles.row(beside(found, then))
    pressed = load(then, known)
    listed(then, pressed, known)
