"""What must be so before an act is heard: a door of this office attests it, its person may give it, what it shows is
kept.

A workflow's validator cannot look at a store, and a replay must not: an interceptor around it asks, in the process that
hears the act for the first time. What comes by signal has no validator: it is asked about before it is recorded
(`activities/recording.py`), and the answer stands in the history, so that every replay has the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import HandleUpdateInput, Interceptor, WorkflowInboundInterceptor, WorkflowInterceptorClassInput

from domain.acts import rejections as r
from domain.acts.act_digest import GivenAct
from domain.acts.attestation import (
    CLOCKS_DIFFER,
    HEARD_WITHIN,
    Attestation,
    UnreadableAttestationError,
    attestation_from,
    names_its_request,
)
from domain.acts.commands import AnyCommand
from domain.acts.own_key import must_be_signed_by_its_person, own_key_told
from domain.acts.rights import acts_for_all, is_his_own_directive, must_be_in_his_right
from domain.clock import VirtualClock
from domain.directory.naming import with_persons
from domain.errors import DubanError, LedgerUnavailableError, RejectedError, UnreadableIdError
from domain.evidence import evidence_files
from domain.ids import ProjectId, supervised_project_id
from domain.ports.doors import SignatureCheck
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Ledger, Refusal
from domain.record.doors import DoorReader
from domain.record.ledger_errors import NotInLedgerError
from domain.record.person_keys import PersonKeyReader
from domain.record.recorded_directory import DirectoryReader
from workflows.inputs import CommandMessage
from workflows.message_names import ASK_AGAIN, BEHIND_ITS_RECORD

if TYPE_CHECKING:
    from workflows.project_supervision import ProjectSupervision

Answer = TypeVar("Answer")

_MOST_BYTES = 1_000_000
_ANSWERED_WITHIN_SECONDS = 1.5
"""The engine's library gives a workflow's thread two seconds."""
_ASKED_AT_ONCE = 16
_NOT_THE_SIGNED_ONE = (
    "台账不是签过校验值的那一本，这项办理没有记下：请管理员运行 duban doctor，照“未签名”一行办，之后再办一次。"
)
_CLOCK_IS_BEHIND = (
    "督办程序所在机器的时钟慢了，照它记账，核验时会判为改动过，这项办理没有记下："
    "请管理员校准那台机器的时钟（在那里运行 duban doctor 可见），之后再办一次。"
)


class OfficeActDesk:
    """The port `ActDesk` over an installation's ledger and evidence store."""

    def __init__(
        self,
        ledger: Ledger,
        store: EvidenceStore,
        is_signed: SignatureCheck,
        has_signed: SignatureCheck,
        now: Callable[[], datetime],
        heard_within: timedelta = HEARD_WITHIN,
        fork: Callable[[], DubanError | None] = lambda: None,
    ) -> None:
        self._ledger = ledger
        self._has_signed = has_signed
        self._now = now
        self._heard_within = heard_within
        self._fork = fork
        self._person_keys = PersonKeyReader(ledger)
        self._store = store
        self._is_signed = is_signed
        self._doors = DoorReader(ledger)
        self._directory = DirectoryReader(ledger, store)

    def verdict(
        self, project_id: ProjectId, command: AnyCommand, at: datetime, engine_at: datetime
    ) -> RejectedError | None:
        """Why an act must not be heard at an instant of the supervised year (see the port)."""
        try:
            self._must_be_heard(project_id, command, at, engine_at)
        except RejectedError as error:
            return error
        return None

    def supervised(self, engine_now: datetime) -> datetime:
        """The instant of the supervised year."""
        return (self._ledger.clock() or VirtualClock()).supervised(engine_now)

    def recorded(self, stream: str) -> int:
        """How many events of a project are on record."""
        newest = next(iter(self._ledger.newest(stream)), None)
        return 0 if newest is None else newest.stream_seq + 1

    def _must_be_heard(self, project_id: ProjectId, command: AnyCommand, at: datetime, engine_at: datetime) -> None:
        if self._fork() is not None:
            # What a project decides upon such a ledger is answered, and then no entry can follow the one before.
            raise LedgerUnavailableError(_NOT_THE_SIGNED_ONE)
        attestation = self._attestation_of(command)
        door = self._doors.now().get(attestation.door.key)
        if door is None or not door.is_open or door.kind != attestation.door.kind:
            raise r.DoorNotOpenError(key=attestation.door.key, known=door is not None)
        if not self._is_signed(door.public, attestation.signed_bytes(), attestation.signature_bytes()):
            raise r.ActForgedError(key=attestation.door.key)
        self._must_be_about(attestation, project_id, command)
        fault = attestation.fault_of_its_age(engine_at, self._heard_within)
        if fault is not None:
            raise r.ActTooOldError(received_at=attestation.received_at, fault=fault)
        if attestation.received_at - self._now() > CLOCKS_DIFFER:
            # Recorded with this machine's date it would stand before its door had it, which is what a forged act does.
            raise LedgerUnavailableError(_CLOCK_IS_BEHIND)
        directory = self._directory.known_at(at)
        own_directive = is_his_own_directive(command)
        must_be_in_his_right(attestation, command.by, command.on_behalf_of, directory, at, own_directive=own_directive)
        own = None if acts_for_all(attestation) else attestation.person_id
        if with_persons(command, directory, at, own) != command:
            raise r.NotThisPersonError(project_id=project_id)
        self._must_tell_of_the_own_key(attestation, project_id, command)
        shown = evidence_files(getattr(command, "evidence", ()))
        missing = next((file for file in shown if not self._store.has(file.sha256, file.size)), None)
        if missing is not None:
            raise r.EvidenceNotKeptError(name=missing.name, sha256=missing.sha256)

    def _must_tell_of_the_own_key(self, attestation: Attestation, project_id: ProjectId, command: AnyCommand) -> None:
        keys, proof = self._person_keys.now(), attestation.own_key
        if proof is not None:
            # The owner acts through the shell for whom he names: that person's device it is that signs.
            person_id = command.by.person_id if acts_for_all(attestation) else attestation.person_id
            key = keys.get(proof.key)
            must_be_signed_by_its_person(proof, attestation.act_id, person_id, key, self._has_signed)
        if command.own_key != own_key_told(command.by.person_id, keys, signed=proof is not None):
            raise r.OwnKeyOtherwiseError(project_id=project_id)

    def _attestation_of(self, command: AnyCommand) -> Attestation:
        named = evidence_files((command.attested,)) if command.attested is not None else ()
        if not named:
            raise r.ActNotAttestedError(detail="指令里没有证明")
        file = named[0]
        if file.size > _MOST_BYTES or not self._store.has(file.sha256, file.size):
            raise r.ActNotAttestedError(detail="所说的证明没有保存在本单位")
        try:
            return attestation_from(self._store.read(file.sha256))
        except (NotInLedgerError, UnreadableAttestationError) as error:
            raise r.ActNotAttestedError(detail="所说的证明读不懂") from error

    @staticmethod
    def _must_be_about(attestation: Attestation, project_id: ProjectId, command: AnyCommand) -> None:
        try:
            act = GivenAct(
                project_id=project_id,
                command=command,
                account=attestation.account,
                seen=attestation.act.get("seen", 0),
                nonce=attestation.act.get("nonce", ""),
            )
        except ValueError:
            act = None
        about = act is not None and attestation.is_about(act) and command.seen in (None, act.seen)
        if not about or not names_its_request(attestation, command.request_id):
            raise r.ActOfAnotherError(project_id=project_id, act=attestation.act_id)


