"""What a mailbox asks for does not depend on the portions in which it hears what arrives.

A worker that was too busy for a task has heard a part of what the task's second attempt brings; a cold replay hears all
of it at once. Both must come to the same commands, or the mailbox stands still for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from temporalio.bridge.proto.workflow_commands import WorkflowCommand

from domain.ports.actions import MailQuery, MailWaiting
from domain.rules.calendar import CalendarYear, WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, days
from tests.workflows.activations import ALARM, CONVERTER, Arrival, InMemory, gone_on_with, heard_at_once, played
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
    """A mailbox for which so many papers wait."""

    def __init__(self, papers: int, history: dict[int, Any] | None = None, arrivals: Sequence[Arrival] = ()) -> None:
        self._papers = papers
        given = MailboxInput(addressee="财务部", policy=SupervisionPolicy(), calendar=CALENDAR)
        super().__init__(DepartmentMailbox, given, history, arrivals)

    def answer_to(self, command: WorkflowCommand) -> Any:
        """The outbox's answer; a digest that goes out has one paper."""
        if command.HasField("schedule_activity"):
            return 1
        (query,) = CONVERTER().from_payloads(list(command.schedule_local_activity.arguments), [MailQuery])
        return MailWaiting(papers=self._papers, now=query.now, ends=query.ends, heard=query.heard)


@given(drawn=_TASKS, papers=st.integers(0, 1))
def test_what_is_heard_by_portions_and_at_once_comes_to_the_same(drawn: list[list[list[Arrival]]], papers: int) -> None:
    """A task's second attempt reaches a worker that has begun with it; a replay hears the whole task at once."""
    tasks = played(original := Mailbox(papers), drawn)
    assert heard_at_once(partial(Mailbox, papers), original, tasks) == original.commands


@given(drawn=_TASKS, papers=st.integers(0, 1))
def test_a_look_that_outlasts_its_task_comes_to_the_same(drawn: list[list[list[Arrival]]], papers: int) -> None:
    """The look's answer stands in a later task; a replay goes on from it before it hears what that task brought."""
    tasks = played(original := Mailbox(papers), drawn)
    assert gone_on_with(partial(Mailbox, papers), original, tasks) == original.commands
