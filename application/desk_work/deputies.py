"""Deputies of a department, or of a person of the supervision section, in all projects at once: who acts now, appointed
and dismissed with a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from application.office.acts import Act, give
from application.office.attesting import Giver
from application.office.office import Office
from application.office.sent_again import Drawn, as_first_sent
from domain.actors import Actor, actor_from_text, department, operator
from domain.acts.access import acts_as
from domain.acts.commands import AnyCommand, AppointDeputy, DismissDeputy
from domain.directory.signed_in import SignedIn
from domain.errors import DubanError
from domain.ids import DepartmentId, ProjectId
from domain.ports.register import DeputyCount, DutyQuery, ProjectQuery
from domain.ports.register_lines import ProjectRow


@dataclass(frozen=True, slots=True)
class DeputyResult:
    """What became of one project."""

    project_id: ProjectId
    title: str
    problem: str | None


async def deputies(office: Office, principal: Actor) -> Sequence[DeputyCount]:
    """The deputies that act for somebody now or later, each with the number of projects."""
    await office.register.current()
    return await office.register.deputies(str(principal))


async def principals(office: Office, person: SignedIn, day: date) -> dict[DepartmentId, tuple[ProjectId, ...]]:
    """The departments for which a person acts as a deputy on a day, each with the projects in which he does."""
    own = [department(name, person.name).having(person_id=person.person_id) for name in person.departments]
    found: dict[DepartmentId, list[ProjectId]] = {}
    for row in await office.register.deputies_on(day) if own else ():
        of = actor_from_text(row.principal).department
        if of is not None and of not in person.departments and any(acts_as(each, row) for each in own):
            found.setdefault(of, []).append(row.project_id)
    return {name: tuple(dict.fromkeys(projects)) for name, projects in found.items()}


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A project in which a deputy acts for a person of the supervision section, and until when."""

    row: ProjectRow
    principal: str
    until_on: date


async def for_persons(office: Office, person: SignedIn, day: date) -> list[StoodIn]:
    """The projects in which somebody acts for persons of the supervision section on a day, in order."""
    await office.register.current()
    own = operator(person.name).having(person_id=person.person_id)
    found = [
        (each.project_id, actor_from_text(each.principal), each.until_on)
        for each in await office.register.deputies_on(day)
        if acts_as(own, each)
    ]
    among = tuple(sorted({project_id for project_id, principal, _ in found if principal.role == "operator"}))
    rows = {row.project_id: row for row in (await office.register.projects(ProjectQuery(among=among))).rows}
    return [
        StoodIn(rows[project_id], principal.name, until_on)
        for project_id, principal, until_on in found
        if project_id in rows and principal.role == "operator"
    ]


async def appoint(
    office: Office,
    principal: Actor,
    deputy: Actor,
    span: tuple[date, date],
    reason: str,
    by: SignedIn,
    request: str,
) -> list[DeputyResult]:
    """Appoint a deputy in every project in which the principal has something to do."""

    def command(number: int) -> AnyCommand:
        return AppointDeputy(
            request_id=f"{request}-{number}",
            by=_as_himself(principal, by),
            principal=principal,
            deputy=deputy,
            from_on=span[0],
            until_on=span[1],
            reason=reason,
        )

    return await _each(office, await _open_of(office, principal), command, by, request)


async def dismiss(
    office: Office, principal: Actor, deputy: Actor, reason: str, by: SignedIn, request: str
) -> list[DeputyResult]:
    """Dismiss a deputy in every project in which he may act for the principal.

    Sent again, it is told of those, too, in which this very form just now did.
    """
    open_ones = await _open_of(office, principal)
    among = await office.register.deputed(str(principal), str(deputy))
    rows = (await office.register.projects(ProjectQuery(among=tuple(among)))).rows
    over = [row for row in open_ones if row.project_id not in among]

    def command(number: int) -> AnyCommand:
        return DismissDeputy(
            request_id=f"{request}-{number}",
            by=_as_himself(principal, by),
            principal=principal,
            deputy=deputy,
            reason=reason,
        )

    return await _each(office, rows, command, by, request, over)


async def _each(
    office: Office,
    rows: Sequence[ProjectRow],
    command: Callable[[int], AnyCommand],
    by: SignedIn,
    request: str,
    over: Sequence[ProjectRow] = (),
) -> list[DeputyResult]:
    """Give the act in each project; in those in which it is `over` only as the one that was given just now."""
    results = []
    for number, row in enumerate((*rows, *over)):
        try:
            act, anew = Act(row.project_id, command(number)), Drawn(0, f"{request}-{number}")
            drawn = await as_first_sent(office, act, Giver(by, "desk"), anew)
            # One that was found may say the same, word for word: the same form, sent by a second click.
            if drawn is anew and number >= len(rows):
                continue
            await give(office, act, by, door="desk", seen=drawn.seen, nonce=drawn.nonce)
            results.append(DeputyResult(row.project_id, row.title, None))
        except DubanError as error:
            results.append(DeputyResult(row.project_id, row.title, error.text))
    return results


def _as_himself(principal: Actor, by: SignedIn) -> Actor:
    return operator(by.name) if principal.department is None else department(principal.department, by.name)


async def _open_of(office: Office, principal: Actor) -> Sequence[ProjectRow]:
    """The projects in which a department has a duty that is open; of a person of the section, those that go on."""
    await office.register.current()
    if principal.department is None:
        return (await office.register.projects(ProjectQuery(stages=("assigned", "in_progress", "completed")))).rows
    duties = (await office.register.duties(DutyQuery(department=principal.department, open=True))).rows
    among = tuple(sorted({duty.project_id for duty in duties}))
    return (await office.register.projects(ProjectQuery(among=among))).rows
