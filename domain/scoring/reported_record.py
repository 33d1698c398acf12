"""A record that may be found to be false: whose report it is, and about which milestone."""

from __future__ import annotations

from collections.abc import Collection

from domain.actors import actor_from_text
from domain.events.event import ProjectEvent
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId, project_of, record_name, record_named
from domain.names import same_name
from domain.scoring.refusals import NotItsRecordError
from domain.texts import Line


class ReportedRecord(Frozen):
    """A record as it is named where it is found to be false: its identity, whose it is, about which milestone."""

    department: DepartmentId
    project_id: ProjectId
    milestone_id: MilestoneId | None
    event_id: Line

    @classmethod
    def named(cls, record: str, milestone_id: MilestoneId, department: DepartmentId) -> ReportedRecord:
        """The record that a person names, by its identity or its name, with whose it is and about which milestone.

        Raises:
            UnreadableIdError: the milestone or the record is none.
        """
        project_id, event_id = project_of(milestone_id), record_named(record)
        return ReportedRecord(
            department=department, project_id=project_id, milestone_id=milestone_id, event_id=event_id
        )


def reporter_of(record: ProjectEvent) -> DepartmentId | None:
    """The department whose report a record is; none where it is no department's."""
    return actor_from_text(record.on_behalf_of or record.actor).department


def must_be_its_own(named: ReportedRecord, record: ProjectEvent, names: Collection[DepartmentId]) -> None:
    """Refuse a record that is another's or of another milestone (`ScoreRefusedError`); `names` are all under which the
    department goes.
    """
    whose = reporter_of(record)
    own = whose is not None and any(same_name(whose, each) for each in names)
    about = getattr(record, "milestone_id", None)
    if named.milestone_id is not None and not (
        own and about in (None, named.milestone_id) and project_of(named.milestone_id) == named.project_id
    ):
        raise NotItsRecordError(
            record=record_name(named.event_id), department=named.department, milestone_id=named.milestone_id
        )
