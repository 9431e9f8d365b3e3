"""Mails as a bad line, a broken program or an enemy would change them: seeded, so that a number
brings the same bytes back."""

from collections.abc import Callable, Sequence
from random import Random

TOKENS = (
    *(
        b"\0",
        b"\r",
        b"\n",
        b"\r\n\r\n",
        b"\xff\xfe",
        b"\xe2\x80\xae",
        b'"',
        b"<",
        b">",
        b"=",
        b"--",
    ),
    *(b"=?utf-8?b?", b"=?x?q?=00?=", b"?=", b"=?iso-2022-jp?b?GyRC?=", b"=3D=\r\n", b"\x1b$B"),
    *(b"From: ", b"\r\nFrom: x@y.test\r\n", b"\r\nMessage-ID: <<<\r\n", b"References: <a> <b> "),
    *(b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n", b"\r\n--x--\r\n"),
    *(b'boundary=""', b"charset=utf-16", b"charset=utf-7", b"filename*0*=''%00", b"; name*9999=a"),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"begin 644 x\r\nM",
        b"<!--",
        b"<table>",
        b"<![CDATA[",
    ),
    *(
        b">" * 200,
        b"(" * 300,
        b"<div>" * 300,
        b"\xe5\xe4\xf6" * 50,
        b"A" * 5_000,
        b"On Mon, x wrote:\r\n",
    ),
)

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutated(seed: int, corpus: Sequence[bytes]) -> bytes:
    """The mail of this number: one of the corpus, changed one to eight times."""
    random = Random(seed)
    raw = random.choice(corpus)
    for _ in range(random.randint(1, 8)):
        raw = random.choice(CHANGES)(random, raw, corpus)
    return raw


def _flipped(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(raw)
    for _n in range(random.randint(1, 30)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut_off(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw[: random.randint(0, len(raw))]


def _hole(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _span(random, raw)
    return raw[:start] + raw[stop:]


def _repeated(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _span(random, raw)
    return raw[:stop] + raw[start:stop] * random.randint(1, 40) + raw[stop:]


def _spiked(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + random.choice(TOKENS) * random.randint(1, 3) + raw[at:]


def _spliced(random: Random, raw: bytes, corpus: Sequence[bytes]) -> bytes:
    other = random.choice(corpus)
    return raw[: random.randint(0, len(raw))] + other[random.randint(0, len(other)) :]


def _inside(random: Random, raw: bytes, corpus: Sequence[bytes]) -> bytes:
    other = random.choice(corpus)
    at = random.randint(0, len(raw))
    return raw[:at] + b"\r\nContent-Type: message/rfc822\r\n\r\n" + other + raw[at:]


def _shuffled(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    lines = raw.split(b"\n")
    start = random.randrange(len(lines))
    some = lines[start : start + random.randint(2, 12)]
    random.shuffle(some)
    return b"\n".join([*lines[:start], *some, *lines[start + len(some) :]])


def _line_ends(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\r\n", random.choice((b"\n", b"\r", b"\r\r\n", b"\n\r")))


def _span(random: Random, raw: bytes) -> tuple[int, int]:
    start = random.randint(0, len(raw))
    return start, min(len(raw), start + random.randint(1, 400))


CHANGES: tuple[Change, ...] = (
    *(_flipped, _cut_off, _hole, _repeated, _spiked, _spiked, _spliced, _inside, _shuffled),
    _line_ends,
)
