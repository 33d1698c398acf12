"""Reports and completions of departments, and what reviewers make of them."""

from __future__ import annotations

from datetime import date

from domain import events as e
from domain.acts import commands as c
from domain.acts import rejections as r
from domain.acts.act import Act, Handler
from domain.ids import MilestoneId
from domain.rungs.matters import end_limit, set_limit
from domain.rungs.reporting_periods import period_at, periods_in
from domain.rungs.stops import resume_clock, stop_clock
from domain.rungs.waiting import OUTLIVING, end_what_waits, lapse_extension
from domain.state import CLOSED_STAGES, OPEN_PART_STAGES, OPEN_STAGES, MilestoneState, PartState, target_of

_LEAST_WORDS = 2


def report(act: Act, command: c.ReportProgress) -> None:
    """A department reports how a milestone, or its own part of it, stands."""
    milestone = own_open_milestone(act, command.milestone_id)
    _must_say_something(command.text, command.milestone_id)
    _check_done_on(act, milestone, command.done_on)
    if command.forecast_on is not None and command.forecast_on < act.today:
        raise r.PastDateError(given=command.forecast_on, earliest=act.today)
    corrected = _check_quantity(act, milestone, command.quantity, corrects=command.corrects or False)
    period = _period(act, milestone, command.period)
    act.record(
        e.ProgressReported,
        milestone_id=milestone.milestone_id,
        department=act.department,
        text=command.text,
        done_on=command.done_on,
        quantity=command.quantity,
        evidence=command.evidence,
        forecast_on=command.forecast_on,
        period=period,
        corrects=corrected,
    )


def request_completion(act: Act, command: c.RequestCompletion) -> None:
    """The lead department asks for the review of a milestone; a participant says that its own part is done."""
    milestone = own_open_milestone(act, command.milestone_id)
    _must_say_something(command.text, command.milestone_id)
    if milestone.retrospective and command.done_on is None:
        raise r.TrueDateMissingError(milestone_id=milestone.milestone_id)
    done_on = command.done_on or act.today
    _check_done_on(act, milestone, done_on)
    _check_quantity(act, milestone, command.quantity)
    if act.participant is not None:
        act.record(
            e.PartDelivered,
            milestone_id=milestone.milestone_id,
            department=act.department,
            done_on=done_on,
            text=command.text,
            evidence=command.evidence,
        )
        return
    quantity = _claimed(act, milestone, command.quantity)
    lapse_extension(act.recorder, milestone.milestone_id, act.now)
    act.record(
        e.CompletionRequested,
        milestone_id=milestone.milestone_id,
        department=act.department,
        done_on=done_on,
        text=command.text,
        quantity=quantity,
        evidence=command.evidence,
    )
    stop_clock(act.recorder, milestone.milestone_id, "completion_review")
    set_limit(act.recorder, "completion_review", act.now, milestone_id=milestone.milestone_id)


def accept(act: Act, command: c.AcceptCompletion) -> None:
    """A reviewer accepts a completion: what else waited in the milestone falls away."""
    milestone = _under_review(act, command.milestone_id)
    assert milestone.done_on is not None
    end_limit(act.recorder, act.state.open_limit("completion_review", milestone.milestone_id), act.now)
    act.record(e.MilestoneCompleted, milestone_id=milestone.milestone_id, done_on=milestone.done_on, note=command.note)
    end_what_waits(act.recorder, milestone.milestone_id, act.now, *OUTLIVING)


def return_for_rework(act: Act, command: c.ReturnForRework) -> None:
    """A reviewer sends a completion back. The time of the review is excused, and there are days left to answer."""
    milestone_id = _under_review(act, command.milestone_id).milestone_id
    end_limit(act.recorder, act.state.open_limit("completion_review", milestone_id), act.now)
    resume_clock(act.recorder, milestone_id, "completion_review", act.today)
    milestone = act.state.milestones[milestone_id]
    rules = act.state.policy.rules_for(milestone_id)
    rework_by = act.state.calendar.working_day(act.today, rules.rework_working_days)
    # Sent back with time to spare, the due date stands; otherwise the department gets the days of rework.
    before = None if milestone.retrospective else milestone.answer_by
    keeps_date = before is not None and before >= rework_by
    act.record(
        e.MilestoneReturnedForRework,
        milestone_id=milestone_id,
        reason=command.reason,
        round=milestone.round if keeps_date else milestone.round + 1,
        answer_by=before if before is not None and keeps_date else rework_by,
    )


def assess_confidence(act: Act, command: c.AssessConfidence) -> None:
    """A reviewer says how sure he is; each word is an event of its own, and the last one holds."""
    milestone = act.unsettled(command.milestone_id)
    act.record(e.ConfidenceAssessed, milestone_id=milestone.milestone_id, step=command.step, reason=command.reason)


def strike_off(act: Act, command: c.StrikeOff) -> None:
    """The supervisor strikes a completed milestone off."""
    milestone = act.unsettled(command.milestone_id)
    if milestone.stage != "completed":
        raise r.NotCompletedError(milestone_id=milestone.milestone_id)
    if act.is_by_one_of(milestone.accepters):
        raise r.TwoPersonsError(milestone_id=milestone.milestone_id, person=act.principal.name)
    act.record(e.MilestoneStruckOff, milestone_id=milestone.milestone_id)


