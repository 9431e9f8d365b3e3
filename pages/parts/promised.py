"""What each mailbox promises, since when, and the form in which its managers promise it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from inbox import promises, targets
from inbox.errors import Invalid
from inbox.promises import Suggestion, Version
from inbox.targets import KINDS, Kind
from inbox.words import _, mark, refused
from pages.parts import desk, sheet, times
from pages.parts.charts import axes
from pages.parts.escape import plain, quiet

KIND_NAMES: dict[Kind, str] = {
    "first_reply": mark("First reply"),
    "next_reply": mark("Next reply"),
    "resolution": mark("Resolution"),
}
# So far back a first target may reach.
LATELY = timedelta(weeks=4)
MINUTE, HOUR = 60, 3600
# Two fields beside each other, in pixels.
FIELD, FIELDS = 98, 206


def lasting(seconds: int, calendar: str | None) -> str:
    """“4 h business time”; hours are not made days of: an open day has fewer than 24."""
    hours, minutes = divmod(seconds // MINUTE, 60)
    parts = [_("{h} h").format(h=hours)] if hours else []
    parts += [_("{n} min").format(n=minutes)] if minutes else []
    said = " ".join(parts)
    return _("{time} business time").format(time=said) if calendar else said


def about(versions: Sequence[Version], kind: Kind, mailbox_id: int | None) -> str:
    """“First reply within 4 h business time”, where that holds everywhere that is looked at."""
    boxes = {one.mailbox_id for one in versions if mailbox_id in (None, one.mailbox_id)}
    found = [promises.newest(versions, box).get(kind) for box in boxes]
    said = {lasting(one.seconds, one.calendar) for one in found if one and one.seconds}
    name = _(KIND_NAMES[kind])
    if len(said) != 1:
        return name
    return _("{what} within {time}").format(what=name, time=said.pop())


def show(versions: Sequence[Version], mailbox_id: int | None, *, now: datetime) -> None:
    """A part for each mailbox that is looked at; the form of those the viewer may configure."""
    viewer = desk.me()
    boxes = [sign for sign in desk.signs() if mailbox_id in (None, sign.id)]
    own = [box.id for box in boxes if viewer.may("configure", box.id)]
    bare = [box for box in own if not promises.newest(versions, box)]
    hints = desk.look(promises.suggestions, now=now) if bare else {}
    hours = desk.remembered(("mailboxes", "memberships"), promises.hours)
    for box in boxes:
        mine = [one for one in versions if one.mailbox_id == box.id]
        with sheet.setting(f"targets_{box.id}", plain(box.name, 60), _held(mine)):
            _history(box.id, mine, now)
            if box.id in bare:
                _why([hints[box.id, kind] for kind in KINDS if (box.id, kind) in hints])
                _suggested(box.id, hints, hours[box.id])
            if box.id in bare:
                _form(box.id, mine, hours[box.id], now)
            elif box.id in own:
                with st.expander(_("Change")):
                    _form(box.id, mine, hours[box.id], now)


def _held(mine: Sequence[Version]) -> str:
    return "" if mine else plain(_("No targets yet."))


def _history(box: int, mine: Sequence[Version], now: datetime) -> None:
    """What holds, and below it what held before."""
    holds = promises.newest(mine, box)
    rows = [
        (
            plain(_(KIND_NAMES[kind])),
            plain(lasting(one.seconds or 0, one.calendar)),
            plain(_since(one, now)),
        )
        for kind, one in holds.items()
    ]
    if rows:
        sheet.table(f"fit_targets_{box}", ("", "", ""), rows)
    past = [one for one in reversed(mine) if one not in holds.values()]
    if past:
        with st.expander(_("Earlier targets")):
            for one in past:
                what = lasting(one.seconds, one.calendar) if one.seconds else _("no target")
                said = f"{_(KIND_NAMES[one.kind])}, {_since(one, now)}: {what}"
                st.markdown(quiet(said))


def _since(one: Version, now: datetime) -> str:
    day = times.short(one.valid_from, now=now, where=times.zone())
    return _("since {day}").format(day=day)


def _why(known: Sequence[Suggestion]) -> None:
    st.markdown(
        plain(
            _(
                "A target tells the team what “soon” means: what is due next comes first, and you "
                "see in time what will be late."
            )
        )
    )
    if not known:
        st.caption(_("Too little has been answered here lately to suggest one."))


def _suggested(
    box: int, hints: Mapping[tuple[int, Kind], Suggestion], calendar: str | None
) -> None:
    """What the last weeks let expect, and one press that fills it in."""
    known = [hints[box, kind] for kind in KINDS if (box, kind) in hints]
    if not known:
        return
    said = {
        "first_reply": _(
            "Half of your first replies took {median}; {target} would have been kept by {share}."
        ),
        "next_reply": _(
            "Half of your next replies took {median}; {target} would have been kept by {share}."
        ),
        "resolution": _(
            "Half of your conversations were resolved in {median}; {target} would have been kept "
            "by {share}."
        ),
    }
    for one in known:
        whole = lasting(max(MINUTE, round(one.median / MINUTE) * MINUTE), None)
        text = said[one.kind].format(
            median=whole, target=lasting(one.seconds, calendar), share=axes.per_cent(one.share)
        )
        n = _("n = {n} in the last eight weeks").format(n=axes.count(one.n))
        st.markdown(f"{plain(text)} {quiet(n)}")
    st.button(
        _("Fill this in"),
        key=f"target_fill_{box}",
        icon=":material/edit:",
        on_click=_fill,
        args=(box, known),
    )


def _fill(box: int, known: Sequence[Suggestion]) -> None:
    for one in known:
        hours, rest = divmod(one.seconds, HOUR)
        st.session_state[_key(box, one.kind, "h")] = hours
        st.session_state[_key(box, one.kind, "m")] = rest // MINUTE


def _key(box: int, kind: Kind, unit: str) -> str:
    return f"target_{box}_{kind}_{unit}"


def _form(box: int, mine: Sequence[Version], calendar: str | None, now: datetime) -> None:
    holds = promises.newest(mine, box)
    is_first = any(kind not in {one.kind for one in mine} for kind in KINDS)
    counted = _("Hours are open hours of the calendar {name}.").format(name=calendar or "")
    with st.form(f"targets_{box}", border=False):
        st.caption(
            plain(
                counted
                if calendar
                else _("Hours are hours on the clock: this mailbox follows no calendar.")
            )
        )
        wanted, errors = {}, {}
        with st.container(horizontal=True, gap="medium"):
            for kind in KINDS:
                with st.container(width=FIELDS, gap="small"):
                    wanted[kind], errors[kind] = _fields(box, kind, holds.get(kind))
        reaches = is_first and st.checkbox(
            _("Measure the last four weeks by a first target, too"), True, key=f"target_back_{box}"
        )
        if st.form_submit_button(_("Save"), key=f"target_save_{box}"):
            _save(box, wanted, errors, now - LATELY if reaches else None)


def _fields(box: int, kind: Kind, holds: Version | None) -> tuple[int | None, DeltaGenerator]:
    """The seconds that were typed, None for none, and where a refusal of them is to stand."""
    seconds = holds.seconds if holds and holds.seconds else 0
    st.markdown(f"**{plain(_(KIND_NAMES[kind]))}**")
    keys = {unit: _key(box, kind, unit) for unit in "hm"}
    st.session_state.setdefault(keys["h"], seconds // HOUR or None)
    st.session_state.setdefault(keys["m"], seconds % HOUR // MINUTE or None)
    with st.container(horizontal=True, gap="small"):
        hours = st.number_input(
            _("Hours"), min_value=0, key=keys["h"], placeholder=_("none"), width=FIELD
        )
        minutes = st.number_input(_("Minutes"), 0, 59, key=keys["m"], placeholder="–", width=FIELD)
    total = int(hours or 0) * HOUR + int(minutes or 0) * MINUTE
    return total or None, st.empty()


def _save(
    box: int,
    wanted: Mapping[Kind, int | None],
    errors: Mapping[Kind, DeltaGenerator],
    since: datetime | None,
) -> None:
    try:
        desk.attempt(targets.set_targets, box, wanted, since=since)
    except Invalid as refusal:
        place = errors.get(refusal.field)  # type: ignore[call-overload]
        (place or st).error(plain(refused(refusal)))
        return
    st.toast(_("Saved."), icon=":material/check:")
    st.rerun()
