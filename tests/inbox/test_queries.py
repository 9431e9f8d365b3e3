"""The line one searches with: every operator, and that nothing that is typed breaks it."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import queries, search, search_hits
from inbox.filters import Filter
from inbox.queries import LONGEST, Slip, Term
from tests.conftest import NOON

TODAY = date(2026, 11, 30)


def read(line):
    return queries.read(line, today=TODAY)


@pytest.mark.feature("QV10")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("two words", [Term(text="two"), Term(text="words")]),
        ('"two words"', [Term(text="two words", is_exact=True)]),
        ("“två ord” tre", [Term(text="två ord", is_exact=True), Term(text="tre")]),
        (
            'still "being typ',
            [Term(text="still"), Term(text="being typ", is_exact=True, is_open=True)],
        ),
        (
            "http://x.test re:order 12:30",
            [Term(text=t) for t in ("http://x.test", "re:order", "12:30")],
        ),
        ("e-post", [Term(text="e-post")]),
        ('"" - is: from:', []),
    ],
)
def test_words_and_phrases(line, words):
    assert read(line).words == words
    assert read(line).slips == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("from:anna", {"fields": {"from": [Term(text="anna")]}}),
        ("From: anna", {"fields": {"from": [Term(text="anna")]}}),
        ("från:anna till:bo", {"fields": {"from": [Term(text="anna")], "to": [Term(text="bo")]}}),
        (
            'subject:"late order"',
            {"fields": {"subject": [Term(text="late order", is_exact=True)]}},
        ),
        ("-from:anna", {"without_fields": {"from": [Term(text="anna")]}}),
        ("-word", {"without": [Term(text="word")]}),
        ("tag:vip -tag:old", {"tags": ["vip"], "not_tags": ["old"]}),
        ("assignee:me -assignee:none", {"assignees": ["me"], "not_assignees": ["none"]}),
        ("ansvarig:mig", {"assignees": ["me"]}),
        ('assignee:"Bo Ek"', {"assignees": ["Bo Ek"]}),
        ("mailbox:support", {"mailboxes": ["support"]}),
        ("has:attachment", {"flags": {"files": True}}),
        ("-har:bilaga", {"flags": {"files": False}}),
        ("is:open is:closed", {"statuses": {"open", "closed"}}),
        ("-is:snoozed", {"not_statuses": {"snoozed"}}),
        ("is:spam -is:trash", {"places": {"spam"}, "not_places": {"trash"}}),
        ("is:mine is:unassigned", {"assignees": ["me", "none"]}),
        ("is:unread is:vip", {"flags": {"unread": True, "vip": True}}),
        ("is:read -is:urgent", {"flags": {"unread": False, "urgent": False}}),
        ("är:följer", {"flags": {"following": True}}),
        ("is:clos", {"statuses": {"closed"}}),
        ("after:2026-11-03", {"since": date(2026, 11, 3)}),
        ("before:2026-11", {"until": date(2026, 11, 1)}),
        ("before:2026", {"until": date(2026, 1, 1)}),
        ("after:yesterday", {"since": date(2026, 11, 29)}),
        ("efter:igår före:idag", {"since": date(2026, 11, 29), "until": TODAY}),
        ("after:7d", {"since": date(2026, 11, 23)}),
        ("-after:2w", {"until": date(2026, 11, 16)}),
        ("after:7d after:2d", {"since": date(2026, 11, 28)}),
    ],
)  # fmt: skip
def test_each_operator(line, told):
    found = read(line)
    empty = read("")
    assert {n: getattr(found, n) for n in told} == told
    assert found.words == [] and found.slips == []
    for name in set(found.__dataclass_fields__) - set(told):
        assert getattr(found, name) == getattr(empty, name), name


@pytest.mark.parametrize(
    ("line", "slip"),
    [
        ("before:soon", Slip(kind="before", said="soon")),
        ("after:2026-13-40", Slip(kind="after", said="2026-13-40")),
        ("after:99999y", Slip(kind="after", said="99999y")),
        ("has:wings", Slip(kind="has", said="wings", known=("attachment",))),
        ("asignee:bo", Slip(kind="unknown", said="asignee", known=("assignee",))),
    ],
)
def test_what_cannot_be_understood_is_named(line, slip):
    assert read(line).slips == [slip]


def test_a_beginning_that_two_have_is_no_value():
    (slip,) = read("is:un").slips
    assert (slip.kind, slip.said) == ("is", "un")
    assert "unread" in slip.known


LINES = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ['"', "-", ":", " ", "from:", "is:", "before:", "tag:", "åker", "a", "\0", "\u202e",
             "7d", "2026-11-03", "%", "_", "(", "[", "\\", "🦓", "  ", "“", "ÄR:", "-is:"]
        ),
        max_size=60,
    ).map("".join),
)  # fmt: skip


@given(line=LINES)
def test_nothing_that_is_typed_raises(line):
    found = read(line)
    for patterns in (search.parameters(found), search.unwanted(found)):
        assert all(p is None or "\0" not in p for p in patterns.values())
    wanted = search_hits.sought(Filter(words=line), now=NOON)
    for pattern in (wanted.text, wanted.sender, wanted.subject):
        assert "".join(text for text, _ in search_hits.marked(line, pattern)) == line


@given(text=st.text(max_size=200), word=st.from_regex(r"\A[a-zåäöé]{1,8}\Z"))
def test_what_the_key_finds_is_marked(text, word):
    """A word that stands in the text is found by the key, and marked in the text."""
    body = f"{text} {word}x end"
    key = search.key(subject="", body=body, sender=())
    patterns = search.parameters(read(word))
    assert all(like(p, key.words) for n, p in patterns.items() if p and n.startswith("pattern"))
    assert all(like(p, key.text) for n, p in patterns.items() if p and n.startswith("phrase"))
    marked = search_hits.marked(body, search_hits.sought(Filter(words=word), now=NOON).text)
    assert any(is_hit for _, is_hit in marked)


def like(pattern, text):
    return re.search(re.escape(pattern.strip("%")), text) is not None


@pytest.mark.parametrize(
    "line",
    ['"' * 50_000, "from:" * 50_000, "from: " * 50_000, "-" * 50_000, " " * 50_000, "a " * 10_000,
     'x"' * 50_000, "is:" + " " * 50_000, "ord:" * 50_000],
)  # fmt: skip
def test_a_long_line_takes_no_long_time(line):
    began = time.process_time()
    read(line)
    assert time.process_time() - began < 0.2
    assert len("".join(t.text for t in read(line).words)) <= LONGEST


def test_many_words_do_not_make_the_marks_slow():
    words = search_hits.sought(Filter(words=" ".join(f"ord{n}" for n in range(1000))), now=NOON)
    began = time.process_time()
    search_hits.place_in("orda " * 40_000, words.text)
    assert time.process_time() - began < 1
