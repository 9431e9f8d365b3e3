"""The sheet of a pilot as a PDF of one page.

It is drawn as one SVG of A4, which vl-convert, by which charts become pictures anyway, turns into a
PDF with letters that can be found and copied. It breaks no lines: that is done here, by the widths
of the letters it brings along.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import vl_convert

from pages.parts import lines
from pages.parts.pilot_sheet import NEUTRAL, Picture, Sheet

WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 40.0
INSIDE = WIDTH - 2 * MARGIN
INK, LARGE, LINE = "#1f2430", "#9a5b00", "#dfe2e8"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Of the page, smaller and smaller until all of it has room.
SCALES = (1.06, 1.0, 0.95, 0.9, 0.85, 0.8, 0.74, 0.68, 0.6)
# Of the table's columns, as parts of its width.
EDGES = (0.0, 0.31, 0.49, 0.67, 1.0)


@dataclass(slots=True)
class _Page:
    """What is drawn so far, and how far down; `scale` is of letters and gaps."""

    scale: float
    y: float = MARGIN
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        words: str,
        size: float,
        *,
        x: float = MARGIN,
        width: float = INSIDE,
        colour: str = INK,
        is_bold: bool = False,
        most: int = 9,
    ) -> None:
        """A paragraph; what has no room in `most` lines ends with dots."""
        size *= self.scale
        found = list(lines.broken(words, width / size, is_bold=is_bold))
        if len(found) > most:
            found = [*found[: most - 1], found[most - 1][:-1] + "…"]
        for line in found:
            self.y += size * 1.3
            self.put(line, size, x=x, y=self.y, colour=colour, is_bold=is_bold)

    def put(
        self,
        words: str,
        size: float,
        *,
        x: float,
        y: float,
        colour: str = INK,
        is_bold: bool = False,
        anchor: str = "start",
    ) -> None:
        weight = ' font-weight="700"' if is_bold else ""
        self.parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
            f'fill="{colour}"/>'
        )

    def gap(self, points: float) -> None:
        self.y += points * self.scale


def pdf(sheet: Sheet) -> bytes:
    """One page, however much is to be told."""
    pages = (_drawn(sheet, scale) for scale in SCALES)
    page = next((one for one in pages if one.y <= HEIGHT - MARGIN), _drawn(sheet, SCALES[-1]))
    return bytes(vl_convert.svg_to_pdf(svg(page.parts)))


def svg(parts: Sequence[str]) -> str:
    """The page as the one picture it is."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{FONT}"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f"{''.join(parts)}</svg>"
    )


def _drawn(sheet: Sheet, scale: float) -> _Page:
    page = _Page(scale)
    page.text(sheet.made, 8, colour=NEUTRAL, most=1)
    page.gap(3)
    page.text(sheet.title, 17, is_bold=True, most=2)
    page.gap(9)
    _verdict(page, sheet)
    page.gap(7)
    for line in sheet.rule:
        page.text(line, 8.6, colour=NEUTRAL, most=3)
    page.gap(9)
    _table(page, sheet)
    page.gap(8)
    _pictures(page, sheet.pictures)
    page.gap(6)
    page.text(sheet.differed_title, 9.5, is_bold=True, most=1)
    page.gap(1)
    _differed(page, sheet.differed)
    page.gap(6)
    page.text(sheet.caveats_title, 9.5, is_bold=True, most=1)
    page.gap(1)
    for line in sheet.caveats:
        _item(page, line, x=MARGIN, width=INSIDE)
    return page


def _verdict(page: _Page, sheet: Sheet) -> None:
    top = page.y
    page.text(
        sheet.verdict, 15, x=MARGIN + 12, width=INSIDE - 12, colour=sheet.colour, is_bold=True
    )
    for line in sheet.about:
        page.text(line, 9.5, x=MARGIN + 12, width=INSIDE - 12, most=2)
    page.box(MARGIN, top + 2, 4, page.y - top + 2, sheet.colour)


def _table(page: _Page, sheet: Sheet) -> None:
    _row(page, sheet.head, is_head=True)
    for row in sheet.rows:
        _row(page, [row.name, row.before, row.pilot, row.change])


def _row(page: _Page, cells: Sequence[str], *, is_head: bool = False) -> None:
    """As high as the cell of most lines."""
    size, top, lowest = 8.4 * page.scale, page.y + 3 * page.scale, page.y
    colour = NEUTRAL if is_head else INK
    for place, cell in enumerate(cells):
        is_name = place == 0
        left, right = (INSIDE * edge for edge in EDGES[place : place + 2])
        is_bold = is_name or is_head
        page.y = top
        for line in lines.broken(cell, (right - left - 8) / size, is_bold=is_bold):
            page.y += size * 1.3
            x = MARGIN + (left if is_name else right)
            anchor = "start" if is_name else "end"
            page.put(line, size, x=x, y=page.y, colour=colour, is_bold=is_bold, anchor=anchor)
        lowest = max(lowest, page.y)
    page.y = lowest + size * 0.45
    page.box(MARGIN, page.y, INSIDE, 0.5, LINE)


def _pictures(page: _Page, pictures: Sequence[Picture]) -> None:
    """Beside each other, each below its finding; as high as the higher of them."""
    top, width = page.y, (INSIDE - 16) / 2
    below = []
    for place, one in enumerate(pictures):
        page.y, x = top, MARGIN + place * (width + 16)
        page.text(one.title, 9, x=x, width=width, is_bold=True, most=2)
        page.text(one.about, 6.8, x=x, width=width, colour=NEUTRAL, most=3)
        below.append(page.y)
    page.y, lowest = max(below) + 4, 0.0
    for place, one in enumerate(pictures):
        high = width * _shape(one.svg)
        data = base64.b64encode(one.svg.encode()).decode()
        page.parts.append(
            f'<image x="{MARGIN + place * (width + 16):.2f}" y="{page.y:.2f}" width="{width:.2f}" '
            f'height="{high:.2f}" xlink:href="data:image/svg+xml;base64,{data}"/>'
        )
        lowest = max(lowest, high)
    page.y += lowest


def _shape(picture: str) -> float:
    """Its height by its width."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture)
    return float(found[2]) / float(found[1]) if found else 0.6


def _differed(page: _Page, told: Sequence[tuple[str, bool]]) -> None:
    """In two columns."""
    top, width, lowest = page.y, (INSIDE - 16) / 2, page.y
    half = (len(told) + 1) // 2
    for place in (0, 1):
        page.y = top
        for words, is_large in told[place * half : (place + 1) * half]:
            _item(page, words, x=MARGIN + place * (width + 16), width=width, is_large=is_large)
        lowest = max(lowest, page.y)
    page.y = lowest


def _item(page: _Page, words: str, *, x: float, width: float, is_large: bool = False) -> None:
    colour = LARGE if is_large else INK
    page.put(
        "▪" if is_large else "·", 8.2 * page.scale, x=x, y=page.y + 10.7 * page.scale, colour=colour
    )
    page.text(words, 8.2, x=x + 9, width=width - 9, colour=colour, is_bold=is_large, most=3)
