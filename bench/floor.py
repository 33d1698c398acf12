"""The smallest workflow that does to the engine what a supervision does, and nothing else.

It carries the same text, waits until the same instants with one timer at a time, writes one record for each wake-up
and each update by a local activity, and knows nothing of supervision.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

WRITE_RECORD = "write_record"


@workflow.defn(name="Smallest")
class Smallest:
    """Waits, writes, answers."""

    @workflow.init
    def __init__(self, carried: str, instants: list[datetime]) -> None:
        self._unwritten = [carried]
        self._seq = 0

    @workflow.run
    async def run(self, carried: str, instants: list[datetime]) -> int:
        """Write what there is, then wait for the next instant or an update."""
        for at in instants:
            while not await self._came(at):
                await self._write()
            self._unwritten.append(f"due {at.isoformat()}")
        await self._write()
        return self._seq

    @workflow.update
    def complete(self, text: str) -> int:
        """Take a completion."""
        self._unwritten.append(text)
        return self._seq

    async def _came(self, at: datetime) -> bool:
        if self._unwritten:
            return False
        try:
            await workflow.wait_condition(lambda: bool(self._unwritten), timeout=at - workflow.now())
        except TimeoutError:
            return True
        return False

    async def _write(self) -> None:
        what = "\n".join(self._unwritten)
        self._unwritten.clear()
        seq, self._seq = self._seq, self._seq + 1
        await workflow.execute_local_activity(
            WRITE_RECORD,
            args=[workflow.info().workflow_id, seq, what],
            schedule_to_close_timeout=timedelta(seconds=6),
        )
