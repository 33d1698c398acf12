"""Extensions: asked before the due date, reviewed, ruled on; and grace, which is another act after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from domain.actors import known_persons
from domain.events.event import ProjectEvent
from domain.frozen import FieldsOf
from domain.ids import MilestoneId
from domain.papers.draft import STANDS_STILL, about, chinese_date, counted, paper, sentence, taking_part
from domain.papers.paper import Overtaken, Paper
from domain.state import Extension, MilestoneState, ProjectState
from domain.state.change import Change, milestone_change, with_milestone
from domain.state.last_words import Fact
from domain.state.rounds import moved_part, with_date_set_anew


class ExtensionRequested(ProjectEvent):
    """The lead department asked, before the due date, for a later one: why, until when, and how the work stands."""

    type: Literal["ExtensionRequested"] = "ExtensionRequested"
    milestone_id: MilestoneId
    reason: str
    requested_due_on: date
    progress: str

    def change(self, state: ProjectState) -> Change:
        extension = Extension(requested_due_on=self.requested_due_on, reason=self.reason)
        return milestone_change(state, self.milestone_id, extension=extension)

    def words(self) -> str:
        return f"申请延期至{self.requested_due_on}：{self.reason}"


class ExtensionReviewed(ProjectEvent):
    """The first review of an extension: whether it is recommended, and which date."""

    type: Literal["ExtensionReviewed"] = "ExtensionReviewed"
    milestone_id: MilestoneId
    recommended_due_on: date | None
    opinion: str

    def change(self, state: ProjectState) -> Change:
        persons = known_persons((self.actor, self.by_person), (self.on_behalf_of, self.for_person))
        return _update(
            state,
            self.milestone_id,
            stage="reviewed",
            recommended_due_on=self.recommended_due_on,
            reviewed_by=tuple(each.kept for each in persons),
            reviewed_persons=tuple(each.person_id for each in persons) if self.by_person or self.for_person else None,
        )

    def words(self) -> str:
        return (
            "延期初审："
            + (f"建议延至{self.recommended_due_on}" if self.recommended_due_on else "不建议延期")
            + f"（{self.opinion}）"
        )


class ExtensionMoreAsked(ProjectEvent):
    """Before ruling, more was asked of the department; its clock runs until it has said more."""

    type: Literal["ExtensionMoreAsked"] = "ExtensionMoreAsked"
    milestone_id: MilestoneId
    question: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("deadline", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return _update(state, self.milestone_id, stage="more_asked")

    def paper(self, state: ProjectState) -> Paper | None:
        text = f"{about(state, self.milestone_id)}的延期申请请补充说明：{sentence(self.question)}"
        return paper(state, self, "ruling", state.lead, text, matter="延期申请")

    def words(self) -> str:
        return f"延期要求补充：{self.question}"


class ExtensionSupplemented(ProjectEvent):
    """The department said more about the extension that it asks for; the review begins anew."""

    type: Literal["ExtensionSupplemented"] = "ExtensionSupplemented"
    milestone_id: MilestoneId
    text: str

    def change(self, state: ProjectState) -> Change:
        return _update(
            state, self.milestone_id, stage="asked", reviewed_by=(), reviewed_persons=None, recommended_due_on=None
        )

    def words(self) -> str:
        return f"延期补充说明：{self.text}"


class ExtensionRefused(ProjectEvent):
    """An extension was refused, with the reason: the date stays, later only by the days that the ruling took."""

    type: Literal["ExtensionRefused"] = "ExtensionRefused"
    milestone_id: MilestoneId
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("deadline", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, extension=None)

    def paper(self, state: ProjectState) -> Paper | None:
        its = state.milestones[self.milestone_id]
        due_on = counted(state, self.milestone_id, its.answer_by) if its.answer_by else None
        when = f"，请于{chinese_date(due_on)}前完成" if due_on else ""
        if its.stops:
            when = f"，{STANDS_STILL}"
        text = f"{about(state, self.milestone_id)}的延期申请不予批准{when}。理由：{sentence(self.reason)}"
        return paper(state, self, "ruling", state.lead, text, due_on=due_on, matter="延期申请")

    def words(self) -> str:
        return f"延期不予批准：{self.reason}"


class ExtensionLapsed(ProjectEvent):
    """An extension that was asked for fell away before its ruling: the completion was requested, or the duty ended."""

    type: Literal["ExtensionLapsed"] = "ExtensionLapsed"
    milestone_id: MilestoneId

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, extension=None)

    def words(self) -> str:
        return "延期申请不再需要批复"


class DeadlineExtended(ProjectEvent):
    """An extension was granted, to exactly this date; the baseline and every breach stay."""

    type: Literal["DeadlineExtended"] = "DeadlineExtended"
    milestone_id: MilestoneId
    before: date
    requested_due_on: date
    after: date
    round: int
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("deadline", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        return _moved(state, before, self, granted=before.extensions_granted + 1)

    def paper(self, state: ProjectState) -> Paper | None:
        due_on = counted(state, self.milestone_id, self.after)
        text = (
            f"{about(state, self.milestone_id)}的延期申请予以批准：时限由{chinese_date(self.before)}延至"
            f"{chinese_date(due_on)}（申请延至{chinese_date(self.requested_due_on)}）。理由：{sentence(self.reason)}"
        )
        parts = taking_part(state, self.milestone_id)
        return paper(state, self, "ruling", state.lead, text, due_on=due_on, copies_to=parts, matter="延期申请")

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "amended", None

    def words(self) -> str:
        return f"批准延期：{self.before}延至{self.after}（申请{self.requested_due_on}）：{self.reason}"


class GraceGranted(ProjectEvent):
    """After the due date, a later one was set as an act of grace, of a named person; the breach stays."""

    type: Literal["GraceGranted"] = "GraceGranted"
    milestone_id: MilestoneId
    before: date
    after: date
    round: int
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("deadline", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        return _moved(state, before, self, granted=before.extensions_granted)

    def paper(self, state: ProjectState) -> Paper | None:
        due_on = counted(state, self.milestone_id, self.after)
        text = (
            f"{about(state, self.milestone_id)}逾期后予以宽限：时限由{chinese_date(self.before)}宽限至"
            f"{chinese_date(due_on)}，违期记录保留。理由：{sentence(self.reason)}"
        )
        parts = taking_part(state, self.milestone_id)
        return paper(state, self, "ruling", state.lead, text, due_on=due_on, copies_to=parts, matter="逾期宽限")

    def words(self) -> str:
        return f"逾期宽限：{self.before}宽限至{self.after}：{self.reason}"


def _update(state: ProjectState, milestone_id: MilestoneId, **update: FieldsOf[Extension]) -> Change:
    before = state.milestones.get(milestone_id)
    if before is None or before.extension is None:
        return {}
    return milestone_change(state, milestone_id, extension=before.extension.model_copy(update=update))


def _moved(
    state: ProjectState, before: MilestoneState, event: DeadlineExtended | GraceGranted, *, granted: int
) -> Change:
    due_on, new_round, today = event.after, event.round, event.decided_at.date()
    settled = with_date_set_anew(state, before, today)
    # A participant that has a later date of its own, for days that were excused to it alone, keeps it.
    parts = {
        name: part
        if part.answer_by is not None and part.answer_by >= due_on
        else moved_part(part, due_on, new_round, today)
        for name, part in settled.parts.items()
    }
    return with_milestone(
        state,
        settled.having(
            parts=parts,
            extension=None,
            extensions_granted=granted,
            approved_due_on=due_on,
            answer_by=due_on,
            round=new_round,
            amended_round=new_round,
            taken=(),
        ),
    )


ExtendingEvent = (
    ExtensionRequested
    | ExtensionReviewed
    | ExtensionMoreAsked
    | ExtensionSupplemented
    | ExtensionRefused
    | ExtensionLapsed
    | DeadlineExtended
    | GraceGranted
)
