"""Health: whether mail comes in and goes out, and what stands in its way."""

from datetime import datetime

import streamlit as st

from inbox import backup, clock, health, version
from inbox.errors import InboxError
from inbox.health import JobHealth, MailboxHealth, Overview, Troubled, Unreadable
from pages.parts import desk, form, mailbox_state, sizes, times
from pages.parts.escape import plain
from pages.parts.words import _, plural

viewer = desk.me()
form.must_be_let_in(viewer.is_admin)
now, where = clock.now(), times.zone()
STATES = ("queued", "sending", "sent", "failed", "uncertain", "cancelled")


def said(moment: datetime | None) -> str:
    return times.said(moment, now=now, where=where) if moment else _("never")


def mailbox(found: MailboxHealth) -> None:
    colour, text = mailbox_state.sentence(found, now=now)
    counts = _("on server {server}, stored {stored}, unreadable {unreadable}").format(
        server=f"{found.on_server:,}", stored=f"{found.stored:,}", unreadable=found.unreadable
    )
    lag = (
        _("fetched {lag} after it arrived").format(lag=times.lasting(found.lag_seconds))
        if found.lag_seconds is not None and found.import_since is None
        else ""
    )
    missed = plural("{n} missed poll", "{n} missed polls", found.missed).format(n=found.missed)
    facts = " · ".join(x for x in (counts, lag, missed if found.missed else "") if x)
    st.markdown(f"**{plain(found.name)}**  :{colour}[{text}]  \n:gray[{plain(facts)}]")


def outbox(found: Overview) -> None:
    st.subheader(_("Outgoing mail"))
    told = [f"{found.outbox[s]:,} {_(s)}" for s in STATES if found.outbox.get(s)]
    st.markdown(" · ".join(told) or _("Nothing was sent yet."))
    for trouble in found.troubled:
        troubled(trouble)


def troubled(found: Troubled) -> None:
    subject = plain(found.subject, 90) or _("a mail in {name}").format(
        name=plain(found.mailbox_name or "")
    )
    link = f"[{subject}](/?c={found.conversation_id})" if found.conversation_id else subject
    tries = plural("{n} try", "{n} tries", found.attempts).format(n=found.attempts)
    st.markdown(
        f":red[{_(found.state)}] {link} · {plain(found.addresses, 90)}  \n"
        f":gray[{plain(said(found.queued_at))} · {tries} · {plain(found.error or '')}]"
    )


def unreadable(found: list[Unreadable]) -> None:
    st.subheader(_("Mail that could not be read"))
    if not found:
        st.markdown(_("None. Every mail could be read."))
    for mail in found:
        size = f" · {sizes.said(mail.size_bytes)}" if mail.size_bytes else ""
        sender = plain(mail.from_address, 90)
        where_from = f"{plain(mail.mailbox_name)}, {plain(said(mail.received_at))}"
        st.markdown(
            f"[{where_from}](/?c={mail.conversation_id}) · {sender}{plain(size)}"
            f" · [{_('original')}](/original/{mail.message_id})  \n"
            f":gray[{plain(mail.error or '')}]"
        )


def jobs(found: list[JobHealth]) -> None:
    st.subheader(_("Jobs"))
    if not found:
        st.markdown(_("No job has run yet."))
        return
    st.dataframe(
        [
            {
                _("Job"): job.job,
                _("Mailbox"): job.mailbox_name or "",
                _("Last run"): said(job.ended_at),
                _("Result"): _("done") if job.is_ok else _("failed"),
                _("Failures within a day"): job.failures,
                _("Detail"): job.detail,
            }
            for job in found
        ],
        hide_index=True,
    )


def keeping(found: Overview) -> None:
    settings = desk.house().settings
    st.subheader(_("Keeping"))
    disk, verified = health.disk(settings), found.last("verify")
    last = backup.last_made(settings.backups)
    diary = _("verified {when}").format(when=said(verified.ended_at)) if verified else ""
    lines = (
        (_("Version"), version.number()),
        (_("Last back-up"), said(last)),
        (_("Diary"), diary or _("not verified yet")),
        (
            _("Disk"),
            _("{free} free of {all}").format(
                free=sizes.said(disk.free_bytes), all=sizes.said(disk.total_bytes)
            ),
        ),
    )
    st.markdown("  \n".join(f"{name}: **{plain(text)}**" for name, text in lines))
    if st.button(_("Back up now"), key="back_up"):
        back_up()


def back_up() -> None:
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


with st.container(key="health", width=860):
    st.title(_("Health"))
    seen = desk.look(health.overview, now=now)
    st.subheader(_("Mailboxes"))
    for box in seen.mailboxes:
        mailbox(box)
    if not seen.mailboxes:
        st.markdown(_("No mailbox yet."))
    outbox(seen)
    unreadable(seen.unreadable)
    keeping(seen)
    jobs(seen.jobs)
