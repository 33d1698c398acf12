"""Recording what was decided."""

from __future__ import annotations

from temporalio import activity

from activities.failures import told_to_the_engine
from domain.ports.ledger import Decision, Ledger


class RecordingActivities:
    """Appends decisions to the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @activity.defn(name="record_decision")
    async def record_decision(self, decision: Decision) -> None:
        """Append a decision's events and enqueue its papers, in one transaction; a repeat changes nothing.

        Raises:
            ApplicationError: final when an event's identity is taken, to be retried when the store does not answer.
        """
        with told_to_the_engine():
            await self._ledger.record(decision)
