"""How the commands of the log open it: the reading is recorded first, and a changed ledger is an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import click

from application.audit.kept_histories import RunLost
from application.settings import Settings
from domain.ports.audit_log import AuditLog
from domain.record.ledger_errors import LedgerForkError, LedgerMisplacedError
from entrypoints.cli.session import out, print_json, run_async
from verifier.findings import CONCLUSIONS
from verifier.verify import Replayer

OpenLog = Callable[[Settings], AbstractContextManager[AuditLog]]
"""Opens the audit log of the installation that the settings name."""

Unkept = Callable[[Settings], Coroutine[Any, Any, tuple[list[RunLost], bool]]]
"""Looks for runs whose history is in danger or lost, and says whether the engine was there to ask."""

ChangedError = LedgerForkError | LedgerMisplacedError
"""How a ledger says that it is not what was signed, or that not all of it is found."""
Answer = TypeVar("Answer")


class LogDesk:
    """An installation's log, as a command opens it."""

    def __init__(self, open_log: OpenLog, replay: Replayer | None, unkept: Unkept | None) -> None:
        self._open_log = open_log
        self.replay = replay
        self._unkept = unkept

    def unkept(self, settings: Settings) -> tuple[list[str], bool]:
        """The runs of the installation that are in danger or lost, a sentence each, and whether its engine answered."""
        if self._unkept is None:
            return [], False
        runs, asked = run_async(self._unkept(settings))
        return [run.text for run in runs], asked

    def read(
        self,
        settings: Settings,
        work: Callable[[AuditLog], Awaitable[Answer]],
        reader: str | None = None,
    ) -> Answer:
        """Open the log, record the reading, and do the work."""

        async def done(log: AuditLog) -> Answer:
            await log.open()
            if reader is not None:
                await log.record_reading(reader, f"audit {click.get_current_context().info_name}")
            return await work(log)

        with self._open_log(settings) as log:
            return asyncio.run(done(log))

    def read_or_changed(
        self,
        settings: Settings,
        work: Callable[[AuditLog], Awaitable[Answer]],
        reader: str | None = None,
    ) -> tuple[Answer | None, ChangedError | None]:
        """The same; a ledger that does not begin with what was signed, or hides an entry, is an answer too: it was
        changed."""
        try:
            return self.read(settings, work, reader), None
        except (LedgerForkError, LedgerMisplacedError) as error:
            return None, error


def tell_changed(error: ChangedError, *, as_json: bool) -> int:
    """Say that the ledger is not what was signed; answer the end status."""
    if as_json:
        print_json({"verdict": "changed", "rule": error.rule, "text": error.text})
    else:
        out().print(error.text, markup=False)
        out().print(f"结论：{CONCLUSIONS['changed']}")
    return 1
