"""Findings: what could not be read, or could be read in two ways; and the operator's rulings on them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from domain.bounds import Day, Offset
from domain.frozen import Frozen
from domain.ids import MilestoneId, ProjectId
from domain.names import Name
from domain.notice.windows import Choice, Doubt, Severity
from domain.texts import Cell, Label, Part

CONFIRM = "确认"
"""The choice that lets stand what was assumed, whatever the finding."""


class FindingSource(Frozen):
    """The exact words that a finding is about: character offsets into the named field of the project."""

    field: Label = "schedule_text"
    start: Offset
    end: Offset
    text: Cell

    @classmethod
    def whole(cls, field: Label, text: str) -> Self:
        """All the words of a text that stands in the named field."""
        return cls(field=field, start=0, end=len(text), text=text)


class Finding(Frozen):
    """Something for the operator to know (`note`) or to rule on (`ruling`, `error`) before the year starts.

    `key` names the finding in a ruling; it stays the same when the same notice is compiled again. `assumed` is what
    the plan says meanwhile, absent where nothing could be assumed.
    """

    key: Label
    code: Label
    severity: Severity
    project_id: ProjectId | None = None
    milestone_id: MilestoneId | None = None
    text: Cell
    source: FindingSource
    assumed: Cell | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def needs_ruling(self) -> bool:
        """Whether a start must wait for the operator."""
        return self.severity != "note"


class Ruling(Frozen):
    """The operator's word on a finding: one of its choices, `确认`, or another time expression.

    `source_text` keeps the words that were ruled on, so that a changed notice does not inherit the ruling.
    """

    finding: Label
    choice: Annotated[Part, Field(min_length=1)]
    source_text: Cell | None = None
    reason: Part | None = None
    ruled_by: Name | None = None
    ruled_on: Day | None = None

    def answers(self, finding: Finding) -> bool:
        """Whether this is the ruling on a finding."""
        return self.finding == finding.key and self.source_text in (None, finding.source.text)


def finding_of(
    doubt: Doubt, key: str, source: FindingSource, project_id: ProjectId | None, milestone_id: MilestoneId | None
) -> Finding:
    """A doubt about a time, as a finding with its place."""
    return Finding(
        key=key,
        code=doubt.code,
        severity=doubt.severity,
        project_id=project_id,
        milestone_id=milestone_id,
        text=doubt.text,
        source=source,
        assumed=doubt.assumed,
        choices=doubt.choices,
    )
