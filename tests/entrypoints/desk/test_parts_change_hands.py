"""Parts follow a duty that changes hands, at once, through all levels, after a stop; a withdrawn one is given anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from application.office.acts import Act, Done, give
from application.office.attesting import Giver
from application.office.given_with_whole import Ending
from application.office.planning import Step, apply_plan
from application.office.reopening import PartGivenAgainError
from application.office.signing import AskedAct, Give
from application.office.starting import Year
from application.office.sub_duties import _giving, parts_check, settle_sub_duties
from domain.actors import department, operator
from domain.acts.amending import difference
from domain.acts.commands import (
    AcceptCompletion,
    AnyCommand,
    DecomposeDuty,
    ReassignLead,
    ReopenProject,
    RequestCompletion,
    StrikeOff,
    Withdraw,
)
from domain.errors import EngineUnreachableError
from domain.ids import supervision_workflow_id
from domain.lists.sub_duties import sub_duties_of
from tests.domain.samples import at, request
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.own_key_office import own_keys_step
from tests.entrypoints.desk.small_office import OWN
from tests.entrypoints.desk.test_signing_together import challenge_in, send, signing_office
from tests.entrypoints.desk.test_sub_duties import DUTY, FIRST, SECOND, WHOLE, decomposed
from tests.entrypoints.desk.test_withdrawn_with_whole import two_parts

LI, NEW = operator("李四"), "统战部"
THIRD, AGAIN, DISTRICT = "2018-05a_02_03", "2018-05a_02_04", f"{FIRST}_01_01"


async def given(desk: Browsers, who: str, project_id: str, command: Any) -> Done:
    """An act that somebody gives through the desk's door."""
    giver = Giver(desk.office.door.people[who], "desk")
    return await give(replace(desk.office.office, giver=giver), Act(project_id, command))


async def reassigned(desk: Browsers, to: str = NEW) -> Done:
    """The project is led by another department, one of whose persons has a login."""
    desk.office.door.person("new", "钱二", "department", departments=(to,))
    return await given(desk, "operator", "2018-05a", request(ReassignLead, None, by=LI, to=to, reason="分工调整"))


async def withdrawn(desk: Browsers, project_id: str) -> Done:
    """A part is taken back by the department that gave it."""
    command = request(Withdraw, None, by=department(OWN, "张三"), reason="分错了")
    return await given(desk, "own", project_id, command)


async def reopened(desk: Browsers, project_id: str) -> None:
    """A part is reopened, as a supervision that is over is begun again."""
    again: Any = ReopenProject(request_id="again", by=LI, reason="误撤", confirmed_by=operator("赵六"))
    await desk.office.engine.command(project_id, again)
    await settle_sub_duties(
        replace(desk.office.office, giver=Giver(desk.office.door.people["operator"], "desk")), Ending(LI)
    )


async def standing(desk: Browsers) -> dict[str, str]:
    """The parts that stand, as the whole knows them, with who supervises each."""
    state = await desk.office.known("2018-05a")
    return {each.project_id: each.by for _, each in sub_duties_of(state) if not each.withdrawn}


async def above(desk: Browsers, project_id: str) -> tuple[str, ...] | None:
    """The departments above a part, by its own record."""
    return (await desk.office.known(project_id)).project.above


async def test_the_new_lead_finds_the_parts_at_its_desk_and_the_old_one_no_more(fresh: Browsers) -> None:
    """Upon the one act: the duty's page counts them in the new name; the part's page and acts are the new lead's."""
    await decomposed(fresh)
    done = await reassigned(fresh)
    assert [(each.outcome, each.text) for each in done.below] == [("amended", f"改由{NEW}督办")] * 3
    new, own = await fresh.of("new"), await fresh.of("own")
    page = (await new.get(f"/duties/{WHOLE}")).text
    assert "已办结 0/3" in page
    assert f"/duties/{DUTY}/urge?" in (await new.get(f"/duties/{DUTY}")).text
    assert (await own.get(f"/duties/{DUTY}")).status_code == 404
    assert f"督办这项分解任务的部门由{OWN}改为{NEW}" in (await (await fresh.of("city")).get(f"/duties/{DUTY}")).text


async def test_all_levels_follow(fresh: Browsers) -> None:
    """The city's district counts the new lead above the city; the city stays its supervisor."""
    await decomposed(fresh)
    await given(fresh, "city", FIRST, request(DecomposeDuty, DUTY, by=department("甲市", "陈一"), units=("东区",)))
    await reassigned(fresh)
    assert (await above(fresh, FIRST), await above(fresh, DISTRICT)) == ((NEW,), ("甲市", NEW))


