"""A mail as bytes: headers built from checked parts, bodies that survive every server."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote

from inbox.errors import Invalid
from inbox.messages import Address, Recipients
from inbox.recipients import is_clean

LONGEST_SUBJECT = 900
_CONTENT_TYPE = re.compile(r"([a-z0-9.+-]{1,60})/([a-z0-9.+-]{1,100})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One attachment with its bytes."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole mail before it is bytes. `rfc_message_id` and `references` carry no brackets;
    `on_behalf` becomes the Sender field; Bcc never becomes a header."""

    sender: Address
    on_behalf: Address | None = None
    recipients: Recipients
    subject: str
    text: str
    html: str
    rfc_message_id: str
    references: tuple[str, ...] = ()
    sent_at: datetime
    enclosures: tuple[Enclosure, ...] = ()
    is_automatic: bool = False


def write(letter: Letter) -> bytes:
    """The mail with CRLF line ends; every line is 7-bit unless an address needs SMTPUTF8.

    Raises Invalid for a header that holds a line break or control character.
    """
    lines = [
        ("From", _addresses("from", (letter.sender,))),
        ("Sender", _addresses("from", (letter.on_behalf,)) if letter.on_behalf else ""),
        ("To", _addresses("to", letter.recipients.to)),
        ("Cc", _addresses("cc", letter.recipients.cc)),
        ("Reply-To", _addresses("to", letter.recipients.reply_to)),
        ("Subject", _subject(letter.subject)),
        ("Date", format_datetime(letter.sent_at.replace(tzinfo=UTC))),
        ("Message-ID", f"<{letter.rfc_message_id}>"),
        ("In-Reply-To", f"<{letter.references[-1]}>" if letter.references else ""),
        ("References", "\r\n ".join(f"<{r}>" for r in letter.references)),
        ("Auto-Submitted", "auto-generated" if letter.is_automatic else ""),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in lines if value)
    return head.encode() + _content(letter).as_bytes()


def needs_smtputf8(recipients: Recipients) -> bool:
    """Whether a local part has letters only RFC 6531 servers take (domains travel as IDNA)."""
    everyone = (*recipients.to, *recipients.cc, *recipients.bcc)
    return not all(a.address.isascii() for a in everyone)


def _content(letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for enclosure in letter.enclosures:
        if not is_clean(enclosure.filename):
            raise Invalid("attachment", "A file name holds characters no mail may carry.")
        maintype, subtype = _kind(enclosure.content_type)
        message.add_attachment(
            enclosure.content, maintype=maintype, subtype=subtype, filename=enclosure.filename
        )
    return message


def _kind(content_type: str) -> tuple[str, str]:
    """Main and sub type; what only a mail's own structure may use travels as plain bytes."""
    found = _CONTENT_TYPE.fullmatch(content_type.lower())
    if found is None or found[1] in {"multipart", "message"}:
        return "application", "octet-stream"
    return found[1], found[2]


def _subject(subject: str) -> str:
    if not is_clean(subject):
        raise Invalid("subject", "The subject holds a line break or a control character.")
    if len(subject) > LONGEST_SUBJECT:
        raise Invalid(
            "subject", "The subject is longer than {most} characters.", most=LONGEST_SUBJECT
        )
    return _encoded(subject, "Subject")


def _encoded(text: str, name: str) -> str:
    """RFC 2047 words where needed, folded; a word too long for a line is encoded as well."""
    plain = text.isascii() and max(map(len, text.split()), default=0) < 60 and "=?" not in text
    charset = "us-ascii" if plain else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")


def _addresses(field: str, addresses: tuple[Address, ...]) -> str:
    return ",\r\n ".join(_address(field, a) for a in addresses)


def _address(field: str, address: Address) -> str:
    if not is_clean(address.name) or not is_clean(address.address):
        raise Invalid(field, "An address holds a line break or a control character.")
    if not address.name:
        return f"<{address.address}>"
    if address.name.isascii() and len(address.name) < 60 and "=?" not in address.name:
        return f'"{quote(address.name)}" <{address.address}>'
    return f"{_encoded(address.name, field)}\r\n <{address.address}>"


def readdressed(raw: bytes, recipients: Recipients) -> bytes:
    """A mail written here with other To and Cc fields; every other byte stays."""
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    swapped = {
        b"to": b"To: " + _addresses("to", recipients.to).encode(),
        b"cc": b"Cc: " + _addresses("cc", recipients.cc).encode(),
    }
    lines = [swapped.get(field.partition(b":")[0].lower(), field) for field in fields]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
