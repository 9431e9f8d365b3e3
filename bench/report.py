"""Figures with their spread: as a table for people, as JSON for comparing runs."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

RESULTS = Path(__file__).parent / "results"


def spread(values: Sequence[float], unit: str) -> dict[str, Any]:
    """Median, both ends and the 95th percentile of repeated measurements of one thing."""
    ordered = sorted(values)
    p95 = quantiles(ordered, n=20, method="inclusive")[-1] if len(ordered) > 1 else ordered[0]
    return {
        "unit": unit,
        "median": median(ordered),
        "min": ordered[0],
        "max": ordered[-1],
        "p95": p95,
        "runs": len(ordered),
    }


def ratio(
    above: Mapping[str, Any], below: Mapping[str, Any], *, part: str = "median"
) -> dict[str, Any]:
    """One figure's median (or another `part`: p95, max) by the same of another, of one run."""
    return {"unit": "×", "median": above[part] / below[part], "runs": above["runs"]}


def rows(results: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every figure of a nested result by its path."""
    for name, value in results.items():
        here = f"{path} · {name}" if path else name
        if isinstance(value, Mapping) and "median" not in value:
            yield from rows(value, here)
        elif isinstance(value, Mapping):
            yield here, value
        else:
            yield here, {"median": value, "unit": ""}


def table(results: Mapping[str, Any]) -> str:
    """The results as aligned text."""
    found = list(rows(results))
    width = max((len(name) for name, _ in found), default=0)
    head = f"{'':<{width}}  {'median':>12} {'min':>12} {'max':>12} {'p95':>12}  unit, runs"
    lines = [
        f"{name:<{width}}  "
        + " ".join(f"{_said(figure.get(part)):>12}" for part in ("median", "min", "max", "p95"))
        + f"  {figure.get('unit', '')} {figure.get('runs', '')}".rstrip()
        for name, figure in found
    ]
    return "\n".join([head, *lines])


def save(results: Mapping[str, Any], *, now: datetime) -> Path:
    """Write one run beside the earlier ones; answer where."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y-%m-%d-%H%M%S}.json"
    about = {
        "at": now.isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }
    text = json.dumps({"about": about, "results": results}, indent=2, ensure_ascii=False)
    file.write_text(text + "\n")
    return file


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)
