"""All doors of the house beside its pages, and what stands before every one of them."""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from inbox.house import House
from web.contacts import Contacts
from web.demo import DemoDoor, StartForReal
from web.drafts import Drafts
from web.files import Downloads
from web.gate import Gate
from web.headers import Headers
from web.health import Health
from web.letters import Letters
from web.links import Links
from web.live import Hub
from web.password import Password
from web.pictures import Pictures
from web.shell import Shell
from web.signin import SignIn
from web.templates import Templates
from web.transcripts import Transcripts


def routes(house: House, demo: DemoDoor | None) -> list[BaseRoute]:
    """For st.App(routes=…)."""
    return [
        *SignIn(house, demo).routes(),
        *Links(house).routes(),
        *Password(house).routes(),
        *Health(house).routes(),
        *Downloads(house).routes(),
        *Transcripts(house).routes(),
        *Pictures(house).routes(),
        *Contacts(house).routes(),
        *Drafts(house).routes(),
        *Letters(house).routes(),
        *Templates(house).routes(),
        Hub(house).route(),
        *(StartForReal(house.settings, demo).routes() if demo else []),
    ]


def middleware(house: House) -> list[Middleware]:
    """For st.App(middleware=…): outermost first, so that refusals carry the headers too."""
    return [Middleware(Headers), Middleware(Gate, house=house), Middleware(Shell)]
