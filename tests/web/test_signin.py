import html
import re
from dataclasses import replace

import pytest

from inbox import agents, clock, people, sessions
from tests.furniture import BO
from tests.web.conftest import PASSWORD, serve
from web.demo import DemoDoor
from web.signin import local_path

DEMO = DemoDoor(
    accounts=[("bo@example.com", "Bo Ek", "answers support")], password=PASSWORD, leave=lambda: None
)


def sign_in(browser, email="bo@example.com", password=PASSWORD, **more):
    data = {"email": email, "password": password, **more}
    return browser.post("/signin", data=data)


def test_the_right_password_opens_a_session_scripts_cannot_read(served):
    browser = served.browser()
    answer = sign_in(browser)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert "inside" in browser.get("/inbox").text
    assert browser.get("/signin").headers["location"] == "/"


@pytest.mark.parametrize(
    ("accepted", "title"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "Logga in"),
        ("de,en;q=0.5,sv;q=0.4", "Sign in"),
        ("en;q=0.2,sv;q=0.7", "Logga in"),
        ("", "Sign in"),
        (";;q=,sv-;q=x,\x7f", "Sign in"),
    ],
)
def test_the_door_speaks_the_language_the_browser_asks_for(served, accepted, title):
    page = served.browser().get("/signin", headers={"Accept-Language": accepted}).text
    assert f"<h1>{title}</h1>" in page
    assert f'<html lang="{"sv" if title == "Logga in" else "en"}">' in page


def test_inside_the_agents_own_language_counts_and_a_wrong_password_is_told_in_it(served):
    browser = served.browser(BO)
    with served.house.store.write() as db:
        people.set_preferences(db, agents.by_id(db, BO), "sv", "", now=clock.now())
    page = browser.get("/password", headers={"Accept-Language": "en"}).text
    assert "Byt lösenord" in page
    data = {"old": "wrong guess of mine", "password": "short"}
    assert "Använd minst" in browser.post("/password", data=data).text
    answer = sign_in(served.browser(), password="nothing like it")
    assert "do not belong together" in answer.text


def test_over_https_the_cookie_is_secure(served):
    secure = {"X-Forwarded-Proto": "https", "Origin": f"https://127.0.0.1:{served.port}"}
    answer = served.browser().post(
        "/signin", data={"email": "bo@example.com", "password": PASSWORD}, headers=secure
    )

    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_wrong_password_keeps_what_was_typed_but_the_password(served):
    answer = sign_in(served.browser(), password="not my password", next="/?c=1")

    assert answer.status_code == 401
    assert sessions.WRONG in answer.text
    assert 'value="bo@example.com"' in answer.text
    assert "not my password" not in answer.text
    assert 'value="/?c=1"' in answer.text
    assert "set-cookie" not in answer.headers


def test_known_and_unknown_names_get_the_same_page_and_the_same_work(served, bcrypt_calls):
    def page(email):
        answer = sign_in(served.browser(), email, "wrong wrong wrong")
        return answer.status_code, answer.text.replace(email, "EMAIL"), len(bcrypt_calls)

    known = page("bo@example.com")
    bcrypt_calls.clear()
    unknown = page("nobody@example.com")

    assert known == unknown
    assert known[2] == 1


def test_eleven_guesses_at_once_check_ten(served, bcrypt_calls):
    answers = [sign_in(served.browser(), password="wrong wrong wrong") for _ in range(12)]

    assert [a.status_code for a in answers] == [401] * 10 + [429] * 2
    assert len(bcrypt_calls) == 10
    assert "Too many attempts" in answers[-1].text
    assert sign_in(served.browser()).status_code == 429


def test_a_session_is_not_taken_over_from_before_sign_in(served):
    browser = served.browser()
    browser.cookies.set("delad", "planted")
    answer = sign_in(browser)

    assert "planted" not in answer.headers["set-cookie"]


def test_signing_out_revokes_what_was_copied(served):
    browser = served.browser(BO)
    copied = browser.token
    answer = browser.post("/signout")

    assert answer.headers["location"] == "/signin"
    assert 'delad=""' in answer.headers["set-cookie"]
    again = served.browser()
    again.cookies.set("delad", copied)
    assert again.get("/inbox").status_code == 303


@pytest.mark.parametrize("site", ["same-origin", "same-site", "cross-site", "none", ""])
def test_a_link_never_signs_out_but_asks(served, site):
    browser = served.browser(BO)
    answer = browser.get("/signout", headers={"Sec-Fetch-Site": site} if site else {})

    assert "Sign out?" in answer.text
    assert "set-cookie" not in answer.headers
    assert "inside" in browser.get("/inbox").text
    with served.house.store.read() as db:
        assert sessions.by_digest(db, sessions.digest(browser.token), now=clock.now())


def test_who_is_not_signed_in_is_not_asked(served):
    assert served.browser().get("/signout").headers["location"] == "/signin"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\tevil",
        "javascript:alert(1)",
        "",
        "evil",
        "/%0d%0aSet-Cookie:x\r\n",
        "/\u2028",
    ],
)
def test_sign_in_leads_nowhere_else(served, wanted):
    answer = sign_in(served.browser(), next=wanted)

    assert answer.headers["location"] == "/"
    assert local_path("/?c=1&m=2") == "/?c=1&m=2"


@pytest.mark.parametrize("field", ["email", "next"])
def test_what_was_typed_is_never_markup(served, field):
    evil = '/"><script>alert(1)</script>'
    answer = served.browser().post("/signin", data={"email": "x", "password": "y", field: evil})

    assert "<script" not in answer.text
    assert html.escape(evil) in answer.text


def test_without_an_admin_the_page_says_where_the_link_is(served):
    with served.house.store.export() as cursor:
        cursor.execute("update agents set password_hash = null")

    assert "set-up link printed" in served.browser().get("/signin").text


def test_no_demo_account_is_shown_outside_the_demo(home):
    for served in serve(home, DEMO):
        assert PASSWORD not in served.browser().get("/signin").text


@pytest.fixture
def demo(home):
    with home.store.export() as cursor:
        cursor.execute(
            "update agents set password_hash = "
            "'$2b$04$8wf2jA4SDfnakL0SmgKLueUdXP6aWpp8ghuulSgMZ1Lx.t7g9RE9K'"
        )
    settings = replace(home.settings, demo=True, allowed_hosts="demo.example.com")
    yield from serve(replace(home, settings=settings), DEMO)


def test_in_the_demo_one_click_signs_in(demo):
    browser = demo.browser()
    page = browser.get("/signin?next=/%3Fc%3D1").text
    section = page[page.index('class="demo"') :]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', section))

    assert "Bo Ek" in section
    assert "answers support" in section
    answer = browser.post("/signin", data=sent)
    assert answer.headers["location"] == "/?c=1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "demo.example.com"},
        {"X-Forwarded-For": "192.0.2.1"},
        {"X-Forwarded-Host": "x"},
        {"Forwarded": "for=192.0.2.1"},
        {"Via": "1.1 proxy"},
        {"CF-Connecting-IP": "192.0.2.1"},
    ],
)
def test_whoever_comes_through_a_proxy_sees_no_demo_password(demo, headers):
    assert PASSWORD not in demo.browser().get("/signin", headers=headers).text


def test_the_demo_password_hides_from_logs():
    assert PASSWORD not in repr(DEMO)
