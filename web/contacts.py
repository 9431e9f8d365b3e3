"""/contacts/<mailbox>.csv: a mailbox's contacts as a table, for its managers."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inbox import clock, contact_book
from inbox.agents import Agent
from inbox.errors import NotAllowed, NotFound
from inbox.house import House
from inbox.words import _
from web import visitors
from web.files import NOTHING, ONLY_BYTES, disposition, number

# Without it, spreadsheets take UTF-8 for the alphabet of the machine.
MARK = "\ufeff"


class Contacts:
    """What leaves the house in one piece is asked for by those who may, and stands in the diary."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [Route("/contacts/{number}.csv", self.table, methods=["GET"])]

    async def table(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        mailbox_id = number(request)
        try:
            text = await to_thread.run_sync(self._export, agent, mailbox_id)
        except (NotFound, NotAllowed):
            return PlainTextResponse(_(NOTHING), 404)
        headers = {**ONLY_BYTES, "content-disposition": disposition(f"contacts-{mailbox_id}.csv")}
        return Response((MARK + text).encode(), headers=headers, media_type="text/csv")

    def _export(self, agent: Agent, mailbox_id: int) -> str:
        with self._house.store.write() as db:
            return contact_book.export(db, agent, mailbox_id, now=clock.now())
