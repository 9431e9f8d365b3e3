"""Health: whether mail comes in and goes out, and what stands in its way."""

from datetime import datetime

import streamlit as st

from inbox import clock, health, rescued
from inbox.health import JobHealth, MailboxHealth, Overview, Troubled, Unreadable
from inbox.rescued import Rescued
from inbox.words import _
from pages.parts import desk, form, keeping, mailbox_state, sheet, sizes, times
from pages.parts.escape import plain, quiet

viewer = desk.me()
form.must_be_let_in(viewer.is_admin)
now, where = clock.now(), times.zone()
STATES = ("queued", "sending", "sent", "failed", "uncertain", "cancelled")


def said(moment: datetime | None) -> str:
    return times.said(moment, now=now, where=where) if moment else _("never")


def mailboxes(found: list[MailboxHealth]) -> None:
    sheet.section(_("Mailboxes"))
    if not found:
        st.markdown(_("No mailbox yet."))
        return
    head = ("", _("On server"), _("Stored"), _("Unreadable"), _("Missed polls"), _("Delay"))
    sheet.table("mailboxes", head, [mailbox(box) for box in found], numbers=5)


def mailbox(found: MailboxHealth) -> tuple[str, ...]:
    """The row of one mailbox; what is wrong is red."""
    lag = (
        times.lasting(found.lag_seconds)
        if found.lag_seconds is not None and found.import_since is None
        else "–"
    )
    return (
        f"{mailbox_state.dot(found, now=now)} **{plain(found.name)}** "
        f"{mailbox_state.quiet_sentence(found, now=now)}",
        f"{found.on_server:,}",
        f"{found.stored:,}",
        wrong(found.unreadable),
        wrong(found.missed),
        plain(lag),
    )


def wrong(count: int) -> str:
    return f":red[**{count:,}**]" if count else "0"


def outbox(found: Overview) -> None:
    sheet.section(_("Outgoing mail"))
    told = [f"**{found.outbox[s]:,}** {_(s)}" for s in STATES if found.outbox.get(s)]
    st.markdown(" · ".join(told) or _("Nothing was sent yet."))
    if found.troubled:
        head = (_("Not delivered"), _("To"), _("Why"), _("Since"), _("Tries"))
        sheet.table("troubled", head, [troubled(t) for t in found.troubled], numbers=2)

    if found.unchecked:
        about = (_("Sent, but the Sent folder not checked"), _("To"), _("Mailbox"), _("Sent"))
        sheet.table("unchecked", about, [unchecked(t) for t in found.unchecked], numbers=1)
        st.caption(
            _("It could not be read for two minutes. A colleague may have answered from elsewhere.")
        )


def link(found: Troubled) -> str:
    subject = plain(found.subject, 90) or _("a mail in {name}").format(
        name=plain(found.mailbox_name or "")
    )
    return f"[{subject}](/?c={found.conversation_id})" if found.conversation_id else subject


def unchecked(found: Troubled) -> tuple[str, ...]:
    return (
        f":orange[●] {link(found)}",
        quiet(found.addresses, 90),
        plain(found.mailbox_name or "–"),
        plain(said(found.queued_at)),
    )


def troubled(found: Troubled) -> tuple[str, ...]:
    colour = "orange" if found.state == "queued" else "red"
    return (
        f":{colour}[●] {link(found)}",
        quiet(found.addresses, 90),
        f":{colour}[{_(found.state)}] {quiet(found.error or '')}",
        plain(said(found.queued_at)),
        str(found.attempts),
    )


def unreadable(found: list[Unreadable]) -> None:
    sheet.section(_("Mail that could not be read"))
    if not found:
        st.markdown(_("None. Every mail could be read."))
        return
    head = (_("From"), _("Why"), _("Mailbox"), _("Came"), _("Size"), _("Kept whole"))
    sheet.table("unreadable", head, [unread(mail) for mail in found], numbers=3)


def unread(mail: Unreadable) -> tuple[str, ...]:
    return (
        quiet(mail.from_address, 90),
        quiet(mail.error or ""),
        f"[{plain(mail.mailbox_name)}](/?c={mail.conversation_id})",
        plain(said(mail.received_at)),
        plain(sizes.said(mail.size_bytes)) if mail.size_bytes else "–",
        f"[{_('original')}](/original/{mail.message_id})",
    )


def jobs(found: list[JobHealth]) -> None:
    sheet.section(_("Jobs"))
    if not found:
        st.markdown(_("No job has run yet."))
        return
    head = (_("Job"), _("Mailbox"), _("Result"), _("Failures within a day"), _("Last run"))
    sheet.table("jobs", head, [job(one) for one in found], numbers=2)


def rescue(told: Rescued | None) -> None:
    if told is not None:
        sheet.section(_("Rescue of the database"))
        st.markdown(f"{plain(said(told.at))}: {plain(told.words, 1_000)}")


def job(found: JobHealth) -> tuple[str, ...]:
    colour, result = ("green", _("done")) if found.is_ok else ("red", _("failed"))
    return (
        f":{colour}[●] {plain(found.job)}",
        plain(found.mailbox_name or "–"),
        f"{result} {quiet(found.detail)}",
        wrong(found.failures),
        plain(said(found.ended_at)),
    )


with sheet.page("health", _("Health")):
    seen = desk.look(health.overview, now=now)
    mailboxes(seen.mailboxes)
    outbox(seen)
    unreadable(seen.unreadable)
    keeping.show(seen)
    rescue(desk.look(rescued.shown))
    jobs(seen.jobs)
