"""`python -m inbox COMMAND`; see ingest.command_line, and docs/commands.md for the commands."""

import sys

from ingest.command_line import main

if __name__ == "__main__":
    sys.exit(main())
