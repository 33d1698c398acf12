"""What a supervision makes of the ledger's answers, without an engine: it goes on from what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.exceptions import ActivityError, ApplicationError

from domain.acts.commands import ReportProgress, SignReceipt, StrikeOff, Withdraw
from domain.clock import OFFICE_TIME, VirtualClock
from domain.evolution import fold
from domain.ports.ledger import Begun, Decision, NotHeard, Recorded, Refusal
from domain.rungs.wakeups import next_rung, next_wakeup
from domain.state import ProjectState
from tests.domain.samples import (
    CALENDAR,
    HEADER,
    START,
    WANG,
    WHOLE_LIFE,
    Desk,
    at,
    key_project,
    lone,
    milestone,
    request,
    ruled,
)
from tests.workflows.activations import ALARM, BEGUN, CONVERTER, UPDATE, WORKFLOW_ID, Arrival, InMemory
from workflows.inputs import Opening, SupervisionInput, SupervisionResult
from workflows.message_names import ASK_AGAIN, NOT_RECORDED_YET
from workflows.project_supervision import NOTHING_DUE, ProjectSupervision

CLOCK = VirtualClock(engine_at=BEGUN, supervised_at=START)
SIGNAL = ("command", (request(ReportProgress).model_dump(mode="json"),))


class Answered(InMemory):
    """A supervision whose ledger gives these answers first, and then takes everything."""

    def __init__(
        self,
        given: SupervisionInput,
        *answers: Recorded | Exception | None,
        history: dict[int, Any] | None = None,
        arrivals: Sequence[Arrival] = (),
    ) -> None:
        self._answers = [*answers]
        self.asked: list[Decision] = []
        super().__init__(ProjectSupervision, given, history, arrivals)

    def answer_to(self, command: WorkflowCommand) -> Any:
        """The ledger's answer."""
        here = command.HasField("schedule_local_activity")
        asked = command.schedule_local_activity if here else command.schedule_activity
        (decision,) = CONVERTER().from_payloads(list(asked.arguments), [Decision])
        self.asked.append(decision)
        answer = self._answers.pop(0) if self._answers else None
        return answer or Recorded.as_given(decision)

    @property
    def refusals(self) -> list[Failure]:
        """How updates were turned away."""
        return [each.update_response.rejected for each in self.told if each.update_response.HasField("rejected")]


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
    run = Answered(SupervisionInput(clock=CLOCK, state=forged, dated=at("04-26 10:00")), begun)
    run.come_to_rest()
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
    run = Answered(SupervisionInput.model_validate(given), begun)
    run.come_to_rest()
    before, again = run.asked
    assert [(each.key, each.at.astimezone(OFFICE_TIME)) for each in before.taken] == [("carried 1", at("04-27 10:00"))]
    assert [(each.key, each.at.astimezone(OFFICE_TIME)) for each in again.taken] == [("carried 1", at("05-09 10:00"))]
    assert again.first == ledger.next_seq


def test_a_run_that_nobody_issued_ends_with_the_rule() -> None:
    """It is told why, is not tried again, and asks for nothing more."""
    refused = Recorded(refused=NotHeard(key="", rule="start_is_issued", text="不是由已下达的清单启动的"))
    run = Answered(SupervisionInput(clock=CLOCK, state=state_at("04-26 10:00")), refused)
    run.come_to_rest()
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
    desk.ask(request(SignReceipt, None), "05-20 11:00")
    standing = tuple(desk.events[before.next_seq :])
    given = SupervisionInput(clock=CLOCK, state=before, dated=START)
    for during in (True, False):
        run = Answered(given, Recorded(standing=standing))
        if not during:
            run.come_to_rest()
        run.hear([SIGNAL])
        run.come_to_rest()
        _, report = run.asked
        assert (report.first, report.events[0].type) == (desk.state.next_seq, "ProgressReported")
        # What came while the ledger was asked keeps its instant; what came later has none before the ledger's.
        came = START + timedelta(minutes=1) if during else standing[-1].decided_at
        assert [each.at.astimezone(OFFICE_TIME) for each in report.taken] == [came]


def test_only_alarms_that_are_over_are_forgotten() -> None:
    """One that was set for later is not set again: it goes off for the state that is there then."""
    run = Answered(SupervisionInput(clock=CLOCK, state=state_at("04-26 10:00"), dated=at("04-26 10:00")))
    run.come_to_rest()
    for _ in range(4):
        run.hear(run.next_alarm)
        run.come_to_rest()
    timers = [each for each in run.commands if each.startswith("start_timer")]
    looks = [each for decision in run.asked for each in decision.taken if each.key == "time"]
    assert looks
    assert len(timers) == len(looks) + 1
    assert [kind for kind, _ in run.next_alarm] == [ALARM]


