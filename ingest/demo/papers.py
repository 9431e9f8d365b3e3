"""Small real files for the demo's attachments, drawn by code: a PDF, a photograph, a logo."""

import struct
import zlib
from collections.abc import Callable
from functools import lru_cache

Colour = tuple[int, int, int]
_WOODS: tuple[Colour, ...] = ((185, 141, 93), (165, 118, 74), (201, 168, 119), (143, 106, 75))


def pdf(lines: tuple[str, ...]) -> bytes:
    """A one-page PDF 1.4 (ISO 32000-1, 7.5) with the lines in Helvetica, Latin-1 only."""
    rows = [f"1 0 0 1 56 {780 - 22 * n} Tm ({_escaped(line)}) Tj" for n, line in enumerate(lines)]
    text = ("BT /F1 12 Tf " + " ".join(rows) + " ET").encode("cp1252", "replace")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
        b"/Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        font,
    ]
    return _assembled(objects)


@lru_cache(maxsize=8)
def photo(hue: int) -> bytes:
    """A table top with a scratch, 320 × 210, as PNG; `hue` 0–7 gives another wood."""
    wood = _WOODS[hue % 4]

    def paint(x: int, y: int) -> Colour:
        if abs(y - 150 + x * (2 + hue) // 12) < 2 and 40 < x < 270:
            return (243, 231, 214)
        grain = (y * y // 9 + (x + y) // 23 + hue * 5) % 17
        return (wood[0] - grain, wood[1] - grain, wood[2] - grain)

    return _png(320, 210, paint)


@lru_cache(maxsize=1)
def logo() -> bytes:
    """A sender's little badge for inline use, 96 × 32, as PNG."""

    def paint(x: int, y: int) -> Colour:
        if 8 <= y < 24 and abs(x - 20) <= (y - 8) * 3 // 4:
            return (242, 193, 78)
        return (255, 255, 255) if 40 <= x < 88 and 13 <= y < 19 else (31, 78, 95)

    return _png(96, 32, paint)


def _png(width: int, height: int, paint: Callable[[int, int], Colour]) -> bytes:
    """A true-colour PNG without interlace (ISO 15948)."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in paint(x, y)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
    return bytes(out)
