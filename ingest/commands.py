"""The commands of the command line that talk to mail servers, and all commands together."""

from dataclasses import asdict
from pathlib import Path

from inbox import clock, job_runs, mailboxes
from inbox.commands import COMMANDS as HOUSE_COMMANDS
from inbox.control import Answer, Arguments, Command, Progress
from inbox.errors import Invalid, MailboxUnreachable
from inbox.events import SYSTEM
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import archive, connect, mail_files, servers
from ingest.accounts import Account
from ingest.archive import ImportResult
from ingest.poll import PollResult, poll


def mailbox_add(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """Store a mailbox and how to sign in; nothing is connected to yet."""
    incoming = connect.url(arguments["imap"], house.settings)
    outgoing = connect.url(arguments["smtp"], house.settings) if arguments["smtp"] else None
    with house.store.write() as db:
        mailbox_id = mailboxes.add(
            db,
            SYSTEM,
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
            name=arguments["name"] or "",
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


def import_mail(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """Take in history; a mailbox without a server is made when there is none."""
    paths = [Path(path) for path in arguments["paths"]]
    sent = [Path(path) for path in arguments["sent"]]
    mail_files.must_hold_mail([*paths, *sent])
    now = clock.now()
    with house.store.write() as db:
        mailbox = mailboxes.by_address(db, arguments["mailbox"])
        if mailbox is None:
            made = mailboxes.add(db, SYSTEM, arguments["mailbox"], keys=house.keys, now=now)
            mailbox = mailboxes.by_id(db, made)
    assert mailbox is not None

    def tell(result: ImportResult) -> None:
        progress(f"Read {result.read:,} mails, filed {result.filed:,}")

    def skip(path: Path, error: OSError) -> None:
        progress(f"{path} is left out, it cannot be read: {error.strerror}.")

    done = archive.import_paths(house, mailbox, paths, sent, now=now, progress=tell, on_skip=skip)
    left_out = f" {done.skipped:,} files were left out: they cannot be read." * bool(done.skipped)
    return Answer(
        data={"mailbox": mailbox.address, **asdict(done)},
        lines=(
            f"{done.read:,} mails read: {done.filed:,} filed, {done.known:,} known already, "
            f"{done.unreadable:,} not readable. {done.opened:,} conversations wait for an answer."
            f"{left_out}",
        ),
    )


def poll_all(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """One pass over every active mailbox; one that cannot be read stops no other."""
    with house.store.read() as db:
        found = [m for m in mailboxes.active(db) if m.imap_url]
    told: list[dict[str, object]] = []
    for mailbox in found:
        progress(f"Reading {mailbox.address}")
        told.append({"address": mailbox.address, **_poll(house, mailbox)})
    is_sound = not any(one["troubles"] for one in told)
    return Answer(
        data={"ok": is_sound, "mailboxes": told},
        lines=tuple(_polled(one) for one in told) or ("There is no mailbox to read.",),
        exit_code=0 if is_sound else 1,
    )


COMMANDS: dict[str, Command] = {
    **HOUSE_COMMANDS,
    "import": import_mail,
    "poll": poll_all,
    "mailbox add": mailbox_add,
    "mailbox test": mailbox_test,
}


def _poll(house: House, mailbox: Mailbox) -> dict[str, object]:
    started = clock.now()
    try:
        done = asdict(poll(house, mailbox, now=started, thorough=True))
        trouble = "; ".join(done["troubles"])
    except MailboxUnreachable as error:
        done, trouble = asdict(PollResult()), str(error)
        done["troubles"] = [trouble]
    with house.store.write() as db:
        job_runs.add(
            db,
            "poll",
            mailbox_id=mailbox.id,
            started_at=started,
            is_ok=not trouble,
            detail=trouble,
            now=clock.now(),
        )
    return done


def _polled(one: dict[str, object]) -> str:
    counts = f"{one['read']} mails read, {one['filed']} filed, {one['known']} known already"
    troubles = one["troubles"]
    assert isinstance(troubles, list)
    return f"{one['address']}: {counts}. {' '.join(troubles)}".rstrip()


def _mailbox(house: House, address: str) -> Mailbox:
    with house.store.read() as db:
        found = mailboxes.by_address(db, address)
    if found is None:
        raise Invalid("address", f"There is no mailbox {address}.")
    return found