def given_to_start(**facts: Any) -> SupervisionInput:
    """What a first run is given."""
    opening = Opening(
        listed=HEADER, project=key_project((milestone(),)), policy=WHOLE_LIFE, calendar=CALENDAR, rulings=(ruled(),)
    )
    return SupervisionInput(clock=CLOCK, opening=opening, **facts)


def test_a_count_of_inspections_elsewhere_is_decided_with() -> None:
    """The ledger says how many there are, and the same arrivals are decided again with the number."""
    run = Answered(given_to_start(), None, Recorded(elsewhere=2))
    run.come_to_rest()
    run.hear(run.next_alarm)
    run.come_to_rest()
    docketed, before, again = run.asked
    assert [(each.key, each.elsewhere) for each in before.taken] == [("time", None)]
    assert [(each.key, each.elsewhere) for each in again.taken] == [("time", 2)]
    assert before.first == again.first == len(docketed.events)


def test_the_engine_s_page_names_what_each_record_and_alarm_is_about() -> None:
    """The kinds of events in order of name, or that nothing was due; an alarm's milestone, rung and instant."""
    run = Answered(given_to_start())
    run.come_to_rest()
    (docketed,) = run.asked
    assert "ReadingRuled" in {each.type for each in docketed.events}
    state = fold(docketed.events)
    assert state is not None
    first = next_rung(state, START)
    assert first is not None
    words = filter(None, (first.milestone_id, first.department, first.limit_id, first.rung.name))
    alarm = " ".join((*words, f"{first.at:%Y-%m-%d %H:%M}"))
    assert run.summaries == ["、".join(sorted({each.type for each in docketed.events})), alarm]
    again = Answered(SupervisionInput(clock=CLOCK, state=state, dated=START))
    again.come_to_rest()
    assert again.summaries == [NOTHING_DUE, alarm]


def test_a_store_that_does_not_answer_is_asked_in_another_way_under_the_same_name() -> None:
    """What it refuses then fails the task, and says of which project."""
    away = ApplicationError("磁盘已满")
    gap = ActivityError(
        "", scheduled_event_id=1, started_event_id=2, identity="", activity_type="", activity_id="", retry_state=None
    )
    gap.__cause__ = ApplicationError("断号")
    state = Desk(policy=WHOLE_LIFE).state
    slow = Answered(SupervisionInput(clock=CLOCK, state=state, dated=START), away)
    slow.come_to_rest()
    assert slow.summaries[:2] == [NOTHING_DUE, NOTHING_DUE]
    assert [each.partition(" ")[0] for each in slow.commands[:2]] == ["schedule_local_activity", "schedule_activity"]
    broken = Answered(SupervisionInput(clock=CLOCK, state=state, dated=START), away, gap)
    with pytest.raises(AssertionError, match=f"the ledger refuses the events of {WORKFLOW_ID}: 断号"):
        broken.come_to_rest()


def test_an_act_that_must_be_given_again_is_told_for_how_many_records_it_waits() -> None:
    """Before the first record, during it, and beside an act by signal that is not recorded yet: then for none."""
    act = request(ReportProgress).model_dump(mode="json")
    run = Answered(given_to_start())
    assert run.hear([(UPDATE, ("1", act))]) == []
    run.come_to_rest()
    assert run.hear([SIGNAL, (UPDATE, ("2", act))]) == [SIGNAL]
    assert run.hear([(UPDATE, ("3", act))]) == []
    told = [each.application_failure_info for each in run.refusals]
    assert {(each.type, each.non_retryable) for each in told} == {(ASK_AGAIN, True)}
    waits = [CONVERTER().from_payloads(list(each.details.payloads))[0] for each in told]
    assert waits == [1, None, 2]


def test_a_refused_act_is_answered_with_what_the_record_keeps_of_it() -> None:
    """The rule as the kind of the failure, and who is refused what, when and of which project."""
    strike = request(StrikeOff, by=WANG)
    run = Answered(given_to_start())
    run.come_to_rest()
    assert run.hear([(UPDATE, ("1", strike.model_dump(mode="json")))]) == []
    (failure,) = run.refusals
    assert failure.application_failure_info.non_retryable
    (kept,) = CONVERTER().from_payloads(list(failure.application_failure_info.details.payloads), [Refusal])
    assert kept == Refusal(
        refused_at=kept.refused_at,
        stream=WORKFLOW_ID,
        rule=failure.application_failure_info.type,
        text=failure.message,
        command=strike.model_dump(mode="json"),
    )
    assert kept.refused_at == START + timedelta(minutes=1)
    assert run.asked[1:] == []


