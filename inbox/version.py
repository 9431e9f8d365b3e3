"""Which Delad this is."""

import functools
import tomllib

from inbox.settings import HOUSE


@functools.cache
def number() -> str:
    """As pyproject.toml says, for example “0.1.0”."""
    return str(tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]["version"])
