"""What a supervision makes of the ledger's answers, without an engine: it goes on from what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio.bridge.proto.workflow_commands import WorkflowCommand

from domain.acts.commands import ReportProgress, SignReceipt
from domain.clock import OFFICE_TIME, VirtualClock
from domain.ports.ledger import Begun, Decision, NotHeard, Recorded
from domain.rungs.wakeups import next_wakeup
from domain.state import ProjectState
from tests.domain.samples import START, WHOLE_LIFE, Desk, at, request
from tests.workflows.activations import ALARM, BEGUN, CONVERTER, InMemory
from workflows.inputs import SupervisionInput
from workflows.project_supervision import ProjectSupervision

CLOCK = VirtualClock(engine_at=BEGUN, supervised_at=START)
SIGNAL = ("command", (request(ReportProgress).model_dump(mode="json"),))


class Answered(InMemory):
    """A supervision whose ledger gives these answers first, and then takes everything."""

    def __init__(self, given: SupervisionInput, answers: Sequence[Recorded]) -> None:
        self._answers = [*answers]
        self.asked: list[Decision] = []
        self.told: list[WorkflowCommand] = []
        super().__init__(ProjectSupervision, given)
        self.come_to_rest()

    def answer_to(self, command: WorkflowCommand) -> Any:
        """The ledger's answer."""
        (decision,) = CONVERTER().from_payloads(list(command.schedule_local_activity.arguments), [Decision])
        self.asked.append(decision)
        return self._answers.pop(0) if self._answers else Recorded.as_given(decision)

    def _take(self, command: WorkflowCommand) -> None:
        self.told.append(command)
        super()._take(command)

    @property
    def alarm_in(self) -> timedelta:
        """After how much of the engine's time the last alarm that was set goes off."""
        timers = [each.start_timer for each in self.told if each.HasField("start_timer")]
        return timers[-1].start_to_fire_timeout.ToTimedelta()


def state_at(instant: str) -> ProjectState:
    """The sample project's state at an instant, with a receipt that was signed just then."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.run_until(instant)
    desk.ask(request(SignReceipt, None))
    return desk.state


def test_a_run_that_was_given_another_state_goes_on_with_the_ledger_s() -> None:
    """Its state, its calendar and its last instant: what arrives is decided there, and nothing is asked twice."""
    ledger, forged = state_at("05-09 10:00"), state_at("04-26 10:00")
    own = VirtualClock(engine_at=BEGUN, supervised_at=at("05-10 09:00"))
    begun = Recorded(begun=Begun(clock=own, state=ledger, dated=at("05-10 12:00")))
    run = Answered(SupervisionInput(clock=CLOCK, state=forged, dated=at("04-26 10:00")), [begun])
    first, *_ = run.asked
    assert first.begins is not None
    assert (first.begins.clock, first.begins.state) == (CLOCK, forged.digest())
    # Nothing waits, so the next alarm is set: from the ledger's state and last instant, by the issued calendar.
    wakes = next_wakeup(ledger, at("05-10 12:00"))
    assert wakes is not None
    assert run.alarm_in == wakes - at("05-10 12:00")
    run.hear([SIGNAL])
    run.come_to_rest()
    report = run.asked[-1]
    assert report.begins is None
    assert report.first == ledger.next_seq
    assert [each.at.astimezone(OFFICE_TIME) for each in report.taken] == [at("05-10 12:00")]


def test_what_arrived_before_the_ledger_s_state_is_decided_on_it() -> None:
    """Not earlier than the ledger's last instant, and without the look at the clock that the run began with."""
    ledger, forged = state_at("05-09 10:00"), state_at("04-26 10:00")
    begun = Recorded(begun=Begun(clock=CLOCK, state=ledger, dated=at("05-09 10:00")))
    carried = [{"at": at("04-27 10:00"), "received": "command: …", "command": request(ReportProgress)}]
    given = {"clock": CLOCK, "state": forged, "dated": at("04-26 10:00"), "heard": carried}
    run = Answered(SupervisionInput.model_validate(given), [begun])
    before, again = run.asked
    assert [(each.key, each.at.astimezone(OFFICE_TIME)) for each in before.taken] == [("carried 1", at("04-27 10:00"))]
    assert [(each.key, each.at.astimezone(OFFICE_TIME)) for each in again.taken] == [("carried 1", at("05-09 10:00"))]
    assert again.first == ledger.next_seq


def test_a_run_that_nobody_issued_ends_with_the_rule() -> None:
    """It is told why, is not tried again, and asks for nothing more."""
    refused = Recorded(refused=NotHeard(key="", rule="start_is_issued", text="不是由已下达的清单启动的"))
    run = Answered(SupervisionInput(clock=CLOCK, state=state_at("04-26 10:00")), [refused])
    failure = run.told[-1].fail_workflow_execution.failure
    assert failure.message == "不是由已下达的清单启动的"
    assert failure.application_failure_info.type == "start_is_issued"
    assert failure.application_failure_info.non_retryable
    assert len(run.asked) == 1


def test_what_stands_in_the_ledger_already_is_gone_on_from() -> None:
    """Its events are the state, and their last instant is the earliest of what comes next."""
    desk = Desk(policy=WHOLE_LIFE)
    before = desk.state
    desk.run_until("05-20 10:00")
    desk.ask(request(SignReceipt, None))
    standing = tuple(desk.events[before.next_seq :])
    run = Answered(SupervisionInput(clock=CLOCK, state=before, dated=START), [Recorded(standing=standing)])
    run.hear([SIGNAL])
    run.come_to_rest()
    report = run.asked[-1]
    assert report.first == desk.state.next_seq
    assert [each.at.astimezone(OFFICE_TIME) for each in report.taken] == [standing[-1].decided_at]


def test_only_alarms_that_are_over_are_forgotten() -> None:
    """One that was set for later is not set again: it goes off for the state that is there then."""
    run = Answered(SupervisionInput(clock=CLOCK, state=state_at("04-26 10:00"), dated=at("04-26 10:00")), [])
    for _ in range(4):
        run.hear(run.next_alarm)
        run.come_to_rest()
    timers = [each for each in run.commands if each.startswith("start_timer")]
    looks = [each for decision in run.asked for each in decision.taken if each.key == "time"]
    assert looks
    assert len(timers) == len(looks) + 1
    assert [kind for kind, _ in run.next_alarm] == [ALARM]
