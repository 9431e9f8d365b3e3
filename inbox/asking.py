"""Questions in SQL, answered from a snapshot by a process of its own, which can be ended.

The house's database is not asked and not even reachable there; so a question that runs away costs
a processor for its time, and nobody a mail.
"""

import contextlib
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from inbox import errors, events, insight, people
from inbox.agents import Agent
from inbox.cards import must_be_short
from inbox.errors import InboxError, Invalid
from inbox.house import House
from inbox.sandbox import Limits, Rights
from inbox.settings import HOUSE, Settings
from inbox.snapshot import Kept
from inbox.store import Session

if TYPE_CHECKING:
    import pandas as pd

LENGTH = struct.Struct("<I")
AT_ONCE = 2
PATIENCE_SECONDS = 15.0
START_SECONDS = 10.0
# Beyond this the engine did not heed that its time was over.
GRACE_SECONDS = 1.0
MOST_KNOWN = 64
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A table; or why there is none. `is_cut` when only the first rows are told."""

    frame: "pd.DataFrame | None" = None
    is_cut: bool = False
    refusal: InboxError | None = None


class _Broken(Exception):
    """The child died, or its time was over."""


def rights(db: Session, viewer: Agent, made_at: datetime) -> Rights:
    """What this viewer may read of a snapshot of that moment: the mailboxes they may read, an
    admin too; of colleagues those that they may compare, and themselves; an admin knows everybody's
    name. What was moved, hidden, deleted or put away since is withdrawn."""
    known = {viewer.id, *insight.names(db, viewer)}
    if viewer.is_admin:
        known |= {person.id for person in people.everyone(db, viewer)}
    return Rights(
        readable=tuple(sorted(viewer.readable)),
        comparing=tuple(sorted(m for m in viewer.readable if viewer.may("compare", m))),
        agents=tuple(sorted(known)),
        withdrawn=tuple(db.column("asking.withdrawn", since=made_at)),
    )


def ask(house: House, agent: Agent, text: str, kept: Kept, *, now: datetime) -> Answer:
    """Answer what an admin asks; the diary tells who, and what. Raises NotAllowed, and Invalid for
    no question at all; other refusals stand in the answer."""
    agent.must_run_the_house("sql")
    must_be_short(text)
    with house.store.write() as db:
        allowed = rights(db, agent, kept.made_at)
        events.record(db, agent, "sql_asked", None, after={"sql": text}, now=now)
    return _answers(house.settings, [text], allowed, kept)[0]


def told(house: House, viewer: Agent, texts: Sequence[str], kept: Kept) -> dict[str, Answer]:
    """What each of the house's cards answers this viewer. A snapshot never changes, so that each is
    answered once for all who may read the same."""
    with house.store.read() as db:
        allowed = rights(db, viewer, kept.made_at)
    names = {text: (kept.file, allowed, text) for text in texts}
    missing = [text for text, name in names.items() if name not in _known]
    fresh = _answers(house.settings, missing, allowed, kept) if missing else []
    found = dict(zip(missing, fresh, strict=True))
    for text, name in names.items():
        if text not in found:
            found[text] = _known.get(name, Answer())
        elif found[text].refusal is None:
            _keep(name, found[text])
    return found


_known: dict[tuple[object, ...], Answer] = {}


def _keep(name: tuple[object, ...], answer: Answer) -> None:
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[name] = answer


def _answers(settings: Settings, texts: Sequence[str], allowed: Rights, kept: Kept) -> list[Answer]:
    """The next child takes up after the question that has ended one."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise Invalid("sql", "Others are asking right now. Try again in a moment.")
    try:
        found: list[Answer] = []
        while len(found) < len(texts):
            found += _from_child(settings, texts[len(found) :], allowed, kept)
        return found
    finally:
        _places.release()


