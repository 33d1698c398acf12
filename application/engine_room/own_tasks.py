"""Who asks for what a worker does: our own workflows, and nobody else.

Whoever reaches the engine can put an activity on a worker's task queue, from a workflow of his own or from none: to
record what nobody decided, to send what is not due. So our workflows say under the installation's seal what they ask
for, and a worker does what stands there. A local activity does not come through the engine: our own code alone can ask
for it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import BaseModel
from temporalio import activity
from temporalio.api.common.v1 import Payload
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from domain.acts.rejections import NotOurTaskError
from domain.characters import in_a_sentence
from domain.ids import mailbox_workflow_id
from domain.ports.actions import DeliverDigest, MailQuery
from domain.ports.ledger import Decision, Refusal
from domain.ports.payload_cipher import PayloadCipher, Sealed

_HEADER: Final = "duban-asked"
_KEY: Final = "encryption-key-id"
_MOST_TOLD: Final = 12
_MOST_NAMED: Final = 80
_log = structlog.get_logger("duban.refusals")


class OwnTasks(Interceptor):
    """Seals what our workflows ask for, and has a worker do nothing else; what it does not do is kept by `keep`."""

    def __init__(
        self, cipher: PayloadCipher, keep: Callable[[Refusal], Awaitable[None]], now: Callable[[], Awaitable[datetime]]
    ) -> None:
        self._cipher, self._keep, self._now = cipher, keep, now

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor that stands behind our workflows."""
        sealed = self._sealed

        class Asks(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
                input.headers = {**input.headers, _HEADER: sealed(input.activity, input.args[0])}
                return super().start_activity(input)

        class AskUnderSeal(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Asks(outbound))

        return AskUnderSeal

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """The interceptor that stands before what a worker does."""
        ours = self

        class DoWhatWasAsked(ActivityInboundInterceptor):
            async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
                if not activity.info().is_local:
                    input.args = [await ours.asked(input)]
                return await super().execute_activity(input)

        return DoWhatWasAsked(next)

    async def asked(self, given: ExecuteActivityInput) -> BaseModel:
        """What one of our workflows asked for.

        Raises:
            ApplicationError: none of them did.
        """
        about: Any = given.args[0] if given.args else None
        opened = self._opened(given.headers.get(_HEADER))
        if opened is not None and opened["activity"] == activity.info().activity_type:
            asked: BaseModel = type(about).model_validate_json(opened["asked"])
            return asked
        await self._keep(refusal := _refused(about, await self._now()))
        _log.warning("task_refused", project=_told(refusal.stream), rule=refusal.rule, asked_by=_asked_by())
        raise ApplicationError(refusal.text, type=refusal.rule, non_retryable=True)

    def _sealed(self, name: str, asked: BaseModel) -> Payload:
        said = json.dumps({"activity": name, "asked": asked.model_dump_json()})
        sealed = self._cipher.seal(said.encode())
        return Payload(metadata={_KEY: sealed.key_id.encode()}, data=sealed.data)

    def _opened(self, header: Payload | None) -> dict[str, str] | None:
        if header is None:
            return None
        key_id = header.metadata.get(_KEY, b"").decode("utf-8", "replace")
        found = self._cipher.open(Sealed(key_id, header.data))
        try:
            said: dict[str, str] | None = None if found is None else json.loads(found)
        except ValueError:
            return None  # what the engine keeps is sealed by the same key, and anybody may send that back to us
        return said


def _told(name: str) -> str:
    """A stranger named it, and it stands in a sentence, in the log and on a terminal."""
    return in_a_sentence(" ".join(name.split()), _MOST_NAMED)


def _asked_by() -> str:
    info = activity.info()
    return _told(info.workflow_id or info.activity_id)


def _refused(about: Any, at: datetime) -> Refusal:
    info = activity.info()
    error = NotOurTaskError(task=info.activity_type, asked_by=(by := _asked_by()))
    match about:
        case Decision(stream=stream, events=events):
            told = [event.type for event in events[:_MOST_TOLD]]
        case DeliverDigest(addressee=addressee) | MailQuery(addressee=addressee):
            stream, told = mailbox_workflow_id(addressee), []
        case _:
            stream, told = by, []
    command = {"type": info.activity_type, "asked_by": by, "events": told}
    return Refusal(refused_at=at, stream=stream, rule=error.rule, text=error.text, command=command)
