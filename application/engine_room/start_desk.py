"""Checks that a new run began with a start that was issued, or with the very state that the ledger has.

Whoever reaches the engine can start a workflow of ours, with any list, any calendar, any state. A run says with what it
began when it records for the first time, and the record answers: an invented project ends there, without an event; a
project that the ledger has goes on with the ledger's state and its own calendar, whatever it was given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from domain.clock import OFFICE_TIME
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import supervised_project_id
from domain.ports.ledger import Begins, Begun, Decision, Ledger, NotHeard, Recorded, Refusal
from domain.record.issues import IssuedStart, IssueReader, opening_digest
from domain.record.leaf import domain_event_of
from domain.record.rehearsals import rehearsal_of

NOT_ISSUED, OTHER_STATE = "start_is_issued", "state_is_the_ledgers"
_KEY = "start"


class OfficeStartDesk:
    """The port `StartDesk` over an installation's ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._issues = IssueReader(ledger)

    async def answer(self, decision: Decision) -> Recorded | None:
        """What a run that has recorded nothing yet must do instead of recording (see the port)."""
        if decision.begins is None:
            return None
        found = await asyncio.to_thread(self._found, decision, decision.begins)
        if found is None:
            return None
        answer, why = found
        refusal = Refusal(
            refused_at=decision.taken[-1].at if decision.taken else datetime.now(OFFICE_TIME),
            stream=decision.stream,
            rule=why.rule,
            text=why.text,
            command={"type": "StartSupervision", **decision.begins.model_dump(mode="json", exclude_none=True)},
        )
        await self._ledger.refuse(refusal)
        return answer

    def _found(self, decision: Decision, begins: Begins) -> tuple[Recorded, NotHeard] | None:
        events = [domain_event_of(entry) for entry in self._ledger.entries(decision.stream)]
        issued = self._issues.of(supervised_project_id(decision.stream))
        if not events:
            return None if _is_issued(decision, begins, issued) else _refused(decision.stream)
        return self._instead(decision, begins, events, issued)

    def _instead(
        self, decision: Decision, begins: Begins, events: Sequence[DomainEvent], issued: Sequence[IssuedStart]
    ) -> tuple[Recorded, NotHeard] | None:
        """What a run of a project that the ledger has goes on with, where it was given something else."""
        rehearsal = rehearsal_of(self._ledger)
        own_clock = rehearsal.clock if rehearsal else issued[0].clock if issued else begins.clock
        if begins.state is None:
            # The first decision, made again: what the ledger has of it is told by the record itself.
            same = not issued or opening_digest(events) == opening_digest(decision.events)
        else:
            before = fold(event for event in events if event.seq < (decision.first or 0))
            same = before is not None and before.digest() == begins.state
        if same and begins.clock == own_clock:
            return None
        state = fold(events)
        assert state is not None
        text = (
            "这次运行带来的项目状态或日历与台账不同，没有采用：项目按台账所记的继续。"
            "请管理员查明是谁重新启动了这个流程。"
        )
        why = NotHeard(key=_KEY, rule=OTHER_STATE, text=text)
        return Recorded(begun=Begun(clock=own_clock, state=state, dated=events[-1].decided_at)), why


def _is_issued(decision: Decision, begins: Begins, issued: Sequence[IssuedStart]) -> bool:
    digest = opening_digest(decision.events)
    return begins.state is None and any((start.opening, start.clock) == (digest, begins.clock) for start in issued)


def _refused(stream: str) -> tuple[Recorded, NotHeard]:
    text = f"流程 {stream} 不是由已下达的清单启动的，不予督办：请由督查人员启动清单；引擎中的这个流程已结束。"
    why = NotHeard(key=_KEY, rule=NOT_ISSUED, text=text)
    return Recorded(refused=why), why
