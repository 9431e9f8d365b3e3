"""A chart as every page shows it: to be pressed, and with what it is made of below it."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
import vl_convert

from inbox import cells, clock, definitions, insight
from inbox.insight import Behind
from inbox.words import _, plural
from pages.parts import desk, names, sheet, times
from pages.parts.charts import look
from pages.parts.charts.look import DARK, LIGHT, Finding, Look
from pages.parts.escape import plain, quiet

SHOWN = 50
PHONE = 350
# Small charts beside each other; on a phone they lie below each other.
COLUMNS = 3
_ENDINGS = {"csv": "CSV", "parquet": "Parquet", "png": "PNG"}
# Twice as fine as a screen, for slides and paper.
SCALE = 2
Chosen = list[dict[str, Any]]
# The conversations behind what was pressed, and what it was.
Picked = tuple[list[int], str]
NOTHING: Picked = ([], "")


def dress() -> Look:
    """As the viewer's screen is."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def room() -> int | None:
    """The width of a phone, as far as a browser tells that it is one; None for what stretches."""
    return PHONE if "Mobi" in st.context.headers.get("User-Agent", "") else None


def show(key: str, chart: Any, rows: pd.DataFrame, *, metric: str) -> Chosen:
    """The chart below its finding, the metric's definition and SQL, and `rows`, from which it is
    drawn, to take along. Answers which marks were pressed, each by the fields of its selection."""
    with st.container(key=f"figure_{key}"):
        bare = headed(chart.to_dict())
        if rows.empty:
            # Its finding says that there is nothing.
            return []
        chosen = pressed(key, bare)
        with st.container(key=f"under_{key}", horizontal=True, gap="small"):
            definition(key, metric)
            take_along(key, chart.to_dict, rows)
    return chosen


def several(
    key: str, said: Finding, charts: Mapping[str, Any], rows: pd.DataFrame, *, metric: str
) -> Chosen:
    """As `show`, for small charts that lie beside each other below one finding."""
    chosen: Chosen = []
    with st.container(key=f"figure_{key}"):
        st.markdown(f"**{plain(said.title)}**")
        st.caption(plain(said.subtitle))
        columns = st.columns(COLUMNS, gap="small")
        for number, chart in enumerate(charts.values()):
            with columns[number % COLUMNS]:
                found = pressed(f"{key}_{number}", chart.to_dict())
            chosen = chosen or found
        with st.container(key=f"under_{key}", horizontal=True, gap="small"):
            definition(key, metric)
            small = list(charts.values())
            take_along(key, lambda: look.together(small, columns=COLUMNS, width=300), rows)
    return chosen


def pressed(key: str, spec: dict[str, Any]) -> Chosen:
    """A chart alone; answers its marks that were pressed, by the fields of its selection."""
    event = st.vega_lite_chart(
        spec=spec,
        key=key,
        on_select="rerun",
        selection_mode="chosen",
        theme=None,
        width="stretch",
    )
    chosen = (event.get("selection") or {}).get("chosen") if isinstance(event, dict) else None
    return chosen if isinstance(chosen, list) else []


def headed(spec: dict[str, Any]) -> dict[str, Any]:
    """The chart without its title, which stands above it as text: Vega breaks no lines, and cuts
    what is wider than the screen."""
    said = spec.get("usermeta", {}).get("said")
    if said:
        title, subtitle = said
        st.markdown(f"**{plain(title)}**")
        st.caption(plain(subtitle))
    spec.pop("title", None)
    return spec


def definition(key: str, metric: str) -> None:
    """In one sentence, and as the SQL that counts it."""
    with st.popover(_("How it is counted"), key=f"definition_{key}", type="tertiary"):
        st.markdown(plain(definitions.sentence(metric)))
        st.code(definitions.sql(metric), language="sql")


def take_along(key: str, spec: Callable[[], dict[str, Any]], rows: pd.DataFrame) -> None:
    """The rows as CSV and Parquet, the chart as a picture; made when asked for."""
    made: dict[str, tuple[Callable[[], bytes], str]] = {
        "csv": (lambda: csv(rows), "text/csv"),
        "parquet": (lambda: parquet(rows), "application/vnd.apache.parquet"),
        "png": (lambda: png(spec()), "image/png"),
    }
    offer(key, made)


def offer(key: str, made: Mapping[str, tuple[Callable[[], bytes], str]]) -> None:
    """Files by their endings, each made when it is asked for, and of which kind it is."""
    for ending, (make, mime) in made.items():
        st.download_button(
            plain(_ENDINGS[ending]),
            data=make,
            file_name=f"{key}.{ending}",
            mime=mime,
            key=f"{ending}_{key}",
            on_click="ignore",
            type="tertiary",
        )


def csv(rows: pd.DataFrame) -> bytes:
    """With a mark by which spreadsheets know that it is UTF-8; nobody's words are formulas there,
    in heads neither."""
    safe = rows.copy()
    for name in safe.columns:
        if safe[name].dtype.kind not in "biufM":
            safe[name] = pd.Series(
                [_cell(one) for one in safe[name]], index=safe.index, dtype=object
            )
    safe.columns = [cells.harmless(str(name)) for name in safe.columns]
    return safe.to_csv(index=False).encode("utf-8-sig")


def _cell(value: object) -> object:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "tolist"):
        value = value.tolist()
    return cells.harmless(str(value)) if not isinstance(value, float) else value


def parquet(rows: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    rows.to_parquet(out, index=False)
    return out.getvalue()


def png(spec: dict[str, Any]) -> bytes:
    return bytes(vl_convert.vegalite_to_png(spec, scale=SCALE))


def ids(rows: pd.DataFrame) -> list[int]:
    """Their conversations, in this order."""
    return [int(one) for one in rows["conversation_id"]]


def longest(rows: pd.DataFrame) -> list[int]:
    """Their conversations, whoever waited longest in front."""
    return ids(rows.sort_values("seconds", ascending=False))


def latest(*picks: Picked) -> Picked:
    """Of what was pressed on a page, what stands lowest on it."""
    return next((one for one in reversed(picks) if one[1]), NOTHING)


def behind(picked: Picked) -> None:
    """The conversations that a number is made of, each a press away; nothing where none was
    pressed."""
    ids, about = picked
    if not about:
        return
    sheet.section(_("Behind it"))
    shown = desk.look(insight.behind, ids[:SHOWN])
    count = plural("{n} conversation", "{n} conversations", len(ids)).format(n=f"{len(ids):,}")
    st.caption(plain(f"{about} · {count}"))
    if shown:
        sheet.table(
            "behind",
            (_("Conversation"), _("Customer"), _("Last mail")),
            [_row(one) for one in shown],
        )
    if len(ids) > SHOWN:
        st.caption(_("The first {n} are shown; CSV holds them all.").format(n=SHOWN))


def _row(one: Behind) -> tuple[str, ...]:
    subject = plain(one.subject, 70) or _("(no subject)")
    who = names.shown(one.contact_name, one.contact_address)
    return (
        f"[{subject}](/?view=all&c={one.conversation_id})",
        quiet(who or _("the customer")),
        plain(times.short(one.last_message_at, now=clock.now(), where=times.zone())),
    )
