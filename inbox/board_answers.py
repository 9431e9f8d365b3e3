"""Boards with what they answer: the files of sql/boards and the house's saved cards."""

from dataclasses import dataclass, replace
from pathlib import Path

from inbox import asking, boards, cards
from inbox.agents import Agent, the_house
from inbox.asking import Answer
from inbox.boards import Board
from inbox.errors import InboxError, Invalid
from inbox.house import House
from inbox.snapshot import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A board with its answer, or with the refusal that stands in its place."""

    board: Board
    answer: Answer


def shown(house: House, viewer: Agent, kept: Kept, folder: Path | None = None) -> list[Shown]:
    """All of them for this viewer: files first, then cards, each by title."""
    with house.store.read() as db:
        saved = [_of_card(card) for card in cards.of_house(db, viewer)]
    found = [*boards.read(folder), *saved]
    usable = [board for board in found if board.wrong is None]
    told = asking.told(house, viewer, list({board.question for board in usable}), kept)
    return [
        Shown(board=board, answer=_fitting(board, told.get(board.question, Answer())))
        for board in found
    ]


def faults(house: House, kept: Kept, folder: Path | None = None) -> list[tuple[str, InboxError]]:
    """Names of the files that cannot be used, with why. They are asked as the house, which may read
    nothing: bound and run over no rows."""
    found = shown(house, the_house(), kept, folder)
    return [
        (one.board.name, one.answer.refusal)
        for one in found
        if one.answer.refusal is not None and one.board.card_id is None
    ]


def _of_card(card: cards.Card) -> Board:
    board = Board(
        name=f"card_{card.id}",
        title=card.title,
        definition=card.definition,
        question=card.question,
        card_id=card.id,
        saved_by=card.saved_by,
        saved_at=card.created_at,
    )
    try:
        return replace(board, chart=boards.chart_of(card.question))
    except Invalid as wrong:
        return replace(board, wrong=wrong)


def _fitting(board: Board, answer: Answer) -> Answer:
    if board.wrong is not None:
        return Answer(refusal=board.wrong)
    if answer.frame is None:
        return answer
    try:
        boards.must_fit(board.chart, [str(name) for name in answer.frame.columns])
    except Invalid as wrong:
        return Answer(refusal=wrong)
    return answer
