"""Public holidays of a country or a part of it, from the package `holidays`."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from inbox.errors import Invalid

# What most of a country stays closed on, whether its law says so or not.
CLOSED = ("public", "de_facto")


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """ISO codes of countries with those of their parts."""
    import holidays  # noqa: PLC0415  (takes 0.2 s, and few ever ask)

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in sorted(known.items())}


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
