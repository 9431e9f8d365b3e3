"""The tables that the numbers are made of: steps, turns, pairs of replies, and stands.

All are derived, by the same SQL (the macros of sql/metrics) whether one conversation is counted or
every one. Which ones must be counted anew is not marked by anybody, so nobody can forget to: it is
asked of the diary, in which every change leaves a line (metric.due). The views unite what is
counted with what is due, so that they are right at any moment; the rounds of the worker only keep
the part that is due small.
"""

import contextlib

from inbox import beats
from inbox.errors import StoreStuck
from inbox.store import Session, Store

# So many take a tenth of a second; what is more is left to the rounds of the worker.
FEW = 100


def is_late(db: Session) -> bool:
    """Whether any conversation has changed since it was counted."""
    return bool(db.value("turns.late"))


def catch_up(store: Store) -> None:
    """Count what has changed, if that is little: before a page asks several questions, each of
    which would have to count it for itself."""
    with store.read() as db:
        if not _is_little_late(db):
            return
    # A page is shown even where the disk takes nothing: the views are right all the same.
    with contextlib.suppress(StoreStuck), store.write() as db:
        # Another page may have been quicker.
        if _is_little_late(db):
            bring_up_to_date(db)


def _is_little_late(db: Session) -> bool:
    count, is_everything = db.rows("turns.touched")[0]
    return 0 < count <= FEW and not is_everything


def bring_up_to_date(db: Session) -> None:
    """Count what has changed: steps first, from which the others are made."""
    # With years of mail each step takes a while: beats say that it gets on.
    db.change("turns.find_due")
    db.change("turns.forget_steps")
    db.change("turns.count_steps")
    beats.beat()
    db.change("turns.forget_turns")
    db.change("turns.count_turns")
    beats.beat()
    db.change("turns.forget_pairs")
    db.change("turns.count_pairs")
    beats.beat()
    db.change("turns.forget_stands")
    db.change("turns.count_stands")
    beats.beat()
    db.change("turns.clear_due")
    db.change("turns.forget_mark")
    db.change("turns.mark")


def rebuild(db: Session) -> None:
    """Count everything anew, from nothing."""
    db.change("turns.forget_mark")
    db.change("turns.clear_steps")
    db.change("turns.clear_turns")
    db.change("turns.clear_pairs")
    db.change("turns.clear_stands")
    bring_up_to_date(db)


def recount(db: Session) -> list[str]:
    """Count everything anew and answer the tables that were not as they are now: none, unless a
    change has left no line in the diary."""
    bring_up_to_date(db)
    before = set(db.rows("turns.prints"))
    rebuild(db)
    return sorted(which for which, *_print in set(db.rows("turns.prints")) - before)
