"""The one page all forms at the door share: no JavaScript, light and dark, ready for a phone."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

from inbox.words import language

STYLE = """
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#1f2430;--quiet:#5b6372;
--line:#d5d9e0;--edge:#e4e7ec;--accent:#2f6fde;--press:#2559b8;--bad:#b3261e;--wash:#fdeceb;
--good:#1d6b3c;--calm:#e8f5ec;--glow:#2f6fde33}
@media (prefers-color-scheme:dark){:root{--page:#14171d;--card:#1d2129;--text:#e6e8ee;
--quiet:#a2a9b8;--line:#3d4451;--edge:#2c313b;--accent:#2f6fde;--press:#4a85ea;--bad:#ffb4ab;
--wash:#3c1f1e;--good:#8fd8ab;--calm:#183224;--glow:#5b93f255}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:24px 16px;
background:var(--page);color:var(--text);font:16px/1.5 "Source Sans",system-ui,-apple-system,
"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{width:100%;max-width:400px}
.house{display:flex;align-items:center;gap:10px;margin:0 0 18px;font-weight:650;font-size:17px;
overflow-wrap:anywhere}
.house svg{width:30px;height:30px;flex:none}
.card{background:var(--card);border:1px solid var(--edge);border-radius:14px;padding:28px 28px 26px;
box-shadow:0 1px 2px #1018280d,0 8px 28px #1018280f}
h1{margin:0 0 4px;font-size:22px;line-height:1.25;letter-spacing:-.01em}
.lead{margin:0 0 4px;color:var(--quiet);font-size:15px}
form{display:grid;gap:16px;margin:18px 0 0}
label{display:grid;gap:5px;font-weight:600;font-size:14px}
input{width:100%;font:inherit;font-weight:400;font-size:16px;color:inherit;
background:transparent;padding:10px 12px;
border:1px solid var(--line);border-radius:8px;min-height:44px}
input:focus-visible{outline:0;border-color:var(--accent);box-shadow:0 0 0 3px var(--glow)}
input:read-only{color:var(--quiet);background:var(--page)}
input[aria-invalid=true]{border-color:var(--bad)}
button{font:inherit;font-weight:600;min-height:44px;padding:10px 16px;border-radius:8px;
border:1px solid transparent;background:var(--accent);color:#fff;cursor:pointer}
button:hover{background:var(--press)}
button:focus-visible,a:focus-visible{outline:3px solid var(--glow);outline-offset:2px}
.hint{font-weight:400;font-size:13px;color:var(--quiet)}
.error{font-weight:500;font-size:13px;color:var(--bad)}
.alert,.notice{margin:16px 0 0;padding:10px 12px;border-radius:8px;font-size:14px;
overflow-wrap:anywhere}
.alert{background:var(--wash);color:var(--bad)}
.notice{background:var(--calm);color:var(--good)}
.foot{margin:16px 4px 0;font-size:14px;color:var(--quiet)}
a{color:var(--accent)}
@media (prefers-color-scheme:dark){a{color:#8db4f8}}
.demo{margin-top:22px;padding-top:18px;border-top:1px solid var(--edge)}
.demo h2{margin:0;font-size:14px}
.demo form{margin-top:8px;gap:0}
.demo button{display:flex;justify-content:space-between;align-items:baseline;gap:12px;
text-align:left;background:transparent;color:inherit;border-color:var(--line)}
.demo button:hover{border-color:var(--accent);background:transparent}
.demo small{color:var(--quiet);font-weight:400;text-align:right}
@media (max-width:440px){body{place-items:start center;padding-top:32px}.card{padding:22px 18px}}
"""
ICON = (Path(__file__).parents[1] / "pages" / "parts" / "mark.svg").read_text()
_TAB = f"data:image/svg+xml;base64,{base64.b64encode(ICON.encode()).decode()}"
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled input; `error` stands beside it, and a fixed one cannot be changed."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    autocomplete: str = "off"
    hint: str = ""
    error: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button of its own that sends hidden values: one click."""

    label: str
    detail: str
    hidden: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page at the door says. Every text in it is escaped when shown."""

    house: str
    title: str
    lead: str = ""
    action: str = ""
    fields: Sequence[Field] = ()
    hidden: Mapping[str, str] | None = None
    button: str = ""
    alert: str = ""
    notice: str = ""
    foot: tuple[str, str, str] | None = None
    choices: Sequence[Choice] = ()
    choices_title: str = ""

    def answer(self, status: int = 200) -> HTMLResponse:
        return HTMLResponse(_html(self), status, {"content-security-policy": POLICY})


def _html(page: Page) -> str:
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f'<link rel="icon" href="{_TAB}">'
        f"<title>{escape(page.title)} · {escape(page.house)}</title><style>{STYLE}</style></head>"
        f'<body><main><p class="house">{ICON}<span>{escape(page.house)}</span></p>'
        f'<div class="card"><h1>{escape(page.title)}</h1>'
        f"{_line('p', 'lead', page.lead)}"
        f"{_line('div', 'alert', page.alert, 'alert')}"
        f"{_line('div', 'notice', page.notice, 'status')}"
        f"{_form(page)}{_choices(page)}</div>{_foot(page)}</main></body></html>"
    )


def _line(tag: str, kind: str, text: str, role: str = "") -> str:
    spoken = f' role="{role}"' if role else ""
    return f'<{tag} class="{kind}"{spoken}>{escape(text)}</{tag}>' if text else ""


def _form(page: Page) -> str:
    if not page.button:
        return ""
    wrong = next((n for n, field in enumerate(page.fields) if field.error), None)
    empty = next((n for n, field in enumerate(page.fields) if not field.value), 0)
    focus = empty if wrong is None else wrong
    inputs = "".join(_field(field, n == focus) for n, field in enumerate(page.fields))
    return (
        f'<form method="post" action="{escape(page.action)}">{_hidden(page.hidden)}{inputs}'
        f'<button type="submit">{escape(page.button)}</button></form>'
    )


def _field(field: Field, is_focused: bool) -> str:
    about = f"{field.name}-about"
    said = _line("span", "error", field.error) or _line("span", "hint", field.hint)
    return (
        f'<label>{escape(field.label)}<input name="{escape(field.name)}" '
        f'type="{escape(field.kind)}" value="{escape(field.value)}" '
        f'autocomplete="{escape(field.autocomplete)}" required'
        f"{' autocapitalize=none spellcheck=false' if field.kind != 'text' else ''}"
        f"{' readonly' if field.is_fixed else ''}"
        f"{' aria-invalid=true' if field.error else ''}{' autofocus' if is_focused else ''}"
        f' aria-describedby="{escape(about)}"><span id="{escape(about)}">{said}</span></label>'
    )


def _hidden(values: Mapping[str, str] | None) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (values or {}).items()
    )


def _choices(page: Page) -> str:
    if not page.choices:
        return ""
    buttons = "".join(
        f'<form method="post" action="{escape(page.action)}">{_hidden(choice.hidden)}'
        f'<button type="submit">{escape(choice.label)}<small>{escape(choice.detail)}</small>'
        "</button></form>"
        for choice in page.choices
    )
    return f'<section class="demo"><h2>{escape(page.choices_title)}</h2>{buttons}</section>'


def _foot(page: Page) -> str:
    if page.foot is None:
        return ""
    before, address, words = page.foot
    return f'<p class="foot">{escape(before)} <a href="{escape(address)}">{escape(words)}</a></p>'
