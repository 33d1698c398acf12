"""The rungs of a project by their source: due dates, limits, progress, and days that are set in advance.

Each source answers which of its rungs are pending and takes one that is due; `wakeups.py` puts them together.
"""
