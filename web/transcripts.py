"""/print/<conversation>: a page for paper. /transcript/<conversation>: the same as a file, or with
`as=mails` the mails themselves, as they came and left, in one zip. `notes=1` takes notes along."""

import io
from collections.abc import Callable, Iterator
from typing import IO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inbox import clock, transcripts
from inbox.agents import Agent
from inbox.blobs import Place
from inbox.errors import InboxError, NotFound
from inbox.house import House
from inbox.messages import Message
from inbox.transcripts import Kind, Transcript
from inbox.words import _, refused
from web import paper, visitors
from web.archives import Member
from web.files import NOTHING, ONLY_BYTES, disposition, number, zipped
from web.paper import Reader

LONGEST_SUBJECT = 60


class Transcripts:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [
            Route("/print/{number}", self.page, methods=["GET"]),
            Route("/transcript/{number}", self.copy, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent

        def shown(found: Transcript) -> Response:
            return paper.answer(
                found, _reader(request, agent), self._house.settings.name, now=clock.now()
            )

        return await self._answer(request, agent, "page", shown)

    async def copy(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        if request.query_params.get("as") == "mails":
            return await self._answer(request, agent, "mails", self._as_mails)

        def kept(found: Transcript) -> Response:
            content = paper.html(
                found, _reader(request, agent), self._house.settings.name, now=clock.now()
            )
            headers = {**ONLY_BYTES, "content-disposition": disposition(f"{_name(found)}.html")}
            return Response(
                content.encode(), headers=headers, media_type="application/octet-stream"
            )

        return await self._answer(request, agent, "file", kept)

    async def _answer(
        self,
        request: Request,
        agent: Agent,
        kind: Kind,
        shown: Callable[[Transcript], Response],
    ) -> Response:
        with_notes = request.query_params.get("notes") == "1"

        def ask() -> Response:
            with self._house.store.write() as db:
                found = transcripts.export(
                    db, agent, number(request), kind, with_notes=with_notes, now=clock.now()
                )
            return shown(found)

        try:
            return await to_thread.run_sync(ask)
        except NotFound:
            return PlainTextResponse(_(NOTHING), 404)
        except InboxError as refusal:
            return PlainTextResponse(refused(refusal), 422)

    def _as_mails(self, found: Transcript) -> Response:
        return zipped(list(self._members(found)), f"{_name(found)}.zip")

    def _members(self, found: Transcript) -> Iterator[Member]:
        for order, message in enumerate(found.messages, start=1):
            stem = f"{order:04d} {message.sent_at:%Y-%m-%d %H%M} {_who(message)}"
            place = found.places.get(message.id)
            if place is not None:
                yield Member(name=f"{stem}.eml", opened=self._mail(place), at=message.sent_at)
            elif message.is_hidden:
                by = message.hidden_by_name or _("A colleague")
                said = _("{who} hid this message.").format(who=by) + "\n"
                yield Member(name=f"{stem}, hidden.txt", opened=_text(said), at=message.sent_at)
            elif message.direction == "note":
                words = message.body_text
                yield Member(name=f"{stem}, note.txt", opened=_text(words), at=message.sent_at)
            else:
                said = _("The original of this mail is not in this copy.") + "\n\n"
                words = said + message.body_text
                yield Member(name=f"{stem}, text.txt", opened=_text(words), at=message.sent_at)

    def _mail(self, place: Place) -> Callable[[], IO[bytes]]:
        def opened() -> IO[bytes]:
            try:
                return io.BytesIO(self._house.raw.read(place))
            except NotFound:
                return io.BytesIO(b"The original of this mail is gone or damaged.\r\n")

        return opened


def _reader(request: Request, agent: Agent) -> Reader:
    return Reader.of(agent, request.query_params.get("zone", ""))


def _text(words: str) -> Callable[[], IO[bytes]]:
    return lambda: io.BytesIO(words.encode("utf-8", "replace"))


def _who(message: Message) -> str:
    """A stranger's name as a part of a file's name: no path can be made of it."""
    name = message.agent_name or message.from_name or message.from_address or "unknown"
    return "".join(c if c not in "/\\." else "_" for c in name)[:40]


def _name(found: Transcript) -> str:
    subject = "".join(c if c not in "/\\." else "_" for c in found.conversation.subject)
    return f"{found.conversation.id} {subject[:LONGEST_SUBJECT]}".strip()
