"""The catalogues of screen texts: `python -m tests.catalogue` takes up what is said now.

The names of countries, of which none is translated here, are Unicode's.

New texts stand in `delad.po` without a translation, those that nobody says any more go, and what
the app reads, `delad.mo`, is made from it. A test fails while a text is not translated.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from inbox import public_holidays
from inbox.words import LANGUAGES, LOCALE, SOURCE
from tests import refusals

ROOT = Path(__file__).parents[1]
SAYING = ("inbox", "pages", "web")
KEYWORDS = {"_": None, "mark": None, "plural": (1, 2)}
# Written where a date must stand, so that the file changes only with its texts.
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
TRANSLATED = [language for language in LANGUAGES if language != SOURCE]


def said() -> Catalog:
    """Every text of the pages and at the doors, and every refusal, once."""
    found = Catalog(fuzzy=False)
    for folder in SAYING:
        for _file, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, keywords=KEYWORDS
        ):
            found.add(text)
    for text in refusals.texts():
        found.add(text)
    return found


def countries() -> str:
    """A country a line: its code, and its name in each language in which we speak."""
    names = [Locale(language).territories for language in LANGUAGES]
    return "".join(
        "\t".join((code, *(name[code] for name in names))) + "\n"
        for code in public_holidays.countries()
    )


def file(language: str, kind: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"delad.{kind}"


def translated(language: str) -> Catalog:
    with file(language, "po").open("rb") as source:
        return read_po(source, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def take_up(language: str) -> None:
    """Bring the catalogue of this language to what is said now."""
    before = translated(language) if file(language, "po").exists() else Catalog(locale=language)
    now = Catalog(
        locale=language,
        project="Delad",
        version="1",
        msgid_bugs_address="docs/",
        last_translator="Delad",
        language_team="Delad",
        fuzzy=False,
    )
    for message in said():
        if message.id:
            known = before.get(message.id)
            now.add(message.id, known.string if known else "")
    now.header_comment = f"# Delad's screen texts: {LANGUAGES[language]}."
    now.revision_date = now.creation_date = BEGAN
    file(language, "po").parent.mkdir(parents=True, exist_ok=True)
    with file(language, "po").open("wb") as target:
        write_po(target, now, width=100, sort_output=True)
    file(language, "mo").write_bytes(compiled(now))


if __name__ == "__main__":
    for language in TRANSLATED:
        take_up(language)
    public_holidays.NAMES.write_text(countries())
