"""Evidence is asked for where a command arrives: what names a file that was never kept is refused before it stands.

A workflow's validator cannot look at a store, and a replay must not: an interceptor around it does, in the process that
hears the command for the first time. A signal has no answer and is heard in any case; it is told in the log, and the
verdict of an audit is then that this evidence is missing, with its remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from domain.acts.commands import AnyCommand
from domain.acts.rejections import EvidenceNotKeptError
from domain.evidence import EvidenceFile, evidence_files
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Refusal
from workflows.inputs import CommandMessage

_log = structlog.get_logger("duban.evidence")


class EvidenceDesk(Interceptor):
    """Refuses updates that show files which `store` does not have; `supervised` answers the year's instant."""

    def __init__(self, store: EvidenceStore, supervised: Callable[[datetime], datetime]) -> None:
        self._store = store
        self._supervised = supervised

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor that stands before the validators and the signals."""
        desk = self

        class AskForEvidence(WorkflowInboundInterceptor):
            def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002
                desk.must_be_kept(input.args)
                super().handle_update_validator(input)

            async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002
                if not workflow.unsafe.is_replaying():
                    desk.tell_what_is_missing(input.args)
                await super().handle_signal(input)

        return AskForEvidence

    def must_be_kept(self, args: Any) -> None:
        """Refuse a command that shows a file which is not kept.

        Raises:
            ApplicationError: in the form that every refused command has.
        """
        for command in (arg.root for arg in args if isinstance(arg, CommandMessage)):
            missing = self._missing_of(command)
            if missing is None:
                continue
            error = EvidenceNotKeptError(name=missing.name, sha256=missing.sha256)
            refusal = Refusal(
                refused_at=self._supervised(workflow.now()),
                stream=workflow.info().workflow_id,
                rule=error.rule,
                text=error.text,
                command=command.model_dump(mode="json"),
            )
            raise ApplicationError(error.text, refusal.model_dump(mode="json"), type=error.rule, non_retryable=True)

    def tell_what_is_missing(self, args: Any) -> None:
        """Say in the log that a signal shows a file which is not kept."""
        for arg in args:
            try:
                command = CommandMessage.model_validate_json(arg.payload.data).root
            except (AttributeError, ValueError):
                continue  # what is no command is refused by the workflow itself
            missing = self._missing_of(command)
            if missing is not None:
                workflow_id = workflow.info().workflow_id
                text = f"经信号送来的指令出示的佐证“{missing.name}”没有保存：请用 duban evidence add 补存原件"
                _log.error("evidence_not_kept", project=workflow_id, sha256=missing.sha256, text=text)

    def _missing_of(self, command: AnyCommand) -> EvidenceFile | None:
        shown = evidence_files(getattr(command, "evidence", ()))
        return next((file for file in shown if not self._store.has(file.sha256, file.size)), None)
