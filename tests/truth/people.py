"""Who writes in the invented mailboxes, in which language, and what they have to say."""

from dataclasses import dataclass
from random import Random

OURS = "support@example.com"

_NAMES = {
    "sv": (
        ("Björn", "Åsa", "Märta", "Örjan", "Nils", "Frida", "Göran", "Elsa", "Håkan", "Ylva"),
        ("Öberg", "Lindqvist", "Åström", "Sjöö", "Ek", "Nyström", "Wallén", "Hård", "Blå"),
    ),
    "de": (
        ("Jürgen", "Käthe", "Sören", "Grete", "Uwe", "Anneliese", "Björn", "Heike", "Götz"),
        ("Müller", "Weiß", "Schröder", "Groß", "Krämer", "Böhm", "Voß", "Lang", "Jäger"),
    ),
    "en": (
        ("Zoë", "Owen", "Priya", "Siân", "Tom", "Renée", "Grace", "Chloë", "Walter"),
        ("O'Neill", "Brontë", "Carter", "Hughes", "Nuñez", "Bell", "Shaw", "Frost", "Day"),
    ),
}
_SUBJECTS = {
    "sv": ("Faktura", "Återbetalning", "Försenad leverans", "Fråga om öppettider", "Trasig låda"),
    "de": ("Rechnung", "Rückgabe", "Verspätete Lieferung", "Größe falsch", "Frage zur Gebühr"),
    "en": ("Invoice", "Refund, please", "Where is my order?", "A broken crate", "Résumé attached"),
}
_SENTENCES = {
    "sv": (
        "Jag väntar fortfarande på mitt paket från förra måndagen.",
        "Kan ni höra av er så fort som möjligt?",
        "Lådan var öppen när den kom, och två glas är spruckna.",
        "Priset på fakturan är 1 250 kr men vi kom överens om 1 050 kr.",
        "Skicka gärna svaret till Åsa också, hon är på kontoret på onsdag.",
        "Tack för snabbt svar, det löste sig nästan helt.",
        "Vi behöver en kopia på kvittot för bokföringen i år.",
    ),
    "de": (
        "Ich warte noch auf die Lieferung von letzter Woche.",
        "Könnten Sie mir bitte die Größe in Zentimetern nennen?",
        "Die Straße stimmt, aber die Hausnummer ist falsch.",
        "Der Betrag auf der Rechnung müsste 89,90 statt 98,90 lauten.",
        "Für eine schnelle Rückmeldung wäre ich Ihnen dankbar.",
        "Das Gerät läuft, nur die Tür schließt nicht ganz.",
        "Schöne Grüße aus Köln, und danke für die Mühe.",
    ),
    "en": (
        "I'm still waiting for the parcel you sent last Monday.",
        "Could you tell me when somebody will look at it?",
        "The café downstairs took it in, but the box was open.",
        "The price should be the one we agreed on, naïve as that may sound.",
        "Please copy Renée in when you answer, she is back on Thursday.",
        "That helped, thank you; one thing is left, though.",
        "We would like to order six more of the blue ones.",
    ),
}
_ATTRIBUTION = {
    "sv": "Den {day} skrev {who}:",
    "de": "Am {day} schrieb {who}:",
    "en": "On {day}, {who} wrote:",
}


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str
    language: str


def invent(random: Random, count: int, domain: str = "customer.test") -> list[Person]:
    """So many people, each with an address of their own."""
    found = []
    for number in range(count):
        language = random.choice(tuple(_NAMES))
        first, last = (random.choice(names) for names in _NAMES[language])
        found.append(Person(f"{first} {last}", f"p{number}@{domain}", language))
    return found


def subject(random: Random, language: str) -> str:
    """A few only, so that strangers write under the same subject."""
    return random.choice(_SUBJECTS[language])


def words(random: Random, language: str, number: int) -> str:
    """A few sentences; the number makes each of them, as in life, one that nobody else wrote."""
    said = random.sample(_SENTENCES[language], k=random.randint(1, 4))
    own = [f"{sentence[:-1]} {number}/{n}{sentence[-1]}" for n, sentence in enumerate(said)]
    return "\n\n".join([*own, f"({number})"])


def attribution(language: str, day: str, who: str) -> str:
    return _ATTRIBUTION[language].format(day=day, who=who)
