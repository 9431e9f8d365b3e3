"""The bar that takes the last act back."""

from inbox.undo import SECONDS
from inbox.words import _
from pages.parts import desk, drawing
from pages.parts.component import register

_component = register("undo", html='<div class="undo-box"></div>')


def offer(redraw: tuple[str, ...]) -> None:
    """Show Undo for the last act that has one; afterwards redraw these fragments."""
    last = desk.undoable()
    if last is None:
        return

    def undone() -> None:
        desk.take_back()
        drawing.again(*redraw)

    _component(
        key="undo_bar",
        data={
            "id": last.event_id,
            "text": last.words,
            "seconds": SECONDS - last.age(),
            "words": {"undo": _("Undo"), "close": _("Close this message")},
        },
        on_undo_change=undone,
        height=1,
    )
