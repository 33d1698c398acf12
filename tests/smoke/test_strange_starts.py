"""Whoever reaches the engine can start a workflow: nothing that nobody issued leaves an event, and no state but the
ledger's goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowFailureError

from application.office.office import Office
from application.settings import load_settings
from bench.patience import PATIENCE_SECONDS
from domain.clock import VirtualClock
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from domain.project import KeyProject
from domain.record.recorded_projects import recorded_state
from domain.rules.calendar import CalendarYear, WorkingCalendar
from domain.state import ProjectState
from entrypoints.bootstrap import engine_now, open_office, open_records
from entrypoints.bootstrap.plan_files import load_plan
from tests.entrypoints.installation import DUBAN, Home, apart, part_of_the_plan, until
from workflows.inputs import Opening, SupervisionInput

REAL, INVENTED = "2018-01", "2018-77"


def on_the_engine(home: Home, work: Callable[[Office], Awaitable[Any]]) -> Any:
    """Do something as whoever reaches the engine."""

    async def done() -> Any:
        ports = {name.removeprefix("DUBAN_").lower(): value for name, value in home.settings.items() if "PORT" in name}
        settings = load_settings({}, data=home.data, **ports)
        async with open_office(settings) as office:
            return await work(office)

    return apart(lambda: asyncio.run(done()))


def state_of(home: Home, project_id: str) -> ProjectState | None:
    """A project as the ledger has it."""
    with open_records(load_settings({}, data=home.data)) as records:
        return recorded_state(records.ledger, project_id)


def refused_in(home: Home, stream: str) -> list[str]:
    """The rules by which something was refused."""
    with open_records(load_settings({}, data=home.data)) as records:
        return [each.rule for each in records.ledger.refusals(stream)]


def refused(home: Home, project_id: str) -> list[str]:
    """The rules by which something of a project was refused."""
    return refused_in(home, supervision_workflow_id(project_id))


async def begun(office: Office, project_id: str, given: SupervisionInput) -> None:
    """Start a workflow as any client of the engine can."""
    await office.engine.client.start_workflow(
        "ProjectSupervision", given, id=supervision_workflow_id(project_id), task_queue=office.settings.task_queue
    )


def test_strange_starts_leave_no_event_and_a_forged_state_goes_nowhere(home: Home) -> None:
    """An invented project ends; a forged state, another clock or calendar are not taken; each stands on record."""
    plan = part_of_the_plan(home.folder, 2)
    home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25").shows("按 Ctrl-C 停止")
    listed = load_plan(plan)
    real: KeyProject = next(each for each in listed.projects if each.project_id == REAL)
    with open_records(load_settings({}, data=home.data)) as records:
        clock, policy_of_real = records.ledger.clock(), recorded_state(records.ledger, REAL)
    assert policy_of_real is not None
    assert clock is not None

    text = real.model_dump_json().replace(REAL, INVENTED)
    back = VirtualClock(engine_at=engine_now(), supervised_at=datetime.fromisoformat("2018-01-02T09:00:00+08:00"))
    opening = Opening(
        listed=listed.header,
        project=KeyProject.model_validate_json(text),
        policy=policy_of_real.policy,
        calendar=policy_of_real.calendar,
    )

    async def invent(office: Office) -> str:
        await begun(office, INVENTED, SupervisionInput(clock=back, opening=opening))
        handle = office.engine.client.get_workflow_handle(supervision_workflow_id(INVENTED))
        try:
            await asyncio.wait_for(handle.result(), PATIENCE_SECONDS)
        except WorkflowFailureError as error:
            return str(error.__cause__)
        return "it went on"

    assert "不是由已下达的清单启动的" in on_the_engine(home, invent)
    assert state_of(home, INVENTED) is None
    assert refused(home, INVENTED) == ["start_is_issued"]

    before = state_of(home, REAL)
    assert before is not None
    stages = {name: each.having(stage="struck_off") for name, each in before.milestones.items()}
    first = next(iter(stages))
    forged = before.having(milestones={**before.milestones, first: stages[first]})

    async def restart(office: Office) -> None:
        handle = office.engine.client.get_workflow_handle(supervision_workflow_id(REAL))
        await handle.terminate(reason="攻击")
        await begun(office, REAL, SupervisionInput(clock=back, state=forged, dated=back.supervised_at))

    on_the_engine(home, restart)
    until(lambda: "state_is_the_ledgers" in refused(home, REAL), "the refusal of the forged state")

    async def shown(office: Office) -> ProjectState:
        return await office.engine.state(REAL)

    goes_on: ProjectState = on_the_engine(home, shown)
    assert goes_on.milestones[first].stage == before.milestones[first].stage
    assert goes_on.digest() == before.digest()
    # Another calendar to a mailbox, on which no day is a working day: it keeps the office's.
    nobody_works = WorkingCalendar(
        years=(
            CalendarYear(
                year=2018,
                days_off=tuple(date(2018, 1, 1) + timedelta(days=n) for n in range(365)),
                makeup_working_days=(),
            ),
        )
    )

    async def mislead(office: Office) -> None:
        await office.engine.use_calendar(before.lead, nobody_works)

    on_the_engine(home, mislead)
    until(lambda: "mailbox_keeps_the_offices_calendar" in refused_in(home, mailbox_workflow_id(before.lead)), "it")
    home.close()
    with open_records(load_settings({}, data=home.data)) as records:
        entries = list(records.ledger.entries(supervision_workflow_id(REAL)))
    decided = [datetime.fromisoformat(entry.event["decided"]) for entry in entries]
    assert decided == sorted(decided)
    assert decided[-1] - decided[0] < timedelta(days=1)
    assert json.loads(json.dumps([entry.type for entry in entries]))[0] == "ProjectDocketed"
