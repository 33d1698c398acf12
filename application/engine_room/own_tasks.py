"""Who asks for what a worker does: our own workflows, and nobody else.

Whoever reaches the engine can put an activity on a worker's task queue, from a workflow of his own or from none: to
record what nobody decided, to send what is not due. So our workflows say under the installation's seal who they are and
what they ask for, and a worker does what stands there. A local activity does not come through the engine: our own code
alone can ask for it.

But anybody can start our own code under another id, with what a project or a mailbox was begun with. Such a twin is not
a project's workflow, or its addressee's mailbox: nothing is done for it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

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

from application.log_lines import log_lines
from domain.acts.rejections import NotOurTaskError, SealNotReadableError
from domain.characters import in_a_sentence
from domain.errors import RejectedError
from domain.ids import mailbox_workflow_id
from domain.ports.actions import DeliverDigest, MailQuery
from domain.ports.ledger import Decision, NotHeard, Recorded, Refusal
from domain.ports.payload_cipher import PayloadCipher, Sealed
from domain.record.recorded_projects import is_project

_HEADER: Final = "duban-asked"
_KEY: Final = "encryption-key-id"
_MOST_TOLD: Final = 12
_MOST_NAMED: Final = 80
_log = log_lines("duban.refusals")


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
                seal = sealed(input.activity, input.args[0], self.info().workflow_id)
                input.headers = {**input.headers, _HEADER: seal}
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
                if (twin := await ours.twin(input.args[0])) is not None:
                    return twin
                return await super().execute_activity(input)

        return DoWhatWasAsked(next)

    async def asked(self, given: ExecuteActivityInput) -> BaseModel:
        """What one of our workflows asked for.

        Raises:
            ApplicationError: none of them did; to be retried where the key of the seal is not here.
        """
        about: Any = given.args[0] if given.args else None
        info, header = activity.info(), given.headers.get(_HEADER)
        if header is not None and _key_of(header) not in self._cipher.key_ids():
            # Final, it would stop a supervision of ours for good, for a key that is on its way to this machine.
            error = SealNotReadableError(task=info.activity_type, asked_by=_asked_by())
            if info.attempt == 1:
                await self._refuse(about, error)
            raise ApplicationError(error.text, type=error.rule)
        opened = self._opened(header)
        if opened is not None and (opened["activity"], opened.get("by")) == (info.activity_type, info.workflow_id):
            asked: BaseModel = type(about).model_validate_json(opened["asked"])
            return asked
        refusal = await self._refuse(about)
        raise ApplicationError(refusal.text, type=refusal.rule, non_retryable=True)

    async def twin(self, about: Any) -> Recorded | None:
        """The answer that ends a run of our code under an id that is no project's; none where all is well.

        Raises:
            ApplicationError: a mailbox of another id than its addressee's asks.
        """
        stream = _stream_of(about)
        if is_project(stream) if isinstance(about, Decision) else stream == activity.info().workflow_id:
            return None
        refusal = await self._refuse(about)
        if isinstance(about, Decision):
            return Recorded(refused=NotHeard(key="start", rule=refusal.rule, text=refusal.text))
        raise ApplicationError(refusal.text, type=refusal.rule, non_retryable=True)

    async def _refuse(self, about: Any, error: RejectedError | None = None) -> Refusal:
        error = error or NotOurTaskError(task=activity.info().activity_type, asked_by=_asked_by())
        await self._keep(refusal := _refused(about, await self._now(), error))
        _log.warning("task_refused", project=_told(refusal.stream), rule=refusal.rule, asked_by=_asked_by())
        return refusal

    def _sealed(self, name: str, asked: BaseModel, by: str) -> Payload:
        said = json.dumps({"activity": name, "asked": asked.model_dump_json(), "by": by})
        sealed = self._cipher.seal(said.encode())
        return Payload(metadata={_KEY: sealed.key_id.encode()}, data=sealed.data)

    def _opened(self, header: Payload | None) -> dict[str, str] | None:
        if header is None:
            return None
        found = self._cipher.open(Sealed(_key_of(header), header.data))
        try:
            said: dict[str, str] | None = None if found is None else json.loads(found)
        except ValueError:
            return None  # what the engine keeps is sealed by the same key, and anybody may send that back to us
        return said


def _told(name: str) -> str:
    """A stranger named it, and it stands in a sentence, in the log and on a terminal."""
    return in_a_sentence(" ".join(name.split()), _MOST_NAMED)


def _stream_of(about: Any) -> str:
    """The stream that something is asked about, its workflow's id; that of who asks where it cannot be told."""
    match about:
        case Decision(stream=stream):
            return stream
        case DeliverDigest(addressee=addressee) | MailQuery(addressee=addressee):
            return mailbox_workflow_id(addressee)
        case _:
            return _asked_by()


def _asked_by() -> str:
    info = activity.info()
    return _told(info.workflow_id or info.activity_id)


def _key_of(header: Payload) -> str:
    return header.metadata.get(_KEY, b"").decode("utf-8", "replace")


def _refused(about: Any, at: datetime, error: RejectedError) -> Refusal:
    told = [event.type for event in about.events[:_MOST_TOLD]] if isinstance(about, Decision) else []
    command = {"type": activity.info().activity_type, "asked_by": _asked_by(), "events": told}
    return Refusal(refused_at=at, stream=_stream_of(about), rule=error.rule, text=error.text, command=command)
