"""What rail, list and filters ask alike, remembered until it changes."""

from inbox import clock, filters, lists, saved_views
from inbox.filters import Choices
from inbox.lists import Counts
from inbox.saved_views import SavedView
from pages.parts import desk, place, times


def counts() -> Counts:
    return desk.remembered(
        ("conversations", "follows"),
        lists.counts,
        mailbox_id=place.mailbox_id(),
        now=times.minute(clock.now()),
    )


def choices() -> Choices:
    return desk.remembered(("agents", "memberships", "tags"), filters.choices)


def saved() -> list[SavedView]:
    return desk.remembered(("saved_views",), saved_views.of_viewer)
