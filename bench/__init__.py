"""Measurements and long campaigns: `python -m bench`."""
