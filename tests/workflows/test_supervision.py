"""The supervision over time: rungs by the timer, a store that is away, what the engine's own pages show."""

from __future__ import annotations

import asyncio
from datetime import UTC

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata

from bench.patience import PATIENCE_SECONDS
from domain.acts.commands import ReassignLead, ReportProgress, RequestCompletion, SignReceipt
from domain.events import DeadlineBreached, ProgressReported, ReminderIssued
from domain.rules.ladder_rules import RulesOverride
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import PROJECT, at, milestone, request
from tests.workflows.conftest import Office, Supervision
from workflows.activity_options import SHORT
from workflows.search_attributes import YEAR


async def details_of(supervision: Supervision) -> str:
    """The page that the engine's Web UI shows."""
    metadata = await supervision.handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return str(metadata.current_details)


async def test_rungs_are_taken_by_the_timer_at_their_instants(office: Office) -> None:
    """Reminder and breach come at the project's own offset, to the millisecond, and the ledger agrees."""
    supervision = await office.open()
    await supervision.until("06-01 08:00")
    offset = SupervisionPolicy().spread_for(supervision.project_id)
    taken = [event.decided_at for event in supervision.recorded() if isinstance(event, ReminderIssued)]
    late = [
        taken_at - at(f"{day} 08:30") - offset for taken_at, day in zip(taken, ("05-11", "05-22", "05-30"), strict=True)
    ]
    assert all(0 <= each.total_seconds() < 1 for each in late)
    assert len([event for event in supervision.recorded() if isinstance(event, DeadlineBreached)]) == 1
    assert await supervision.agrees()


async def test_a_quiet_project_costs_six_events_for_each_wake_up(office: Office) -> None:
    """Timer, its task, the recording, and an upsert only where a light or a date changed."""
    supervision = await office.open()
    await supervision.until("05-12 00:00")
    before = len(await supervision.history_events())
    await supervision.until("05-23 00:00")
    assert len(await supervision.history_events()) - before == 6


async def test_a_policy_with_overrides_is_followed_on_the_engine(office: Office) -> None:
    """An override for one project travels through the engine as it was written."""
    clock = await office.clock()
    supervision = await office.open(clock=clock)
    override = RulesOverride(reminders_working_days_before=(3,), yellow_light_working_days_before=3)
    other = await office.open(
        policy=SupervisionPolicy(projects={f"2018-{int(supervision.project_id[5:]) + 1}": override}), clock=clock
    )
    await other.until("05-31 12:00")
    reminders = [event.working_days_before for event in other.recorded() if isinstance(event, ReminderIssued)]
    assert reminders == [3]
    assert (await other.state()).policy.rules_for(other.first).urge_after_working_days == 1
    assert PROJECT not in (await other.state()).policy.projects


async def test_a_store_that_is_away_holds_the_supervision_and_loses_nothing(office: Office) -> None:
    """Nothing is shown before it is recorded, whoever comes meanwhile waits, and every event is there once."""
    supervision = await office.open()
    await supervision.status()
    refused, office.store.away = office.store.refused, True
    try:
        commands = [request(ReportProgress, supervision.first) for _ in range(3)]
        answers = [asyncio.create_task(supervision.command(command)) for command in commands]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while office.store.refused < refused + SHORT["retry_policy"].maximum_attempts:  # noqa: ASYNC110 - the engine's own doing
                await asyncio.sleep(0.05)
        assert not [event for event in supervision.recorded() if isinstance(event, ProgressReported)]
        assert (await supervision.status()).milestones[0].progress.reports == 0, "shown before it was recorded"
    finally:
        office.store.away = False
    assert len({(await answer).event_ids for answer in answers}) == 3
    async with asyncio.timeout(PATIENCE_SECONDS):  # answered where it is decided: with the store away, recorded later
        while not [event for event in supervision.recorded() if isinstance(event, ProgressReported)]:  # noqa: ASYNC110 - the engine's own doing
            await asyncio.sleep(0.05)
    await supervision.command(request(ReportProgress, supervision.first))
    assert len([event for event in supervision.recorded() if isinstance(event, ProgressReported)]) == 4
    assert (await supervision.status()).milestones[0].progress.reports == 4
    await supervision.command(request(RequestCompletion, supervision.first))
    assert "WORKFLOW_TASK_FAILED" not in await supervision.history_events()


async def test_the_engines_lists_show_the_year_and_no_name_and_cost_no_wake_up_anything(office: Office) -> None:
    """The year at the start; nothing is written there again, whatever changes."""
    supervision = await office.open(milestone(), policy=SupervisionPolicy())
    await supervision.status()

    async def shown() -> tuple[object, ...]:
        attributes = (await supervision.handle.describe()).typed_search_attributes
        return tuple((pair.key.name, pair.value) for pair in attributes.search_attributes if "Duban" in pair.key.name)

    assert await shown() == ((YEAR.name, 2018),)
    await supervision.until("06-01 08:00")
    assert (await supervision.status()).light == "red"
    await supervision.command(request(ReassignLead, None, to="统战部"))
    assert await shown() == ((YEAR.name, 2018),)
    assert "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES" not in await supervision.history_events()


async def test_the_details_page_says_what_the_register_says(office: Office) -> None:
    """The Web UI's page has the light, the departments, each milestone with its date, and follows what happens."""
    project = office.next_project(milestone(), milestone(2, None, starts_on=None), participants=("宣传部",))
    supervision = await office.open(project=project)
    await supervision.status()
    page = await details_of(supervision)
    for text in (
        supervision.project_id,
        "牵头：组织部；参与：宣传部",
        "🟢",
        "2018-05-31",
        "待定",
        "截至 2018-04-25 09:00",
    ):
        assert text in page
    await supervision.until("06-01 08:00")
    page = await details_of(supervision)
    assert "🔴" in page
    assert "已逾期" in page


async def test_the_query_takes_an_instant_in_any_offset(office: Office) -> None:
    """Asked as of an instant in UTC, the register counts the office's days."""
    supervision = await office.open()
    midnight = at("06-02 00:00")
    view = await office.engine.status(supervision.project_id, midnight.astimezone(UTC))
    assert view == await office.engine.status(supervision.project_id, midnight)
    assert view.light == "red"


@pytest.mark.parametrize("count", [1, 3])
async def test_a_project_without_a_date_waits_for_commands_alone(office: Office, count: int) -> None:
    """Once signed, milestones whose dates wait for a ruling have no timer; a command is heard all the same."""
    supervision = await office.open(*(milestone(n + 1, None, starts_on=None) for n in range(count)))
    await supervision.command(request(SignReceipt, None))
    await supervision.command(request(ReportProgress, supervision.first))
    kinds = await supervision.history_events()
    assert (kinds.count("TIMER_STARTED"), kinds.count("TIMER_CANCELED")) == (1, 0)
    assert (await supervision.status()).stage == "in_progress"
