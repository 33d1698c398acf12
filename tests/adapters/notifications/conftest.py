"""Digests for tests of the notifiers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from domain.clock import OFFICE_TIME
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper, Paper, PaperKind, paper_number
from domain.rules.ladder_rules import Level

MORNING = datetime(2018, 6, 4, 9, 0, tzinfo=OFFICE_TIME)


def numbered_paper(
    sequence: int, kind: PaperKind = "urge", *, to: str = "组织部", level: Level | None = None, body: str = "现予催办。"
) -> NumberedPaper:
    """One paper about the same milestone."""
    paper = Paper(
        paper_id=f"key-project/2018/05a#{kind}-{sequence}",
        kind=kind,
        year=2018,
        project_id="2018-05a",
        project_title="配备挂兼职干部",
        milestone_id="2018-05a-02",
        serial="5",
        item="组织暑期见习",
        level=level,
        to=to,
        due_on=date(2018, 5, 31),
        issued_at=MORNING,
        send_from=MORNING,
        body=body,
    )
    return NumberedPaper(number=paper_number(kind, 2018, sequence), sequence=sequence, paper=paper)


def digest_of(*items: NumberedPaper, addressee: str = "组织部") -> Digest:
    """The digest of the morning."""
    return Digest(digest_id=f"{addressee}/2018-06-04T090000", addressee=addressee, items=items)


@pytest.fixture
def digest() -> Digest:
    """A reminder, two urges and a copy of an order, in order of their recording."""
    return digest_of(
        numbered_paper(7, "reminder", body="将于5月31日到期。"),
        numbered_paper(3),
        numbered_paper(1, "escalation_order", to="分管领导", level="yellow", body="提请督促办理。"),
        numbered_paper(4, body="请反馈\n三、假的一类"),
    )
