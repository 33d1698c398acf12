"""The lights of a rehearsed year: every duty on every day, against colours calculated from dates alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from domain.project import KeyProject, Milestone
from domain.rules.policy import MilestoneRules, default_policy
from domain.seeing.daily_lights import DayLight, lights_by_day
from domain.seeing.what_if import foreseen
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.expected import answered_on, missed_periods, pace_warnings, reports_of, scheduled
from tests.rehearsal.notice_2018 import ISSUED_ON, the_list
from tests.rehearsal.office_days import counted

_YELLOW_FROM = 1
_BADNESS = ("grey", "green", "yellow", "red")
BEHAVIOURS = ("silent", "on-time", "silent:组织部")
Colours = dict[tuple[date, str, str | None, str | None], str]


def colours_in(year: RehearsedYear) -> Colours:
    """The light of each duty of a rehearsed year on each day, at noon."""
    return {(each.day, each.project_id, each.milestone_id, each.department): each.colour for each in _lights(year)}


def _lights(year: RehearsedYear) -> Iterator[DayLight]:
    for stream in year.events.values():
        yield from lights_by_day(stream, year.report.end)


def expected_colours(behaviour: str, until: date) -> Colours:
    """What each light must be, by the dates: red after the due day, yellow before it or behind schedule, else green."""
    found: Colours = {}
    day = ISSUED_ON
    while day < until:
        for project in the_list().projects:
            project_id, colours = project.project_id, []
            for milestone in project.milestones:
                colour = _of_lead(project, milestone, behaviour, day)
                colours.append(colour)
                found[day, project_id, milestone.milestone_id, None] = colour
                for name in project.participating_departments:
                    part = _of_part(project, milestone, name, behaviour, day)
                    found[day, project_id, milestone.milestone_id, name] = part
            found[day, project_id, None, None] = max(colours, key=_BADNESS.index)
        day += timedelta(days=1)
    return found


def _of_lead(project: KeyProject, milestone: Milestone, behaviour: str, day: date) -> str:
    assert milestone.due_on is not None
    lead, answered = project.lead_department, answered_on(milestone, project.lead_department, behaviour)
    if milestone.due_on < ISSUED_ON:
        return "green" if day >= answered else "grey"
    if day >= answered:
        # At noon a late completion still waits for its review of the afternoon.
        return "yellow" if day == answered > milestone.due_on else "green"
    if day > milestone.due_on:
        return "red"
    told = [report for report in reports_of(milestone, lead, behaviour) if report.on <= day]
    missed = {number for number, ended in missed_periods(milestone, lead, behaviour) if ended < day}
    if missed - {report.period for report in told}:
        return "yellow"
    done = max((report.quantity for report in told), default=0)
    warned = any(on <= day for on in pace_warnings(milestone, lead, behaviour))
    if warned and done < scheduled(milestone, day):
        return "yellow"
    return "yellow" if day >= counted(milestone.due_on, -_YELLOW_FROM) else "green"


def _of_part(project: KeyProject, milestone: Milestone, name: str, behaviour: str, day: date) -> str:
    assert milestone.due_on is not None
    if day >= answered_on(milestone, name, behaviour):
        return "green"
    if day >= answered_on(milestone, project.lead_department, behaviour) or milestone.due_on < ISSUED_ON:
        return "grey"
    return "red" if day > milestone.due_on else "green"


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
async def test_every_light_of_the_year_is_the_one_that_the_dates_say(rehearsed: Rehearsing, behaviour: str) -> None:
    """Seventeen projects, all their milestones and participants, on each day of the year."""
    year = await rehearsed(behaviour)
    found, expected = colours_in(year), expected_colours(behaviour, year.report.end.date())
    wrong = {duty: (found.get(duty), colour) for duty, colour in expected.items() if found.get(duty) != colour}
    assert (wrong, found.keys() - expected.keys()) == ({}, set())
    assert len(found) > 40_000


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
async def test_every_light_is_explained_by_a_sentence_that_names_its_reason(
    rehearsed: Rehearsing, behaviour: str
) -> None:
    """A red light says since when and how many working days, a yellow one what is missing, and all end as sentences."""
    reasons = {
        "red": ("到期，已逾期",),
        "yellow": ("到期，只剩不到", "缺报", "进度偏慢", "逾期后已申请办结"),
        "green": ("进度正常", "已办结", "已销号", "待审核", "已完成参与部分"),
        "grey": ("待补报", "参与部分不再计时"),
    }
    for light in _lights(await rehearsed(behaviour)):
        assert light.explanation.endswith("。")
        assert any(reason in light.explanation for reason in reasons[light.colour]), light


async def test_a_red_light_counts_the_working_days_since_the_due_date(rehearsed: Rehearsing) -> None:
    """Every red sentence of a silent year, counted again by the printed schedule of working days."""
    due = {m.milestone_id: m.due_on for project in the_list().projects for m in project.milestones}
    counts: dict[tuple[date, date], int] = {}
    for light in _lights(await rehearsed("silent")):
        due_on = due.get(light.milestone_id or "")
        if light.colour != "red" or due_on is None:
            continue
        if (due_on, light.day) not in counts:
            late, day = 0, due_on
            while (day := counted(day, 1)) <= light.day:
                late += 1
            counts[due_on, light.day] = late
        assert light.explanation.startswith(f"{due_on}到期，已逾期{counts[due_on, light.day]}个工作日"), light
    assert len(counts) > 1_000


async def test_one_number_of_the_policy_changes_exactly_the_lights_that_it_should(rehearsed: Rehearsing) -> None:
    """Yellow seven working days before the due date instead of one: only lights that were green in between turn."""
    year = await rehearsed("silent")
    rules = MilestoneRules(yellow_light_working_days_before=7)

    found = foreseen(list(year.events.values()), default_policy().model_copy(update={"rules": rules}), year.report.end)

    before = colours_in(year)
    expected: Counter[str] = Counter()
    for project in the_list().projects:
        for milestone in project.milestones:
            assert milestone.due_on is not None
            day = max(counted(milestone.due_on, -7), ISSUED_ON)
            while day < counted(milestone.due_on, -1):
                if before[day, project.project_id, milestone.milestone_id, None] == "green":
                    expected[milestone.milestone_id] += 1
                day += timedelta(days=1)
    assert found.notices == ()
    assert {(light.was, light.would_be, light.department) for light in found.lights} == {("green", "yellow", None)}
    assert Counter({light.milestone_id: light.days for light in found.lights}) == expected
    assert len(expected) > 50
