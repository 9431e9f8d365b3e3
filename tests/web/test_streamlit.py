"""The doors before a real Streamlit, and a real browser before the doors."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import websockets.sync.client as ws
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from inbox import clock, house, sessions
from inbox.settings import Settings
from tests import furniture
from tests.conftest import NOON
from tests.furniture import ADA, BO

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """(address, token of Ada, token of Bo) of a running app."""
    folder = tmp_path_factory.mktemp("app")
    for name in ("app", "frame"):
        shutil.copy(ROOT / f"tests/web/streamlit_{name}.py", folder / f"{name}.py")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    settings = Settings(data=folder / "data")
    opened = house.open_up(settings, now=NOON)
    furniture.furnish(opened, now=NOON)
    with opened.store.write() as db:
        tokens = [
            sessions.start(db, who, "test", settings=settings, now=clock.now()) for who in (ADA, BO)
        ]
    opened.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DELAD_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address + "/healthz", process)
        yield address, *tokens
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(url, process):
    for _ in range(200):
        assert process.poll() is None
        try:
            if requests.get(url, timeout=20).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    pytest.fail("the app did not start")


def stream(address, token, session_id=""):
    protocols = ["streamlit", "xsrf", session_id] if session_id else ["streamlit", "xsrf"]
    return ws.connect(
        address.replace("http", "ws") + "/_stcore/stream",
        additional_headers={"Cookie": f"delad={token}", "Origin": address},
        subprotocols=protocols,
        max_size=None,
        proxy=None,
    )


def run(socket, known=()):
    """Ask for a run, telling which elements the browser holds, and read all that comes of it."""
    ask_for_run(socket, known)
    return hear(socket)


def ask_for_run(socket, known=(), pressed=(), fragment=""):
    """Ask for a run, of one fragment or of the whole page, telling which buttons were pressed."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    ask.rerun_script.cached_message_hashes.extend(known)
    ask.rerun_script.fragment_id = fragment
    for button in pressed:
        ask.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
    socket.send(ask.SerializeToString())


def hear(socket):
    heard = []
    while not heard or heard[-1].WhichOneof("type") != "script_finished":
        message = ForwardMsg()
        message.ParseFromString(socket.recv(timeout=20))
        heard.append(message)
    return heard


def hear_all(socket):
    """Everything until nothing comes any more."""
    heard = []
    try:
        while True:
            message = ForwardMsg()
            message.ParseFromString(socket.recv(timeout=2))
            heard.append(message)
    except TimeoutError:
        return heard


def session_of(socket):
    """Which session Streamlit gave us and what its page says."""
    session_id, said = "", ""
    for message in run(socket):
        if message.WhichOneof("type") == "new_session":
            session_id = message.new_session.initialize.session_id
        text = message.delta.new_element.markdown.body
        said = text if text.startswith("session:") else said
    return session_id, said


def test_a_page_finds_its_agent_by_the_header(started):
    address, ada, _ = started
    with stream(address, ada) as socket:
        assert session_of(socket)[1] == f"session:{sessions.digest(ada)}:"


def test_a_known_session_id_is_no_way_into_anothers_session(started):
    address, ada, bo = started
    with stream(address, ada) as mine:
        session_id, _ = session_of(mine)
        with stream(address, bo, session_id) as thief:
            got, said = session_of(thief)
        assert session_id
        assert got != session_id
        assert said == f"session:{sessions.digest(bo)}:"
        assert session_of(mine)[1] == f"session:{sessions.digest(ada)}:"


def test_what_the_browser_may_have_forgotten_is_sent_whole(started):
    address, ada, _ = started
    with stream(address, ada) as socket:
        known = [message.hash for message in run(socket) if message.hash]
        heard = run(socket, known)
    assert max(len(message.SerializeToString()) for message in heard) > 20_000
    assert [message.ref_hash for message in heard if message.ref_hash] == []


@pytest.mark.parametrize("pause", [0, 0.2])
def test_what_is_pressed_is_done_though_another_run_is_asked_for_meanwhile(started, pause):
    address, ada, _ = started
    with stream(address, ada) as socket:
        buttons = [m.delta.new_element.button for m in run(socket)]
        claim = next(button.id for button in buttons if button.label == "Claim")
        for _ in range(5):
            ask_for_run(socket, pressed=[claim])
            time.sleep(pause)
            ask_for_run(socket)
            time.sleep(0.8)
        said = [m.delta.new_element.markdown.body for m in hear_all(socket)]
    assert [text for text in said if text.startswith("presses:")][-1] == "presses:5"


@pytest.mark.parametrize("order", [["Keep", "Tell"], ["Tell", "Keep"]])
def test_the_answer_of_a_deed_is_drawn_beside_news_for_another_fragment(started, order):
    address, ada, _ = started
    with stream(address, ada) as socket:
        page = run(socket)
        buttons = {
            m.delta.new_element.button.label: (m.delta.new_element.button.id, m.delta.fragment_id)
            for m in page
        }
        _, fragment = buttons["Keep"]
        for _ in range(3):
            ask_for_run(socket, pressed=[buttons[name][0] for name in order], fragment=fragment)
            time.sleep(0.3)
        said = [m.delta.new_element.markdown.body for m in hear_all(socket)]
    assert [text for text in said if text.startswith("kept:")][-1] == "kept:3"


def test_streamlits_own_doors_are_behind_the_gate(started):
    address, *_ = started
    for path in (
        "/",
        "/frame",
        "/_stcore/health",
        "/_stcore/host-config",
        "/media/x",
        "/component/x/y",
    ):
        assert requests.get(address + path, timeout=5, allow_redirects=False).status_code == 401
    for path in ("/_stcore/agent/openapi.json", "/_stcore/metrics"):
        assert requests.get(address + path, timeout=5).status_code == 401


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_sees_the_whole_page_under_the_policy(started, chromium, scheme):
    address, ada, _ = started
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 1000})
    try:
        context.add_cookies([{"name": "delad", "value": ada, "url": address, "httpOnly": True}])
        page = context.new_page()
        answered, complaints = [], []
        page.on("response", lambda response: answered.append(response.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(address)
        page.get_by_text("component runs: yes").wait_for(timeout=20_000)
        page.locator('[data-test-script-state="notRunning"]').wait_for(timeout=20_000)

        mail = page.frame_locator("iframe")
        assert mail.locator("#mail").inner_text() == "Dear team"
        assert mail.locator("#mail").evaluate("e => getComputedStyle(e).color") == "rgb(4, 5, 6)"
        assert mail.locator("#pixel").evaluate("e => e.naturalWidth") == 1
        page.get_by_text("In the sidebar").wait_for()
        page.locator('[data-testid="stDataFrame"] canvas').first.wait_for()
        page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').first.wait_for()
        icon = page.locator('[data-testid="stIconMaterial"]', has_text="front_hand").first
        assert icon.bounding_box()["width"] < 40
        assert page.title() == "Probe"
        dark = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        assert (dark == "rgb(20, 23, 29)") == (scheme == "dark")
        assert [url for url in answered if not url.startswith((address, "data:", "blob:"))] == []
        with page.expect_download() as download:
            page.get_by_text("Get").click()
        assert Path(download.value.path()).read_bytes() == b"x"
        if keep := os.environ.get("DELAD_SCREENSHOTS"):
            page.screenshot(path=f"{keep}/policy-{scheme}.png")
            Path(keep, f"policy-{scheme}.txt").write_text("\n".join(complaints))
    finally:
        context.close()
