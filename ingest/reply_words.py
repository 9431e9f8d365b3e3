"""The words mail programs write around history, language by language.

Each entry is a piece of a regular expression, matched without regard to case. What programs write:
the attribution's first word and verb (“On … wrote:”), the fields of the header block, the line
above an original or a forwarded message, the line to reply above, where a mail was sent from. And
what people begin a letter with, to tell a letter from a signature.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`advert` is what stands before a program's or a telephone's name."""

    openings: str
    verbs: str
    days: str
    sender: str
    sent: str
    to: str
    subject: str
    others: str
    original: str
    forwarded: str
    above: str
    imperatives: str
    advert: str
    obtain: str
    greetings: str


_ENGLISH = Words(
    openings="on|at|quoting",
    verbs="wrote|writes|quoting",
    days="mon|tue|wed|thu|fri|sat|sun",
    sender="from",
    sent="sent|date|sent at",
    to="to",
    subject="subject",
    others="cc|bcc|reply-to|attachments?|importance|priority|sensitivity|organization|when|where",
    original="original message|original appointment|original e?-?mail",
    forwarded="forwarded message|forwarded by|forwarded mail",
    above="above this line",
    imperatives="please|reply|type|write|enter",
    advert="sent (?:from|via|with|using|by)|this message was sent from",
    obtain="get|download",
    greetings="hi|hello|hey|dear|good (?:morning|afternoon|evening)",
)
_SWEDISH = Words(
    openings="den|på|citerar",
    verbs="skrev|skriver|citerar",
    days="mån|tis|ons|tor|fre|lör|sön",
    sender="från|avsändare",
    sent="skickat|skickades|datum|sänt",
    to="till|mottagare",
    subject="ämne|rubrik",
    others="kopia|hemlig kopia|svar till|svara till|bilagor|bifogade filer|prioritet"
    "|angelägenhetsgrad",
    original="ursprungligt meddelande|originalmeddelande|ursprungligt mejl",
    forwarded="vidarebefordrat (?:meddelande|brev|mejl|mail)",
    above="ovanför (?:den här|denna|det här|detta) (?:rade?n?|linjen?|strecket|streck)",
    imperatives="skriv|svara|vänligen|var",
    advert="skicka(?:t|d|s|des) (?:från|via|med)|sänt från",
    obtain="hämta|skaffa|ladda (?:ned|ner)",
    greetings="hej|hejsan|hallå|tjena|god (?:dag|morgon|kväll)|bästa|kära",
)
_GERMAN = Words(
    openings="am|zitat",
    verbs="schrieb|schreibt|geschrieben|zitat von",
    days="mo|di|mi|do|fr|sa|so",
    sender="von|absender",
    sent="gesendet|gesendet am|datum|geschickt",
    to="an|empfänger",
    subject="betreff|betr",
    others="kopie|blindkopie|antwort an|antworten an|anlagen?|anhang|priorität|wichtigkeit",
    original="ursprüngliche nachricht|original-?\\s?nachricht|originalmail|ursprüngliche mail",
    forwarded="weitergeleiteten? (?:nachricht|mail|e-mail)",
    above="(?:oberhalb|über|ueber) (?:dieser|diese) (?:zeile|linie)",
    imperatives="bitte|antworten|schreiben|antwort",
    advert="gesendet (?:von|mit|aus|über)|von meine[mr] (?=.{2,40}(?:gesendet|gesandt|geschickt))"
    "|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit)|verschickt (?:von|mit)",
    obtain="holen sie sich|hol dir|laden sie|lade|outlook für (?=.{2,20}(?:laden|beziehen))",
    greetings="hallo|guten (?:tag|morgen|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?|grüß gott",
)
_DANISH = Words(
    openings="den|d\\.|citat",
    verbs="skrev|skriver|citat af",
    days="man|tir|ons|tor|fre|lør|søn",
    sender="fra|afsender",
    sent="sendt|dato",
    to="til|modtager",
    subject="emne",
    others="kopi|svar til|vedhæftede filer|vedhæftet|prioritet|vigtighed",
    original="oprindelig (?:meddelelse|besked|mail)|original (?:meddelelse|besked)",
    forwarded="videresendt (?:meddelelse|besked|mail)|videresendte (?:meddelelse|besked)",
    above="over denne (?:linje|linie|streg)",
    imperatives="skriv|svar|indtast|venligst",
    advert="sendt (?:fra|via|med)",
    obtain="hent|få",
    greetings="hej|goddag|godmorgen|kære|hejsa",
)
_NORWEGIAN = Words(
    openings="den|på|sitat",
    verbs="skrev|skriver|skreiv|siterer",
    days="man|tir|ons|tor|fre|lør|søn",
    sender="fra|frå|avsender",
    sent="sendt|dato|sendt den",
    to="til|mottaker",
    subject="emne",
    others="kopi|blindkopi|svar til|vedlegg|prioritet|viktighet",
    original="opprinnelig (?:melding|e-post)|original melding|opphavleg melding",
    forwarded="videresendt (?:melding|e-post)|vidaresendt melding|videresendte? melding",
    above="(?:over|ovenfor) (?:denne|den) (?:linjen|linja|linje|streken)",
    imperatives="skriv|svar|vennligst",
    advert="sendt (?:fra|via|med)|sent fra",
    obtain="få|hent|last ned|skaff deg",
    greetings="hei|heisann|hallo|god (?:dag|morgen|kveld)|kjære",
)
_FINNISH = Words(
    openings="lainaus|kohteesta",
    verbs="kirjoitti|kirjoittaa|lainaus",
    days="ma|ti|ke|to|pe|la|su|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai",
    sender="lähettäjä|keneltä",
    sent="lähetetty|päivämäärä|päiväys|pvm|lähetysaika",
    to="vastaanottaja|vastaanottajat|kenelle|saaja",
    subject="aihe|otsikko",
    others="kopio|piilokopio|vastausosoite|liitteet|liite|tärkeys|prioriteetti",
    original="alkuperäinen (?:viesti|sähköposti)",
    forwarded="(?:edelleen ?lähetetty|välitetty|edelleenlähetetty) (?:viesti|sähköposti)"
    "|välitetylle viestille|välitetty viesti alkaa",
    above="tämän (?:rivin|viivan) yläpuolelle",
    imperatives="kirjoita|vastaa|ole|olkaa|vastaus",
    advert="lähetetty|lähetin",
    obtain="hanki|lataa",
    greetings="hei|moi|terve|hyvää (?:päivää|huomenta|iltaa)|hyvä|morjens",
)
_FRENCH = Words(
    openings="le|citation",
    verbs="a écrit|écrit|a ecrit|a envoyé|a répondu",
    days="lun|mar|mer|jeu|ven|sam|dim",
    sender="de|expéditeur|exp",
    sent="envoyé|envoyé le|date|envoyé à",
    to="à|a|pour|destinataire",
    subject="objet|sujet",
    others="cc|cci|copie|copie à|répondre à|pièces? jointes?|importance|priorité",
    original="message d.origine|message original|courriel d.origine|message initial"
    "|e-?mail d.origine",
    forwarded="message transféré|message transmis|message réexpédié|courriel transféré"
    "|transféré par",
    above="au[- ]dessus de (?:cette|la présente) ligne",
    imperatives="veuillez|merci|répondez|répondre|écrivez|prière|saisissez|tapez",
    advert="envoyé (?:de|depuis|à partir|avec|par|via)|télécharg",
    obtain="télécharge[rz]|obtene[rz]|obtenir",
    greetings="bonjour|bonsoir|salut|cher|chère|chers|madame|monsieur|coucou",
)
_SPANISH = Words(
    openings="el|en|citando",
    verbs="escribió|escribe|ha escrito|escribio|citando a|va escriure",
    days="lun|mar|mié|mie|jue|vie|sáb|sab|dom",
    sender="de|remitente",
    sent="enviado|enviado el|enviada|fecha|enviado a las",
    to="para|a|destinatario",
    subject="asunto",
    others="cc|cco|copia|responder a|adjuntos?|datos adjuntos|importancia|prioridad",
    original="mensaje original|correo original|mensaje de origen",
    forwarded="mensaje reenviado|correo reenviado|reenviado por",
    above="(?:por )?(?:encima|arriba) de esta (?:línea|linea|raya)",
    imperatives="por|escriba|escribe|responda|responde|conteste",
    advert="enviado (?:desde|con|mediante|por|vía)",
    obtain="obtener|obtén|obtenga|descargar|descarga",
    greetings="hola|buenos días|buenas (?:tardes|noches)|estimad[oa]s?|querid[oa]s?|buenas",
)
_DUTCH = Words(
    openings="op|citeren|quoting",
    verbs="schreef|schrijft|geschreven|citeren van",
    days="ma|di|wo|do|vr|za|zo",
    sender="van|afzender",
    sent="verzonden|verzonden op|datum|verstuurd",
    to="aan|ontvanger",
    subject="onderwerp|betreft",
    others="cc|kopie|bcc|antwoord aan|beantwoorden|bijlagen?|urgentie|prioriteit",
    original="oorspronkelijk(?:e)? (?:bericht|e-?mail)|origineel bericht|origineel e-?mailbericht",
    forwarded="doorgestuurd (?:bericht|e-?mailbericht)|doorgestuurde (?:mail|e-mail)",
    above="boven (?:deze|de) (?:regel|lijn|streep)",
    imperatives="antwoord|typ|schrijf|gelieve|graag|reageer|beantwoord",
    advert="verzonden (?:vanaf|vanuit|van|met|via)|verstuurd (?:vanaf|vanuit|van|met|via)",
    obtain="download|haal|outlook voor (?=.{2,20}(?:downloaden|ophalen))",
    greetings="hallo|hoi|dag|beste|geachte|goede(?:morgen|middag|navond)|goeie",
)
_ITALIAN = Words(
    openings="il|in data|citando|citazione",
    verbs="ha scritto|scrive|scrisse|scriveva|citando|ha inviato",
    days="lun|mar|mer|gio|ven|sab|dom",
    sender="da|mittente",
    sent="inviato|inviato il|data|inviata",
    to="a|per|destinatario",
    subject="oggetto",
    others="cc|ccn|copia|rispondi a|allegati|allegato|importanza|priorità",
    original="messaggio originale|messaggio d.origine|messaggio originario|e-?mail originale",
    forwarded="messaggio inoltrato|inizio messaggio inoltrato|messaggio girato|inoltrato da",
    above="(?:al di )?sopra (?:di )?questa (?:riga|linea)",
    imperatives="scrivi|scrivere|rispondi|rispondere|si|per|digita|inserisci",
    advert="inviato (?:da|dal|dalla|con|tramite|mediante)|inviata da",
    obtain="scarica|ottieni|ottenere",
    greetings="ciao|salve|buongiorno|buonasera|gentile|gentili|caro|cara|egregio|spettabile",
)
_POLISH = Words(
    openings="w dniu|dnia|wiadomość|cytowanie|cytat",
    verbs=r"napisał\(a\)|napisał|napisała|pisze|napisali|napisana przez|cytowanie|wysłał|wysłała",
    days="pon|wt|śr|czw|pt|sob|niedz|ndz",
    sender="od|nadawca",
    sent="wysłano|wysłane|data|wysłany|wysłana",
    to="do|adresat|odbiorca",
    subject="temat",
    others="dw|udw|kopia|do wiadomości|odpowiedź do|załączniki|załącznik|ważność|priorytet",
    original="oryginalna wiadomość|wiadomość oryginalna|wiadomość pierwotna|oryginał wiadomości",
    forwarded="przekazana wiadomość|wiadomość przekazana dalej|wiadomość przekazana"
    "|przekazanej wiadomości|przesłana wiadomość|wiadomość przesłana dalej",
    above="(?:powyżej|nad) (?:tej|tą) (?:linii|linią|kreską|kreski)",
    imperatives="prosimy|proszę|odpowiedz|napisz|wpisz|odpowiedź",
    advert="wysłan[eoay] (?:z|za|przez|przy)",
    obtain="pobierz|uzyskaj",
    greetings="cześć|dzień dobry|witam|szanown[ayi]|drog[iae]|hej|dobry wieczór",
)
_PORTUGUESE = Words(
    openings="em|no dia",
    verbs="escreveu",
    days="seg|ter|qua|qui|sex|sáb|dom",
    sender="de|remetente",
    sent="enviado|enviada em|data",
    to="para",
    subject="assunto",
    others="cc|cco|anexos?|responder a",
    original="mensagem original",
    forwarded="mensagem encaminhada|mensagem reencaminhada",
    above="acima desta linha",
    imperatives="por|responda|escreva",
    advert="enviado (?:do|da|de|via|com|a partir)",
    obtain="obter|obtenha",
    greetings="olá|bom dia|boa tarde|prezad[oa]s?|car[oa]s?",
)
LANGUAGES = (
    *(_ENGLISH, _SWEDISH, _GERMAN, _DANISH, _NORWEGIAN, _FINNISH),
    *(_FRENCH, _SPANISH, _DUTCH, _ITALIAN, _POLISH, _PORTUGUESE),
)


def every(kind: str) -> str:
    """The words of one kind in all languages, as one alternative; longer ones first."""
    found = {word for one in LANGUAGES for word in _split(getattr(one, kind))}
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


def _split(words: str) -> list[str]:
    """At the bars that stand outside brackets."""
    out, depth = [""], 0
    for sign in words:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            out.append("")
        else:
            out[-1] += sign
    return out
