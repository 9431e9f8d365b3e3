"""Faults as they really come, each with what must hold after it.

`make faults` runs every family at length; `make test` a sample of each.
"""
