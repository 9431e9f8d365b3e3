import hashlib
import os
import stat

import pytest

from inbox import blobs, durable, segments
from inbox.blobs import Files, Place, RawStore
from inbox.errors import NotFound

MAILS = [(b"From: a@example.com\n\nDELAD1 x\n", {"uid": 1}), (b"", {"uid": 2}), (b"\xff\0\r\n", {})]


def test_every_byte_comes_back(tmp_path):
    raw = RawStore(tmp_path)
    places = raw.append(MAILS) + raw.append(MAILS)

    assert [raw.read(place) for place in places] == [mail for mail, _ in MAILS] * 2


def test_the_segments_alone_tell_every_mail_and_where_it_came_from(tmp_path):
    raw = RawStore(tmp_path)
    places = raw.append(MAILS)

    assert list(RawStore(tmp_path).records()) == [
        (place, meta) for place, (_, meta) in zip(places, MAILS, strict=True)
    ]


def test_a_torn_tail_costs_only_itself(tmp_path):
    raw = RawStore(tmp_path)
    raw.append(MAILS)
    file = tmp_path / "000001.seg"
    os.truncate(file, file.stat().st_size - 2)

    assert len(list(raw.records())) == 2


@pytest.mark.parametrize("is_reopened", [False, True])
def test_what_comes_after_a_crash_is_found(tmp_path, is_reopened):
    raw = RawStore(tmp_path)
    places = raw.append(MAILS)
    tear(tmp_path / "000001.seg")
    torn = (tmp_path / "000001.seg").read_bytes()

    raw = RawStore(tmp_path) if is_reopened else raw
    places += raw.append(MAILS[:1])
    places += raw.append(MAILS[1:])

    assert [place for place, _ in raw.records()] == places
    assert [raw.read(place) for place in places] == [mail for mail, _ in MAILS] * 2
    assert {place.segment for place in places[3:]} == {2}
    assert (tmp_path / "000001.seg").read_bytes() == torn


def tear(file):
    """Leave what a crash in the middle of an append does."""
    with file.open("ab") as segment:
        segment.write(b"DELAD1 " + b"0" * 64 + b" 2 500\n{}half a mail")


@pytest.mark.parametrize("harm", [b"", b"DELAD1 " + b"a" * 64 + b" 2 9\n{}", b"DELAD1 DELAD1 x\n"])
def test_torn_bytes_between_records_are_passed_over(tmp_path, harm):
    raw = RawStore(tmp_path)
    raw.append(MAILS)
    file = tmp_path / "000001.seg"
    whole = file.read_bytes()
    file.write_bytes(whole + harm + whole)

    found = [place for place, _ in raw.records()]

    assert len(found) == 6
    assert [raw.read(place) for place in found] == [mail for mail, _ in MAILS] * 2


def test_a_damaged_head_or_mail_hides_no_other(tmp_path):
    raw = RawStore(tmp_path)
    places = raw.append(MAILS)
    file = tmp_path / "000001.seg"
    whole = file.read_bytes()
    for n in range(len(whole)):
        file.write_bytes(whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :])
        found = [place for place, _ in raw.records()]
        assert len(set(found) & set(places)) >= 2, n


def test_an_erased_mail_is_still_a_record(tmp_path):
    raw = RawStore(tmp_path)
    places = raw.append(MAILS)
    file = tmp_path / "000001.seg"
    before = segments.frame(file)
    blank(file, places[0])

    assert [place for place, _ in raw.records()] == places
    assert segments.frame(file) == before
    assert RawStore(tmp_path).append(MAILS)[0].segment == 1


def blank(file, place):
    with file.open("r+b") as segment:
        segment.seek(place.position)
        segment.write(b"\0" * place.size_bytes)


def test_a_kept_file_is_durable_by_name_too(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(durable, "sync", synced.append)
    sha256 = Files(tmp_path).put(b"invoice")
    assert synced == [tmp_path, tmp_path / sha256[:2]]


def test_a_full_segment_is_followed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(blobs, "SEGMENT_BYTES", 10)
    raw = RawStore(tmp_path)
    places = raw.append(MAILS[:1]) + raw.append(MAILS[:1])

    assert [place.segment for place in places] == [1, 2]
    assert [raw.read(place) for place in places] == [MAILS[0][0]] * 2


def test_a_failed_write_keeps_nothing_of_the_batch(tmp_path, monkeypatch):
    raw = RawStore(tmp_path)
    (kept,) = raw.append(MAILS[:1])

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            raw.append(MAILS)
    (after,) = raw.append(MAILS[2:])

    assert [place for place, _ in raw.records()] == [kept, after]


def test_damage_is_not_handed_out(tmp_path):
    raw = RawStore(tmp_path)
    (place,) = raw.append(MAILS[:1])
    with (tmp_path / "000001.seg").open("r+b") as file:
        file.seek(place.position)
        file.write(b"X")

    with pytest.raises(NotFound):
        raw.read(place)
    with pytest.raises(NotFound):
        raw.read(Place(sha256=place.sha256, segment=9, position=0, size_bytes=1))


def test_only_the_owner_may_read_the_segments(tmp_path):
    RawStore(tmp_path / "raw").append(MAILS)

    assert stat.S_IMODE((tmp_path / "raw").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "raw" / "000001.seg").stat().st_mode) == 0o600


def test_the_same_bytes_are_kept_once(tmp_path):
    files = Files(tmp_path)
    first, second = files.put(b"invoice"), files.put(b"invoice")

    assert first == second == hashlib.sha256(b"invoice").hexdigest()
    assert files.path(first).read_bytes() == b"invoice"
    assert len([f for f in tmp_path.rglob("*") if f.is_file()]) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63 + "/"])
def test_what_is_no_digest_is_no_path(tmp_path, name):
    with pytest.raises(NotFound):
        Files(tmp_path).path(name)
