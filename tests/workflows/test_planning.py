"""A re-issued list on the engine: shown as what it changes, applied as exactly that, finished after a kill."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any, cast

import pytest
from temporalio.client import Client

from application.engine_room.engine import Engine
from application.office.planning import Step, apply_plan, as_document, planned, summary_of
from application.office.starting import Started, Year
from domain.acts.commands import Withdraw
from domain.errors import NoWorkerError
from domain.events import LeadReassigned, MilestoneAmended, ProjectWithdrawn, ReadingRuled
from domain.notice.findings import Finding, FindingSource, Ruling
from domain.notice.plan import Plan
from domain.project import ProjectList
from domain.record.recorded_projects import recorded_events
from domain.seeing.timeline import timeline
from tests.domain.samples import CALENDAR, HEADER, PROJECT, Desk, key_project, milestone, request
from tests.workflows.conftest import PATIENT, Office

_years = count(2041)
_POINTS = 7
"""How many interruptions the suite tries; the start has no more than eight messages to the engine at this size."""


class KilledError(Exception):
    """The starting process is gone."""


class DyingEngine:
    """An engine whose caller is killed at its n-th message: before it was sent, or after, unheard."""

    def __init__(self, engine: Engine, messages: int, *, after_sending: bool) -> None:
        self._engine, self._left, self._after = engine, messages, after_sending

    @property
    def client(self) -> Client:
        """The engine's client, for questions: asking changes nothing."""
        return self._engine.client

    async def described(self, workflow_id: str) -> Any:
        """A question."""
        return await self._engine.described(workflow_id)

    async def start_project(self, *given: Any) -> Any:
        """Start, or die."""
        return await self._sent(self._engine.start_project, *given)

    async def command(self, *given: Any) -> Any:
        """Give a command, or die."""
        return await self._sent(self._engine.command, *given)

    async def start_mailbox(self, *given: Any) -> Any:
        """Start a mailbox, or die."""
        return await self._sent(self._engine.start_mailbox, *given)

    async def _sent(self, send: Any, *given: Any) -> Any:
        self._left -= 1
        if self._left > 0:
            return await send(*given)
        if self._left == 0 and self._after:
            await send(*given)
        raise KilledError


def issued(year: int) -> ProjectList:
    """A list of three projects."""
    return ProjectList(
        **{**HEADER.model_dump(), "year": year},
        projects=tuple(
            key_project((milestone(project_id=f"{year}-{n:02d}"),), project_id=f"{year}-{n:02d}") for n in (1, 2, 3)
        ),
    )


def reissued(year: int) -> ProjectList:
    """The list anew: 01 has another date, 02 another lead, 03 is dropped, 04 is added."""
    first, second, _ = issued(year).projects
    moved = milestone(due_on=date(2018, 6, 29), project_id=f"{year}-01")
    added = key_project((milestone(project_id=f"{year}-04"),), project_id=f"{year}-04", lead="统战部")
    projects = (
        first.model_copy(update={"milestones": (moved,)}),
        second.model_copy(update={"lead_department": "宣传部"}),
        added,
    )
    update = {"document_number": "团浙办〔2018〕9号", "issued_on": date(2018, 5, 10), "projects": projects}
    return issued(year).model_copy(update=update)


async def applied(office: Office, listed: ProjectList, engine: Any = None) -> list[Started]:
    """Start a list on the engine of the tests, as 李."""
    clock = await office.clock()
    assert clock.engine_at is not None
    year = Year(listed, PATIENT, CALENDAR, clock)
    return await apply_plan(cast("Engine", engine or office.engine), office.ledger, year, "李")


def told(office: Office, year: int) -> dict[str, list[str]]:
    """What the ledger tells of each project of a year: its events, without the instants and the requests."""
    passing = {"occurred_at", "decided_at", "cause", "request_digest"}
    return {
        number: [
            event.model_dump_json(exclude=passing).replace(str(year), "YEAR")
            for event in recorded_events(office.ledger, f"{year}-{number}")
        ]
        for number in ("01", "02", "03", "04")
    }


