"""What sending a reply does besides: tag the conversation, assign it, close it.

A template brings it into a draft; inbox.effecting does it when the reply has been sent.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from inbox.errors import Invalid

ME, NOBODY = "me", "nobody"
LONGEST_TAG = 200
_ASSIGN = re.compile(r"|me|nobody|[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`assign` is `me`, `nobody` or a colleague's id; empty leaves the assignee."""

    tag: str = ""
    assign: str = ""
    closes: bool = False

    def __bool__(self) -> bool:
        return bool(self.tag or self.assign or self.closes)

    def as_said(self) -> dict[str, Any]:
        """As pages read and say it."""
        return asdict(self)

    def as_json(self) -> str:
        return json.dumps(self.as_said(), ensure_ascii=False) if self else ""


NONE = Effects()


def from_json(text: str) -> Effects:
    return Effects(**json.loads(text)) if text else NONE


def read(value: object) -> Effects:
    """What a page said of them. Raises Invalid for what is none."""
    said = value if isinstance(value, dict) else {"assign": "?"}
    tag, assign, closes = said.get("tag", ""), said.get("assign", ""), said.get("closes", False)
    if (
        not isinstance(tag, str)
        or not isinstance(assign, str)
        or not isinstance(closes, bool)
        or len(tag) > LONGEST_TAG
        or not _ASSIGN.fullmatch(assign)
    ):
        raise Invalid("effects", "The composer sent something that cannot be read.")
    return Effects(tag=tag.encode("utf-8", "replace").decode(), assign=assign, closes=closes)
