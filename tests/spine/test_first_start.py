"""The first minutes: the demo, leaving it, and the first admin of an empty house."""

import re
from html import unescape

import requests

from tests.servers import free_port
from tests.spine.conftest import until


def browser(app, **headers):
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"Origin": app.url, "Accept": "text/html", **headers})
    return session


def test_from_the_demo_to_the_first_admin(start):
    """With nothing configured the demo starts; one click leaves it; the console prints the link
    that makes the first admin, and it works once."""
    app = start()
    password = app.said(r"with the password (\S+)")
    visitor = browser(app)
    door = visitor.get(f"{app.url}/signin").text
    assert "Sara Lindqvist" in door
    assert password in unescape(door)
    entered = visitor.post(
        f"{app.url}/signin", data={"email": "sara@nordkaj.example", "password": password}
    )
    assert entered.status_code == 200
    refused = app.command("mailbox", "list", "--json", check=False)
    assert (refused.returncode, "runs in demo mode" in refused.stdout) == (1, True)
    assert not (app.data / "inbox.duckdb").exists()

    told = visitor.post(f"{app.url}/start-for-real")

    assert "Look at the console" in told.text
    link = app.said(r"(http://\S+/setup\?token=\S+)")
    until(app.answers)
    newcomer = browser(app)
    assert "set-up link" in newcomer.get(f"{app.url}/signin").text
    first = {"name": "Ada Lind", "email": "ada@example.com", "password": "four tidy otters waving"}
    token = re.search(r"token=(\S+)", link)[1]
    assert newcomer.post(f"{app.url}/setup", data={"token": token, **first}).status_code == 200
    again = browser(app).post(f"{app.url}/setup", data={"token": token, **first})
    assert "used" in again.text or "no longer" in again.text
    listed = app.command("agent", "list", "--json").stdout
    assert "ada@example.com" in listed
    assert "sara@nordkaj.example" not in listed


def test_a_demo_seen_from_elsewhere_shows_no_password_and_cannot_be_ended(start):
    app = start()
    password = app.said(r"with the password (\S+)")
    passed_on = browser(app, **{"X-Forwarded-For": "192.0.2.7"})

    assert password not in unescape(passed_on.get(f"{app.url}/signin").text)
    passed_on.post(
        f"{app.url}/signin", data={"email": "sara@nordkaj.example", "password": password}
    )
    assert passed_on.post(f"{app.url}/start-for-real").status_code == 403
    assert not (app.data / "started-for-real").exists()


def test_a_second_start_on_the_same_data_is_refused_in_plain_words(start):
    app = start(demo="false")

    second = app.command("serve", "--port", str(free_port()), check=False)

    assert second.returncode == 2
    assert "Delad is running already" in second.stderr
    assert app.answers()
    assert oct(app.data.stat().st_mode)[-3:] == "700"
    assert {oct(f.stat().st_mode)[-3:] for f in (app.data / "keys").iterdir()} == {"600"}
