"""Extensions before the due date, in two steps by two persons; and grace after it."""

from __future__ import annotations

from datetime import date, timedelta

from domain import events as e
from domain.acts import commands as c
from domain.acts import rejections as r
from domain.acts.act import Act, Handler
from domain.acts.reporting import must_be_open
from domain.ids import MilestoneId, parent_milestone_of
from domain.rules.life_cycle import LimitKind
from domain.rungs.due_dates import deadline_in, pass_over_reminders
from domain.rungs.matters import end_limit, set_limit
from domain.rungs.stops import first_day_on, going_on, resume_clock, stop_clock
from domain.rungs.timing import is_over
from domain.state import Extension, ExtensionStage, MilestoneState

_ANSWERS: dict[ExtensionStage, tuple[LimitKind, str]] = {
    "asked": ("extension_review", "初审延期"),
    "reviewed": ("extension_ruling", "批复延期"),
}
"""The limit of what the supervision section must answer at a step, and what that answer is."""


def request_extension(act: Act, command: c.RequestExtension) -> None:
    """The lead asks for a later date: its clock stands still until the ruling."""
    milestone = act.milestone(command.milestone_id)
    must_be_open(act, milestone)
    due_on = _date_to_move(act, milestone)
    if is_over(act.state, milestone, act.now):
        raise r.ExtensionTooLateError(milestone_id=milestone.milestone_id, due_on=due_on)
    if milestone.extension is not None:
        waits = _awaited(act, milestone.milestone_id, milestone.extension.stage)
        raise r.ExtensionPendingError(milestone_id=milestone.milestone_id, waits=waits)
    _must_be_later(act, milestone, command.new_due_on)
    rules = act.state.policy.life_cycle
    if milestone.extensions_granted >= rules.extensions_at_most:
        raise r.TooManyExtensionsError(
            milestone_id=milestone.milestone_id,
            granted=milestone.extensions_granted,
            at_most=rules.extensions_at_most,
        )
    act.record(
        e.ExtensionRequested,
        milestone_id=milestone.milestone_id,
        reason=command.reason,
        requested_due_on=command.new_due_on,
        progress=command.progress,
    )
    _wait_for_review(act, milestone.milestone_id)


def supplement(act: Act, command: c.SupplementExtension) -> None:
    """The lead says more: the review begins anew."""
    milestone, _ = _at(act, command.milestone_id, "more_asked", "等待补充")
    act.record(e.ExtensionSupplemented, milestone_id=milestone.milestone_id, text=command.text)
    _wait_for_review(act, milestone.milestone_id)


def review(act: Act, command: c.ReviewExtension) -> None:
    """The first review: the matter goes to the one who rules."""
    milestone, _ = _at(act, command.milestone_id, "asked", "等待初审")
    if command.recommended_due_on is not None:
        _must_be_later_than_without(act, milestone, command.recommended_due_on)
    end_limit(act.recorder, act.state.open_limit("extension_review", milestone.milestone_id), act.now)
    act.record(
        e.ExtensionReviewed,
        milestone_id=milestone.milestone_id,
        recommended_due_on=command.recommended_due_on,
        opinion=command.opinion,
    )
    set_limit(act.recorder, "extension_ruling", act.now, milestone_id=milestone.milestone_id)


def rule(act: Act, command: c.RuleOnExtension) -> None:
    """The ruling: exactly this date, or none, or more is asked for. The time that it took is excused."""
    milestone, extension = _at(act, command.milestone_id, "reviewed", "已初审、等待批复")
    if act.is_by_one_of(extension.reviewers):
        raise r.TwoReviewersError(milestone_id=milestone.milestone_id, person=act.principal.name)
    if command.ruling == "grant":
        _must_be_later_than_without(act, milestone, command.new_due_on)
        _must_be_within_the_whole(act, command)
    end_limit(act.recorder, act.state.open_limit("extension_ruling", milestone.milestone_id), act.now)
    resume_clock(act.recorder, milestone.milestone_id, "extension", act.today)
    match command.ruling:
        case "grant":
            assert command.new_due_on is not None
            act.record(
                e.DeadlineExtended,
                milestone_id=milestone.milestone_id,
                before=_date_before(milestone),
                requested_due_on=extension.requested_due_on,
                after=command.new_due_on,
                round=milestone.round + 1,
                reason=command.reason,
            )
            pass_over_reminders(act.recorder, milestone.milestone_id, act.now, "amended")
        case "refuse":
            act.record(e.ExtensionRefused, milestone_id=milestone.milestone_id, reason=command.reason)
        case "ask_more":
            act.record(e.ExtensionMoreAsked, milestone_id=milestone.milestone_id, question=command.reason)


