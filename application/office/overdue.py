"""What should have woken and rests: an engine can lose a timer, and then says nothing (docs/adr/0244).

Projects are found by the register's outlook, which has the next instant of each, mailboxes by the mail that waits for
them. A pass every few minutes wakes them by a signal; what that does not wake is told of, and repaired by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from application.engine_room.standing import Overdue, resting
from application.office.deriving import Deriving
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
_log = structlog.get_logger("duban.overdue")


def done_by(office: Office) -> datetime:
    """Until when whatever came due should be done by now (an instant of the supervised year)."""
    return office.supervised(office.engine_now() - MAY_TAKE)


async def overdue_projects(office: Office) -> Overdue:
    """The projects that should have woken and did not, the oldest in front: so many at most as anybody is told of."""
    before = office.engine_now() - MAY_TAKE

    def found() -> list[ProjectState]:
        waiting = _waiting(office.records, done_by(office))[:_TOLD_AT_MOST]
        return [state for project_id in waiting if (state := recorded_state(office.records.ledger, project_id))]

    return overdue_among(await asyncio.to_thread(found), office.supervised(before), before)


def _waiting(records: Records, by: datetime) -> Sequence[ProjectId]:
    """The projects that should have woken as far as the outlook knows; how late it is, the outlook may have seen."""
    waiting = records.register.outlook.should_have_woken(by)
    if not waiting:
        return ()
    # What the register has not taken in yet may be the very thing that was due.
    happened = set(Deriving.projects(records.register.changed()[2]))
    return [project_id for project_id in waiting if project_id not in happened]


def overdue_among(states: Iterable[ProjectState], by: datetime, engine_at: datetime) -> Overdue:
    """Those of whole projects, as the ledger has them, that should have done something by an instant of their year,
    which is `engine_at` by the engine."""
    ids = [supervision_workflow_id(state.project.project_id) for state in states if due_actions(state, by)]
    return Overdue(ids, engine_at)


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
        waiting = await asyncio.to_thread(lambda: _waiting(self._office.records, done_by(self._office)))
        for first in range(0, len(waiting), _AT_ONCE):
            await self._may_go_on()
            await self._wake(waiting[first : first + _AT_ONCE])
        await self._hurry(await asyncio.to_thread(done_by, self._office))

    async def _wake(self, waiting: Sequence[ProjectId]) -> None:
        office = self._office
        before = office.engine_now() - MAY_TAKE
        by = office.supervised(before)
        states = await asyncio.to_thread(lambda: [recorded_state(office.records.ledger, each) for each in waiting])
        overdue = overdue_among(filter(None, states), by, before)
        for project_id in map(supervised_project_id, await resting(office.engine, overdue)):
            await office.engine.look_at_the_clock(project_id)
            _log.warning("project_woken", project=project_id)
        # A paper that came due while the engine was away waits for the next opening: until then nothing is late.
        not_due = [each for each in states if each and not due_actions(each, by)]
        await office.records.register.outlook.put_off(
            [(each.project.project_id, each.next_seq, next_wakeup(each, by)) for each in not_due]
        )
