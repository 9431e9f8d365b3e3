"""/picture/<message>/<digest>: a mail's picture from elsewhere, fetched by the house when asked.

The address comes from the mail, never from the request. Whoever keeps the picture learns that the
house looked, not who did: no cookie, no referrer, no address but ours.
"""

import asyncio

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inbox import fetching, picture_kinds, pictures
from inbox.agents import Agent
from inbox.errors import NotFound, OutsideRefused
from inbox.fetching import Limits
from inbox.house import House
from inbox.outside import Outside
from inbox.words import _
from web import visitors
from web.files import NOTHING, number

AT_ONCE = 8
# Nobody else can name a picture: its digest is known to who has seen the mail.
KEPT = "private, max-age=3600"
HARMLESS = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "content-disposition": "inline",
}
MISSING = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20' fill='none' "
    b"stroke='#8a93a3' stroke-width='1.4'><rect x='2.5' y='3.5' width='15' height='13' rx='2'/>"
    b"<path d='m3 15 4.5-5 3 3 2-2 4.5 4'/></svg>"
)


class Pictures:
    def __init__(self, house: House, limits: Limits | None = None) -> None:
        self._house = house
        self._outside = Outside(trusted=house.settings.trusted)
        self._limits = limits or Limits()
        self._at_once = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[Route]:
        return [Route("/picture/{message}/{digest}", self.picture, methods=["GET"])]

    async def picture(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        message_id, digest = number(request, "message"), str(request.path_params["digest"])
        try:
            url = await to_thread.run_sync(self._source, agent, message_id, digest)
        except NotFound:
            return PlainTextResponse(_(NOTHING), 404, {"cache-control": "no-store"})
        try:
            async with self._at_once:
                content = await fetching.fetch(url, self._outside, self._limits)
        except OutsideRefused:
            return _missing()
        kind = picture_kinds.kind_of(content)
        return _shown(content, kind) if kind else _missing()

    def _source(self, agent: Agent, message_id: int, digest: str) -> str:
        with self._house.store.read() as db:
            return pictures.source(db, agent, message_id, digest)


def _shown(content: bytes, kind: str) -> Response:
    return Response(content, headers={**HARMLESS, "cache-control": KEPT}, media_type=kind)


def _missing() -> Response:
    headers = {**HARMLESS, "cache-control": "no-store"}
    return Response(MISSING, 502, headers, media_type="image/svg+xml")
