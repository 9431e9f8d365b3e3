"""Shifts on the people page: a CSV file is dropped, looked at line by line, and taken whole."""

from collections.abc import Sequence

import streamlit as st

from inbox import shifts
from inbox.errors import InboxError
from inbox.shifts import Line
from inbox.words import _, plural, refused
from pages.parts import desk, form, sheet, times
from pages.parts.escape import plain, quiet

_EXAMPLE = """email,starts,ends
bo@example.com,2026-12-01T08:00+01:00,2026-12-01T16:00+01:00
bo@example.com,2026-12-02T12:00+01:00,2026-12-02T20:00+01:00"""
_TURN, _TAKEN = "shifts_turn", "shifts_taken"
MOST_WRONG, MOST_SHOWN = 30, 15


def show() -> None:
    sheet.section(_("Shifts"))
    st.caption(
        _(
            "Whoever has shifts takes new work in them alone. A file holds one a line; it replaces "
            "what was planned for the same people between its first and its last day."
        )
    )
    if taken := st.session_state.pop(_TAKEN, None):
        said = plural("{n} shift was taken up.", "{n} shifts were taken up.", taken)
        st.success(plain(said.format(n=taken)))
    turn = st.session_state.setdefault(_TURN, 0)
    file = st.file_uploader(_("Shifts as a CSV file"), type="csv", key=f"shifts_{turn}")
    if file is None:
        with st.expander(_("What the file looks like")):
            st.markdown(f"```text\n{_EXAMPLE}\n```")
            st.caption(_("Without an offset like +01:00 the times are UTC."))
        return
    text = _decoded(file.getvalue())
    try:
        lines = desk.look(shifts.preview, text)
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    _previewed(lines, text)


def _previewed(lines: Sequence[Line], text: str) -> None:
    wrong = [line for line in lines if line.wrong]
    if wrong:
        said = plural(
            "{n} line cannot be taken. Nothing is taken up until all of them are right.",
            "{n} lines cannot be taken. Nothing is taken up until all of them are right.",
            len(wrong),
        )
        st.error(plain(said.format(n=len(wrong))))
        _table([*wrong[:MOST_WRONG]])
        return
    _table(lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        st.caption(plain(_("and {n} more").format(n=f"{len(lines) - MOST_SHOWN:,}")))
    label = plural("Take up {n} shift", "Take up {n} shifts", len(lines)).format(n=len(lines))
    if st.button(label, key="shifts_take", type="primary") and form.did(shifts.take_up, text):
        st.session_state[_TURN] += 1
        st.session_state[_TAKEN] = len(lines)
        st.rerun()


def _table(lines: Sequence[Line]) -> None:
    sheet.table("shifts", (_("Who"), _("When"), ""), [_row(line) for line in lines])


def _row(line: Line) -> tuple[str, ...]:
    wrong = f":red[{plain(refused(line.wrong), 200)}]" if line.wrong else ""
    return plain(line.name, 60) or quiet(line.email or "–", 60), plain(_when(line)), wrong


def _when(line: Line) -> str:
    """“2026-12-01 08:00 – 16:00”, where the viewer is; the second day only where it is another."""
    if line.starts_at is None or line.ends_at is None:
        return "–"
    where = times.zone()
    starts, ends = (times.exact(at, where=where)[:16] for at in (line.starts_at, line.ends_at))
    return f"{starts} – {ends[11:] if starts[:10] == ends[:10] else ends}"


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
