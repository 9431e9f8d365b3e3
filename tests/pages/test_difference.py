import random
import time

import pytest

from pages.parts import difference

pytestmark = pytest.mark.feature("OW10")


def marked(runs: list[difference.Run]) -> list[str]:
    return [text.strip() for is_only_here, text in runs if is_only_here]


def test_what_only_one_of_them_says_is_marked() -> None:
    theirs, mine = difference.sides(
        "Hello Maria,\n\nyour parcel leaves on Friday with DHL.\n\nBo",
        "Hello Maria,\n\nyour parcel leaves on Tuesday with DHL. Sorry for the wait.\n\nAda",
    )

    assert marked(theirs) == ["Friday with DHL.\n\nBo"]
    assert marked(mine) == ["Tuesday with DHL. Sorry for the wait.\n\nAda"]


def test_case_and_punctuation_are_no_difference() -> None:
    theirs, mine = difference.sides("It left yesterday, by post.", "it left yesterday by post!")

    assert (marked(theirs), marked(mine)) == ([], [])


def test_nothing_in_common_is_not_marked_at_all() -> None:
    theirs, mine = difference.sides("We pay it back at once.", "Please send photos of the damage.")

    assert theirs == [(False, "We pay it back at once.")]
    assert mine == [(False, "Please send photos of the damage.")]


@pytest.mark.parametrize("pair", [("", ""), ("", "Hello"), ("x", "x"), (" \n", "a\n\n  b ")])
def test_odd_texts_come_through(pair: tuple[str, str]) -> None:
    for runs, text in zip(difference.sides(*pair), pair, strict=True):
        assert "".join(words for _mark, words in runs).strip() == text.strip()


def test_every_letter_stands_in_its_side_whatever_is_written() -> None:
    chance = random.Random(7)
    for _ in range(300):
        pair = tuple(
            "".join(chance.choice("ab c\n.é\u202e ") for _ in range(chance.randrange(60)))
            for _ in range(2)
        )
        for runs, text in zip(difference.sides(*pair), pair, strict=True):
            assert "".join(words for _mark, words in runs).rstrip() == text.rstrip()


@pytest.mark.parametrize("word", ["a", "{n}", "{n2}"])
def test_long_answers_keep_nobody_waiting(word: str) -> None:
    long = " ".join(word.format(n=n, n2=n % 7) for n in range(difference.MOST_WORDS - 2))
    began = time.process_time()
    difference.sides(long, long[: len(long) // 2] + " x " + long[len(long) // 2 :])
    difference.sides(long * 3, long)

    assert time.process_time() - began < 2


def test_words_in_any_order_keep_nobody_waiting() -> None:
    chance = random.Random(3)
    one, other = (
        " ".join(chance.choice("abcdefgh") for _ in range(difference.MOST_WORDS)) for _ in range(2)
    )
    began = time.process_time()
    difference.sides(one, other)

    assert time.process_time() - began < 2
