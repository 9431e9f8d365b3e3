"""The real command line, as a subprocess."""

import json
import os
import socket
import stat
from pathlib import Path

import duckdb
import pytest

from inbox import control, house
from inbox.settings import Settings
from ingest import demo
from ingest.commands import COMMANDS
from tests import furniture
from tests.conftest import NOON
from tests.process import python

MAIL = (
    "From: Maria <maria@customer.test>\nTo: support@example.com\nSubject: Where is it?\n"
    "Message-ID: <1@customer.test>\nDate: Mon, 2 Mar 2026 12:00:00 +0000\n\nHello\n"
)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def run(data):
    """Run a command; answer the finished process."""

    def run(*words, **environment):
        return python("-m", "inbox", *words, **{"DELAD_DATA": data, **environment})

    return run


@pytest.fixture
def told(run):
    """Run a command with --json; answer the one object on standard output."""

    def told(*words, code=0, **environment):
        done = run(*words, "--json", **environment)
        assert done.returncode == code, done.stderr
        assert len(done.stdout.splitlines()) == 1
        return json.loads(done.stdout)

    return told


def add_support(told, **more):
    return told(
        "mailbox",
        "add",
        "Support@Example.com",
        "--imap=imaps://support@localhost:1",
        "--smtp=smtps://support@localhost:1",
        "--password-env=THE_PASSWORD",
        "--alias=help@example.com",
        "--name=Support",
        THE_PASSWORD="canary-password",
        **more,
    )


def test_a_house_from_nothing_to_verified(told, run, data):
    assert add_support(told) == {"mailbox_id": 1, "address": "support@example.com"}
    (listed,) = told("mailbox", "list")["mailboxes"]
    assert (listed["name"], listed["aliases"]) == ("Support", ["help@example.com"])

    invited = told(
        "agent", "add", "ada@example.com", "--name=Ada", "--admin", "--mailbox=support@example.com"
    )
    assert invited["invitation"].startswith("http://localhost:8501/invitation?token=")
    told("agent", "add", "bo@example.com", "--mailbox=support@example.com:reader")
    people = told("agent", "list")["agents"]
    assert [(p["email"], p["is_admin"], p["mailboxes"]) for p in people] == [
        ("ada@example.com", True, {"support@example.com": "agent"}),
        ("bo@example.com", False, {"support@example.com": "reader"}),
    ]
    assert told("agent", "deactivate", "bo@example.com")["is_active"] is False

    assert told("verify") == {"ok": True, "findings": []}
    assert told("doctor")["ok"]
    for file in (data, *data.glob("*")):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
    actors = events(data, run)
    assert {kind for _, kind in actors} == {"system"}
    assert ("connected", "system") in actors


def events(data, run):
    run("snapshot", data.parent / "now.duckdb")
    with duckdb.connect(str(data.parent / "now.duckdb"), read_only=True) as copy:
        return copy.execute("select kind, actor_kind from report.events").fetchall()


def test_the_password_is_kept_encrypted_and_never_printed(run, told, data):
    add_support(told)
    done = run("mailbox", "test", "support@example.com")
    assert done.returncode == 1
    assert "canary-password" not in done.stdout + done.stderr
    for file in data.rglob("*"):
        assert not file.is_file() or b"canary-password" not in file.read_bytes()


