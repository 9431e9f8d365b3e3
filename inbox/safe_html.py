"""Strangers' HTML made harmless when it is shown, so that a better policy covers old mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import nh3

LONGEST = 2_000_000


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
    r"url|image|expression|import|var\s*\(|attr\s*\(|@|\\|javascript|behavior|binding|<|&", re.I
)
_LINK = re.compile(r"\s*(https?://|mailto:|tel:|#)", re.I)
_PICTURE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]{1,2000000}\Z")
# `background` may load a picture; one that is a mere colour stays as a colour.
_PLAIN_BACKGROUND = re.compile(r"^\s*background\s*:(?=\s*[#\w(), .%]+$)", re.I)
_LENGTH = re.compile(r"\d{1,4}%?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Harmless HTML, and how many pictures it wanted from elsewhere."""

    html: str
    blocked: int


def clean(html: str, pictures: Mapping[str, str] | None = None) -> Clean:
    """Keep what a letter needs: no script, form, frame, style sheet or remote load survives.

    `pictures` maps Content-IDs to data: URIs of the mail's own inline pictures.
    """
    pictures = pictures or {}
    blocked: set[str] = set()

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return _harmless_style(value)
        if attribute == "src":
            return _picture(value, pictures, blocked)
        if attribute == "href":
            return value if _LINK.match(value) else None
        if attribute in {"width", "height"}:
            return value if _LENGTH.match(value.strip()) else None
        return value

    harmless = nh3.clean(
        html[:LONGEST],
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "tel", "data", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_PROPERTIES,
    )
    return Clean(html=harmless, blocked=len(blocked))


def _harmless_style(value: str) -> str | None:
    kept = [d for d in value.split(";") if d.strip() and not _LOADING_STYLE.search(d)]
    return "; ".join(_PLAIN_BACKGROUND.sub("background-color:", d) for d in kept) or None


def _picture(value: str, pictures: Mapping[str, str], blocked: set[str]) -> str | None:
    source = value.strip()
    if source.lower().startswith("cid:"):
        return pictures.get(source[4:].strip("<>"))
    if _PICTURE.match(source):
        return source
    blocked.add(source)
    return None
