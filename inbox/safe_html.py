"""Strangers’ HTML made safe to show."""

import nh3  # noqa: F401
