"""Whoever has mail has a mailbox: opened in the moment of recording, and by a pass every few minutes for the rest.

The rest is what a crash, or an engine that was away, left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from application.engine_room.engine import Engine
from application.engine_room.standing import listed_workflows
from application.log_lines import log_lines
from domain.clock import VirtualClock
from domain.ids import DepartmentId, mailbox_workflow_id
from domain.ports.ledger import Ledger
from domain.ports.outbox import Outbox
from domain.record.recorded_projects import recorded_state
from domain.rules.policy import SupervisionPolicy
from workflows.inputs import MailboxInput

LOOK_EVERY_SECONDS = 180.0
_OPEN_MAILBOXES = "WorkflowId STARTS_WITH 'department-mailbox/' AND ExecutionStatus='Running'"
_log = log_lines("duban.mailboxes")


class MailboxKeeper:
    """The port `Mailboxes` of a worker: it opens what is missing, in a task of its own beside the recording."""

    def __init__(self, engine: Engine, ledger: Ledger, outbox: Outbox) -> None:
        self._engine = engine
        self._ledger = ledger
        self._outbox = outbox
        self._known: set[DepartmentId] = set()
        self._known_since = -LOOK_EVERY_SECONDS
        self._wanted = asyncio.Event()
        self._hurried: set[DepartmentId] = set()

    def see_to(self, addressees: Iterable[DepartmentId]) -> None:
        """Have a mailbox opened for each of those who have none (see the port)."""
        if not self._known.issuperset(addressees):
            self._wanted.set()

    def hurry(self, addressees: Iterable[DepartmentId]) -> None:
        """Have their mailboxes look now (see the port)."""
        hurried = set(addressees)
        if hurried:
            self._hurried |= hurried
            self._wanted.set()

    async def hurry_what_is_due(self, now: datetime) -> None:
        """Have the mailboxes look whose mail could have gone out by now: a worker that died may have recorded what
        hurries before it had anybody look."""
        open_mail = await asyncio.to_thread(self._outbox.open_mail)
        self.hurry(mail.addressee for mail in open_mail if mail.oldest_at <= now)

    async def look(self) -> None:
        """Open what is missing, then wait until somebody is to be seen to, or a few minutes: one pass of many."""
        self._wanted.clear()
        self._forget()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self.open_missing()
                await self._collect()
                await self._wanted.wait()

    def _forget(self) -> None:
        """A mailbox may have been ended since it was seen: by the clock, for in a busy hour no pass is a quiet one."""
        now = asyncio.get_running_loop().time()
        if now - self._known_since >= LOOK_EVERY_SECONDS:
            self._known.clear()
            self._known_since = now

    async def open_missing(self) -> list[DepartmentId]:
        """Open a mailbox for everyone who has mail and no mailbox; answer for whom.

        Raises:
            EngineUnreachableError: the engine does not answer.
        """
        waiting = [mail.addressee for mail in self._outbox.open_mail() if mail.addressee not in self._known]
        missing = await without_mailbox(self._engine, waiting)
        for addressee in missing:
            await self._open(addressee)
        self._known.update(waiting)
        return missing

    async def _collect(self) -> None:
        # One that is opened in this pass looks of itself; asked twice it finds nothing more.
        while self._hurried:
            addressee = next(iter(self._hurried))
            await self._engine.collect_mail(addressee)
            self._hurried.discard(addressee)

    async def _open(self, addressee: DepartmentId) -> None:
        # It keeps the hours, the calendar and the cap of the project whose paper waits.
        waiting = [item for item in self._outbox.items(addressee) if item.state in ("waiting", "claimed")]
        project_id = waiting[-1].numbered.paper.project_id if waiting else None
        state = recorded_state(self._ledger, project_id) if project_id else None
        if state is None:
            return  # somebody else opened it in this moment, and it has sent what waited
        clock = self._ledger.clock() or VirtualClock()
        given = MailboxInput(addressee=addressee, clock=clock, policy=hours_of(state.policy), calendar=state.calendar)
        await self._engine.start_mailbox(given)
        _log.info("mailbox_opened", addressee=addressee, project=project_id)


def hours_of(policy: SupervisionPolicy) -> SupervisionPolicy:
    """The policy as a mailbox needs it: the hours and the cap, not what is ruled of single projects."""
    return policy.having(projects={}, milestones={})


async def without_mailbox(engine: Engine, addressees: Sequence[DepartmentId]) -> list[DepartmentId]:
    """Those of the addressees for whom no mailbox is at work.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    if not addressees:
        return []
    listed = {info.execution.workflow_id async for info in listed_workflows(engine, _OPEN_MAILBOXES)}
    missing = []
    for addressee in addressees:
        workflow_id = mailbox_workflow_id(addressee)
        if workflow_id in listed:
            continue
        # The engine's lists follow at a distance: what is not listed is asked for itself.
        there = await engine.runs(workflow_id)
        if there is None or not there.running:
            missing.append(addressee)
    return missing