def _date_to_move(act: Act, milestone: MilestoneState) -> date:
    if milestone.retrospective:
        raise r.ReportedAfterwardsError(milestone_id=milestone.milestone_id)
    due_on = deadline_in(act.state, milestone)
    if due_on is None:
        raise r.NoDateToMoveError(milestone_id=milestone.milestone_id)
    return due_on


def _date_before(milestone: MilestoneState) -> date:
    before = milestone.approved_due_on or milestone.answer_by
    assert before is not None
    return before


def grant_grace(act: Act, command: c.GrantGrace) -> None:
    """After the due date, a later one: the breach is recorded first and stays."""
    milestone = act.milestone(command.milestone_id)
    must_be_open(act, milestone)
    due_on = _date_to_move(act, milestone)
    if not is_over(act.state, milestone, act.now):
        raise r.NotYetDueError(
            milestone_id=milestone.milestone_id,
            due_on=due_on,
            awaits=milestone.extension.stage if milestone.extension else None,
            extensible=milestone.extensions_granted < act.state.policy.life_cycle.extensions_at_most,
        )
    _must_be_later(act, milestone, command.new_due_on)
    _must_be_within_the_whole(act, command)
    act.record(
        e.GraceGranted,
        milestone_id=milestone.milestone_id,
        before=_date_before(milestone),
        after=command.new_due_on,
        round=milestone.round + 1,
        reason=command.reason,
    )
    pass_over_reminders(act.recorder, milestone.milestone_id, act.now, "amended")


def _wait_for_review(act: Act, milestone_id: MilestoneId) -> None:
    stop_clock(act.recorder, milestone_id, "extension")
    set_limit(act.recorder, "extension_review", act.now, milestone_id=milestone_id)


def _awaited(act: Act, milestone_id: MilestoneId, stage: ExtensionStage) -> str | None:
    """Which answer of the supervision section the lead waits for; none where it is asked itself."""
    answer = _ANSWERS.get(stage)
    return act.waits(*answer, milestone_id) if answer else None


def _at(act: Act, milestone_id: MilestoneId, stage: ExtensionStage, needed: str) -> tuple[MilestoneState, Extension]:
    milestone = act.milestone(milestone_id)
    extension = milestone.extension
    if extension is None or extension.stage != stage:
        awaits = extension.stage if extension else None
        raise r.NoExtensionError(milestone_id=milestone.milestone_id, needed=needed, awaits=awaits)
    return milestone, extension


def _must_be_later(act: Act, milestone: MilestoneState, given: date | None) -> None:
    # Later than the date that holds, and than today: a date that is over already would be breached as it is granted.
    over = act.today
    if act.state.policy.rules_for(milestone.milestone_id).due_roll == "preceding":
        # A day off counts as the working day before it.
        over = act.state.calendar.working_day(act.today, 1) - timedelta(days=1)
    after = max(over, milestone.answer_by or over)
    if given is None or given <= after:
        raise r.NoLaterDateError(milestone_id=milestone.milestone_id, given=given, after=after)


def _must_be_later_than_without(act: Act, milestone: MilestoneState, given: date | None) -> None:
    # An extension that is granted leaves more time than one that is refused: that moves the date by the days it took.
    _must_be_later(act, milestone, given)
    first = first_day_on(act.state, act.today)
    days, without, _ = going_on(act.state, milestone.milestone_id, "extension", act.today, None, first)
    if given is not None and without is not None and given <= without:
        raise r.NoLaterDateError(
            milestone_id=milestone.milestone_id, given=given, after=without, working_days_excused=days
        )


def _must_be_within_the_whole(act: Act, command: c.RuleOnExtension | c.GrantGrace) -> None:
    # A whole that is late itself bounds nothing any more, as when parts are given.
    whole, ends, given = parent_milestone_of(act.state.project_id), command.whole_due_on, command.new_due_on
    if whole is not None and ends is not None and given is not None and act.today < ends < given:
        raise r.PartBeyondWholeError(milestone_id=command.milestone_id, whole=whole, whole_due_on=ends, given=given)


HANDLERS: dict[type[c.Command], Handler] = {
    c.RequestExtension: request_extension,
    c.SupplementExtension: supplement,
    c.ReviewExtension: review,
    c.RuleOnExtension: rule,
    c.GrantGrace: grant_grace,
}
