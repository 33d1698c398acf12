"""What the register has of projects, derived by the core from what the ledger has of them."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from domain.errors import DubanError
from domain.evolution import fold
from domain.ids import ProjectId, supervised_project_id, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.ports.outlook import Foretold
from domain.ports.register_lines import RegisteredProject
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from domain.seeing.foretold import foretold
from domain.seeing.register_rows import registered
from domain.state import ProjectState

Derived = TypeVar("Derived")
_STATES = 200


async def derived_in_parts(
    projects: Sequence[ProjectId],
    at_once: int,
    derive: Callable[[Sequence[ProjectId]], tuple[list[Derived], DubanError | None]],
    keep: Callable[[list[Derived]], Awaitable[object]],
    rest: float,
    may_go_on: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Derive projects in a thread, so many at once, and keep each part before the next one is begun, with a `rest` of
    that many times as long as it took.

    Raises:
        DubanError: a project cannot be read; all others were kept.
    """
    failed: DubanError | None = None
    for first in range(0, len(projects), at_once):
        if may_go_on is not None:
            await may_go_on()
        began = time.monotonic()
        found, problem = await asyncio.to_thread(derive, projects[first : first + at_once])
        failed = failed or problem
        await keep(found)
        if rest:
            await asyncio.sleep((time.monotonic() - began) * rest)
    if failed is not None:
        raise failed


class Deriving:
    """Derives projects; the states that were asked for last are known: of one that goes on only what is new is read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: OrderedDict[ProjectId, tuple[ProjectState | None, int]] = OrderedDict()

    @staticmethod
    def projects(streams: Sequence[str]) -> list[ProjectId]:
        """The projects among streams, in order of identity."""
        return sorted(supervised_project_id(stream) for stream in streams if is_project(stream))

    def registered(
        self, projects: Sequence[ProjectId], now: datetime
    ) -> tuple[list[RegisteredProject], DubanError | None]:
        """What the register has of projects at an instant, and the first error of those that cannot be read."""
        return self._each(projects, lambda state: registered(state, now))

    def foretold(self, projects: Sequence[ProjectId], since: date) -> tuple[list[Foretold], DubanError | None]:
        """What time will bring of projects from a day on, and the first error of those that cannot be read."""
        return self._each(projects, lambda state: foretold(state, since))

    def _each(
        self, projects: Sequence[ProjectId], derive: Callable[[ProjectState], Derived]
    ) -> tuple[list[Derived], DubanError | None]:
        found: list[Derived] = []
        failed: DubanError | None = None
        for project_id in projects:
            try:
                state = self._state(project_id)
            except DubanError as error:
                failed = failed or error
                continue
            if state is not None:
                found.append(derive(state))
        return found, failed

    def _state(self, project_id: ProjectId) -> ProjectState | None:
        state, position = self._known.pop(project_id, (None, -1))
        new = list(self._ledger.entries(supervision_workflow_id(project_id), after=position))
        if new:
            state, position = fold((domain_event_of(entry) for entry in new), state), new[-1].position
        self._known[project_id] = state, position
        if len(self._known) > _STATES:
            self._known.popitem(last=False)
        return state
