"""What people may do to a project, by family: each act is one function that records its events or refuses.

Who may do what stands in `domain/access.py`; `domain/decisions.py` puts the families together.
"""
