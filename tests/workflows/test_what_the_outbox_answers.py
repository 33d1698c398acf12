"""What a mailbox makes of the outbox's answers, without an engine: when it sends, looks again and ends."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.exceptions import ActivityError, ApplicationError

from domain.clock import OFFICE_TIME, VirtualClock
from domain.ports.actions import DeliverDigest, MailKeeps, MailQuery, MailWaiting
from domain.rules.calendar import CalendarYear, WorkingCalendar
from tests.domain.samples import CALENDAR, START, WHOLE_LIFE, at, days
from tests.workflows.activations import BEGUN, CONVERTER, InMemory
from workflows.activity_options import UNTIL_IT_WORKS
from workflows.department_mailbox import DepartmentMailbox
from workflows.inputs import MailboxInput

CLOCK = VirtualClock(engine_at=BEGUN, supervised_at=START)
MOVED = WorkingCalendar(years=(CalendarYear(year=2018, days_off=days("0426", "0427"), makeup_working_days=()),))
SECTION = WHOLE_LIFE.life_cycle.supervision_section


class Mailbox(InMemory):
    """A mailbox for which so many papers wait; some looks and digests are answered otherwise."""

    def __init__(self, *answers: Any, papers: int = 0, addressee: str = "财务部", **given: Any) -> None:
        self._answers, self._papers = [*answers], papers
        self.looks: list[MailQuery] = []
        self.digests: list[DeliverDigest] = []
        facts = {"addressee": addressee, "policy": WHOLE_LIFE, "calendar": CALENDAR, "clock": CLOCK} | given
        super().__init__(DepartmentMailbox, MailboxInput.model_validate(facts))
        self.come_to_rest()

    def answer_to(self, command: WorkflowCommand) -> Any:
        """The outbox's answer, or how many papers a digest had."""
        local = command.HasField("schedule_local_activity")
        asked = command.schedule_local_activity if local else command.schedule_activity
        if asked.activity_type == "deliver_digest":
            self.digests += CONVERTER().from_payloads(list(asked.arguments), [DeliverDigest])
            return self._answers.pop(0) if self._answers else 1
        (query,) = CONVERTER().from_payloads(list(asked.arguments), [MailQuery])
        self.looks.append(query)
        if self._answers:
            return self._answers.pop(0)
        return MailWaiting(papers=self._papers, now=query.now, ends=query.ends, heard=query.heard)

    def collect(self) -> None:
        """Have it look now."""
        self.hear([("collect", ())])
        self.come_to_rest()


def waiting(now: datetime, papers: int = 0, **more: Any) -> MailWaiting:
    """The outbox's answer as of an instant."""
    return MailWaiting(papers=papers, now=now, heard=0, **more)


def morning(text: str) -> str:
    """What the engine's page says of an alarm."""
    return f"汇总发送 {text}"


def test_what_it_keeps_is_asked_about_whenever_it_wakes() -> None:
    """The ledger vouches for hours and calendar, whether somebody signalled a change or a newer list has others."""
    box = Mailbox()
    box.collect()
    box.hear([("use_calendar", (MOVED,))])
    box.come_to_rest()
    box.collect()
    kept = [look.keeps for look in box.looks]
    assert [each and each.calendar for each in kept] == [CALENDAR, CALENDAR, MOVED, MOVED]
    first = kept[0]
    assert first is not None
    assert (first.policy, first.clock, first.at) == (box.looks[0].keeps.policy, CLOCK, BEGUN)  # type: ignore[union-attr]
    assert [look.heard for look in box.looks] == [0, 1, 2, 3]
    assert [look.now.astimezone(OFFICE_TIME) - START for look in box.looks] == [timedelta(minutes=n) for n in range(4)]


def test_a_mailbox_that_was_given_another_calendar_keeps_the_ledger_s() -> None:
    """Hours, calendar and clock: it looks again with them, and wakes by them."""
    own = VirtualClock(engine_at=BEGUN, supervised_at=at("04-27 07:00"))
    keeps = MailKeeps(
        policy=WHOLE_LIFE.model_copy(update={"digest_at": time(10)}),
        calendar=CALENDAR,
        clock=own,
        at=BEGUN,
    )
    box = Mailbox(waiting(START, keeps=keeps), calendar=MOVED)
    again = box.looks[1]
    assert again.keeps is None
    assert again.now.astimezone(OFFICE_TIME) == at("04-27 07:00")
    assert box.summaries[-1] == morning("2018-04-27 10:00")


@pytest.mark.parametrize(
    ("now", "next_one"),
    [
        ("04-25 08:59", "2018-04-25 09:00"),
        ("04-25 09:00", "2018-04-26 09:00"),
        ("04-25 09:01", "2018-04-26 09:00"),
        ("04-27 12:00", "2018-04-28 09:00"),
        ("04-29 12:00", "2018-05-02 09:00"),
    ],
)
def test_it_wakes_on_the_next_working_morning(now: str, next_one: str) -> None:
    """The same day before the hour of the digest, otherwise the next day on which somebody is there."""
    clock = VirtualClock(engine_at=BEGUN, supervised_at=at(now))
    box = Mailbox(clock=clock)
    assert box.summaries == ["待发文书", morning(next_one)]
    assert box.alarm_in == datetime.fromisoformat(f"{next_one}:00+08:00") - at(now)


