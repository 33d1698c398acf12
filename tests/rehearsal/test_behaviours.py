"""The scripts of a rehearsal: which behaviours there are, and which acts each of them plays."""

from __future__ import annotations

from datetime import date

import pytest

from domain.calendar import WorkingCalendar
from domain.clock import VirtualClock
from domain.commands import AcceptCompletion, RequestCompletion, StrikeOff
from domain.policy import SupervisionPolicy
from entrypoints.rehearsal import Act, Behaviour, UnreadableBehaviourError, behaviour_of, last_instant, script
from entrypoints.year import Year
from tests.domain.samples import CALENDAR, at
from tests.rehearsal.notice_2018 import BORN_LATE, the_list

START = at("04-25 09:00")


def year(calendar: WorkingCalendar = CALENDAR) -> Year:
    """The year of the real list."""
    return Year(listed=the_list(), policy=SupervisionPolicy(), calendar=calendar, clock=VirtualClock())


def requests(behaviour: str) -> dict[str, Act]:
    """The completion requests that a behaviour plays, by milestone."""
    acts = script(year(), behaviour_of(behaviour, the_list()), START)
    return {act.command.milestone_id: act for act in acts if isinstance(act.command, RequestCompletion)}


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("on-time", Behaviour(kind="on-time")),
        ("silent", Behaviour(kind="silent")),
        ("late:0", Behaviour(kind="late")),
        ("late:12", Behaviour(kind="late", days=12)),
        ("silent:组织部", Behaviour(kind="silent", department="组织部")),
    ],
)
def test_a_behaviour_is_read_from_its_text(text: str, behaviour: Behaviour) -> None:
    """The four that the command offers."""
    assert behaviour_of(text, the_list()) == behaviour


@pytest.mark.parametrize(
    "text", ["", "late", "late:", "late:-1", "late:x", "late:1000", "silent:", "silent:财务部", "On-Time"]
)
def test_what_is_no_behaviour_is_refused_with_what_is_allowed(text: str) -> None:
    """An unknown word, a number that is none, a department that leads nothing in this list."""
    with pytest.raises(UnreadableBehaviourError) as refused:
        behaviour_of(text, the_list())
    assert "late:天数" in refused.value.text or "组织部" in refused.value.text


def test_nobody_acts_when_all_are_silent_and_all_but_one_department_when_one_is() -> None:
    """The silent department's milestones are the ones without a request, those born late included."""
    assert requests("silent") == {}
    quiet = {m.milestone_id for p in the_list().projects if p.lead_department == "组织部" for m in p.milestones}
    everything = {m.milestone_id for p in the_list().projects for m in p.milestones}
    assert set(requests("silent:组织部")) == everything - quiet


def test_who_is_on_time_answers_on_a_working_day_that_is_not_after_the_due_date() -> None:
    """Due on a day off, the answer comes on the last working day before it; what was born late is reported soon."""
    acts = requests("on-time")
    assert acts["2018-02-03"].at == at("04-28 10:00")
    assert acts["2018-01-02"].at == at("12-29 10:00")
    assert {acts[milestone_id].at for milestone_id in BORN_LATE} == {at("04-28 10:00")}
    assert all(CALENDAR.is_working_day(act.at.date()) for act in acts.values())


def test_who_is_late_answers_so_many_days_after_the_due_date() -> None:
    """Calendar days, and the work is said to have been done on the due date."""
    act = requests("late:4")["2018-02-04"]
    assert act.at == at("06-04 10:00")
    assert isinstance(act.command, RequestCompletion)
    assert act.command.done_on == date(2018, 5, 31)


def test_every_request_is_accepted_and_struck_off_by_another_person() -> None:
    """Three acts for each milestone, in order, by two persons."""
    acts = script(year(), Behaviour(kind="on-time"), START)
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    own = [act for act in acts if getattr(act.command, "milestone_id", None) == "2018-02-04"]
    assert [type(act.command) for act in own] == [RequestCompletion, AcceptCompletion, StrikeOff]
    assert own[1].command.by != own[2].command.by


def test_a_rehearsal_ends_when_nothing_can_come_due_any_more() -> None:
    """After the red order of the last milestone, were it never answered."""
    assert last_instant(year(), START) == at("2019-01-15 00:00")
