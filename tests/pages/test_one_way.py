"""Strangers' words reach the screen in one way: escaped, or as text of an element."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.pages import one_way
from web.template import Choice, Field, Page

ROOT = Path(__file__).parents[2]
# What does not go the one way, and why it may.
KNOWN = {
    "frame.py: st.html",  # The house's own style.
    "parts/component.py: st.components",  # Components of ours; their HTML is checked where it is.
    "parts/component.py: html",
    "work/account.py: lambda name: name or _('As the browser has it')",  # Of the tz database.
    'parts/rail.py: f\'<div class="rail"></div><template class="mark">{MARK}</template>\'',
    "parts/sheet.py: '\\n'.join(lines)",  # Cells come ready: `table` is checked where it is called.
}
RAW = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|DOMParser"
    r"|createContextualFragment|setHTML|parseHTML|import\(|javascript:|\.on\w+ = [\"'`]"
    r"|set(Timeout|Interval)\([\"'`]|postMessage|window\.open"
)


def placeless(faults: list[str]) -> set[str]:
    return {re.sub(r":\d+:", ":", fault, count=1) for fault in faults}


def test_nothing_else_puts_words_on_a_page() -> None:
    assert placeless(one_way.faults(one_way.codes())) == KNOWN


@pytest.mark.parametrize(
    "line",
    [
        "st.caption(f'About {found.subject}')",
        "st.markdown(found.subject)",
        "st.error(str(refusal))",
        "st.toast(_('{x} is here').format(x=found.name))",
        "st.button('Ask', help=found.name)",
        "st.warning('Sorry: ' + found.name)",
        "st.info('%s' % found.name)",
        "column.title(found.subject)",
        "st.expander(label=found.name)",
        "st.markdown('**' + ', '.join(names) + '**')",
        "st.markdown(words(found))",
        "sheet.setting('x', 'Title', found.name)",
        "sheet.table('x', (), [(found.name,)])",
        "st.selectbox('Who', [], format_func=lambda one: one.name)",
        "st.html(found.subject)",
        "st.markdown('x', unsafe_allow_html=True)",
        "st.iframe('x')",
        "st.components.v1.html('x')",
        "register('x', html=f'<p>{found.subject}</p>')",
        "text = found.subject\nst.caption(text)",
        "def f(x):\n    st.caption(x)",
        "def g(found):\n    return found.name\nst.caption(g(found))",
    ],
)
def test_a_way_round_is_found(line: str) -> None:
    assert one_way.faults({"parts/fresh.py": f"import streamlit as st\n{line}\n"})


def test_what_goes_the_one_way_is_not_found() -> None:
    code = """
def who(found):
    return plain(found.name)
text = _("{n} mails from {who}").format(n=count, who=who(found))
st.caption(f"{text}: {quiet(found.address)} {found.size:,}", help=_("x") if is_so else "")
"""
    assert one_way.faults({"parts/fresh.py": code}) == []


SCRIPTS = sorted((ROOT / "pages" / "parts").glob("*.js"))
FRAME = '`<!doctype html>${page.head.outerHTML}<body dir="auto">${harmless}</body>`;'


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda f: f.name)
def test_scripts_build_elements_and_text_alone(file: Path) -> None:
    code = file.read_text()
    if file.name == "mail_frame.js":
        allowed = f"frame.srcdoc = {FRAME}"
        assert code.count(allowed) == 1
        code = code.replace(allowed, "")
    assert RAW.findall(code) == []


def test_the_doors_write_html_in_two_places() -> None:
    made = {f.name for f in (ROOT / "web").glob("*.py") if "HTMLResponse(" in f.read_text()}

    assert made == {"template.py", "paper.py"}  # What paper says is escaped: tests/web.


HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


def test_whatever_a_page_at_the_door_says_is_escaped() -> None:
    """A new field of the page is filled here by itself."""
    page = filled(Page)
    shown = bytes(page.answer().body).decode()

    # The style of the house and its mark are the page's own; nothing of the words is an element.
    assert shown.count("&lt;script&gt;alert(1)") >= len(fields(Page)) - 1
    assert "<script" not in shown and "<img" not in shown
    assert not re.search(r"<[^>]*[\"']>?<script|='[^>]*onerror", shown)


def filled(kind: type) -> Any:
    """One of these with hostile words in every text it has."""
    given: dict[str, Any] = {}
    for field in fields(kind):
        is_text = "str" in str(field.type) and "Sequence" not in str(field.type)
        given[field.name] = HOSTILE if is_text else field.default
    if kind is Page:
        given["fields"] = [filled(Field)]
        given["choices"] = [filled(Choice)]
        given["foot"] = (HOSTILE, HOSTILE, HOSTILE)
    if "hidden" in given:
        given["hidden"] = {HOSTILE: HOSTILE}
    return kind(**given)
