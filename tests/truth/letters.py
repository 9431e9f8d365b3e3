"""A letter is what somebody wrote; a mail is what some program made of it."""

import base64
import quopri
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from random import Random

from tests.truth.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`thread` is the conversation it truly belongs to; `answers` are the Message-IDs its writer's
    program knew, oldest first; `message_id` is None where the program gave none."""

    number: int
    thread: int
    sender: Person
    to: tuple[Person, ...]
    subject: str
    words: str
    sent_at: datetime
    message_id: str | None
    answers: tuple[str, ...] = ()
    cc: tuple[Person, ...] = ()
    is_ours: bool = False
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """How somebody's mail program writes; `declared` is what it claims about the charset, None
    for nothing at all."""

    charset: str
    declared: str | None
    transfer: str
    header: str
    threading: str = "both"
    is_html: bool = False
    has_date: bool = True


PROGRAMS = (
    Program("utf-8", "UTF-8", "quoted-printable", "b"),
    Program("utf-8", "utf-8", "base64", "q"),
    Program("utf-8", '"utf-8"', "8bit", "raw"),
    Program("iso-8859-1", "iso-8859-1", "quoted-printable", "q", "in-reply-to"),
    Program("cp1252", "Windows-1252", "8bit", "q", "references"),
    Program("cp1252", "iso-8859-1", "base64", "b"),
    Program("iso-8859-15", "ISO-8859-15", "quoted-printable", "q", "last"),
    Program("utf-8", "us-ascii", "8bit", "raw"),
    Program("utf-8", None, "8bit", "raw", "in-reply-to"),
    Program("cp1252", None, "8bit", "raw"),
    Program("cp1252", "unknown-8bit", "8bit", "q", "references"),
    Program("cp1252", "utf-8", "8bit", "raw"),
    Program("utf-8", "x-utf8-mail", "base64", "b"),
    Program("utf-8", "utf-8", "quoted-printable", "b", "in-reply-to", is_html=True),
    Program("cp1252", "windows-1252", "quoted-printable", "q", is_html=True),
)


def mail(letter: Letter, program: Program, *, more: str = "") -> bytes:
    """The letter's bytes; `more` is a header line that a server on the way put on top."""
    head = [
        f"From: {_person(letter.sender, program)}",
        "To: " + ", ".join(_person(p, program) for p in letter.to),
        f"Subject: {_words(letter.subject, program)}",
    ]
    if letter.cc:
        head.append("Cc: " + ",\r\n ".join(_person(p, program) for p in letter.cc))
    if program.has_date:
        head.append(f"Date: {format_datetime(letter.sent_at)}")
    if letter.message_id:
        head.append(f"Message-ID: <{letter.message_id}>")
    head += [*_threading(letter, program), *letter.headers, *_kind(program)]
    top = f"{more}\r\n".encode() if more else b""
    return top + "\r\n".join([*head, "", ""]).encode(program.charset) + _body(letter, program)


def _threading(letter: Letter, program: Program) -> list[str]:
    ids = [f"<{one}>" for one in letter.answers]
    if not ids:
        return []
    lines = [f"In-Reply-To: {ids[-1]}"] if program.threading in ("both", "in-reply-to") else []
    if program.threading in ("both", "references"):
        lines.append("References: " + "\r\n ".join(ids))
    elif program.threading == "last":
        lines.append(f"References: {ids[-1]}")
    return lines


def _kind(program: Program) -> list[str]:
    if program.declared is None:
        return []
    kind = "html" if program.is_html else "plain"
    return [
        "MIME-Version: 1.0",
        f"Content-Type: text/{kind}; charset={program.declared}",
        f"Content-Transfer-Encoding: {program.transfer}",
    ]


def _body(letter: Letter, program: Program) -> bytes:
    written = letter.words
    if program.is_html:
        paragraphs = (escape(line) for line in written.split("\n\n"))
        written = "<html><body>" + "".join(f"<p>{p}</p>\n" for p in paragraphs) + "</body></html>"
    raw = written.replace("\n", "\r\n").encode(program.charset)
    if program.transfer == "base64":
        return base64.encodebytes(raw).replace(b"\n", b"\r\n")
    if program.transfer == "quoted-printable":
        return quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return raw + b"\r\n"


def _person(person: Person, program: Program) -> str:
    name = person.name
    if not name:
        return person.address
    if name.isascii() or program.header == "raw":
        return f'"{name}" <{person.address}>'
    return f"{_words(name, program)} <{person.address}>"


def _words(text: str, program: Program) -> str:
    """As encoded words of at most a dozen letters each, the way many programs cut them."""
    if text.isascii() or program.header == "raw":
        return text
    coded = [_word(text[at : at + 12], program) for at in range(0, len(text), 12)]
    return "\r\n ".join(coded)


def _word(piece: str, program: Program) -> str:
    raw = piece.encode(program.charset)
    charset = "utf-8" if program.charset == "utf-8" else "windows-1252"
    if program.charset == "iso-8859-15":
        charset = program.charset
    if program.header == "b":
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    quoted = "".join(chr(b) if chr(b).isalnum() and b < 128 else f"={b:02X}" for b in raw)
    return f"=?{charset}?Q?{quoted}?="


def some_program(random: Random) -> Program:
    return random.choice(PROGRAMS)
