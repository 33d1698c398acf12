"""Scheduled progress (序时进度): the reporting periods of a long milestone, and how far it should be by when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import count

from domain.ids import MilestoneId
from domain.project import Milestone, Recurrence
from domain.rules.calendar import WorkingCalendar
from domain.rules.life_cycle import LifeCycleRules
from domain.state import ProjectState, target_of
from domain.state.duties import DatedAnew

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period: its number from one, its first and its last day.

    `closing` is the one that ends with the window: the due date speaks for it. One that is not `asked` for brings
    nothing where it goes by.
    """

    number: int
    starts_on: date
    ends_on: date
    closing: bool = False
    asked: bool = True


def periods_of(milestone: Milestone, rules: LifeCycleRules) -> tuple[Period, ...]:
    """The reporting periods of a milestone that comes back or goes on; none for one that is done once.

    A recurring one has as many as the notice says, where it says how often; an ongoing one has one every few months.
    Each ends with its months and the last one with the window, or on the day and in the month that the notice names
    (`每月5日前`, `单月`).
    """
    start, end = milestone.starts_on, milestone.due_on
    if start is None or end is None:
        return ()
    if milestone.recurrence is not None:
        return _periods(start, end, milestone.recurrence, milestone.recurrence.count)
    if milestone.ongoing:
        return _periods(start, end, _every(rules.ongoing_report_every_months), None)
    return ()


@cache
def _every(months: int) -> Recurrence:
    return Recurrence(count=1, every_months=months)


@lru_cache(maxsize=1_024)
def _periods(start: date, end: date, repeats: Recurrence, most: int | None) -> tuple[Period, ...]:
    if repeats.every_months is None:
        return ()
    named = repeats.day is not None or repeats.month is not None
    periods: list[Period] = []
    first = start
    for session in _sessions(start, repeats.every_months, repeats.month, repeats.day):
        if first > end or len(periods) == most:
            break
        if session >= first:
            periods.append(Period(len(periods) + 1, first, min(session, end)))
            first = periods[-1].ends_on + timedelta(days=1)
    if periods and (not named or periods[-1].ends_on == end):
        periods[-1] = replace(periods[-1], ends_on=end, closing=True)
    return tuple(periods)