def _from_child(
    settings: Settings, texts: Sequence[str], allowed: Rights, kept: Kept
) -> list[Answer]:
    limits = Limits(
        seconds=settings.sql_seconds,
        rows=settings.sql_rows,
        answer_bytes=settings.sql_answer_bytes,
        memory=settings.sql_memory,
    )
    told = {
        "snapshot": str(kept.file),
        "now": kept.made_at.isoformat(),
        "rights": asdict(allowed),
        "limits": asdict(limits),
        "questions": list(texts),
    }
    child = _start()
    found: list[Answer] = []
    try:
        assert child.stdin is not None and child.stdout is not None
        with contextlib.suppress(OSError):
            child.stdin.write(json.dumps(told).encode())
            child.stdin.close()
        _head(child.stdout, limits, time.monotonic() + START_SECONDS)
        for _text in texts:
            until = time.monotonic() + limits.seconds + GRACE_SECONDS
            found.append(_answer(child.stdout, limits, until))
    except (_Broken, ValueError, KeyError):
        found.append(Answer(refusal=_ended(limits)))
    finally:
        _end(child)
    return found


def _start() -> subprocess.Popen[bytes]:
    """Without our environment: secrets may live there."""
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "inbox.sandbox_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=HOUSE,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        with contextlib.suppress(OSError):
            pipe.close()


def _answer(outlet: IO[bytes], limits: Limits, until: float) -> Answer:
    header = _head(outlet, limits, until)
    # What is answered, with Arrow's own words around it.
    if header["size"] > 2 * limits.answer_bytes + 1_000_000:
        raise _Broken
    content = _take(outlet, header["size"], until)
    if "text" in header:
        # Said in inbox.sandbox and inbox.allowed_sql, where the catalogues find it.
        return Answer(refusal=errors.Invalid("sql", header["text"], **header["values"]))
    try:
        return Answer(frame=_frame(content), is_cut=bool(header["is_cut"]))
    except (ArithmeticError, LookupError, NotImplementedError, TypeError, ValueError):
        return Answer(refusal=Invalid("sql", "It was answered with values that no table can show."))


def _head(outlet: IO[bytes], limits: Limits, until: float) -> dict[str, Any]:
    (length,) = LENGTH.unpack(_take(outlet, LENGTH.size, until))
    found: dict[str, Any] = json.loads(_take(outlet, min(length, limits.answer_bytes), until))
    return found


def _take(outlet: IO[bytes], size: int, until: float) -> bytes:
    taken = bytearray()
    while len(taken) < size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([outlet], [], [], left)[0]:
            raise _Broken
        some = os.read(outlet.fileno(), size - len(taken))
        if not some:
            raise _Broken
        taken += some
    return bytes(taken)


def _ended(limits: Limits) -> Invalid:
    return Invalid(
        "sql",
        "This took more than {n} seconds or more memory than a question may have ({memory}), and "
        "was ended. Ask for less.",
        n=f"{limits.seconds:g}",
        memory=limits.memory,
    )


def _frame(content: bytes) -> "pd.DataFrame":
    """Each column under a name of its own, numbers as numbers that charts know."""
    import pyarrow as pa  # noqa: PLC0415  (a quarter of a second, and few commands ask)

    table = pa.ipc.open_stream(content).read_all()
    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        fresh, count = name, 1
        while fresh in columns:
            count += 1
            fresh = f"{name} {count}"
        columns[fresh] = _column(column)
    found: pd.DataFrame = pa.table(columns).to_pandas()
    return found


def _column(column: Any) -> Any:
    """Decimals as floats; what tables and charts know as it is; all else as words."""
    import pyarrow as pa  # noqa: PLC0415

    kind, known = column.type, pa.types
    if known.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    is_plain = (
        known.is_integer(kind)
        or known.is_floating(kind)
        or known.is_boolean(kind)
        or known.is_string(kind)
        or known.is_timestamp(kind)
        or known.is_date(kind)
    )
    if is_plain or (known.is_list(kind) and known.is_integer(kind.value_type)):
        return column
    return pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())
