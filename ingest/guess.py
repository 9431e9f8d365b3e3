"""The likeliest charset of bytes that no declaration explains.

In the languages of Europe foreign letters stand alone among ASCII: then the alphabet that has all
of them tells. In the others they stand together, and charset-normalizer tells them apart.
"""

import itertools
from collections import Counter

import charset_normalizer

BYTES = 20_000
_ALPHABETS = (
    ("cp1252", "åäöéÅÄÖÉüàô"),
    ("cp1252", "äöüßÄÖÜéèà"),
    ("cp1252", "æøåéÆØÅäöü"),
    ("cp1252", "éèêëàâîïôùûüçœæÉÈÊËÀÂÎÏÔÙÛÜÇŒ"),
    ("cp1252", "áéíóúüñÁÉÍÓÚÜÑàèòïçÀÈÒÏÇºª"),
    ("cp1252", "áàâãçéêíóôõúüÁÀÂÃÇÉÊÍÓÔÕÚÜºª"),
    ("cp1252", "àèéìíîòóùúÀÈÉÌÎÒÙ"),
    ("cp1252", "áðéíóúýþæöøåÁÐÉÍÓÚÝÞÆÖØ"),
    ("cp1252", "äöüõšžÄÖÜÕŠŽ"),
    ("cp1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    ("iso-8859-2", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    ("cp1250", "áčďéěíňóřšťúůýžĺľôŕäÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĹĽÔŔÄ"),
    ("iso-8859-2", "áčďéěíňóřšťúůýžĺľôŕäÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĹĽÔŔÄ"),
    ("cp1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),
    ("cp1250", "čćđšžČĆĐŠŽ"),
    ("cp1250", "ăâîşţĂÂÎŞŢ"),
    ("cp1254", "çğıöşüâîûÇĞİÖŞÜ"),
    ("cp1257", "ąčęėįšųūžĄČĘĖĮŠŲŪŽ"),
    ("cp1257", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ"),
    ("cp1252", ""),
)
_ANYWHERE = set("’‘“”„«»‹›–—…€°§·•\xa0´©®™½¿¡×")
_DENSE = [
    *("cp1251", "koi8_r", "cp866", "iso8859_5", "iso8859_7", "cp1253", "cp1255", "cp1256"),
    *("cp874", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
]


def charset(data: bytes) -> str:
    """Python's name of it; cp1252 when nothing speaks for another."""
    data = data[:BYTES]
    counts = Counter(byte for byte in data if byte >= 0x80)
    likeliest = max(_ALPHABETS, key=lambda one: _covered(counts, *one))
    if _covered(counts, *likeliest) < counts.total() and _is_dense(data):
        best = charset_normalizer.from_bytes(data, cp_isolation=_DENSE).best()
        if best is not None:
            return best.encoding
    return likeliest[0]


def _is_dense(data: bytes) -> bool:
    """Whether the letters beyond ASCII stand side by side."""
    high = [byte >= 0x80 for byte in data]
    beside = sum(a and b for a, b in itertools.pairwise(high))
    return beside * 2 > sum(high)


def _covered(counts: Counter[int], codec: str, alphabet: str) -> int:
    """How many of the foreign bytes are letters of this language, or signs of any."""
    signs = {byte: bytes([byte]).decode(codec, "replace") for byte in counts}
    return sum(
        n for byte, n in counts.items() if signs[byte] in alphabet or signs[byte] in _ANYWHERE
    )
