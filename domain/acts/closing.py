"""Changes of the list and of the calendar, withdrawal, and the end of a year."""

from __future__ import annotations

from datetime import timedelta

from domain import events as e
from domain.actors import Actor
from domain.acts import rejections as r
from domain.acts.act import Act, Handler
from domain.acts.amending import amend
from domain.acts.commands import AmendProject, ChangeCalendar, CloseYear, Command, ReopenProject, Withdraw
from domain.clock import office_day
from domain.rungs.handover import renew_receipts
from domain.rungs.matters import end_all_limits
from domain.rungs.recalendaring import earlier_days, moved_dates
from domain.rungs.waiting import end_for_good
from domain.state import CLOSED_STAGES


def withdraw(act: Act, command: Withdraw) -> None:
    """An operator takes a milestone, or the whole project, out of supervision; the record stays."""
    if command.milestone_id is None:
        # First, so that the way back leads to the matters as they were.
        act.record(e.ProjectWithdrawn, reason=command.reason)
        end_all_limits(act.recorder, act.now)
        return
    milestone = act.unsettled(command.milestone_id)
    end_for_good(act.recorder, milestone.milestone_id, act.now)
    act.record(e.MilestoneWithdrawn, milestone_id=milestone.milestone_id, reason=command.reason)


def amend_project(act: Act, command: AmendProject) -> None:
    """An operator makes a running project what the list says now."""
    amend(act.recorder, command, act.now)


def change_calendar(act: Act, command: ChangeCalendar) -> None:
    """A calendar was published or changed: every date that follows from it is projected anew, nothing is re-sent; of a
    day that comes earlier its department is told."""
    if command.calendar == act.state.calendar:
        raise r.SameCalendarError(project_id=act.state.project_id)
    changed = {each.year for each in {*act.state.calendar.years} ^ {*command.calendar.years}}
    doubtful = sorted(year for year in changed if not act.today.year <= year <= act.today.year + 1)
    if doubtful and command.despite_period is None:
        raise r.CalendarPeriodError(years=doubtful, today=act.today)
    beside = f"（{command.despite_period}）" if doubtful else ""
    act.record(
        e.CalendarChanged,
        reason=f"{command.reason}{beside}",
        calendar=command.calendar,
        moved=moved_dates(act.state, command.calendar, act.now),
        earlier=earlier_days(act.state, command.calendar, act.now) or None,
    )


def close_year(act: Act, command: CloseYear) -> None:
    """An operator closes the year: what is open goes on in a later year's list, or ends by ruling."""
    if command.to_year <= act.state.year:
        raise r.YearNotOverError(year=act.state.year, to_year=command.to_year)
    reason = _plausible(act, command)
    for milestone_id in command.ended:
        act.unsettled(milestone_id)
    for milestone_id, milestone in act.state.milestones.items():
        if milestone.stage == "completed" and milestone_id not in command.ended:
            raise r.StrikeOffFirstError(milestone_id=milestone_id)
    confirmed = str(command.confirmed_by) if command.confirmed_by else None
    act.record(e.YearClosed, to_year=command.to_year, reason=reason, confirmed_by=confirmed)
    for milestone_id in act.state.milestones:
        end_for_good(act.recorder, milestone_id, act.now)
        if act.state.milestones[milestone_id].stage in CLOSED_STAGES:
            continue
        if milestone_id in command.ended:
            act.record(e.MilestoneEnded, milestone_id=milestone_id, reason=reason)
        else:
            act.record(e.MilestoneCarriedOver, milestone_id=milestone_id, to_year=command.to_year, reason=reason)


def _plausible(act: Act, command: CloseYear) -> str:
    """The reason as it is recorded; refused before the last days of the year, unless with a reason, by two persons."""
    rules, year, confirmed = act.state.policy.mass_acts, act.state.year, command.confirmed_by
    opens_on = rules.close_year_from(year)
    if act.today < opens_on:
        if command.despite_period is None:
            raise r.YearEndTooEarlyError(year=year, today=act.today, opens_on=opens_on)
        if rules.two_persons and not _is_another(act, confirmed):
            raise r.SecondPersonError(year=year, opens_on=opens_on)
    beside = [f"提前年终：{command.despite_period}"] if command.despite_period else []
    beside += [f"确认人：{confirmed.name}"] if confirmed else []
    return f"{command.reason}（{'；'.join(beside)}）" if beside else command.reason


def _is_another(act: Act, confirmed: Actor | None) -> bool:
    return confirmed is not None and confirmed.role == "operator" and not act.is_by_one_of((confirmed.known,))


def reopen_project(act: Act, command: ReopenProject) -> None:
    """An operator takes back a closed year or a withdrawal, with another person's word where the policy asks for it."""
    state, rules, before = act.state, act.state.policy.mass_acts, act.state.before_the_end
    if before is None:
        raise r.NothingToReopenError(project_id=state.project_id)
    ended_on = office_day(before.ended_at)
    until = ended_on + timedelta(days=rules.reopen_within_days)
    if act.today > until and command.despite_period is None:
        raise r.ReopenTooLateError(project_id=state.project_id, ended_on=ended_on, until=until)
    if rules.two_persons and not _is_another(act, command.confirmed_by):
        raise r.SecondPersonToReopenError(project_id=state.project_id)
    beside = f"（过期仍收回的理由：{command.despite_period}）" if command.despite_period else ""
    act.record(
        e.ProjectReopened,
        reason=f"{command.reason}{beside}",
        ended_on=ended_on,
        was="withdrawn" if state.withdrawn else "closed",
        whole=state.closed and before.to_the_end,
        confirmed_by=str(command.confirmed_by) if command.confirmed_by else None,
    )
    took_part = dict.fromkeys(name for each in before.milestones.values() for name in each.parts)
    renew_receipts(act.recorder, (*took_part,), act.now)


HANDLERS: dict[type[Command], Handler] = {
    Withdraw: withdraw,
    AmendProject: amend_project,
    ChangeCalendar: change_calendar,
    CloseYear: close_year,
    ReopenProject: reopen_project,
}
