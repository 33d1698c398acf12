"""How departments take their assignments, and what the assigning side rules on them."""

from __future__ import annotations

from domain import events as e
from domain.acts import commands as c
from domain.acts import rejections as r
from domain.acts.act import Act, Handler
from domain.acts.reporting import must_be_open
from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, MilestoneId
from domain.names import same_name
from domain.rungs.due_dates import deadline_in
from domain.rungs.duties import departments_of, duties_in_scope, unsigned_duties
from domain.rungs.handover import hand_over_open_duties, hand_over_parts
from domain.rungs.matters import end_limit, set_limit
from domain.rungs.stops import resume_clock, stop_clock
from domain.rungs.timing import is_over
from domain.rungs.waiting import end_decline, end_declines_of
from domain.state import OPEN_PART_STAGES, OPEN_STAGES, PartState, ProjectState


def sign_receipt(act: Act, command: c.SignReceipt) -> None:
    """A department signs for one milestone, or for all its duties; the last signature ends its receipt limit."""
    if command.milestone_id is not None:
        act.unsettled(command.milestone_id)
    unsigned = unsigned_duties(act.state, act.department, command.milestone_id)
    if not unsigned:
        raise r.ReceiptSignedError(department=act.department)
    act.record(e.ReceiptSigned, department=act.department, milestone_ids=unsigned)
    if not unsigned_duties(act.state, act.department, None):
        end_limit(act.recorder, act.state.open_limit("receipt", None, act.department), act.now)


class NothingSentError(BrokenRuleError, rule="reminder_sent"):
    """Only what was sent to a department can be acknowledged by it."""

    says = "没有就节点 {milestone_id} 给{department}发过提醒或催办，无须确认。"
    milestone_id: MilestoneId
    department: DepartmentId


class ReminderSeenError(BrokenRuleError, rule="one_acknowledgement"):
    """A reminder is acknowledged once."""

    says = "{department}已确认收到节点 {milestone_id} 的最近一次提醒或催办，无须再次确认。"
    milestone_id: MilestoneId
    department: DepartmentId


def acknowledge_reminder(act: Act, command: c.AcknowledgeReminder) -> None:
    """A department acknowledges the last reminder or urge that went to it; no clock stops for that."""
    milestone_id = act.unsettled(command.milestone_id).milestone_id
    duty = act.duty(milestone_id)
    if duty.last_reminder is None:
        raise NothingSentError(milestone_id=milestone_id, department=act.department)
    if duty.seen_reminder == duty.last_reminder:
        raise ReminderSeenError(milestone_id=milestone_id, department=act.department)
    act.record(
        e.ReminderAcknowledged, milestone_id=milestone_id, department=act.department, reminder=duty.last_reminder
    )


def decline_assignment(act: Act, command: c.DeclineAssignment) -> None:
    """A department sends its assignment back: its clock stands still until the assigning side has ruled."""
    state, participant = act.state, act.participant
    if participant is None and command.milestone_id is not None:
        raise r.LeadDeclinesWholeError(project_id=state.project_id)
    if command.milestone_id is not None:
        if act.unsettled(command.milestone_id).stage == "completed":
            raise r.MilestoneSettledError(milestone_id=command.milestone_id, stage="completed")
        duty = act.duty(command.milestone_id)
        if isinstance(duty, PartState) and duty.stage not in OPEN_PART_STAGES:
            raise r.PartSettledError(milestone_id=command.milestone_id, department=act.department, stage=duty.stage)
    if _declined(state, act.department, command.milestone_id) or _declined(state, act.department, None):
        limit = state.open_limit("declined_assignment", about=act.department)
        where = None if limit is not None else command.milestone_id
        waits = act.waits("declined_assignment", "处理退回的交办", where, act.department)
        raise r.DeclinePendingError(department=act.department, waits=waits)
    scope = duties_in_scope(state, act.department, command.milestone_id)
    if not scope:
        raise r.NotAParticipantError(project_id=state.project_id, department=act.department)
    act.record(
        e.AssignmentDeclined, department=act.department, milestone_id=command.milestone_id, reason=command.reason
    )
    if command.milestone_id is None:
        end_limit(act.recorder, state.open_limit("receipt", None, act.department), act.now)
    for milestone_id in scope:
        stop_clock(act.recorder, milestone_id, "declined_assignment", participant)
    set_limit(
        act.recorder,
        "declined_assignment",
        act.now,
        milestone_id=command.milestone_id,
        about=act.department,
    )


