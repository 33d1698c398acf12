"""The lists that the measurements run on: made up, in the shape and size of a real row of a notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from application.office.starting import Year
from application.settings import Settings
from domain.actors import department
from domain.acts.commands import ReportProgress
from domain.clock import VirtualClock
from domain.ids import milestone_id_for, project_id_for
from domain.project import KeyProject, ListHeader, Milestone, ProjectList, SourceSpan
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import calendar_of
from workflows.inputs import HISTORY_LIMIT, Opening, SupervisionInput

YEAR = 2018
ISSUED_ON = date(2018, 4, 25)
HEADER = ListHeader(
    document_number="督办〔2018〕3号", title="2018年度重点工作项目清单", issuer="办公室", issued_on=ISSUED_ON, year=YEAR
)
DEPARTMENTS = ("组织部", "宣传部", "学校部", "统战部", "权益部", "办公室", "青发部", "机关党委")
_DESCRIPTION = "制定实施方案并印发各地各单位，召开动员部署会议，按季度调度进展情况并形成书面报告"


@cache
def calendar() -> WorkingCalendar:
    """The published working calendar of the list's year and those around it."""
    return calendar_of(Settings(), YEAR)


def month_ends(first_month: int, count: int) -> tuple[date, ...]:
    """The last days of so many months of the year, from one on."""
    months = range(first_month, first_month + count)
    return tuple(date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in months)


def project(serial: int, due: Sequence[date]) -> KeyProject:
    """A key project with a milestone due on each of these days."""
    project_id = project_id_for(YEAR, str(serial))
    return KeyProject(
        project_id=project_id,
        serial=str(serial),
        title=f"第{serial}项重点工作：基层组织规范化建设提升行动",
        main_content=_DESCRIPTION,
        lead_department=DEPARTMENTS[serial % len(DEPARTMENTS)],
        participating_departments=(DEPARTMENTS[(serial + 1) % len(DEPARTMENTS)],),
        schedule_text="；".join(f"{day.month}月底前：{_DESCRIPTION}" for day in due),
        milestones=tuple(
            Milestone(
                milestone_id=milestone_id_for(project_id, ordinal),
                description=_DESCRIPTION,
                window_text=f"{day.month}月底前",
                starts_on=ISSUED_ON.replace(day=1),
                due_on=day,
                assigned="window",
                source=SourceSpan(start=0, end=10),
            )
            for ordinal, day in enumerate(due, start=1)
        ),
    )


def year(projects: Sequence[KeyProject], clock: VirtualClock, policy: SupervisionPolicy | None = None) -> Year:
    """A list of these projects as a year."""
    listed = ProjectList(**dict(HEADER), projects=tuple(projects))
    return Year(listed, policy or SupervisionPolicy(), calendar(), clock)


def given(
    project: KeyProject,
    clock: VirtualClock,
    policy: SupervisionPolicy | None = None,
    history_limit: int = HISTORY_LIMIT,
) -> SupervisionInput:
    """What the supervision of a project is started with."""
    opening = Opening(listed=HEADER, project=project, policy=policy or SupervisionPolicy(), calendar=calendar())
    return SupervisionInput(clock=clock, opening=opening, history_limit=history_limit)


def report(project: KeyProject, request_id: str, *, milestone: int = -1, text: str = "继续推进") -> ReportProgress:
    """What the lead reports about a milestone, the last one by itself."""
    by, milestone_id = department(project.lead_department), project.milestones[milestone].milestone_id
    return ReportProgress(request_id=request_id, by=by, milestone_id=milestone_id, text=text)
