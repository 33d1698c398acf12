"""What an act must know of the whole office, beyond its own project: loaded for the few acts that need it."""

from __future__ import annotations

import asyncio
from datetime import date

from application.office.office import Office
from domain.acts import commands as c
from domain.clock import office_day
from domain.directory.every_name import present_names
from domain.errors import InputError
from domain.ids import ProjectId, parent_milestone_of, project_of
from domain.record.recorded_projects import known_state, recorded_of
from domain.seeing.burden import COUNTED, inspections_of
from domain.seeing.sub_duties import whole_due_on
from domain.state import ProjectState


class LeadOnlyReleasedError(InputError, rule="lead_has_a_successor"):
    """A lead department cannot be released without another one in its place."""


async def with_office_facts(office: Office, project_id: ProjectId, command: c.AnyCommand) -> c.AnyCommand:
    """The command with what only the whole office knows: the month's count of inspections, until when the whole of a
    part is due, and who leads now.

    Raises:
        UnknownProjectError: there is no such project.
        LeadOnlyReleasedError: the lead would be released, and nobody is to lead in its place.
    """
    if isinstance(command, c.OpenInspection):
        count = await asyncio.to_thread(_inspections, office, project_id)
        return command.having(this_month=count)
    if isinstance(command, (c.RuleOnExtension, c.GrantGrace)):
        ends = await asyncio.to_thread(_whole_due_on, office, project_id)
        return command.having(whole_due_on=ends)
    if isinstance(command, c.ReplaceParticipant) and command.milestone_id is None:
        state = await asyncio.to_thread(known_state, office.records.ledger, project_id)
        if command.department == state.lead:
            return _new_lead(command, state)
    return command


def _inspections(office: Office, project_id: ProjectId) -> int:
    """How often the lead department was inspected this month, in all projects, whatever it is called there."""
    ledger, now = office.records.ledger, office.now()
    names = present_names(office.records.persons.now(), office_day(now))
    lead = known_state(ledger, project_id).lead
    return inspections_of(recorded_of(ledger, COUNTED), names).opened[names.get(lead, lead), f"{now:%Y-%m}"]


def _whole_due_on(office: Office, project_id: ProjectId) -> date | None:
    """Until when the department has time for what a sub-duty is a part of."""
    whole = parent_milestone_of(project_id)
    if whole is None:
        return None
    part, state = (known_state(office.records.ledger, each) for each in (project_id, project_of(whole)))
    return whole_due_on(state, whole, part.project.assigned_by)


def _new_lead(command: c.ReplaceParticipant, state: ProjectState) -> c.ReassignLead:
    if command.to is None:
        raise LeadOnlyReleasedError(f"{state.lead}是牵头部门，不能只解除：请写明新的牵头部门。")
    common = {"request_id", "by", "on_behalf_of", "to", "reason"}
    return c.ReassignLead.model_validate(command.model_dump(include=common))
