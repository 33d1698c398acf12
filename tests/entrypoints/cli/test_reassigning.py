"""What `duban reassign` asks of a project: by whether the department before leads it, and what its policy has."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

import click
import pytest

from application.office.office import Office
from domain.acts.commands import AmendProject, AnyCommand, ReassignLead, ReplaceParticipant
from domain.rules.policy import SupervisionPolicy, default_policy
from entrypoints.cli.assigning import _as_the_project_has_it
from tests.domain.samples import FIRST, LI, PROJECT, Desk


async def prepared(policy: SupervisionPolicy, command: AnyCommand) -> AnyCommand:
    """The command that is given in its place."""
    desk = Desk(policy=policy)

    office = cast(Office, SimpleNamespace(records=SimpleNamespace(ledger=None)))
    with patch("entrypoints.cli.assigning.known_state", lambda _, project_id: {PROJECT: desk.state}[project_id]):
        ready = await _as_the_project_has_it(office, PROJECT, command)
    desk.ask(ready, "04-26 10:00")
    return ready


def replacing(department: str, to: str | None, milestone_id: str | None = None) -> ReplaceParticipant:
    """`duban reassign --from`."""
    return ReplaceParticipant(
        request_id="r", by=LI, milestone_id=milestone_id, department=department, to=to, reason="机构改革"
    )


async def test_a_new_lead_under_a_policy_of_the_first_version_is_an_amendment() -> None:
    """There the act of the life cycle does not exist; the project gets its lead all the same."""
    ready = await prepared(SupervisionPolicy(), ReassignLead(request_id="r", by=LI, to="统战部", reason="机构改革"))
    assert isinstance(ready, AmendProject)
    assert (ready.project.lead_department, ready.basis) == ("统战部", "机构改革")


async def test_the_department_before_may_be_named_for_the_lead_too() -> None:
    """`--from` the lead `--to` another: the lead is reassigned; a participant is replaced."""
    assert isinstance(await prepared(default_policy(), replacing("组织部", "统战部")), ReassignLead)
    assert isinstance(await prepared(default_policy(), replacing("宣传部", "统战部")), ReplaceParticipant)
    assert isinstance(await prepared(default_policy(), replacing("宣传部", None, FIRST)), ReplaceParticipant)


async def test_a_lead_is_not_only_released() -> None:
    """Somebody must lead: the sentence asks who."""
    with pytest.raises(click.UsageError, match="--to"):
        await prepared(default_policy(), replacing("组织部", None))
