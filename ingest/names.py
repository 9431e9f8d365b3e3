"""What an attachment is called, and what kind of file it is, when the mail says it badly."""

import re

from ingest import decode, mime

LONGEST_NAME = 180
_ENDINGS = {
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/calendar": "ics",
    "text/plain": "txt",
    "text/html": "html",
    "text/csv": "csv",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_KINDS = {ending: kind for kind, ending in reversed(_ENDINGS.items())}
_KINDS |= {"jpeg": "image/jpeg", "htm": "text/html"}
_REPORTS = {
    "message/delivery-status": "delivery-status.txt",
    "message/global-delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt",
    "message/global-disposition-notification": "receipt.txt",
    "text/rfc822-headers": "headers.txt",
    "message/global-headers": "headers.txt",
}
MAILS = {"message/rfc822", "message/global"}


def safe(name: str) -> str:
    """Display text: no path, no sign that cannot be seen or turns the line around, at most 180
    letters with its ending; "" when nothing is left."""
    last = re.split(r"[/\\]", decode.clean(name))[-1]
    shown = "".join(c if c.isprintable() else " " * c.isspace() for c in last).strip(" .")
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        keep = LONGEST_NAME - len(ending) - 1
        shown = f"{stem[:keep]}.{ending}" if dot and keep > 0 else shown[:LONGEST_NAME]
    return shown


def of(name: str, content_type: str, content: bytes) -> str:
    """The name given, else one after a mail's subject or a report's kind; "" when none tells."""
    found = safe(name)
    if content_type in MAILS:
        found = found or safe(re.sub(r"[/\\]+", "-", _subject(content)))
        return found if found.lower().endswith(".eml") or not found else f"{found}.eml"
    return found or _REPORTS.get(content_type, "")


def made_up(content_type: str, number: int) -> str:
    return f"attachment-{number}.{_ENDINGS.get(content_type, 'bin')}"


def kind(name: str) -> str:
    """The content type that the ending of a name tells."""
    ending = name.rpartition(".")[2].strip().lower()
    return _KINDS.get(ending, "application/octet-stream")


def _subject(mail: bytes) -> str:
    head = mime.fields(mail[: mime.HEADER_BYTES].split(b"\r\n\r\n")[0].split(b"\n\n")[0])
    return decode.header(dict(reversed(head)).get("subject", b""))[:LONGEST_NAME]
