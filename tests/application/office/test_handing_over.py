"""All duties of a department go to another at once: merged, or closed and named by any of its names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from application.office.attesting import local_giver
from application.office.directory import directory_of, duties_left
from application.office.every_project import AskedBy, Result
from application.office.handing_over import HandingOver, TakesOverFromItselfError
from application.office.known_names import UnknownDepartmentError
from application.office.office import Office
from domain.actors import department, operator
from domain.acts.commands import (
    AmendProject,
    DecomposeDuty,
    GrantGrace,
    IssueDirective,
    ReassignLead,
    ReplaceParticipant,
)
from domain.record.recorded_projects import recorded_projects
from domain.rungs.duties import departments_of
from entrypoints.bootstrap import engine_now
from tests.application.office.test_ended_departments import TODAY, ended
from tests.application.office.test_known_names import asked, filled
from tests.domain.samples import request
from tests.entrypoints.desk.small_office import OTHER, OWN, SmallOffice, projects, small_office


@pytest_asyncio.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmallOffice]:
    """Three projects run; nothing of them is sick."""

    async def none_is_sick(*_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr("application.office.every_project.sick_projects", none_is_sick)
    with small_office(tmp_path) as small:
        await small.take(*projects())
        await small.office.register.follow()
        await filled(small)
        yield small


def owner(office: SmallOffice) -> Office:
    """The office as its owner gives acts in the shell."""
    return replace(office.office, giver=local_giver(engine_now()))


def over(of: str, to: str, year: int | None = None) -> HandingOver:
    """The act, as an operator asks for it."""
    return HandingOver(year, AskedBy(operator("李四"), None, "机构合并"), of, to)


def done(results: list[Result]) -> list[str]:
    """Which were done."""
    return [each.project_id for each in results if each.outcome == "done"]


async def test_what_a_closed_department_left_goes_over_at_once_and_what_is_refused_is_named(
    office: SmallOffice,
) -> None:
    """Where it led, its directive too; a part whose date is over holds back no other, and goes over with another."""
    await asked(office, request(IssueDirective, None, by=operator("李四"), leader="周明", text="抓紧"))
    await ended(office)
    act, there = over(OWN, "IT部"), owner(office)
    foreseen = await act.preview(there)
    assert (foreseen.projects, foreseen.leads, foreseen.sub_duties) == (2, 1, 0)
    results = await act.give(there)
    assert {each.project_id: (each.outcome, each.rule) for each in results} == {
        "2018-05a": ("done", ""),
        "2018-06": ("failed", "handed_over_whole"),
    }
    (said,) = [each.text for each in results if each.outcome == "failed"]
    assert said.startswith("节点 2018-06-01 没有移交，其余的已移交，无须再办：节点 2018-06-01 的时限 2018-05-31 已过")
    state = await office.known("2018-05a")
    owners = [each.owner for each in state.limits.values() if each.kind == "directive_answer"]
    assert (state.lead, owners) == ("IT部", ["IT部"])
    (left,) = await duties_left(office.office.register, await directory_of(office.office.records), TODAY)
    assert "还有 1 项在办任务" in left
    assert (await act.preview(there)).projects == 1
    before = (await office.known("2018-05a")).next_seq
    assert done(await act.give(there)) == []
    assert (await office.known("2018-05a")).next_seq == before
    grace = request(GrantGrace, "2018-06-01", by=operator("李四"), new_due_on=TODAY + timedelta(days=9), reason="移交")
    await asked(office, grace, project_id="2018-06")
    assert done(await act.give(there)) == ["2018-06"]
    assert await duties_left(office.office.register, await directory_of(office.office.records), TODAY) == ()
    assert OWN not in (await office.known("2018-06")).project.participating_departments


async def test_what_the_other_one_has_in_part_is_released_and_the_rest_goes_over(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both take part in two milestones, the one in a third, which goes over, also after a stop between the acts."""
    project = projects()[0].having(participating_departments=(OTHER, "IT部"))
    await asked(
        office, request(AmendProject, None, by=operator("李四"), project=project, basis="增加", by_identity=True)
    )
    ends = request(ReplaceParticipant, "2018-05a-03", by=operator("李四"), department="IT部", to=None, reason="分工")
    await asked(office, ends)
    engine, command, heard = office.office.engine, office.office.engine.command, list[Any]()

    async def stopped_at_the_second(project_id: str, given: Any) -> Any:
        heard.append(given)
        if len(heard) > 1:
            raise RuntimeError
        return await command(project_id, given)

    before = asyncio.all_tasks()
    with monkeypatch.context() as patch:
        patch.setattr(type(engine), "command", lambda _self, *given: stopped_at_the_second(*given))
        with pytest.raises(RuntimeError):
            await over(OTHER, "IT部").give(owner(office))
        # Tasks of other tests live on the same loop and end with it alone.
        await asyncio.gather(*(asyncio.all_tasks() - before), return_exceptions=True)
    results = await over(OTHER, "IT部").give(owner(office))
    assert {each.project_id: each.text for each in results if each.outcome == "failed"} == {}
    state = await office.known("2018-05a")
    assert [departments_of(state, each) for each in state.milestones] == [{"IT部"}] * 3
    assert state.project.participating_departments == ("IT部",)


