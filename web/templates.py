"""GET /templates/<conversation>: what can be put into an answer there; POST to one of them fills it
in, and counts it. Fetched when the picker opens, so that no page carries a team's every answer."""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox import clock, templates
from inbox.agents import Agent
from inbox.errors import InboxError, NotAllowed, NotFound
from inbox.house import House
from inbox.templates import Template
from web import visitors
from web.drafts import refused
from web.files import number


class Templates:
    """The picker's doors."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [
            Route("/templates/{number}", self.offered, methods=["GET"]),
            Route("/templates/{number}/{template}", self.use, methods=["POST"]),
        ]

    async def offered(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            found = await to_thread.run_sync(self._offered, agent, number(request))
        except NotAllowed:
            return refused(NotFound("template"))
        except InboxError as refusal:
            return refused(refusal)
        shown = {"templates": [_shown(template) for template in found]}
        return JSONResponse(shown, headers={"cache-control": "no-store"})

    async def use(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            filled = await to_thread.run_sync(
                self._use, agent, number(request), number(request, "template")
            )
        except NotAllowed:
            return refused(NotFound("template"))
        except InboxError as refusal:
            return refused(refusal)
        return JSONResponse({"text": filled.text, "effects": filled.effects.as_said()})

    def _offered(self, agent: Agent, conversation_id: int) -> list[Template]:
        with self._house.store.read() as db:
            return templates.offered(db, agent, conversation_id)

    def _use(self, agent: Agent, conversation_id: int, template_id: int) -> templates.Filled:
        with self._house.store.write() as db:
            return templates.use(db, agent, conversation_id, template_id, now=clock.now())


def _shown(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "folder": template.folder,
        "name": template.name,
        "body": template.body,
        "effects": template.effects.as_said(),
        "uses": template.uses,
    }
