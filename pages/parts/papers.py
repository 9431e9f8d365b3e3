"""A mail's files, as the stream shows them: their kind, how they are looked at, who may."""

from collections.abc import Sequence
from typing import Any

from inbox import previews, restricting
from inbox.agents import Agent
from inbox.blobs import Files
from inbox.messages import Attachment, Message
from inbox.words import _

Item = dict[str, Any]

LARGEST_THUMBNAIL = 4_000_000
_ENDINGS = {
    "sheet": {"xls", "xlsx", "ods", "csv", "tsv", "numbers"},
    "text": {"doc", "docx", "odt", "rtf", "txt", "md", "pages"},
    "slides": {"ppt", "pptx", "odp", "key"},
    "archive": {"zip", "7z", "rar", "gz", "tar", "tgz", "bz2", "xz"},
    "calendar": {"ics"},
    "mail": {"eml", "msg"},
    "page": {"pdf"},
    "picture": {"png", "jpg", "jpeg", "gif", "webp", "heic", "bmp", "tif", "tiff", "svg"},
    "sound": {"mp3", "m4a", "wav", "ogg", "opus", "amr"},
    "film": {"mp4", "mov", "avi", "mkv", "webm"},
}


def of(
    message: Message,
    files: Files,
    opening: "Opening",
    *,
    is_html_shown: bool,
) -> list[Item]:
    """All files but the pictures that stand in the mail's own text."""
    return [
        _item(one, files, opening)
        for one in message.attachments
        if not (is_html_shown and _is_in_text(one, message.body_html or "", files))
    ]


def _is_in_text(one: Attachment, html: str, files: Files) -> bool:
    """Whether it is a picture that the mail's HTML shows."""
    if not one.content_id or one.restricted_by is not None:
        return False
    is_named = f"cid:{one.content_id.strip('<>')}".lower() in html.lower()
    return is_named and previews.known_kind_of(files.path(one.sha256)) not in (None, previews.PDF)


def size(number: int) -> str:
    """Bytes as people say them: “820 B”, “14 kB”, “2.1 MB”."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


class Opening:
    """Who looks, for the question which restricted files are for her."""

    def __init__(
        self, viewer: Agent, mailbox_id: int, assignee_id: int | None, *, may_triage: bool
    ) -> None:
        self._viewer = viewer
        self._where = (mailbox_id, assignee_id)
        self.may_triage = may_triage

    def is_free(self, one: Attachment) -> bool:
        return restricting.may_open(self._viewer, *self._where, one.restricted_by)


def _item(one: Attachment, files: Files, opening: Opening) -> Item:
    is_free = opening.is_free(one)
    kind = previews.known_kind_of(files.path(one.sha256)) if is_free else None
    view = "" if kind is None else "page" if kind == previews.PDF else "picture"
    is_restricted = one.restricted_by is not None
    is_small = one.size_bytes <= LARGEST_THUMBNAIL and not is_restricted
    return {
        "id": one.id,
        "name": one.filename or _("file"),
        "size": size(one.size_bytes) if one.size_bytes else "",
        "kind": view or _kind(one),
        "view": view,
        "small": view == "picture" and is_small,
        "restricted": is_restricted,
        "locked": not is_free,
        "deed": ("lift" if is_restricted else "restrict") if opening.may_triage and is_free else "",
    }


def _kind(one: Attachment) -> str:
    ending = one.filename.rpartition(".")[2].lower()
    return next((kind for kind, known in _ENDINGS.items() if ending in known), "file")


def openable(found: Sequence[Item]) -> int:
    """How many of them this viewer may take along."""
    return sum(not one["locked"] for one in found)
