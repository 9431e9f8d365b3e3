"""What a mail adds to what was written before it: its own words, without history and signature.

Nothing is lost by it: the whole text stays beside the own words, one click away.
"""

from ingest import html_text, quotes


def of_text(text: str) -> str:
    """The own words of a plain text; all of it when nothing else would be left."""
    return quotes.own_words(text)


def of_html(html: str, text: str = "") -> str:
    """The own words of an HTML body; `text` is the plain text that came beside it, if any.

    When the page hides nothing or leaves nothing, the text beside it decides: it is what is shown
    as the whole mail, and own words equal to it tell the reader that nothing was hidden.
    """
    page = html_text.render(html)
    whole = text.strip() or page.text
    if page.is_forward:
        return whole
    own = quotes.visible(page.own)
    return own if own and own != page.text else quotes.own_words(whole)
