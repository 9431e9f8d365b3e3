import stat
from pathlib import Path

import pytest

from inbox import keys, settings
from inbox.errors import Invalid, StoreDamaged


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first, second = keys.load(tmp_path / "keys"), keys.load(tmp_path / "keys")

    assert first == second
    assert {stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "keys").iterdir()} == {0o600}


def test_a_secret_comes_back_with_its_key_and_with_no_other(tmp_path):
    mine, other = keys.load(tmp_path / "a"), keys.load(tmp_path / "b")
    kept = mine.encrypt("hemligt åäö")

    assert "hemligt" not in kept
    assert mine.decrypt(kept) == "hemligt åäö"
    with pytest.raises(StoreDamaged):
        other.decrypt(kept)


def test_parts_cannot_slide_into_each_other():
    assert keys.sign(b"k", b"ab", b"c") != keys.sign(b"k", b"a", b"bc")


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text('[delad]\nundo_seconds = 5\nname = "Acme"\n')

    found = settings.load({"DELAD_UNDO_SECONDS": "7.5", "DELAD_DATA": str(tmp_path)}, file)

    assert (found.undo_seconds, found.name, found.data) == (7.5, "Acme", tmp_path)
    assert settings.load({}, Path("/nowhere")).undo_seconds == 20


@pytest.mark.parametrize(
    ("environment", "text", "field"),
    [
        ({"DELAD_UNDO_SECONDS": "soon"}, "", "undo_seconds"),
        ({"DELAD_DEMO": "perhaps"}, "", "demo"),
        ({}, "[delad]\nundo = 5\n", "undo"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, environment, text, field):
    file = tmp_path / "secrets.toml"
    file.write_text(text)

    with pytest.raises(Invalid) as refused:
        settings.load(environment, file)
    assert refused.value.field == field
