"""What stands on the printed sheet of a pilot, whatever it is written as."""

from dataclasses import dataclass

from pages.parts.pilot_rows import Row

COLOURS = {"keep": "#2f9e6e", "promising": "#2f6fde", "worse": "#d64545"}
NEUTRAL = "#6b7280"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart as SVG, and its finding."""

    svg: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Plain text throughout, strangers' and colleagues' words among it: whoever writes it down
    makes it harmless there."""

    title: str
    made: str
    kind: str
    verdict: str
    about: list[str]
    rule: list[str]
    head: list[str]
    rows: list[Row]
    pictures: list[Picture]
    differed_title: str
    differed: list[tuple[str, bool]]
    caveats_title: str
    caveats: list[str]
    language: str

    @property
    def colour(self) -> str:
        return COLOURS.get(self.kind, NEUTRAL)
