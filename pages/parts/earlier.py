"""What of a long conversation is shown at once, and which of its quiet lines are folded."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from inbox.messages import Message
from inbox.words import plural

Item = dict[str, Any]

MOST = 60
NEWEST = 40
LONGEST_RUN = 4
KEPT_OF_RUN = 2
_KEY = "earlier"


def show_all(conversation_id: int) -> None:
    """From now on this session shows this conversation whole."""
    st.session_state[_KEY] = _whole() | {conversation_id}


def newest(
    mails: Sequence[Message], conversation_id: int, message_id: int | None
) -> Sequence[Message]:
    """The messages to show at first; all of them when there are few, when all were asked for, and
    when the one asked for is among the others."""
    if len(mails) <= MOST or conversation_id in _whole():
        return mails
    shown = mails[-NEWEST:]
    is_older = message_id in {m.id for m in mails} - {m.id for m in shown}
    return mails if is_older else shown


def before(count: int) -> list[Item]:
    """The button above the oldest message that is shown."""
    if not count:
        return []
    text = plural("Show {n} earlier message", "Show {n} earlier messages", count).format(n=count)
    return [{"kind": "earlier", "key": "earlier", "text": text}]


def folded(stream: Sequence[Item]) -> list[Item]:
    """The stream with long runs of quiet lines folded, all but the last of each."""
    found: list[Item] = []
    run: list[Item] = []
    for item in [*stream, {"kind": "end"}]:
        if item["kind"] == "diary":
            run.append(item)
            continue
        found += _run(run)
        run = []
        found.append(item)
    return found[:-1]


def _run(run: list[Item]) -> list[Item]:
    if len(run) <= LONGEST_RUN:
        return run
    away, kept = run[:-KEPT_OF_RUN], run[-KEPT_OF_RUN:]
    text = plural("{n} earlier act", "{n} earlier acts", len(away)).format(n=len(away))
    return [{"kind": "acts", "key": f"f{away[0]['key']}", "text": text, "lines": away}, *kept]


def _whole() -> set[int]:
    found: set[int] = st.session_state.get(_KEY, set())
    return found
