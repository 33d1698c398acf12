"""The directory: persons, departments and who is what for how long, folded from a stream of the ledger.

Its events are in `events.py`. They are not loaded from here: an act needs the names of accounts and roles, and not the
events of all projects, which take longer to load than the act itself.
"""
