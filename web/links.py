"""/setup, /invitation, /forgot, /reset and /password: every way to a new password."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox import clock, invitations, notices, passwords, people, sessions
from inbox.errors import Invalid, LinkVoid, SignInRefused
from inbox.house import House
from inbox.invitations import Invitation, Kind
from inbox.notices import Notice
from inbox.store import Session
from web import visitors
from web.signin import device, text, with_cookie
from web.template import Field, Page

LENGTH = f"At least {passwords.SHORTEST} characters. A few words you can remember are best."
SENT = (
    "If that address has an account here, a letter with a link is on its way. It can take a few "
    "minutes; look among the junk as well. Otherwise ask an admin for a link."
)
CANNOT = "This house cannot send letters yet. Ask an admin for a link to a new password."
TITLES: dict[Kind, tuple[str, str, str]] = {
    "setup": ("Welcome", "You are the first here, and will be the admin.", "Set up"),
    "invitation": ("Welcome", "Choose a password, and you are in.", "Join"),
    "reset": ("A new password", "You will be signed out everywhere else.", "Save and sign in"),
}


# Hands a letter to whoever delivers mail, inside the transaction that made its link.
Post: TypeAlias = Callable[[Session, Notice, datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    token: str = ""
    name: str = ""
    email: str = ""
    password: str = ""


class Links:
    """The doors that open with a one-time link, and the one that asks for such a link."""

    def __init__(self, house: House, post: Post | None) -> None:
        self._house = house
        self._post = post
        self._bcrypt = CapacityLimiter(1)

    def routes(self) -> list[Route]:
        one_time = [
            route
            for path in notices.PATHS.values()
            for route in (
                Route(path, self.form, methods=["GET"]),
                Route(path, self.submit, methods=["POST"]),
            )
        ]
        return [
            *one_time,
            Route("/forgot", self.forgot_form, methods=["GET"]),
            Route("/forgot", self.forgot, methods=["POST"]),
            Route("/password", self.password_form, methods=["GET"]),
            Route("/password", self.change_password, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        """Looking at a link does not use it: mail scanners open links too."""
        token = request.query_params.get("token", "")
        try:
            found = await to_thread.run_sync(self._find, token)
        except LinkVoid as refusal:
            return self._void(str(refusal))
        typed = _Typed(token=token, name=found.name, email=found.email)
        return self._page(found, typed).answer()

    async def submit(self, request: Request) -> Response:
        async with request.form() as form:
            typed = _Typed(
                **{name: text(form, name) for name in ("token", "name", "email", "password")}
            )
        try:
            found = await to_thread.run_sync(self._find, typed.token)
            if found.kind != "setup":
                typed = replace(typed, email=found.email)
            try:
                passwords.must_be_good(typed.password, typed.email)
                hashed = await to_thread.run_sync(
                    passwords.hash, typed.password, limiter=self._bcrypt
                )
                session = await to_thread.run_sync(self._redeem, typed, hashed, device(request))
            except Invalid as refusal:
                return self._page(found, typed, refusal).answer(422)
        except LinkVoid as refusal:
            return self._void(str(refusal))
        return with_cookie(RedirectResponse("/", 303), session, request, self._house)

    async def forgot_form(self, request: Request) -> Response:
        return self._forgot_page().answer()

    async def forgot(self, request: Request) -> Response:
        """The same answer whether or not the address is known."""
        if self._post is None:
            return self._forgot_page(alert=CANNOT).answer(503)
        async with request.form() as form:
            email = text(form, "email")
        address = request.client.host if request.client else ""
        base = f"{request.url.scheme}://{request.url.netloc}"
        try:
            await to_thread.run_sync(self._send_link, email, address, base)
        except SignInRefused as refusal:
            return self._forgot_page(email=email, alert=str(refusal)).answer(429)
        return self._forgot_page(email=email, notice=SENT).answer()

    async def password_form(self, request: Request) -> Response:
        return self._password_page().answer()

    async def change_password(self, request: Request) -> Response:
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
            return self._password_page(refusal).answer(422)
        return self._password_page(is_done=True).answer()

    def _find(self, token: str) -> Invitation:
        with self._house.store.read() as db:
            return invitations.by_token(db, token, now=clock.now())

    def _redeem(self, typed: _Typed, hashed: str, told: str) -> str:
        now = clock.now()
        with self._house.store.write() as db:
            agent_id = invitations.redeem(
                db, typed.token, hashed, typed.name, email=typed.email, now=now
            )
            return sessions.start(db, agent_id, told, settings=self._house.settings, now=now)

    def _send_link(self, email: str, address: str, base: str) -> None:
        assert self._post is not None
        settings, now = self._house.settings, clock.now()
        with self._house.store.write() as db:
            sessions.count_letter(db, email, address, settings=settings, now=now)
        with self._house.store.write() as db:
            token = invitations.reset(db, email, now=now, hours=settings.reset_hours)
            if token is not None:
                url = notices.link(settings, "reset", token, base=base)
                self._post(db, notices.reset(settings, email.strip().lower(), url), now)

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

    def _page(self, found: Invitation, typed: _Typed, refusal: Invalid | None = None) -> Page:
        title, lead, button = TITLES[found.kind]
        wrong = {refusal.field: str(refusal)} if refusal else {}
        fields = [
            Field(
                name="password",
                label="New password",
                kind="password",
                autocomplete="new-password",
                hint=LENGTH,
                error=wrong.pop("password", ""),
            )
        ]
        if found.kind == "setup":
            fields.insert(0, _email_field(typed.email, wrong.pop("email", "")))
        if found.kind != "reset":
            name = Field(
                name="name",
                label="Your name, as customers see it",
                value=typed.name,
                autocomplete="name",
                error=wrong.pop("name", ""),
            )
            fields.insert(0, name)
        return Page(
            house=self._house.settings.name,
            title=title,
            lead=f"{found.email}: {lead}" if found.email else lead,
            action=notices.PATHS[found.kind],
            hidden={"token": typed.token},
            fields=fields,
            button=button,
            alert=next(iter(wrong.values()), ""),
        )

    def _void(self, why: str) -> Response:
        return Page(
            house=self._house.settings.name,
            title="This link does not open any more",
            alert=why,
            foot=("Have a password already?", "/signin", "Sign in"),
        ).answer(410)

    def _forgot_page(self, *, email: str = "", alert: str = "", notice: str = "") -> Page:
        return Page(
            house=self._house.settings.name,
            title="Forgotten password",
            lead="" if notice else "We send a link to your address. It works once.",
            action="/forgot",
            fields=(_email_field(email, ""),),
            button="" if notice else "Send the link",
            alert=alert,
            notice=notice,
            foot=("Remembered it?", "/signin", "Sign in"),
        )

    def _password_page(self, refusal: Exception | None = None, *, is_done: bool = False) -> Page:
        field = getattr(refusal, "field", "old")
        said = {field: str(refusal)} if refusal else {}
        return Page(
            house=self._house.settings.name,
            title="Change password",
            lead="" if is_done else "You stay signed in here, and are signed out everywhere else.",
            action="/password",
            fields=(
                Field(
                    name="old",
                    label="Password now",
                    kind="password",
                    autocomplete="current-password",
                    error=said.get("old", ""),
                ),
                Field(
                    name="password",
                    label="New password",
                    kind="password",
                    autocomplete="new-password",
                    hint=LENGTH,
                    error=said.get("password", ""),
                ),
            ),
            button="" if is_done else "Change password",
            notice="Your password is changed. Other browsers were signed out." if is_done else "",
            foot=("Done here?", "/", "Back to the inbox"),
        )


def _email_field(value: str, error: str) -> Field:
    return Field(
        name="email",
        label="E-mail",
        kind="email",
        value=value,
        autocomplete="username",
        error=error,
    )
