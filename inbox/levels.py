"""How high the queue stood, and how the work was shared.

Pure functions of the tables that inbox.workload answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from inbox.insight import Asked
from inbox.statistics import shares
from inbox.statistics.estimates import Estimate
from inbox.workload import NOBODY, Grid

HOUR = 3600
# So many times a fair share is worth a word, however sure a smaller one would be.
MUCH = 1.2
# A period up to so many days is looked at every so many hours.
_PACES = ((8, 2), (31, 6), (100, 12), (400, 24))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Who handled most, which share that is of all, and which would be fair."""

    agent_id: int
    share: Estimate
    fair: float

    @property
    def is_much(self) -> bool:
        """No chance, and worth a word."""
        return self.share.low > self.fair and self.share.value >= MUCH * self.fair


def grid(asked: Asked) -> Grid:
    """Half a step from midnight on, so that a day's moments lie within the day."""
    days = (asked.until - asked.since).days
    hours = next((hours for most, hours in _PACES if days <= most), 24)
    since = asked.since + timedelta(hours=hours / 2)
    return Grid(since=min(since, asked.until), until=asked.until, step=hours * HOUR)


def _stood(changes: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    """The sum of what had changed up to each moment, a column for each kind and agent."""
    wide = changes.pivot_table(
        index="place", columns=["kind", "agent_id"], values="change", aggfunc="sum"
    )
    return wide.reindex(range(grid.last + 1)).fillna(0).cumsum().astype(int)


def _begun(stood: pd.DataFrame) -> "pd.Series[bool]":
    """Whether the diary has known of anything that was open by then."""
    ours = [one for one in stood.columns if one[0] == "open"]
    return (stood[ours].sum(axis=1) > 0).cummax()


def depth(changes: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    """at (naive UTC), open, unassigned and waiting, from the first moment of which the diary knows
    anything to be open."""
    stood = _stood(changes, grid)
    found = pd.DataFrame({"at": grid.moments()}, index=stood.index)
    for name, column in (("open", "open"), ("waiting", "waiting")):
        ours = [one for one in stood.columns if one[0] == column]
        found[name] = stood[ours].sum(axis=1)
    nobodys = ("open", NOBODY)
    found["unassigned"] = stood[nobodys] if nobodys in stood.columns else 0
    found = found[["at", "open", "unassigned", "waiting"]]
    return found.loc[_begun(stood)].reset_index(drop=True)


def by_colleague(changes: pd.DataFrame, grid: Grid, names: Mapping[int, str]) -> pd.DataFrame:
    """agent_id, agent (a name that nobody else has here), at (naive UTC) and open: a row for each
    colleague with a name who had anything, at each moment from the first on of which the diary
    knows anything to be open."""
    stood = _stood(changes, grid)
    begun, parts = _begun(stood), []
    for number in names:
        if ("open", number) in stood.columns and stood[("open", number)].any():
            parts.append(
                pd.DataFrame(
                    {"agent_id": number, "at": grid.moments(), "open": stood[("open", number)]}
                ).loc[begun]
            )
    columns = ["agent_id", "at", "open"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    labels = distinct({n: names[n] for n in found["agent_id"].unique()})
    return found.assign(agent=found["agent_id"].map(labels))


def distinct(names: Mapping[int, str]) -> dict[int, str]:
    """Namesakes are told apart by a number."""
    seen: dict[str, int] = {}
    found = {}
    for number, name in sorted(names.items()):
        seen[name] = seen.get(name, 0) + 1
        found[number] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return found


def handled(days: pd.DataFrame) -> pd.DataFrame:
    """agent_id, handled and share of all that is known by whom, whoever handled most first."""
    theirs = days.dropna(subset=["agent_id"])
    found = theirs.groupby("agent_id")["handled"].sum().sort_values(ascending=False)
    whole = max(1, int(found.sum()))
    return pd.DataFrame(
        {
            "agent_id": found.index.astype(int),
            "handled": found.to_numpy(int),
            "share": found.to_numpy(float) / whole,
        }
    )


def shared(told: pd.DataFrame) -> Shared | None:
    """None where fewer than two have handled anything. `told` as `handled` answers it."""
    if len(told) < 2:
        return None
    whole, fair = int(told["handled"].sum()), 1 / len(told)
    first = told.iloc[0]
    return Shared(
        agent_id=int(first["agent_id"]),
        share=shares.wilson(int(first["handled"]), whole),
        fair=fair,
    )
