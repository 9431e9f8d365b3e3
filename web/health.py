"""/healthz for load balancers, /metrics for Prometheus: numbers, no names, no secrets."""

from datetime import UTC, datetime
from hmac import compare_digest

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from inbox import pulse
from inbox.house import House
from inbox.pulse import Pulse

# The exposition format of Prometheus, version 0.0.4.
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
MEANINGS = {
    "conversations": ("gauge", "Conversations kept."),
    "messages": ("gauge", "Messages kept, notes included."),
    "unreadable": ("gauge", "Messages that could not be read."),
    "queued": ("gauge", "Mails waiting to leave."),
    "failed": ("gauge", "Mails that could not be delivered and wait for an agent."),
    "uncertain": ("gauge", "Mails of which nobody knows whether they arrived."),
    "events": ("counter", "Rows in the diary."),
}


class Health:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def healthz(self, request: Request) -> Response:
        """Whether the database answers and every thread of the worker lives."""
        answers = await to_thread.run_sync(self._house.store.answers)
        is_well = answers and not self._house.beats.silent()
        return JSONResponse({"ok": is_well}, 200 if is_well else 503)

    async def metrics(self, request: Request) -> Response:
        """With `Authorization: Bearer <metrics_token>`; without a token set there is no page."""
        token = self._house.settings.metrics_token
        if not token:
            return PlainTextResponse("Not Found", 404)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not compare_digest(given.encode(), token.encode()):
            return PlainTextResponse("The token is missing or wrong.", 401)
        found = await to_thread.run_sync(self._numbers)
        return PlainTextResponse(exposition(found), media_type=FORMAT)

    def _numbers(self) -> Pulse:
        with self._house.store.read() as db:
            return pulse.numbers(db)


def exposition(found: Pulse) -> str:
    lines = []
    for name, (kind, meaning) in MEANINGS.items():
        lines += [
            f"# HELP delad_{name} {meaning}",
            f"# TYPE delad_{name} {kind}",
            f"delad_{name} {getattr(found, name)}",
        ]
    if found.last_job_at is not None:
        lines += [
            "# HELP delad_last_job_timestamp_seconds When a job last ended.",
            "# TYPE delad_last_job_timestamp_seconds gauge",
            f"delad_last_job_timestamp_seconds {_unix(found.last_job_at)}",
        ]
    return "\n".join(lines) + "\n"


def _unix(naive: datetime) -> int:
    return int(naive.replace(tzinfo=UTC).timestamp())
