"""/attachment/<id> and /original/<message_id>: strangers' bytes, handed out as mere bytes."""

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from inbox import attachments, clock
from inbox.agents import Agent
from inbox.errors import NotFound
from inbox.house import House
from web import visitors

NOTHING = "There is nothing here for you."
LONGEST_NAME = 150
ONLY_BYTES = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


class Downloads:
    """Whatever a browser does with a download, it does outside our origin."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [
            Route("/attachment/{number}", self.attachment, methods=["GET"]),
            Route("/original/{number}", self.original, methods=["GET"]),
        ]

    async def attachment(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            found = await to_thread.run_sync(self._download, agent, number(request))
            path = self._house.files.path(found.sha256)
            if not path.is_file():
                raise NotFound("attachment")
        except NotFound:
            return PlainTextResponse(NOTHING, 404)
        headers = {**ONLY_BYTES, "content-disposition": disposition(found.filename)}
        return FileResponse(path, headers=headers, media_type="application/octet-stream")

    async def original(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        message_id = number(request)
        try:
            raw = await to_thread.run_sync(self._original, agent, message_id)
        except NotFound:
            return PlainTextResponse(NOTHING, 404)
        headers = {**ONLY_BYTES, "content-disposition": disposition(f"message-{message_id}.eml")}
        return Response(raw, headers=headers, media_type="message/rfc822")

    def _download(self, agent: Agent, attachment_id: int) -> attachments.Attachment:
        with self._house.store.write() as db:
            return attachments.download(
                db,
                agent,
                attachment_id,
                now=clock.now(),
                fold_seconds=self._house.settings.opened_fold_seconds,
            )

    def _original(self, agent: Agent, message_id: int) -> bytes:
        with self._house.store.write() as db:
            place = attachments.original(
                db,
                agent,
                message_id,
                now=clock.now(),
                fold_seconds=self._house.settings.opened_fold_seconds,
            )
        return self._house.raw.read(place)


def number(request: Request, name: str = "number") -> int:
    """An id from the path; 0, which nothing has, for anything else."""
    text = str(request.path_params[name])
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def disposition(filename: str) -> str:
    """`attachment` with the name as RFC 6266 and RFC 8187 want it; never a path, never a CR."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if c.isprintable())[-LONGEST_NAME:].strip(" .") or "file"
    plain = "".join(c if c.isascii() and c not in '"%\\;' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
