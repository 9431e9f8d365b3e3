"""/parts/<name>-<digest>.js: what the components of the pages are made of, kept by browsers."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inbox.words import _
from web.files import NOTHING

# The name tells the text, which so never changes under it.
KEPT = "private, max-age=31536000, immutable"


class Parts:
    def __init__(self, script: Callable[[str], str | None]) -> None:
        self._script = script

    def routes(self) -> list[Route]:
        return [Route("/parts/{file}", self.part, methods=["GET"])]

    async def part(self, request: Request) -> Response:
        code = self._script(str(request.path_params["file"]))
        if code is None:
            return PlainTextResponse(_(NOTHING), 404, {"cache-control": "no-store"})
        return Response(code, media_type="text/javascript", headers={"cache-control": KEPT})
