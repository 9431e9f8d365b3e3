"""Message-IDs as they stand in header fields (RFC 5322, 3.6.4)."""

import re

from ingest import decode


def read(value: bytes) -> tuple[str, ...]:
    """The Message-IDs of a field, without angle brackets and blanks, in order, each once."""
    text = decode.text(value)
    found = ["".join(one.split()) for one in re.findall(r"<([^<>]{1,998})>", text)]
    if not found:
        found = [w.strip("<>,;") for w in text.split() if "@" in w or "<" in w][:50]
    return tuple(dict.fromkeys(one[:900] for one in found if one))
