"""What a metric means: the file of sql/metrics that counts it, and its first line in words."""

from functools import cache

from inbox.migrations import SQL


@cache
def sql(metric: str) -> str:
    """The file of a metric by its name without number: `first_response`. Raises KeyError."""
    for file in sorted((SQL / "metrics").glob("*.sql")):
        if file.stem.partition("_")[2] == metric:
            return file.read_text()
    raise KeyError(metric)


def sentence(metric: str) -> str:
    """Its definition in one sentence. Raises KeyError."""
    return sql(metric).partition("\n")[0].removeprefix("--").strip()
