"""A board as it is shown: what it counts, its chart or table, and what it is made of."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from inbox import boards, clock
from inbox.asking import Answer
from inbox.board_answers import Shown
from inbox.boards import Board, Chart
from inbox.errors import InboxError
from inbox.words import _, plural, refused
from pages.parts import figure, sheet, times
from pages.parts.charts import board as board_chart
from pages.parts.escape import plain
from pages.parts.figure import NOTHING, Picked

CONVERSATION, CONVERSATIONS = "conversation_id", "conversation_ids"
TABLE_HEIGHT = 320
MOST_MARKS = 2_000


def show(found: Shown, remove: Callable[[Board], None] | None = None) -> Picked:
    """The card; answers the conversations behind what was pressed on it."""
    board, answer = found.board, found.answer
    with st.container(key=f"board_{board.name}"):
        sheet.section(plain(board.title))
        if board.definition:
            st.caption(plain(board.definition))
        if answer.frame is None:
            wrong(answer.refusal, board)
            picked = NOTHING
        else:
            picked = body(board.name, answer, board.chart, board.title)
        with st.container(key=f"under_{board.name}", horizontal=True, gap="small"):
            counted(board)
            if answer.frame is not None:
                take_along(board.name, answer, board.chart)
            if remove is not None and board.card_id is not None:
                remove(board)
    return picked


def body(key: str, answer: Answer, how: Chart, title: str) -> Picked:
    """An answer as its head wants it drawn."""
    frame = answer.frame
    if frame is None or frame.empty:
        st.caption(_("Nothing to count here."))
        return NOTHING
    if how.kind == "number":
        column = str(frame.columns[0])
        st.metric(plain(column), plain(board_chart.said(_bare(frame.iloc[0, 0]), column)))
    elif how.kind == "table":
        grid(key, frame)
    else:
        return chart(key, frame, how, title)
    cut(answer)
    return NOTHING


def chart(key: str, frame: pd.DataFrame, how: Chart, title: str) -> Picked:
    shown = frame.head(MOST_MARKS)
    st.caption(plain(" · ".join([board_chart.subtitle(frame), *behind(frame)])))
    for one in figure.pressed(
        f"chart_{key}", board_chart.drawn(shown, how, figure.dress()).to_dict()
    ):
        found = ids(board_chart.inside(shown, one, how))
        if found:
            return found, f"{title} · {' · '.join(map(str, one.values()))}"
    return NOTHING


def grid(key: str, frame: pd.DataFrame) -> None:
    """A conversation's number leads to it. Cells show strangers' words as they are."""
    shown = frame.drop(columns=[CONVERSATIONS], errors="ignore").copy()
    how = {}
    if CONVERSATION in shown and pd.api.types.is_numeric_dtype(shown[CONVERSATION]):
        shown[CONVERSATION] = [
            None if pd.isna(one) else f"/?view=all&c={int(one)}" for one in shown[CONVERSATION]
        ]
        how[CONVERSATION] = st.column_config.LinkColumn(_("Open"), display_text=r"c=(\d+)$")
    st.dataframe(
        shown,
        key=f"rows_{key}",
        hide_index=True,
        column_config=how,
        height=min(TABLE_HEIGHT, 38 + 35 * len(shown)),
    )


def behind(frame: pd.DataFrame) -> list[str]:
    """How many conversations all of it is made of, where it tells which."""
    count = len(ids(frame))
    said = plural("{n} conversation", "{n} conversations", count)
    return [said.format(n=f"{count:,}")] if count else []


def ids(rows: pd.DataFrame) -> list[int]:
    """The conversations that rows name, each once."""
    found: dict[int | None, None] = {}
    if CONVERSATION in rows:
        found.update(dict.fromkeys(map(_number, rows[CONVERSATION])))
    if CONVERSATIONS in rows:
        for some in rows[CONVERSATIONS]:
            found.update(dict.fromkeys(map(_number, some if hasattr(some, "__len__") else ())))
    return [one for one in found if one is not None]


def _number(value: object) -> int | None:
    """A conversation's; None for what is none."""
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError, OverflowError):
        return None


def wrong(refusal: InboxError | None, board: Board) -> None:
    """Why there is no answer; of a file, which one to mend."""
    why = refused(refusal) if refusal else ""
    if board.card_id is None:
        said = _("sql/boards/{name}.sql cannot be used. {why}")
        why = said.format(name=board.name, why=why)
    st.warning(plain(why, 1_000), icon=":material/warning:")


def cut(answer: Answer) -> None:
    if answer.is_cut and answer.frame is not None:
        count = f"{len(answer.frame):,}"
        st.caption(_("There is more: the first {n} rows are shown.").format(n=count))


def counted(board: Board) -> None:
    with st.popover(_("How it is counted"), key=f"definition_{board.name}", type="tertiary"):
        if board.definition:
            st.markdown(plain(board.definition))
        if board.card_id is not None and board.saved_at is not None:
            when = times.said(board.saved_at, now=clock.now(), where=times.zone())
            st.caption(plain(_("Saved by {who}, {when}").format(who=board.saved_by, when=when)))
        if board.question:
            st.code(board.question, language="sql")


def take_along(key: str, answer: Answer, how: Chart) -> None:
    """The rows as CSV and Parquet, a chart as a picture; made when asked for."""
    frame = answer.frame
    assert frame is not None
    made: dict[str, tuple[Callable[[], bytes], str]] = {
        "csv": (lambda: figure.csv(frame), "text/csv"),
        "parquet": (lambda: figure.parquet(frame), "application/vnd.apache.parquet"),
    }
    if how.kind not in ("table", "number") and not frame.empty:
        picture = board_chart.drawn(frame.head(MOST_MARKS), how, figure.dress(), width=720)
        made["png"] = (lambda: figure.png(picture.to_dict()), "image/png")
    figure.offer(key, made)


def _bare(value: Any) -> Any:
    return value.item() if getattr(value, "size", 0) == 1 else value


def chart_of(text: str) -> tuple[Chart, InboxError | None]:
    """How a question wants to be drawn; a table, with the reason, where its head is wrong."""
    try:
        return boards.chart_of(text), None
    except InboxError as refusal:
        return Chart(), refusal
