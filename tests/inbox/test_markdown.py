"""What is typed becomes HTML that can do no harm, in time that grows with its length alone."""

import time

import pytest

from inbox import markdown, posting
from tests.conftest import agent
from tests.furniture import BO, SUPPORT
from tests.inbox.post import connect, send, written


@pytest.mark.feature("CR02")
def test_marks_become_elements():
    html = markdown.to_html("**bold** *soft* `code`\n\n- one\n- two\n\n1. first\n\n> said")

    for element in ("<strong>bold", "<em>soft", "<code>code", "<ul>", "<ol>", "<blockquote>"):
        assert element in html


@pytest.mark.parametrize(
    "typed",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](data:image/png;base64,AAAA)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](//evil.test)",
        "[x](&#106;avascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](https://evil.test/spy.gif)",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<a href='https://evil.test' onclick='x'>y</a>",
    ],
)
def test_what_could_do_harm_stays_words(typed):
    html = markdown.to_html(typed)

    assert not [tag for tag in ("<script", "<img", "<a href='") if tag in html]
    assert 'href="' not in html.replace('href="https://evil.test/spy.gif"', "")


@pytest.mark.parametrize("address", ["https://x.test/a?b=1", "mailto:a@b.test", "tel:+46812345"])
def test_a_link_leads_where_it_says(address):
    assert f'<a href="{address}">x</a>' in markdown.to_html(f"[x]({address})")


HOSTILE = ["*" * 10_000, "[" * 10_000, "`" * 10_000, "> " * 5_000, "**a " * 5_000, "_a*" * 5_000]
HOSTILE += ["[a](" * 5_000, "\u202e" * 10_000, "|" * 10_000, "- " * 5_000, "<" * 10_000]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda text: repr(text[:4]))
def test_no_text_takes_long(typed):
    began = time.process_time()
    markdown.to_html(typed)

    assert time.process_time() - began < 1


@pytest.mark.feature("CR02")
def test_what_is_previewed_is_what_is_mailed(home):
    connect(home)
    bo = agent(home.store, BO)
    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set signature = 'The *shop*' where id = $id", {"id": SUPPORT}
        )
    draft = written(home, bo, "**Thanks**, Maria")
    with home.store.read() as db:
        shown = posting.preview(db, bo, draft.id, "**Thanks**, Maria")
    send(home, bo, draft)
    with home.store.export() as cursor:
        (mailed,) = cursor.execute("select body_html from outbox").fetchone()

    assert f"<!doctype html><html><body>{shown.own}{shown.below}</body></html>\n" == mailed
    assert "<strong>Thanks</strong>" in shown.own
    assert "The <em>shop</em>" in shown.below
    assert "Hello" in shown.below


def test_an_agents_own_signature_goes_before_the_mailboxes(home):
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set signature = 'The shop'")
        cursor.execute("update agents set signature = 'Bo, by hand' where id = $id", {"id": BO})
    bo = agent(home.store, BO)
    draft = written(home, bo)
    with home.store.read() as db:
        below = posting.preview(db, bo, draft.id, "x").below

    assert "Bo, by hand" in below
    assert "The shop" not in below
