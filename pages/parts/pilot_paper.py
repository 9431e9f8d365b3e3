"""One sheet of A4 about a pilot: what stands on it, and the two files it is handed out as."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st
import vl_convert

from inbox import words
from inbox.confounders import Confounder
from inbox.pilot import Verdict
from inbox.pilot_mail import Told
from inbox.pilot_plans import Pilot
from inbox.words import _
from pages.parts import (
    desk,
    pilot_charts,
    pilot_html,
    pilot_pdf,
    pilot_rows,
    pilot_words,
    verdict,
)
from pages.parts.charts.look import LIGHT
from pages.parts.pilot_sheet import Picture, Sheet

# Of a chart before it is made smaller: as a laptop shows it.
CHART_WIDTH = 470


def downloads(
    one: Pilot, others: Sequence[Pilot], told: Told, found: Verdict, *, now: datetime
) -> None:
    """Two buttons; a sheet is made when it is asked for."""
    house, who, language = desk.house().settings.name, desk.me().name, words.language()
    names = {sign.id: sign.name for sign in desk.signs()}
    started = one.plan.starts_on.isoformat()

    def made(write: Any) -> Any:
        def make() -> bytes:
            # In a thread of its own, which has not heard in what language its reader speaks.
            with words.speaking(language):
                told_ = sheet(one, others, told, found, house, who, names, now=now)
                return bytes(write(told_))

        return make

    with st.container(key="pilot_paper", horizontal=True, gap="small"):
        for ending, write, mime in (
            ("pdf", pilot_pdf.pdf, "application/pdf"),
            ("html", pilot_html.html, "text/html"),
        ):
            st.download_button(
                _("One page to print (PDF)") if ending == "pdf" else _("The same as HTML"),
                data=made(write),
                file_name=f"pilot-{started}.{ending}",
                mime=mime,
                key=f"pilot_{ending}",
                on_click="ignore",
                icon=":material/print:" if ending == "pdf" else None,
                type="secondary" if ending == "pdf" else "tertiary",
            )


def sheet(
    one: Pilot,
    others: Sequence[Pilot],
    told: Told,
    found: Verdict,
    house: str,
    who: str,
    names: dict[int, str],
    *,
    now: datetime,
) -> Sheet:
    """The same words and numbers as on the page."""
    plan, state = one.plan, one.state(now)
    title, _sep, rest = verdict.said(found, plan.rule).partition(" · ")
    if state in {"planned", "withdrawn"}:
        title, rest = pilot_words.standing(one, now=now), ""
    standing = "" if not rest and state == "planned" else pilot_words.standing(one, now=now)
    made = _("{house} · made by {who} on {day}").format(
        house=house, who=who, day=pilot_words.day(pilot_words.local(now, plan))
    )
    return Sheet(
        title=_("Pilot: {name}").format(name=pilot_words.mailboxes(one, names)),
        made=made,
        kind=found.kind if state not in {"planned", "withdrawn"} else "not_enough",
        verdict=title,
        about=[line for line in (rest, standing, pilot_words.enough(found, one, now=now)) if line],
        rule=[pilot_words.rule(plan), pilot_words.was_set(one), pilot_words.periods(plan)],
        head=pilot_rows.head(),
        rows=pilot_rows.rows(found, told, plan.rule),
        pictures=[
            picture(pilot_charts.by_week(one, told, found, LIGHT, width=CHART_WIDTH)),
            picture(pilot_charts.by_patience(one, told, LIGHT, width=CHART_WIDTH)),
        ],
        differed_title=_("What else was different (marked: large enough to explain it)"),
        differed=[differed(confounder) for confounder in found.confounders],
        caveats_title=_("What the numbers cannot tell"),
        caveats=pilot_words.caveats(told, one, others, now=now),
        language=words.language(),
    )


def differed(one: Confounder) -> tuple[str, bool]:
    return verdict.confounder(one), one.is_large


def picture(chart: Any) -> Picture:
    """The chart without its title, which is told beside it in letters that can be read."""
    spec = chart.to_dict()
    title = spec.pop("title", None) or {"text": [], "subtitle": []}
    return Picture(
        svg=str(vl_convert.vegalite_to_svg(spec)),
        title=" ".join(title["text"]),
        about=" ".join(title["subtitle"]),
    )
