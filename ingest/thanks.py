"""Is a mail a thanks and nothing else? In the languages of the replies, and conservative.

Whatever is not surely a thanks counts as more: a question, a number, an address, a word that is
not in the short lists below. A greeting at the beginning and the sender's own name at the end are
part of a thanks; other names are not.
"""

import re

from inbox import search

LONGEST = 160
MOST_WORDS = 16
_WORD = re.compile(r"[^\W\d_]+")
_MORE = re.compile(r"[?@\d/]|¿")
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|hej|hejsan|hei|hallo|moin|hola|salut|bonjour|ciao|buongiorno|czesc"
    r"|ola|moi|terve|liebe[rs]?|lieve|beste|kara|kaere|kjaere)(?:[ ,]+[^\W\d_]+){0,2}[,!. ]*$"
)
_THANKS = """
    thanks thank thx ty cheers tack tackar danke dank takk tak kiitos kiitoksia merci gracias
    bedankt dankjewel dankuwel dankie grazie dzieki dziekuje dziekujemy obrigado obrigada
"""
# English; Swedish, Danish, Norwegian; German, Dutch; Finnish, French; Spanish, Portuguese, Italian,
# Polish.
_BESIDES = """
    you so very much many a lot lots great perfect ok okay wonderful super brilliant excellent
    for the your help quick fast answer reply got it received again kind regards best all good
    sa mycket jag dig er for hjalpen svaret det snabba toppen bra fint perfekt utmarkt
    mvh vanliga halsningar ha en fin dag var allt mange meget hjælpen hjelpen svar hurtige
    raske dejligt flott hilsen venlig vennlig med bedste beste tusen tusind
    vielen herzlichen schon besten ihnen dir fur die das ihre deine hilfe schnelle antwort prima
    wunderbar passt alles klar viele grusse liebe freundliche mit freundlichen mfg lg
    je u wel de voor hulp snelle antwoord top fijn groet groeten met vriendelijke hartelijk
    paljon avusta vastauksesta hienoa hyva selva terveisin oikein
    beaucoup pour votre ton aide reponse rapide parfait bien recu cordialement vous toi
    muchas mil por la su tu ayuda respuesta rapida perfecto genial saludos un saludo
    muito pela sua ajuda resposta perfeito otimo abraco cumprimentos
    mille tante molte per il vostro tuo aiuto risposta perfetto ottimo saluti cordiali
    bardzo za pomoc szybka odpowiedz swietnie pozdrawiam serdecznie
"""
_GIVES_THANKS = frozenset(_THANKS.split())
_HARMLESS = _GIVES_THANKS | frozenset(_BESIDES.split())


def is_all(text: str, sender: str = "") -> bool:
    """Whether this is a thanks, perhaps with a greeting and the sender's name, and no more."""
    if len(text) > LONGEST or _MORE.search(text):
        return False
    lines = [search.fold(line.strip()) for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and _GREETING.match(lines[0]):
        lines = lines[1:]
    words = _WORD.findall(" ".join(lines))
    own = set(_WORD.findall(search.fold(sender)))
    known = _HARMLESS | own
    return (
        0 < len(words) <= MOST_WORDS
        and any(word in _GIVES_THANKS for word in words)
        and all(word in known for word in words)
    )
