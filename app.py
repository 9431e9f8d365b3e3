"""Where the parts are put together: `streamlit run app.py`."""

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial

import streamlit as st

from inbox import clock, control, passwords, rescue, settings
from inbox.errors import InboxError
from inbox.house import House
from ingest import demo, jobs, takeup, welcome
from ingest.commands import COMMANDS
from ingest.demo import Demo
from pages.parts import desk, unbroken
from web import doors
from web.demo import DemoDoor

STACK = ExitStack()


def opened() -> tuple[House, Demo | None]:
    """The open house, and the demo when this is one; or the end of the program with a word
    that helps."""
    try:
        chosen = settings.load()
        shown = None
        if demo.is_wanted(chosen, os.environ):
            shown = STACK.enter_context(demo.running(chosen, clock=clock.now))
        found = rescue.opened(
            shown.settings if shown else chosen,
            now=clock.now(),
            take_up=takeup.take_up,
            say=partial(print, file=sys.stderr, flush=True),
        )
    except InboxError as refusal:
        print(f"Delad cannot start. {refusal}", file=sys.stderr, flush=True)  # noqa: T201
        STACK.close()
        os._exit(1)
    STACK.callback(found.close)
    return found, shown


def door(shown: Demo | None) -> DemoDoor | None:
    if shown is None:
        return None
    leave = partial(demo.restart_for_real, shown.settings, os.environ)
    return DemoDoor(accounts=shown.accounts, password=shown.password, leave=leave)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Work while the app serves; on SIGTERM everything is put away in order."""
    desk.hand_over(HOUSE)
    STACK.callback(desk.hand_over, None)
    STACK.enter_context(control.serving(HOUSE, COMMANDS))
    STACK.enter_context(
        DEMO.lived_in(HOUSE, partial(jobs.running, HOUSE)) if DEMO else jobs.running(HOUSE)
    )
    print(welcome.words(HOUSE, DEMO, now=clock.now()), flush=True)  # noqa: T201
    passwords.hasher()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        STACK.close()


unbroken.callbacks()
HOUSE, DEMO = opened()
app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    routes=doors.routes(HOUSE, door(DEMO)),
    middleware=doors.middleware(HOUSE),
)
