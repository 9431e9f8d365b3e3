"""Delad measured: `python -m bench [name…]`."""
