"""What is said by hand: urges, leaders' directives and their answers, bulletins."""

from __future__ import annotations

from domain.acts import rejections as r
from domain.acts.act import Act, Handler
from domain.acts.commands import AnswerDirective, Command, IssueDirective, PublishBulletin, Urge
from domain.acts.reporting import must_be_open
from domain.events import BulletinPublished, DirectiveAnswered, DirectiveIssued, UrgeIssued
from domain.events.directing import bulletin_of
from domain.rungs.due_dates import deadline_in
from domain.rungs.limits import limit_id
from domain.rungs.matters import end_limit, set_limit
from domain.state import OPEN_PART_STAGES, PartState, ProjectState


def urge(act: Act, command: Urge) -> None:
    """An operator urges the lead, or a participating department, with a reason."""
    milestone = act.milestone(command.milestone_id)
    must_be_open(act, milestone)
    participant = None if command.department in (None, act.state.lead) else command.department
    if participant is not None and participant not in milestone.parts:
        raise r.NotAParticipantError(project_id=act.state.project_id, department=participant)
    duty = act.state.duty_of(milestone.milestone_id, participant)
    if isinstance(duty, PartState) and duty.stage not in OPEN_PART_STAGES:
        raise r.PartSettledError(milestone_id=milestone.milestone_id, department=duty.department, stage=duty.stage)
    act.record(
        UrgeIssued,
        milestone_id=milestone.milestone_id,
        due_on=deadline_in(act.state, milestone, duty),
        round=duty.round,
        reason=command.reason,
        department=participant,
    )


def issue_directive(act: Act, command: IssueDirective) -> None:
    """A leader's directive: the lead department must report what it did, by the day that is set or the limit."""
    if command.milestone_id is not None:
        act.unsettled(command.milestone_id)
    if command.answer_by is not None and command.answer_by <= act.today:
        raise r.PastDateError(given=command.answer_by, earliest=act.tomorrow)
    act.record(
        DirectiveIssued,
        milestone_id=command.milestone_id,
        leader=command.leader,
        text=command.text,
        answer_by=command.answer_by,
    )
    set_limit(
        act.recorder,
        "directive_answer",
        act.now,
        milestone_id=command.milestone_id,
        owner=act.state.lead,
        due_on=command.answer_by,
    )


def answer_directive(act: Act, command: AnswerDirective) -> None:
    """The lead department reports what it did: on the directive that is named, or the oldest that waits."""
    waiting = act.state.directives
    number = command.directive
    if number is None:
        number = min(directives_meant(act.state, command.milestone_id), default=None)
    if number not in waiting:
        raise r.NoDirectiveError(project_id=act.state.project_id, waiting=sorted(waiting))
    act.record(
        DirectiveAnswered,
        milestone_id=waiting[number].milestone_id,
        directive=number,
        department=act.department,
        text=command.text,
        evidence=command.evidence,
    )
    # The matter was set by the event after the directive's own.
    end_limit(act.recorder, act.state.limits.get(limit_id("directive_answer", number + 1)), act.now)


def directives_meant(state: ProjectState, milestone_id: str | None) -> list[int]:
    """Those that an answer without a number may be about: all, or those about a milestone; where none is, those about
    the whole project."""
    waiting = state.directives.items()
    numbers = [number for number, directive in waiting if milestone_id in (None, directive.milestone_id)]
    return numbers or [number for number, directive in waiting if directive.milestone_id is None]


def publish_bulletin(act: Act, command: PublishBulletin) -> None:
    """An operator praises or criticises a department of the project in public, with the same words once in a month."""
    state = act.state
    if command.milestone_id is not None:
        act.milestone(command.milestone_id)
    departments = {state.lead, *state.project.participating_departments}
    departments.update(name for milestone in state.milestones.values() for name in milestone.parts)
    if command.department not in departments:
        raise r.NotAParticipantError(project_id=state.project_id, department=command.department)
    new = bulletin_of(command.milestone_id, command.kind, command.department, command.text, act.today)
    for each in state.bulletins:
        if each.about == new.about and each.words == new.words:
            raise r.BulletinPublishedError(project_id=state.project_id, department=each.department, on=each.on)
    act.record(
        BulletinPublished,
        milestone_id=command.milestone_id,
        kind=command.kind,
        department=command.department,
        text=command.text,
    )


HANDLERS: dict[type[Command], Handler] = {
    Urge: urge,
    IssueDirective: issue_directive,
    AnswerDirective: answer_directive,
    PublishBulletin: publish_bulletin,
}