def test_import_takes_mail_once_and_makes_the_mailbox(told, run, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_text(MAIL)
    words = ("import", "--mailbox=history@example.com", tmp_path / "mail")
    first = told(*words)
    assert (first["read"], first["filed"], first["known"]) == (1, 1, 0)
    second = told(*words)
    assert (second["read"], second["filed"], second["known"]) == (1, 0, 1)
    assert told("verify")["ok"]
    (listed,) = told("mailbox", "list")["mailboxes"]
    assert (listed["address"], listed["imap_url"]) == ("history@example.com", None)

    assert "Read 1 mails" in run(*words).stderr
    assert "error" in told("import", "--mailbox=history@example.com", tmp_path / "no", code=1)


def test_poll_says_which_mailbox_it_could_not_read(told):
    add_support(told)
    polled = told("poll", code=1)
    assert polled["ok"] is False
    assert polled["mailboxes"][0]["address"] == "support@example.com"
    assert polled["mailboxes"][0]["troubles"]


def test_backup_and_restore_with_the_keys_kept_apart(told, run, data, tmp_path):
    add_support(told)
    told("backup", "--keys-to", tmp_path / "safe")
    made = told("backup")
    assert Path(made["backup"]).parent == data / "backups"
    assert "canary-password" not in json.dumps(made)

    elsewhere = {"DELAD_DATA": str(tmp_path / "new machine")}
    refused = told("restore", made["backup"], code=1, **elsewhere)
    assert "--keys-from" in refused["error"]
    words = ("restore", made["backup"], "--keys-from", tmp_path / "safe")
    back = told(*words, **elsewhere)
    assert (back["findings"], back["set_aside"]) == ([], None)
    assert told("mailbox", "list", **elsewhere) == told("mailbox", "list")
    assert "set-aside" in run(*words, **elsewhere).stdout


def test_verify_fails_on_a_changed_diary(told, data):
    add_support(told)
    with duckdb.connect(str(data / "inbox.duckdb")) as connection:
        connection.execute("update events set kind = 'other'")
    found = told("verify", code=1)
    assert found["ok"] is False
    assert found["findings"][0]["subject"] == "diary"


def test_refusals_are_sentences(told, run):
    add_support(told)
    assert "already" in told(
        "mailbox", "add", "support@example.com", "--imap=imaps://x.example.com",
        "--password-env=P", code=1, P="x"
    )["error"]  # fmt: skip
    done = run("mailbox", "add", "b@example.com", "--imap=imaps://x.test", "--password-env=UNSET_")
    assert (done.returncode, done.stdout) == (1, "")
    assert "UNSET_" in done.stderr and "Traceback" not in done.stderr
    for words in (
        ("mailbox", "add", "b@example.com", "--imap=imap://far.example.com", "--token-command=x"),
        ("agent", "add", "c@example.com", "--mailbox=support@example.com:king"),
        ("agent", "deactivate", "nobody@example.com"),
        ("restore", "/no/such/backup"),
    ):
        assert told(*words, code=1)["error"]
    assert told("agent", "list") == {"agents": []}
    assert run("launch").returncode == 2


READING = (
    ("mailbox", "list"), ("mailbox", "test", "a@example.com"), ("agent", "list"),
    ("agent", "deactivate", "a@example.com"), ("poll",), ("verify",), ("backup",),
    ("snapshot", "/tmp/never.duckdb"),
)  # fmt: skip


def test_commands_that_begin_nothing_leave_an_empty_folder_as_it_is(told, data):
    for words in READING:
        assert "no database" in told(*words, code=1)["error"], words
    assert told("doctor")["ok"]
    assert "error" in told("import", "--mailbox=a@example.com", data.parent / "no", code=1)
    assert not (data / "inbox.duckdb").exists()
    assert demo.is_wanted(Settings(data=data), {})


def test_without_an_app_troubles_of_the_disk_are_sentences(run, told, data):
    data.write_text("a file where the folder should be")
    mail = data.parent / "1.eml"
    mail.write_text(MAIL)
    words = ("import", "--mailbox=a@example.com", mail)
    assert "cannot be written" in told(*words, code=1)["error"]
    done = run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be written" in done.stderr and "Traceback" not in done.stderr
    found = told("doctor", code=1)["findings"]
    assert [f["state"] for f in found if f["subject"] == "data folder"] == ["broken"]


def test_import_leaves_out_and_counts_what_cannot_be_read(run, told, tmp_path):
    folder = tmp_path / "mail"
    (folder / "dir.eml").mkdir(parents=True)
    (folder / "1.eml").write_text(MAIL)
    (folder / "dir.eml" / "2.eml").write_text(MAIL.replace("<1@", "<2@"))
    (folder / "gone.eml").symlink_to(tmp_path / "nowhere")
    words = ("import", "--mailbox=a@example.com", folder)

    first = told(*words)

    assert (first["read"], first["filed"], first["skipped"]) == (2, 2, 2)
    done = run(*words)
    assert "gone.eml is left out" in done.stderr and "dir.eml is left out" in done.stderr
    assert "2 files were left out" in done.stdout


def test_no_command_waits_for_what_only_pages_need():
    """Half a second each, at every command."""
    done = python(
        "-c",
        "import sys; import inbox.__main__; "
        "print({'streamlit', 'pandas', 'altair', 'holidays'} & sys.modules.keys())",
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_a_bad_setting_is_named(run):
    done = run("verify", DELAD_UNDO_SECONDS="soon")
    assert done.returncode == 1
    assert "undo_seconds" in done.stderr


@pytest.fixture
def home(data):
    opened = house.open_up(Settings(data=data), now=NOON)
    furniture.furnish(opened, now=NOON)
    yield opened
    opened.close()


def test_while_the_app_runs_it_does_the_work(home, told, run, tmp_path):
    with control.serving(home, COMMANDS):
        assert [m["address"] for m in told("mailbox", "list")["mailboxes"]] == [
            "support@example.com",
            "sales@example.com",
        ]
        done = run("verify")
        assert (done.returncode, done.stdout) == (0, "Everything is as it was written.\n")
        assert "events of the diary" in done.stderr or "Checking" in done.stderr
        assert told("doctor")["ok"]
        told("backup")
        told("snapshot", tmp_path / "today.duckdb")
        assert "There is no mailbox" in told("mailbox", "test", "x@example.com", code=1)["error"]
        assert "by itself" in told("poll", code=2)["error"]
        assert (
            "Stop it first"
            in told("restore", next(home.settings.backups.iterdir()), code=2)["error"]
        )
        served = run("serve", "--port=1")
        assert (served.returncode, "running already" in served.stderr) == (2, True)


def test_a_database_held_without_a_socket_is_busy(home, run):
    for command in ("verify", "poll"):
        done = run(*command.split())
        assert done.returncode == 2, command
        assert f"in use by process {os.getpid()}" in done.stderr
    assert run("doctor").returncode == 0


def test_serve_says_when_the_port_is_taken(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", f"--port={taken.getsockname()[1]}")
    assert done.returncode == 1
    assert "is taken" in done.stderr
