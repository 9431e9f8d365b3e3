import pytest

from inbox import passwords
from inbox.errors import Invalid

GOOD = "correct horse battery"
QUICK = "$2b$04$8wf2jA4SDfnakL0SmgKLueUdXP6aWpp8ghuulSgMZ1Lx.t7g9RE9K"


def test_a_hash_knows_its_password_and_no_other():
    stored = passwords.hash(GOOD)

    assert GOOD not in stored
    assert passwords.check(GOOD, stored)
    assert not passwords.check(GOOD + "!", stored)


def test_two_hashes_of_one_password_differ():
    assert passwords.hash(GOOD) != passwords.hash(GOOD)


def test_without_a_stored_hash_bcrypt_runs_all_the_same(monkeypatch):
    checked = []
    monkeypatch.setattr(passwords.hasher(), "check_pw", lambda p, h: checked.append(h) or True)

    assert not passwords.check(GOOD, None)
    assert checked == [passwords.NOBODY]
    assert passwords.NOBODY.startswith("$2b$12$")


def test_what_looks_the_same_is_the_same():
    assert passwords.check(
        "sm\u00f6rg\u00e5sbord i \u00e5re", passwords.hash("smo\u0308rga\u030asbord i a\u030are")
    )


def test_what_bcrypt_would_cut_off_is_refused_and_never_matches():
    with pytest.raises(Invalid, match="72 bytes"):
        passwords.hash("x" * 73)
    with pytest.raises(Invalid, match="72 bytes"):
        passwords.must_be_good("åäöabc" * 10)
    assert not passwords.check("x" * 73, passwords.hash("x" * 72))


def test_the_empty_password_opens_nothing():
    assert not passwords.check("", passwords.hasher().hash(""))


def test_a_lone_surrogate_is_refused_not_a_crash():
    with pytest.raises(Invalid):
        passwords.must_be_good("twelve letters \ud800")
    assert not passwords.check("\ud800", QUICK)


@pytest.mark.parametrize(
    "bad",
    ["", "short", "aaaaaaaaaaaaaa", "maria@example.com", "MARIA@example.com", "mariamariamaria"],
)
def test_bad_passwords_are_refused_with_their_field(bad):
    with pytest.raises(Invalid) as refusal:
        passwords.must_be_good(bad, "maria@example.com")
    assert refusal.value.field == "password"


def test_a_long_sentence_is_good():
    passwords.must_be_good(GOOD, "maria@example.com")
