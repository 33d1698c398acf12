"""The register as a screen shows it now: a page of it, how far it has come, and the projects that do not go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from application.engine_room.standing import sick_projects
from application.engine_room.unavailable import Unavailable
from application.office.office import Office
from application.office.overdue import overdue_projects
from domain.ids import ProjectId
from domain.ports.register import ProjectPage, ProjectQuery, Standing

Sick = Mapping[ProjectId, Unavailable]
"""The projects whose supervision does not go on."""


@dataclass(frozen=True, slots=True)
class PresentRegister:
    """One page of the register at an instant; `sick` are the projects of all pages that do not go on,
    `recorded` those that the ledger has, and whether nothing more can happen to them."""

    as_of: datetime
    page: ProjectPage
    standing: Standing
    sick: Sick
    recorded: Mapping[ProjectId, bool]


async def present_register(office: Office, query: ProjectQuery) -> PresentRegister:
    """The register as it stands now; the engine is asked for what does not go on, and for nothing else.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    desk = office.register
    listed = await desk.listed(query)
    recorded = await desk.closed()
    overdue = await overdue_projects(office)
    sick = await sick_projects(office.engine, recorded, office.engine_now(), every=False, overdue=overdue)
    return PresentRegister(listed.as_of, listed.page, listed.standing, sick, recorded)


def behind(standing: Standing) -> str:
    """What the register has not taken in yet, in a sentence; empty where it is up to date."""
    parts = [f"落后台账 {standing.behind} 条记录"] if standing.behind else []
    parts += [f"{standing.due} 个项目待按现在的日期重算"] if standing.due else []
    told = "，".join(parts)
    return (
        f"登记簿{told}：督办程序会自动补齐；十分钟后仍这样的，请管理员运行 duban engine rebuild-register。"
        if told
        else ""
    )
