"""Refused commands, heard where they are refused: a rejected update leaves nothing in any history, so it is kept here.

A validator is workflow code and may do nothing but decide; an interceptor around it passes the refusal on to
a queue of this process, which the worker empties into the log and the ledger.
"""

from __future__ import annotations

import queue
from collections.abc import Awaitable, Callable

from temporalio.exceptions import ApplicationError
from temporalio.worker import HandleUpdateInput, Interceptor, WorkflowInboundInterceptor, WorkflowInterceptorClassInput

from application.log_lines import log_lines
from domain.ports.ledger import Refusal
from workflows.message_names import ASK_AGAIN

HEARD_EVERY_SECONDS = 0.1
"""How often what was heard is kept."""
_log = log_lines("duban.refusals")


class RefusalDesk(Interceptor):
    """Hears every refusal of this worker and keeps it through `keep`."""

    def __init__(self, keep: Callable[[Refusal], Awaitable[None]]) -> None:
        self._keep = keep
        self._heard: queue.SimpleQueue[Refusal] = queue.SimpleQueue()

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor that stands around the validators."""
        heard = self._heard

        class HearRefusals(WorkflowInboundInterceptor):
            def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002
                try:
                    super().handle_update_validator(input)
                except ApplicationError as error:
                    # Who is asked to come again is not refused, and what it waits for is no refusal.
                    if error.type != ASK_AGAIN and error.details:
                        heard.put(Refusal.model_validate(error.details[0]))
                    raise

        return HearRefusals

    async def keep_all(self) -> None:
        """Keep everything heard so far; what a store did not take is not lost: it is tried again the next time.

        Raises:
            Exception: as the store raised it; what it did not take is still here.
        """
        while not self._heard.empty():
            refusal = self._heard.get_nowait()
            try:
                await self._keep(refusal)
            except BaseException:
                self._heard.put(refusal)
                raise
            # No name and no text: anybody reads a log, while reading the ledger is on record.
            by = refusal.command.get("by") or {}
            _log.info(
                "command_refused",
                project=refusal.stream,
                milestone=refusal.command.get("milestone_id"),
                role=by.get("role"),
                department=by.get("department"),
                rule=refusal.rule,
            )