class ActInterceptor(Interceptor):
    """Asks the desk about every act that comes by update, before its validator does."""

    def __init__(self, desk: OfficeActDesk) -> None:
        self._desk = desk
        self._room = threading.BoundedSemaphore(_ASKED_AT_ONCE)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the engine library's own name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor that stands before the validators."""
        outer = self

        class AskTheDesk(WorkflowInboundInterceptor):
            _task: tuple[int, datetime] | None = None
            """The task in hand: the history's length, and when it began. What was refused leaves no history."""
            _until = 0.0
            """Until when all acts of that task may be asked about, by the machine's clock."""

            def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002
                task = workflow.info().get_current_history_length(), workflow.now()
                if task != self._task:
                    self._task, self._until = task, time.monotonic() + _ANSWERED_WITHIN_SECONDS
                recorded = outer.must_be_heard(input.args, self._until)
                try:
                    super().handle_update_validator(input)
                except ApplicationError as error:
                    # What a run refuses that knows only a part of its record may be refused wrongly.
                    if error.type != ASK_AGAIN:
                        must_know_all(recorded)
                    raise
                must_know_all(recorded)

        return AskTheDesk

    def must_be_heard(self, args: Any, until: float) -> int | None:
        """Refuse what the desk refuses; answer how many events of the project are on record, none where no act comes.
        `until` is when the workflow's task must go on, by the machine's clock.

        Raises:
            ApplicationError: in the form that every refused command has.
            LedgerUnavailableError: a store did not answer in time; nothing is known of the act.
        """
        workflow_id, engine_now = workflow.info().workflow_id, workflow.now()
        recorded: int | None = None
        for command in (arg.root for arg in args if isinstance(arg, CommandMessage)):
            # Both are asked in one go: each question is another thread, and waits for its turn with the interpreter.
            asked = partial(_looked_into, self._desk, workflow_id, command, engine_now)
            refusal, recorded = self._in_time(asked, until)
            if refusal is not None:
                said = refusal.model_dump(mode="json")
                raise ApplicationError(refusal.text, said, type=refusal.rule, non_retryable=True)
        return recorded

    def _in_time(self, ask: Callable[[], Answer], until: float) -> Answer:
        # A workflow's task that waits longer fails, and is tried again and again: while acts wait for their store, what
        # falls due in their project would wait, too.
        if (left := until - time.monotonic()) > 0 and self._room.acquire(timeout=left):
            answer: Future[Answer] = Future()
            # A store that hangs holds up neither the next act nor the worker's end.
            threading.Thread(target=self._answered, args=(ask, answer), name="act-desk", daemon=True).start()
            with suppress(TimeoutError):
                return answer.result(timeout=max(until - time.monotonic(), 0))
        text = "台账或证据库没有及时回答：这项办理没有记下；请过一会儿再办一次，一直这样的，请管理员运行 duban doctor。"
        raise LedgerUnavailableError(text)

    def _answered(self, ask: Callable[[], Answer], answer: Future[Answer]) -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the one who asked
            answer.set_exception(error)
        finally:
            self._room.release()


