"""The sheet of a pilot as one HTML file: nothing runs in it, nothing is loaded from elsewhere."""

import base64
import unicodedata
from collections.abc import Sequence
from html import escape

from pages.parts.pilot_sheet import Picture, Sheet

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#eceef2;color:#1f2430;font:14px/1.4 "Source Sans","Liberation Sans",
system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:210mm;margin:16px auto;padding:14mm 15mm;background:#fff;
box-shadow:0 1px 8px #1f243022}
.made,.rule,.about,figcaption span,.few{color:#5b6372}.made{margin:0;font-size:12px}
h1{font-size:21px;line-height:1.25;margin:2px 0 10px;overflow-wrap:anywhere}
h2{font-size:14px;margin:14px 0 4px}
.verdict{border-left:5px solid;padding:2px 0 2px 12px;margin:0 0 8px}
.verdict b{display:block;font-size:19px;line-height:1.3}
.rule p,.verdict p{margin:0}.rule{font-size:12.5px}
table{width:100%;border-collapse:collapse;margin:10px 0;font-size:12.5px;
font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:3px 0 3px 8px;border-bottom:1px solid #eceef2;vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0;font-weight:600}
th{color:#5b6372;font-weight:600}
.two{display:grid;grid-template-columns:1fr 1fr;gap:14px}
figure{margin:0;min-width:0}figcaption{font-size:12px}figcaption b{display:block}
figcaption span{font-size:11px;display:block}
img{width:100%;height:auto}
ul{margin:0;padding-left:16px;font-size:12.5px}li.large{color:#9a5b00;font-weight:600}
.differed{columns:2;column-gap:14px}
@media (max-width:640px){main{margin:0;padding:20px 16px}.two{grid-template-columns:1fr}
.differed{columns:1}}
@page{size:A4;margin:12mm 14mm}
@media print{body{background:none;font-size:9.5pt;line-height:1.3}
main{box-shadow:none;padding:0;margin:0;max-width:none}h1{font-size:15pt}.verdict b{font-size:14pt}
table,.rule,ul{font-size:8.3pt}figcaption{font-size:8pt}figcaption span{font-size:7pt}
h2{font-size:9.5pt;margin:7pt 0 2pt}figure,table,ul{break-inside:avoid}
.two{grid-template-columns:1fr 1fr}.differed{columns:2}}
"""


def html(sheet: Sheet) -> bytes:
    """The whole file."""
    parts = (
        f'<p class="made">{_text(sheet.made)}</p><h1 dir="auto">{_text(sheet.title)}</h1>',
        f'<div class="verdict" style="border-color:{sheet.colour}">'
        f'<b style="color:{sheet.colour}">{_text(sheet.verdict)}</b>{_lines(sheet.about)}</div>',
        f'<div class="rule">{_lines(sheet.rule)}</div>',
        _table(sheet),
        f'<div class="two">{"".join(map(_figure, sheet.pictures))}</div>',
        f"<h2>{_text(sheet.differed_title)}</h2>",
        f'<ul class="differed">{"".join(_item(*one) for one in sheet.differed)}</ul>',
        f"<h2>{_text(sheet.caveats_title)}</h2>",
        f"<ul>{''.join(_item(one) for one in sheet.caveats)}</ul>",
    )
    return (
        f'<!doctype html><html lang="{escape(sheet.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="content-security-policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{_text(sheet.title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    ).encode()


def _text(words: str) -> str:
    return escape("".join(c for c in words if unicodedata.category(c)[0] != "C"))


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in lines)


def _item(words: str, is_large: bool = False) -> str:
    return f'<li class="large">{_text(words)}</li>' if is_large else f"<li>{_text(words)}</li>"


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th>{_text(word)}</th>" for word in sheet.head)
    rows = "".join(
        f"<tr><td>{_text(row.name)}</td><td>{_text(row.before)}</td><td>{_text(row.pilot)}</td>"
        f"<td>{_text(row.change)}</td></tr>"
        for row in sheet.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _figure(picture: Picture) -> str:
    data = base64.b64encode(picture.svg.encode()).decode()
    return (
        f"<figure><figcaption><b>{_text(picture.title)}</b><span>{_text(picture.about)}</span>"
        f'</figcaption><img alt="{_text(picture.title)}" '
        f'src="data:image/svg+xml;base64,{data}"></figure>'
    )
