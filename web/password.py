"""/password: a signed-in agent changes his password."""

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox import clock, passwords, people, sessions
from inbox.errors import Invalid, SignInRefused
from inbox.house import House
from inbox.words import _, refused
from web import visitors
from web.signin import text
from web.template import Field, Page


def length() -> str:
    """What a password has to be like."""
    said = _("At least {n} characters. A few words you can remember are best.")
    return said.format(n=passwords.SHORTEST)


class Password:
    def __init__(self, house: House) -> None:
        self._house = house
        self._bcrypt = CapacityLimiter(1)

    def routes(self) -> list[Route]:
        return [
            Route("/password", self.form, methods=["GET"]),
            Route("/password", self.submit, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        return self._page().answer()

    async def submit(self, request: Request) -> Response:
        async with request.form() as form:
            old, new = text(form, "old"), text(form, "password")
        visitor = visitors.of_request(request)
        address = request.client.host if request.client else ""
        try:
            passwords.must_be_good(new, visitor.agent.email)
            stored = await to_thread.run_sync(self._guess, visitor.agent.email, address)
            was_right = await to_thread.run_sync(passwords.check, old, stored, limiter=self._bcrypt)
            hashed = await to_thread.run_sync(passwords.hash, new, limiter=self._bcrypt)
            await to_thread.run_sync(self._change, visitor, was_right, hashed)
        except (Invalid, SignInRefused) as refusal:
            return self._page(refusal).answer(422)
        return self._page(is_done=True).answer()

    def _guess(self, email: str, address: str) -> str | None:
        with self._house.store.write() as db:
            return sessions.guess(
                db, email, address, settings=self._house.settings, now=clock.now()
            )

    def _change(self, visitor: visitors.Visitor, was_right: bool, hashed: str) -> None:
        with self._house.store.write() as db:
            people.change_password(
                db, visitor.agent, was_right, hashed, visitor.digest, now=clock.now()
            )

    def _page(
        self, refusal: Invalid | SignInRefused | None = None, *, is_done: bool = False
    ) -> Page:
        field = getattr(refusal, "field", "old")
        said = {field: refused(refusal)} if refusal else {}
        return Page(
            house=self._house.settings.name,
            title=_("Change password"),
            lead=""
            if is_done
            else _("You stay signed in here, and are signed out everywhere else."),
            action="/password",
            fields=(
                Field(
                    name="old",
                    label=_("Password now"),
                    kind="password",
                    autocomplete="current-password",
                    error=said.get("old", ""),
                ),
                Field(
                    name="password",
                    label=_("New password"),
                    kind="password",
                    autocomplete="new-password",
                    hint=length(),
                    error=said.get("password", ""),
                ),
            ),
            button="" if is_done else _("Change password"),
            notice=_("Your password is changed. Other browsers were signed out.")
            if is_done
            else "",
            foot=(_("Done here?"), "/", _("Back to the inbox")),
        )
