"""The golden year: the real list of 2018, rehearsed on the real engine, against an independent calculation."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest

from application.office.starting import addressees_of
from domain.events import (
    CompletionRequested,
    DeadlineBreached,
    InspectionNotOpened,
    LimitEnded,
    LimitPassed,
    LimitReminderIssued,
    NoReportReceived,
    NoticeNotSent,
    PaceWarningIssued,
    ProjectDocketed,
    ReportPeriodMissed,
    RetrospectiveReportRequested,
)
from domain.evolution import fold
from domain.project import ProjectList
from domain.seeing.register_rows import registered
from entrypoints.bootstrap.plan_files import load_plan
from tests.rehearsal.conftest import EXAMPLE, RehearsedYear, Rehearsing
from tests.rehearsal.expected import (
    ExpectedFact,
    ExpectedPaper,
    done_early,
    facts_of,
    papers_of,
    sorting,
)
from tests.rehearsal.notice_2018 import BORN_LATE, the_list
from tests.rehearsal.office_days import MAKE_UP_DAYS, works

BEHAVIOURS = ("silent", "on-time", "late:4", "silent:组织部", "early:60")
every_behaviour = pytest.mark.parametrize("behaviour", BEHAVIOURS)


def papers_in(year: RehearsedYear) -> list[ExpectedPaper]:
    """The papers that a rehearsal reports, in the order of the expectation."""
    found = [
        ExpectedPaper(paper.on, paper.kind, paper.to, paper.project_id, paper.milestone_id, paper.level)
        for paper in year.report.papers
    ]
    return sorted(found, key=sorting)


def facts_in(year: RehearsedYear) -> list[ExpectedFact]:
    """The events that are no papers, in the order of the expectation."""
    facts = []
    for stream in year.events.values():
        docketed = stream[0]
        assert isinstance(docketed, ProjectDocketed)
        project = docketed.project
        for event in stream:
            match event:
                case DeadlineBreached(due_on=on):
                    who = event.department or project.lead_department
                case LimitPassed(due_on=on, owner=who):
                    pass
                case ReportPeriodMissed(ended_on=on):
                    who = str(event.period)
                case InspectionNotOpened(reason=who):
                    on = event.decided_at.date()
                case _:
                    continue
            facts.append(ExpectedFact(on, event.type, project.project_id, event.milestone_id, who))
    return sorted(facts, key=lambda fact: (*fact[:3], fact.milestone_id or "", fact.who))


OF_PEOPLE = ("status_notice", "completion_notice", "strike_off_notice")
"""What follows from an act of a person, or from a day that is over."""


@every_behaviour
async def test_a_rehearsed_year_brings_exactly_the_papers_of_the_independent_calculation(
    rehearsed: Rehearsing, behaviour: str
) -> None:
    """Every paper of the year, to the day, its kind, its addressee and its level, under each behaviour."""
    assert papers_in(await rehearsed(behaviour)) == papers_of(the_list(), behaviour)


@every_behaviour
async def test_a_rehearsed_year_records_exactly_the_facts_of_the_independent_calculation(
    rehearsed: Rehearsing, behaviour: str
) -> None:
    """Every breach, passed limit, missed period and inspection that was not opened, to the day, with its owner."""
    assert facts_in(await rehearsed(behaviour)) == facts_of(the_list(), behaviour)


async def test_everybody_to_whom_a_paper_goes_has_a_mailbox(rehearsed: Rehearsing) -> None:
    """Departments, their heads, the supervision section and every superior: nobody's mail stays in the outbox."""
    for behaviour in BEHAVIOURS:
        year = await rehearsed(behaviour)
        addressed = {to for numbered in year.papers for to in (numbered.paper.to, *numbered.paper.copies_to)}
        assert addressed <= set(addressees_of(year.year.listed, year.year.policy))


def test_the_shipped_plan_has_the_dates_that_people_read_in_the_notice() -> None:
    """Every milestone of the example stands in the hand-written table, with who does it, its window, its numbers."""

    def rows(listed: ProjectList) -> list[tuple[object, ...]]:
        return [
            (
                milestone.milestone_id,
                project.lead_department,
                project.participating_departments,
                milestone.starts_on,
                milestone.due_on,
                milestone.born_late,
                milestone.ongoing,
                milestone.quota,
                milestone.recurrence,
            )
            for project in listed.projects
            for milestone in project.milestones
        ]

    assert rows(load_plan(EXAMPLE)) == rows(the_list())


def test_the_expectation_itself_is_not_empty() -> None:
    """When all are silent, each milestone that can be late brings the lead's ladder, and each part of it its own."""
    listed = the_list()
    late = [(project, m) for project in listed.projects for m in project.milestones if m.milestone_id not in BORN_LATE]
    parts = sum(len(project.participating_departments) for project, _ in late)
    counts = Counter(paper.kind for paper in papers_of(listed, "silent"))
    assert counts["supervision_order"] == 17
    assert counts["urge"] == len(late) + parts
    assert counts["escalation_order"] == 3 * len(late) + parts
    assert counts["pace_warning"] > 10
    assert {fact.what for fact in facts_of(listed, "silent")} == {
        "DeadlineBreached",
        "InspectionNotOpened",
        "LimitPassed",
        "ReportPeriodMissed",
    }


