"""Every cell of a directory's table at its edges: it is taken, or refused in a sentence that names its row."""

from __future__ import annotations

from functools import partial

import pytest

from domain.characters import REFUSED
from domain.directory.importing import ImportPlan, UnsoundTableError, planned_import
from domain.directory.table import HEADS, DirectoryTable, TableRow, rows_of
from tests.domain.directory.samples import committed, draft_on
from tests.domain.directory.test_importing import OFFICE
from tests.domain.edges import DAYS, NUMBERS, TEXTS, tried

SAID = {name: str(value) for name, value in {**TEXTS, **DAYS, **NUMBERS}.items() if value is not None}


@pytest.mark.parametrize("head", HEADS)
def test_every_cell_at_its_edges_is_taken_or_refused(head: str) -> None:
    """Whatever stands in a cell: no other failure, nothing to obey, and what is taken can be exported again."""
    for row in range(len(OFFICE)):
        for edge, text in SAID.items():
            lines = [dict(zip(HEADS, line.split(","), strict=False)) for line in OFFICE]
            lines[row][head] = text
            rows = tuple(TableRow(f"第{number}行", each) for number, each in enumerate(lines, 2))
            table = DirectoryTable("名册.csv", rows)
            answer = tried(partial(planned_import, table, draft_on()), UnsoundTableError)
            if isinstance(answer, UnsoundTableError):
                assert f"第{row + 2}行" in answer.text or len(answer.faults) > 0, edge
                assert not any(REFUSED.search(fault) for fault in answer.faults), (edge, answer.faults)
                assert all(len(fault) < 1_000 for fault in answer.faults), edge
                continue
            assert isinstance(answer, ImportPlan)
            assert not any(REFUSED.search(cell) for each in rows_of(answer.after) for cell in each.values()), edge
            assert all(event.model_dump_json() for event in committed(answer.events))
