"""The silent year of the real list as its readers get it: papers and messages by person and day."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrypoints.bootstrap.plan_files import load_plan
from tests.rehearsal.conftest import EXAMPLE
from tests.rehearsal.silent_messages import SECRETARY, SilentYear, rehearsed_with_mail


@pytest.fixture(scope="module")
async def year(tmp_path_factory: pytest.TempPathFactory) -> SilentYear:
    """The real list's, with its mail."""
    return await rehearsed_with_mail(load_plan(Path(EXAMPLE)), tmp_path_factory.mktemp("silent") / "ledger.db")


async def test_every_item_has_its_receipt(year: SilentYear) -> None:
    """What was recorded for somebody went out to him under a receipt of its own, or has one that says why not."""
    assert year.open == 0
    assert year.items == year.receipts + year.withheld
    assert [each.reader for each in year.readers if each.in_messages != each.papers.total()] == []


async def test_nobody_gets_more_than_one_message_a_morning_beside_what_presses(year: SilentYear) -> None:
    """A morning of dozens of papers is one message, no paper is left out, and few messages press on one day."""
    assert max(max(each.papers.values()) for each in year.readers) >= 30
    assert {max(each.gathered.values(), default=0) for each in year.readers} <= {0, 1}
    pressing = [day for each in year.readers for day in (each.messages - each.gathered).values()]
    assert max(pressing) <= 3
    (secretary,) = (each for each in year.readers if each.reader == SECRETARY)
    assert secretary.messages.total() < secretary.papers.total() / 3
