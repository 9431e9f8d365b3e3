import contextlib
import json
import os
import socket
import threading
from pathlib import Path

import pytest

from inbox import control
from inbox.control import Answer, Refused
from inbox.errors import NotFound, StoreBusy
from tests.conftest import NOON


def greet(house, arguments, progress):
    progress("Thinking")
    progress("Åtgärdar")
    return Answer(data={"name": arguments["name"]}, lines=("Hello.",), exit_code=3)


def refuse(house, arguments, progress):
    raise NotFound("mailbox")


def fill_the_disk(house, arguments, progress):
    raise OSError(28, "No space left on device")


CANARY = "words_of_a_mail"


def blunder(house, arguments, progress):
    raise KeyError(CANARY)


def break_the_store(house, arguments, progress):
    with house.store.export() as cursor:
        cursor.execute(f"select {CANARY}")


def dated(house, arguments, progress):
    return Answer(data={"made_at": NOON, "file": Path("x")})


COMMANDS = {"greet": greet, "refuse": refuse, "fill": fill_the_disk} | {
    "blunder": blunder,
    "break": break_the_store,
    "date": dated,
}


@pytest.fixture
def served(home):
    with control.serving(home, COMMANDS):
        yield home.settings.socket


def test_an_order_is_answered_with_its_progress(served):
    told = []
    answer = control.ask(served, "greet", {"name": "Märta"}, progress=told.append)

    assert answer == Answer(data={"name": "Märta"}, lines=("Hello.",), exit_code=3)
    assert told == ["Thinking", "Åtgärdar"]


def test_a_refusal_comes_back_in_its_own_words(served):
    with pytest.raises(Refused, match="There is no mailbox for you here"):
        control.ask(served, "refuse", {})
    with pytest.raises(Refused, match="No space left"):
        control.ask(served, "fill", {})
    with pytest.raises(Refused, match="knows no command"):
        control.ask(served, "launch", {})


@pytest.mark.parametrize("command", ["blunder", "break"])
def test_a_bug_in_a_command_is_no_end_of_the_app(served, caplog, command):
    with pytest.raises(Refused, match=f"{command} failed: .*see the app's log"):
        control.ask(served, command, {})
    assert "test_control.py" in caplog.text
    assert CANARY not in caplog.text
    assert control.ask(served, "greet", {"name": "x"})


def test_an_answer_may_hold_moments_and_paths(served):
    answer = control.ask(served, "date", {})
    assert answer and answer.data == {"made_at": "2026-03-02 12:00:00", "file": "x"}


def test_nobody_else_can_reach_the_socket(served):
    assert served.stat().st_mode & 0o777 == 0o600
    assert served.parent.stat().st_mode & 0o777 == 0o700


def test_another_user_is_not_heard(served, monkeypatch):
    monkeypatch.setattr(control, "_is_mine", lambda connection: False)
    with pytest.raises(StoreBusy):
        control.ask(served, "greet", {"name": "x"})


def test_an_app_that_hangs_up_before_the_order_is_said_has_stopped(home, monkeypatch):
    here, there = socket.socketpair(socket.AF_UNIX)
    there.close()
    monkeypatch.setattr(control, "_connect", lambda file: here)
    with pytest.raises(StoreBusy, match="stopped while it did this"):
        control.ask(home.settings.socket, "greet", {"name": "x"})


def test_the_peer_is_known_by_the_system(monkeypatch):
    here, there = socket.socketpair(socket.AF_UNIX)
    with here, there:
        assert control._is_mine(here)
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        assert not control._is_mine(here)


def test_without_an_app_there_is_no_answer(settings, tmp_path):
    assert control.ask(settings.socket, "greet", {}) is None
    assert control.ask(tmp_path / ("x" * 150) / "delad.sock", "greet", {}) is None


def test_a_socket_left_behind_is_no_app_and_is_replaced(home):
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as dead:
        dead.bind(str(home.settings.socket))
    assert home.settings.socket.exists()
    assert not control.is_served(home.settings.socket)

    with control.serving(home, COMMANDS):
        assert control.is_served(home.settings.socket)
    assert not home.settings.socket.exists()


def test_a_long_data_path_is_served_too(home, tmp_path):
    import dataclasses

    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    moved = dataclasses.replace(home, settings=dataclasses.replace(home.settings, data=deep))
    with control.serving(moved, COMMANDS):
        assert control.ask(moved.settings.socket, "greet", {"name": "x"})
    assert list(deep.iterdir()) == []


def test_many_at_once_and_nonsense_disturb_nobody(served):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(control.ask(served, "greet", {"name": 1})))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as rude:
            rude.connect(str(served))
            rude.sendall(b"{}\n" if rude.fileno() % 2 else b"\x00\xff nonsense\n")
    for thread in threads:
        thread.join()
    assert len(answers) == 10


def test_an_order_outlives_the_command_line_that_gave_it(home):
    done = threading.Event()

    def slow(house, arguments, progress):
        for _ in range(50):
            progress("x" * 10_000)
        done.set()
        return Answer(data={})

    with control.serving(home, {"slow": slow}):
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as hasty:
            hasty.connect(str(home.settings.socket))
            hasty.sendall(json.dumps({"command": "slow", "arguments": {}}).encode() + b"\n")
        assert done.wait(10)


def test_the_socket_is_gone_when_the_app_is(home):
    with control.serving(home, COMMANDS):
        pass
    assert not Path(home.settings.socket).exists()
    assert control.ask(home.settings.socket, "greet", {}) is None