def must_know_all(recorded: int | None) -> None:
    """Have a command asked again whose project does not know all of its record (docs/adr/0262), and refuse one whose
    project knows what is on no record (docs/adr/0273).

    Raises:
        ApplicationError: the ledger has more; whoever asks again has the project look first.
        LedgerUnavailableError: the ledger has less: what the project answers, no entry could follow.
    """
    if recorded is None:
        return
    known = cast("ProjectSupervision", workflow.instance()).state()
    if recorded > known.next_seq:
        raise ApplicationError(ASK_AGAIN, BEHIND_ITS_RECORD, type=ASK_AGAIN, non_retryable=True)
    if recorded < known.next_seq:
        raise LedgerUnavailableError(
            f"引擎里 {known.project_id} 已有 {known.next_seq} 条记录，台账只有 {recorded} 条，像是换上了旧的台账，"
            "这项办理没有记下：请管理员先找回新的台账（恢复备份用 duban restore）；"
            "找不回的，运行 duban engine repair --all，按现有台账接着办，之后再办一次。"
        )


def _looked_into(
    desk: OfficeActDesk, workflow_id: str, command: AnyCommand, engine_now: datetime
) -> tuple[Refusal | None, int]:
    return refusal_of(desk, workflow_id, command, engine_now), desk.recorded(workflow_id)


def refusal_of(desk: OfficeActDesk, workflow_id: str, command: AnyCommand, engine_now: datetime) -> Refusal | None:
    """Why the desk does not hear an act that was sent to a workflow; none where it hears it."""
    now = desk.supervised(engine_now)
    try:
        error = desk.verdict(supervised_project_id(workflow_id), command, now, engine_now)
    except UnreadableIdError:
        error = r.ActNotAttestedError(detail=f"流程 {workflow_id} 不是督办项目")
    if error is None:
        return None
    return Refusal(
        refused_at=now, stream=workflow_id, rule=error.rule, text=error.text, command=command.model_dump(mode="json")
    )