async def test_the_new_lead_s_own_part_ends_with_what_it_gave_of_it(fresh: Browsers) -> None:
    """A city that takes the whole over supervises its neighbours, not itself; the whole knows that its part ended."""
    await decomposed(fresh)
    await given(fresh, "city", FIRST, request(DecomposeDuty, DUTY, by=department("甲市", "陈一"), units=("东区",)))
    await reassigned(fresh, "甲市")
    assert (await fresh.office.known(FIRST)).withdrawn
    assert (await fresh.office.known(DISTRICT)).withdrawn
    assert await standing(fresh) == {SECOND: "甲市", THIRD: "甲市"}
    (paper,) = [
        each.paper
        for each in fresh.office.office.records.outbox.papers(stream=supervision_workflow_id(FIRST))
        if each.paper.kind == "status_notice"
    ]
    assert "甲市已承担上级任务，这项任务并入其中" in paper.body
    assert parts_check(fresh.office.office.records.ledger).ok


async def test_a_part_that_is_over_is_read_by_who_has_the_duty_now(fresh: Browsers) -> None:
    """No act reaches it any more; the new lead reads it, for it answers for the whole, and the old one does not."""
    await decomposed(fresh)
    engine, city, own = fresh.office.engine, department("甲市", "陈一"), department(OWN, "张三")
    for command in (
        request(RequestCompletion, DUTY, by=city),
        request(AcceptCompletion, DUTY, by=own),
        request(StrikeOff, DUTY, by=department(OWN, "赵四")),
    ):
        await engine.command(FIRST, command)
    assert [each.project_id for each in (await reassigned(fresh)).below] == [SECOND, THIRD]
    assert (await (await fresh.of("new")).get(f"/duties/{DUTY}")).status_code == 200
    assert (await (await fresh.of("own")).get(f"/duties/{DUTY}")).status_code == 404


