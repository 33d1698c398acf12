"""The lights of a rehearsed year: every duty on every day, against colours calculated from dates alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.project import KeyProject, Milestone
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.light_rules import LightRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.daily_lights import DayLight, lights_by_day
from domain.seeing.what_if import foreseen
from domain.seeing.year_replay import Lived
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.expected import answered_on, missed_periods, periods_of, reports_of, signed_on
from tests.rehearsal.notice_2018 import ISSUED_ON, the_list
from tests.rehearsal.office_days import counted

_BADNESS = ("grey", "green", "yellow", "red")
BEHAVIOURS = ("silent", "on-time", "silent:组织部", "early:60")


class LightsBy(NamedTuple):
    """The numbers of the policy that colour a light, as its file has them where nobody changed it."""

    warning: int = 1
    unsigned: bool = True
    silent: int | None = 50
    yellow: int = 10
    red: int = 30
    judged_after: int | None = 20
    receipt: int = 3


AS_SHIPPED = LightsBy()
_Duty = tuple[date, str, str | None, str | None]
Colours = dict[_Duty, str]
_SHOWN: dict[Path, tuple[DayLight, ...]] = {}
"""The lights of the years that were looked at, by their ledgers."""


def colours_in(year: RehearsedYear) -> Colours:
    """The light of each duty of a rehearsed year on each day, at noon."""
    return {(each.day, each.project_id, each.milestone_id, each.department): each.colour for each in _lights(year)}


def _lights(year: RehearsedYear) -> tuple[DayLight, ...]:
    if year.ledger not in _SHOWN:
        every = (lights_by_day(stream, year.report.end) for stream in year.events.values())
        _SHOWN[year.ledger] = tuple(chain.from_iterable(every))
    return _SHOWN[year.ledger]


@cache
def expected_colours(behaviour: str, until: date, by: LightsBy = AS_SHIPPED) -> Mapping[_Duty, str]:
    """What each light must be, by the dates: red after the due day or far behind, yellow where something is amiss."""
    found: Colours = {}
    day = ISSUED_ON
    while day < until:
        for project in the_list().projects:
            project_id, colours = project.project_id, []
            for milestone in project.milestones:
                colour = _of_lead(project, milestone, behaviour, day, by)
                colours.append(colour)
                found[day, project_id, milestone.milestone_id, None] = colour
                for name in project.participating_departments:
                    part = _of_part(project, milestone, name, behaviour, day, by)
                    found[day, project_id, milestone.milestone_id, name] = part
            found[day, project_id, None, None] = max(colours, key=_BADNESS.index)
        day += timedelta(days=1)
    return found


def _of_lead(project: KeyProject, milestone: Milestone, behaviour: str, day: date, by: LightsBy) -> str:
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
    behind = points_behind(milestone, max((report.quantity for report in told), default=0), day, by)
    if behind >= by.yellow and behind > by.red:
        return "red"
    missed = {number for number, ended in missed_periods(milestone, lead, behaviour) if ended < day}
    amiss = (
        behind >= by.yellow
        or missed - {report.period for report in told}
        or _unsigned_too_long(lead, behaviour, day, by)
        or (not told and silent_too_long(milestone, day, by))
        or (by.warning and day >= counted(milestone.due_on, -by.warning))
    )
    return "yellow" if amiss else "green"


def points_behind(milestone: Milestone, done: int, day: date, by: LightsBy) -> int:
    """How many hundredths of the whole a counted delivery is behind the calendar, once that is judged."""
    if milestone.quota is None or (by.judged_after is not None and day <= _first_report_by(milestone, by.judged_after)):
        return 0
    assert milestone.starts_on is not None
    assert milestone.due_on is not None
    days = (milestone.due_on - milestone.starts_on).days + 1
    over = max(0, (day - milestone.starts_on).days + 1)
    return over * 100 // days - done * 100 // milestone.quota.value


def _first_report_by(milestone: Milestone, working_days: int) -> date:
    assert milestone.due_on is not None
    asked_for = [ended for _, ended in periods_of(milestone) if ended >= ISSUED_ON]
    if milestone.ongoing or (milestone.recurrence is not None and milestone.recurrence.every_months is not None):
        return (asked_for or [milestone.due_on])[0]
    return counted(ISSUED_ON, working_days)


def _unsigned_too_long(name: str, behaviour: str, day: date, by: LightsBy) -> bool:
    return by.unsigned and counted(ISSUED_ON, by.receipt) < day < signed_on(name, behaviour)


def silent_too_long(milestone: Milestone, day: date, by: LightsBy) -> bool:
    """Whether so many hundredths of the time are over; who is asked has said nothing."""
    assert milestone.due_on is not None
    if by.silent is None:
        return False
    begun = max(milestone.starts_on or ISSUED_ON, ISSUED_ON)
    # So many in a hundred days are over before the day begins.
    return (day - begun).days * 100 >= by.silent * ((milestone.due_on - begun).days + 1)


def _of_part(project: KeyProject, milestone: Milestone, name: str, behaviour: str, day: date, by: LightsBy) -> str:
    assert milestone.due_on is not None
    if day >= answered_on(milestone, name, behaviour):
        return "green"
    if day >= answered_on(milestone, project.lead_department, behaviour) or milestone.due_on < ISSUED_ON:
        return "grey"
    if day > milestone.due_on:
        return "red"
    amiss = _unsigned_too_long(name, behaviour, day, by) or silent_too_long(milestone, day, by)
    return "yellow" if amiss else "green"


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
        "red": ("到期，已逾期", "序时落后"),
        "yellow": ("到期，只剩不到", "缺报", "序时落后", "逾期后已申请办结", "未签收", "未反馈"),
        "green": ("未到期", "已了结", "已办结", "已销号", "待审核", "已完成参与部分"),
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
        if light.colour != "red" or due_on is None or "序时落后" in light.explanation:
            continue
        if (due_on, light.day) not in counts:
            late, day = 0, due_on
            while (day := counted(day, 1)) <= light.day:
                late += 1
            counts[due_on, light.day] = late
        late = counts[due_on, light.day]
        said = f"已逾期{late}个工作日" if late else "已逾期（其后尚无工作日），"
        assert light.explanation.startswith(f"{due_on}到期，{said}"), light
    assert len(counts) > 1_000


def _policy(by: LightsBy) -> SupervisionPolicy:
    lights = LightRules(
        unsigned_is_yellow=by.unsigned,
        silent_yellow_percent=by.silent,
        behind_yellow_points=by.yellow,
        behind_red_points=by.red,
        behind_after_working_days=by.judged_after,
    )
    return SupervisionPolicy(
        rules=MilestoneRules(yellow_light_working_days_before=by.warning), life_cycle=LifeCycleRules(lights=lights)
    )


@pytest.mark.parametrize(
    ("behaviour", "by"),
    [
        ("on-time", LightsBy(warning=7)),
        ("on-time", LightsBy(silent=None)),
        ("on-time", LightsBy(yellow=1, red=2)),
        ("silent", LightsBy(unsigned=False)),
        ("silent", LightsBy(red=99)),
        ("silent", LightsBy(judged_after=None)),
        ("on-time", LightsBy(judged_after=None)),
    ],
    ids=str,
)
async def test_another_rule_changes_exactly_the_lights_that_it_should(
    rehearsed: Rehearsing, behaviour: str, by: LightsBy
) -> None:
    """What `what-if` shows, duty by duty and day by day, is the difference of two calculations; no paper changes."""
    year = await rehearsed(behaviour)
    found = foreseen([Lived(events) for events in year.events.values()], _policy(by), year.report.end)

    before, after = (expected_colours(behaviour, year.report.end.date(), each) for each in (AS_SHIPPED, by))
    expected: Counter[tuple[str, str | None, str, str]] = Counter()
    for (day, project_id, milestone_id, name), colour in before.items():
        would = after[day, project_id, milestone_id, name]
        if milestone_id is not None and colour != would:
            expected[milestone_id, name, colour, would] += 1
    changed = {(each.milestone_id, each.department, each.was, each.would_be): each.days for each in found.lights}
    assert found.notices == ()
    assert changed == expected
    assert len(expected) > 3
