"""The page Calendars: written, changed, refused beside its form; a mailbox follows one."""

from datetime import date

import pytest

from inbox import calendars
from tests.conftest import NOON, agent
from tests.furniture import ADA, SUPPORT


@pytest.fixture
def visit(at_desk):
    def come(who, page="calendars"):
        app = at_desk(who)
        app.run()
        return app.switch_page(f"admin/{page}.py").run()

    return come


def known(store):
    with store.read() as db:
        return calendars.versions(db, agent(store, ADA))


def keep(store, name="Office", **told):
    with store.write() as db:
        calendars.save(
            db,
            agent(store, ADA),
            name,
            time_zone="Europe/Stockholm",
            lines=["08:00-17:00"] * 5 + ["", ""],
            now=NOON,
            **told,
        )


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def words(app):
    return "\n".join(m.value for m in app.markdown).replace("\\", "")


def test_a_calendar_is_written(visit, store):
    app = press(visit("ada"), "New calendar")
    app.text_input(key="calendar_name").input("Kundtjänst <b>")
    app.selectbox(key="calendar_zone").select("Europe/Stockholm")
    app.text_input(key="calendar_hours_5").input("10-12")
    app.selectbox(key="calendar_country").select("SE")
    app = press(app, "Save")
    assert "Saturday: Write hours like" in app.error[0].value.replace("\\", "")
    assert app.text_input(key="calendar_name").value == "Kundtjänst <b>"

    app.text_input(key="calendar_hours_5").input("10:00-12:00")
    app = press(app, "Save")
    (version,) = known(store)["Kundtjänst <b>"]
    assert version.hours.split("\n")[5] == "10:00-12:00"
    assert version.country == "SE"
    assert "Mon–Fri 08:00-17:00, Sat 10:00-12:00" in words(app)
    assert all("<b>" not in m.value for m in app.markdown)
    assert "Next holidays" in words(app)
    assert not app.exception


def test_another_version_begins_on_its_day_and_a_correction_does_not(visit, store):
    keep(store)
    app = press(visit("ada"), "Change")
    app.text_area(key="calendar_days").input("2026-12-24")
    app = press(app, "Save")
    app.date_input(key="calendar_since").set_value(date(2030, 1, 1))
    app = press(app, "Save")
    first, second = known(store)["Office"]
    assert first.days == second.days == {date(2026, 12, 24): ""}
    assert second.valid_from.date() == date(2029, 12, 31)
    assert not app.exception


def test_a_new_one_does_not_write_over_another(visit, store):
    keep(store, days="2026-12-24")
    before = known(store)
    app = press(visit("ada"), "New calendar")
    app.text_input(key="calendar_name").input(" Office  ")
    app = press(app, "Save")
    assert "already" in app.error[0].value
    assert known(store) == before


def test_a_part_of_a_country_can_be_chosen_once_the_country_is_known(visit, store):
    keep(store, country="DE")
    app = press(visit("ada"), "Change")
    app.selectbox(key="calendar_part").select("BY")
    app = press(app, "Save")
    assert known(store)["Office"][0].subdivision == "BY"
    app.selectbox(key="calendar_country").select("SE")
    app = press(app, "Save")
    assert (known(store)["Office"][0].country, known(store)["Office"][0].subdivision) == ("SE", "")


def test_only_admins_are_let_in(visit):
    assert "for those who run the house" in visit("bo").info[0].value


def test_a_mailbox_follows_a_calendar(visit, store):
    keep(store)
    app = visit("ada", "mailboxes")
    app.button(key=f"set_up_{SUPPORT}").click().run()
    app.selectbox(key=f"calendar_of_{SUPPORT}").select("Office")
    app = press(app, "Save calendar")
    assert not app.exception
    with store.read() as db:
        assert calendars.used_by(db, agent(store, ADA)) == {"Office": ["support@example.com"]}
    assert "· support" in words(visit("ada"))
