"""Strangers' bytes, handed out as mere bytes: /attachment/<id>, /attachments/<message> (all in one
zip) and /original/<message>. Four kinds of picture and PDF are also shown: /preview/<id>, and
pictures small in the stream: /thumbnail/<id>. What a file is, its bytes say, never its name."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from inbox import attachments, clock, previews, restricting
from inbox.agents import Agent
from inbox.attachments import Attachment
from inbox.errors import InboxError, NotAllowed, NotFound
from inbox.house import House
from inbox.store import Session
from inbox.words import _, mark, refused
from web import archives, visitors
from web.archives import Member

Found = TypeVar("Found")

NOTHING = mark("There is nothing here for you.")
NO_PREVIEW = mark("This kind of file is not shown here. It can be downloaded.")
LONGEST_NAME = 150
LARGEST_THUMBNAIL = 4_000_000
ONLY_BYTES = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


class Downloads:
    """Whatever a browser does with a download, it does outside our origin."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._fold = house.settings.opened_fold_seconds

    def routes(self) -> list[Route]:
        doors = {
            "/attachment/{number}": self.attachment,
            "/attachments/{number}": self.all_of_message,
            "/preview/{number}": self.preview,
            "/thumbnail/{number}": self.thumbnail,
            "/original/{number}": self.original,
        }
        return [Route(path, door, methods=["GET"]) for path, door in doors.items()]

    async def attachment(self, request: Request) -> Response:
        def found(db: Session, agent: Agent) -> Attachment:
            return self._download(db, agent, number(request))

        return await self._answer(request, found, self._as_bytes)

    async def preview(self, request: Request) -> Response:
        def found(db: Session, agent: Agent) -> Attachment:
            return self._download(db, agent, number(request))

        return await self._answer(request, found, self._as_shown)

    async def thumbnail(self, request: Request) -> Response:
        def found(db: Session, agent: Agent) -> Attachment:
            return attachments.small(db, agent, number(request))

        return await self._answer(request, found, self._as_small, reads=True)

    async def all_of_message(self, request: Request) -> Response:
        message_id = number(request)

        def found(db: Session, agent: Agent) -> list[Attachment]:
            return attachments.of_message(
                db, agent, message_id, now=clock.now(), fold_seconds=self._fold
            )

        return await self._answer(request, found, self._as_zip)

    async def original(self, request: Request) -> Response:
        message_id = number(request)

        def found(db: Session, agent: Agent) -> bytes:
            place = attachments.original(
                db, agent, message_id, now=clock.now(), fold_seconds=self._fold
            )
            return self._house.raw.read(place)

        def whole(raw: bytes) -> Response:
            headers = {
                **ONLY_BYTES,
                "content-disposition": disposition(f"message-{message_id}.eml"),
            }
            return Response(raw, headers=headers, media_type="message/rfc822")

        return await self._answer(request, found, whole)

    async def _answer(
        self,
        request: Request,
        found: Callable[[Session, Agent], Found],
        shown: Callable[[Found], Response],
        *,
        reads: bool = False,
    ) -> Response:
        agent = visitors.of_request(request).agent
        lane = self._house.store.read if reads else self._house.store.write

        def ask() -> Found:
            with lane() as db:
                return found(db, agent)

        try:
            return await to_thread.run_sync(lambda: shown(ask()))
        except NotFound:
            return PlainTextResponse(_(NOTHING), 404)
        except NotAllowed:
            return PlainTextResponse(_(restricting.REFUSED), 403)
        except InboxError as refusal:
            return PlainTextResponse(refused(refusal), 422)

    def _download(self, db: Session, agent: Agent, attachment_id: int) -> Attachment:
        return attachments.download(
            db, agent, attachment_id, now=clock.now(), fold_seconds=self._fold
        )

    def _path(self, found: Attachment) -> Path:
        path = self._house.files.path(found.sha256)
        if not path.is_file():
            raise NotFound("attachment")
        return path

    def _as_bytes(self, found: Attachment) -> Response:
        headers = {**ONLY_BYTES, "content-disposition": disposition(found.filename)}
        kind = "application/octet-stream"
        return FileResponse(self._path(found), headers=headers, media_type=kind)

    def _as_shown(self, found: Attachment) -> Response:
        path = self._path(found)
        kind = previews.kind_of(path)
        if kind is None:
            return PlainTextResponse(_(NO_PREVIEW), 422)
        named = disposition(found.filename, "inline")
        headers = {**ONLY_BYTES, "content-disposition": named}
        return FileResponse(path, headers=headers, media_type=kind)

    def _as_small(self, found: Attachment) -> Response:
        path = self._path(found)
        is_small = path.stat().st_size <= LARGEST_THUMBNAIL
        if not is_small or previews.kind_of(path) in (None, previews.PDF):
            return PlainTextResponse(_(NO_PREVIEW), 422)
        return self._as_shown(found)

    def _as_zip(self, found: list[Attachment]) -> Response:
        now = clock.now()
        members = [
            Member(name=one.filename, opened=_opener(self._path(one)), at=now) for one in found
        ]
        return zipped(members, f"attachments-{found[0].message_id}.zip")


def zipped(members: list[Member], name: str) -> Response:
    headers = {**ONLY_BYTES, "content-disposition": disposition(name)}
    return StreamingResponse(
        archives.stream(members), headers=headers, media_type="application/zip"
    )


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def number(request: Request, name: str = "number") -> int:
    """An id from the path; 0, which nothing has, for anything else."""
    text = str(request.path_params[name])
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def disposition(filename: str, how: str = "attachment") -> str:
    """With the name as RFC 6266 and RFC 8187 want it; never a path, never a CR."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if c.isprintable())[-LONGEST_NAME:].strip(" .") or "file"
    plain = "".join(c if c.isascii() and c not in '"%\\;' else "_" for c in name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
