"""Screen texts: each is translated, into the language of whoever looks."""

import re
import threading
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from inbox import people, public_holidays, words
from inbox.errors import Invalid, MailboxUnreachable, NotFound
from inbox.house import House
from inbox.words import _
from tests import catalogue
from tests.conftest import NOON, agent
from tests.furniture import BO

PLACES = re.compile(r"\{\w*(?::[^}]*)?\}")
AWAY = "{name} is away and gets no new work. Choose a colleague."


def both(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else "\n".join(text)


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_every_text_is_translated_with_its_places(language: str) -> None:
    said = {message.id for message in catalogue.said() if message.id}
    known = {message.id: message.string for message in catalogue.translated(language)}
    known.pop("")

    assert said - set(known) == set(), "run `make catalogue`, then translate what is empty"
    assert set(known) - said == set(), "run `make catalogue`: nobody says this any more"
    assert [text for text, other in known.items() if not all([other, *other])] == []
    for text, other in known.items():
        assert set(PLACES.findall(both(text))) == set(PLACES.findall(both(other))), text


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_what_the_app_reads_is_what_was_translated(language: str) -> None:
    made = catalogue.compiled(catalogue.translated(language))
    assert catalogue.file(language, "mo").read_bytes() == made


def test_each_thread_speaks_its_own_language() -> None:
    heard = []

    def swedish() -> None:
        words.speak("sv")
        heard.append(_("Close"))

    talk = threading.Thread(target=swedish)
    talk.start()
    talk.join()
    assert [*heard, _("Close"), _("")] == ["Stäng", "Close", ""]


def test_a_refusal_is_said_in_the_language_of_its_reader_and_its_values_as_they_came() -> None:
    heard = []

    def swedish() -> None:
        words.speak("sv")
        heard.extend(words.refused(refusal) for refusal in (away, gone, strange))

    away = Invalid("assignee", AWAY, name="{text} Bo")
    gone, strange = NotFound("draft"), MailboxUnreachable("refused", "NO {quota}")
    talk = threading.Thread(target=swedish)
    talk.start()
    talk.join()
    assert heard == [
        "{text} Bo är borta och får inget nytt arbete. Välj en kollega.",
        "Här finns inget utkast för dig.",
        "NO {quota}",
    ]
    assert str(away) == words.refused(away) == AWAY.replace("{name}", "{text} Bo")


def test_a_language_nobody_translated_is_english() -> None:
    words.speak("tlh")
    assert words.language() == "en"


def test_the_page_speaks_the_language_of_its_agent(
    at_desk: Callable[..., AppTest], home: House
) -> None:
    with home.store.write() as db:
        people.set_preferences(db, agent(home.store, BO), "sv", "", now=NOON)

    page = at_desk("bo").run().switch_page("work/account.py").run()

    assert "Namn, som kunderna ser det" in [field.label for field in page.text_input]
    assert not page.exception


def test_every_country_has_a_name_in_every_language():
    assert public_holidays.NAMES.read_text() == catalogue.countries(), "run `make catalogue`"