async def test_who_has_the_duties_already_keeps_them_and_the_other_is_released(office: SmallOffice) -> None:
    """Two that take part in one project, or one that leads where the other takes part, are merged without a refusal."""
    results = await over(OTHER, OWN).give(owner(office))
    assert [each.text for each in results if each.outcome == "failed"] == []
    state = await office.known("2018-05a")
    assert state.lead == OWN
    assert {part.stage for each in state.milestones.values() for name, part in each.parts.items() if name == OTHER} <= {
        "released"
    }


async def test_a_stop_half_way_leaves_the_rest_for_the_next_time_and_a_refusal_stops_no_other(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was given is not given again; the project that was refused is named, and goes over when it can."""
    engine, command = office.office.engine, office.office.engine.command
    act, there = over(OWN, "IT部"), owner(office)

    async def not_the_first(project_id: str, given: Any) -> Any:
        if project_id == "2018-05a":
            raise UnknownDepartmentError(name="IT部", why="查无")
        return await command(project_id, given)

    with monkeypatch.context() as patch:
        patch.setattr(type(engine), "command", lambda _self, project_id, given: not_the_first(project_id, given))
        results = await act.give(there)
    assert "2018-05a" not in done(results)
    assert done(await act.give(there)) == ["2018-05a"]


@pytest.mark.parametrize(
    ("of", "to", "error"),
    [
        (OWN, OWN, TakesOverFromItselfError),
        (OWN, "查无此部", UnknownDepartmentError),
        ("查无此部", OTHER, UnknownDepartmentError),
    ],
)
async def test_nothing_goes_to_itself_to_nobody_or_from_nobody(
    office: SmallOffice, of: str, to: str, error: type[Exception]
) -> None:
    """Nothing is done then, in no project."""
    with pytest.raises(error):
        await over(of, to).give(owner(office))
    assert (await office.known("2018-05a")).lead == OWN


async def test_the_parts_that_it_gave_go_with_its_duties(office: SmallOffice) -> None:
    """Whoever takes over supervises them; a unit of its own name is handed over as a project is."""
    parts = request(DecomposeDuty, "2018-05a-02", by=department(OWN), units=("甲社区",), new_units=True)
    await asked(office, parts)
    (part,) = [each for each in recorded_projects(office.office.records.ledger) if each != "2018-05a" and "_" in each]
    foreseen = await over(OWN, "IT部").preview(owner(office))
    assert foreseen.sub_duties == 0
    await over(OWN, "IT部").give(owner(office))
    assert (await office.known(part)).project.above == ("IT部",)
    await over("甲社区", OTHER).give(owner(office))
    assert (await office.known(part)).lead == OTHER


async def test_what_another_said_after_the_preview_is_not_overridden(office: SmallOffice) -> None:
    """A lead that was reassigned back to it meanwhile stays; whoever looks again hands over that project too."""
    there, state = owner(office), await office.known("2018-05a")
    seen = (await office.office.register.standing()).entries
    for to in ("IT部", OWN):
        await asked(office, request(ReassignLead, None, by=operator("钱管理"), to=to, reason="分工"))
    asking = AskedBy(operator("李四"), None, "机构合并", seen)
    results = {each.project_id: each for each in await replace(over(OWN, "IT部"), asking=asking).give(there)}
    assert results["2018-05a"].rule == "last_word_seen"
    assert "钱管理" in results["2018-05a"].text
    assert (await office.known("2018-05a")).lead == state.lead == OWN
    again = replace(asking, seen_until=(await office.office.register.standing()).entries)
    assert "2018-05a" in done(await replace(over(OWN, "IT部"), asking=again).give(there))
