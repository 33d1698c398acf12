"""Whoever confirms beside the one who acts is another person of the supervision section, by the directory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from application.office.directory import AskedChange, change_directory
from application.office.every_project import AskedBy
from application.office.starting_a_list import SecondPersonForListError, Start, must_be_confirmed
from application.office.withdrawing import ListNeedsTwoError, Withdrawal
from domain.actors import operator
from domain.acts.commands import CloseYear
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.naming import NotOnePersonError, with_persons
from domain.errors import DubanError
from domain.project import ProjectList
from domain.record.recorded_directory import recorded_directory
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, HEADER, key_project, milestone, request
from tests.entrypoints.desk.small_office import NOW, OWN, SmallOffice, healthy, projects, small_office

NOBODY = {
    "not in the directory": ("孙七", NotOnePersonError, "不在名册里"),
    "a look-alike of nobody": ("李 四四", NotOnePersonError, "不在名册里"),
    "two of one name": ("吴八", NotOnePersonError, "分不清"),
    "of a department": ("张三", NotOnePersonError, "不是名册里的督查人员"),
    "an auditor": ("孙审计", NotOnePersonError, "不是名册里的督查人员"),
    "an operator of last month": ("郑九", NotOnePersonError, "不是名册里的督查人员"),
    "one who has left": ("陈旧人", NotOnePersonError, "不在名册里"),
}
HIMSELF = {"his own name": "李四", "his own number": "P0001", "his own name, written otherwise": "李\u200b 四"}


def _filled(draft: Draft) -> None:
    for name in ("李四", "赵六", "张三", "孙审计", "郑九", "吴八", "吴八"):
        changes.open_person(draft, name, from_on=(NOW - timedelta(days=60)).date())
    changes.open_person(draft, "陈旧人", "P0099", (NOW - timedelta(days=60)).date())
    changes.close_person(draft, "P0099", (NOW - timedelta(days=1)).date())
    for number in ("P0001", "P0002", "P0005"):
        ended = (NOW - timedelta(days=30)).date() if number == "P0005" else None
        changes.give_role(draft, number, "operator", from_on=(NOW - timedelta(days=60)).date(), until_on=ended)
    own = changes.open_department(draft, OWN)
    changes.give_role(draft, "P0003", "department", department_id=own)
    changes.give_role(draft, "P0004", "auditor")
    changes.give_role(draft, "P0001", "administrator")


@pytest_asyncio.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmallOffice]:
    """Three projects run; the directory has operators, one of a department, an auditor, two of one name."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    with small_office(tmp_path) as small:
        await small.take(*projects())
        await change_directory(small.office.records, AskedChange("P0001", NOW, "filled"), _filled)
        yield small


def started_by(first: str, second: str) -> Start:
    """A list that leaves out all that runs, started by two."""
    rows = (key_project((milestone(project_id="2018-91"),), project_id="2018-91"),)
    listed = ProjectList(**dict(HEADER), projects=rows)
    return Start(listed, SupervisionPolicy(), CALENDAR, by=first, confirmed=True, confirmed_by=second)


@pytest.mark.parametrize("second", NOBODY)
async def test_nobody_of_the_section_confirms_nothing(office: SmallOffice, second: str) -> None:
    """Unknown, a look-alike, of another role, of the past: a list's start, its withdrawal, a year's end are refused."""
    name, error, words = NOBODY[second]
    with pytest.raises(error, match=words):
        must_be_confirmed(office.office, started_by("李四", name))
    withdrawal = Withdrawal(2018, AskedBy(operator("李四"), None, "作废"), confirmed_by=operator(name))
    with pytest.raises(error, match=words):
        await withdrawal.give(office.office)
    directory = recorded_directory(office.office.records.ledger, office.office.records.evidence)
    with pytest.raises(error, match=words):
        with_persons(
            request(CloseYear, None, by=operator("李四"), to_year=2019, confirmed_by=operator(name)), directory, NOW
        )
    assert not (await office.known("2018-05a")).closed


@pytest.mark.parametrize("second", HIMSELF)
async def test_nobody_confirms_his_own_act(office: SmallOffice, second: str) -> None:
    """By number, by name, in another spelling: he is one person."""
    refused: tuple[type[DubanError], ...] = (SecondPersonForListError, ListNeedsTwoError)
    with pytest.raises(refused):
        must_be_confirmed(office.office, started_by("李四", HIMSELF[second]))
    withdrawal = Withdrawal(2018, AskedBy(operator("李四"), None, "作废"), confirmed_by=operator(HIMSELF[second]))
    with pytest.raises(refused):
        await withdrawal.give(office.office)
    assert not (await office.known("2018-05a")).closed


async def test_another_of_the_section_confirms(office: SmallOffice) -> None:
    """By name or number."""
    for second in ("赵六", "P0002"):
        must_be_confirmed(office.office, started_by("李四", second))
