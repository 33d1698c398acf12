"""A department that has ended: nobody acts for it, nothing is given to it, and what it leaves is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from application.office.directory import (
    AskedChange,
    change_directory,
    directory_of,
    duties_left,
    import_directory,
    preview_import,
)
from application.office.known_names import UnknownDepartmentError, unknown_departments
from domain.actors import department, operator
from domain.acts.commands import ReassignLead, SignReceipt
from domain.directory import changes
from domain.directory.former_names import FormerNameInUseError
from domain.directory.naming import EndedDepartmentError
from tests.application.office.test_known_names import filled
from tests.application.office.test_renamed_departments import asked, changed
from tests.domain.directory.samples import table
from tests.domain.samples import request
from tests.entrypoints.desk.small_office import NOW, OWN, SmallOffice, projects, small_office

TODAY = NOW.date()
LEFT = f"{OWN}到 {TODAY - timedelta(days=1)} 为止撤销，还有 6 项在办任务没有移交"


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[SmallOffice]:
    """Three projects run; the department that leads the first is there until a test ends it."""
    with small_office(tmp_path) as small:
        await small.take(*projects())
        await small.office.register.follow()
        await filled(small)
        yield small


async def ended(office: SmallOffice, number: str = "D0001") -> tuple[str, ...]:
    """Close it with yesterday; what is told of what it leaves."""
    asking = AskedChange("P0001", NOW, "c")
    last = TODAY - timedelta(days=1)
    done = await change_directory(
        office.office.records, asking, lambda draft: changes.close_department(draft, number, last)
    )
    return done.left


async def test_what_a_department_leaves_is_told_when_it_ends_and_later(office: SmallOffice) -> None:
    """By name, with its last day and how many duties; nothing of one that leaves none."""
    (said,) = await ended(office)
    assert said.startswith(LEFT)
    register, directory = office.office.register, await directory_of(office.office.records)
    assert await duties_left(register, directory, TODAY) == (said,)
    assert await ended(office, "D0003") == ()


async def test_a_table_that_ends_a_department_says_what_it_leaves(office: SmallOffice) -> None:
    """Before it is taken in, and when it is."""
    row = table(f"部门,D0001,{OWN},,,,,,2018-04-05,{TODAY - timedelta(days=1)}")
    assert any(LEFT in each for each in (await preview_import(office.office.records, row, NOW)).remarks)
    plan, _ = await import_directory(office.office.records, row, AskedChange("P0001", NOW, "i"))
    assert any(LEFT in each for each in plan.remarks)


@pytest.mark.parametrize("person", [None, "张三"], ids=["the department", "its person"])
async def test_nobody_acts_for_a_department_that_has_ended(office: SmallOffice, person: str | None) -> None:
    """Neither in its name alone nor as a person who was in it; the record still knows its name."""
    await ended(office)
    with pytest.raises(EndedDepartmentError, match=rf"{OWN}已于 .* 撤销.*接办"):
        await asked(office, request(SignReceipt, None, by=department(OWN, person)))


async def test_nothing_is_given_to_a_department_that_has_ended(office: SmallOffice) -> None:
    """Also where duties run under its name; a list that names it is asked about."""
    await ended(office)
    directory = await directory_of(office.office.records)
    assert unknown_departments([OWN], directory, TODAY, {OWN}) == [OWN]
    await asked(office, request(ReassignLead, None, by=operator("李四"), to="IT部", reason="撤销"))
    with pytest.raises(UnknownDepartmentError, match=r"已于 .* 撤销"):
        await asked(office, request(ReassignLead, None, by=operator("李四"), to=OWN, reason="误写"))


async def test_a_new_department_takes_over_an_ended_one_s_duties_only_where_that_is_said(office: SmallOffice) -> None:
    """By its name they would change hands unsaid."""
    await ended(office)
    with pytest.raises(FormerNameInUseError, match="还有 6 项在办任务"):
        await changed(office, lambda draft: changes.open_department(draft, OWN))
    await changed(office, lambda draft: changes.open_department(draft, OWN), takes_over=True)
    assert await duties_left(office.office.register, await directory_of(office.office.records), TODAY) == ()
    await asked(office, request(SignReceipt, None, by=department(OWN)))
