import logging
import re
import time

import pytest

from inbox import clock, invitations, notices, sessions
from tests.furniture import ADA, BO
from tests.web.conftest import HASH, PASSWORD

NEW = "four words make sense"


def issue(served, make):
    with served.house.store.write() as db:
        return make(db, now=clock.now())


def letters(served, count):
    """The letters, once so many lie there: they are written after the answer."""
    end = time.monotonic() + 5
    while len(served.letters) < count and time.monotonic() < end:
        time.sleep(0.02)
    return served.letters


def invite(served, ada):
    return issue(
        served, lambda db, now: invitations.invite(db, ada, "dan@example.com", "Dan", now=now)
    )


@pytest.mark.parametrize("path", ["/setup", "/invitation", "/reset"])
def test_an_invented_link_is_told_so(served, path):
    answer = served.browser().get(f"{path}?token=x")

    assert answer.status_code == 410
    assert "Ask for a new one" in answer.text


def test_the_first_visitor_with_the_link_becomes_admin(served):
    with served.house.store.export() as cursor:
        cursor.execute("update agents set password_hash = null")
    token = issue(served, invitations.set_up_link)
    browser = served.browser()
    assert browser.get(f"/setup?token={token}").status_code == 200
    typed = {"token": token, "name": "Nils Frid", "email": "nils@example.com", "password": NEW}

    answer = browser.post("/setup", data=typed)

    assert answer.headers["location"] == "/"
    with served.house.store.read() as db:
        nils = sessions.by_digest(db, sessions.digest(browser.token), now=clock.now())
    assert (nils.name, nils.is_admin) == ("Nils Frid", True)
    assert served.browser().post("/setup", data=typed).status_code == 410


def test_an_invitation_is_looked_at_without_being_used(served, ada):
    token = invite(served, ada)
    for _ in range(3):
        page = served.browser().get(f"/invitation?token={token}").text
    assert 'value="Dan"' in page
    assert "dan@example.com" in page
    assert 'autocomplete="new-password"' in page

    browser = served.browser()
    answer = browser.post("/invitation", data={"token": token, "name": "Dan", "password": NEW})
    assert answer.headers["location"] == "/"
    assert "inside" in browser.get("/inbox").text


def test_a_bad_password_is_said_beside_it_and_the_name_is_kept(served, ada):
    token = invite(served, ada)
    sent = {"token": token, "name": "Dan Östen", "password": "short"}
    answer = served.browser().post("/invitation", data=sent)

    assert answer.status_code == 422
    assert "at least 12 characters" in answer.text
    assert 'value="Dan Östen"' in answer.text
    assert "short" not in answer.text
    sent["password"] = NEW
    assert served.browser().post("/invitation", data=sent).status_code == 303


def test_forgetting_looks_the_same_for_everyone(served):
    def page(email):
        answer = served.browser().post("/forgot", data={"email": email})
        return answer.status_code, answer.text.replace(email, "EMAIL")

    assert page("bo@example.com") == page("nobody@example.com")
    assert [address for address, _ in letters(served, 1)] == ["bo@example.com"]


def test_a_house_that_cannot_send_says_so_to_everyone(served):
    with served.house.store.export() as cursor:
        cursor.execute("update mailboxes set smtp_url = null")

    for email in ("bo@example.com", "nobody@example.com"):
        answer = served.browser().post("/forgot", data={"email": email})
        assert (answer.status_code, "Ask an admin for a link" in answer.text) == (503, True)


def test_the_letters_link_gives_a_new_password_and_ends_the_old_sessions(served):
    old = served.browser(BO)
    served.browser().post("/forgot", data={"email": "Bo@example.com"})
    ((_, text),) = letters(served, 1)
    link = re.search(r"http\S+", text)[0]
    assert link.startswith(served.house.settings.base_url + notices.PATHS["reset"])

    browser = served.browser()
    token = link.split("token=")[1]
    assert browser.get(link.removeprefix(served.house.settings.base_url)).status_code == 200
    answer = browser.post("/reset", data={"token": token, "password": NEW})

    assert answer.status_code == 303
    assert "inside" in browser.get("/inbox").text
    assert old.get("/inbox").status_code == 303
    assert (
        "location"
        not in served.browser()
        .post("/signin", data={"email": "bo@example.com", "password": PASSWORD})
        .headers
    )


@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "localhost:9999", "Origin": "http://localhost:9999"},
        {"Host": "127.0.0.1:1", "Origin": "http://127.0.0.1:1", "X-Forwarded-Host": "evil.test"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "9999"},
    ],
)
def test_a_letters_link_leads_only_where_the_settings_say(served, forged):
    if "X-Forwarded-Proto" in forged:
        forged = {**forged, "Origin": f"https://127.0.0.1:{served.port}"}
    answer = served.browser().post("/forgot", data={"email": "bo@example.com"}, headers=forged)

    assert answer.status_code == 200
    ((_, text),) = letters(served, 1)
    assert re.findall(r"http\S+", text)[0].startswith(
        f"{served.house.settings.base_url}{notices.PATHS['reset']}?token="
    )
    assert "9999" not in text


def test_nobody_is_drowned_in_letters(served):
    answers = [
        served.browser().post("/forgot", data={"email": "bo@example.com"}).status_code
        for _ in range(12)
    ]

    assert answers == [200] * 10 + [429] * 2
    assert len(letters(served, 10)) == 10


def test_changing_the_password_asks_for_the_old_one_and_keeps_this_browser(served):
    here, there = served.browser(BO), served.browser(BO)
    assert "Password now" in here.get("/password").text

    wrong = here.post("/password", data={"old": "wrong wrong wrong", "password": NEW})
    assert "That is not your password" in wrong.text
    right = here.post("/password", data={"old": PASSWORD, "password": NEW})

    assert "Your password is changed" in right.text
    assert here.get("/inbox").status_code == 200
    assert there.get("/inbox").status_code == 303


def test_guessing_the_old_password_is_counted_too(served):
    browser = served.browser(BO)
    sent = {"old": "wrong wrong wrong", "password": NEW}
    for _ in range(10):
        browser.post("/password", data=sent)

    assert "Too many attempts" in browser.post("/password", data=sent).text


def test_no_secret_reaches_a_log_an_event_or_an_error(served, ada, caplog, capfd):
    """The canary: everything secret that passed the doors, looked for everywhere else."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.CRITICAL, "urllib3")
    canary, browser = "canary password 4711", served.browser()
    token = invite(served, ada)
    browser.get(f"/invitation?token={token}")
    browser.post("/invitation", data={"token": token, "name": "Dan", "password": canary})
    session = browser.token
    browser.get("/inbox")
    browser.post("/password", data={"old": canary, "password": canary + " two"})
    browser.post("/signin", data={"email": "dan@example.com", "password": canary + " three"})
    browser.post("/forgot", data={"email": "dan@example.com"})
    reset = letters(served, 1)[-1][1].split("token=")[1].split()[0]
    browser.get("/reset?token=" + reset + "x")

    with served.house.store.export() as cursor:
        tables = [row[0] for row in cursor.execute("show tables").fetchall()]
        # The letter itself must carry its link; nothing else may.
        stored = "".join(
            str(cursor.execute(f"from {table}").fetchall()) for table in tables if table != "outbox"
        )
    printed = capfd.readouterr()
    elsewhere = stored + caplog.text + printed.out + printed.err
    for secret in ("canary password", token, session, reset):
        assert secret
        assert secret not in elsewhere
    assert HASH in stored
    assert ADA
