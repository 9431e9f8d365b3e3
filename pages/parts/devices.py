"""Browsers as people call them."""

import re

from inbox.words import _

# The first that is found counts: nearly every browser also claims to be Safari.
_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Vivaldi/", "Vivaldi"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrom(?:e|ium)/|CriOS/|HeadlessChrome/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def said(told: str) -> str:
    """“Firefox on Windows” for what a browser says of itself; else its own words."""
    browser, system = _first(_BROWSERS, told), _first(_SYSTEMS, told)
    if browser and system:
        return _("{browser} on {system}").format(browser=browser, system=system)
    return browser or told


def _first(names: tuple[tuple[str, str], ...], told: str) -> str | None:
    return next((name for pattern, name in names if re.search(pattern, told)), None)
