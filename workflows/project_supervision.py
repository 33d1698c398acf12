"""One key project, supervised from its docketing to its archive: wait, decide, act, record, continue as new."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from domain.clock import OFFICE_TIME
from domain.commands import AnyCommand, CommandOutcome
from domain.decisions import decide, outcome_of, reject
from domain.docketing import docket
from domain.drafting import papers_for, withholdings_for
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ladder import REQUEST_CAUSE
from domain.ports.ledger import Decision, Recorded, Refusal
from domain.rebasing import decided_again
from domain.rejections import UnreadableCommandError
from domain.state import ProjectState
from domain.views import ProjectView, view_of
from domain.wakeups import next_rung, wake
from workflows.activity_options import SHORT, UNTIL_IT_WORKS
from workflows.activity_stubs import record_decision
from workflows.details_page import details_page
from workflows.inputs import CommandMessage, Opening, SupervisionInput, SupervisionResult
from workflows.seams import UNDER_THE_CURRENT_BUILD, run_should_end
from workflows.search_attributes import attributes_of, changes

COMMAND = "command"
NOT_RECORDED_YET = "the docketing is being recorded"
_SIGNALS_PER_RUN = 8_000  # the server refuses the 10,001st


@workflow.defn(name="ProjectSupervision")
class ProjectSupervision:
    """Supervises one key project. Handlers only add to the state; the run method does all the work."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        self._clock = given.clock
        self._history_limit = given.history_limit
        self._opening = given.opening
        self._recorded: ProjectState | None = given.state
        self._dated = self._now()
        self._unrecorded: list[DomainEvent] = []
        self._commands: dict[str, AnyCommand] = {}
        self.last_recorded: Sequence[DomainEvent] = ()
        """The events of the last decision as the ledger has it, for a replay that compares the two."""
        self._signals = 0
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None
        if given.state is not None:
            self._state: ProjectState = given.state
        else:
            self._open(given)

    def _open(self, given: SupervisionInput) -> None:
        if given.opening is None:
            raise ApplicationError("a supervision needs an opening or a state", type="opened", non_retryable=True)
        events = _docketed(given.opening, self._dated)
        state = fold(events)
        assert state is not None
        self._state = state
        self._unrecorded.extend(events)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Take what is due, record what happened, show it, and wait for the next thing."""
        while True:
            self._apply(wake(self._state, self._now()))
            while self._unrecorded:
                await self._record()
            if self._settled():
                break
            self._show()
            if self._run_is_long():
                await self._continue_as_new()
            self._set_alarm()
            await workflow.wait_condition(self._something_to_do)
        self._stop_alarm()
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        state = self._state
        return SupervisionResult(project_id=state.project.project_id, stage=state.stage, events=state.next_seq)

    @workflow.update(name=COMMAND, description="一项办理：指令的 JSON，种类和字段见 docs/events.md")
    def command(self, message: CommandMessage) -> CommandOutcome:
        """A command: its events and the stage that it leads to; a rejection names its rule."""
        command = message.root
        try:
            self._take(command, self._now())
        except RejectedError as error:
            raise self._refused(error, command) from error
        return outcome_of(self._state, command)

    @command.validator
    def check_command(self, message: CommandMessage) -> None:
        """Refuse a command that breaks a rule before it leaves anything in the history."""
        command = message.root
        try:
            decide(self._state, command, self._now())
        except RejectedError as error:
            raise self._refused(error, command) from error

    @workflow.signal(dynamic=True, description="command：同样的指令，由只会发信号的系统发来")
    def signalled(self, name: str, args: Sequence[RawValue]) -> None:
        """A command by signal. Whatever arrives, the supervision goes on; a refusal is recorded."""
        self._signals += 1
        now = self._now()
        try:
            self._take(_command_of(name, args), now)
        except RejectedError as error:
            if not self._state.closed:
                self._apply(reject(self._state, error.rule, error.text, _as_text(name, args), now))

    @workflow.query(name="status", description="登记簿中的一行")
    def status(self, as_of: datetime | None = None) -> ProjectView:
        """The project as the register shows it, now or at an instant of the supervised year."""
        return view_of(self._kept(), as_of.astimezone(OFFICE_TIME) if as_of else self._now())

    @workflow.query(name="state", description="全部状态")
    def state(self) -> ProjectState:
        """The whole state, for the auditor's comparison with the ledger."""
        return self._kept()

    def page(self) -> str:
        """The page that the engine's Web UI shows; empty until the docketing is recorded."""
        return details_page(self._recorded, self._now()) if self._recorded else ""

    def _kept(self) -> ProjectState:
        # What is shown is what the ledger has: a query that comes while a decision is being recorded does not see it.
        if self._recorded is None:
            raise ApplicationError(NOT_RECORDED_YET, type=NOT_RECORDED_YET)
        return self._recorded

    def _now(self) -> datetime:
        return self._clock.supervised(workflow.now())

    def _take(self, command: AnyCommand, now: datetime) -> None:
        events = decide(self._state, command, now)
        if events:
            self._commands[command.request_id] = command
        self._apply(events)

    def _apply(self, events: Sequence[DomainEvent]) -> None:
        state = fold(events, self._state)
        assert state is not None
        self._state = state
        self._unrecorded.extend(events)

    def _settled(self) -> bool:
        return self._state.closed and not self._unrecorded

    def _something_to_do(self) -> bool:
        rung = self._alarm is not None and self._alarm.done()
        return bool(self._unrecorded) or rung

    async def _record(self) -> None:
        events = tuple(self._unrecorded)
        decision = Decision(
            stream=workflow.info().workflow_id,
            events=events,
            papers=papers_for(self._state, events),
            withheld=withholdings_for(self._state, events),
        )
        recorded = await self._appended(decision)
        if recorded.standing:
            self.last_recorded = recorded.standing
            self._rebase(recorded.standing)
            return
        if (instants := recorded.instants(len(events))) != tuple(event.decided_at for event in events):
            # Only in a replay: while a query was answered, the engine went on with the task at a later instant, and
            # the replay begins at that one. The decision keeps the instant that it had.
            self._redate(instants)
            events = tuple(self._unrecorded[: len(events)])
        self.last_recorded = events
        self._dated = events[-1].decided_at
        del self._unrecorded[: len(events)]
        self._recorded = fold(events, self._recorded) if self._unrecorded else self._state
        for event in events:
            self._commands.pop(event.cause.removeprefix(REQUEST_CAUSE), None)

    async def _appended(self, decision: Decision) -> Recorded:
        summary = "、".join(sorted({event.type for event in decision.events}))
        try:
            return await workflow.execute_local_activity(record_decision, decision, summary=summary, **SHORT)
        except FailureError:
            # A local activity's failure arrives as it is, in no ActivityError: caught too narrowly, it would end the
            # supervision for good. The store did not answer within seconds. The same append goes on as a regular
            # activity, which waits for it as long as it takes. A gap is no outage: it fails the workflow task,
            # visibly, until it is mended.
            try:
                return await workflow.execute_activity(record_decision, decision, summary=summary, **UNTIL_IT_WORKS)
            except ActivityError as error:
                raise RuntimeError(f"the ledger refuses the events of {decision.stream}: {error.cause}") from error

    def _rebase(self, standing: Sequence[DomainEvent]) -> None:
        dropped, commands = self._unrecorded, self._commands
        state = fold(standing, self._recorded)
        assert state is not None
        self._state = self._recorded = state
        self._unrecorded = []
        self._apply(decided_again(state, standing, dropped, commands))

    def _redate(self, instants: Sequence[datetime]) -> None:
        dated = [
            event.model_copy(update={"decided_at": at})
            for event, at in zip(self._unrecorded[: len(instants)], instants, strict=True)
        ]
        dropped, commands = [*dated, *self._unrecorded[len(instants) :]], self._commands
        opened: tuple[DomainEvent, ...] = ()
        if self._recorded is None:
            assert self._opening is not None
            opened = _docketed(self._opening, instants[0])
        state = fold(opened, self._recorded)
        assert state is not None
        again = decided_again(state, (), dropped[len(opened) :], commands)
        self._state, self._unrecorded = fold(again, state) or state, [*opened, *again]

    def _show(self) -> None:
        # The instant of the last decision, not the task's: what goes into the history must come out of every replay.
        updates = changes(workflow.info().typed_search_attributes, attributes_of(self._state, self._dated))
        if updates:
            workflow.upsert_search_attributes(updates)

    def _set_alarm(self) -> None:
        # One outstanding timer, moved only when the next instant changed: a command that changes nothing for the
        # clock costs no timer events.
        first = next_rung(self._state, self._dated)
        at = first.at if first else None
        if at == self._alarm_at and not (self._alarm and self._alarm.done()):
            return
        self._stop_alarm()
        if first is None or at is None:
            return
        wait = max(self._clock.engine(at) - workflow.now(), timedelta())
        about = (first.milestone_id, first.department, first.limit_id, first.rung.name)
        summary = " ".join((*filter(None, about), f"{at:%Y-%m-%d %H:%M}"))
        self._alarm = asyncio.create_task(workflow.sleep(wait, summary=summary))
        self._alarm_at = at

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm, self._alarm_at = None, None

    def _run_is_long(self) -> bool:
        return run_should_end(self._history_limit) or self._signals >= _SIGNALS_PER_RUN

    async def _continue_as_new(self) -> None:
        # Handlers are synchronous, so none is ever half done; the wait is the engine's own rule all the same.
        await workflow.wait_condition(workflow.all_handlers_finished)
        while self._unrecorded:
            await self._record()
        self._stop_alarm()
        workflow.continue_as_new(
            SupervisionInput(clock=self._clock, state=self._state, history_limit=self._history_limit),
            initial_versioning_behavior=UNDER_THE_CURRENT_BUILD,
        )

    def _refused(self, error: RejectedError, command: AnyCommand) -> ApplicationError:
        refusal = Refusal(
            refused_at=self._now(),
            stream=workflow.info().workflow_id,
            rule=error.rule,
            text=error.text,
            command=command.model_dump(mode="json"),
        )
        return ApplicationError(error.text, refusal.model_dump(mode="json"), type=error.rule, non_retryable=True)


def _docketed(opening: Opening, now: datetime) -> tuple[DomainEvent, ...]:
    return docket(opening.listed, opening.project, opening.policy, opening.calendar, now, opening.rulings)


def _command_of(name: str, args: Sequence[RawValue]) -> AnyCommand:
    if name != COMMAND:
        raise UnreadableCommandError(problem=f"没有名为“{name}”的信号，只有“{COMMAND}”。")
    if len(args) != 1:
        raise UnreadableCommandError(problem=f"信号“{COMMAND}”应带一条指令，收到{len(args)}条。")
    try:
        message = workflow.payload_converter().from_payload(args[0].payload, CommandMessage)
    except Exception as error:
        # Whatever a sender can put into a payload ends here, or a stranger's bytes would stop the supervision.
        raise UnreadableCommandError(problem=" ".join(str(error).split())[:500]) from error
    if not isinstance(message, CommandMessage):
        # Plain bytes come through the converter as they are, whatever type is asked for.
        raise UnreadableCommandError(problem=f"收到的不是 JSON，而是{type(message).__name__}。")
    return message.root


def _as_text(name: str, args: Sequence[RawValue]) -> str:
    return f"{name}: " + " ".join(arg.payload.data.decode("utf-8", "replace") for arg in args)
