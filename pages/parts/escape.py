"""The one way a stranger's words enter Markdown, labels and toasts."""

import re
import unicodedata

# Where Markdown would begin to see an address or a link by itself.
_JOINTS = re.compile(r"(?<=\S)(?=@)|(?<=https)(?=:)|(?<=http)(?=:)|(?<=www)(?=\.)", re.IGNORECASE)
_BEGINNINGS = re.compile(r"https?:(?=//)|@|www(?=\.)", re.IGNORECASE)
# Takes no room and no line break; an address that it stands in is none to Markdown.
_JOINER = "\u2060"
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=\"'/@])")


def plain(text: str, longest: int = 300) -> str:
    """The text as itself in Streamlit Markdown: no link, image, icon, colour, formula or heading.

    Control and direction-changing characters go, line ends become blanks. Escaping alone does not
    keep addresses from becoming links: they are looked for after it.
    """
    return _escaped(_BEGINNINGS.sub(rf"\g<0>{_JOINER}", _cut(text, longest)))


def quiet(text: str, longest: int = 300) -> str:
    """As `plain`, in grey; and an address that is copied from it is nothing but the address."""
    parts = _JOINTS.split(_cut(text, longest))
    return "".join(f":gray[{_escaped(part)}]" for part in parts if part)


def _cut(text: str, longest: int) -> str:
    visible = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    cut = visible if len(visible) <= longest else visible[: longest - 1] + "…"
    return cut.strip()


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
