"""The commands of the command line that talk to mail servers, and all commands together."""

from dataclasses import asdict

from inbox import clock, events, mailboxes
from inbox.commands import COMMANDS as HOUSE_COMMANDS
from inbox.control import Answer, Arguments, Command, Progress
from inbox.errors import Invalid
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import connect, servers
from ingest.accounts import Account


def mailbox_add(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """Store a mailbox and how to sign in; nothing is connected to yet."""
    incoming = connect.url(arguments["imap"], house.settings)
    outgoing = connect.url(arguments["smtp"], house.settings) if arguments["smtp"] else None
    with house.store.write() as db:
        mailbox_id = mailboxes.add(
            db,
            events.SYSTEM,
            arguments["address"],
            secret=arguments["password"],
            aliases=arguments["aliases"],
            keys=house.keys,
            now=clock.now(),
            imap_url=incoming,
            smtp_url=outgoing,
            auth=arguments["auth"],
            token_command=arguments["token_command"],
            calendar=arguments["calendar"],
            name=arguments["name"] or arguments["address"],
        )
    address = arguments["address"].strip().lower()
    return Answer(
        data={"mailbox_id": mailbox_id, "address": address},
        lines=(f"{address} is added. Try it: python -m inbox mailbox test {address}",),
    )


def mailbox_test(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """Sign in to both servers, reading only; exit code 1 unless all is sound."""
    mailbox = _mailbox(house, arguments["address"])
    if not mailbox.imap_url:
        raise Invalid("address", f"{mailbox.address} has no server: it holds imported mail.")
    server = servers.parse(mailbox.imap_url, allow_plaintext=house.settings.allow_plaintext)
    credential = servers.credential(mailbox, server, house.keys)
    account = Account(
        address=mailbox.address,
        imap_url=mailbox.imap_url,
        smtp_url=mailbox.smtp_url or "",
        auth=mailbox.auth,
    )
    report = connect.examine(
        account,
        credential.secret if credential else "",
        house.settings,
        now=clock.now(),
        say=lambda finding: progress(f"{finding.about}: {finding.text}"),
    )
    return Answer(
        data={
            "ok": report.is_sound,
            "findings": [asdict(finding) for finding in report.findings],
            "sent_folder": report.sent_folder,
        },
        lines=tuple(f"{f.state:<8} {f.about}: {f.text}" for f in report.findings),
        exit_code=0 if report.is_sound else 1,
    )


COMMANDS: dict[str, Command] = {
    **HOUSE_COMMANDS,
    "mailbox add": mailbox_add,
    "mailbox test": mailbox_test,
}


def _mailbox(house: House, address: str) -> Mailbox:
    with house.store.read() as db:
        found = mailboxes.by_address(db, address)
    if found is None:
        raise Invalid("address", f"There is no mailbox {address}.")
    return found