def insist(act: Act, command: c.InsistOnAssignment) -> None:
    """The assigning side upholds the assignment: the clock goes on, and a receipt is asked for anew."""
    _must_be_declined(act, command.department, command.milestone_id)
    act.record(
        e.AssignmentInsisted,
        department=command.department,
        milestone_id=command.milestone_id,
        reason=command.reason,
    )
    end_decline(act.recorder, command.department, command.milestone_id, act.now)
    if act.state.open_limit("receipt", None, command.department) is None:
        set_limit(act.recorder, "receipt", act.now, owner=command.department)


def reassign_lead(act: Act, command: c.ReassignLead) -> None:
    """Another department leads from now on; what is open is handed over to it with days of its own."""
    before = act.state.lead
    if command.to == before:
        raise r.SameDepartmentError(department=command.to)
    if any(same_name(command.to, each) for each in act.state.project.above or ()):
        raise r.UnitIsAboveError(project_id=act.state.project_id, unit=command.to)
    end_decline(act.recorder, before, None, act.now)
    act.record(e.LeadReassigned, basis=command.reason, before=before, after=command.to)
    hand_over_open_duties(act.recorder, before, act.now)


def replace_participant(act: Act, command: c.ReplaceParticipant) -> None:
    """A participating department is released, and another takes its duty where one is named."""
    state, before = act.state, command.department
    if command.milestone_id is not None:
        act.unsettled(command.milestone_id)
    scope = duties_in_scope(state, before, command.milestone_id)
    if before == state.lead or not scope:
        raise _no_participant(state, before, command.milestone_id)
    if command.to is not None and (
        command.to in (before, state.lead) or any(command.to in departments_of(state, each) for each in scope)
    ):
        raise r.SameDepartmentError(department=command.to)
    end_decline(act.recorder, before, command.milestone_id, act.now)
    for milestone_id in scope:
        # Whoever takes the duty gets its day with all days for which it stood still, by whichever letter.
        resume_clock(act.recorder, milestone_id, "declined_assignment", act.today, before)
    if command.to is not None:
        for milestone_id in scope:
            _must_not_be_over(act, milestone_id, before, command.to)
    act.record(
        e.ParticipantReplaced,
        milestone_id=command.milestone_id,
        basis=command.reason,
        before=before,
        after=command.to,
    )
    hand_over_parts(act.recorder, before, command.to or state.lead, command.milestone_id)
    if not duties_in_scope(act.state, before, None):
        end_declines_of(act.recorder, before, act.now)
        end_limit(act.recorder, act.state.open_limit("receipt", None, before), act.now, answered=False)
    if command.to is not None and act.state.open_limit("receipt", None, command.to) is None:
        set_limit(act.recorder, "receipt", act.now, owner=command.to)


def _no_participant(state: ProjectState, name: DepartmentId, about: MilestoneId | None) -> BrokenRuleError:
    milestones = state.milestones if about is None else (about,)
    if any(departments_of(state, each) - {state.lead} for each in milestones):
        return r.NotAParticipantError(project_id=state.project_id, department=name)
    return r.LeadAloneError(project_id=state.project_id, milestone_id=about, lead=state.lead)


def _must_not_be_over(act: Act, milestone_id: MilestoneId, before: DepartmentId, to: DepartmentId) -> None:
    milestone = act.state.milestones[milestone_id]
    part = milestone.parts[before]
    due_on = deadline_in(act.state, milestone, part)
    if due_on is None or milestone.retrospective or milestone.stage not in OPEN_STAGES:
        return
    if is_over(act.state, milestone, act.now, part):
        raise r.DueBeforeAssignmentError(milestone_id=milestone_id, department=to, due_on=due_on, today=act.today)


