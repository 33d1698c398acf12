"""What leaders and the supervision section say of a project by hand: directives and bulletins."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Literal

from domain.bulletin_kind import BulletinKind
from domain.clock import office_day
from domain.events.event import ProjectEvent
from domain.ids import DepartmentId, MilestoneId
from domain.papers.draft import about, chinese_date, paper, quoted, sentence
from domain.papers.paper import Paper
from domain.rungs.limits import limit_id
from domain.state import Bulletin, Directive, ProjectState
from domain.state.change import Change

_LETTERS = 32


class DirectiveIssued(ProjectEvent):
    """A leader's directive on a project or a milestone, in the leader's words.

    It is answered by `answer_by`, where a date is set.
    """

    type: Literal["DirectiveIssued"] = "DirectiveIssued"
    milestone_id: MilestoneId | None
    leader: str
    text: str
    answer_by: date | None

    def change(self, state: ProjectState) -> Change:
        directive = Directive(
            milestone_id=self.milestone_id, leader=self.leader, answer_by=self.answer_by, text=self.text
        )
        return {"directives": {**state.directives, self.seq: directive}}

    def paper(self, state: ProjectState) -> Paper | None:
        # Where the leader set no day, the limit that began with the directive says it.
        limit = state.limits.get(limit_id("directive_answer", self.seq + 1))
        answer_by = self.answer_by or (limit.due_on if limit else None)
        by = f"请于{chinese_date(answer_by)}前反馈落实情况。" if answer_by else "请按时反馈落实情况。"
        # Between marks: the office's own request behind them is none of the leader's words.
        text = f"{self.leader}对{about(state, self.milestone_id)}批示：{quoted(sentence(self.text))}{by}"
        words = f"{self.leader}\n{self.text}\n{self.answer_by}\n{office_day(self.decided_at)}"
        one_of = sha256(words.encode()).hexdigest()[:_LETTERS]
        return paper(state, self, "directive", state.lead, text, due_on=answer_by, one_of=one_of)

    def words(self) -> str:
        return f"{self.leader}批示：{self.text}"


class DirectiveAnswered(ProjectEvent):
    """A department reported what it did upon a directive. `directive` is the place in the stream that it answers."""

    type: Literal["DirectiveAnswered"] = "DirectiveAnswered"
    milestone_id: MilestoneId | None
    directive: int
    department: DepartmentId
    text: str
    evidence: tuple[str, ...]

    def change(self, state: ProjectState) -> Change:
        return {"directives": {number: each for number, each in state.directives.items() if number != self.directive}}

    def words(self) -> str:
        return f"{self.department}反馈批示落实情况：{self.text}"


class BulletinPublished(ProjectEvent):
    """A bulletin praised or criticised a department in public, drafted from the events and signed by a person."""

    type: Literal["BulletinPublished"] = "BulletinPublished"
    milestone_id: MilestoneId | None
    kind: BulletinKind
    department: DepartmentId
    text: str

    def change(self, state: ProjectState) -> Change:
        return {"bulletins": (*state.bulletins, self._kept())}

    def _kept(self) -> Bulletin:
        on = office_day(self.decided_at)
        return bulletin_of(self.milestone_id, self.kind, self.department, self.text, on)

    def paper(self, state: ProjectState) -> Paper | None:
        word = "表扬" if self.kind == "praise" else "批评"
        text = f"现对{self.department}办理{about(state, self.milestone_id)}的情况予以通报{word}：{sentence(self.text)}"
        own = self._kept()
        before = [each.on for each in state.bulletins if each.about == own.about and each.words != own.words]
        if before:
            text += f"本通报承接{chinese_date(before[-1])}的通报。"
        copies = (state.lead, *state.project.participating_departments)
        return paper(state, self, "bulletin", self.department, text, copies_to=copies)

    def words(self) -> str:
        return f"通报{'表扬' if self.kind == 'praise' else '批评'}{self.department}：{self.text}"


def bulletin_of(
    milestone_id: MilestoneId | None, kind: BulletinKind, department: DepartmentId, text: str, on: date
) -> Bulletin:
    """What is kept of a bulletin: blanks and a stop at the end make no other words."""
    words = sha256(sentence(" ".join(text.split())).encode()).hexdigest()[:_LETTERS]
    return Bulletin(milestone_id=milestone_id, kind=kind, department=department, on=on, words=words)


DirectingEvent = DirectiveIssued | DirectiveAnswered | BulletinPublished
