"""PUT /draft/<id>: what an agent types is kept as it is typed, and files with it.

The text goes as {"revision", "body", "kind", "subject", "to": [[name, address]], "cc", "bcc"}
and may carry "seen_event_id" and "effects" (see inbox.effects); the answer is {"revision",
"saved_at", "strange"}: who of the recipients deserves a second look, as [address, why, whom a note
can speak to]. A file goes as the field `file` of a form; the answer is {"id", "filename",
"size_bytes", "content_type", "revision"}, and to a DELETE {"revision"}: a file that comes or goes
makes the draft's next revision. A refusal is {"error", "field"}.
"""

import json
from typing import Any

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox import clock, draft_files, drafts, effects, newcomers, words
from inbox.agents import Agent
from inbox.errors import InboxError, Invalid, NotAllowed, NotFound, Stale, TooLate
from inbox.house import House
from inbox.messages import Address, Recipients
from web import visitors
from web.files import number

MOST_TEXT_BYTES = 2_500_000
MOST_FILE_BYTES = draft_files.MOST_BYTES
MOST_ADDRESSES = 500
STATUSES: dict[type[InboxError], int] = {NotAllowed: 403, NotFound: 404, Stale: 409, TooLate: 409}


class Drafts:
    """The composer's doors."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [
            Route("/draft/{number}", self.save, methods=["PUT"]),
            Route("/draft/{number}/attachment", self.attach, methods=["POST"]),
            Route("/draft/{number}/attachment/{attachment}", self.detach, methods=["DELETE"]),
        ]

    async def save(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            told = _told(await whole_body(request, MOST_TEXT_BYTES))
            kept = await to_thread.run_sync(self._save, agent, number(request), told)
            strange = await to_thread.run_sync(self._strange, agent, kept)
        except InboxError as refusal:
            return refused(refusal)
        return JSONResponse(
            {
                "revision": kept.revision,
                "saved_at": kept.updated_at.isoformat(),
                "strange": strange,
            }
        )

    async def attach(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            # Without a length there would be no end to what is spooled to disk.
            if int(request.headers["content-length"]) > MOST_FILE_BYTES + 10_000:
                raise draft_files.too_big()
            kept = await self._receive(request, agent)
        except InboxError as refusal:
            return refused(refusal)
        except (HTTPException, KeyError, ValueError):
            return refused(Invalid("attachment", "The file did not arrive whole. Try again."))
        return JSONResponse(kept, 201)

    async def detach(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            revision = await to_thread.run_sync(
                self._detach, agent, number(request), number(request, "attachment")
            )
        except InboxError as refusal:
            return refused(refusal)
        return JSONResponse({"revision": revision})

    async def _receive(self, request: Request, agent: Agent) -> dict[str, object]:
        async with request.form(max_files=1, max_fields=5) as form:
            upload = form.get("file")
            if upload is None or isinstance(upload, str):
                raise Invalid("attachment", "There is no file in this request.")
            content = await upload.read(MOST_FILE_BYTES + 1)
            if len(content) > MOST_FILE_BYTES:
                raise draft_files.too_big()
            name, kind = upload.filename or "file", upload.content_type or ""
        return await to_thread.run_sync(self._attach, agent, number(request), name, kind, content)

    def _save(self, agent: Agent, draft_id: int, told: dict[str, Any]) -> drafts.Draft:
        with self._house.store.write() as db:
            return drafts.save(db, agent, draft_id, **told, now=clock.now())

    def _strange(self, agent: Agent, draft: drafts.Draft) -> list[tuple[str, str, str]]:
        with self._house.store.read() as db:
            found = newcomers.of_draft(db, agent, draft)
        return [(one.address, one.why, one.mention) for one in found]

    def _attach(
        self, agent: Agent, draft_id: int, name: str, kind: str, content: bytes
    ) -> dict[str, object]:
        with self._house.store.write() as db:
            draft = draft_files.attach(
                db, agent, self._house.files, draft_id, name, kind, content, now=clock.now()
            )
        kept = draft.attachments[-1]
        return {
            "id": kept.id,
            "filename": kept.filename,
            "size_bytes": kept.size_bytes,
            "content_type": kept.content_type,
            "revision": draft.revision,
        }

    def _detach(self, agent: Agent, draft_id: int, attachment_id: int) -> int:
        with self._house.store.write() as db:
            return draft_files.detach(db, agent, draft_id, attachment_id, now=clock.now()).revision


def refused(refusal: InboxError) -> JSONResponse:
    status = STATUSES.get(type(refusal), 422)
    return JSONResponse(
        {"error": words.refused(refusal), "field": getattr(refusal, "field", None)}, status
    )


async def whole_body(request: Request, most: int) -> bytes:
    """The whole body; a longer one is not read to its end."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise Invalid("body", "This text is too long to be kept.")
    return bytes(body)


def _told(body: bytes) -> dict[str, Any]:
    """What the composer sent, in the words of `drafts.save`. Raises Invalid."""
    try:
        sent = json.loads(body)
        seen = sent.get("seen_event_id")
        return {
            "revision": _whole(sent["revision"]),
            "body": text(sent["body"]),
            "subject": text(sent.get("subject", "")),
            "kind": _kind(sent["kind"]),
            "recipients": Recipients(
                **{field: _addresses(sent.get(field, [])) for field in ("to", "cc", "bcc")}
            ),
            "seen_event_id": None if seen is None else _whole(seen),
            "does": effects.read(sent["effects"]) if "effects" in sent else None,
        }
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Invalid("body", "The composer sent something that cannot be read.") from error


def _kind(value: object) -> str:
    if value not in ("reply", "note"):
        raise ValueError(value)
    return str(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise TypeError(value)
    return value


def text(value: object) -> str:
    """What was typed, as it can be stored. Raises TypeError for anything but a text."""
    if not isinstance(value, str):
        raise TypeError(value)
    # A lone half of an emoji (JSON allows it) cannot be stored.
    return value.encode("utf-8", "replace").decode()


def _addresses(value: object) -> tuple[Address, ...]:
    if not isinstance(value, list) or len(value) > MOST_ADDRESSES:
        raise TypeError(value)
    return tuple(Address(name=text(name), address=text(address)) for name, address in value)
