from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from inbox import passwords
from inbox.house import House
from tests.conftest import NOON

AtDesk = Callable[..., AppTest]
OLD, NEW = "an old but honest phrase", "a newer phrase of words"


def account(at_desk: AtDesk) -> AppTest:
    app = at_desk("bo").run()
    return app.switch_page("work/account.py").run()


def type_in(app: AppTest, old: str) -> None:
    fields = {field.label: field for field in app.text_input}
    fields["Password now"].set_value(old)
    fields["New password"].set_value(NEW)
    next(button for button in app.button if button.label == "Change password").click().run()


def test_a_new_name_and_signature_are_kept(at_desk: AtDesk, home: House) -> None:
    app = account(at_desk)
    app.text_input(key="own_name").set_value("Bo A. Ek")
    app.text_area(key="own_signature").set_value("Bo, Support")
    app.button[0].click().run()

    with home.store.export() as cursor:
        kept = cursor.execute("select name, signature from agents where id = 2").fetchone()
    assert kept == ("Bo A. Ek", "Bo, Support")
    assert not app.exception


def test_the_password_changes_only_with_the_old_one(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        cursor.execute(
            "update agents set password_hash = $hash where id = 2", {"hash": passwords.hash(OLD)}
        )
    app = account(at_desk)
    type_in(app, "a wrong one altogether")
    assert app.error[0].value == "That is not your password\\."

    type_in(app, OLD)
    assert app.success
    with home.store.export() as cursor:
        (stored,) = cursor.execute("select password_hash from agents where id = 2").fetchone()
    assert passwords.check(NEW, stored)


def test_one_may_end_ones_own_session(at_desk: AtDesk) -> None:
    app = account(at_desk)
    ends = [button for button in app.button if (button.key or "").startswith("end_")]
    assert len(ends) == 1

    ends[0].click().run()
    app.run()

    assert [title.value for title in app.title] == ["You are signed out"]


def test_this_browser_is_marked_and_the_others_are_ended_together(
    at_desk: AtDesk, home: House
) -> None:
    with home.store.export() as cursor:
        cursor.execute(
            "insert into sessions (agent_id, token_digest, device, created_at, expires_at) "
            "select 2, 'other ' || n, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, "
            "like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36', $now - interval 1 hour, "
            "$now + interval 1 day from range(3) r(n)",
            {"now": NOON},
        )
    app = account(at_desk)
    told = [m.value for m in app.markdown if "since" in m.value]
    assert ["this browser" in line for line in told] == [True, False, False, False]
    assert told[1].startswith("Chrome on Linux")

    app.button(key="end_others").click().run()

    told = [m.value for m in app.markdown if "since" in m.value]
    assert len(told) == 1 and "this browser" in told[0]
    assert "end_others" not in {button.key for button in app.button}


@pytest.mark.feature("OW16")
def test_a_chosen_time_zone_is_kept(at_desk: AtDesk, home: House) -> None:
    app = account(at_desk)
    app.selectbox(key="own_zone").set_value("Asia/Tokyo")
    app.button[1].click().run()

    with home.store.export() as cursor:
        kept = cursor.execute("select time_zone from agents where id = 2").fetchone()
    assert kept == ("Asia/Tokyo",)
    assert not app.exception
