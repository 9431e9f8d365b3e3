"""A verdict is reckoned once: drawing days again takes a second or two with years of mail."""

import hashlib
import threading
from collections import OrderedDict

import numpy as np
import pandas as pd

from inbox import pilot
from inbox.pilot import Period, Verdict
from inbox.pilot_plans import Rule

MOST = 16
_kept: OrderedDict[tuple[object, ...], Verdict] = OrderedDict()
_lock = threading.Lock()


def verdict(rule: Rule, before: Period, since: Period) -> Verdict:
    """As `pilot.judge`, remembered by everything that goes into it."""
    name = (rule, *_print(before), *_print(since))
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    found = pilot.judge(rule, before, since)
    with _lock:
        _kept[name] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def _print(period: Period) -> tuple[object, ...]:
    """A digest of its waits, and its numbers."""
    digest = hashlib.blake2b(digest_size=16)
    waits = period.waits
    digest.update(waits["seconds"].to_numpy(np.float64).tobytes())
    digest.update(waits["is_answered"].to_numpy(np.bool_).tobytes())
    for column in ("day", "mailbox", "language"):
        codes, names = pd.factorize(waits[column])
        digest.update(codes.astype(np.int64).tobytes())
        digest.update(repr([str(name) for name in names]).encode())
    return (
        digest.digest(),
        period.turns,
        period.turns_with_duplicates,
        period.working_days,
        period.holidays,
        period.carried_in,
    )
