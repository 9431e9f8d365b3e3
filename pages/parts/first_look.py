"""What imported history says, where no conversation is open yet."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from inbox import clock, first_look, summaries
from inbox.first_look import DAYS, Look
from inbox.words import _, plural
from pages.parts import desk, drawing, numbers, times
from pages.parts.charts import axes
from pages.parts.escape import plain

MOST = 200
AGAIN, NEVER = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    look: Look | None
    until: datetime


# By house and viewer: asked once a minute while mail streams in, and once an hour whether there is
# anything to say, so that going through the inbox costs nothing.
_known: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()


def show() -> None:
    """Three sentences, each of which opens the page that proves it; nothing for most people."""
    viewer = desk.me()
    if not first_look.decides(viewer) or not (found := _asked(clock.now())) or not found.n:
        return
    with st.container(key="first_look", border=True, width=460):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('Your mail of the last 4 weeks')}**", width="stretch")
            st.button(
                _("Hide"),
                key="first_look_away",
                type="tertiary",
                on_click=_away,
                help=_("For good"),
            )
        for name, words in _sentences(found):
            _line(name, words)


def _sentences(found: Look) -> list[tuple[str, str]]:
    """Each with the page of Insight where it stands."""
    said = []
    if found.seconds is not None:
        half = _("First response: median {time}, of {n} answered")
        time = axes.lasting(found.seconds)
        said.append(("response", half.format(time=time, n=axes.count(found.answered))))
    twice = plural("{n} duplicate reply", "{n} duplicate replies", found.duplicates)
    never = plural("{n} without an answer", "{n} without an answer", found.unanswered)
    said.append(("duplicates", twice.format(n=axes.count(found.duplicates))))
    said.append(("unanswered", never.format(n=axes.count(found.unanswered))))
    return said


def _line(name: str, words: str) -> None:
    if name not in numbers.LEAVES:
        st.markdown(plain(words))
        return
    st.page_link(
        numbers.FOLDER / f"{name}.py",
        label=plain(words),
        icon=":material/arrow_forward:",
        query_params={"days": str(DAYS)},
    )


def _asked(now: datetime) -> Look | None:
    zone = times.zone()
    name = (desk.house().settings.data, desk.me(), str(zone))
    kept = _known.get(name)
    if kept is None or now >= kept.until:
        since, _until = summaries.period(DAYS, zone, now=now)
        look = desk.look(first_look.told, since, now=now)
        kept = _known[name] = _Kept(look, now + (NEVER if look is None else AGAIN))
        while len(_known) > MOST:
            _known.popitem(last=False)
    return kept.look


def _away() -> None:
    desk.act(first_look.dismiss)
    _known.clear()
    drawing.again("conversation")
