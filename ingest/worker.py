"""The clock of the house: pollers, delivery and housekeeping in threads."""

import schedule  # noqa: F401