async def test_a_reissued_list_is_shown_and_applied_as_exactly_what_it_changes(office: Office) -> None:
    """One added, one date moved, one lead changed, one dropped: in the plan, in the results and in the history."""
    year = next(_years)
    await applied(office, issued(year))
    listed = reissued(year)
    document = as_document(listed, await planned(office.engine, office.ledger, listed))
    assert [row["project_id"] for row in document["added"]] == [f"{year}-04"]
    assert [row["project_id"] for row in document["withdrawn"]] == [f"{year}-03"]
    assert document["unchanged"] == document["closed"] == []
    moved, reassigned = document["amended"]
    assert moved["changes"] == reassigned["milestones"] == []
    assert [(row["milestone_id"], row["change"], row["changes"]) for row in moved["milestones"]] == [
        (f"{year}-01-01", "amended", [{"field": "due_on", "before": "2018-05-31", "after": "2018-06-29"}])
    ]
    assert reassigned["changes"] == [{"field": "lead_department", "before": "组织部", "after": "宣传部"}]

    results = {result.project_id[-2:]: result.outcome for result in await applied(office, listed)}
    assert results == {"01": "amended", "02": "amended", "03": "withdrawn", "04": "started"}
    basis = "依据团浙办〔2018〕9号（2018年5月10日印发）"
    last = {number: list(recorded_events(office.ledger, f"{year}-{number}")) for number in ("01", "02", "03")}
    amended = next(event for event in last["01"] if isinstance(event, MilestoneAmended))
    assert (amended.before.due_on, amended.after.due_on) == (date(2018, 5, 31), date(2018, 6, 29))
    assert (amended.actor, amended.basis) == ("operator:李", basis)
    assert [(e.before, e.after) for e in last["02"] if isinstance(e, LeadReassigned)] == [("组织部", "宣传部")]
    assert [(e.actor, e.reason) for e in last["03"] if isinstance(e, ProjectWithdrawn)] == [("operator:李", basis)]
    line = next(line for line in timeline(f"key-project/{year}/01", iter(last["01"]), {}) if "变更" in line.what)
    for said in ("2018-05-31", "2018-06-29", "团浙办〔2018〕9号"):
        assert said in line.what
    view = (await office.engine.status(f"{year}-01")).milestones[0]
    assert (view.baseline_due_on, view.approved_due_on) == (date(2018, 5, 31), date(2018, 6, 29))


async def test_orders_are_numbered_as_the_list_is(office: Office) -> None:
    """A dozen projects of one start: the order of each has a higher number than that of the row before."""
    year = next(_years)
    names = [f"{year}-{n:02d}" for n in (7, 3, 12, 1, 9, 5, 11, 2, 10, 4, 8, 6)]
    rows = tuple(key_project((milestone(project_id=name),), project_id=name) for name in names)
    await applied(office, issued(year).model_copy(update={"projects": rows}))
    orders = {
        each.paper.project_id: each.sequence
        for each in office.ledger.papers()
        if each.paper.kind == "supervision_order" and each.paper.project_id in names
    }
    assert sorted(orders, key=lambda name: orders[name]) == names


async def test_a_second_start_changes_nothing(office: Office) -> None:
    """Nothing is planned, nothing is recorded, and the results say that all was running."""
    year = next(_years)
    await applied(office, issued(year))
    await applied(office, reissued(year))
    before = told(office, year)
    steps = await planned(office.engine, office.ledger, reissued(year))
    assert {step.action for step in steps} == {"unchanged"}
    assert {result.outcome for result in await applied(office, reissued(year))} == {"running"}
    assert told(office, year) == before


async def test_a_list_that_counts_anew_says_which_number_stands_for_another_duty(office: Office) -> None:
    """No number takes another's work in silence, and none is called dropped that goes on under another number."""
    year = next(_years)
    named = [
        row.having(title=title) for row, title in zip(issued(year).projects, ("甲事", "乙事", "丙事"), strict=True)
    ]
    await applied(office, issued(year).model_copy(update={"projects": tuple(named)}))
    moved = tuple(row.having(title=title) for row, title in zip(named, ("乙事", "丙事"), strict=False))
    listed = issued(year).model_copy(update={"projects": moved})
    steps = await planned(office.engine, office.ledger, listed)
    first, second, third = ("\n".join(summary_of(step)) for step in steps)
    assert f"原来的“甲事”在新清单里没有了；“乙事”此前的编号是{year}-02" in first
    assert f"原来的“乙事”在新清单里的编号是{year}-01；“丙事”此前的编号是{year}-03" in second
    assert third == f"这一项在新清单里的编号是{year}-02"
    (withdrawn,) = as_document(listed, steps)["withdrawn"]
    assert withdrawn["renumbered"] == {
        "before": "丙事",
        "after": None,
        "was": None,
        "now": f"{year}-02",
        "closed": False,
    }


def ruled_plan(year: int, choice: str) -> Plan:
    """The list of three projects with a ruling on a reading of the second."""
    doubt = Finding(
        key=f"window_within_window@{year}-02:0",
        code="window_within_window",
        severity="ruling",
        project_id=f"{year}-02",
        milestone_id=f"{year}-02-01",
        text="有两种读法。",
        source=FindingSource(start=0, end=2, text="5月"),
    )
    ruling = Ruling(finding=doubt.key, choice=choice, source_text="5月", ruled_by="督查科")
    return Plan(**dict(issued(year)), findings=(doubt,), rulings=(ruling,))