def must_be_open(act: Act, milestone: MilestoneState) -> None:
    """Refuse what is asked of a milestone on which no department works.

    Raises:
        CompletionUnderReviewError: its completion waits for the review.
        MilestoneSettledError: it is completed, or over.
    """
    if milestone.stage == "completion_requested":
        waits = act.waits("completion_review", "审核办结", milestone.milestone_id)
        raise r.CompletionUnderReviewError(milestone_id=milestone.milestone_id, waits=waits)
    if milestone.stage not in OPEN_STAGES:
        raise r.MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)


def own_open_milestone(act: Act, milestone_id: MilestoneId) -> MilestoneState:
    """The milestone in which the acting department's own duty is open.

    Raises:
        UnknownMilestoneError: the project has no such milestone.
        CompletionUnderReviewError: its completion waits for the review.
        MilestoneSettledError: it is completed, or over.
        PartSettledError: the department's own part is delivered, or it was released from it.
    """
    milestone = act.milestone(milestone_id)
    must_be_open(act, milestone)
    duty = act.duty(milestone_id)
    if isinstance(duty, PartState) and duty.stage not in OPEN_PART_STAGES:
        raise r.PartSettledError(milestone_id=milestone_id, department=act.department, stage=duty.stage)
    return milestone


def _must_say_something(text: str, milestone_id: MilestoneId) -> None:
    # Two words of any script: a dot, a dash or a single character tell nobody what was done.
    if sum(character.isalnum() for character in text) < _LEAST_WORDS:
        raise r.EmptyReportError(milestone_id=milestone_id)


def _under_review(act: Act, milestone_id: MilestoneId) -> MilestoneState:
    milestone = act.milestone(milestone_id)
    if milestone.stage in CLOSED_STAGES or milestone.stage == "completed":
        raise r.MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)
    if milestone.stage != "completion_requested":
        raise r.NothingToReviewError(milestone_id=milestone.milestone_id)
    return milestone


def _claimed(act: Act, milestone: MilestoneState, quantity: int | None) -> int | None:
    target = target_of(act.state.issued(milestone.milestone_id))
    if target is None:
        return quantity
    # A request without a number claims the whole of it; the reviewer checks the claim.
    claimed = max(target[0], milestone.quantity or target[0]) if quantity is None else quantity
    if claimed < target[0]:
        raise r.QuotaNotReachedError(
            milestone_id=milestone.milestone_id, quantity=claimed, target=target[0], unit=target[1]
        )
    return claimed


def _period(act: Act, milestone: MilestoneState, given: int | None) -> int | None:
    periods = () if act.participant is not None else periods_in(act.state, milestone.milestone_id)
    if given is None:
        running = period_at(periods, act.today)
        return running.number if running else None
    if given > len(periods) or periods[given - 1].starts_on > act.today:
        begins_on = periods[given - 1].starts_on if given <= len(periods) else None
        raise r.NoPeriodError(
            milestone_id=milestone.milestone_id, period=given, periods=len(periods), begins_on=begins_on
        )
    return given


def _check_done_on(act: Act, milestone: MilestoneState, done_on: date | None) -> None:
    if done_on is None:
        return
    if done_on > act.today:
        raise r.FutureDateError(milestone_id=milestone.milestone_id, done_on=done_on, today=act.today)
    # Early is good; a day before the list's year and before the window is a slip of the pen.
    starts_on, year = act.state.issued(milestone.milestone_id).starts_on, act.state.year
    if starts_on is not None and done_on < starts_on and done_on.year < year:
        raise r.BeforeWindowError(milestone_id=milestone.milestone_id, done_on=done_on, starts_on=starts_on, year=year)


def _check_quantity(act: Act, milestone: MilestoneState, quantity: int | None, *, corrects: bool = False) -> int | None:
    """The total reported before, where this one corrects it."""
    if quantity is None and not corrects:
        return None
    if act.participant is not None:
        raise r.PartWithoutQuantityError(milestone_id=milestone.milestone_id, department=act.department)
    target = target_of(act.state.issued(milestone.milestone_id))
    if target is None:
        raise r.NoQuotaError(milestone_id=milestone.milestone_id)
    before = milestone.quantity or 0
    total = before if quantity is None else quantity
    if corrects and total >= before:
        raise r.NothingCorrectedError(milestone_id=milestone.milestone_id, before=before, unit=target[1])
    # A claim that was sent back is the department's to lower.
    if total < before and not corrects and milestone.stage != "returned_for_rework":
        raise r.QuantityFallsError(milestone_id=milestone.milestone_id, quantity=total, before=before, unit=target[1])
    return before if corrects else None


HANDLERS: dict[type[c.Command], Handler] = {
    c.ReportProgress: report,
    c.RequestCompletion: request_completion,
    c.AcceptCompletion: accept,
    c.AssessConfidence: assess_confidence,
    c.ReturnForRework: return_for_rework,
    c.StrikeOff: strike_off,
}
