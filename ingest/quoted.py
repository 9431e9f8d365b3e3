"""Whether a mail quotes what stands in a conversation: the one thing besides ids that tells two
conversations of the same people under the same subject apart."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

SHORTEST = 20
LONGEST = 200
LINES = 200
LONGEST_MAIL = 100_000
_MARKS = re.compile(r"^[>\s]+", re.M)


def source(text: str, told: Mapping[int, Iterable[str]]) -> int | None:
    """The conversation whose messages the text quotes most; None when it quotes none for sure.

    `told` are the conversations' texts. A line that several of them share, such as a greeting or
    a footer, tells nothing; so do short lines.
    """
    flat = _flat(text[:LONGEST_MAIL])
    lines = {conversation_id: set(_lines(texts)) for conversation_id, texts in told.items()}
    shared = Counter(line for found in lines.values() for line in found)
    hits = {
        conversation_id: sum(line in flat for line in found if shared[line] == 1)
        for conversation_id, found in lines.items()
    }
    best = sorted(hits.values(), reverse=True)[:2]
    if not best or not best[0] or best.count(best[0]) > 1:
        return None
    return max(hits, key=lambda conversation_id: hits[conversation_id])


def _lines(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for line in text.split("\n")[:LINES]:
            if len(found := _flat(line)) >= SHORTEST:
                yield found[:LONGEST]


def _flat(text: str) -> str:
    """Without quote marks, and in one line: who quotes breaks lines anew."""
    return " ".join(_MARKS.sub("", text).split()).casefold()
