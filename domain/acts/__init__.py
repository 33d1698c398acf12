"""What people may do to a project, by family: each act is one function that records its events or refuses.

Who may do what stands in `domain/acts/access.py`; `domain/acts/decisions.py` puts the families together.
"""
