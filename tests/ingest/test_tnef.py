"""winmail.dat, opened: names, words, and streams that lie."""

import random
import struct
import time

import pytest

from ingest import compressed_rtf, tnef
from tests.ingest import tnef_writer as winmail

RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af320"
    "68656c090020627705b06c647d0a800fa0"
)
"""The first example of MS-OXRTFCP (3.1.1), its bytes and what they say."""

CYCLE = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_the_examples_of_the_specification_unpack():
    assert compressed_rtf.unpack(RTF) == rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"
    assert compressed_rtf.unpack(CYCLE) == rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_words_of_rich_text():
    rtf = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Riched}\uc1 Gr\'fc\'dfe\par "
        rb"\u8364?5 \{ja\}\par{\field{\*\fldinst HYPERLINK}{\fldrslt hier}}}"
    )
    assert compressed_rtf.words(rtf) == "Grüße\n€5 {ja}\nhier"


def test_names_in_their_long_form_and_in_the_codepage_of_the_mail():
    opened = tnef.read(
        winmail.winmail(
            winmail.version(),
            winmail.codepage(1251),
            winmail.message(
                winmail.number(0x0E07, 3),
                winmail.truth(0x0E1B, True),
                winmail.several_numbers(0x1234, 1, 2, 3),
                winmail.named(winmail.text(0, "own"), "Keywords"),
                winmail.text8(winmail.BODY, "Привет".encode("cp1251")),
            ),
            winmail.file(
                b"LANGER~1.DOC", b"doc", winmail.text(winmail.LONG_NAME, "Langer Name.doc")
            ),
            winmail.file("отчёт.txt".encode("cp1251"), b"txt"),
            winmail.file(b"none", None, winmail.binary(winmail.DATA, b"in the properties")),
        )
    )
    assert opened.text == "Привет"
    assert [(f.name, f.content) for f in opened.files] == [
        ("Langer Name.doc", b"doc"),
        ("отчёт.txt", b"txt"),
        ("none", b"in the properties"),
    ]


@pytest.mark.parametrize(
    ("property_", "text", "html"),
    [
        (winmail.binary(winmail.HTML, b"<p>Hej</p>"), "", "<p>Hej</p>"),
        (winmail.text(winmail.HTML, "<p>Hej å</p>"), "", "<p>Hej å</p>"),
        (winmail.binary(winmail.RTF, RTF), "hello world", ""),
        (winmail.binary(winmail.RTF, winmail.rtf_as_it_is(rb"{\rtf1 plain}")), "plain", ""),
    ],
)
def test_words_in_every_form(property_, text, html):
    opened = tnef.read(winmail.winmail(winmail.message(property_)))
    assert (opened.text, opened.html) == (text, html)


def test_a_message_inside_is_a_text_file_with_its_files_before_it():
    inner = winmail.winmail(
        winmail.message(
            winmail.text(winmail.SUBJECT, "Inner"), winmail.text(winmail.BODY, "Words")
        ),
        winmail.file(b"a.bin", b"\1\2"),
    )
    opened = tnef.read(winmail.winmail(winmail.file(b"Inner", None, winmail.embedded(inner))))
    assert [(f.name, f.content) for f in opened.files] == [
        ("a.bin", b"\1\2"),
        ("Inner.txt", b"Inner\n\nWords"),
    ]


def test_messages_in_messages_end():
    stream = winmail.winmail(winmail.file(b"core", b"x"))
    for _ in range(50):
        stream = winmail.winmail(winmail.file(b"shell", None, winmail.embedded(stream)))
    assert len(tnef.read(stream).files) <= tnef.DEEPEST


def sound():
    return winmail.winmail(
        winmail.version(),
        winmail.message(winmail.binary(winmail.RTF, RTF), winmail.text(winmail.SUBJECT, "s")),
        winmail.file(b"a.txt", b"abc" * 50, winmail.text(winmail.LONG_NAME, "a long name.txt")),
    )


def test_a_stream_cut_anywhere_is_read_as_far_as_it_goes():
    whole = sound()
    for end in range(len(whole)):
        opened = tnef.read(whole[:end])
        assert opened is None or all(len(f.content) in (0, 150) for f in opened.files)


def test_lengths_that_lie_end_quickly():
    whole, dice = sound(), random.Random(7)
    began = time.process_time()
    for at in range(6, len(whole) - 4):
        for lie in (0xFFFFFFFF, 0x7FFFFFFF, dice.getrandbits(32)):
            broken = bytearray(whole)
            struct.pack_into("<I", broken, at, lie)
            tnef.read(bytes(broken))
    assert time.process_time() - began < 10


def test_a_compressed_text_may_not_grow_beyond_what_it_says():
    bomb = struct.pack("<II4sI", 0, 1000, b"LZFu", 0) + b"\xff" + b"\x10\x0f" * 8
    assert len(compressed_rtf.unpack(bomb * 1)) <= 1000
    endless = struct.pack("<II4sI", 0, 0xFFFFFFFF, b"LZFu", 0) + (b"\xff" + b"\x10\x0f" * 8) * 1000
    assert len(compressed_rtf.unpack(endless)) <= 17 * 8 * 1000
