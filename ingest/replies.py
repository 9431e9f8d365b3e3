"""What a mail adds to what was written before it: its own words, without history."""

from ingest import html_text, quotes


def of_text(text: str) -> str:
    """The own words of a plain text; all of it when nothing else would be left."""
    return quotes.own_words(text)


def of_html(html: str, text: str = "") -> str:
    """The own words of an HTML body; `text` is the plain text that came beside it, if any."""
    page = html_text.render(html)
    own = page.own or page.text
    if not own and not page.has_quote:
        own = text
    return quotes.own_words(own or text)