def raise_dispute(act: Act, command: c.RaiseDispute) -> None:
    """A department disputes a duty with another one: the milestone's clock stands still until it is decided."""
    milestone = act.milestone(command.milestone_id)
    must_be_open(act, milestone)
    state, involved = act.state, {act.state.lead, *departments_of(act.state, command.milestone_id)}
    if command.against == act.department:
        raise r.SameDepartmentError(department=command.against)
    for department in (act.department, command.against):
        if department not in involved:
            raise _no_participant(state, department, milestone.milestone_id)
    if state.open_limit("dispute", milestone.milestone_id) is not None:
        waits = act.waits("dispute", "裁定争议", milestone.milestone_id)
        raise r.DisputePendingError(milestone_id=milestone.milestone_id, waits=waits)
    act.record(
        e.DisputeRaised,
        milestone_id=milestone.milestone_id,
        department=act.department,
        against=command.against,
        text=command.text,
    )
    stop_clock(act.recorder, milestone.milestone_id, "dispute")
    set_limit(act.recorder, "dispute", act.now, milestone_id=milestone.milestone_id)


class NotDisputedError(BrokenRuleError, rule="ruling_between_two"):
    """A dispute is decided between the two who have it: a ruling gives nobody else a duty."""

    says = (
        "节点 {milestone_id} 的争议在{first}与{second}之间，不能裁定由{department}负责：请裁定由其中一个负责；"
        "应由{department}承担的，裁定后请变更牵头部门或参与部门。"
    )
    milestone_id: MilestoneId
    first: DepartmentId
    second: DepartmentId
    department: DepartmentId


def rule_on_dispute(act: Act, command: c.RuleOnDispute) -> None:
    """The assigning side decides whose duty it is: the clock goes on."""
    milestone = act.milestone(command.milestone_id)
    limit = act.state.open_limit("dispute", milestone.milestone_id)
    if limit is None:
        raise r.NoDisputeError(milestone_id=milestone.milestone_id)
    involved, between = {act.state.lead, *departments_of(act.state, milestone.milestone_id)}, milestone.disputed
    if command.responsible not in involved:
        raise r.NotAParticipantError(project_id=act.state.project_id, department=command.responsible)
    # Where one of the two has left the milestone since, it may be anybody's of those who are in it now.
    if between is not None and involved.issuperset(between) and command.responsible not in between:
        first, second = between
        raise NotDisputedError(
            milestone_id=milestone.milestone_id, first=first, second=second, department=command.responsible
        )
    act.record(
        e.DisputeRuled,
        milestone_id=milestone.milestone_id,
        responsible=command.responsible,
        reason=command.reason,
    )
    end_limit(act.recorder, limit, act.now)
    resume_clock(act.recorder, milestone.milestone_id, "dispute", act.today)


def _declined(state: ProjectState, department: DepartmentId, milestone_id: MilestoneId | None) -> bool:
    return state.open_limit("declined_assignment", milestone_id, about=department) is not None


def _must_be_declined(act: Act, department: DepartmentId, milestone_id: MilestoneId | None) -> None:
    if milestone_id is not None:
        act.milestone(milestone_id)
    if not _declined(act.state, department, milestone_id):
        raise r.NothingDeclinedError(department=department)


HANDLERS: dict[type[c.Command], Handler] = {
    c.SignReceipt: sign_receipt,
    c.AcknowledgeReminder: acknowledge_reminder,
    c.DeclineAssignment: decline_assignment,
    c.InsistOnAssignment: insist,
    c.ReassignLead: reassign_lead,
    c.ReplaceParticipant: replace_participant,
    c.RaiseDispute: raise_dispute,
    c.RuleOnDispute: rule_on_dispute,
}
