"""How a department takes its assignment: receipt, a declined assignment, a dispute, what the assigning side rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from domain.events.event import ProjectEvent
from domain.ids import DepartmentId, MilestoneId
from domain.papers.draft import about, inside, paper, sentence, sign_by, taking_part
from domain.papers.paper import Overtaken, Paper
from domain.project import KeyProject
from domain.state import MilestoneState, ProjectState
from domain.state.change import Change, duty_change, each_milestone, milestone_change
from domain.state.last_words import Fact
from domain.state.rounds import opened_part


class ReceiptSigned(ProjectEvent):
    """A department signed that it has its assignment for these milestones. A receipt is not an answer."""

    type: Literal["ReceiptSigned"] = "ReceiptSigned"
    department: DepartmentId
    milestone_ids: tuple[MilestoneId, ...]

    def change(self, state: ProjectState) -> Change:

        def sign(milestone: MilestoneState) -> MilestoneState:
            if milestone.milestone_id not in self.milestone_ids:
                return milestone
            if self.department == state.lead:
                return milestone.having(signed=True)
            part = milestone.parts.get(self.department)
            if part is None:
                return milestone
            return milestone.having(parts={**milestone.parts, self.department: part.having(signed=True)})

        return each_milestone(state, sign)

    def words(self) -> str:
        return f"{self.department}签收（{len(self.milestone_ids)}个节点）"


class ReminderAcknowledged(ProjectEvent):
    """A department acknowledged that it has seen a reminder or an urge. It is not an answer: no clock stops for it.

    `reminder` is the place of what it saw in the project's stream.
    """

    type: Literal["ReminderAcknowledged"] = "ReminderAcknowledged"
    milestone_id: MilestoneId
    department: DepartmentId
    reminder: int

    def change(self, state: ProjectState) -> Change:
        participant = None if self.department == state.lead else self.department
        return duty_change(state, self.milestone_id, participant, seen_reminder=self.reminder)

    def words(self) -> str:
        return f"{self.department}确认收到提醒（记录 #{self.reminder}）"


class AssignmentDeclined(ProjectEvent):
    """A department sent its assignment back with the reason: of one milestone, or of the whole project."""

    type: Literal["AssignmentDeclined"] = "AssignmentDeclined"
    department: DepartmentId
    milestone_id: MilestoneId | None
    reason: str

    def words(self) -> str:
        return f"{self.department}退回交办：{self.reason}"


class AssignmentInsisted(ProjectEvent):
    """The assigning side upheld an assignment that a department had declined."""

    type: Literal["AssignmentInsisted"] = "AssignmentInsisted"
    department: DepartmentId
    milestone_id: MilestoneId | None
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("duty", self.milestone_id, self.department),)

    def change(self, state: ProjectState) -> Change:
        # The department must sign anew for what it had declined.
        changed: Change = {}
        for milestone_id in [self.milestone_id] if self.milestone_id else list(state.milestones):
            participant = None if self.department == state.lead else self.department
            changed = duty_change(state, milestone_id, participant, signed=False) or changed
            state = state.having(**changed)
        return changed

    def paper(self, state: ProjectState) -> Paper | None:
        text = (
            f"{about(state, self.milestone_id)}：{self.department}退回交办的意见未予采纳，"
            f"{sign_by(state, self.department, self.decided_at.date())}。理由：{sentence(self.reason)}"
        )
        return paper(state, self, "ruling", self.department, text, matter="退回交办意见")

    def words(self) -> str:
        return f"坚持交办{self.department}：{self.reason}"


class ParticipantReplaced(ProjectEvent):
    """A participating department was released from its duty, which another one takes where `after` names it.

    Of one milestone, or of the whole project. What the department before had reported or missed stays.
    """

    type: Literal["ParticipantReplaced"] = "ParticipantReplaced"
    milestone_id: MilestoneId | None
    basis: str
    before: DepartmentId
    after: DepartmentId | None

    def decides(self) -> Iterable[Fact]:
        return (Fact("duty", self.milestone_id, self.before),)

    def change(self, state: ProjectState) -> Change:

        def replace(milestone: MilestoneState) -> MilestoneState:
            part = milestone.parts.get(self.before)
            if part is None or part.stage == "released" or self.milestone_id not in (None, milestone.milestone_id):
                return milestone
            parts = {**milestone.parts, self.before: part.having(stage="released", stops={})}
            if self.after is not None:
                parts[self.after] = opened_part(parts.get(self.after), self.after, part.answer_by)
            return milestone.having(parts=parts)

        changed = each_milestone(state, replace)
        if self.milestone_id is None or self.after is not None:
            changed["project"] = _with_participants(state.project, self)
        return changed

    def paper(self, state: ProjectState) -> Paper | None:
        what = about(state, self.milestone_id)
        if self.after is None:
            text = f"{what}：{self.before}不再承担参与任务（{inside(self.basis)}）。"
            return paper(state, self, "status_notice", self.before, text, copies_to=(state.lead,))
        ask = sign_by(state, self.after, self.decided_at.date())
        text = f"{what}原由{self.before}承担的参与任务，现交由{self.after}承担（{inside(self.basis)}），{ask}。"
        return paper(state, self, "supervision_order", self.after, text, copies_to=(state.lead, self.before))

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        for milestone_id in [self.milestone_id] if self.milestone_id else state.milestones:
            yield milestone_id, "amended", self.before

    def words(self) -> str:
        return f"参与部门{self.before}" + (f"改为{self.after}" if self.after else "不再承担") + f"（{self.basis}）"


class DisputeRaised(ProjectEvent):
    """A department of the project disputes a duty with another one; the assigning side decides within a limit."""

    type: Literal["DisputeRaised"] = "DisputeRaised"
    milestone_id: MilestoneId
    department: DepartmentId
    against: DepartmentId
    text: str

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, disputed=(self.department, self.against))

    def words(self) -> str:
        return f"{self.department}就与{self.against}的职责提出争议：{self.text}"


class DisputeRuled(ProjectEvent):
    """The assigning side decided a dispute: whose duty it is, and why."""

    type: Literal["DisputeRuled"] = "DisputeRuled"
    milestone_id: MilestoneId
    responsible: DepartmentId
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("dispute", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, disputed=None)

    def paper(self, state: ProjectState) -> Paper | None:
        text = (
            f"{about(state, self.milestone_id)}的争议裁定如下：由{self.responsible}负责。理由：{sentence(self.reason)}"
        )
        parts = taking_part(state, self.milestone_id)
        return paper(state, self, "ruling", state.lead, text, copies_to=parts, matter="职责争议")

    def words(self) -> str:
        return f"争议裁定：由{self.responsible}负责（{self.reason}）"


def _with_participants(project: KeyProject, event: ParticipantReplaced) -> KeyProject:
    names: list[DepartmentId] = list(project.participating_departments)
    if event.milestone_id is None:
        names = [name for name in names if name != event.before]
    if event.after is not None and event.after not in names:
        names.append(event.after)
    return project.having(participating_departments=tuple(names))


ReceivingEvent = (
    ReceiptSigned
    | ReminderAcknowledged
    | AssignmentDeclined
    | AssignmentInsisted
    | ParticipantReplaced
    | DisputeRaised
    | DisputeRuled
)
