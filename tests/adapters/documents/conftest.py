"""Papers for tests of the documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from domain.clock import OFFICE_TIME
from domain.papers.paper import NumberedPaper, Paper, paper_number

MakePaper = Callable[..., NumberedPaper]


@pytest.fixture
def make_paper() -> MakePaper:
    """Makes an urge of the third project's list, changed where the test says so."""

    def make(sequence: int = 3, *, number: str | None = None, **changes: Any) -> NumberedPaper:
        values: dict[str, Any] = {
            "paper_id": f"key-project/2018/05a#{sequence}",
            "kind": "urge",
            "year": 2018,
            "project_id": "2018-05a",
            "project_title": "配备挂兼职干部",
            "milestone_id": "2018-05a-02",
            "serial": "5",
            "item": "组织暑期见习",
            "to": "组织部",
            "due_on": date(2018, 5, 31),
            "issued_at": datetime(2018, 6, 4, 9, 0, tzinfo=OFFICE_TIME),
            "send_from": datetime(2018, 6, 4, 9, 0, tzinfo=OFFICE_TIME),
            "body": "现予催办，请立即办理。",
        } | changes
        paper = Paper(**values)
        return NumberedPaper(
            number=number or paper_number(paper.kind, paper.year, sequence), sequence=sequence, paper=paper
        )

    return make
