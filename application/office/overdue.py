"""What should have woken and rests: an engine can lose a timer, and then says nothing (docs/adr/0244).

Projects are found by the register's outlook, which has the next instant of each, mailboxes by the mail that waits for
them. A pass every few minutes wakes them by a signal; what that does not wake is told of, and repaired by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from application.engine_room.standing import Overdue, resting
from application.office.deriving import Deriving
from domain.ids import mailbox_workflow_id, supervised_project_id, supervision_workflow_id
from domain.rungs.wakeups import due_before

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
_log = structlog.get_logger("duban.overdue")


def done_by(office: Office) -> datetime:
    """Until when whatever came due should be done by now (an instant of the supervised year)."""
    return office.supervised(office.engine_now() - MAY_TAKE)


async def overdue_projects(office: Office, most: int | None = _TOLD_AT_MOST) -> Overdue:
    """The projects that should have woken and did not, by the register, the oldest in front: so many at most."""
    before = office.engine_now() - MAY_TAKE
    found = await asyncio.to_thread(lambda: _overdue(office.records, office.supervised(before))[:most])
    return Overdue([supervision_workflow_id(project_id) for project_id in found], before)


def _overdue(records: Records, by: datetime) -> Sequence[ProjectId]:
    waiting = records.register.outlook.should_have_woken(by)
    if not waiting:
        return ()
    # What the register has not taken in yet may be the very thing that was due.
    happened = set(Deriving.projects(records.register.changed()[2]))
    return [project_id for project_id in waiting if project_id not in happened]


def overdue_among(states: Iterable[ProjectState], by: datetime, engine_at: datetime) -> Overdue:
    """Those of whole projects, as the ledger has them, that should have done something by an instant of their year,
    which is `engine_at` by the engine."""
    return Overdue(
        [supervision_workflow_id(state.project.project_id) for state in states if due_before(state, by)], engine_at
    )


def overdue_mailboxes(outbox: Outbox, by: datetime, engine_at: datetime) -> Overdue:
    """The mailboxes, by their workflows' ids, whose mail could have gone out by an instant of the supervised year."""
    late = [mail.addressee for mail in outbox.open_mail() if mail.oldest_at < by]
    return Overdue([mailbox_workflow_id(addressee) for addressee in late], engine_at)


class Waker:
    """Wakes what did not wake: `hurry` has the mailboxes look whose mail could have gone out before an instant."""

    def __init__(
        self, office: Office, hurry: Callable[[datetime], Awaitable[object]], may_go_on: Callable[[], Awaitable[object]]
    ) -> None:
        self._office = office
        self._hurry = hurry
        self._may_go_on = may_go_on

    async def look(self) -> None:
        """Wake every project and every mailbox that should have woken and rests.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        office = self._office
        overdue = await overdue_projects(office, most=None)
        for first in range(0, len(overdue.ids), _AT_ONCE):
            await self._may_go_on()
            few = replace(overdue, ids=overdue.ids[first : first + _AT_ONCE])
            for project_id in map(supervised_project_id, await resting(office.engine, few)):
                await office.engine.look_at_the_clock(project_id)
                _log.warning("project_woken", project=project_id)
        await self._hurry(await asyncio.to_thread(done_by, office))
