"""Boards: cards that the house has written in SQL, as files or on the SQL page."""

import streamlit as st

from inbox import board_answers, cards
from inbox.boards import Board
from inbox.errors import InboxError
from inbox.words import _, refused
from pages.parts import age, card, desk, figure, numbers
from pages.parts.desk import Undo
from pages.parts.escape import plain

viewer = desk.me()


def remove(board: Board) -> None:
    st.button(
        _("Remove"),
        key=f"remove_{board.name}",
        on_click=_removed,
        args=(board.card_id,),
        type="tertiary",
    )


def _removed(card_id: int) -> None:
    back = Undo(_("Card removed"), cards.bring_back, (card_id,), is_whole=True)
    desk.act(cards.remove, card_id, back=back)


def shown(found: list[board_answers.Shown]) -> None:
    """Two beside each other, in their order; what was pressed last opens below all of them."""
    may_remove = remove if viewer.is_admin else None
    columns, picked = st.columns(2, gap="large"), figure.NOTHING
    for number, one in enumerate(found):
        with columns[number % 2]:
            pressed = card.show(one, may_remove)
            picked = pressed if pressed[0] else picked
    figure.behind(picked)


about = _(
    "Cards that this house has written in SQL: files in sql/boards, and questions that were saved. "
    "Each counts only the mailboxes that you may read."
)
with numbers.page("boards", about):
    kept = age.choose()
    if kept is not None:
        try:
            found = board_answers.shown(desk.house(), viewer, kept)
        except InboxError as refusal:
            st.warning(plain(refused(refusal)), icon=":material/warning:")
        else:
            if not found:
                st.caption(_("There is no card yet. docs/boards.md says how one is written."))
            shown(found)
