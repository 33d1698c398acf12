"""A whole is withdrawn with its parts: again after it was reopened, by a deputy, under one signature of its person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from application.office.acts import Act, give
from application.office.acts_on_parts import By, withdrawal_of
from application.office.attesting import Giver, local_giver
from application.office.given_with_whole import Ending
from application.office.office import Office
from application.office.planning import Step, apply_plan
from application.office.signing import AskedAct, Give
from application.office.starting import Started, Year
from application.office.sub_duties import settle_sub_duties_of
from domain.actors import department, operator
from domain.acts.commands import AnyCommand, AppointDeputy, CommandOutcome, DecomposeDuty, ReopenProject, Withdraw
from domain.clock import VirtualClock
from domain.directory.signed_in import SignedIn
from entrypoints.bootstrap import engine_now
from tests.domain.samples import at, request
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.own_key_office import LI_MING, KeyOffice, own_keys_step
from tests.entrypoints.desk.small_office import OWN, CoreEngine
from tests.entrypoints.desk.test_signing_together import challenge_in, send, signing_office
from tests.entrypoints.desk.test_sub_duties import FIRST, SECOND, decomposed

LI = operator("李四")


async def withdrawn(office: Office, who: SignedIn, name: str, **facts: Any) -> tuple[Started, ...]:
    """The whole is withdrawn; what became of its parts."""
    command: Any = Withdraw(request_id=f"withdraw-{name}", by=LI, reason=name, **facts)
    return (await give(replace(office, giver=Giver(who, "desk")), Act("2018-05a", command))).below


async def test_a_whole_that_was_reopened_takes_its_parts_again(fresh: Browsers) -> None:
    """Withdrawn, reopened, withdrawn again by the same person: the parts end both times."""
    await decomposed(fresh)
    office, who = fresh.office.office, fresh.office.door.people["operator"]
    assert {each.outcome for each in await withdrawn(office, who, "one")} == {"withdrawn"}
    for number, project_id in enumerate(("2018-05a", FIRST, SECOND)):
        again: Any = ReopenProject(request_id=f"reopen-{number}", by=LI, reason="误撤", confirmed_by=operator("赵六"))
        await fresh.office.engine.command(project_id, again)
    assert not (await fresh.office.known(FIRST)).closed
    assert {each.outcome for each in await withdrawn(office, who, "two")} == {"withdrawn"}
    for project_id in (FIRST, SECOND):
        assert (await fresh.office.known(project_id)).withdrawn


async def test_a_deputy_is_named_as_one_where_the_part_knows_him(fresh: Browsers) -> None:
    """Deputies are appointed in each project: he withdraws a part on behalf where he is one, as himself elsewhere."""
    await decomposed(fresh)
    days: dict[str, Any] = {"from_on": at("06-01").date(), "until_on": at("06-30").date()}
    principal = operator("赵六")
    for project_id in ("2018-05a", FIRST):
        appointed: Any = AppointDeputy(
            request_id=f"deputy-{project_id}", by=principal, principal=principal, deputy=LI, reason="出差", **days
        )
        await fresh.office.engine.command(project_id, appointed)
    named = [
        withdrawal_of(await fresh.office.known(each), By(LI, principal)).command.on_behalf_of
        for each in (FIRST, SECOND)
    ]
    assert named == [principal, None]
    done = await withdrawn(fresh.office.office, fresh.office.door.people["operator"], "deputy", on_behalf_of=principal)
    assert {each.outcome for each in done} == {"withdrawn"}


async def two_parts(office: KeyOffice) -> None:
    """The second duty of 2018-05a, given to two cities."""
    anchored = VirtualClock(engine_at=engine_now(), supervised_at=office.small.now)
    office.small.office.records.ledger.clock = lambda: anchored  # type: ignore[method-assign]  # as the parts are started
    given: Any = request(DecomposeDuty, "2018-05a-02", by=department(OWN, "张三"), units=("甲市", "乙市"))
    await CoreEngine.command(office.small.engine, "2018-05a", given)
    owner = replace(office.small.office, giver=local_giver(engine_now()))
    started = await settle_sub_duties_of(owner, "2018-05a", Ending(LI_MING))
    assert {each.outcome for each in started} == {"started"}


async def test_one_signature_withdraws_a_whole_and_its_parts(tmp_path: Path) -> None:
    """The page says that the parts end too; what the device signs covers all of them, and the audit finds nothing."""
    async with signing_office(tmp_path) as (office, device, client):
        await two_parts(office)
        path, values = "/projects/2018-05a/acts/withdraw", {"reason": "并入其他项目", "request_id": "desk-1"}
        page = await send(client, path, values)
        assert "随之撤销的 2 个分解任务，不用另签" in page.text
        answer = json.dumps(device.sign(challenge_in(page)))
        done = await send(client, path, {**values, "sign_it": "yes", "answer": answer})
        assert done.status_code == 303, done.text
        for project_id in ("2018-05a", FIRST, SECOND):
            assert (await office.small.known(project_id)).withdrawn
        step = await own_keys_step(office, tmp_path / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])
        assert "3 项有本人设备的签名" in step.note


async def test_a_row_that_a_list_drops_is_signed_with_its_parts(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row and parts are prepared as one list before anything is given; the parts are given after their row."""
    await decomposed(fresh)
    step = Step("2018-05a", "withdrawn", running=await fresh.office.known("2018-05a"))
    monkeypatch.setattr("application.office.planning.start_mailboxes", AsyncMock(return_value={}))
    listed = SimpleNamespace(title="清单", document_number=None, issued_on=at("06-04").date(), year=2018, projects=())
    monkeypatch.setattr("application.office.planning._planned", AsyncMock(return_value=(listed, [step])))
    prepared: list[str] = []
    given: list[str] = []

    async def asking(asked: Sequence[AskedAct]) -> Give:
        prepared.extend(each.state.project_id for each in asked)

        async def give_it(project_id: str, command: AnyCommand) -> CommandOutcome:
            given.append(project_id)
            return await fresh.office.engine.command(project_id, command)

        return give_it

    ledger, year = fresh.office.office.records.ledger, Year(*cast("tuple[Any, ...]", (listed, None, None, None)))
    results = await apply_plan(fresh.office.office.engine, ledger, year, "李四", asking=asking)
    assert prepared[:3] == ["2018-05a", FIRST, SECOND]
    assert given[0] == "2018-05a"
    assert sorted(given) == sorted(prepared)
    assert {each.outcome for each in results} == {"withdrawn"}


async def test_an_act_that_is_recorded_late_is_waited_for(fresh: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's answer comes before the record: the parts start all the same, upon the same act."""
    office, late = fresh.office.office, []
    real = fresh.office.engine.command

    async def answered(project_id: str, command: AnyCommand) -> CommandOutcome:
        task = asyncio.create_task(_later(real, project_id, command))
        late.append(task)
        state = await fresh.office.known(project_id)
        return CommandOutcome(event_ids=(f"supervision/{project_id}#{state.next_seq}",), stage="in_progress")

    monkeypatch.setattr(fresh.office.engine, "command", answered)
    given: Any = DecomposeDuty(
        request_id="parts", by=department(OWN, "张三"), milestone_id="2018-05a-02", units=("甲市", "乙市")
    )
    owner = replace(office, giver=Giver(fresh.office.door.people["own"], "desk"))
    done = await give(owner, Act("2018-05a", given))
    await asyncio.gather(*late)
    assert [each.outcome for each in done.below] == ["started", "started"]


async def _later(command: Any, *asked: Any) -> None:
    await asyncio.sleep(0.05)
    await command(*asked)
