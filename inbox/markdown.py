"""What an agent types, as safe HTML: Markdown without raw HTML, images or script links."""

import re

from markdown_it import MarkdownIt

# What a link in a mail may lead to; anything else stays the words that were typed.
_LEADS = re.compile(r"(?:https?://|mailto:|tel:)[^\s]", re.I)

_WRITER = MarkdownIt(
    "commonmark", {"html": False, "breaks": True, "linkify": False, "maxNesting": 20}
)
_WRITER.enable(["table", "strikethrough"])
_WRITER.disable(["image", "html_block", "html_inline"])
_WRITER.validateLink = lambda url: _LEADS.match(url) is not None  # type: ignore[method-assign]


def to_html(text: str) -> str:
    """The HTML of a Markdown text. Tags in the text come out as text; a line break stays one."""
    rendered: str = _WRITER.render(text)
    return rendered


def to_text(text: str) -> str:
    """The plain part of the mail: the Markdown itself, which reads well, with even line ends."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
