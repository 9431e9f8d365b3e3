"""/signin and /signout: small forms, a cookie scripts cannot read, a session that can be ended."""

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox import clock, invitations, passwords, sessions
from inbox.errors import SignInRefused
from inbox.house import House
from inbox.words import _, refused
from web import visitors
from web.demo import DemoDoor, is_at_this_machine
from web.template import Choice, Field, Page

# bcrypt takes a core for 300 ms: two at a time leave the house answering.
BCRYPT = 2


class SignIn:
    """The two doors in and out of one house."""

    def __init__(self, house: House, demo: DemoDoor | None) -> None:
        self._house = house
        self._demo = demo
        self._bcrypt = CapacityLimiter(BCRYPT)

    def routes(self) -> list[Route]:
        return [
            Route("/signin", self.form, methods=["GET"]),
            Route("/signin", self.submit, methods=["POST"]),
            Route("/signout", self.farewell, methods=["GET"]),
            Route("/signout", self.sign_out, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        wanted = local_path(request.query_params.get("next", "/"))
        if visitors.in_scope(request.scope):
            return RedirectResponse(wanted, 303)
        return self._page(request, wanted).answer()

    async def submit(self, request: Request) -> Response:
        async with request.form() as form:
            email, password = text(form, "email"), text(form, "password")
            wanted = local_path(text(form, "next"))
        try:
            token = await self._let_in(request, email, password)
        except SignInRefused as refusal:
            status = 401 if refusal.text == sessions.WRONG else 429
            return self._page(request, wanted, email=email, alert=refused(refusal)).answer(status)
        return with_cookie(RedirectResponse(wanted, 303), token, request, self._house)

    async def farewell(self, request: Request) -> Response:
        """Following a link signs nobody out: it may stand in a mail that our own page shows."""
        visitor = visitors.in_scope(request.scope)
        if visitor is None:
            return RedirectResponse("/signin", 303)
        return Page(
            house=self._house.settings.name,
            title=_("Sign out?"),
            lead=_("You are signed in as {name}.").format(name=visitor.agent.name),
            action="/signout",
            button=_("Sign out"),
            foot=(_("Changed your mind?"), "/", _("Back to the inbox")),
        ).answer()

    async def sign_out(self, request: Request) -> Response:
        token = visitors.cookie(request.scope["headers"])
        if visitors.in_scope(request.scope):
            await to_thread.run_sync(self._end, token)
        answer = RedirectResponse("/signin", 303)
        answer.delete_cookie(visitors.COOKIE, path="/", httponly=True, samesite="lax")
        return answer

    async def _let_in(self, request: Request, email: str, password: str) -> str:
        address = request.client.host if request.client else ""
        stored = await to_thread.run_sync(self._guess, email, address)
        was_right = await to_thread.run_sync(
            passwords.check, password, stored, limiter=self._bcrypt
        )
        return await to_thread.run_sync(self._start, email, was_right, device(request))

    def _guess(self, email: str, address: str) -> str | None:
        with self._house.store.write() as db:
            return sessions.guess(
                db, email, address, settings=self._house.settings, now=clock.now()
            )

    def _start(self, email: str, was_right: bool, told: str) -> str:
        with self._house.store.write() as db:
            return sessions.sign_in(
                db, email, was_right, told, settings=self._house.settings, now=clock.now()
            )

    def _end(self, token: str) -> None:
        with self._house.store.write() as db:
            sessions.end(db, token, now=clock.now())

    def _page(self, request: Request, wanted: str, *, email: str = "", alert: str = "") -> Page:
        settings = self._house.settings
        with self._house.store.read() as db:
            is_new = not settings.demo and invitations.needs_set_up(db)
        return Page(
            house=settings.name,
            title=_("Sign in"),
            lead=_(
                "Nobody can sign in yet: open the set-up link printed where the house was started."
            )
            if is_new
            else "",
            action="/signin",
            hidden={"next": wanted},
            fields=(
                Field(
                    name="email",
                    label=_("E-mail"),
                    kind="email",
                    value=email,
                    autocomplete="username",
                ),
                Field(
                    name="password",
                    label=_("Password"),
                    kind="password",
                    autocomplete="current-password",
                ),
            ),
            button=_("Sign in"),
            alert=alert,
            foot=(_("Forgotten the password?"), "/forgot", _("Get a new one")),
            choices=self._choices(request, wanted),
            choices_title=_("Demo: come in as"),
        )

    def _choices(self, request: Request, wanted: str) -> tuple[Choice, ...]:
        if self._demo is None or not self._house.settings.demo or not is_at_this_machine(request):
            return ()
        return tuple(
            Choice(
                label=name,
                detail=role,
                hidden={"email": email, "password": self._demo.password, "next": wanted},
            )
            for email, name, role in self._demo.accounts
        )


def local_path(wanted: str) -> str:
    """The path asked for, or / for anything a browser could take for another site."""
    is_plain = wanted.isprintable() and "\\" not in wanted
    is_local = is_plain and wanted.startswith("/") and not wanted.startswith("//")
    return wanted if is_local else "/"


def device(request: Request) -> str:
    """What the browser says it is, as its owner will see it in the list of sessions."""
    told = request.headers.get("user-agent", "")
    return "".join(c for c in told if c.isprintable())[:200] or "Unknown browser"


def with_cookie(answer: Response, token: str, request: Request, house: House) -> Response:
    is_https = request.url.scheme == "https" or house.settings.public_url.startswith("https:")
    answer.set_cookie(
        visitors.COOKIE,
        token,
        max_age=house.settings.session_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https,
    )
    return answer


def text(form: FormData, name: str) -> str:
    """A field's text; an uploaded file in its place is nothing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
