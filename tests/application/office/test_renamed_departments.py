"""A department that was renamed: it goes on under every name that it had, and nobody takes its duties unsaid."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from application.office.acts import Act, acts_of, give
from application.office.attesting import local_giver
from application.office.coming import ComingDesk, ComingQuery
from application.office.directory import (
    AskedChange,
    change_directory,
    directory_of,
    import_directory,
    preview_import,
)
from application.office.office_facts import with_office_facts
from domain.actors import Actor, department, operator
from domain.acts.commands import AppointDeputy, OpenInspection, ReassignLead, ReportProgress, SignReceipt, Urge
from domain.acts.rejections import NotYourDutyError
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.every_name import duties_by_every_name, projects_by_every_name
from domain.directory.former_names import FormerNameInUseError
from domain.ports.register import DutyQuery, ProjectQuery
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import engine_now
from tests.application.office.test_known_names import DAYS, filled
from tests.domain.directory.samples import table
from tests.domain.samples import request
from tests.entrypoints.desk.small_office import NOW, OTHER, OWN, SmallOffice, projects, small_office

NEW = "党群部"


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[SmallOffice]:
    """Three projects run; the department that leads the first was renamed in mid-year."""
    with small_office(tmp_path) as small:
        await small.take(*projects())
        await small.office.register.follow()
        await filled(small)
        await changed(small, lambda draft: changes.rename_department(draft, "D0001", NEW))
        yield small


async def changed(office: SmallOffice, change: Callable[[Draft], object], *, takes_over: bool = False) -> None:
    """An administrator changes the directory."""
    await change_directory(office.office.records, AskedChange("P0001", NOW, "c", takes_over=takes_over), change)


async def asked(office: SmallOffice, command: Any) -> Any:
    """Give an act as the owner of the installation does in its shell; the command as it was given in the end."""
    owner = replace(office.office, giver=local_giver(engine_now()))
    return (await give(owner, Act("2018-05a", command))).command


@pytest.mark.parametrize("name", [NEW, OWN, "D0001"], ids=["the new name", "the former name", "the number"])
@pytest.mark.parametrize("person", [None, "张三"], ids=["the department", "its person"])
async def test_a_renamed_department_acts_under_each_of_its_names(
    office: SmallOffice, name: str, person: str | None
) -> None:
    """What is recorded is the name that the project knows, whichever one was written in whatever door."""
    given = await asked(office, request(SignReceipt, None, by=department(name, person)))
    assert (given.by.department, given.by.name) == (OWN, person or OWN)
    assert given.by.person_id == ("P0003" if person else None)


async def test_a_renamed_department_is_named_by_others_under_each_of_its_names(office: SmallOffice) -> None:
    """Whom the section urges is found; what its own key would sign says the same name."""
    urged = request(Urge, "2018-05a-02", by=operator("李四"), department=NEW, reason="抓紧")
    (act,) = await acts_of(replace(office.office, giver=local_giver(engine_now())), Act("2018-05a", urged), 0, None)
    assert getattr(act.command, "department", None) == OWN
    assert (await asked(office, urged)).department == OWN


async def test_a_deputy_of_a_renamed_department_acts_for_it(office: SmallOffice) -> None:
    """Both were renamed: the deputy was appointed under one name, and acts under another for another."""
    about: dict[str, Any] = {"principal": department(NEW), "deputy": department(OTHER), **DAYS, "from_on": NOW.date()}
    await asked(office, request(AppointDeputy, None, by=department(NEW, "张三"), **about))
    await changed(office, lambda draft: changes.rename_department(draft, "D0002", "传播部"))
    report: dict[str, Any] = {"text": "已排出任职方案", "quantity": 3, "on_behalf_of": department(NEW)}
    given = await asked(office, request(ReportProgress, "2018-05a-02", by=department("传播部", "王五"), **report))
    assert (str(given.by), str(given.on_behalf_of)) == (f"department:{OTHER}:王五", f"department:{OWN}")


async def test_a_renamed_department_s_inspections_count_together_where_the_next_one_is_opened(
    office: SmallOffice,
) -> None:
    """One in a project that knows it by the name before: it is counted in one that knows it by the new name."""
    await asked(office, request(OpenInspection, "2018-05a-02", by=operator("李四"), reason="抽查"))
    owner = replace(office.office, giver=local_giver(engine_now()))
    await give(owner, Act("2018-06", request(ReassignLead, None, by=operator("李四"), to=NEW, reason="调整")))
    assert (await office.known("2018-06")).lead == NEW
    asks = request(OpenInspection, "2018-06-01", by=operator("李四"), reason="抽查")
    assert getattr(await with_office_facts(office.office, "2018-06", asks), "this_month", None) == 1


async def test_what_will_go_to_a_renamed_department_is_held_against_one_cap(office: SmallOffice) -> None:
    """Two projects know it by two names: it has one line in the month, with what it had and what comes under both."""
    before = (await ComingDesk(office.office).coming(ComingQuery(30))).addressees
    owner = replace(office.office, giver=local_giver(engine_now()))
    await give(owner, Act("2018-06", request(ReassignLead, None, by=operator("李四"), to=NEW, reason="调整")))
    found = await ComingDesk(office.office).coming(ComingQuery(30))
    month = {each.addressee: each for each in found.addressees}
    assert {OWN, NEW} <= {paper.to for paper in found.papers}
    assert OWN not in {*month, *(each.addressee for each in before)}
    of_both = [each for each in found.papers if each.to in (OWN, NEW) and each.on.month == NOW.month]
    assert month[NEW].coming == len(of_both)
    assert month[NEW].cap == SupervisionPolicy().life_cycle.papers_per_month


async def test_a_department_that_has_no_duty_gains_none_by_a_name(office: SmallOffice) -> None:
    """Another department's names are its own; what is given to a department under its new name is given so."""
    with pytest.raises(NotYourDutyError):
        await asked(office, request(SignReceipt, None, by=department("IT部")))
    await asked(office, request(ReassignLead, None, by=operator("李四"), to=NEW, reason="更名"))
    assert (await office.known("2018-05a")).lead == NEW
    with pytest.raises(NotYourDutyError):
        await asked(
            office, request(ReportProgress, "2018-05a-02", by=department("IT部"), text="已排出方案", quantity=3)
        )
    given = await asked(office, request(ReportProgress, "2018-05a-02", by=department(OWN), text="已排出", quantity=3))
    assert given.by == Actor(role="department", name=NEW, department=NEW)


