"""Mail bodies and words that want more than to be read, each with its own trick and a name.

In `bodies.txt` a line is `name: html`; %H% stands for a host that listens, %S% for a script that
leaves traces, and ⟦a⟧ for the character with that number.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
SCRIPT = (
    "top.owned=parent.owned=window.owned=1;document.title=top.document.title=1;alert(1);"
    "localStorage.owned=1;document.cookie=/owned=1/.source;open(/about:blank/.source);"
    "new(Image)().src=/http:/.source+/%H%/.source"
)
# What takes parsers and browsers long, or fills a page.
_LONG = {
    "one attribute of a megabyte": f"<p title='{'x' * 1_000_000}'>x</p>",
    "a link of a megabyte": f"<a href='http://x.test/{'x' * 1_000_000}'>x</a>",
    "a style of a megabyte": f"<p style='{'color:red;' * 100_000}'>x</p>",
    "a word of a megabyte": "x" * 1_000_000,
    "100,000 elements in one another": "<div>" * 100_000 + "x",
    "100,000 lists in one another": "<ul><li>" * 100_000,
    "100,000 misnested elements": "<i><div></i>" * 100_000,
    "100,000 words in bold in bold": "<b>x" * 100_000,
    "200,000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x",
    "400 quotations in one another": "<blockquote>x" * 400 + "<img src=http://%H%/q>",
    "600 tables in one another": "<table><tr><td>" * 600 + "<img src=http://%H%/t>",
    "1,000 pictures": "".join(f"<img src=http://%H%/{n}>" for n in range(1000)),
    "a megabyte of less-than": "<" * 1_000_000,
    "a megabyte of ampersands": "&" * 1_000_000,
    "100,000 comments without end": "<!--" * 100_000 + "<img src=http://%H%/c>",
}


def bodies(host: str) -> dict[str, str]:
    """Every hostile body by its name, calling `host`."""
    lines = (HERE / "bodies.txt").read_text().splitlines()
    found = dict(line.split(": ", 1) for line in lines)
    return {name: made(html, host) for name, html in {**found, **_LONG}.items()}


def words(host: str) -> list[str]:
    """Hostile words of a line for fields: names, subjects, file names."""
    lines = (HERE / "words.txt").read_text().splitlines()
    return [made(line, host) for line in lines]


def made(text: str, host: str) -> str:
    filled = text.replace("%S%", SCRIPT).replace("%H%", host)
    return re.sub("⟦([0-9a-f]+)⟧", lambda found: chr(int(found[1], 16)), filled)
