"""One key project, supervised from its docketing to its archive: wait, decide, record, wait again, continue as new.

The order of what a run asks of the engine must not depend on when something arrives (docs/adr/0090): what comes while a
decision is being recorded is kept for the next one, and nothing but the record moves the alarm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from domain.acts.arrivals import (
    Arrival,
    CommandGiven,
    Decided,
    Docketing,
    RefusedArrival,
    TimePassed,
    as_recorded,
    decided,
    decided_after,
    decision_of,
    from_the_ledger,
    with_elsewhere,
    without,
)
from domain.acts.commands import AnyCommand, CommandOutcome
from domain.acts.decisions import decide, outcome_of
from domain.acts.rejections import NotCancelledError
from domain.clock import OFFICE_TIME
from domain.errors import RejectedError
from domain.events import CommandRejected, DomainEvent
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.papers.paper import Paper
from domain.ports.ledger import Begins, Begun, Decision, Recorded, Refusal
from domain.rungs.wakeups import next_rung
from domain.seeing.views import ProjectView, view_of
from domain.state import ProjectState
from workflows.activity_options import SHORT, UNTIL_IT_WORKS
from workflows.activity_stubs import record_decision
from workflows.carrying import arrival_of, carried
from workflows.continue_as_new import UNDER_THE_CURRENT_BUILD, run_should_end
from workflows.details_page import details_page
from workflows.inputs import CommandMessage, Opening, SupervisionInput, SupervisionResult
from workflows.message_names import ASK_AGAIN, COMMAND, NOT_RECORDED_YET
from workflows.signals import arrival_by_signal

NOTHING_DUE = "没有到期的事项"
_EVENTS_TO_THE_NEXT_TASK = 3  # this one completed, the next one scheduled and started
_SIGNALS_PER_RUN = 8_000  # the server refuses the 10,001st


@workflow.defn(name="ProjectSupervision")
class ProjectSupervision:
    """Supervises one key project. Handlers decide on what arrives; the run method alone records and waits."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        self._clock = given.clock
        self._history_limit = given.history_limit
        self._recorded: ProjectState | None = given.state
        """The project as the ledger has it."""
        self._decided: list[Decided] = []
        """What was decided and is not recorded yet."""
        self._dated = given.dated
        """The instant of the last decision that was recorded: decisions never go back behind it."""
        self.last_recorded: Sequence[DomainEvent] = ()
        self.last_papers: Sequence[Paper] = ()
        """The last decision's events as the ledger has them, and their papers, for a replay that compares."""
        self.recorded_answers: list[tuple[str, CommandOutcome]] = []
        """What each request was answered, as the record has it; in a replay."""
        self._arrived: dict[str, int] = {}
        self._rests = False
        """Whether the run waits for what arrives: all that was decided before is recorded."""
        self._appends = 0
        """How many records this run asked for: told to who must ask again. No decision depends on it."""
        self._recorded_in = -_EVENTS_TO_THE_NEXT_TASK
        """The length of the history when the last record was answered. No decision depends on it."""
        self._ends = False
        """Whether the run ends as soon as nothing is left to be recorded."""
        self._alarms: dict[datetime, asyncio.Task[None]] = {}
        """By its instant each alarm that was set and not heard since; no alarm is ever taken back."""
        self._alarm_at: datetime | None = None
        """The one that is waited for: another one may go off, and nothing comes of it."""
        # A continued run does not look at the clock at once: its first alarm does.
        self._begun = given.state is not None
        self._begins: Begins | None = Begins(clock=given.clock, state=given.state.digest() if given.state else None)
        """With what the run began, until something is recorded."""
        if given.state is None:
            if given.opening is None:
                raise ApplicationError("a supervision needs an opening or a state", type="opened", non_retryable=True)
            self._take(_docketing(given.opening), self._now())
        for heard in given.heard:
            self._take(arrival_of(heard, self._key("carried")), heard.at.astimezone(OFFICE_TIME))

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise until nothing is open, in as many runs as it takes. A request to cancel is refused, on record."""
        supervision = asyncio.create_task(self._supervise())
        while True:
            try:
                await workflow.wait_condition(supervision.done)
                break
            except asyncio.CancelledError:
                if supervision.done() or supervision.cancelling():
                    raise  # the worker lets the workflow go: nobody asked the supervision to end
                refused = NotCancelledError()
                self._take(RefusedArrival(self._key("cancellation"), refused.rule, refused.text, "cancel"), self._now())
        ended = supervision.result()
        if ended is None:
            workflow.continue_as_new(
                SupervisionInput(
                    clock=self._clock,
                    state=self._recorded,
                    dated=self._dated,
                    heard=carried(self._decided),
                    history_limit=self._history_limit,
                ),
                initial_versioning_behavior=UNDER_THE_CURRENT_BUILD,
            )
        return ended

    async def _supervise(self) -> SupervisionResult | None:
        """One run: what is due and what arrived, the record, the alarm, and again. None asks for another run."""
        while True:
            if self._time_has_come():
                self._take(TimePassed(), self._now())
            # A run that was given a state asks at once whether it is the ledger's, whatever there is to record.
            took = await self._record()
            state = self._kept()
            if self._ends or state.closed:
                # What came meanwhile is known to a replay only later: a run ends after a record that took nothing, and
                # whatever came during that one is carried into the next run.
                if self._ends and not took:
                    break
                self._ends = True
            else:
                self._set_alarm(state)
                self._rests = True
                await workflow.wait_condition(lambda: bool(self._decided) or self._time_has_come())
                self._rests = False
        # Handlers wait for nothing, so they are done. The alarms end with the run.
        if not state.closed:
            return None
        return SupervisionResult(project_id=state.project_id, stage=state.stage, events=state.next_seq)

    @workflow.update(name=COMMAND, description="一项办理：指令的 JSON，种类和字段见 docs/events.md")
    async def command(self, message: CommandMessage) -> CommandOutcome:
        """A command: its events and the stage that it leads to; a rejection names its rule.

        The answer is given where the command is decided, and the record follows in the same task. An answer that waited
        for the record could come in a later task, and be lost with its worker for good (docs/adr/0092).
        """
        command = message.root
        self._take(CommandGiven(self._key("update"), command, command.model_dump_json(), heard=True), self._now())
        made = self._decided[-1]
        if made.events and isinstance(rejected := made.events[-1], CommandRejected):
            raise self._refused(rejected.rule, rejected.text, command)
        return outcome_of(made.state, command)

    @command.validator
    def check_command(self, message: CommandMessage) -> None:
        """Refuse a command that breaks a rule before it leaves anything in the history."""
        # A command that comes after a record in the same task would be heard before it in a replay. A worker that
        # begins with a question goes through that task twice: as it was scheduled, and one event later, as started.
        same_task = workflow.info().get_current_history_length() < self._recorded_in + _EVENTS_TO_THE_NEXT_TASK
        # What else came in this task may be in the ledger already, recorded by a worker that was lost, and otherwise
        # than it is decided now: a command is answered only where nothing but commands waits to be recorded.
        if not self._rests or same_task or not all(map(_is_command, self._decided)):
            waits_for = None if self._rests else self._appends
            raise ApplicationError(ASK_AGAIN, waits_for, type=ASK_AGAIN, non_retryable=True)
        command = message.root
        try:
            decide(self._tentative(), command, self._now())
        except RejectedError as error:
            raise self._refused(error.rule, error.text, command) from error

    @workflow.signal(dynamic=True, description="command：同样的指令，由只会发信号的系统发来")
    def signalled(self, name: str, args: Sequence[RawValue]) -> None:
        """A command by signal. Whatever arrives, the supervision goes on; a refusal is recorded."""
        self._take(arrival_by_signal(self._key("signal"), name, args), self._now())

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

    def _tentative(self) -> ProjectState:
        """The project with what was decided and is not recorded yet."""
        return self._decided[-1].state if self._decided else self._kept()

    def _now(self) -> datetime:
        """The instant of the supervised year. It never goes back, whatever clock the engine's library shows.

        A question to a worker that has just begun is answered with the clock of the last completed task, although the
        alarm has gone off since.
        """
        instants = [self._clock.supervised(workflow.now())]
        if self._dated is not None:
            instants.append(self._dated)
        if self._decided:
            instants.append(self._decided[-1].at)
        if self._alarm_at is not None and self._alarm_went_off():
            instants.append(self._alarm_at)
        return max(instants)

    def _key(self, kind: str) -> str:
        """The name of an arrival: its kind, and which one of this kind it is in this run."""
        self._arrived[kind] = number = self._arrived.get(kind, 0) + 1
        return f"{kind} {number}"

    def _take(self, arrival: Arrival, now: datetime) -> None:
        state = self._decided[-1].state if self._decided else self._recorded
        self._decided.append(decided(state, arrival, now))

    async def _record(self) -> int:
        """Record what was decided, or that nothing was; how many arrivals the record took."""
        while True:
            # While it waits for a timer that it lost, the engine fires no later one of the run (docs/adr/0244).
            made = tuple(self._decided)
            ends = self._ends or self._run_is_long() or any(map(_found_late, made))
            decision = decision_of(
                workflow.info().workflow_id,
                made,
                recorded=self._recorded,
                ends=ends,
                clock=self._clock,
                begins=self._begins,
            )
            recorded = await self._appended(decision)
            if recorded.refused is not None:
                why = recorded.refused
                raise ApplicationError(why.text, type=why.rule, non_retryable=True)
            if recorded.begun is not None:
                self._go_on_with(recorded.begun)
                continue
            if recorded.elsewhere is not None:
                self._decided = with_elsewhere(self._recorded, self._decided, recorded.elsewhere)
                continue
            self._begins = None
            if not recorded.not_heard:
                break
            # An act by signal that must not be heard: the verdict is in the history, and the record says so.
            self._decided = without(self._recorded, self._decided, recorded.not_heard)
        # The length of the history is another one in a replay: it, too, follows the record.
        self._ends = recorded.ends
        if recorded.standing:
            self.last_recorded, self.last_papers = recorded.standing, ()
            self._recorded = fold(recorded.standing, self._recorded)
            self._dated = recorded.standing[-1].decided_at
            self._decided = decided_after(self._kept(), recorded.standing, self._decided)
            return len(recorded.standing)
        if (recorded.taken, recorded.digest) == (decision.taken, decision.digest()):
            del self._decided[: len(made)]
        else:
            # Only in a replay, which has other arrivals at hand than there were, or the same ones a moment later.
            made, self._decided = as_recorded(self._recorded, self._decided, recorded)
        self.last_recorded = tuple(event for each in made for event in each.events)
        if workflow.unsafe.is_replaying():
            self.last_papers = tuple(paper for each in made for paper in each.papers)
            self.recorded_answers += _answers_of(made)
        for each in made:
            self._recorded, self._dated = each.state, each.at
            self._heard(each)
        return len(made)

    def _go_on_with(self, begun: Begun) -> None:
        """Whatever the run was given, the ledger's state stands, and the calendar that the project was issued with."""
        self._recorded, self._clock, self._dated = begun.state, begun.clock, begun.dated
        self._begun, self._begins = True, None
        self._decided = from_the_ledger(begun.state, begun.dated, self._decided)

    def _heard(self, made: Decided) -> None:
        """An arrival stands in the ledger; where time was looked at, it is waited for anew."""
        if isinstance(made.arrival, TimePassed):
            self._begun, self._alarm_at = True, None
            self._alarms = {at: alarm for at, alarm in self._alarms.items() if at > made.at}

    async def _appended(self, decision: Decision) -> Recorded:
        summary = "、".join(sorted({event.type for event in decision.events})) or NOTHING_DUE
        self._appends += 1
        try:
            recorded = await workflow.execute_local_activity(record_decision, decision, summary=summary, **SHORT)
        except FailureError:
            # A local activity's failure arrives as it is, in no ActivityError: caught too narrowly, it would end the
            # supervision for good. The store did not answer within seconds. The same append goes on as a regular
            # activity, which waits for it as long as it takes. A gap is no outage: it fails the workflow task,
            # visibly, until it is mended. Meanwhile commands are told to ask again: no answer runs ahead of the record.
            try:
                recorded = await workflow.execute_activity(record_decision, decision, summary=summary, **UNTIL_IT_WORKS)
            except ActivityError as error:
                raise RuntimeError(f"the ledger refuses the events of {decision.stream}: {error.cause}") from error
        self._recorded_in = workflow.info().get_current_history_length()
        return recorded

    def _set_alarm(self, state: ProjectState) -> None:
        # Only the record moves the alarm, and none is taken back: an alarm may go off while a decision is recorded, and
        # whether it does so before or after the code goes on is another thing in a replay. One that nobody waits for
        # any more goes off for nothing.
        dated = self._dated or self._now()
        first = next_rung(state, dated)
        self._alarm_at = first.at if first else None
        if first is None or (at := first.at) in self._alarms:
            return
        wait = max(self._clock.engine(at) - max(workflow.now(), self._clock.engine(dated)), timedelta())
        about = (first.milestone_id, first.department, first.limit_id, first.rung.name)
        summary = " ".join((*filter(None, about), f"{at:%Y-%m-%d %H:%M}"))
        self._alarms[at] = asyncio.create_task(workflow.sleep(wait, summary=summary))

    def _time_has_come(self) -> bool:
        """Whether the clock is to be looked at: a project begins, or the alarm went off and was not heard yet.

        That it was looked at is always recorded: what is due depends on the instant, and a replay may have another one.
        """
        return not self._begun or self._alarm_went_off()

    def _alarm_went_off(self) -> bool:
        return self._alarm_at is not None and self._alarms[self._alarm_at].done()

    def _run_is_long(self) -> bool:
        return run_should_end(self._history_limit) or self._arrived.get("signal", 0) >= _SIGNALS_PER_RUN

    def _refused(self, rule: str, text: str, command: AnyCommand) -> ApplicationError:
        refusal = Refusal(
            refused_at=self._now(),
            stream=workflow.info().workflow_id,
            rule=rule,
            text=text,
            command=command.model_dump(mode="json"),
        )
        return ApplicationError(text, refusal, type=rule, non_retryable=True)


def _is_command(made: Decided) -> bool:
    return isinstance(made.arrival, CommandGiven) and made.arrival.heard


def _found_late(made: Decided) -> bool:
    """Whether somebody had to ask before what was due was done."""
    return isinstance(made.arrival, TimePassed) and not made.arrival.of_itself and bool(made.events)


def _docketing(opening: Opening) -> Docketing:
    def docketed(at: datetime) -> tuple[DomainEvent, ...]:
        return docket(opening.listed, opening.project, opening.policy, opening.calendar, at, opening.rulings)

    return Docketing(docketed)


def _answers_of(made: Sequence[Decided]) -> list[tuple[str, CommandOutcome]]:
    """The answers that a record has: a request that was repeated has several."""
    return [
        (each.arrival.command.request_id, outcome_of(each.state, each.arrival.command))
        for each in made
        if isinstance(each.arrival, CommandGiven) and each.arrival.command.request_id in each.state.applied
    ]
