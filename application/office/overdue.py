"""What should have woken and rests: an engine can lose a timer, and then says nothing (docs/adr/0244).

Projects are found by the register's outlook, which has the next instant of each, mailboxes by the mail that waits for
them. A pass every few minutes wakes them by a signal; what no signal reaches is repaired after several passes, and told
of until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from application.engine_room.standing import Overdue, resting
from application.log_lines import log_lines
from application.office.deriving import Deriving
from application.office.lost_timeouts import LostTimeouts
from application.office.register import OVER
from domain.ids import mailbox_workflow_id, supervised_project_id, supervision_workflow_id
from domain.record.recorded_projects import recorded_state
from domain.rungs.wakeups import due_actions, next_wakeup

if TYPE_CHECKING:
    from application.office.office import Office
    from application.records import Records
    from domain.ids import ProjectId
    from domain.ports.outbox import Outbox
    from domain.state import ProjectState

WOKEN_EVERY_SECONDS: Final = 120.0
MAY_TAKE: Final = timedelta(minutes=5)
"""How long, by the engine's clock, whatever is due may take to be done by an engine and a worker that are busy."""
_TOLD_AT_MOST = 100
_AT_ONCE = 20
_log = log_lines("duban.overdue")


@dataclass(frozen=True, slots=True)
class DoneBy:
    """Until when whatever came due should be done: one instant, of the supervised year and by the engine's clock."""

    supervised: datetime
    engine: datetime


def done_by(office: Office) -> DoneBy:
    """Until when whatever came due should be done by now."""
    engine = office.engine_now() - MAY_TAKE
    return DoneBy(office.supervised(engine), engine)


async def overdue_projects(office: Office) -> Overdue:
    """The projects that should have woken and did not, the oldest in front: so many at most as anybody is told of."""

    def found() -> Overdue:
        by = done_by(office)
        return overdue_among(_states(office.records, _waiting(office.records, by)[:_TOLD_AT_MOST]), by)

    return await asyncio.to_thread(found)


def _waiting(records: Records, by: DoneBy) -> Sequence[ProjectId]:
    """The projects that should have woken as far as the outlook knows; how late it is, the outlook may have seen."""
    waiting = records.register.outlook.should_have_woken(by.supervised)
    if not waiting:
        return ()
    # What the register has not taken in yet may be the very thing that was due.
    happened = set(Deriving.projects(records.register.changed()[2]))
    return [project_id for project_id in waiting if project_id not in happened]


def _states(records: Records, project_ids: Sequence[ProjectId]) -> list[ProjectState]:
    return [state for project_id in project_ids if (state := recorded_state(records.ledger, project_id))]


def overdue_among(states: Iterable[ProjectState], by: DoneBy) -> Overdue:
    """Those of whole projects, as the ledger has them, that should have done something."""
    late = (state.project_id for state in states if due_actions(state, by.supervised))
    return Overdue([supervision_workflow_id(project_id) for project_id in late], by.engine)


def overdue_mailboxes(outbox: Outbox, by: DoneBy) -> Overdue:
    """The mailboxes whose mail should have gone out."""
    late = [mail.addressee for mail in outbox.open_mail() if mail.oldest_at < by.supervised]
    return Overdue([mailbox_workflow_id(addressee) for addressee in late], by.engine)


class Waker:
    """Wakes what did not wake: `hurry` has the mailboxes look whose mail could have gone out before an instant, and
    `repair` brings back a workflow that no signal reaches."""

    def __init__(
        self,
        office: Office,
        hurry: Callable[[datetime], Awaitable[object]],
        may_go_on: Callable[[], Awaitable[object]],
        repair: Callable[[str], Awaitable[str]],
    ) -> None:
        self._office = office
        self._hurry = hurry
        self._may_go_on = may_go_on
        self._lost = LostTimeouts(repair)

    async def look(self) -> None:
        """Wake every project and every mailbox that should have woken and rests.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        records, by = self._office.records, await asyncio.to_thread(done_by, self._office)
        waiting = await asyncio.to_thread(_waiting, records, by)
        stages = await asyncio.to_thread(records.register.stages)
        turn = self._lost.to_look_at(
            supervision_workflow_id(project_id) for project_id, stage in stages.items() if stage not in OVER
        )
        rest = await resting(self._office.engine, Overdue(turn, by.engine))
        rest |= await resting(self._office.engine, await asyncio.to_thread(overdue_mailboxes, records.outbox, by))
        for first in range(0, len(waiting), _AT_ONCE):
            await self._may_go_on()
            rest |= await self._wake(waiting[first : first + _AT_ONCE], by)
        await self._hurry(by.supervised)
        await self._lost.look({workflow_id: since for workflow_id, since in rest.items() if since is not None})

    async def _wake(self, waiting: Sequence[ProjectId], by: DoneBy) -> dict[str, datetime | None]:
        engine, records = self._office.engine, self._office.records
        states = await asyncio.to_thread(_states, records, waiting)
        rest = await resting(engine, overdue_among(states, by))
        for project_id in map(supervised_project_id, rest):
            await engine.look_at_the_clock(project_id)
            _log.warning("project_woken", project=project_id)
        # A paper that came due while the engine was away waits for the next opening: until then nothing is late.
        put_off = [
            (state.project_id, state.next_seq, next_wakeup(state, by.supervised))
            for state in states
            if not due_actions(state, by.supervised)
        ]
        await records.register.outlook.put_off(put_off)
        return rest
