"""What a receiving server says of a sender, told apart from what the sender says of himself."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.sender_checks import of, read

GOOD = "mx.example.com; spf=pass smtp.mailfrom=a.test; dkim=pass header.d=a.test; dmarc=pass"


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        (GOOD, "mx.example.com spf=passed dkim=passed dmarc=passed"),
        ("mx.example.com 1; spf=softfail", "mx.example.com spf=failed"),
        ("mx.example.com; dkim=fail; dkim=pass", "mx.example.com dkim=passed"),
        ("mx.example.com; dkim=none; dkim=fail", "mx.example.com dkim=failed"),
        ("mx.example.com; dkim/1 = fail", "mx.example.com dkim=failed"),
        ("spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=a; dkim=none", "- spf=passed dkim=unknown"),
        (
            "mx.example.com; spf=temperror; dmarc=bestguesspass",
            "mx.example.com spf=unknown dmarc=unknown",
        ),
        ("mx.example.com; none", ""),
        ("", ""),
        ("mx.example.com; SPF=PASS", "mx.example.com spf=passed"),
    ],
)
def test_plain_words(field, kept):
    assert read(field) == kept


@pytest.mark.parametrize(
    "field",
    [
        'mx.a; spf=fail smtp.mailfrom="x; dmarc=pass; spf=pass"@evil.test; dmarc=fail',
        "mx.a; spf=fail (google.com: x; spf=pass; dmarc=pass) smtp.mailfrom=x; dmarc=fail",
        "mx.a; spf=fail (a (nested; dmarc=pass) b; dmarc=pass); dmarc=fail",
        r'mx.a; spf=fail smtp.mailfrom="x\"; dmarc=pass;"; dmarc=fail',
        "mx.a; spf=fail smtp.helo=dmarc=pass; dmarc=fail",
    ],
)
def test_what_the_sender_put_into_quotes_and_comments_is_no_verdict(field):
    checks = of(read(field))
    assert (checks.spf, checks.dmarc) == ("failed", "failed")


@pytest.mark.parametrize(
    ("kept", "doubtful"),
    [
        ("mx spf=passed dkim=failed dmarc=failed", True),
        ("mx spf=failed dkim=failed dmarc=passed", False),
        ("mx spf=failed dkim=passed", False),
        ("mx spf=failed dkim=unknown", True),
        ("mx spf=unknown dkim=unknown dmarc=unknown", False),
        ("mx dkim=failed", True),
    ],
)
def test_when_a_mail_is_doubted(kept, doubtful):
    assert of(kept).is_doubtful is doubtful


def test_nobody_checked():
    assert of("") is None


@given(st.text(max_size=400))
def test_whatever_it_says_what_is_kept_is_ours(field):
    kept = read(field)
    assert kept.isprintable() and len(kept) < 200
    assert of(kept) is None or of(kept).spf in ("passed", "failed", "unknown")
    assert of(field) is None or of(field)


@pytest.mark.parametrize(
    "field", ["(" * 200_000, '"' * 200_001, "spf=pass;" * 50_000, "a " * 90_000]
)
def test_a_bomb_costs_nothing(field):
    began = time.perf_counter()
    read(field)
    assert time.perf_counter() - began < 0.2
