"""Strangers' HTML made harmless when it is shown, so that a better policy covers old mail."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nh3

LONGEST = 2_000_000
# More than any letter has; whoever asks for them waits for all.
MOST_PICTURES = 60
# Parsers take the square of both: 100,000 nested elements are 70 s, 200,000 attributes 13 s.
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 2_000
# And each `&` takes as long as the mail is: a million of them were 7 s.
MOST_REFERENCES = 50_000


def _words(text: str) -> set[str]:
    return set(text.split())


_TAGS = _words(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col
    colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6
    header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong
    sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
    """
)
_DROPPED_WHOLE = _words(
    """
    script style title head noscript noembed noframes template svg math iframe object embed
    applet audio video canvas select textarea xmp plaintext frameset
    """
)
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign", "width", "height", "bgcolor"},
    "a": {"href", "name"},
    "img": {"src", "alt", "border"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "font": {"color", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value", "type"},
    "col": {"span"},
    "colgroup": {"span"},
    "blockquote": {"type"},
    "time": {"datetime"},
}
_PROPERTIES = _words(
    """
    background-color border border-bottom border-collapse border-color border-left border-radius
    border-right border-spacing border-style border-top border-width color direction display
    font-size font-style font-weight height letter-spacing line-height list-style-type margin
    margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width
    overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout
    text-align text-decoration text-indent text-transform vertical-align white-space width
    word-break word-wrap
    """
)
_LOADING_STYLE = re.compile(
    r"url|image|expression|import|var\s*\(|attr\s*\(|@|\\|javascript|behavior|binding|<|&"
    # Lengths by the window, which grows with what it holds.
    r"|\d[sld]?v(?:[hwib]|m(?:in|ax))|\dcq",
    re.I,
)
_LINK = re.compile(r"\s*(https?://|mailto:|tel:)", re.I)
_INJECTED = re.compile(r"%0[ad]|[\r\n]", re.I)
_ELSEWHERE = re.compile(r"(?:https?:)?//", re.I)
_PICTURE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]{1,2000000}\Z")
# `background` may load a picture; one that is a mere colour stays as a colour.
_PLAIN_BACKGROUND = re.compile(r"^\s*background\s*:(?=\s*[#\w(), .%]+$)", re.I)
_LENGTH = re.compile(r"\d{1,4}%?\Z")


_ELEMENT = re.compile(r"<[a-zA-Z]")
# One tag with too many attributes, read as a browser reads them; nothing is tried twice.
_CROWDED = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?:[\s/]*+=?[^\s/>=]++"
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)"""
    f"{{{MOST_ATTRIBUTES}}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Harmless HTML, and the addresses of the pictures it wants from elsewhere, each once."""

    html: str
    elsewhere: tuple[str, ...]


def clean(
    html: str,
    pictures: Mapping[str, str] | None = None,
    our_path: Callable[[str], str] | None = None,
) -> Clean | None:
    """Keep what a letter needs: no script, form, frame, style sheet or remote load survives.

    `pictures` maps Content-IDs to data: URIs of the mail's own inline pictures. A picture from
    elsewhere is left out; with `our_path` it is asked for there, at our own door.
    None for HTML that nobody wrote to be read: to take it apart would take minutes.
    """
    html = html[:LONGEST]
    if _is_bomb(html):
        return None
    pictures = pictures or {}
    elsewhere: dict[str, None] = {}

    def picture(source: str) -> str | None:
        if not _ELSEWHERE.match(source):
            return _own_picture(source, pictures)
        if source not in elsewhere and len(elsewhere) == MOST_PICTURES:
            return None
        elsewhere[source] = None
        return our_path(source) if our_path else None

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return _harmless_style(value)
        if attribute == "src":
            return picture(value.strip()) if tag == "img" else None
        if attribute == "href":
            return _harmless_link(value)
        if attribute in {"width", "height"}:
            return value if _LENGTH.match(value.strip()) else None
        return value

    harmless = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "tel", "data", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_PROPERTIES,
    )
    return Clean(html=harmless, elsewhere=tuple(elsewhere))


def _is_bomb(html: str) -> bool:
    return (
        len(_ELEMENT.findall(html)) > MOST_ELEMENTS
        or html.count("&") * len(html) > MOST_REFERENCES * LONGEST
        or bool(_CROWDED.search(html))
    )


def _harmless_style(value: str) -> str | None:
    kept = [d for d in value.split(";") if d.strip() and not _LOADING_STYLE.search(d)]
    return "; ".join(_PLAIN_BACKGROUND.sub("background-color:", d) for d in kept) or None


def _harmless_link(value: str) -> str | None:
    """Where a person may go from a mail: elsewhere, and never back into our own pages."""
    if not _LINK.match(value):
        return None
    is_web = value.lstrip()[:4].lower() == "http"
    return value if is_web or not _INJECTED.search(value) else value.partition("?")[0]


def _own_picture(source: str, pictures: Mapping[str, str]) -> str | None:
    if source.lower().startswith("cid:"):
        return pictures.get(source[4:].strip("<>"))
    return source if _PICTURE.match(source) else None
