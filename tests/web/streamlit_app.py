"""A small Streamlit app behind the real doors, started by test_streamlit.py as `app.py`."""

import streamlit as st

from inbox import clock, house, settings
from pages.parts import unbroken
from web import doors

unbroken.callbacks()
opened = house.open_up(settings.load(), now=clock.now())
app = st.App("frame.py", routes=doors.routes(opened, None), middleware=doors.middleware(opened))
