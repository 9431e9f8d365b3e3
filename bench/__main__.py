"""`python -m bench [name…]`: measure, print a table, write bench/results/<date>.json.

Nothing here passes or fails: figures are to be compared within one run, as ratios.
"""

import importlib
import logging
import sys
from typing import Any

from bench import report
from inbox import clock

NAMES = (
    "ingest",
    "import_live",
    "arrival",
    "inbox_page",
    "search",
    "claims",
    "races",
    "startup",
    "memory",
    "insight",
    "team",
    "painted",
    "coverage",
)


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        print(f"There is no bench “{unknown[0]}”. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    # The package that hashes passwords loads Streamlit, which complains that no browser is near.
    logging.disable(logging.WARNING)
    results: dict[str, Any] = {}
    try:
        for name in names or NAMES:
            print(f"Measuring {name} …", file=sys.stderr, flush=True)
            results[name] = importlib.import_module(f"bench.{name}").measure()
            print(report.table({name: results[name]}), flush=True)
    finally:
        print(f"\n{report.save(results, now=clock.now())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
