"""A mail's HTML as data for the sandboxed frame: harmless, with its own inline pictures."""

import base64
from functools import lru_cache

from inbox import safe_html
from inbox.blobs import Files
from inbox.messages import Attachment, Message
from inbox.safe_html import Clean

POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "font-src 'self'; connect-src 'none'; form-action 'none'; base-uri 'none'"
)
LARGEST_PICTURE = 400_000
PICTURES = 20
_SIGNS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


def harmless(message: Message, files: Files) -> Clean | None:
    """The message's HTML made harmless; None when it came without."""
    if not message.body_html:
        return None
    inline = tuple(a for a in message.attachments if a.content_id)
    return _harmless(message.id, message.body_html, inline, files)


@lru_cache(maxsize=128)
def _harmless(message_id: int, html: str, inline: tuple[Attachment, ...], files: Files) -> Clean:
    pictures: dict[str, str] = {}
    for attachment in inline[:PICTURES]:
        picture = _picture(attachment, files)
        if picture and attachment.content_id:
            pictures[attachment.content_id.strip("<>")] = picture
    return safe_html.clean(html, pictures)


def _picture(attachment: Attachment, files: Files) -> str | None:
    """A data: URI, when the bytes begin as one of four kinds of picture do."""
    if attachment.size_bytes > LARGEST_PICTURE:
        return None
    path = files.path(attachment.sha256)
    if not path.exists():
        return None
    content = path.read_bytes()
    kind = next((k for sign, k in _SIGNS.items() if content.startswith(sign)), None)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else None
