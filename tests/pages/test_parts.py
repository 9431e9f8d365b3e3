"""Escaping, times and what the diary says: the small parts every page shares."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inbox.agents import Agent
from inbox.events import Event
from pages.parts import devices, diary, keys, times
from pages.parts.escape import plain, quiet
from pages.parts.papers import size

NOW = datetime(2026, 3, 3, 15, 0)


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("![x](http://a.test/x.png)", "\\!\\[x\\]\\(http\\:\u2060\\/\\/a\\.test\\/x\\.png\\)"),
        (":material/bolt: $x$ <b>", r"\:material\/bolt\: \$x\$ \<b\>"),
        ("# heading\n- item", r"\# heading \- item"),
        ("a\u202eb\u0000c", "abc"),
        ("https://a.test", "https\\:\u2060\\/\\/a\\.test"),
        ("HTTP://a", "HTTP\\:\u2060\\/\\/a"),
        ("www.a.test", "www\u2060\\.a\\.test"),
        ("me@a.test", "me\\@\u2060a\\.test"),
        ("me@\u2060a.test", "me\\@\u2060a\\.test"),
    ],
)
def test_strangers_words_stay_words(hostile: str, harmless: str) -> None:
    assert plain(hostile) == harmless


def test_long_words_are_cut() -> None:
    assert plain("x" * 500, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("me@a.test", r":gray[me]:gray[\@a\.test]"),
        ("a@b.test, c@d.test", r":gray[a]:gray[\@b\.test, c]:gray[\@d\.test]"),
        ("see https://a.test", r":gray[see https]:gray[\:\/\/a\.test]"),
        ("] ![x](y)", r":gray[\] \!\[x\]\(y\)]"),
        ("", ""),
    ],
)
def test_no_address_becomes_a_link_by_itself(text: str, shown: str) -> None:
    assert quiet(text) == shown


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU OS 19_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", "curl/8.5"),
        ("Firefox on Linux", "Firefox on Linux"),
    ],
)
def test_browsers_as_people_call_them(told: str, said: str) -> None:
    assert devices.said(told) == said


@pytest.mark.parametrize(
    ("moment", "said", "short"),
    [
        (NOW - timedelta(minutes=5), "15:55", "15:55"),
        (NOW - timedelta(days=1), "yesterday 16:00", "yesterday"),
        (datetime(2026, 2, 3, 9, 0), "3 Feb 10:00", "3 Feb"),
        (datetime(2025, 7, 3, 9, 0), "3 Jul 2025", "3 Jul 2025"),
        (datetime(2026, 3, 2, 23, 30), "00:30", "00:30"),
    ],
)
def test_times_as_people_say_them(moment: datetime, said: str, short: str) -> None:
    where = ZoneInfo("Europe/Stockholm")

    assert times.said(moment, now=NOW, where=where) == said
    assert times.short(moment, now=NOW, where=where) == short


def test_exact_names_the_zone() -> None:
    assert times.exact(NOW, where=UTC) == "2026-03-03 15:00:00 UTC"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "under a minute"),
        (300, "5 min"),
        (4380, "1 h 13 min"),
        (7200, "2 h"),
        (200_000, "2 days"),
    ],
)
def test_lasting(seconds: float, said: str) -> None:
    assert times.lasting(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"), [(820, "820 B"), (14_400, "14 kB"), (2_100_000, "2.1 MB")]
)
def test_sizes(number: int, said: str) -> None:
    assert size(number) == said


@pytest.mark.parametrize(
    ("viewer", "says"),
    [
        (1, "You assigned this to Bo Ek"),
        (2, "Ada Lind assigned this to you"),
        (3, "Ada Lind assigned this to Bo Ek"),
    ],
)
def test_the_diary_names_whom_a_conversation_was_given_to(viewer: int, says: str) -> None:
    event = Event(
        event_id=1,
        action_id="a",
        occurred_at=NOW,
        recorded_at=NOW,
        actor_kind="agent",
        actor_id=1,
        actor_name="Ada Lind",
        conversation_id=1,
        message_id=None,
        kind="assigned",
        before=None,
        after='{"assignee_id": 2}',
        assignee_name="Bo Ek",
    )

    assert diary.sentence(event, Agent(id=viewer, name="x", email="")) == says


def test_every_button_with_a_key_says_the_one_in_the_list() -> None:
    listed = [key for key, _words in keys.KEYS]

    assert listed == [*"JKNACTMEHISLFXZU", "Ctrl + Enter", "Ctrl + Shift + Enter", "/", "G", "?"]
    parts = Path(keys.__file__).parent
    for file in (*parts.glob("*.py"), *parts.parent.glob("work/*.py")):
        assert not re.findall(r'shortcut="', file.read_text()), file


@pytest.mark.feature("OW16")
def test_the_zone_an_agent_chose_goes_before_the_browsers() -> None:
    times.live_in("Asia/Tokyo")
    try:
        assert str(times.zone()) == "Asia/Tokyo"
    finally:
        times.live_in("")
    assert str(times.zone()) != "Asia/Tokyo"
