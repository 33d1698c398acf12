"""Opening a project: docketed with all that it starts under, assigned, and what was over before it began."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.ledger.leaf_bytes import canonical_event, leaf_of
from domain.events import NoticeNotSent, ProjectAssigned, ProjectDocketed, RetrospectiveReportRequested
from domain.ids import supervision_workflow_id
from domain.lists.docketing import ProjectTooLongError, docket
from domain.record.leaf import MOST_LEAF_BYTES, leaf_instant, leaf_length
from domain.rules.ladder_rules import MilestoneRules, RulesOverride
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, FIRST, HEADER, PROJECT, START, Desk, at, key_project, milestone


def test_a_project_is_docketed_and_assigned_by_the_engine() -> None:
    """From place zero on, at the same instant, caused by the start; then each department is asked for its receipt."""
    events = Desk().events
    assert [(event.seq, event.type, event.actor, event.cause) for event in events] == [
        (0, "ProjectDocketed", "engine", "start"),
        (1, "ProjectAssigned", "engine", "start"),
        (2, "LimitSet", "engine", "start"),
        (3, "LimitSet", "engine", "start"),
    ]
    assert {event.decided_at for event in events} == {START}


def test_the_docketing_keeps_all_that_the_project_starts_under() -> None:
    """The row as issued, the rules that concern it, the calendar: what a replay needs, and no more."""
    policy = SupervisionPolicy(
        projects={PROJECT: RulesOverride(rework_working_days=3), "2018-01": RulesOverride(rework_working_days=4)}
    )
    project = key_project((milestone(),))
    docketed, assigned, *_ = docket(HEADER, project, policy, CALENDAR, START)
    assert isinstance(docketed, ProjectDocketed)
    assert isinstance(assigned, ProjectAssigned)
    assert (docketed.project, docketed.calendar, docketed.issued_on) == (project, CALENDAR, HEADER.issued_on)
    assert set(docketed.policy.projects) == {PROJECT}
    assert (assigned.lead_department, assigned.participating_departments) == ("组织部", ("宣传部",))


@pytest.mark.parametrize(
    ("due_on", "born_late", "asked"),
    [
        (date(2018, 3, 31), True, True),
        (date(2018, 4, 24), False, True),
        (date(2018, 4, 25), False, False),
        (date(2018, 5, 31), True, True),
        (None, False, False),
    ],
)
def test_what_was_over_before_it_began_is_asked_for_in_retrospect(
    due_on: date | None, born_late: bool, asked: bool
) -> None:
    """By the notice's own word, or because its day is over on the day of the start."""
    desk = Desk(milestone(due_on=due_on, starts_on=None, born_late=born_late))
    assert bool(desk.of(RetrospectiveReportRequested)) is asked
    assert desk[FIRST].retrospective is asked


def test_the_day_that_counts_decides_what_is_over() -> None:
    """Due on Saturday 21 April and rolled to Monday, it is over on Wednesday; rolled from a holiday it may not be."""
    rules = MilestoneRules(due_roll="following")
    policy = SupervisionPolicy(rules=rules, spread_minutes=0)
    holiday = milestone(due_on=date(2018, 4, 29))
    assert not Desk(holiday, policy=policy, start=at("05-02 09:00")).of(RetrospectiveReportRequested)
    assert Desk(holiday, start=at("05-02 09:00")).of(RetrospectiveReportRequested)


@pytest.mark.parametrize(("start", "missed"), [("05-11 08:29", []), ("05-11 08:30", ["reminder-14"])])
def test_a_reminder_is_missed_from_its_own_instant_on(start: str, missed: list[str]) -> None:
    """Started before the opening of its day the reminder comes; at the opening the supervision order stands for it."""
    desk = Desk(start=at(start))
    assert [event.rung for event in desk.of(NoticeNotSent)] == missed
    assert desk[FIRST].taken == tuple(missed)


def test_a_row_that_the_ledger_could_not_hold_is_refused_before_it_begins() -> None:
    """The longest row that is taken fits into one entry; a byte more is refused in words."""
    project = key_project((milestone(),))
    (docketed, *_) = docket(HEADER, project, SupervisionPolicy(), CALENDAR, START)
    stream = supervision_workflow_id(PROJECT)
    room = MOST_LEAF_BYTES - leaf_length(stream, docketed)
    longest = project.model_copy(update={"main_content": "x" * room})
    (docketed, *_) = docket(HEADER, longest, SupervisionPolicy(), CALENDAR, START)
    entry = canonical_event(stream, docketed)
    assert len(leaf_of(entry.body, leaf_instant(START))) == MOST_LEAF_BYTES
    too_long = project.model_copy(update={"main_content": "x" * (room + 1)})
    with pytest.raises(ProjectTooLongError) as refused:
        docket(HEADER, too_long, SupervisionPolicy(), CALENDAR, START)
    assert "主要内容" in refused.value.text
    assert PROJECT in refused.value.text