async def test_rulings_of_the_plan_come_on_record_once(office: Office) -> None:
    """With the start of their project; a second start brings none, another ruling is shown and then recorded."""
    year = next(_years)

    def recorded() -> list[tuple[str, str | None, str]]:
        return [
            (event.actor, event.ruled_by, event.choice)
            for number in ("01", "02", "03")
            for event in recorded_events(office.ledger, f"{year}-{number}")
            if isinstance(event, ReadingRuled)
        ]

    await applied(office, ruled_plan(year, "确认"))
    assert recorded() == [("engine", "督查科", "确认")]
    assert {result.outcome for result in await applied(office, ruled_plan(year, "确认"))} == {"running"}
    assert len(recorded()) == 1
    again = ruled_plan(year, "2018年5月31日前")
    (amended,) = as_document(again, await planned(office.engine, office.ledger, again))["amended"]
    assert (amended["project_id"], amended["changes"], amended["milestones"]) == (f"{year}-02", [], [])
    assert [ruling["choice"] for ruling in amended["rulings"]] == ["2018年5月31日前"]
    await applied(office, again)
    assert recorded()[1:] == [("operator:李", "督查科", "2018年5月31日前")]


async def test_what_fails_for_one_project_is_its_result_and_the_others_go_on(office: Office) -> None:
    """A row that no entry can hold, running or new, fails with the reason; the rest of the list is applied."""
    year = next(_years)
    await applied(office, issued(year))
    first, second, third = issued(year).projects
    texts = {"main_content": "长" * 15_000, "schedule_text": "长" * 15_000}
    long = first.model_copy(update=texts)
    new = key_project((milestone(project_id=f"{year}-04"),), project_id=f"{year}-04")
    projects = (
        long,
        second.model_copy(update={"title": "新名称"}),
        third,
        new.model_copy(update=texts),
    )
    results = await applied(office, issued(year).model_copy(update={"projects": projects}))
    assert [result.outcome for result in results] == ["failed", "amended", "running", "failed"]
    for result in (results[0], results[3]):
        assert "台账" in result.text


class SilentEngine:
    """An engine whose worker has gone: every start is waited for in vain."""

    def __init__(self, engine: Engine) -> None:
        self.client, self._engine = engine.client, engine
        self.asked = 0

    async def start_project(self, *_: Any) -> Any:
        """Wait in vain."""
        self.asked += 1
        await asyncio.sleep(0)
        raise NoWorkerError(task_queue="nobody")

    async def start_mailbox(self, *_: Any) -> None:
        """Nothing is started."""


async def test_a_worker_that_has_gone_is_not_waited_for_by_every_project(office: Office) -> None:
    """After many projects in a row the others fail at once, each with the reason."""
    year, engine = next(_years), SilentEngine(office.engine)
    rows = tuple(key_project((milestone(project_id=f"{year}-{n}"),), project_id=f"{year}-{n}") for n in range(100, 200))
    listed = issued(year).model_copy(update={"projects": rows})
    results = await applied(office, listed, engine)
    assert [result.outcome for result in results] == ["failed"] * 100
    assert all("没有督办程序" in result.text for result in results)
    assert engine.asked <= 32


@pytest.mark.parametrize("message", range(1, _POINTS + 1))
async def test_a_start_killed_at_any_message_is_finished_by_the_next(office: Office, message: int) -> None:
    """Killed before or after a message and repeated, the record equals that of an uninterrupted start."""
    reference, year = next(_years), next(_years)
    for listed in (issued(reference), reissued(reference)):
        await applied(office, listed)
    for listed in (issued(year), reissued(year)):
        with pytest.raises(KilledError):
            await applied(office, listed, DyingEngine(office.engine, message, after_sending=message % 2 == 0))
        await applied(office, listed)
    assert told(office, year) == told(office, reference)


def test_a_withdrawn_duty_that_the_list_has_again_is_told_with_its_way_back() -> None:
    """One that ended otherwise is told as ended alone."""
    desk = Desk()
    ended = Step(PROJECT, "closed", desk.state.project, running=desk.state)
    desk.ask(request(Withdraw, None))
    told = summary_of(replace(ended, running=desk.state))
    assert told == ["这一项此前撤销了，清单又列入了它：请督查人员收回撤销，再启动一次这份清单"]
    assert summary_of(ended) == []
