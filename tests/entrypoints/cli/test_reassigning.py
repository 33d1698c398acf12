"""What `duban reassign` asks of a project: by whether the department before leads it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

import click
import pytest

from application.office.office import Office
from domain.acts.commands import AnyCommand, ReassignLead, ReplaceParticipant
from entrypoints.cli.assigning import _as_the_project_has_it
from tests.domain.samples import FIRST, LI, PROJECT, Desk


async def prepared(command: AnyCommand) -> AnyCommand:
    """The command that is given in its place."""
    desk = Desk()
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


async def test_the_department_before_may_be_named_for_the_lead_too() -> None:
    """`--from` the lead `--to` another: the lead is reassigned; a participant is replaced."""
    assert isinstance(await prepared(replacing("组织部", "统战部")), ReassignLead)
    assert isinstance(await prepared(replacing("宣传部", "统战部")), ReplaceParticipant)
    assert isinstance(await prepared(replacing("宣传部", None, FIRST)), ReplaceParticipant)


async def test_a_lead_is_not_only_released() -> None:
    """Somebody must lead: the sentence asks who."""
    with pytest.raises(click.UsageError, match="--to"):
        await prepared(replacing("组织部", None))
