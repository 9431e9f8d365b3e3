"""Views that somebody has written in SQL: files in sql/views/ that answer conversations' ids.

A file begins with `-- title:` and `-- definition:`. It may name `$agent_id`, who looks, and `$now`.
What it answers is shown only as far as the viewer may read.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox.agents import Agent
from inbox.errors import Invalid, StoreDamaged
from inbox.store import Session, Store, StoreError

NEVER = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewFile:
    """`name` is the file's, without its ending."""

    name: str
    title: str
    definition: str
    query: str


def learn(store: Store, folder: Path) -> tuple[ViewFile, ...]:
    """Have the store know the files' questions; answer them, by title.

    Raises StoreDamaged, in words that name the file and what is wrong with it.
    """
    found = sorted((_read(file) for file in folder.glob("*.sql")), key=lambda view: view.title)
    for view in found:
        try:
            store.learn(view.name, view.query, agent_id=0, now=NEVER)
        except (StoreError, ValueError) as error:
            raise _wrong(view.name, str(error).splitlines()[0]) from error
    return tuple(found)


def found_by(db: Session, viewer: Agent, name: str, *, now: datetime) -> list[int]:
    """The conversations that a file's question answers, whoever may read them: for a list, which
    shows of these only what its viewer may. Raises Invalid for what there is not, or what cannot
    be answered."""
    try:
        return db.from_file(name, agent_id=viewer.id, now=now)
    except KeyError as error:
        raise Invalid("view", "This view is not here any more.") from error
    except StoreError as error:
        why = str(error).splitlines()[0]
        raise Invalid(
            "view", "sql/views/{name}.sql cannot be answered: {why}", name=name, why=why
        ) from error


def _read(file: Path) -> ViewFile:
    text = file.read_text()
    head = dict(re.findall(r"^-- (title|definition): *(.+?) *$", text, re.M))
    for name in ("title", "definition"):
        if name not in head:
            raise _wrong(file.stem, f"it needs a line “-- {name}: …” at its beginning")
    return ViewFile(name=file.stem, query=text, **head)


def _wrong(name: str, why: str) -> StoreDamaged:
    return StoreDamaged(
        f"The view sql/views/{name}.sql cannot be used: {why}. Mend the file or take it away; "
        "docs/views.md says how such a view is written."
    )
