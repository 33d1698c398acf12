"""The register's rows inside one transaction, as every store gives them, and the rules of keeping them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from adapters.ledger.outlook_rows import OutlookRows
from domain.ids import ProjectId
from domain.ports.register_lines import RegisteredProject
from domain.record.leaf import leaf_instant


class RegisterRows(Protocol):
    """The register's rows in an open transaction. MUST show what the same transaction wrote."""

    @property
    def outlook(self) -> OutlookRows:
        """What time will bring, beside them."""
        ...

    def taken(self) -> int:
        """How many entries of the ledger are in the rows."""
        ...

    def set_taken(self, entries: int) -> None:
        """Say how many entries are in the rows."""
        ...

    def derived(self, project_id: ProjectId) -> tuple[int, str] | None:
        """From how many events and at which instant a project's row was derived; none where it has none."""
        ...

    def put(self, project: RegisteredProject) -> None:
        """Put a project in, in the place of what was there."""
        ...

    def drop_all(self) -> None:
        """Drop every row."""
        ...


def keep(rows: RegisterRows, projects: Sequence[RegisteredProject]) -> None:
    """Put projects in; one that is there from more events, or from a later look at as many, stays."""
    for project in projects:
        there = rows.derived(project.row.project_id)
        if there is None or there < (project.row.events, leaf_instant(project.row.as_of)):
            rows.put(project)


def take(rows: RegisterRows, size: int, before: int, until: int) -> bool:
    """Say that the first `until` entries of a ledger of `size` are in the rows, where at least `before` were."""
    taken = rows.taken()
    # Where the rows were dropped meanwhile, what was derived from the entries before is gone.
    if taken < before or until > size:
        return False
    if until > taken:
        rows.set_taken(until)
    return True


def clear(rows: RegisterRows) -> None:
    """Drop every row: nothing of the ledger is taken."""
    rows.drop_all()
    rows.outlook.drop_all()
    rows.set_taken(0)
