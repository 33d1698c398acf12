"""Stores of the files that are shown as evidence."""