def _sessions(start: date, months: int, month: int | None, day: int | None) -> Iterator[date]:
    """The last day of each period from a start on, or the day in it by which the notice asks for its session."""
    index = start.year * _DECEMBER + start.month - 1 + (month or months) - 1
    for at in count(index, months):
        last = date((at + 1) // _DECEMBER, (at + 1) % _DECEMBER + 1, 1) - timedelta(days=1)
        yield last if day is None else last.replace(day=min(day, last.day))


def periods_in(state: ProjectState, milestone_id: MilestoneId) -> tuple[Period, ...]:
    """The reporting periods of a milestone as they hold: each ends later by the working days that were excused since
    the list gave its date."""
    periods = periods_of(state.issued(milestone_id), state.policy.life_cycle)
    if not periods:
        return ()
    its = state.milestones[milestone_id]
    return _shifted(
        periods,
        state.calendar,
        its.working_days_excused,
        state.assigned_on(milestone_id),
        its.dated_anew,
        tuple((its.periods_longer or {}).items()),
    )


@lru_cache(maxsize=1_024)
def _shifted(
    periods: tuple[Period, ...],
    calendar: WorkingCalendar,
    excused: int,
    assigned_on: date,
    dated_anew: DatedAnew | None,
    longer: tuple[tuple[int, int], ...],
) -> tuple[Period, ...]:
    besides = dict(longer)

    def end_of(period: Period) -> date:
        days = _moved_by(period, excused, dated_anew) + besides.get(period.number, 0)
        return calendar.working_day(period.ends_on, days)

    # Those that were open by excused days alone when the list gave another date end before the next one; the others
    # were settled by then, or the next one tells of them too.
    anew = None if dated_anew is None else next((each for each in periods if each.ends_on >= dated_anew.on), None)
    held: list[Period] = []
    for period in periods:
        first = held[-1].ends_on + timedelta(days=1) if held else period.starts_on
        # One that was over before the project was assigned stays where it was: nobody had to report for it.
        ends_on = period.ends_on if period.ends_on < assigned_on else end_of(period)
        asked = True
        if dated_anew is not None and period.ends_on < dated_anew.on:
            then = dated_anew.excused_before + besides.get(period.number, 0)
            was_open = calendar.working_day(period.ends_on, then) >= dated_anew.on
            asked = was_open and (anew is None or ends_on < end_of(anew))
        held.append(replace(period, starts_on=first, ends_on=ends_on if asked else period.ends_on, asked=asked))
    return tuple(held)


def _moved_by(period: Period, excused: int, dated_anew: DatedAnew | None) -> int:
    """By how many working days a period ends later: what ends after the list gave another date, by those since."""
    if dated_anew is not None and period.ends_on >= dated_anew.on:
        return excused - dated_anew.excused_before
    return excused


def longer_periods(
    before: ProjectState, after: ProjectState, milestone_id: MilestoneId, least: Callable[[Period, Period], date | None]
) -> dict[int, int] | None:
    """The working days that each reporting period of a milestone gets besides, as it goes from one state to another:
    where `least` says, of a period before and after, that it must not end before a day."""
    longer = dict(after.milestones[milestone_id].periods_longer or {})
    settled = {*after.milestones[milestone_id].periods_reported, *after.milestones[milestone_id].periods_missed}
    for old, new in zip(periods_in(before, milestone_id), periods_in(after, milestone_id), strict=True):
        day = None if old.closing or not old.asked or old.number in settled else least(old, new)
        if day is not None and new.ends_on < day:
            days = after.calendar.working_days_between(new.ends_on, after.calendar.on_or_after(day))
            longer[old.number] = longer.get(old.number, 0) + days
    return longer or None


def period_at(periods: tuple[Period, ...], day: date) -> Period | None:
    """The period that runs on a day: the first one before any has begun, the last one after the end."""
    for period in periods:
        if day <= period.ends_on:
            return period
    return periods[-1] if periods else None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What should be delivered by a day, of how much, in which unit."""

    by_then: int
    target: int
    unit: str


def share_day(state: ProjectState, milestone_id: MilestoneId, percent: int) -> date | None:
    """The working day on which so many in a hundred of a milestone's window have passed; none without a due date."""
    window = _window(state, milestone_id)
    if window is None:
        return None
    days = (window[1] - window[0]).days + 1
    return state.calendar.on_or_after(window[0] + timedelta(days=days * percent // 100))


def scheduled_progress(state: ProjectState, milestone_id: MilestoneId, on: date) -> Scheduled | None:
    """How far a milestone should be by the end of a day; none where nothing is counted or no date is set."""
    target, window = target_of(state.issued(milestone_id)), _window(state, milestone_id)
    if target is None or window is None:
        return None
    elapsed, days = (on - window[0]).days + 1, (window[1] - window[0]).days + 1
    by_then = max(0, min(target[0], target[0] * elapsed // days))
    return Scheduled(by_then, *target)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a counted delivery should be and is, in hundredths of the whole, both rounded down."""

    scheduled_percent: int
    done_percent: int

    @property
    def points(self) -> int:
        """How many hundredths it is behind; none or fewer where it is not."""
        return self.scheduled_percent - self.done_percent


def lag_of(state: ProjectState, milestone_id: MilestoneId, on: date) -> Lag | None:
    """How far the lead's delivery is behind the calendar at the end of a day; none where no number is to be delivered.

    What comes back in periods is asked for by its reports, not by a number.
    """
    issued, window = state.issued(milestone_id), _window(state, milestone_id)
    target = target_of(issued)
    if target is None or window is None:
        return None
    if issued.quota is None and periods_in(state, milestone_id):
        return None
    done = min(100, 100 * (state.milestones[milestone_id].quantity or 0) // target[0])
    return Lag(elapsed_percent(window, on), done)


def schedule_judged_after(state: ProjectState, milestone_id: MilestoneId) -> date | None:
    """The day by whose end a first report is due: until then nobody can be behind; none where that is no rule.

    It is the end of the first reporting period that was not over at the assignment, or a limit after the assignment
    where a milestone has no periods.
    """
    working_days = state.policy.life_cycle.lights.behind_after_working_days
    if working_days is None:
        return None
    assigned = state.assigned_on(milestone_id)
    ends = (period.ends_on for period in periods_in(state, milestone_id) if period.ends_on >= assigned)
    return next(ends, None) or state.calendar.working_day(assigned, working_days)


def elapsed_percent(window: tuple[date, date], on: date) -> int:
    """How many in a hundred days of a window are over by the end of a day."""
    days = (window[1] - window[0]).days + 1
    return max(0, min(100, 100 * ((on - window[0]).days + 1) // days))


def percent_day(window: tuple[date, date], percent: int) -> date:
    """The first day by whose end so many in a hundred days of a window are over."""
    days = (window[1] - window[0]).days + 1
    return window[0] + timedelta(days=-(-percent * days // 100) - 1)


def next_percent(state: ProjectState, milestone_id: MilestoneId, after: date) -> date | None:
    """The next day by whose end one more in a hundred days of a counted delivery's window is over."""
    window = _window(state, milestone_id)
    if window is None or lag_of(state, milestone_id, after) is None or after >= window[1]:
        return None
    return percent_day(window, elapsed_percent(window, after) + 1)


def next_step(state: ProjectState, milestone_id: MilestoneId, after: date) -> date | None:
    """The next day by whose end more should be delivered than by the end of `after`; none where nothing is to come."""
    plan, window = scheduled_progress(state, milestone_id, after), _window(state, milestone_id)
    if plan is None or window is None or after >= window[1]:
        return None
    days = (window[1] - window[0]).days + 1
    # The first elapsed day on which target * elapsed // days is one more.
    elapsed = -(-(plan.by_then + 1) * days // plan.target)
    return window[0] + timedelta(days=elapsed - 1)


def _window(state: ProjectState, milestone_id: MilestoneId) -> tuple[date, date] | None:
    # Work without a printed start begins with its assignment; a later date that holds, granted or by the days for
    # which the clock stood still, stretches the schedule.
    milestone, issued = state.milestones[milestone_id], state.issued(milestone_id)
    start, end = issued.starts_on or state.assigned_on(milestone_id), milestone.answer_by
    return (start, end) if end is not None and start <= end else None
