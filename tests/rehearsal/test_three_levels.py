"""Three levels on a real engine: eleven cities, three districts each, in a year in which nobody reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.recording import RecordingActivities
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.office.register import RegisterDesk
from application.office.scoring import period_of
from bench.costs import Cost
from domain.clock import OFFICE_TIME
from domain.events import DeadlineBreached, DomainEvent, DutyDecomposed, EscalationOrderIssued
from domain.ids import is_sub_duty, level_of
from domain.lists.carrying_over import carried_over_plan
from domain.ports.register import DutyQuery, ProjectQuery
from domain.record.recorded_projects import (
    listed_projects,
    recorded_events,
    recorded_projects,
    recorded_states,
    recorded_streams,
)
from domain.rules.score_rules import ScoreRules
from domain.scoring.table import score_table
from domain.seeing.period_report import drafted
from domain.seeing.sub_duties import sub_duties_seen
from domain.seeing.views import view_of
from tests.rehearsal.three_levels import CITIES, DISTRICTS, SERIAL, of_three_levels, play_three_levels
from verifier.score import scored

ROW = f"2018-{SERIAL}"
YEAR_END = datetime(2018, 12, 31, 12, tzinfo=OFFICE_TIME)
EVERYTHING = 1 + CITIES + CITIES * DISTRICTS


@dataclass(frozen=True, slots=True)
class Played:
    """The year: what each history cost, the ledger, and a register derived from it."""

    costs: dict[str, list[Cost]]
    ledger: SqliteLedger
    register: RegisterDesk

    def events(self, project_id: str) -> Sequence[DomainEvent]:
        """What happened to a project."""
        return list(recorded_events(self.ledger, project_id))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    """The silent year, played once."""
    folder = tmp_path_factory.mktemp("levels")
    async with _played(folder) as played:
        yield played


@asynccontextmanager
async def _played(folder: Path) -> AsyncIterator[Played]:
    ledger = SqliteLedger.open(folder / "ledger.db", lambda: datetime.now(UTC))
    try:
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
        ) as environment:
            engine = Engine(environment.client, "levels")
            await engine.prepare_namespace()
            activities = [RecordingActivities(ledger).record_decision]
            with environment.auto_time_skipping_disabled():
                async with build_worker(environment.client, task_queue="levels", activities=activities):
                    costs = await play_three_levels(environment, engine, of_three_levels())
        register = RegisterDesk(ledger, ledger.register(), lambda: YEAR_END)
        await register.follow()
        yield Played(costs, ledger, register)
    finally:
        ledger.close()


async def test_every_unit_has_a_year_of_its_own_through_all_levels(year: Played) -> None:
    """Forty-five supervisions, each with its ladder and its breach; the row gave eleven parts, each city three."""
    known = recorded_projects(year.ledger)
    assert Counter(map(level_of, known)) == {1: 1, 2: CITIES, 3: CITIES * DISTRICTS}
    for project_id in filter(is_sub_duty, known):
        events = year.events(project_id)
        assert [each.due_on for each in events if isinstance(each, DeadlineBreached)] == [date(2018, 6, 30)], project_id
        assert sum(isinstance(each, DutyDecomposed) for each in events) == (level_of(project_id) == 2)


async def test_a_sub_duty_costs_what_the_floor_says(year: Played) -> None:
    """Nothing but what wake-ups and the one act must cost; the search attributes and the docketing's marker beside."""
    for level, most in (("city", 1.12), ("district", 1.06)):
        costs = year.costs[level]
        assert {cost.events for cost in costs} == {costs[0].events}, level
        assert costs[0].ratio <= most, (costs[0], costs[0].above())


async def test_the_row_s_history_does_not_grow_with_its_units(year: Played) -> None:
    """Giving a duty to eleven cities is one act; what they do is counted from their own records."""
    (row,) = year.costs["row"]
    assert row.ratio <= 1.05, (row, row.above())


async def test_nothing_is_counted_twice(year: Played) -> None:
    """Lights, lists, statistics, score, report and the year's end know one project with two milestones."""
    desk = year.register
    assert sum((await desk.projects(ProjectQuery())).lights.values()) == 1
    assert [row.project_id for row in (await desk.projects(ProjectQuery())).rows] == [ROW]
    assert (await desk.projects(ProjectQuery(with_sub_duties=True))).count == EVERYTHING
    assert sum(each.duties for each in await desk.departments() if each.role == "lead") == 2
    assert sum(each.duties for each in await desk.months(2018) if each.role == "lead") == 2
    assert {row.project_id for row in (await desk.duties(DutyQuery())).rows} == {ROW}
    assert listed_projects(year.ledger) == [ROW]
    table = score_table(recorded_streams(year.ledger), ScoreRules(), period_of("2018"), YEAR_END.date())
    assert {each.project_id for row in table.departments for each in row.assignments} == {ROW}
    period = period_of("2018")
    streams = [list(events) for events in recorded_streams(year.ledger)]
    report = drafted("2018", streams, period.from_on, period.to_on, period.to_on)
    assert report.figure("breached").value == 2
    states = list(recorded_states(year.ledger).values())
    carried = [
        state.having(milestones={k: m.having(carried_to=2019) for k, m in state.milestones.items()}) for state in states
    ]
    assert [row.project_id for row in carried_over_plan(carried, 2019, YEAR_END.date()).projects] == ["2019-C40"]


async def test_a_second_program_scores_the_row_alone(year: Played) -> None:
    """The auditor's program, which knows only entries, counts no unit either."""
    entries = [{"stream": each.stream, **each.event} for each in year.ledger.entries()]
    published = {
        "rules": ScoreRules().model_dump(mode="json"),
        "period": "2018",
        "from_on": "2018-01-01",
        "to_on": "2018-12-31",
        "until": "2018-12-31",
    }
    table = scored(entries, published)
    assert {project for row in table.values() for project in row} == {ROW}


async def test_each_unit_is_found_under_its_own_name_and_counted_upwards(year: Played) -> None:
    """A district sees its own duty; the city counts three, the department eleven, at every look from their records."""
    own = (await year.register.duties(DutyQuery(department="第2市第3区"))).rows
    assert [row.project_id for row in own] == [f"{ROW}_01_02_01_03"]
    states = recorded_states(year.ledger)
    views = {project_id: view_of(state, YEAR_END) for project_id, state in states.items()}
    (of_the_row,) = sub_duties_seen(states[ROW], views, YEAR_END.date())
    (of_a_city,) = sub_duties_seen(states[f"{ROW}_01_02"], views, YEAR_END.date())
    assert (of_the_row.parts, of_the_row.done, of_the_row.overdue, of_the_row.unsigned) == (11, 0, 11, 11)
    assert (of_a_city.parts, of_a_city.overdue, [line.unit for line in of_a_city.lines]) == (
        3,
        3,
        [f"第2市第{n}区" for n in (1, 2, 3)],
    )


async def test_orders_climb_to_the_one_who_gave_it(year: Played) -> None:
    """A district's last order goes to its city, a city's to the department; only the row's goes to the leaders."""

    def last(project_id: str) -> str:
        orders = [each for each in year.events(project_id) if isinstance(each, EscalationOrderIssued)]
        return next(each.to for each in orders if each.level == "red")

    lead = recorded_states(year.ledger)[ROW].lead
    assert (last(f"{ROW}_01_02_01_03"), last(f"{ROW}_01_02"), last(ROW)) == ("第2市", lead, "主要领导")
