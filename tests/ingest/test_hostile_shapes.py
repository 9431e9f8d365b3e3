"""Mails made to cost time are read well within what the jail allows."""

import time

import pytest

from ingest.parse import parse

HEAD = b"From: mailer-daemon@x.test\r\nReturn-Path: <>\r\n"
PLAIN = HEAD + b"Content-Type: text/plain\r\n\r\n"
PAGE = HEAD + b"Content-Type: text/html\r\n\r\n"
CALENDAR = HEAD + b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n"
SHAPES = {
    "armour that begins and never ends": lambda n: (
        PLAIN + b"-----BEGIN PGP MESSAGE-----\r\n" * n + b"-----END PGP MESSAGE-----x\r\n"
    ),
    "files that begin and never end": lambda n: PLAIN + b"begin 644 a\r\n" * n,
    "one row of many cells": lambda n: PAGE + b"<table><tr>" + b"<td>a</td>" * n,
    "many links": lambda n: PAGE + b"<a href='https://a.test/'>x</a>" * n,
    "many addresses": lambda n: PLAIN + b"delivery failed a@b.test: x\r\n" * n,
    "one long word": lambda n: PLAIN + b"delivery failed " + b"a.a@a.a." * n,
    "parameters of a calendar": lambda n: CALENDAR + b"X" + b";A=b" * n,
    "boundaries never declared": lambda n: (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + b"--a\r\n" * n
    ),
    "lines that are no field": lambda n: b"x y\r\n" * n + HEAD + b"\r\nb",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mail_made_to_cost_time_is_read_within_the_jails_five_seconds(shape):
    began = time.process_time()
    parse(SHAPES[shape](20_000))
    assert time.process_time() - began < 3
