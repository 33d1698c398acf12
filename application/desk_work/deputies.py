"""Deputies of a department in all its projects at once: who acts for it now, appointed and dismissed with a report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from application.office.acts import Act, give
from application.office.office import Office
from domain.actors import Actor, department
from domain.acts.commands import AnyCommand, AppointDeputy, DismissDeputy
from domain.directory.signed_in import SignedIn
from domain.errors import DubanError
from domain.ids import DepartmentId, ProjectId
from domain.ports.register import DutyQuery
from domain.seeing.views import ProjectView
from domain.state import Deputy


@dataclass(frozen=True, slots=True)
class ShownDeputy:
    """A deputy of a department, and the projects in which he may act for it."""

    deputy: Deputy
    projects: tuple[ProjectId, ...]


@dataclass(frozen=True, slots=True)
class DeputyResult:
    """What became of one project."""

    project_id: ProjectId
    title: str
    problem: str | None


async def deputies(office: Office, name: DepartmentId) -> list[ShownDeputy]:
    """The deputies of a department that act for it now or later."""
    found: dict[Deputy, list[ProjectId]] = {}
    for view in await _views(office, name):
        for deputy in view.deputies:
            if deputy.principal == f"department:{name}":
                found.setdefault(deputy, []).append(view.project_id)
    order = sorted(found, key=lambda each: (each.from_on, each.deputy))
    return [ShownDeputy(deputy, tuple(found[deputy])) for deputy in order]


async def appoint(
    office: Office,
    name: DepartmentId,
    deputy: Actor,
    span: tuple[date, date],
    reason: str,
    by: SignedIn,
    request: str,
) -> list[DeputyResult]:
    """Appoint a deputy in every project in which the department has a duty that is open."""

    def command(number: int) -> AnyCommand:
        return AppointDeputy(
            request_id=f"{request}-{number}",
            by=department(name, by.name),
            principal=department(name),
            deputy=deputy,
            from_on=span[0],
            until_on=span[1],
            reason=reason,
        )

    return await _each(office, await _views(office, name), command, by, request)


async def dismiss(
    office: Office, name: DepartmentId, deputy: Actor, reason: str, by: SignedIn, request: str
) -> list[DeputyResult]:
    """Dismiss a deputy in every project in which he may act for the department."""
    views = [
        view
        for view in await _views(office, name)
        if any((each.principal, each.deputy) == (f"department:{name}", str(deputy)) for each in view.deputies)
    ]

    def command(number: int) -> AnyCommand:
        return DismissDeputy(
            request_id=f"{request}-{number}",
            by=department(name, by.name),
            principal=department(name),
            deputy=deputy,
            reason=reason,
        )

    return await _each(office, views, command, by, request)


async def _each(
    office: Office, views: Sequence[ProjectView], command: Callable[[int], AnyCommand], by: SignedIn, request: str
) -> list[DeputyResult]:
    results = []
    for number, view in enumerate(views):
        try:
            act = Act(view.project_id, command(number))
            await give(office, act, by, door="desk", nonce=f"{request}-{number}")
            results.append(DeputyResult(view.project_id, view.title, None))
        except DubanError as error:
            results.append(DeputyResult(view.project_id, view.title, error.text))
    return results


async def _views(office: Office, name: DepartmentId) -> list[ProjectView]:
    await office.register.current()
    duties = (await office.register.duties(DutyQuery(department=name, open=True))).rows
    texts = await office.register.views(sorted({duty.project_id for duty in duties}))
    return await asyncio.to_thread(lambda: [ProjectView.model_validate_json(text) for text in texts.values()])
