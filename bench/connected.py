"""The running app, with a mailbox on the private Dovecot connected as an admin would do it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import town
from bench.running import App, app
from inbox import clock
from tests import servers
from tests.servers import MailServer

IN_HOUSE = 4_000
ADDRESS = "orders@nordkaj.example"
INBOX = "view=open"
_VARIABLE = "BENCH_PASSWORD"


@contextmanager
def busy_house() -> Generator[tuple[App, str], None, None]:
    """The app on a house of 4,000 messages, whose open list is longer than a page; and the
    cookie of its one agent."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        home = town.build(data, count=IN_HOUSE, now=clock.now())
        token = town.cookie(home, now=clock.now())
        home.close()
        with app(data) as running:
            yield running, token


def connect(running: App, server: MailServer) -> None:
    """`python -m inbox mailbox add`: the app begins to read the mailbox by itself."""
    running.command(
        *("mailbox", "add", ADDRESS, "--imap", server.url, "--password-env", _VARIABLE),
        **{_VARIABLE: servers.PASSWORD},
    )
