"""The one way a stranger's words enter Markdown, labels and toasts."""

import re
import unicodedata

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=\"'/@])")


def plain(text: str, longest: int = 300) -> str:
    """The text as itself in Streamlit Markdown: no link, image, icon, colour, formula or heading.

    Control and direction-changing characters go, line ends become blanks.
    """
    visible = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    cut = visible if len(visible) <= longest else visible[: longest - 1] + "…"
    return _MARKS.sub(r"\\\1", cut.strip())
