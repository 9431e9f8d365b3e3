"""In which language a few lines are written, as far as their smallest words tell."""

import re
from collections import Counter

_SMALL = {
    "sv": "och jag att det är inte som har för med den vi kan ni min mitt från hej när ett",
    "de": "und ich der die das nicht ist ein eine mit für sie wir ihr auf bitte noch den von zu",
    "en": "and the to of is you my not have for with this we are it can your please that on",
    "da": "og jeg ikke det er til har på af hej min mit en jer vil hvad skal kan fra når",
    "nl": "en ik het een niet van is dat met voor op wij mijn heb graag kunnen naar aan zijn ook",
    "fr": "et je le la les des est pas vous nous pour que une dans avec mon ma bonjour sur merci",
    "es": "y el la los que de no es en por para con una mi se hola del gracias su lo",
    "fi": "ja on ei se että minä olen mutta kun hei myös ole oli kiitos voi mitä tämä jos niin tai",
}
_KNOWN = {name: frozenset(words.split()) for name, words in _SMALL.items()}
OTHER = "other"
_WORD = re.compile(r"[^\W\d_]+")


def guess(text: str) -> str:
    """Its ISO code; `other` where none of these is surely meant."""
    words = Counter(_WORD.findall(text.lower()))
    hits = {
        name: sum(count for word, count in words.items() if word in small)
        for name, small in _KNOWN.items()
    }
    first, second = Counter(hits).most_common(2)
    return first[0] if first[1] > max(1, second[1]) else OTHER
