"""Connect a mailbox: address, password, how far back; the rest is looked up and tested."""

from typing import Any

import streamlit as st

from inbox import clock, mailboxes
from inbox.errors import InboxError
from inbox.words import _, mark, plural, refused
from ingest import accounts, connect, providers
from ingest.accounts import Account
from ingest.connect import Finding, Report, Window
from pages.parts import desk, times
from pages.parts.escape import plain

_KEY = "connecting"
_ICONS = {"ok": ":material/check_circle:", "warning": ":material/warning:"}
_BROKEN = ":material/cancel:"
_COLOURS = {"ok": "green", "warning": "orange", "broken": "red"}
WINDOW_NAMES: dict[Window, str] = {
    "30 days": mark("The last 30 days"),
    "1 year": mark("The last year"),
    "everything": mark("Everything"),
    "from today": mark("Nothing old: from today on"),
}
_WINDOWS: list[Window] = list(WINDOW_NAMES)


def begin() -> None:
    """Open the wizard."""
    st.session_state[_KEY] = {"step": "ask"}


def is_open() -> bool:
    return _KEY in st.session_state


def show() -> None:
    """The wizard where it stands. What was typed is forgotten when it closes."""
    state: dict[str, Any] = st.session_state[_KEY]
    with st.container(border=True, key="connect"):
        st.subheader(_("Connect a mailbox"), anchor=False)
        {"ask": _ask, "servers": _servers, "found": _found}[state["step"]](state)
        if st.button(_("Cancel"), key="connect_cancel"):
            close()
            st.rerun()


def close() -> None:
    st.session_state.pop(_KEY, None)


def _ask(state: dict[str, Any]) -> None:
    with st.form("connect_ask", border=False):
        address = st.text_input(_("Address"), placeholder="support@example.com", key="c_address")
        secret = st.text_input(_("Password"), type="password", key="c_password", autocomplete="off")
        window = st.selectbox(
            _("Import mail of"), _WINDOWS, format_func=lambda w: _(WINDOW_NAMES[w]), key="c_window"
        )
        st.caption(_("Nothing will be deleted, marked read or answered on the mail server."))
        if not st.form_submit_button(_("Look for the mailbox"), type="primary", key="c_go"):
            return
    state.update(secret=secret, window=window)
    try:
        with st.spinner(_("Looking for its mail servers …")):
            account = accounts.guess(address, desk.house().settings)
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    _go_on(state, account)


def _go_on(state: dict[str, Any], account: Account) -> None:
    """Test at once what is complete; ask for servers or explain where it is not."""
    state["account"] = account
    if account.auth != "password" or not account.is_whole:
        state["step"] = "servers"
        st.rerun()
    _test(state)


def _test(state: dict[str, Any]) -> None:
    settings, account = desk.house().settings, state["account"]
    with st.status(_("Trying {address} …").format(address=plain(account.address))):
        state["report"] = connect.examine(
            account, state["secret"], settings, now=clock.now(), say=_line
        )
    state["step"] = "found"
    st.rerun()


def _line(finding: Finding) -> None:
    colour, icon = _COLOURS[finding.state], _ICONS.get(finding.state, _BROKEN)
    st.markdown(f":{colour}[{icon}] **{plain(finding.about)}** {plain(finding.text)}")


def _servers(state: dict[str, Any]) -> None:
    account: Account = state["account"]
    if account.auth != "password":
        _explain_tokens(account)
    elif not account.is_whole:
        st.info(_("The address does not tell where its mail is kept. Who hosts it?"))
    hosts = {p.name: p for p in providers.HOSTS if p.auth == "password"}
    chosen = st.selectbox(_("Hosted by"), list(hosts), index=None, key="c_host")
    if chosen:
        account = accounts.at(account.address, hosts[chosen])
    with st.form("connect_servers", border=False):
        suffix = chosen or ""
        incoming = st.text_input(
            _("Incoming server"),
            account.imap_url,
            placeholder="imaps://name@imap.example.com:993",
            key=f"c_imap_{suffix}",
        )
        outgoing = st.text_input(
            _("Outgoing server"),
            account.smtp_url,
            placeholder="smtps://name@smtp.example.com:465",
            key=f"c_smtp_{suffix}",
        )
        secret = st.text_input(
            _("Password"), type="password", key="c_again", help=_("Empty keeps the one you typed.")
        )
        if not st.form_submit_button(_("Test these servers"), type="primary", key="c_test"):
            return
    state["secret"] = secret or state["secret"]
    settings = desk.house().settings
    try:
        state["account"] = Account(
            address=account.address,
            imap_url=connect.url(incoming, settings),
            smtp_url=connect.url(outgoing, settings),
            provider=account.provider,
            advice=account.advice if account.auth == "password" else "",
        )
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    _test(state)


def _explain_tokens(account: Account) -> None:
    st.warning(plain(account.advice))
    st.markdown(_("On the computer that runs Delad, connect it with:"))
    st.code(
        f"python -m inbox mailbox add {account.address} --imap {account.imap_url} "
        f"--smtp {account.smtp_url} --auth {account.auth} --token-command COMMAND",
        wrap_lines=True,
    )


def _found(state: dict[str, Any]) -> None:
    report: Report = state["report"]
    for finding in report.findings:
        _line(finding)
    if report.can_read:
        _offer(state, report)
    else:
        st.error(_("This mailbox cannot be read yet. Nothing was stored."))
    if st.button(_("Change servers or password"), key="c_change"):
        state["step"] = "servers"
        st.rerun()


def _offer(state: dict[str, Any], report: Report) -> None:
    window: Window = st.selectbox(
        _("Import mail of"),
        _WINDOWS,
        index=_WINDOWS.index(state["window"]),
        format_func=lambda w: f"{_(WINDOW_NAMES[w])} ({report.counts[w]:,})",
        key="c_window_again",
    )
    now = clock.now()
    first, count = connect.since(window, now=now), report.counts[window]
    mails = plural("{n} mail", "{n} mails", count).format(n=f"{count:,}")
    if first is not None:
        day = times.short(first, now=now, where=times.zone())
        mails = _("{mails} since {day}").format(mails=mails, day=day)
    promise = _("Nothing will be deleted, marked read or answered. Import?")
    st.markdown(f"**{plain(mails)}.** {promise}")
    if not report.is_sound:
        st.caption(_("Answers cannot be sent until the outgoing server works."))
    if st.button(_("Import"), type="primary", key="c_import"):
        _add(state, window)


def _add(state: dict[str, Any], window: Window) -> None:
    account, house = state["account"], desk.house()
    try:
        desk.attempt(
            mailboxes.add,
            account.address,
            imap_url=connect.url(account.imap_url, house.settings),
            smtp_url=connect.url(account.smtp_url, house.settings),
            auth=account.auth,
            secret=state["secret"],
            import_since=connect.since(window, now=clock.now()),
            keys=house.keys,
        )
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    close()
    st.toast(_("Connected. The first mails appear in a moment."), icon=":material/check:")
    st.rerun()
