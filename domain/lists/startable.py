"""Whether a year can start from a list: every project is opened once in thought, before the first one is in fact."""

from __future__ import annotations

from datetime import datetime

from domain.errors import InputError, UnusableInputError
from domain.evolution import fold
from domain.ids import ProjectId
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for
from domain.project import ProjectList
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from domain.rungs.timing import problem_of
from domain.rungs.wakeups import next_rung


class UnstartableProjectError(UnusableInputError, rule="startable_project"):
    """A project of the list cannot be opened: what follows from it cannot be worked out."""

    says = (
        "项目 {project_id} 不能启动：推算不出它的文书和时限（{problem}）；"
        "请核对它的日期、数量和部门，整份清单都还没有启动。"
    )
    project_id: ProjectId
    problem: str


def must_be_startable(listed: ProjectList, policy: SupervisionPolicy, calendar: WorkingCalendar, now: datetime) -> None:
    """Hold that each project of a list can be opened, recorded, told of and waited for.

    Raises:
        ProjectTooLongError: a row is longer than one entry of the ledger can hold.
        UnstartableProjectError: what follows from a row cannot be worked out.
    """
    for project in listed.projects:
        try:
            events = docket(listed.header, project, policy, calendar, now, listed.rulings_about(project))
            state = fold(events)
            assert state is not None
            papers_for(state, events)
            next_rung(state, now)
        except InputError:
            raise
        except Exception as error:
            raise UnstartableProjectError(project_id=project.project_id, problem=problem_of(error)) from error
