"""Public holidays of a country or a part of it, from the package `holidays`."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from inbox.errors import Invalid
from inbox.words import LANGUAGES, LOCALE

# What most of a country stays closed on, whether its law says so or not.
CLOSED = ("public", "de_facto")
NAMES = LOCALE / "countries.tsv"


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """ISO codes of countries with those of their parts."""
    import holidays  # noqa: PLC0415  (takes 0.2 s, and few ever ask)

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in sorted(known.items())}


@cache
def named(language: str) -> dict[str, str]:
    """What each of them is called in a language in which we speak."""
    rows = [line.split("\t") for line in NAMES.read_text().splitlines()]
    place = 1 + list(LANGUAGES).index(language)
    return {row[0]: row[place] for row in rows}


@cache
def parts_named(country: str) -> dict[str, str]:
    """What the parts of a country are called there; the code, where that is not known."""
    import holidays  # noqa: PLC0415

    known = getattr(holidays, country).get_subdivision_aliases() if country in countries() else {}
    return {code: next(iter(names), code) for code, names in known.items()}


@cache
def of(country: str, part: str, years: Sequence[int], language: str = "en") -> dict[date, str]:
    """{day: its name}; empty without a country. Raises Invalid for one that is not known."""
    if not country:
        return {}
    if country not in countries() or (part and part not in countries()[country]):
        raise Invalid("country", "No holidays are known of this country or part.")
    import holidays  # noqa: PLC0415

    kind = getattr(holidays, country)
    found = holidays.country_holidays(
        country,
        subdiv=part or None,
        years=years,
        language=_language(kind, language),
        categories=[name for name in CLOSED if name in kind.supported_categories],
    )
    return dict(sorted(found.items()))


def _language(kind: type, wanted: str) -> str | None:
    """The package's own code for it, such as en_US; None for the country's own language."""
    known = getattr(kind, "supported_languages", ())
    return next((code for code in known if code.split("_")[0] == wanted), None)
