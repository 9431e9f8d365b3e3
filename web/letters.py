"""POST /draft/<id>/letter: what would be mailed if the draft said this.

The text goes as {"body"}; the answer is {"own", "below"}: the HTML of the text, and of signature
and history. Both are made by what makes the mail, and then cleaned like any HTML that is shown.
"""

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox import posting, safe_html
from inbox.agents import Agent
from inbox.errors import InboxError, Invalid
from inbox.house import House
from web import visitors
from web.drafts import MOST_TEXT_BYTES, refused, text, whole_body
from web.files import number


class Letters:
    """The composer's looking-glass."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [Route("/draft/{number}/letter", self.preview, methods=["POST"])]

    async def preview(self, request: Request) -> Response:
        agent = visitors.of_request(request).agent
        try:
            typed = _typed(await whole_body(request, MOST_TEXT_BYTES))
            shown = await to_thread.run_sync(self._preview, agent, number(request), typed)
        except InboxError as refusal:
            return refused(refusal)
        return JSONResponse(shown)

    def _preview(self, agent: Agent, draft_id: int, typed: str) -> dict[str, str]:
        with self._house.store.read() as db:
            body = posting.preview(db, agent, draft_id, typed)
        return {"own": _clean(body.own), "below": _clean(body.below)}


def _clean(html: str) -> str:
    """Raises Invalid for what no browser should be asked to draw."""
    found = safe_html.clean(html)
    if html and found is None:
        raise Invalid("body", "This text is too large to be shown here. It can be sent.")
    return found.html if found else ""


def _typed(body: bytes) -> str:
    try:
        return text(json.loads(body)["body"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Invalid("body", "The composer sent something that cannot be read.") from error
