import json
from dataclasses import replace

import pytest
import websockets.sync.client as ws
from websockets.exceptions import ConnectionClosed, InvalidStatus

from inbox import clock, people, sessions
from tests.furniture import ADA, BO
from tests.web.conftest import PASSWORD
from web import origin

CLOSED = [
    "/",
    "/inbox?c=1",
    "/_stcore/stream",
    "/_stcore/upload_file/a/b",
    "/media/abc.png",
    "/component/x/index.html",
    "/app/static/x.js",
    "/attachment/1",
    "/original/1",
    "/draft/1",
    "/live",
    "/password",
    "/static/../inbox",
    "/signin/",
    "//signin",
    "/healthz/x",
]


def connect(served, path, token="", **headers):
    sent = {"Origin": served.base, **headers}
    if token:
        sent["Cookie"] = f"delad={token}"
    sent = {name: value for name, value in sent.items() if value is not None}
    return ws.connect(f"ws://127.0.0.1:{served.port}{path}", additional_headers=sent, proxy=None)


@pytest.mark.parametrize("path", CLOSED)
def test_a_stranger_is_shown_the_way_and_a_program_is_refused(served, path):
    browser = served.browser()

    shown = browser.get(path)
    told = browser.get(path, headers={"Accept": "*/*"})

    assert "inside" not in shown.text + told.text
    assert told.status_code == 401
    assert shown.status_code in (303, 401)
    if shown.status_code == 303:
        assert shown.headers["location"].startswith("/signin?next=")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_no_method_slips_through(served, method):
    assert getattr(served.browser(), method)("/inbox").status_code == 401


@pytest.mark.parametrize("path", ["/signin", "/forgot", "/healthz", "/static/x.js", "/favicon.png"])
def test_the_doors_themselves_are_open(served, path):
    assert served.browser().get(path).status_code == 200


def test_a_session_opens_everything(served):
    assert "inside" in served.browser(BO).get("/inbox").text


@pytest.mark.parametrize("cookie", ["x", "", "å", '"', "delad", "a" * 5000])
def test_a_made_up_cookie_opens_nothing(served, cookie):
    browser = served.browser()
    browser.headers["Cookie"] = f"delad={cookie}".encode()

    assert browser.get("/inbox").status_code == 303


def test_the_page_asked_for_survives_sign_in(served):
    browser = served.browser()
    location = browser.get("/?c=1&m=2").headers["location"]
    assert location == "/signin?next=%2F%3Fc%3D1%26m%3D2"
    form = browser.get(location)
    assert 'name="next" value="/?c=1&amp;m=2"' in form.text

    answer = browser.post(
        "/signin", data={"email": "bo@example.com", "password": PASSWORD, "next": "/?c=1&m=2"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/?c=1&m=2")
    assert "inside" in browser.get("/?c=1&m=2").text


def test_the_session_header_is_ours_alone(served):
    browser = served.browser(BO)
    digest = sessions.digest(browser.token)
    forged = {"X-Delad-Session": sessions.digest(served.browser(ADA).token)}

    assert browser.get("/_stcore/echo", headers=forged).json() == {"sessions": [digest]}
    assert served.browser().get("/_stcore/echo", headers=forged).status_code == 401


def test_two_sessions_of_one_agent_are_told_apart(served):
    one, two = (served.browser(BO).get("/_stcore/echo").json() for _ in range(2))

    assert one != two


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1.evil.test", "localhost@evil.test", "a/b", ""]
)
def test_another_host_name_is_refused(served, host):
    assert served.browser(BO).get("/inbox", headers={"Host": host}).status_code == 400


def test_a_host_that_cannot_be_read_is_refused(settings):
    for host in ("[", "[::1", "localhost:x", "localhost:1?x", None):
        assert not origin.is_our_host(host, settings)


def test_the_public_address_is_ours(settings):
    public = replace(
        settings, public_url="https://mail.example.com", allowed_hosts="a.test, B.test"
    )

    assert origin.is_our_host("mail.example.com", public)
    assert origin.is_our_host("b.test:8501", public)
    assert origin.is_our_origin("https://mail.example.com", "mail.example.com:443", public)
    assert origin.is_our_origin("https://mail.example.com", "localhost:8501", public)
    assert not origin.is_our_origin("http://mail.example.com:8080", "mail.example.com", public)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "LOCALHOST:1", "[::1]:8501"])
def test_loopback_names_are_ours(served, host):
    assert served.browser(BO).get("/inbox", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", [None, "null", "https://evil.test", "http://127.0.0.1:1", "x"])
@pytest.mark.parametrize(
    "path", ["/signin", "/signout", "/forgot", "/draft/1/attachment", "/_stcore/echo"]
)
def test_a_form_on_another_site_does_nothing(served, origin, path):
    assert served.browser(BO).post(path, headers={"Origin": origin}).status_code == 403


def test_a_strangers_endless_form_is_not_read(served):
    browser = served.browser()

    assert browser.post("/signin", data={"email": "x" * 20_000}).status_code == 413
    assert browser.post("/signin", data=iter([b"email=x"])).status_code == 413


@pytest.mark.parametrize("path", ["/_stcore/stream", "/live"])
def test_no_websocket_without_a_session_or_from_elsewhere(served, path):
    token = served.browser(BO).token
    for refused in (
        {},
        {"token": "x"},
        {"token": token, "Origin": None},
        {"token": token, "Origin": "https://evil.test"},
        {"token": token, "Host": "evil.test"},
    ):
        with pytest.raises(InvalidStatus):
            connect(served, path, **refused)


def test_an_open_stream_ends_with_its_session(served):
    token = served.browser(BO).token
    with connect(served, "/_stcore/stream", token) as stream:
        stream.send("a")
        assert stream.recv(timeout=5) == "re: a"
        with served.house.store.write() as db:
            sessions.end(db, token, now=clock.now())
        stream.send("b")
        with pytest.raises(ConnectionClosed) as closed:
            stream.recv(timeout=5)
    assert closed.value.rcvd.code == 4401


def test_a_revoked_session_is_out_at_the_next_request(served, ada):
    browser = served.browser(BO)
    assert browser.get("/inbox").status_code == 200
    with served.house.store.write() as db:
        people.set_password(db, ADA, "new", now=clock.now())
        people.deactivate(db, ada, BO, now=clock.now())

    assert browser.get("/inbox").status_code == 303


def test_a_lookup_is_remembered_until_something_changes(served):
    browser = served.browser(BO)
    browser.get("/inbox")
    tally = served.house.store.tally
    before = tally.statements
    for _ in range(5):
        browser.get("/inbox")

    assert tally.statements == before
    assert json.loads(browser.get("/healthz").text) == {"ok": True}
