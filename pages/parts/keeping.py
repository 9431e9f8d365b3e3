"""How the house keeps what it has: version, back-ups, diary and disk."""

import streamlit as st

from inbox import backup, clock, health, snapshot, version
from inbox.errors import InboxError
from inbox.health import Overview
from inbox.words import _
from pages.parts import desk, sheet, sizes, times
from pages.parts.escape import plain


def show(found: Overview) -> None:
    settings, now, where = desk.house().settings, clock.now(), times.zone()
    disk, verified = health.disk(settings), found.last("verify")
    last, copy = backup.last_made(settings.backups), snapshot.newest(settings)
    room = _("{free} free of {all}").format(
        free=sizes.said(disk.free_bytes), all=sizes.said(disk.total_bytes)
    )
    checked = (
        _("verified {when}").format(when=times.said(verified.ended_at, now=now, where=where))
        if verified
        else _("not verified yet")
    )
    sheet.section(_("Keeping"))
    sheet.facts(
        "keeping",
        (
            (_("Version"), version.number()),
            (_("Last back-up"), times.said(last, now=now, where=where) if last else _("never")),
            (
                _("Last snapshot"),
                times.said(copy.made_at, now=now, where=where) if copy else _("never"),
            ),
            (_("Diary"), checked),
            (_("Disk"), room),
        ),
    )
    if st.button(_("Back up now"), key="back_up"):
        _back_up()


def _back_up() -> None:
    try:
        with st.spinner(_("Backing up …")):
            made = backup.make(desk.house(), desk.me(), now=clock.now())
    except (InboxError, OSError) as trouble:
        st.error(_("No back-up was made. {why}").format(why=plain(str(trouble))))
        return
    size = sizes.said(made.size_bytes)
    st.success(
        plain(_("Backed up {size} into {folder}.").format(size=size, folder=made.folder.name))
    )
