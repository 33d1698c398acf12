"""A large register to measure on: so many projects as the core makes them, in a ledger, some with reports."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from domain.actors import department
from domain.acts.commands import ReportProgress
from domain.acts.decisions import decide
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import MilestoneId, milestone_id_for, project_id_for, supervision_workflow_id
from domain.lists.docketing import docket
from domain.ports.ledger import Decision, Ledger
from domain.project import KeyProject, ListHeader, Milestone, Quota, SourceSpan
from domain.rules.calendar import WorkingCalendar, office_instant
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState

FIRST_DAY = date(2018, 4, 25)
DEPARTMENTS = tuple(f"{name}{kind}" for name in "组宣统教学青权少机联" for kind in ("织部", "传处", "工办", "务局"))
CATEGORIES = ("改革", "民生", "党建", "安全", "宣传")
_WORDS = ("召开青年座谈会", "印发实施方案", "建成服务平台", "完成干部培训", "报送总结材料", "举办主题活动")
_HEADER = ListHeader(
    document_number=None, title="2018年重点项目", issuer=None, issued_on=FIRST_DAY, year=FIRST_DAY.year
)
_AT_ONCE = 200


def milestones_of(serial: int) -> int:
    """8.7 milestones a project: 87,000 in 10,000."""
    return 9 if serial % 10 < 7 else 8


def project(serial: int) -> KeyProject:
    """One project of the list: its lead, one participating department, due dates all over the year."""
    project_id = project_id_for(FIRST_DAY.year, str(serial))
    return KeyProject(
        project_id=project_id,
        serial=str(serial),
        title=f"{_WORDS[serial % len(_WORDS)]}（第{serial}项）",
        lead_department=DEPARTMENTS[serial % len(DEPARTMENTS)],
        participating_departments=(DEPARTMENTS[(serial * 7 + 1) % len(DEPARTMENTS)],),
        schedule_text="",
        milestones=tuple(_milestone(serial, ordinal) for ordinal in range(milestones_of(serial))),
        category=CATEGORIES[serial % len(CATEGORIES)],
    )


def _milestone(serial: int, ordinal: int) -> Milestone:
    project_id = project_id_for(FIRST_DAY.year, str(serial))
    return Milestone(
        milestone_id=milestone_id_for(project_id, ordinal + 1),
        description=f"{_WORDS[(serial + ordinal) % len(_WORDS)]}，形成第{ordinal + 1}份材料",
        window_text="",
        starts_on=None,
        due_on=FIRST_DAY + timedelta(days=20 + (serial * 13 + ordinal * 29) % 220),
        assigned="window",
        quota=Quota(value=6, unit="期") if ordinal == 1 else None,
        source=SourceSpan(start=0, end=0),
    )


def opening(serial: int) -> tuple[DomainEvent, ...]:
    """The events of a project's first day."""
    began = office_instant(FIRST_DAY, datetime.min.time())
    return docket(_HEADER, project(serial), SupervisionPolicy(), WorkingCalendar(), began)


def report(state: ProjectState, number: int, now: datetime) -> tuple[DomainEvent, ...]:
    """What a report of the lead makes of one of its milestones."""
    names: list[MilestoneId] = list(state.milestones)
    command = ReportProgress(
        request_id=f"report-{number}",
        by=department(state.lead),
        milestone_id=names[number % len(names)],
        text=f"第{number}次反馈：继续推进。",
    )
    return decide(state, command, now)


def decisions(projects: int) -> Iterator[Decision]:
    """The first day of every project, with a report in every third."""
    now = office_instant(FIRST_DAY, datetime.min.time()) + timedelta(hours=10)
    for serial in range(1, projects + 1):
        events = opening(serial)
        state = fold(events)
        assert state is not None
        told = report(state, serial, now) if serial % 3 == 0 else ()
        yield Decision(stream=supervision_workflow_id(state.project_id), events=(*events, *told))


async def fill(ledger: Ledger, projects: int) -> None:
    """Record all of it."""
    part: list[Decision] = []
    for decision in decisions(projects):
        part.append(decision)
        if len(part) == _AT_ONCE:
            await asyncio.gather(*map(ledger.record, part))
            part = []
    await asyncio.gather(*map(ledger.record, part))
