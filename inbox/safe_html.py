"""Strangers’ HTML made safe to show."""

import nh3 as nh3
