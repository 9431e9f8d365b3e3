"""What the house refuses, read from its source: the texts that pages show and catalogues hold."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from inbox import errors
from inbox.agents import Ability, HouseAbility

ROOT = Path(__file__).parents[1]
# Said at a console or written to the log: English, and never on a page.
CONSOLE = {
    "backup", "command_line", "commands", "control", "damage", "fetching", "head", "house", "jobs",
    "mail_files", "migrations", "outside", "rescue", "restore", "serve", "settings", "unfinished",
}  # fmt: skip
CONSOLE_KINDS = {"StoreBusy", "StoreDamaged", "StoreUnreadable", "OutsideRefused", "Superseded"}
SAID_SECOND = {"Invalid", "MailboxUnreachable"}
KINDS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
ABILITIES = (*get_args(Ability), *get_args(HouseAbility))


def texts() -> dict[str, str]:
    """Each text, with where it is said. Raises AssertionError for one that is put together there:
    no catalogue can hold it."""
    return {text: where for where, text in _said()}


def _said() -> Iterator[tuple[str, str]]:
    for file in _files():
        tree = ast.parse(file.read_text())
        constants = {
            name.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for name in node.targets
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                where = f"{file.relative_to(ROOT)}:{node.lineno}"
                if node.func.id in KINDS:
                    yield from ((where, text) for text in _texts(where, node, constants))


def _files() -> list[Path]:
    found = [*ROOT.glob("inbox/*.py"), *ROOT.glob("ingest/*.py"), *ROOT.glob("web/*.py")]
    found += ROOT.glob("pages/**/*.py")
    return sorted(file for file in found if file.stem not in CONSOLE)


def _texts(where: str, call: ast.Call, constants: dict[str, object]) -> list[str]:
    kind = call.func.id  # type: ignore[attr-defined]
    if kind == "AlreadyClaimed":
        return [errors.AlreadyClaimed("").text]
    # A failed delivery is kept with its mail, in the server's words.
    if kind in CONSOLE_KINDS | {"DeliveryFailed"}:
        return []
    said = call.args[1 if kind in SAID_SECOND else 0]
    if isinstance(said, ast.Name) and said.id in constants:
        said = ast.Constant(constants[said.id])
    if isinstance(said, ast.Constant):
        args = ["", said.value] if kind in SAID_SECOND else [said.value]
        more = [()] if kind in {"Stale", "Unconfirmed"} else []
        return [str(KINDS[kind](*args, *more).text)]
    if kind == "NotAllowed" and isinstance(said, ast.Name):
        return [errors.NotAllowed(ability).text for ability in ABILITIES]
    message = f"{where}: write the text whole, with {{places}} and values"
    raise AssertionError(message)
