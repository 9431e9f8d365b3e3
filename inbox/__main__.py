"""`python -m inbox COMMAND`; see ingest.command_line, and docs/commands.md for the commands."""

import logging
import sys


def run() -> int:
    """Load the program quietly, then do what the command line says; answer the exit code."""
    # The package that hashes passwords loads Streamlit, which complains that no browser is near.
    logging.disable(logging.WARNING)
    from ingest.command_line import main  # noqa: PLC0415

    logging.disable(logging.NOTSET)
    return main()


if __name__ == "__main__":
    sys.exit(run())
