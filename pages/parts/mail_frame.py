"""A mail's HTML as data for the sandboxed frame: harmless, with its own inline pictures."""

import base64
from functools import lru_cache, partial

from inbox import pictures, previews, safe_html
from inbox.blobs import Files
from inbox.messages import Attachment, Message
from inbox.safe_html import Clean

POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "font-src 'self'; connect-src 'none'; form-action 'none'; base-uri 'none'"
)
LARGEST_PICTURE = 400_000
PICTURES = 40
PREVIEW = "/preview/"


def harmless(message: Message, files: Files, *, is_asked: bool = False) -> Clean | None:
    """The message's HTML made harmless; None when it came without, or with
    HTML that is no letter.

    Its own pictures are in it, large ones by our own authorised door; a restricted one is not.
    Pictures from elsewhere come through our own door, and only when somebody `is_asked` for them.
    """
    if not message.body_html:
        return None
    inline = tuple(a for a in message.attachments if a.content_id and a.restricted_by is None)
    return _harmless(message.id, message.body_html, inline, files, is_asked)


@lru_cache(maxsize=128)
def _harmless(
    message_id: int, html: str, inline: tuple[Attachment, ...], files: Files, is_asked: bool
) -> Clean | None:
    own: dict[str, str] = {}
    for attachment in inline[:PICTURES]:
        picture = _picture(attachment, files)
        if picture and attachment.content_id:
            own[attachment.content_id.strip("<>")] = picture
    way = partial(pictures.path, message_id) if is_asked else None
    return safe_html.clean(html, own, way)


def _picture(attachment: Attachment, files: Files) -> str | None:
    """A data: URI when the bytes begin as one of four kinds of picture do; the address of our own
    door for a large one."""
    path = files.path(attachment.sha256)
    kind = previews.kind_of(path)
    if kind is None or kind == previews.PDF:
        return None
    if attachment.size_bytes > LARGEST_PICTURE:
        return f"{PREVIEW}{attachment.id}"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
