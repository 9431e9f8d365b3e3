"""The command line: `python -m inbox COMMAND`. While the app runs, the app does the work.

Exit codes: 0 done, 1 refused or something found, 2 another process holds the database (and, by
argparse, wrong usage).
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inbox import clock, control, doctor, house, rescue, restore, serve, settings, unfinished
from inbox.commands import diagnosis
from inbox.control import Answer
from inbox.errors import InboxError, Invalid, StoreBusy, StoreUnreadable
from inbox.settings import Settings
from ingest import demo, mail_files, takeup
from ingest.arguments import parser
from ingest.commands import COMMANDS

REFUSED = 1
BUSY = 2
OURS_ALONE = 0o077
BEGINNING = ("mailbox add", "agent add", "import")
"""The commands that begin a house where there is none. Any other one would only end demo mode."""


def main(given: list[str] | None = None) -> int:
    os.umask(OURS_ALONE)
    options = vars(parser().parse_args(given))
    as_json = options.pop("json")
    try:
        answer = obey(options.pop("command"), options)
    except InboxError as refusal:
        _refuse(str(refusal), as_json=as_json)
        return BUSY if isinstance(refusal, StoreBusy) else REFUSED
    except OSError as error:
        _refuse(control.not_done(error), as_json=as_json)
        return REFUSED
    if as_json:
        print(json.dumps(answer.data, ensure_ascii=False, default=str))
    else:
        print("\n".join(answer.lines))
    return answer.exit_code


def _refuse(why: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": why}, ensure_ascii=False))
    else:
        print(why, file=sys.stderr)


def obey(command: str, options: dict[str, Any]) -> Answer:
    """Do it here, or have the running app do it. Raises InboxError."""
    chosen = settings.load()
    if command == "serve":
        serve.start(
            chosen,
            options["port"] or chosen.port,
            is_demo=demo.is_wanted(chosen, os.environ),
            environment=os.environ,
        )
    if command == "restore":
        return _restore(chosen, options)
    if command == "rescue":
        return _rescue(chosen)
    if command != "doctor":
        unfinished.refuse(chosen)
    if command == "mailbox add":
        options["password"] = _password(options.pop("password_env"), options["token_command"])
    if command == "poll" and control.is_served(chosen.socket):
        raise StoreBusy("The app is running and reads every mailbox by itself.")
    answer = control.ask(chosen.socket, command, options, progress=tell)
    if answer is not None:
        return answer
    if command == "doctor":
        return diagnosis(doctor.examine(chosen, now=clock.now()))
    # `verify` looks at whatever opens, and says what is wrong with it.
    if command != "verify" and (why := rescue.trouble(chosen)) is not None:
        raise StoreUnreadable(f"{why} {rescue.HOW}")
    if command not in BEGINNING:
        _must_be_lived_in(chosen)
    if command == "import":
        mail_files.must_hold_mail(Path(path) for path in (*options["paths"], *options["sent"]))
    opened = house.open_up(chosen, now=clock.now())
    try:
        return COMMANDS[command](opened, options, tell)
    finally:
        opened.close()


def _rescue(chosen: Settings) -> Answer:
    """Only what is damaged is rescued."""
    if (why := rescue.trouble(chosen)) is None:
        return Answer(
            data={"rescued": False},
            lines=("The database opens: there is nothing to rescue. `verify` looks closer.",),
        )
    told = rescue.rescue(chosen, why, now=clock.now(), take_up=takeup.take_up, progress=tell)
    data = {k: v for k, v in asdict(told).items() if k not in {"is_seen", "is_settled"}}
    return Answer(data={"rescued": True, **data}, lines=(told.words,))


def _must_be_lived_in(chosen: Settings) -> None:
    """Raises Invalid where no database is yet."""
    if chosen.database.exists():
        return
    if demo.is_shown(chosen):
        raise Invalid(
            "data",
            f"Delad runs in demo mode, with invented data; in {chosen.data} is no database of "
            "your own yet. “Start for real” in the app makes it, or `mailbox add`, `agent add` "
            "or `import`.",
        )
    raise Invalid(
        "data",
        f"There is no database in {chosen.data} yet. Starting the app makes it, or `mailbox add`, "
        "`agent add` or `import`. DELAD_DATA names another folder.",
    )


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _password(variable: str | None, token_command: str | None) -> str | None:
    """The password from the environment, so that it stands in no process list or history."""
    if variable is None:
        if token_command is None:
            raise Invalid("password", "Name the variable that holds the password: --password-env.")
        return None
    if not os.environ.get(variable):
        raise Invalid("password", f"The environment variable {variable} is empty or not set.")
    return os.environ[variable]


def _restore(chosen: Settings, options: dict[str, Any]) -> Answer:
    done = restore.restore(
        Path(options["backup"]),
        chosen,
        now=clock.now(),
        keys_from=Path(options["keys_from"]) if options["keys_from"] else None,
        progress=tell,
    )
    lines = [f"The house of {done.made_at:%Y-%m-%d %H:%M} UTC is back ({done.files:,} files)."]
    if done.set_aside:
        lines.append(f"What stood there before is in {done.set_aside}.")
    if done.held:
        lines.append(
            f"{done.held} mails were waiting to be sent. They may have gone out since; they wait "
            "for an agent's decision in their conversations."
        )
    return Answer(
        data={
            "made_at": done.made_at.isoformat(),
            "files": done.files,
            "set_aside": done.set_aside,
            "held": done.held,
            "findings": [{"subject": f.subject, "fault": f.fault} for f in done.findings],
        },
        lines=(*lines, *(f"{f.subject}: {f.fault}" for f in done.findings)),
        exit_code=1 if done.findings else 0,
    )
