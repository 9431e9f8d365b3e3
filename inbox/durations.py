"""How long something took, as people say it."""

import math

from inbox.words import _

MINUTE = 60


def lasting(seconds: float) -> str:
    """“15 s”, “12 min”, “1 h 13 min”, “2 d 4 h”, in at most two parts; “–” for what is no time."""
    if not math.isfinite(seconds):
        return "–"
    if seconds < MINUTE:
        return _("{n} s").format(n=round(seconds))
    minutes = round(seconds / MINUTE)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)
    days, left = divmod(round(minutes / 60), 24)
    return _("{d} d {h} h").format(d=days, h=left) if left else _("{d} d").format(d=days)
