"""The frame around every page: the rail, the live line and the pages one may see."""

from pathlib import Path

import streamlit as st

from inbox import availability, clock
from inbox.agents import Agent
from inbox.schedule import Presence, Schedule
from inbox.words import _, mark
from pages.parts import alarms, desk, drawing, live, numbers, place, queue, rail, telling, times

HERE = Path(__file__).parent
STYLE = "".join((HERE / "parts" / f"{name}.css").read_text() for name in ("style", "sheet"))
ICON = HERE / "parts" / "mark.svg"
# Numbers need not move faster than anybody reads them.
NUMBERS_EVERY = 4.0
_TEAM = {
    "notifications": mark("Notifications"),
    "contacts": mark("Contacts"),
    "stopped": mark("Stopped answers"),
}
_ADMIN = {
    "mailboxes": mark("Mailboxes"),
    "people": mark("People"),
    "templates": mark("Templates"),
    "calendars": mark("Calendars"),
    "health": mark("Health"),
}
_OF_ADMINS = {"calendars", "health"}


def pages() -> dict[str, st.Page]:
    """Every page there is, whoever asks: an address outlives sign-in and a change of role."""
    found = {
        "inbox": st.Page(HERE / "work" / "inbox.py", title=_("Inbox"), default=True),
        "account": st.Page(HERE / "work" / "account.py", title=_("Account"), url_path="account"),
    }
    for name, title in _TEAM.items():
        found[name] = st.Page(HERE / "work" / f"{name}.py", title=_(title), url_path=name)
    for name, leaf in numbers.LEAVES.items():
        file = numbers.FOLDER / f"{name}.py"
        found[name] = st.Page(file, title=_(leaf.title), url_path=leaf.address)
    for name, title in _ADMIN.items():
        file = HERE / "admin" / f"{name}.py"
        if file.exists():
            found[name] = st.Page(file, title=_(title), url_path=name)
    return found


def offered(viewer: Agent, known: dict[str, st.Page]) -> list[str]:
    """The admin pages that this agent's roles open."""
    runs_house = viewer.is_admin
    configures = any(viewer.may("configure", m) for m in viewer.readable)
    return [
        name
        for name in _ADMIN
        if name in known and (runs_house or (configures and name not in _OF_ADMINS))
    ]


def go() -> None:
    """Where the rail was pressed: within the inbox a redraw, else another page."""
    kind, name = rail.wanted()
    if kind == "page":
        st.session_state["wanted_page"] = name
        drawing.everything()
    if kind == "switch":
        known, now_is = own_now()
        desk.act(availability.switch, availability.step(known, now_is, now=clock.now()))
        drawing.again("rail")
    place.go(kind, name)
    if not here_is_inbox():
        st.session_state["wanted_page"] = "inbox"
        st.session_state["wanted_place"] = (kind, name)
        drawing.everything()
    drawing.again(*place.PANES)


def here_is_inbox() -> bool:
    return st.session_state.get("page") == "inbox"


def heard() -> None:
    """Something was committed somewhere: redraw what it concerns, and nothing else."""
    if live.is_everything():
        drawing.everything()
    if st.session_state.get("page") == "contacts":
        drawing.again("rail", "alarms", "contacts", "person")
    if st.session_state.get("page") == "now":
        drawing.again("rail", "alarms", "now")
    if not here_is_inbox():
        drawing.again("rail", "alarms")
    is_open_one = place.conversation_id() in live.changed()
    beside = ("person",) if place.pane() == "open" else ()
    drawing.again("rail", "list", "alarms", *beside, *(("conversation",) if is_open_one else ()))


@st.fragment(key="rail")
def rail_pane() -> None:
    with drawing.pane("rail"):
        draw_rail()


@st.fragment(key="live")
def live_line() -> None:
    """In a fragment: at the start of a run of the whole page Streamlit throws away what it has not
    sent yet, though news then has only some panes drawn anew."""
    every = NUMBERS_EVERY if st.session_state.get("page") == "now" else 0.0
    live.listen(place.conversation_id(), heard, every_seconds=every)


def entry(name: str, title: str) -> rail.Item:
    """A page, as the rail shows it."""
    return {
        "go": f"page:{name}",
        "icon": name,
        "label": _(title),
        "chosen": st.session_state.get("page") == name,
    }


def own_now() -> tuple[Schedule, Presence]:
    """Whether one takes new work, without a statement as long as the minute lasts."""
    tables = ("agents", "absences", "shifts")
    return desk.remembered(tables, availability.own, now=times.minute(clock.now()))


def draw_rail() -> None:
    viewer = desk.me()
    box = place.mailbox_id()
    settings = desk.house().settings
    known = pages()
    rail.show(
        name=settings.name,
        counts=queue.counts(),
        at=place.whole() if here_is_inbox() else None,
        mailboxes=desk.signs(),
        mailbox_id=box,
        saved=queue.saved(),
        files=desk.house().views,
        groups=[
            (
                "",
                [
                    entry("notifications", _TEAM["notifications"])
                    | {"count": len(telling.unseen())},
                    entry("contacts", _TEAM["contacts"]),
                    entry("stopped", _TEAM["stopped"]),
                    entry(numbers.FIRST, mark("Insight"))
                    | {
                        "icon": "insight",
                        "chosen": st.session_state.get("page") in numbers.LEAVES,
                    },
                ],
            ),
            (_("House"), [entry(name, _ADMIN[name]) for name in offered(viewer, known)]),
        ],
        is_demo=settings.demo,
        now_is=own_now()[1],
        on_go=go,
    )


def signed_in() -> None:
    known = pages()
    page = st.navigation(list(known.values()), position="hidden")
    if (wanted := st.session_state.pop("wanted_page", None)) in known:
        # Without any given, Streamlit refuses while a field is bound to the address: a search.
        st.switch_page(known[wanted], query_params={})
    if (target := st.session_state.pop("wanted_place", None)) is not None:
        place.go(*target)
    if (conversation := st.session_state.pop("wanted_conversation", None)) is not None:
        place.open_conversation(conversation)
    st.session_state["page"] = next((n for n, p in known.items() if p == page), "inbox")
    # With nothing but a style in it, it would lie where toasts do, and the first would replace it.
    st.html(f'<i class="delad-style" hidden></i><style>{STYLE}</style>')
    with st.sidebar:
        rail_pane()
    live_line()
    alarms.show()
    page.run()


def signed_out() -> None:
    """Reached when a session ends while the page is open; the gate lets nobody else in."""
    st.navigation(list(pages().values()), position="hidden")
    st.title(_("You are signed out"), anchor=False)
    st.link_button(_("Sign in"), "/signin", type="primary")


st.set_page_config(page_title=desk.house().settings.name, page_icon=ICON, layout="wide")
if desk.agent() is None:
    signed_out()
else:
    with drawing.page():
        signed_in()
