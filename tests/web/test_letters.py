import pytest

from inbox import clock, drafts
from tests.furniture import ADA, BO, CY, EVE, INVOICE

HOSTILE = "<script>x</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"


@pytest.fixture
def draft(served, bo):
    with served.house.store.write() as db:
        return drafts.start(db, bo, INVOICE, "reply", now=clock.now())


def ask(browser, draft, body):
    return browser.post(f"/draft/{draft.id}/letter", json={"body": body})


@pytest.mark.feature("CR02")
def test_the_text_comes_back_as_it_would_be_mailed_and_harmless(served, draft):
    said = ask(served.browser(BO), draft, f"**Hello**\n\n{HOSTILE}").json()

    assert "<strong>Hello</strong>" in said["own"]
    assert "&lt;script&gt;" in said["own"]
    assert not [word for word in ("<script", "<img", 'href="j') if word in said["own"]]
    assert "<blockquote" in said["below"]
    assert "<script" not in said["below"]


@pytest.mark.parametrize("agent_id", [ADA, CY, EVE])
def test_only_its_author_sees_it(served, draft, agent_id):
    assert ask(served.browser(agent_id), draft, "x").status_code == 404


@pytest.mark.parametrize("body", [None, 1, ["x"], {}])
def test_what_is_no_text_is_refused(served, draft, body):
    assert ask(served.browser(BO), draft, body).status_code == 422


def test_what_no_browser_should_draw_is_not_sent_to_one(served, draft):
    said = ask(served.browser(BO), draft, "*a* " * 25_000)

    assert said.status_code == 422
    assert "It can be sent" in said.json()["error"]


def test_nothing_is_kept(served, bo, draft):
    ask(served.browser(BO), draft, "only looked at")
    with served.house.store.read() as db:
        assert drafts.own(db, bo, draft.id).body == draft.body
