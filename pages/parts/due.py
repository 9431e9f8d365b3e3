"""What was promised and is not kept yet: due next, and late."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from inbox.promises import Pressing
from inbox.words import _
from pages.parts import names, promised, sheet, times
from pages.parts.charts import axes
from pages.parts.escape import plain, quiet


def show(pressing: Sequence[Pressing], *, now: datetime) -> None:
    """What is to be kept next, and what is late: each row leads to its conversation."""
    coming = [one for one in pressing if one.state != "breached"]
    late = [one for one in pressing if one.state == "breached"]
    for key, title, rows in (
        ("fit_due_next", _("Due next"), coming),
        ("fit_late_now", _("Late, still open"), late),
    ):
        if not rows:
            continue
        sheet.section(plain(title))
        head = (_("Conversation"), _("Target"), _("Due"), _("Whose"))
        sheet.table(key, head, [_line(one, now) for one in rows])
        if key == "fit_late_now" and rows[0].late > len(rows):
            said = _("The {n} that were due last are shown, of {all}.")
            st.caption(plain(said.format(n=len(rows), all=axes.count(rows[0].late))))
    if not pressing:
        st.caption(_("Nothing is due: nobody waits for anything that was promised."))


def _line(one: Pressing, now: datetime) -> tuple[str, ...]:
    subject = plain(one.subject, 60) or _("(no subject)")
    who = names.shown(one.contact_name, one.contact_address)
    due_at = plain(times.coming(one.due_at, now=now, where=times.zone()))
    if one.state == "breached":
        due_at = plain(times.said(one.due_at, now=now, where=times.zone()))
    left = axes.lasting(abs(one.left_seconds))
    said = _("{time} over") if one.state == "breached" else _("{time} left")
    rest = f":gray[{plain(said.format(time=left))}]"
    if one.state == "breached":
        rest = f":red[{plain(said.format(time=left))}]"
    elif one.state == "at_risk":
        rest = f":orange[{plain(said.format(time=left))}]"
    return (
        f"[{subject}](/?view=all&c={one.conversation_id}) {quiet(who or _('the customer'))}",
        plain(_(promised.KIND_NAMES[one.kind])),
        f"{due_at} {rest}",
        plain(one.assignee) or f":gray[{_('nobody')}]",
    )
