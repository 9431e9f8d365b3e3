"""The demo's own door: who may come in with one click, and how to start for real."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.settings import Settings
from inbox.words import _
from web.template import Page

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDING = ("forwarded", "via", "x-real-ip", "cf-connecting-ip")
# The answer has to reach the browser before the process is another.
FAREWELL_SECONDS = 0.5
RETRY_SECONDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDoor:
    """The demo's accounts, (e-mail, name, role in words), the password made at this start, and
    what ends the demo and starts the house for real; it does not return."""

    accounts: list[tuple[str, str, str]]
    password: str
    leave: Callable[[], object]

    def __repr__(self) -> str:
        return f"DemoDoor({len(self.accounts)} accounts)"


class StartForReal:
    """/start-for-real: asks once, then restarts. Only for who sits at the machine."""

    def __init__(self, settings: Settings, demo: DemoDoor) -> None:
        self._settings = settings
        self._demo = demo

    def routes(self) -> list[Route]:
        return [
            Route("/start-for-real", self.ask, methods=["GET"]),
            Route("/start-for-real", self.start, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        if not is_at_this_machine(request):
            return self._elsewhere().answer(403)
        return Page(
            house=self._settings.name,
            title=_("Start for real?"),
            lead=_(
                "The demo ends and what you did in it is gone. An empty house starts on this "
                "machine, and the console prints the link that makes you its admin."
            ),
            action="/start-for-real",
            button=_("Start for real"),
            foot=(_("Not yet?"), "/", _("Back to the demo")),
        ).answer()

    async def start(self, request: Request) -> Response:
        if not is_at_this_machine(request):
            return self._elsewhere().answer(403)
        answer = Page(
            house=self._settings.name,
            title=_("Starting for real …"),
            lead=_(
                "Look at the console where Delad runs: it prints a link that works once. Open it "
                "to give your name and choose a password."
            ),
            foot=(_("Nothing happened?"), "/signin", _("Look again")),
        ).answer()
        answer.headers["refresh"] = f"{RETRY_SECONDS}; url=/signin"
        answer.background = BackgroundTask(self._leave)
        return answer

    def _leave(self) -> None:
        time.sleep(FAREWELL_SECONDS)
        self._demo.leave()

    def _elsewhere(self) -> Page:
        return Page(
            house=self._settings.name,
            title=_("Start for real"),
            lead=_(
                "This works only at the machine where the demo runs. There, it can also be done "
                "on the console: DELAD_DEMO=false make run"
            ),
            foot=("", "/", _("Back to the demo")),
        )


def is_at_this_machine(request: Request) -> bool:
    """Whether the browser runs here: loopback by name, and nobody passed the request on."""
    passed_on = any(
        name in FORWARDING or name.startswith("x-forwarded-") for name in request.headers
    )
    return not passed_on and (request.url.hostname or "") in LOOPBACK
