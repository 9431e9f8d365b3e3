"""Two answers to the same mail: what both say, and what only one of them says."""

import re
from difflib import SequenceMatcher

MOST_WORDS = 1_000
# A word or two in common is chance; a page that marks around each of them cannot be read.
FEWEST_SHARED = 3
Run = tuple[bool, str]
"""Whether only this side says it, and the words."""

_WORD = re.compile(r"\s*\S+")


def sides(theirs: str, mine: str) -> tuple[list[Run], list[Run]]:
    """Both texts in runs, whole and in their order.

    Nothing is marked when they have no wording in common, or are too long to be compared.
    """
    left, right = _words(theirs), _words(mine)
    shared = _shared(left, right)
    if not shared:
        return [(False, theirs)], [(False, mine)]
    return _runs(left, [s[0] for s in shared]), _runs(right, [s[1] for s in shared])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.rstrip())


def _shared(left: list[str], right: list[str]) -> list[tuple[range, range]]:
    """The passages that stand in both, as positions in each."""
    if max(len(left), len(right)) > MOST_WORDS:
        return []
    matcher = SequenceMatcher(None, _keys(left), _keys(right), autojunk=False)
    fewest = min(FEWEST_SHARED, len(left), len(right))
    return [
        (range(a, a + size), range(b, b + size))
        for a, b, size in matcher.get_matching_blocks()
        if size and (size >= fewest or _is_end(a, b, size, left, right))
    ]


def _is_end(a: int, b: int, size: int, left: list[str], right: list[str]) -> bool:
    """“Hello Maria,” and a name below: both begin or end so."""
    return a + b == 0 or (a + size == len(left) and b + size == len(right))


def _keys(words: list[str]) -> list[str]:
    return [word.strip().casefold().strip(".,;:!?()\"'“”") or word.strip() for word in words]


def _runs(words: list[str], shared: list[range]) -> list[Run]:
    inside = {at for passage in shared for at in passage}
    found: list[Run] = []
    for at, word in enumerate(words):
        is_only_here = at not in inside
        if found and found[-1][0] == is_only_here:
            found[-1] = (is_only_here, found[-1][1] + word)
        elif found and is_only_here:
            # The blank before it is not marked.
            found[-1] = (False, found[-1][1] + word[: len(word) - len(word.lstrip())])
            found.append((True, word.lstrip()))
        else:
            found.append((is_only_here, word))
    return found
