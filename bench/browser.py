"""One browser tab without a browser: Streamlit's websocket protocol, gate and cookie included."""

from collections.abc import Generator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE_SECONDS = 60


class Tab:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def show(self, query: str = "") -> int:
        """Run the page with this query string to its end; answer how many messages came.

        Raises RuntimeError when the script failed.
        """
        wish = BackMsg()
        wish.rerun_script.query_string = query
        self._socket.send(wish.SerializeToString())
        came = 0
        while True:
            data = self._socket.recv(timeout=PATIENCE_SECONDS)
            assert isinstance(data, bytes)
            message = ForwardMsg()
            message.ParseFromString(data)
            came += 1
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(message.delta.new_element.exception.message)
            if kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise RuntimeError("The page does not compile.")
                return came


@contextmanager
def tab(port: int, token: str) -> Generator[Tab, None, None]:
    """A cold session of the agent whom the cookie's token belongs to."""
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        additional_headers={"Cookie": f"delad={token}"},
        origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=PATIENCE_SECONDS,
    ) as socket:
        yield Tab(socket)
