"""Where the parts are put together: `streamlit run app.py`."""

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from inbox import clock, house, settings
from inbox.errors import InboxError
from inbox.house import House
from pages.parts import desk
from web import doors


def opened() -> House:
    """The open house, or the end of the program with a word that helps."""
    try:
        return house.open_up(settings.load(), now=clock.now())
    except InboxError as refusal:
        print(f"Delad cannot start. {refusal}", file=sys.stderr)  # noqa: T201
        sys.stderr.flush()
        os._exit(1)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Work while the app serves; on SIGTERM everything is put away in order."""
    desk.hand_over(HOUSE)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        desk.hand_over(None)
        HOUSE.close()


HOUSE = opened()
app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    routes=doors.routes(HOUSE, None),
    middleware=doors.middleware(HOUSE),
)