def test_a_look_is_never_earlier_than_the_alarm_that_it_follows() -> None:
    """Whatever clock the engine's library shows then."""
    box = Mailbox()
    box.behind = timedelta(days=2)
    box.hear(box.next_alarm)
    box.come_to_rest()
    assert box.looks[-1].now.astimezone(OFFICE_TIME) == at("04-26 09:00")


def test_digests_of_one_second_have_names_of_their_own() -> None:
    """A second look in the same second is no repeat of the first; in another second it is the first again."""
    same, other = at("04-25 10:00"), at("04-25 10:01")
    box = Mailbox(*(each for now in (same, same, same, other) for each in (waiting(now, papers=1), 1)))
    for _ in range(3):
        box.collect()
    names = [each.digest_id for each in box.digests]
    assert names == [f"财务部/2018-04-25T{text}" for text in ("100000", "100000-2", "100000-3", "100100")]


@pytest.mark.parametrize(("addressee", "most"), [("财务部", WHOLE_LIFE.life_cycle.papers_per_month), (SECTION, None)])
def test_a_digest_goes_out_until_the_office_closes(addressee: str, most: int | None) -> None:
    """It names its addressee, its instant and the month's cap, and is tried until closing time."""
    box = Mailbox(papers=1, addressee=addressee)
    (digest,) = box.digests
    assert (digest.addressee, digest.now.astimezone(OFFICE_TIME), digest.papers_per_month) == (addressee, START, most)
    assert box.summaries == ["待发文书", morning("2018-04-25 09:00"), morning("2018-04-26 09:00")]
    (sent,) = [each.schedule_activity for each in box.told if each.HasField("schedule_activity")]
    closes = datetime.combine(START, WHOLE_LIFE.working_hours_close, OFFICE_TIME)
    assert sent.schedule_to_close_timeout.ToTimedelta() == closes - START
    assert sent.start_to_close_timeout.ToTimedelta() == UNTIL_IT_WORKS["start_to_close_timeout"]
    assert sent.retry_policy.maximum_interval.ToTimedelta() == UNTIL_IT_WORKS["retry_policy"].maximum_interval


def test_a_digest_that_did_not_go_out_is_told_to_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which one and why; the mailbox waits for the next morning."""
    # Whoever set up the log of a program in this process before: here the library's own logger is listened to.
    log = logging.getLogger("temporalio.workflow")
    caplog.set_level(logging.WARNING, log.name)
    monkeypatch.setattr(log, "disabled", False)
    monkeypatch.setattr(log, "propagate", False)
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    late = ActivityError(
        "", scheduled_event_id=1, started_event_id=2, identity="", activity_type="", activity_id="", retry_state=None
    )
    late.__cause__ = ApplicationError("磁盘已满")
    box = Mailbox(waiting(START, papers=1), late)
    (told,) = [record for record in caplog.records if record.msg.startswith("digest_not_out_today")]
    assert (told.__dict__["digest"], told.__dict__["reason"]) == ("财务部/2018-04-25T090000", "磁盘已满")
    assert box.summaries[-1] == morning("2018-04-26 09:00")


def test_an_outbox_that_does_not_answer_is_asked_in_another_way_and_then_anew() -> None:
    """The answer that came late was for another instant."""
    box = Mailbox(ApplicationError("磁盘已满"), waiting(START))
    assert [each.partition(" ")[0] for each in box.commands[:3]] == [
        "schedule_local_activity",
        "schedule_activity",
        "schedule_local_activity",
    ]
    assert box.looks[0] == box.looks[1]
    assert box.summaries == ["待发文书"] * 3 + [morning("2018-04-26 09:00")]


def test_a_run_ends_at_its_limit_and_the_next_one_has_what_it_keeps() -> None:
    """At the very event of the limit, with all that was told."""
    box = Mailbox(history_limit=23)
    while len(box.looks) < 4:
        box.collect()
    assert not any(look.ends for look in box.looks)
    box.hear([("use_calendar", (MOVED,))])
    box.come_to_rest()
    assert box.looks[-1].ends
    after = box.told[-1].continue_as_new_workflow_execution
    (given,) = CONVERTER().from_payloads(list(after.arguments), [MailboxInput])
    assert (given.calendar, given.addressee, given.clock) == (MOVED, "财务部", CLOCK)


def test_an_answer_that_does_not_say_what_it_took_took_all() -> None:
    """Histories of before have such answers: what was heard until the question is taken."""
    box = Mailbox(MailWaiting(papers=0, now=START))
    box.hear([("use_calendar", (MOVED,))])
    box.come_to_rest()
    assert [look.heard for look in box.looks] == [0, 1]
    assert box.summaries[-1] == morning("2018-04-30 09:00")
