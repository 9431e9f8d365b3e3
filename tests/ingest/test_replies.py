"""What a mail adds to what was written before, in every case of tests/mail/replies.

A file holds the cases of one language, one after the other:

    === what is special about it (html)
    the body as the mail holds it; `(html)` in the title for one that is HTML, else it is text
    --- own
    the exact text that must stay visible

A line of a body that begins with `=== ` or is `--- own` cannot stand in a case.
"""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import replies
from ingest.parse import parse
from tests.conftest import MAIL

CASE = re.compile(r"^=== ([^\n]+)\n(.*?)^--- own\n(.*?)(?=^=== |\Z)", re.M | re.S)
CASES = [
    pytest.param(body, own, "(html)" in title, id=f"{file.stem}: {title}")
    for file in sorted((MAIL / "replies").glob("*.txt"))
    for title, body, own in CASE.findall(file.read_text("utf-8"))
]


@pytest.mark.parametrize(("body", "own", "is_html"), CASES)
def test_history_and_signatures_are_hidden_and_nothing_else(body: str, own: str, is_html: bool):
    found = replies.of_html(body) if is_html else replies.of_text(body)

    assert found == own.strip("\n")


def test_a_mail_that_hides_nothing_shows_the_same_text_folded_and_whole():
    page = "<p>Thank you,</p><p>all is <b>well</b>.</p>"

    assert replies.of_html(page, "Thank you,\nall is well.\n") == "Thank you,\nall is well."


def test_the_text_beside_a_page_without_marks_tells_what_is_history():
    page = "<div>The large one.</div><div>Which size?</div><div>Tom</div>"

    assert replies.of_html(page, "The large one.\n\n> Which size?\n> Tom\n") == "The large one."


def test_the_text_beside_a_page_that_is_all_quote_tells_what_is_new():
    page = "<blockquote type=cite>Which size?<br>The large one.</blockquote>"

    assert replies.of_html(page, "> Which size?\n> Tom\n\nThe large one.") == "The large one."


def test_what_a_subject_calls_a_forward_is_shown_whole():
    body = "For you.\n\nFrom: A <a@x.test>\nSent: Monday\nTo: B\nSubject: Lid\n\nIt broke."
    head = "From: c@x.test\nSubject: {}\n\n"

    assert parse((head.format("Fwd: Lid") + body).encode()).reply_text == body
    assert parse((head.format("Re: Lid") + body).encode()).reply_text == "For you."


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("", "> a", ">> b", "-- ", "Hello", "On 2 Mar 2026 at 10:15, A <a@x.test> wrote:"),
                *("From: a@x.test", "Sent: Monday", "Subject: x", "-----Original Message-----"),
                *("Sent from my iPhone", "_____", "> 100 kr", "##- Reply above this line -##"),
            ]
        )
    )
)
def test_nothing_is_made_up_and_something_always_stays(lines: list[str]):
    found = replies.of_text("\n".join(lines)).split("\n")
    left = iter([line.strip() for line in lines])

    assert all(line.strip() in left for line in found if line.strip())
    assert any(line.strip() for line in found) == any(line.strip() for line in lines)


MANY = {
    "quote marks": (">\n", replies.of_text),
    "one line of quote marks": (">", replies.of_text),
    "beginnings of attributions": ("On Monday\n", replies.of_text),
    "attributions": ("On Mon, 2 Mar 2026 you wrote:\n", replies.of_text),
    "sender fields": ("From: a\n", replies.of_text),
    "header fields": ("From: a\nTo: b\nDate: c\nX-y: d\n", replies.of_text),
    "signature delimiters": ("-- \n", replies.of_text),
    "blanks": (" ", replies.of_text),
    "empty lines": ("\n", replies.of_text),
    "blanks at the end of lines": ("a    \n", replies.of_text),
    "quotes inside quotes": ("<blockquote>", replies.of_html),
    "quotes after quotes": ("<blockquote>a</blockquote>", replies.of_html),
    "marked quotes": ("<div class=gmail_quote>a</div>", replies.of_html),
    "signatures": ("<div id=Signature>a</div>", replies.of_html),
}
MEGABYTE = 1_000_000
SHARE = 8
FLOOR = 0.004  # seconds; below it the ratio would measure the machine and not the code


def _cpu(read: Callable[[str], str], body: str) -> float:
    """Seconds of processor time, the best of three readings."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        read(body)
        spent.append(time.process_time() - began)
    return min(spent)


@pytest.mark.parametrize("name", MANY)
def test_eight_times_as_much_takes_nothing_like_its_square(name: str, record_property):
    piece, read = MANY[name]
    body = piece * (MEGABYTE // len(piece))

    part, whole = _cpu(read, body[: MEGABYTE // SHARE]), _cpu(read, body)
    ratio = whole / max(part, FLOOR)

    record_property("time(8n)/time(n)", round(ratio, 2))
    # A square would be 64; what is linear has shown 10 on a busy machine.
    assert ratio <= 24, f"{part:.3f} s for an eighth of it, {whole:.3f} s for all"