def test_an_act_by_signal_is_asked_about_at_the_engine_s_own_instant() -> None:
    """Who may act is looked up as of then; the year's own instant is another one."""
    faster = VirtualClock(engine_at=BEGUN, supervised_at=START, speed=600)
    run = Answered(given_to_start().model_copy(update={"clock": faster}))
    run.come_to_rest()
    run.hear([SIGNAL])
    run.come_to_rest()
    (act,) = run.asked[1].unheard
    assert (act.engine_at, act.at) == (BEGUN + timedelta(minutes=1), START + timedelta(hours=10))


def test_a_run_ends_when_it_has_heard_so_many_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine refuses more of them in one run."""
    monkeypatch.setattr("workflows.project_supervision._SIGNALS_PER_RUN", 3)
    run = Answered(given_to_start(history_limit=10_000))
    run.come_to_rest()
    for _ in range(3):
        run.hear([SIGNAL])
        run.come_to_rest()
    assert [each.ends for each in run.asked[:4]] == [False, False, False, True]
    assert run.commands[-1] == "continue_as_new_workflow_execution"


def test_what_was_due_while_nobody_was_there_is_looked_at_at_once() -> None:
    """The next alarm is counted from the last record, not from now."""
    late = VirtualClock(engine_at=BEGUN, supervised_at=at("05-20 09:00"))
    run = Answered(SupervisionInput(clock=late, state=state_at("04-26 10:00"), dated=at("04-26 10:00")))
    run.come_to_rest()
    assert run.alarm_in == timedelta()


def test_a_replay_has_the_answers_and_papers_that_were_recorded() -> None:
    """All answers of the run in order, the papers of the last record; an auditor compares them with the ledger's."""
    acts = [request(SignReceipt, None), request(ReportProgress)]
    run = Answered(given_to_start())
    run.come_to_rest()
    for number, act in enumerate(acts):
        run.hear([(UPDATE, (str(number), act.model_dump(mode="json")))])
        run.come_to_rest()
    again = Answered(given_to_start(), history=run.answers)
    again.come_to_rest()
    assert again.workflow.last_papers == run.asked[0].papers != ()
    for number, act in enumerate(acts):
        again.hear([(UPDATE, (str(number), act.model_dump(mode="json")))])
        again.come_to_rest()
    assert [name for name, _ in again.workflow.recorded_answers] == [act.request_id for act in acts]
    assert again.workflow.last_papers == ()
    assert run.workflow.recorded_answers == []


def test_before_the_first_record_there_is_nothing_to_show() -> None:
    """A question is told that nothing is recorded yet, and the engine's page is empty."""
    run = Answered(given_to_start())
    assert run.workflow.page() == ""
    with pytest.raises(ApplicationError) as refused:
        run.workflow.state()
    assert (refused.value.message, refused.value.type) == (NOT_RECORDED_YET, NOT_RECORDED_YET)


def test_a_closed_project_ends_with_how_it_stands() -> None:
    """Everything was withdrawn: the workflow ends, and says with which stage and how many events."""
    run = Answered(given_to_start())
    run.come_to_rest()
    run.hear([("command", (request(Withdraw, None).model_dump(mode="json"),))])
    run.come_to_rest()
    ended = run.told[-1].complete_workflow_execution.result
    (result,) = CONVERTER().from_payloads([ended], [SupervisionResult])
    assert result.stage == "withdrawn"
    assert result.events == sum(len(each.events) for each in run.asked)
    assert [(each.ends, len(each.taken)) for each in run.asked[-2:]] == [(False, 1), (True, 0)]


def test_an_act_is_refused_for_what_came_with_it_before_anything_is_recorded() -> None:
    """Two receipts in one task: the second one is turned away at the door, and stands in no history."""
    first, second = [(UPDATE, (str(n), request(SignReceipt, None).model_dump(mode="json"))) for n in range(2)]
    run = Answered(given_to_start())
    run.come_to_rest()
    assert run.hear([first, second]) == [first]
    run.come_to_rest()
    assert "CommandRejected" not in {event.type for event in run.asked[-1].events}


def test_a_project_without_a_next_instant_sets_no_alarm() -> None:
    """Its milestone has no date and all have signed: it waits for what arrives alone."""
    state = lone(milestone(due_on=None, starts_on=None)).state
    run = Answered(SupervisionInput(clock=CLOCK, state=state, dated=START))
    run.come_to_rest()
    assert run.next_alarm == []
    run.hear([SIGNAL])
    run.come_to_rest()
    assert [event.type for event in run.asked[-1].events] == ["ProgressReported"]
