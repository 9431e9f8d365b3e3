"""The one way a stranger's words enter Markdown, labels and toasts."""

import re
import unicodedata

# Where Markdown would begin to see an address or a link by itself.
_JOINTS = re.compile(r"(?<=\S)(?=@)|(?<=https)(?=:)|(?<=http)(?=:)|(?<=www)(?=\.)", re.IGNORECASE)
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


def quiet(text: str, longest: int = 300) -> str:
    """As `plain`, in grey, and no e-mail address or web address in it becomes a link."""
    return "".join(f":gray[{plain(part)}]" for part in _JOINTS.split(text[:longest]) if part)
