"""The rules of keeping the register's rows inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.ledger.register_writing import SqlRegisterRows
from domain.clock import CLOCKS_DIFFER_AT_MOST
from domain.ports.register_lines import RegisteredProject
from domain.record.leaf import leaf_instant


def keep(rows: SqlRegisterRows, projects: Sequence[RegisteredProject]) -> None:
    """Put projects in; one that is there from more events, or from a later look at as many, stays, unless its look was
    by a clock that was put back since."""
    for project in projects:
        there, events, as_of = rows.derived(project.row.project_id), project.row.events, project.row.as_of
        if (
            there is None
            or there < (events, leaf_instant(as_of))
            or (there[0] == events and there[1] > leaf_instant(as_of + CLOCKS_DIFFER_AT_MOST))
        ):
            rows.put(project)


def take(rows: SqlRegisterRows, size: int, before: int, until: int) -> bool:
    """Say that the first `until` entries of a ledger of `size` are in the rows, where at least `before` were."""
    taken = rows.taken()
    # Where the rows were dropped meanwhile, what was derived from the entries before is gone.
    if taken < before or until > size:
        return False
    if until > taken:
        rows.set_taken(until)
    return True


def clear(rows: SqlRegisterRows) -> None:
    """Drop every row: nothing of the ledger is taken."""
    rows.drop_all()
    rows.outlook.drop_all()
    rows.set_taken(0)
