"""The last word on each fact that persons decide: who has not seen it does not put another one in its place."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from pydantic import AwareDatetime

from domain.actors import KnownPerson
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, MilestoneId

FactKind = Literal[
    "calendar",
    "confidence",
    "content",
    "deadline",
    "dispute",
    "duty",
    "end",
    "inspection",
    "lead",
    "outcome",
    "silence",
    "suspension",
]
FACT_WORDS: Final[dict[FactKind, str]] = {
    "calendar": "日历",
    "confidence": "信心评估",
    "content": "内容",
    "deadline": "时限",
    "dispute": "职责争议",
    "duty": "任务由谁承担",
    "end": "撤项或年终",
    "inspection": "督查",
    "lead": "牵头部门",
    "outcome": "办结、退回或撤销",
    "silence": "停发通知",
    "suspension": "中止或恢复",
}


class Fact(NamedTuple):
    """What a person's word settles, of the project or a milestone: `of` is the department whose duty it is, or the
    field that is amended."""

    kind: FactKind
    milestone_id: MilestoneId | None = None
    of: DepartmentId | str | None = None

    @property
    def key(self) -> str:
        """As the state names it."""
        return ":".join((self.kind, self.milestone_id or "", self.of or "")).rstrip(":")


class LastWord(Frozen):
    """By which event a fact was settled last, when and by whom."""

    seq: int
    at: AwareDatetime
    by: str
    person_id: str | None = added_later()

    @property
    def known(self) -> KnownPerson:
        """Who gave it."""
        return KnownPerson(self.by, self.person_id)
