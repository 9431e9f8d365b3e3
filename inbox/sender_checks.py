"""What our own mail server found out about a mail's sender: SPF, DKIM and DMARC (RFC 8601).

Only the first Authentication-Results field counts: each server puts its own on top, and whatever
stands further down may have been written by the sender. The jail asks too: nothing hangs on this.
"""

import re
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["passed", "failed", "unknown"]
METHODS = ("spf", "dkim", "dmarc")
LONGEST = 4_000
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.I)
_SERVER = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]{0,99})(?:\s+\d+)?\s*$")
_VERDICTS: dict[str, Verdict] = {"pass": "passed", "fail": "failed", "softfail": "failed"}
_KEPT: dict[str, Verdict] = {"passed": "passed", "failed": "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """`server` is who says so, empty where it does not name itself."""

    server: str = ""
    spf: Verdict = "unknown"
    dkim: Verdict = "unknown"
    dmarc: Verdict = "unknown"

    @property
    def is_doubtful(self) -> bool:
        """Whether the mail may well come from somebody else than it says. A forwarded mail often
        fails one of SPF and DKIM; then the other, or DMARC, decides."""
        if self.dmarc != "unknown":
            return self.dmarc == "failed"
        return "failed" in (self.spf, self.dkim) and "passed" not in (self.spf, self.dkim)


def read(field: str) -> str:
    """The field as it is kept with a message: `mx.example.com spf=passed dkim=unknown …`; empty
    for one that says nothing of the three."""
    first, *parts = _bare(field[:LONGEST]).split(";")
    server = _SERVER.match(first)
    if server is None:
        parts = [first, *parts]
    found: dict[str, Verdict] = {}
    for part in parts:
        said = _RESULT.match(part)
        if said:
            method, verdict = said[1].lower(), _VERDICTS.get(said[2].lower(), "unknown")
            # A mail may bear several signatures: one good one is enough.
            if found.get(method) != "passed" and verdict != "unknown":
                found[method] = verdict
            found.setdefault(method, "unknown")
    if not found:
        return ""
    told = " ".join(f"{method}={found[method]}" for method in METHODS if method in found)
    return f"{server[1] if server else '-'} {told}"


def of(kept: str) -> Checks | None:
    """What is kept with a message; None for a mail nobody checked."""
    server, *told = kept.split(" ")
    if not told:
        return None
    said = {name: verdict for name, _, verdict in (part.partition("=") for part in told)}
    verdicts = {method: _KEPT.get(said.get(method, ""), "unknown") for method in METHODS}
    return Checks(server="" if server == "-" else server, **verdicts)


def _bare(field: str) -> str:
    """Without comments and quoted strings, in one pass: what stands in them is the sender's."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for letter in field:
        if is_escaped:
            is_escaped = False
        elif letter == "\\" and (depth or is_quoted):
            is_escaped = True
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
        elif letter == "(" and not is_quoted:
            depth += 1
        elif letter == ")" and depth and not is_quoted:
            depth -= 1
        elif not depth and not is_quoted:
            kept.append(letter)
    return "".join(kept)
