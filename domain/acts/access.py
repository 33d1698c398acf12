"""Who may do what: each command says `who`, and this is the one place where it is enforced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from domain.actors import Actor, actor_from_text
from domain.acts import commands as c
from domain.acts import rejections as r
from domain.acts.act import known_milestone
from domain.ids import DepartmentId, MilestoneId
from domain.names import name_key, same_name
from domain.state import Deputy, ProjectState


def check_access(state: ProjectState, command: c.AnyCommand, today: date) -> Actor:
    """The one on whose account a command goes: who asks, or the one for whom an appointed deputy asks.

    Raises:
        NotADeputyError: who acts on behalf of another is not its deputy today.
        UnknownMilestoneError: a department names a milestone that the project does not have.
        NotYourMilestoneError: only the lead department does this.
        NotYourDutyError: only a department with a duty there does this.
        NotAnOperatorError: only a named person of the supervision section does this.
        NotTheAssigningError: only the department that gave a sub-duty does this in it.
        OwnDeputyError: somebody else than the principal appoints or dismisses a deputy.
    """
    principal = command.by
    if command.on_behalf_of is not None:
        principal = command.on_behalf_of
        _must_be_deputy(state, command.by, principal, today)
    milestone_id: MilestoneId | None = getattr(command, "milestone_id", None)
    match command.who:
        case "operator":
            _must_supervise(state, principal, command)
        case "lead":
            _must_lead(state, principal, milestone_id)
        case "department":
            _must_have_a_duty(state, principal, milestone_id)
        case "principal":
            _must_be_principal(state, command)
    return principal


def _must_be_deputy(state: ProjectState, by: Actor, principal: Actor, today: date) -> None:
    for each in state.deputies:
        named = acts_as(by, each) and each.principal_known.is_same(principal.known)
        if named and each.from_on <= today <= each.until_on:
            return
    raise r.NotADeputyError(deputy=spoken(by), principal=spoken(principal), today=today)


def _must_supervise(state: ProjectState, principal: Actor, command: c.AnyCommand) -> None:
    """A sub-duty is supervised by the department that gave it; the supervision section may always step in."""
    may = _assigning(state, command)
    if not may or principal.department is None or not command.of_the_assigning:
        _must_be_operator(state, principal)
    elif not any(same_name(principal.department, each) for each in may):
        raise r.NotTheAssigningError(project_id=state.project_id, by=spoken(principal), assigned_by=may[0])


def _assigning(state: ProjectState, command: c.AnyCommand) -> tuple[DepartmentId, ...]:
    """The departments that do this in a sub-duty in the section's place; none in a row of the list."""
    above = state.project.above or ()
    match command:
        case c.Withdraw():  # what ends the whole ends its parts, through all levels
            return above
        case c.ChangeAssigningDepartment():  # who gave the whole decides who has it
            return above[1:]
        case c.NoteSubDuty(milestone_id=milestone_id):  # whoever may withdraw the part
            milestone = state.milestones.get(milestone_id)
            return (*(each.by for each in (milestone.sub_duties if milestone else None) or ()), *above)
        case _:
            return above[:1]


def _must_be_operator(state: ProjectState, principal: Actor) -> None:
    if principal.role != "operator" or bears_a_department_s_name(state, principal):
        raise r.NotAnOperatorError(by=spoken(principal))


def _must_lead(state: ProjectState, principal: Actor, milestone_id: MilestoneId | None) -> None:
    if milestone_id is not None:
        known_milestone(state, milestone_id)
    if principal.role != "department" or principal.department != state.lead:
        named = milestone_id or state.project_id
        raise r.NotYourMilestoneError(milestone_id=named, by=spoken(principal), lead=state.lead)


def _must_have_a_duty(state: ProjectState, principal: Actor, milestone_id: MilestoneId | None) -> None:
    milestones = [known_milestone(state, milestone_id)] if milestone_id else list(state.milestones.values())
    name = principal.department
    if name is not None and (name == state.lead or any(name in milestone.parts for milestone in milestones)):
        return
    raise r.NotYourDutyError(milestone_id=milestone_id, project_id=state.project_id, by=spoken(principal))


def _must_be_principal(state: ProjectState, command: c.AnyCommand) -> None:
    assert isinstance(command, c.AppointDeputy | c.DismissDeputy)
    by, principal = command.by, command.principal
    # Any person of a department speaks for it; a person of the supervision section only for himself.
    same = (
        by.department is not None and same_name(by.department, principal.department)
        if principal.department is not None
        else by.known.is_same(principal.known)
    )
    if command.on_behalf_of is not None or by.role != principal.role or by.role == "engine" or not same:
        raise r.OwnDeputyError(by=spoken(by), principal=spoken(principal))
    if principal.department is not None:
        _must_have_a_duty(state, principal, None)
    else:
        _must_be_operator(state, principal)


def stands_in(state: ProjectState, by: Actor, today: date) -> tuple[DepartmentId, ...]:
    """The departments for which somebody may act as a deputy in a project today."""
    theirs = (actor_from_text(each.principal).department for each in _deputed(state, by, today))
    return tuple(filter(None, dict.fromkeys(theirs)))


def stands_in_for_persons(state: ProjectState, by: Actor, today: date) -> tuple[Actor, ...]:
    """The persons of the supervision section for whom one of them may act as a deputy in a project today."""
    theirs = (
        actor_from_text(each.principal).having(person_id=each.principal_person) for each in _deputed(state, by, today)
    )
    return tuple(dict.fromkeys(each for each in theirs if each.role == "operator"))


def _deputed(state: ProjectState, by: Actor, today: date) -> Iterator[Deputy]:
    return (each for each in state.deputies if each.from_on <= today <= each.until_on and acts_as(by, each))


def acts_as(by: Actor, deputy: Deputy) -> bool:
    """Whether one who acts is the deputy that is on record: the person, or any person of the department."""
    if by.department is not None and name_key(deputy.deputy) == name_key(f"department:{by.department}"):
        return True
    return by.known.is_same(deputy.deputy_known)


def bears_a_department_s_name(state: ProjectState, person: Actor) -> bool:
    """Whether a person of the supervision section has the name of a department of the project, or of one above it."""
    project = state.project
    there = (state.lead, *project.participating_departments, *(project.above or ()))
    return any(same_name(person.name, each) for each in there)


def spoken(actor: Actor) -> str:
    """An actor as a sentence names it."""
    return actor.department or actor.name
