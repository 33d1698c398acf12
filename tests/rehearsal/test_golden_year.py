"""The golden year: the real list of 2018, rehearsed on the real engine, against an independent calculation."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest

from domain.events import (
    CompletionRequested,
    DeadlineBreached,
    NoReportReceived,
    NoticeNotSent,
    RetrospectiveReportRequested,
)
from domain.project import ProjectList
from entrypoints.bootstrap import load_plan
from tests.rehearsal.conftest import EXAMPLE, RehearsedYear, Rehearsing
from tests.rehearsal.expected import MAKE_UP_DAYS, ExpectedPaper, papers_of, works
from tests.rehearsal.notice_2018 import BORN_LATE, the_list

BEHAVIOURS = ("silent", "on-time", "late:4", "silent:组织部")
every_behaviour = pytest.mark.parametrize("behaviour", BEHAVIOURS)


def papers_in(year: RehearsedYear) -> list[ExpectedPaper]:
    """The papers that a rehearsal reports, in the order of the expectation."""
    found = [
        ExpectedPaper(paper.on, paper.kind, paper.to, paper.project_id, paper.milestone_id, paper.level)
        for paper in year.report.papers
    ]
    return sorted(found, key=lambda p: (p.on, p.kind, p.project_id, p.milestone_id or "", p.level or ""))


@every_behaviour
async def test_a_rehearsed_year_brings_exactly_the_papers_of_the_independent_calculation(
    rehearsed: Rehearsing, behaviour: str
) -> None:
    """Every paper of the year, to the day, its kind, its addressee and its level, under each behaviour."""
    assert papers_in(await rehearsed(behaviour)) == papers_of(the_list(), behaviour)


def test_the_shipped_plan_has_the_dates_that_people_read_in_the_notice() -> None:
    """Every milestone of the example stands in the hand-written table, with its lead, its due date and its lateness."""

    def rows(listed: ProjectList) -> list[tuple[object, ...]]:
        return [
            (milestone.milestone_id, project.lead_department, milestone.due_on, milestone.born_late)
            for project in listed.projects
            for milestone in project.milestones
        ]

    assert rows(load_plan(EXAMPLE)) == rows(the_list())


def test_the_expectation_itself_is_not_empty() -> None:
    """When all are silent, each of the milestones that can be late brings its urge and its three orders."""
    listed = the_list()
    on_the_way = sum(len(project.milestones) for project in listed.projects) - len(BORN_LATE)
    counts = Counter(paper.kind for paper in papers_of(listed, "silent"))
    assert (counts["supervision_order"], counts["urge"], counts["escalation_order"]) == (17, on_the_way, 3 * on_the_way)


async def test_when_all_are_on_time_nobody_is_urged_and_no_order_is_issued(rehearsed: Rehearsing) -> None:
    """A year on time brings supervision orders and neutral reminders, and no breach."""
    year = await rehearsed("on-time")
    assert {numbered.paper.kind for numbered in year.papers} == {"supervision_order", "reminder"}
    assert not [e for stream in year.events.values() for e in stream if isinstance(e, DeadlineBreached)]


@every_behaviour
async def test_the_nine_milestones_born_late_never_alarm(rehearsed: Rehearsing, behaviour: str) -> None:
    """What was over on the day of issue is asked for in retrospect: no paper, no breach, no silence on record."""
    year = await rehearsed(behaviour)
    events = [event for stream in year.events.values() for event in stream]
    asked = {event.milestone_id for event in events if isinstance(event, RetrospectiveReportRequested)}
    alarms = [
        event
        for event in events
        if isinstance(event, DeadlineBreached | NoReportReceived | NoticeNotSent) and event.milestone_id in BORN_LATE
    ]
    papers = [numbered for numbered in year.papers if numbered.paper.milestone_id in BORN_LATE]
    assert asked == set(BORN_LATE)
    assert not alarms
    assert not papers


@every_behaviour
async def test_no_paper_goes_out_on_a_day_off_or_outside_working_hours(rehearsed: Rehearsing, behaviour: str) -> None:
    """Every paper is issued and sent on a working day between 08:30 and 17:30."""
    year = await rehearsed(behaviour)
    outside = [
        numbered.number
        for numbered in year.papers
        for at in (numbered.paper.issued_at, numbered.paper.send_from)
        if not works(at.date()) or not time(8, 30) <= at.time() < time(17, 30)
    ]
    assert outside == []


async def test_make_up_working_days_count_as_working_days(rehearsed: Rehearsing) -> None:
    """Papers go out on weekend days that are worked: before May Day, before the National Day, before New Year."""
    year = await rehearsed("silent")
    used = {paper.on for paper in year.report.papers if paper.on in MAKE_UP_DAYS}
    assert used == {date(2018, 4, 28), date(2018, 9, 29), date(2018, 12, 29)}


@every_behaviour
async def test_papers_are_numbered_without_gaps(rehearsed: Rehearsing, behaviour: str) -> None:
    """Each kind of paper has the numbers from one on, and each follows from an event of its own."""
    year = await rehearsed(behaviour)
    kinds = {numbered.paper.kind for numbered in year.papers}
    for kind in kinds:
        numbers = sorted(numbered.sequence for numbered in year.papers if numbered.paper.kind == kind)
        assert numbers == list(range(1, len(numbers) + 1))
    assert len({numbered.paper.paper_id for numbered in year.papers}) == len(year.papers)


@every_behaviour
async def test_every_stream_of_a_rehearsed_year_is_dense_and_forward(rehearsed: Rehearsing, behaviour: str) -> None:
    """Each project's events are numbered from zero without a gap, and their decisions never go back in time."""
    year = await rehearsed(behaviour)
    assert len(year.events) == 17
    for stream in year.events.values():
        assert [event.seq for event in stream] == list(range(len(stream)))
        decided = [event.decided_at for event in stream]
        assert decided == sorted(decided)


async def test_late_milestones_keep_their_breach_after_completion(rehearsed: Rehearsing) -> None:
    """Four days late is one breach for each milestone that was on the way, recorded before its completion request."""
    year = await rehearsed("late:4")
    for stream in year.events.values():
        breached = {e.milestone_id: e.seq for e in stream if isinstance(e, DeadlineBreached)}
        requested = {e.milestone_id: e.seq for e in stream if isinstance(e, CompletionRequested)}
        assert breached.keys() == requested.keys() - BORN_LATE
        assert all(breached[milestone_id] < requested[milestone_id] for milestone_id in breached)