async def test_what_a_stop_left_is_told_and_made_good_by_the_next_start(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine ends behind the act on the whole: doctor names each part with what to do; once settled, nothing."""
    await decomposed(fresh)
    real = fresh.office.engine.command

    async def away(project_id: str, command: AnyCommand) -> Any:
        if project_id != "2018-05a":
            raise EngineUnreachableError("引擎没有应答。")
        return await real(project_id, command)

    with monkeypatch.context() as patched:
        patched.setattr(fresh.office.engine, "command", away)
        assert {each.outcome for each in (await reassigned(fresh)).below} == {"failed"}
    ledger, office = fresh.office.office.records.ledger, fresh.office.office
    told = parts_check(ledger)
    assert (told.ok, f"{FIRST} 的上级任务已由{NEW}接办" in told.text, "再启动一次" in told.text) == (False, True, True)
    office = replace(office, giver=Giver(fresh.office.door.people["operator"], "desk"))
    assert {each.outcome for each in await settle_sub_duties(office, Ending(LI))} == {"amended"}
    assert await settle_sub_duties(office, Ending(LI)) == []
    assert parts_check(ledger).ok


async def test_a_withdrawn_part_is_noted_and_given_anew(fresh: Browsers) -> None:
    """The whole has an event by who withdrew it; the unit's next part has the next number; the count has it once."""
    await decomposed(fresh)
    await withdrawn(fresh, FIRST)
    assert await standing(fresh) == {SECOND: OWN, THIRD: OWN}
    page = await (await fresh.of("own")).get(f"/duties/{WHOLE}")
    assert f"分解给甲市的任务 {FIRST} 已撤销" in page.text
    command = request(DecomposeDuty, WHOLE, by=department(OWN, "张三"), units=("甲市",))
    (started,) = (await given(fresh, "own", "2018-05a", command)).below
    assert (started.project_id, started.outcome) == (AGAIN, "started")
    assert "已办结 0/3" in (await (await fresh.of("own")).get(f"/duties/{WHOLE}")).text


async def test_a_withdrawal_that_was_not_noted_holds_no_new_part_up(fresh: Browsers) -> None:
    """A stop behind the withdrawal: the whole hears of it before its next part is given."""
    await decomposed(fresh)
    await fresh.office.engine.command(FIRST, request(Withdraw, None, by=department(OWN, "张三"), reason="分错了"))
    assert FIRST in await standing(fresh)
    assert f"还没有记下分解任务 {FIRST}" in parts_check(fresh.office.office.records.ledger).text
    command = request(DecomposeDuty, WHOLE, by=department(OWN, "张三"), units=("甲市",))
    assert [each.project_id for each in (await given(fresh, "own", "2018-05a", command)).below] == [AGAIN]
    assert FIRST not in await standing(fresh)


async def test_a_part_whose_unit_has_another_is_not_reopened(fresh: Browsers) -> None:
    """It would count twice: refused with the other part's number; without one it stands again, under who leads now."""
    await decomposed(fresh)
    for project_id in (FIRST, SECOND):
        await withdrawn(fresh, project_id)
    command = request(DecomposeDuty, WHOLE, by=department(OWN, "张三"), units=("甲市",))
    await given(fresh, "own", "2018-05a", command)
    again: Any = ReopenProject(request_id="again", by=LI, reason="误撤", confirmed_by=operator("赵六"))
    with pytest.raises(PartGivenAgainError, match=AGAIN):
        await given(fresh, "operator", FIRST, again)
    await reassigned(fresh)
    await reopened(fresh, SECOND)
    assert await standing(fresh) == {SECOND: NEW, THIRD: NEW, AGAIN: NEW}
    assert await above(fresh, SECOND) == (NEW,)


async def test_a_part_that_another_unit_takes_over_is_known_as_its_own(fresh: Browsers) -> None:
    """The whole's event names both; the unit that has it no more may be given another part."""
    await decomposed(fresh)
    command = request(ReassignLead, None, by=department(OWN, "张三"), to="丁市", reason="区划调整")
    await given(fresh, "own", FIRST, command)
    page = await (await fresh.of("own")).get(f"/duties/{WHOLE}")
    assert f"分解任务 {FIRST} 由甲市改由丁市承担" in page.text
    command = request(DecomposeDuty, WHOLE, by=department(OWN, "张三"), units=("甲市",))
    assert [each.project_id for each in (await given(fresh, "own", "2018-05a", command)).below] == [AGAIN]


async def test_a_list_with_another_lead_moves_the_parts_as_one_list_with_their_row(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row and parts are prepared before anything is given; the parts are given after their row."""
    await decomposed(fresh)
    running = await fresh.office.known("2018-05a")
    wanted = running.project.having(lead_department=NEW)
    step = Step("2018-05a", "amended", wanted, running=running, found=difference(running, wanted))
    monkeypatch.setattr("application.office.planning.start_mailboxes", AsyncMock(return_value={}))
    listed = SimpleNamespace(title="清单", document_number=None, issued_on=at("06-04").date(), year=2018, projects=())
    monkeypatch.setattr("application.office.planning._planned", AsyncMock(return_value=(listed, [step])))
    prepared: list[str] = []

    async def asking(asked: Sequence[AskedAct]) -> Give:
        prepared.extend(each.state.project_id for each in asked)
        return fresh.office.engine.command

    ledger, year = fresh.office.office.records.ledger, Year(*cast("tuple[Any, ...]", (listed, None, None, None)))
    results = await apply_plan(fresh.office.office.engine, ledger, year, "李四", asking=asking)
    assert prepared == ["2018-05a", FIRST, SECOND, THIRD]
    assert {each.outcome for each in results} == {"amended"}
    assert set((await standing(fresh)).values()) == {NEW}
    assert [await above(fresh, each) for each in (FIRST, SECOND, THIRD)] == [(NEW,)] * 3


async def test_one_signature_gives_the_duty_and_its_parts_to_another(tmp_path: Path) -> None:
    """The page says how many parts follow; what the device signs covers all of them, and the audit finds nothing."""
    async with signing_office(tmp_path) as (office, device, client):
        await two_parts(office)
        path = "/projects/2018-05a/acts/reassign-lead"
        values = {"to": NEW, "reason": "分工调整", "request_id": "desk-1"}
        page = await send(client, path, values)
        assert "这次签名也包括随之办理的 2 个分解任务（改由接办部门督办，或并入上级任务），不用另签" in page.text
        answer = json.dumps(device.sign(challenge_in(page)))
        done = await send(client, path, {**values, "sign_it": "yes", "answer": answer})
        assert done.status_code == 303, done.text
        assert [(await office.small.known(each)).project.above for each in (FIRST, SECOND)] == [(NEW,)] * 2
        step = await own_keys_step(office, tmp_path / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])
        assert "3 项有本人设备的签名" in step.note


async def test_of_most_parts_nothing_is_read_at_a_start(fresh: Browsers) -> None:
    """Only where something happened upon which a part, or its whole, may have to follow."""
    await decomposed(fresh)
    assert _giving(fresh.office.office.records.ledger) == {"2018-05a": False}
    await withdrawn(fresh, FIRST)
    assert _giving(fresh.office.office.records.ledger) == {"2018-05a": True}
