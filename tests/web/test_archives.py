"""Zips made while they are sent: safe names, whole contents, little memory."""

import io
import tracemalloc
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOON
from web.archives import PIECE, Member, safe_name, stream, unlike


def member(name, content=b"x", at=NOON):
    return Member(name=name, opened=lambda: io.BytesIO(content), at=at)


def opened(members):
    return zipfile.ZipFile(io.BytesIO(b"".join(stream(members))))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\x.exe", "x.exe"),
        ("/etc/shadow", "shadow"),
        ("holiday\u202egpj.exe", "holidaygpj.exe"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("..", "file"),
        ("", "file"),
        ("CON.txt", "_CON.txt"),
        ("com1", "_com1"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("name. ", "name"),
        ("x" * 400 + ".pdf", "x" * 117 + ".pdf"),
        ("å.pdf", "å.pdf"),
    ],
)
def test_a_name_that_every_system_takes(given, name):
    assert safe_name(given) == name


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(given):
    name = safe_name(given)
    assert name and name not in (".", "..") and not set(name) & set('/\\:\0<>"|?*')
    assert name.isprintable() and len(name) <= 140 and not name.endswith((".", " "))


def test_equal_names_get_numbers_whatever_their_case():
    taken = set()
    names = [unlike(n, taken) for n in ("a.txt", "A.TXT", "a.txt", "a (2).txt", ".env", ".env")]
    assert names == ["a.txt", "A (2).TXT", "a (3).txt", "a (2) (2).txt", ".env", ".env (2)"]


def test_what_goes_in_comes_out():
    big = bytes(range(256)) * 4000
    found = opened([member("../a.bin", big), member("a.bin", b""), member("c:\\a.bin", b"3")])
    assert found.testzip() is None
    assert found.namelist() == ["a.bin", "a (2).bin", "a (3).bin"]
    assert [found.read(name) for name in found.namelist()] == [big, b"", b"3"]
    assert all(info.compress_type == zipfile.ZIP_STORED for info in found.infolist())


@pytest.mark.parametrize("year", [1, 1979, 1980, 2026, 2107, 9999])
def test_any_moment_will_do(year):
    assert opened([member("a", at=datetime(year, 2, 3, 4, 5, 6))]).testzip() is None


def test_memory_stays_small_however_much_is_packed():
    class Endless(io.RawIOBase):
        left = 60_000_000

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return b"\0" * size

    tracemalloc.start()
    whole = sum(len(piece) for piece in stream([Member(name="a", opened=Endless, at=NOON)]))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert whole > 60_000_000
    assert most < 8 * PIECE


def test_an_archive_that_nobody_waits_for_is_dropped():
    pieces = stream([member("a", b"x" * 3 * PIECE), member("b")])
    next(pieces)
    pieces.close()
