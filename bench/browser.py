"""One browser tab without a browser: Streamlit's websocket protocol, gate and cookie included."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE_SECONDS = 60


@dataclass(slots=True)
class Shown:
    """One run of the page: how many messages came, and what each component was told, as JSON."""

    messages: int = 0
    told: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The conversations of the list, as the browser would draw them."""
        found: list[dict[str, Any]] = self._data("conversation_list")["rows"]
        return found

    def count(self, view: str) -> int:
        """The number the rail shows beside a view."""
        views = self._data("rail")["sections"][0]["items"]
        return int(next(v["count"] for v in views if v["icon"] == view))

    def _data(self, component: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.told[f"delad.{component}"])
        return found


class Tab:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def show(self, query: str = "") -> Shown:
        """Run the page with this query string to its end.

        Raises RuntimeError when the script failed.
        """
        wish = BackMsg()
        wish.rerun_script.query_string = query
        self._socket.send(wish.SerializeToString())
        shown = Shown()
        while True:
            data = self._socket.recv(timeout=PATIENCE_SECONDS)
            assert isinstance(data, bytes)
            message = ForwardMsg()
            message.ParseFromString(data)
            shown.messages += 1
            kind = message.WhichOneof("type")
            if kind == "delta":
                _note(shown, message)
            if kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise RuntimeError("The page does not compile.")
                return shown


@dataclass(slots=True)
class Page:
    """An open page that is clicked in: each widget is known by what the browser was told of it."""

    socket: ClientConnection
    query: str
    shown: Shown = field(default_factory=Shown)
    widgets: dict[str, tuple[str, str]] = field(default_factory=dict)

    def trigger(self, component: str, event: str, value: Any) -> None:
        """What a component of ours tells, and all that is drawn because of it."""
        state = json.dumps([{"event": event, "value": value}])
        widget_id, fragment = self.widgets[f"component {component}"]
        told = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{widget_id}__events")
        told.json_trigger_value = state
        self._ask(fragment, told)

    def press(self, label: str) -> None:
        widget_id, fragment = self.widgets[f"button {label}"]
        self._ask(fragment, WidgetState(id=widget_id, trigger_value=True))

    def has_button(self, label: str) -> bool:
        return f"button {label}" in self.widgets

    def type(self, label: str, text: str) -> None:
        widget_id, fragment = self.widgets[f"input {label}"]
        self._ask(fragment, WidgetState(id=widget_id, string_value=text))

    def draw(self) -> None:
        """The whole page, as at its first visit."""
        self._ask("", None)

    def _ask(self, fragment: str, state: WidgetState | None) -> None:
        """Raises RuntimeError when the script failed."""
        wish = BackMsg()
        wish.rerun_script.query_string = self.query
        wish.rerun_script.fragment_id = fragment
        if state is not None:
            wish.rerun_script.widget_states.widgets.append(state)
        self.socket.send(wish.SerializeToString())
        while True:
            data = self.socket.recv(timeout=PATIENCE_SECONDS)
            assert isinstance(data, bytes)
            message = ForwardMsg()
            message.ParseFromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                _note(self.shown, message)
                self._learn(message)
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished" and message.script_finished not in _UNFINISHED:
                return

    def _learn(self, message: ForwardMsg) -> None:
        element, fragment = message.delta.new_element, message.delta.fragment_id
        kind = element.WhichOneof("type")
        if kind == "button":
            if fragment and element.button.label in _TURNS:
                # Each stands where the other stood.
                self.widgets.pop(f"button {_TURNS[element.button.label]}", None)
            self.widgets[f"button {element.button.label}"] = (element.button.id, fragment)
        elif kind == "text_input":
            self.widgets[f"input {element.text_input.label}"] = (element.text_input.id, fragment)
        elif kind == "bidi_component":
            name = element.bidi_component.component_name.removeprefix("delad.")
            self.widgets[f"component {name}"] = (element.bidi_component.id, fragment)


_TURNS = {"Close": "Reopen", "Reopen": "Close", "Claim": "Release", "Release": "Claim"}
_UNFINISHED = (ForwardMsg.FINISHED_EARLY_FOR_RERUN,)


def _note(shown: Shown, message: ForwardMsg) -> None:
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        raise RuntimeError(element.exception.message)
    if kind == "bidi_component":
        shown.told[element.bidi_component.component_name] = element.bidi_component.json


@contextmanager
def tab(port: int, token: str) -> Generator[Tab, None, None]:
    """A cold session of the agent whom the cookie's token belongs to."""
    with _socket(port, token, "/_stcore/stream", [Subprotocol("streamlit")]) as socket:
        yield Tab(socket)


@contextmanager
def page(port: int, token: str, query: str) -> Generator[Page, None, None]:
    """As `tab`, drawn, and to be clicked in."""
    with _socket(port, token, "/_stcore/stream", [Subprotocol("streamlit")]) as socket:
        opened = Page(socket, query)
        opened.draw()
        yield opened


@contextmanager
def push(port: int, token: str) -> Generator[ClientConnection, None, None]:
    """The line on which the house tells a browser that something changed (see web.live)."""
    with _socket(port, token, "/live") as socket:
        yield socket


def _socket(
    port: int, token: str, path: str, subprotocols: Sequence[Subprotocol] | None = None
) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{port}{path}",
        additional_headers={"Cookie": f"delad={token}"},
        origin=Origin(f"http://127.0.0.1:{port}"),
        max_size=None,
        open_timeout=PATIENCE_SECONDS,
        subprotocols=subprotocols,
    )
