"""/setup, /invitation, /reset and /forgot: the doors that open with a one-time link."""

from dataclasses import dataclass, replace

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox import clock, invitations, notices, passwords, sessions
from inbox.errors import Invalid, LinkVoid, SignInRefused
from inbox.house import House
from inbox.invitations import Invitation, Kind
from inbox.words import _, mark, refused
from web.password import length
from web.signin import device, text, with_cookie
from web.template import Field, Page

SENT = mark(
    "If that address has an account here, a letter with a link is on its way. It can take a few "
    "minutes; look among the junk as well. Otherwise ask an admin for a link."
)
CANNOT = mark("This house cannot send letters yet. Ask an admin for a link to a new password.")
TITLES: dict[Kind, tuple[str, str, str]] = {
    "setup": (
        mark("Welcome"),
        mark("You are the first here, and will be the admin."),
        mark("Set up"),
    ),
    "invitation": (
        mark("Welcome"),
        mark("Choose a password, and you are in."),
        mark("Join"),
    ),
    "reset": (
        mark("A new password"),
        mark("You will be signed out everywhere else."),
        mark("Save and sign in"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    token: str = ""
    name: str = ""
    email: str = ""
    password: str = ""


class Links:
    """Looking at a link, using it, and asking for one."""

    def __init__(self, house: House) -> None:
        self._house = house
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
        ]

    async def form(self, request: Request) -> Response:
        """Looking at a link does not use it: mail scanners open links too."""
        token = request.query_params.get("token", "")
        try:
            found = await to_thread.run_sync(self._find, token)
        except LinkVoid as refusal:
            return self._void(refused(refusal))
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
            return self._void(refused(refusal))
        return with_cookie(RedirectResponse("/", 303), session, request, self._house)

    async def forgot_form(self, request: Request) -> Response:
        return self._forgot_page().answer()

    async def forgot(self, request: Request) -> Response:
        """The same answer whether or not the address is known, given before the link is made, so
        that its time tells nothing either."""
        if not await to_thread.run_sync(self._can_post):
            return self._forgot_page(alert=_(CANNOT)).answer(503)
        async with request.form() as form:
            email = text(form, "email")
        address = request.client.host if request.client else ""
        try:
            await to_thread.run_sync(self._count_letter, email, address)
        except SignInRefused as refusal:
            return self._forgot_page(email=email, alert=refused(refusal)).answer(429)
        answer = self._forgot_page(email=email, notice=_(SENT)).answer()
        answer.background = BackgroundTask(self._send_link, email)
        return answer

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

    def _count_letter(self, email: str, address: str) -> None:
        with self._house.store.write() as db:
            sessions.count_letter(
                db, email, address, settings=self._house.settings, now=clock.now()
            )

    def _send_link(self, email: str) -> None:
        settings, now = self._house.settings, clock.now()
        with self._house.store.write() as db:
            token = invitations.reset(db, email, now=now, hours=settings.reset_hours)
            if token is not None:
                url = notices.link(settings, "reset", token)
                notice = notices.reset(settings, email.strip().lower(), url)
                notices.post(db, notice, raw=self._house.raw, now=now)

    def _can_post(self) -> bool:
        with self._house.store.read() as db:
            return notices.can_post(db)

    def _page(self, found: Invitation, typed: _Typed, refusal: Invalid | None = None) -> Page:
        title, lead, button = map(_, TITLES[found.kind])
        wrong = {refusal.field: refused(refusal)} if refusal else {}
        fields = [
            Field(
                name="password",
                label=_("New password"),
                kind="password",
                autocomplete="new-password",
                hint=length(),
                error=wrong.pop("password", ""),
            )
        ]
        if found.kind == "setup":
            fields.insert(0, _email_field(typed.email, wrong.pop("email", "")))
        else:
            # For the eye, and for the browser that offers to keep the password.
            fields.insert(0, replace(_email_field(found.email, ""), is_fixed=True))
        if found.kind != "reset":
            name = Field(
                name="name",
                label=_("Your name, as customers see it"),
                value=typed.name,
                autocomplete="name",
                error=wrong.pop("name", ""),
            )
            fields.insert(0, name)
        return Page(
            house=self._house.settings.name,
            title=title,
            lead=lead,
            action=notices.PATHS[found.kind],
            hidden={"token": typed.token},
            fields=fields,
            button=button,
            alert=next(iter(wrong.values()), ""),
        )

    def _void(self, why: str) -> Response:
        return Page(
            house=self._house.settings.name,
            title=_("This link does not open any more"),
            alert=why,
            foot=(_("Have a password already?"), "/signin", _("Sign in")),
        ).answer(410)

    def _forgot_page(self, *, email: str = "", alert: str = "", notice: str = "") -> Page:
        return Page(
            house=self._house.settings.name,
            title=_("Forgotten password"),
            lead="" if notice else _("We send a link to your address. It works once."),
            action="/forgot",
            fields=(_email_field(email, ""),),
            button="" if notice else _("Send the link"),
            alert=alert,
            notice=notice,
            foot=(_("Remembered it?"), "/signin", _("Sign in")),
        )


def _email_field(value: str, error: str) -> Field:
    return Field(
        name="email",
        label=_("E-mail"),
        kind="email",
        value=value,
        autocomplete="username",
        error=error,
    )
