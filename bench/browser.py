"""One browser tab without a browser: Streamlit's websocket protocol, gate and cookie included."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

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
    with _socket(port, token, "/_stcore/stream", subprotocols=["streamlit"]) as socket:
        yield Tab(socket)


@contextmanager
def push(port: int, token: str) -> Generator[ClientConnection, None, None]:
    """The line on which the house tells a browser that something changed (see web.live)."""
    with _socket(port, token, "/live") as socket:
        yield socket


def _socket(port: int, token: str, path: str, **more: Any) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{port}{path}",
        additional_headers={"Cookie": f"delad={token}"},
        origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
        max_size=None,
        open_timeout=PATIENCE_SECONDS,
        **more,
    )
