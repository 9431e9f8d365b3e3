"""Who has what is open, and how many of theirs wait."""

from typing import Any

import pandas as pd

from inbox.words import _
from pages.parts.charts import ages, axes, rows
from pages.parts.charts.look import Finding, Look

NOBODY = 0
# A share of it says little where there is less.
FEW = 10


def finding(hands: pd.DataFrame) -> Finding:
    whole = int(hands["n"].sum())
    subtitle = _("Open conversations by who has them · blue: the customer waits · n = {n}").format(
        n=axes.count(whole)
    )
    nobodys = int(hands.loc[hands["agent_id"] == NOBODY, "n"].sum())
    theirs = hands.loc[hands["agent_id"] != NOBODY]
    if not whole:
        return Finding(_("Nothing is open"), subtitle)
    if nobodys * 2 > whole or theirs.empty:
        title = _("{n} of {whole} open conversations have nobody")
        return Finding(title.format(n=axes.count(nobodys), whole=axes.count(whole)), subtitle)
    most = theirs.sort_values("n").iloc[-1]
    if most["n"] < FEW or most["n"] * 2 < theirs["n"].sum():
        return Finding(_("No colleague has more than half of what is taken"), subtitle)
    title = _("{name} has {n} of the {taken} that are taken").format(
        name=most["who"], n=axes.count(most["n"]), taken=axes.count(theirs["n"].sum())
    )
    return Finding(title, subtitle)


def chart(hands: pd.DataFrame, dress: Look, *, width: int | None = None) -> Any:
    """`hands`: agent_id (0 is nobody), who, name (who it is, and what else is to be said of them;
    no two alike), n and waiting. A click chooses `agent_id`."""
    frame = hands.assign(part=hands["waiting"])
    pairs = zip(frame["n"], frame["part"], strict=True)
    frame["text"] = [
        ages.told(part) if part == n else f"{axes.count(n)} · {ages.told(part)}"
        for n, part in pairs
    ]
    frame.loc[frame["part"] == 0, "text"] = frame["n"].map(axes.count)
    tips = [("name", _("Colleague")), ("n", _("Open")), ("waiting", _("Wait"))]
    said = finding(hands)
    return rows.chart(frame, dress, said, fields=["agent_id"], tips=tips, width=width)


def then(hands: pd.DataFrame, dress: Look, *, width: int | None = None) -> Any:
    """As `chart`, at a moment of the past: `waiting` is how many of them are open still."""
    whole = int(hands["n"].sum())
    subtitle = _("Open at this minute by who had them · blue: open still · n = {n}")
    title = _("Nothing was open") if not whole else _("{n} were open, {left} of them still are")
    left = int(hands["waiting"].sum())
    said = Finding(
        title.format(n=axes.count(whole), left=axes.count(left)),
        subtitle.format(n=axes.count(whole)),
    )
    frame = hands.assign(part=hands["waiting"], text=[axes.count(n) for n in hands["n"]])
    tips = [("name", _("Colleague")), ("n", _("Open then")), ("waiting", _("Open still"))]
    return rows.chart(frame, dress, said, fields=["agent_id"], tips=tips, width=width)
