"""What a mailbox asks for does not depend on the portions in which it hears what arrives.

A worker that was too busy for a task has heard a part of what the task's second attempt brings; a cold replay hears all
of it at once. Both must come to the same commands, or the mailbox stands still for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.ports.actions import MailQuery, MailWaiting
from domain.rules.calendar import CalendarYear, WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, days
from tests.workflows.activations import ALARM, CONVERTER, Arrival, InMemory
from workflows.department_mailbox import DepartmentMailbox
from workflows.inputs import MailboxInput

_MOVED = WorkingCalendar(
    years=(CalendarYear(year=2018, days_off=days("0503", "0504", "0507"), makeup_working_days=()),)
)
_NEXT_YEAR = WorkingCalendar(years=(CalendarYear(year=2019, days_off=days("2019-01-01"), makeup_working_days=()),))
_ARRIVALS: list[Arrival] = [
    ("collect", ()),
    ("use_calendar", (_MOVED,)),
    ("use_calendar", (CALENDAR,)),
    ("know_years", (_NEXT_YEAR,)),
    (ALARM, ()),
]
_PORTIONS = st.lists(st.sampled_from(_ARRIVALS), min_size=1, max_size=2)
_TASKS = st.lists(st.lists(_PORTIONS, min_size=1, max_size=3), min_size=1, max_size=5)


class Mailbox(InMemory):
    """A mailbox whose looks are answered: by an outbox with so many papers, or as a history has it."""

    def __init__(
        self, papers: int, history: dict[int, MailWaiting] | None = None, signals: Sequence[Arrival] = ()
    ) -> None:
        self._papers, self._history = papers, history
        self.answers: dict[int, MailWaiting] = {}
        given = MailboxInput(addressee="财务部", policy=SupervisionPolicy(), calendar=CALENDAR)
        super().__init__(DepartmentMailbox, given, signals)

    def come_to_rest(self, upto: int | None = None) -> None:
        """Answer what it asks for until it asks for nothing, or for nothing up to this number."""
        while waiting := [seq for seq in self.asked if upto is None or seq <= upto]:
            look = self.asked[waiting[0]].schedule_local_activity
            self.answer(waiting[0], self._answered(waiting[0], list(look.arguments)) if look.seq else 1)

    def _answered(self, seq: int, arguments: list[Any]) -> MailWaiting:
        (query,) = CONVERTER().from_payloads(arguments, [MailQuery])
        answer = MailWaiting(papers=self._papers, now=query.now, ends=query.ends, heard=query.heard)
        if self._history is not None:
            assert seq in self._history, f"the history has no look {seq}"
            answer = self._history[seq]
        self.answers[seq] = answer
        return answer


@dataclass
class Task:
    """What came in one task of the engine, by portions, and the last look that the first portion had begun."""

    portions: list[list[Arrival]]
    begun: int = 0

    def at_once(self) -> list[Arrival]:
        """All of it."""
        return [arrival for portion in self.portions for arrival in portion]


def played(drawn: Sequence[Sequence[list[Arrival]]], papers: int) -> tuple[Mailbox, list[Task]]:
    """A mailbox that heard each task in its portions, and what there really was to hear."""
    mailbox, tasks = Mailbox(papers), []
    for portions in drawn:
        tasks.append(task := Task([]))
        for portion in portions:
            task.portions.append(_that_can_come(mailbox, portion))
            mailbox.hear(task.portions[-1])
            task.begun = task.begun or max(mailbox.asked, default=0)
        mailbox.come_to_rest()
    return mailbox, tasks


def _that_can_come(mailbox: Mailbox, portion: list[Arrival]) -> list[Arrival]:
    """An alarm goes off once, and only one that was set."""
    alarm = [(ALARM, (seq,)) for seq in mailbox.alarms()[:1] if (ALARM, ()) in portion]
    return [arrival for arrival in portion if arrival != (ALARM, ())] + alarm


@given(drawn=_TASKS, papers=st.integers(0, 1))
def test_what_is_heard_by_portions_and_at_once_comes_to_the_same(drawn: list[list[list[Arrival]]], papers: int) -> None:
    """A task's second attempt reaches a worker that has begun with it; a replay hears the whole task at once."""
    original, tasks = played(drawn, papers)
    # The first task begins the mailbox.
    replay = Mailbox(papers, original.answers, tasks[0].at_once())
    replay.come_to_rest()
    for task in tasks[1:]:
        replay.hear(task.at_once())
        replay.come_to_rest()
    assert replay.commands == original.commands


@given(drawn=_TASKS, papers=st.integers(0, 1))
def test_a_look_that_outlasts_its_task_comes_to_the_same(drawn: list[list[list[Arrival]]], papers: int) -> None:
    """The look's answer stands in a later task; a replay goes on from it before it hears what that task brought."""
    original, tasks = played(drawn, papers)
    replay = Mailbox(papers, original.answers)
    replay.come_to_rest(1)
    for task in tasks:
        for portion in task.portions:
            replay.hear(portion)
            replay.come_to_rest(task.begun)
        replay.come_to_rest()
    assert replay.commands == original.commands
