"""What the command line understands; docs/commands.md says it in words."""

import argparse
from pathlib import Path
from typing import Any


def parser() -> argparse.ArgumentParser:
    """Leaves `command` (two words where there are two), `json`, and the command's own options."""
    whole = argparse.ArgumentParser(prog="python -m inbox", description="Delad's command line.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _serve(commands)
    _mailbox(commands.add_parser("mailbox", help="mailboxes: add, list, test"))
    _agent(commands.add_parser("agent", help="people: add, list, deactivate"))
    _mail(commands)
    _keeping(commands)
    return whole


def _command(commands: Any, name: str, about: str, *, command: str = "") -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    made.set_defaults(command=command or name)
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return made


def _serve(commands: Any) -> None:
    made = _command(commands, "serve", "start the app (make run)")
    made.add_argument("--port", type=int, help="port to listen on (default 8501)")


def _mailbox(mailbox: argparse.ArgumentParser) -> None:
    commands = mailbox.add_subparsers(required=True, metavar="COMMAND")
    add = _command(commands, "add", "add a mailbox", command="mailbox add")
    add.add_argument("address")
    add.add_argument("--imap", required=True, metavar="URL", help="imaps://user@host:993")
    add.add_argument("--smtp", metavar="URL", help="smtps://user@host:465 or smtp+starttls://…")
    add.add_argument("--password-env", metavar="VAR", help="variable that holds the password")
    add.add_argument("--token-command", metavar="CMD", help="prints a fresh OAuth token")
    add.add_argument("--auth", default="password", choices=["password", "xoauth2", "oauthbearer"])
    add.add_argument("--name", help="what the mailbox is called on screen and in From")
    add.add_argument("--calendar", help="the business calendar it follows")
    add.add_argument("--alias", dest="aliases", action="append", default=[], metavar="ADDRESS")
    _command(commands, "list", "list the mailboxes", command="mailbox list")
    test = _command(commands, "test", "sign in to its servers", command="mailbox test")
    test.add_argument("address")


def _agent(agent: argparse.ArgumentParser) -> None:
    commands = agent.add_subparsers(required=True, metavar="COMMAND")
    add = _command(commands, "add", "invite a person", command="agent add")
    add.add_argument("email")
    add.add_argument("--name")
    add.add_argument("--admin", action="store_true", help="may run the house")
    add.add_argument(
        "--mailbox",
        dest="mailboxes",
        action="append",
        default=[],
        metavar="ADDRESS[:ROLE]",
        help="with the role reader, agent (default) or manager",
    )
    _command(commands, "list", "list the people", command="agent list")
    leave = _command(commands, "deactivate", "end a person's access", command="agent deactivate")
    leave.add_argument("email")


def _mail(commands: Any) -> None:
    made = _command(commands, "import", "take in mbox files, Maildirs and folders of .eml files")
    made.add_argument("--mailbox", required=True, metavar="ADDRESS", help="made when missing")
    made.add_argument("paths", nargs="*", type=_place, metavar="PATH", help="received mail")
    made.add_argument("--sent", nargs="+", default=[], type=_place, metavar="PATH", help="own mail")
    _command(commands, "poll", "read every mailbox once")


def _keeping(commands: Any) -> None:
    made = _command(commands, "snapshot", "write the report tables to a DuckDB file")
    made.add_argument("file", type=_place, nargs="?", help="without it: where Delad keeps them")
    made = _command(commands, "backup", "back up database, mail and attachments")
    made.add_argument("--keys-to", type=_place, metavar="DIR", help="write only the keys, there")
    _command(commands, "rescue", "bring a damaged database back, the app being stopped")
    made = _command(commands, "restore", "bring a back-up back, the app being stopped")
    made.add_argument("backup", type=_place)
    made.add_argument("--keys-from", type=_place, metavar="DIR", help="take the keys from there")
    _command(commands, "verify", "check the diary's chain and all that belongs together")
    _command(commands, "doctor", "say what is wrong here and what to do")


def _place(text: str) -> str:
    """An absolute path: the running app has another working folder."""
    return str(Path(text).expanduser().resolve())
