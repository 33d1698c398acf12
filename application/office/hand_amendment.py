"""An amendment by hand: what an operator wants of one project follows from the project as it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from application.office.acts import Done
from application.office.attesting import How, ask
from application.office.known_names import named_as_known
from application.office.office import Office
from domain.acts.commands import AmendProject
from domain.acts.hand_amendments import must_lie_ahead
from domain.ids import ProjectId
from domain.project import KeyProject
from domain.record.recorded_projects import known_state
from domain.state import ProjectState


@dataclass(frozen=True, slots=True)
class HandAmended:
    """What was amended: the project before, the project that was wanted, and the act with the engine's answer."""

    before: ProjectState
    wanted: KeyProject
    done: Done


async def amend_by_hand(
    office: Office,
    project_id: ProjectId,
    wanted: Callable[[ProjectState], KeyProject],
    command: Callable[[KeyProject], AmendProject],
    nonce: str | None = None,
) -> HandAmended:
    """Amend one project to what is `wanted` of it.

    Raises:
        UnknownProjectError: there is no such project.
        RejectedError: a rule refuses it, or it names a department that nobody knows.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    before = await asyncio.to_thread(known_state, office.records.ledger, project_id)
    project = wanted(before)
    must_lie_ahead(before, project, office.now())
    known = await named_as_known(office, project_id, command(project))
    how = How(before.next_seq, nonce)
    return HandAmended(before, project, Done(known, await ask(office, project_id, known, how)))
