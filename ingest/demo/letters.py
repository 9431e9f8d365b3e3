"""What the demo's people write: building blocks from data/demo/*.toml, put together by chance."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

TEXTS = Path(__file__).parent.parent.parent / "data" / "demo"
LANGUAGES = ("sv", "de", "en")
_DAYS = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
_PRODUCTS = {
    "sv": (
        "bordet Ask",
        "soffan Brygga",
        "hyllan Fyr",
        "stolen Kaj",
        "sängen Dyning",
        "lampan Bris",
    ),
    "de": ("„Tisch Ask“", "„Sofa Brygga“", "„Regal Fyr“", "„Stuhl Kaj“", "„Lampe Bris“"),
    "en": ("the Ask table", "the Brygga sofa", "the Fyr shelf", "the Kaj chair", "the Bris lamp"),
}
_ITEMS = ("Ask", "Brygga", "Fyr", "Kaj", "Dyning", "Bris")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One thing a customer may write about, with everything either side may say in it."""

    kind: str
    mailbox: str = "support"
    subjects: list[str]
    asks: list[str]
    replies: list[str]
    more: list[str]
    notes: list[str]
    attach: str = ""
    reply_attach: str = ""
    table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    code: str
    reply_prefix: str
    wrote: str
    date: str
    greetings: list[str]
    goodbyes: list[str]
    asides: list[str]
    reply_greeting: str
    reply_goodbye: str
    footer: str
    first: list[str]
    last: list[str]
    cities: list[str]
    companies: list[str]
    domains: list[str]
    thanks: list[str]
    stories: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    first: str
    last: str
    address: str
    company: str
    language: Language

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def languages() -> dict[str, Language]:
    """The three languages with their stories, read from data/demo."""
    return {code: _language(code) for code in LANGUAGES}


def _language(code: str) -> Language:
    found = tomllib.loads((TEXTS / f"{code}.toml").read_text(encoding="utf-8"))
    found |= found.pop("closing")
    stories = [Story(**story) for story in found.pop("stories")]
    return Language(code=code, stories=stories, **found)


def customer(chance: Random, language: Language, number: int) -> Customer:
    """Someone new; `number` keeps addresses apart."""
    first, last = chance.choice(language.first), chance.choice(language.last)
    is_business = chance.random() < 0.25
    company = chance.choice(language.companies) if is_business else ""
    local = _ascii(f"{first}.{last}")
    domain = chance.choice(language.domains)
    return Customer(
        first=first,
        last=last,
        address=f"{local}{number}@{domain}",
        company=company,
        language=language,
    )


def facts(chance: Random, who: Customer) -> dict[str, str]:
    """What fills the braces of a story's texts, the same through a whole conversation."""
    code = who.language.code
    product = chance.choice(_PRODUCTS[code])
    return {
        "order": str(chance.randint(41000, 48999)),
        "invoice": f"2026-{chance.randint(1000, 9999)}",
        "amount": str(chance.randint(2, 90) * 50 - 1),
        "product": product,
        "item": next(word.strip("“") for word in product.split() if word.strip("“") in _ITEMS),
        "day": chance.choice(_DAYS[code]),
        "city": chance.choice(who.language.cities),
        "first": who.first,
    }


def fill(text: str, about: dict[str, str]) -> str:
    """The text with its braces filled and a capital at its start."""
    done = text.format_map(about)
    return done[:1].upper() + done[1:]


def ask(chance: Random, who: Customer, story: Story, about: dict[str, str]) -> str:
    """A customer's first letter, greeting and all."""
    language = who.language
    body = fill(chance.choice(story.asks), about)
    if language.code == "de":
        body = body[:1].lower() + body[1:]
    parts = [chance.choice(language.greetings), body]
    if chance.random() < 0.6:
        parts.append(chance.choice(language.asides))
    return "\n\n".join([*parts, signature(chance, who)])


def follow_up(chance: Random, who: Customer, text: str, about: dict[str, str]) -> str:
    """A customer's later letter: shorter, and often without ceremony."""
    body = fill(text, about)
    return f"{body}\n\n{who.first}" if chance.random() < 0.7 else body


def reply(chance: Random, who: Customer, text: str, about: dict[str, str], agent: str) -> str:
    """What one of ours answers, above the mailbox's footer."""
    language = who.language
    body = text.format_map(about)
    if language.code != "de":
        body = body[:1].upper() + body[1:]
    greeting = language.reply_greeting.format_map(about)
    return f"{greeting}\n\n{body}\n\n{language.reply_goodbye}\n{agent}\n-- \n{language.footer}"


def quoted(who_wrote: str, language: Language, text: str, at: datetime) -> str:
    """The earlier letter as mail programs quote it under a reply."""
    line = language.wrote.format(date=at.strftime(language.date), name=who_wrote)
    return "\n".join([line, *(f"> {row}" for row in text.splitlines())])


def signature(chance: Random, who: Customer) -> str:
    """A name alone, or a business card in words."""
    goodbye = chance.choice(who.language.goodbyes)
    if not who.company:
        return f"{goodbye}\n{who.name if chance.random() < 0.7 else who.first}"
    phone = f"+00 555 {chance.randint(100, 999)} {chance.randint(10, 99)}"
    return f"{goodbye}\n\n{who.name}\n{who.company}\nTel. {phone}"


def _ascii(text: str) -> str:
    table = str.maketrans("åäöéáøıüçşß’ ", "aaoeaoiucss..", "")
    return (
        "".join(c for c in text.lower().translate(table) if c.isascii() and c not in "'") or "kund"
    )
