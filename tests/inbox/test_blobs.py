import hashlib
import os
import stat

import pytest

from inbox import blobs
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
