"""Two conversations of one subject are told apart by what a mail quotes."""

from ingest import quoted

LAMP = "The lamp came without its switch, can you send one?"
CHAIR = "One leg of the chair is too short by a centimetre."
FOOTER = "Please think of the forests before you print this mail."


def test_who_is_quoted_is_answered():
    text = f"Thanks!\n\nOn Monday Maria wrote:\n> {CHAIR}\n> {FOOTER}"

    assert quoted.source(text, {1: [LAMP, FOOTER], 2: [CHAIR, FOOTER]}) == 2


def test_a_quote_that_was_broken_anew_is_known_again():
    text = "Yes.\n\n> The lamp came without\n> > its switch, can\n>you send one?"

    assert quoted.source(text, {1: [LAMP], 2: [CHAIR]}) == 1


def test_what_all_have_in_common_tells_nothing():
    assert quoted.source(f"> {FOOTER}", {1: [LAMP, FOOTER], 2: [CHAIR, FOOTER]}) is None


def test_a_mail_that_quotes_nothing_or_both_answers_neither():
    assert quoted.source("Thanks!", {1: [LAMP], 2: [CHAIR]}) is None
    assert quoted.source(f"> {LAMP}\n> {CHAIR}", {1: [LAMP], 2: [CHAIR]}) is None
    assert quoted.source("> Hello", {1: ["Hello"]}) is None
    assert quoted.source(f"> {LAMP}", {}) is None