async def test_what_a_renamed_department_has_is_found_under_each_of_its_names(office: SmallOffice) -> None:
    """Duties, and projects that it leads or takes part in; of a token's names none but its own; others as ever."""
    directory, day, register = office.office.records.persons.now(), NOW.date(), office.office.register
    for name in (OWN, NEW, "D0001"):
        duties = (await register.duties(duties_by_every_name(DutyQuery(department=name), directory, day))).rows
        assert {(each.project_id, each.department) for each in duties} == {("2018-05a", OWN), ("2018-06", OWN)}
        for query, found in ((ProjectQuery(lead=name), "2018-05a"), (ProjectQuery(participant=name), "2018-06")):
            rows = (await register.projects(projects_by_every_name(query, directory, day))).rows
            assert [row.project_id for row in rows] == [found]
    kept = duties_by_every_name(DutyQuery(department=NEW, names=(OTHER,)), directory, day)
    assert (await register.duties(kept)).count == 0
    assert duties_by_every_name(DutyQuery(role="lead"), directory, day) == DutyQuery(role="lead")


TAKES: dict[str, Callable[[Draft], object]] = {
    "a new one": lambda draft: changes.open_department(draft, OWN),
    "one renamed": lambda draft: changes.rename_department(draft, "D0003", OWN),
    "an alias": lambda draft: changes.give_alias(draft, "D0003", OWN),
}


@pytest.mark.parametrize("what", TAKES)
async def test_nobody_takes_over_another_s_duties_by_taking_its_former_name(office: SmallOffice, what: str) -> None:
    """Refused with the department, how much runs, and what to do; said to be meant, it is done."""
    before = await directory_of(office.office.records)
    with pytest.raises(
        FormerNameInUseError, match=f"“{OWN}”原是{NEW}（D0001）的名称，还有 [1-9].*改由应承办的部门.*注明"
    ):
        await changed(office, TAKES[what])
    assert await directory_of(office.office.records) == before
    await changed(office, TAKES[what], takes_over=True)
    assert (await directory_of(office.office.records)).names_of("D0001", NOW.date()) == (NEW,)


async def test_a_table_takes_over_nothing_either(office: SmallOffice) -> None:
    """Told before anything is taken in, and refused when it is."""
    row = table(f"部门,D0009,{OWN},,,,,,2018-06-04,")
    with pytest.raises(FormerNameInUseError):
        await preview_import(office.office.records, row, NOW)
    with pytest.raises(FormerNameInUseError):
        await import_directory(office.office.records, row, AskedChange("P0001", NOW, "i"))
    assert (await preview_import(office.office.records, row, NOW, takes_over=True)).changes


async def test_a_former_name_under_which_nothing_runs_is_free(office: SmallOffice) -> None:
    """A department that leads nothing gave it up, or gives it back to itself."""
    await changed(office, lambda draft: changes.rename_department(draft, "D0003", "信息部"))
    await changed(office, lambda draft: changes.open_department(draft, "IT部"))
    await changed(office, lambda draft: changes.rename_department(draft, "D0001", OWN))