async def test_what_is_done_before_its_window_is_accepted_shown_as_early_and_counted(rehearsed: Rehearsing) -> None:
    """Sixty days early: every milestone and part that is done before its first day says so, in view and in row."""
    year = await rehearsed("early:60")
    expected: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for project in the_list().projects:
        for each in project.milestones:
            for name in (project.lead_department, *project.participating_departments):
                expected[each.milestone_id, name] = done_early(each, name, "early:60")
    for stream in year.events.values():
        state = fold(stream)
        assert state is not None
        for row in registered(state, year.report.end).duties:
            found[row.milestone_id, row.department] = row.early
            assert ("提前" in row.explanation) == row.early, row
    assert found == expected
    assert sum(expected.values()) > 10


async def test_when_all_are_on_time_nobody_is_urged_and_no_limit_passes(rehearsed: Rehearsing) -> None:
    """A year on time brings orders, neutral reminders, the reviewers' own tasks and word of what they accepted."""
    year = await rehearsed("on-time")
    kinds = {numbered.paper.kind for numbered in year.papers}
    assert kinds == {"supervision_order", "reminder", "status_notice", "completion_notice", "strike_off_notice"}
    assert {n.paper.to for n in year.papers if n.paper.kind == "status_notice"} == {"督查室"}
    assert not year.of(DeadlineBreached, LimitPassed, LimitReminderIssued, ReportPeriodMissed, PaceWarningIssued)
    assert all(ended.answered and ended.working_days_late == 0 for ended in year.of(LimitEnded))


@every_behaviour
async def test_the_nine_milestones_born_late_never_alarm(rehearsed: Rehearsing, behaviour: str) -> None:
    """What was over on the day of issue is asked for in retrospect: nothing urges, no breach, no silence."""
    year = await rehearsed(behaviour)
    events = [event for stream in year.events.values() for event in stream]
    asked = {event.milestone_id for event in events if isinstance(event, RetrospectiveReportRequested)}
    alarms = [
        event
        for event in events
        if isinstance(event, DeadlineBreached | NoReportReceived | NoticeNotSent) and event.milestone_id in BORN_LATE
    ]
    papers = [
        numbered
        for numbered in year.papers
        if numbered.paper.milestone_id in BORN_LATE
        and numbered.paper.to != "督查室"
        and numbered.paper.kind not in OF_PEOPLE
    ]
    assert asked == set(BORN_LATE)
    assert not alarms
    assert not papers


@every_behaviour
async def test_no_paper_goes_out_on_a_day_off_or_outside_working_hours(rehearsed: Rehearsing, behaviour: str) -> None:
    """Every paper is sent on a working day between 08:30 and 17:30, and issued then too where the engine says when."""
    # A notice follows from what a department did, or from a day that is over: it is issued then, and waits.
    year = await rehearsed(behaviour)
    instants = [(numbered.number, numbered.paper.send_from) for numbered in year.papers]
    instants += [(n.number, n.paper.issued_at) for n in year.papers if n.paper.kind not in OF_PEOPLE]
    outside = [number for number, at in instants if not works(at.date()) or not time(8, 30) <= at.time() < time(17, 30)]
    assert outside == []


async def test_make_up_working_days_count_as_working_days(rehearsed: Rehearsing) -> None:
    """Papers go out on weekend days that are worked: before May Day, before the National Day, before New Year."""
    year = await rehearsed("silent")
    used = {paper.on for paper in year.report.papers if paper.on in MAKE_UP_DAYS}
    assert used == {date(2018, 4, 28), date(2018, 9, 29), date(2018, 12, 29)}


@every_behaviour
async def test_papers_are_numbered_without_gaps(rehearsed: Rehearsing, behaviour: str) -> None:
    """Each kind of paper has the numbers of its year of issue from one on; each follows from an event of its own."""
    year = await rehearsed(behaviour)
    kinds = {(numbered.paper.kind, numbered.paper.issued_at.year) for numbered in year.papers}
    for of_kind in kinds:
        issued = [each for each in year.papers if (each.paper.kind, each.paper.issued_at.year) == of_kind]
        assert all(f"〔{of_kind[1]}〕" in each.number for each in issued)
        numbers = sorted(each.sequence for each in issued)
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
        breached = {e.milestone_id: e.seq for e in stream if isinstance(e, DeadlineBreached) and not e.department}
        requested = {e.milestone_id: e.seq for e in stream if isinstance(e, CompletionRequested)}
        assert breached.keys() == requested.keys() - BORN_LATE
        assert all(breached[milestone_id] < requested[milestone_id] for milestone_id in breached)
