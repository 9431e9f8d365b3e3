"""Turns letters into the bytes of mails, as several mail programs would write them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from ingest.demo import papers

ROWS = ("Ask 180 × 90", "Kaj, ek", "Fyr 5 hyllplan", "Bris, mässing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail before it is bytes; `at` is naive UTC, Message-IDs stand without brackets."""

    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    text: str
    at: datetime
    message_id: str
    references: tuple[str, ...] = ()
    history: str = ""
    html: bool = True
    table: bool = False
    logo: bool = False
    paper: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def render(letter: Letter) -> bytes:
    """The mail as it would come over the wire, with CRLF line ends."""
    mail = EmailMessage()
    mail["From"] = Address(letter.sender[0], addr_spec=letter.sender[1])
    mail["To"] = Address(letter.to[0], addr_spec=letter.to[1])
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at.replace(tzinfo=UTC))
    mail["Message-ID"] = f"<{letter.message_id}>"
    if letter.references:
        mail["In-Reply-To"] = f"<{letter.references[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in letter.references)
    for name, value in letter.headers.items():
        mail[name] = value
    history = f"\n\n{letter.history}" if letter.history else ""
    mail.set_content(letter.text + history + "\n")
    if letter.html:
        _add_html(mail, letter)
    if letter.paper:
        _add_paper(mail, letter)
    for number, part in enumerate(p for p in mail.walk() if p.is_multipart()):
        part.set_boundary(f"=_{number}_{letter.message_id.partition('@')[0]}")
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _add_html(mail: EmailMessage, letter: Letter) -> None:
    blocks = "".join(
        f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in letter.text.split("\n\n")
    )
    table = _table(letter.message_id) if letter.table else ""
    badge = '<p><img src="cid:badge@demo" alt="logo" width="96"></p>' if letter.logo else ""
    history = ""
    if letter.history:
        line, *rows = letter.history.split("\n")
        old = "<br>".join(escape(row.removeprefix("> ").removeprefix(">")) for row in rows)
        history = (
            f'<div class="gmail_quote"><div>{escape(line)}</div>'
            f'<blockquote type="cite">{old}</blockquote></div>'
        )
    mail.add_alternative(
        f'<html><body style="font-family: Calibri, sans-serif; font-size: 11pt">'
        f"{blocks}{table}{badge}{history}</body></html>",
        subtype="html",
    )
    if letter.logo:
        part = list(mail.iter_parts())[1]
        assert isinstance(part, EmailMessage)
        part.add_related(papers.logo(), "image", "png", cid="<badge@demo>", filename="badge.png")


def _table(seed: str) -> str:
    number = sum(seed.encode())
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td align='right'>{(number + n * 3) % 24 + 1}</td>"
        f"<td align='right'>{(number * (n + 3)) % 80 * 50 + 490}</td></tr>"
        for n, name in enumerate(ROWS)
    )
    return (
        '<table border="1" cellpadding="6" style="border-collapse: collapse">'
        f"<tr><th>Artikel</th><th>Antal</th><th>SEK</th></tr>{rows}</table>"
    )


def _add_paper(mail: EmailMessage, letter: Letter) -> None:
    if letter.paper == "photo":
        hue = sum(letter.message_id.encode()) % 8
        mail.add_attachment(papers.photo(hue), "image", "png", filename=f"IMG_{4000 + hue}.png")
        return
    lines = (letter.subject, letter.sender[0], f"{letter.at:%Y-%m-%d}", "", *ROWS)
    name = f"{letter.subject.split(':')[-1].strip()[:40]}.pdf".replace("/", "-")
    mail.add_attachment(papers.pdf(lines), "application", "pdf", filename=name)
