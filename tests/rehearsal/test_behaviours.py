"""The scripts of a rehearsal: which behaviours there are, and which acts each of them plays."""

from __future__ import annotations

from datetime import date

import pytest

from application.office.starting import Year
from application.rehearsing.behaviours import (
    Act,
    Behaviour,
    UnreadableBehaviourError,
    behaviour_of,
    last_instant,
    script,
)
from domain.acts.commands import (
    AcceptCompletion,
    CloseYear,
    Command,
    IssueDirective,
    PublishBulletin,
    ReportProgress,
    RequestCompletion,
    SignReceipt,
    StrikeOff,
)
from domain.clock import VirtualClock
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, at
from tests.rehearsal.notice_2018 import BORN_LATE, the_list

START = at("04-25 09:00")


def year(policy: SupervisionPolicy | None = None) -> Year:
    """The year of the real list."""
    return Year(listed=the_list(), policy=policy or SupervisionPolicy(), calendar=CALENDAR, clock=VirtualClock())


def acts_of(behaviour: str, command: type[Command], *, lead: bool | None = None) -> list[Act]:
    """The acts of one kind that a behaviour plays, of leads or of participants only where that is asked."""
    leads = {project.project_id: project.lead_department for project in the_list().projects}
    return [
        act
        for act in script(year(), behaviour_of(behaviour, the_list()), START)
        if isinstance(act.command, command) and lead in (None, act.command.by.department == leads[act.project_id])
    ]


def requests(behaviour: str) -> dict[str, Act]:
    """The completion requests of the leads that a behaviour plays, by milestone."""
    found = {}
    for act in acts_of(behaviour, RequestCompletion, lead=True):
        assert isinstance(act.command, RequestCompletion)
        found[act.command.milestone_id] = act
    return found


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("on-time", Behaviour(kind="on-time")),
        ("silent", Behaviour(kind="silent")),
        ("late:0", Behaviour(kind="late")),
        ("mixed", Behaviour(kind="mixed")),
        ("late:12", Behaviour(kind="late", days=12)),
        ("silent:组织部", Behaviour(kind="silent", department="组织部")),
        ("silent:省青少所", Behaviour(kind="silent", department="省青少所")),
    ],
)
def test_a_behaviour_is_read_from_its_text(text: str, behaviour: Behaviour) -> None:
    """The four that the command offers."""
    assert behaviour_of(text, the_list()) == behaviour


@pytest.mark.parametrize(
    "text", ["", "late", "late:", "late:-1", "late:x", "late:1000", "silent:", "silent:财务部", "On-Time"]
)
def test_what_is_no_behaviour_is_refused_with_what_is_allowed(text: str) -> None:
    """An unknown word, a number that is none, a department without a duty in this list."""
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
    parts, lead = own[:2], own[2:]
    assert {act.command.by.department for act in parts} == {"基层工作部", "学校部"}
    assert [type(act.command) for act in lead] == [RequestCompletion, AcceptCompletion, StrikeOff]
    assert lead[1].command.by != lead[2].command.by


def test_who_is_on_time_signs_on_the_first_working_day_and_who_is_late_after_the_limit() -> None:
    """One signature for each department of each project, participants too."""
    departments = sum(1 + len(project.participating_departments) for project in the_list().projects)
    on_time = acts_of("on-time", SignReceipt)
    assert len(on_time) == departments
    assert {act.at for act in on_time} == {at("04-26 10:00")}
    assert {act.at for act in acts_of("late:4", SignReceipt)} == {at("05-02 10:00")}


def test_who_is_late_beyond_the_last_answer_signs_before_it() -> None:
    """A project that is over takes no signature any more."""
    last: dict[str, Act] = {act.project_id: act for act in acts_of("late:300", RequestCompletion, lead=True)}
    signed = acts_of("late:300", SignReceipt)
    assert signed
    assert all(act.at < last[act.project_id].at for act in signed)


def test_who_is_on_time_reports_each_period_and_the_number_before_each_day_of_a_warning() -> None:
    """Every two months, the last day of work of each period that was not over; what is counted, before the mark."""

    def told(milestone_id: str) -> list[tuple[str, int | None, int | None]]:
        found = []
        for act in acts_of("on-time", ReportProgress):
            assert isinstance(act.command, ReportProgress)
            if act.command.milestone_id == milestone_id:
                found.append((f"{act.at:%m-%d}", act.command.period, act.command.quantity))
        return found

    assert told("2018-09-01") == [
        ("04-28", 2, 1), ("06-29", 3, 2), ("06-29", None, 3), ("08-31", 4, 3), ("09-30", None, 4), ("10-31", 5, 4),
    ]  # fmt: skip
    assert told("2018-11-04") == [("06-29", 2, None), ("09-30", 3, None)]
    assert told("2018-01-05") == [("08-30", None, 152), ("09-14", None, 236)]
    assert told("2018-04-01") == []


def test_a_silent_department_leaves_its_parts_undone_too() -> None:
    """It signs nothing, reports nothing and delivers no part; the others deliver theirs."""
    acts = script(year(), behaviour_of("silent:组织部", the_list()), START)
    assert not [act for act in acts if act.command.by.department == "组织部"]
    delivered = {act.command.by.department for act in acts_of("silent:组织部", RequestCompletion, lead=False)}
    assert delivered == {"基层工作部", "学校部", "少年部", "省团校", "省青少所", "宣传部", "办公室"}


def test_a_rehearsal_ends_when_nothing_can_come_due_any_more() -> None:
    """After the red order of the last milestone, were it never answered: ten working days after New Year's Day."""
    assert last_instant(year(), START) == at("2019-01-16 00:00")


def test_the_rows_of_a_mixed_year_go_their_ways_in_turn() -> None:
    """Returned, asking, silent, urged; only what the office adds may be left out where a row refuses it."""
    acts = script(year(), Behaviour(kind="mixed"), START)
    assert acts == sorted(acts, key=lambda act: (act.at, act.project_id, act.command.request_id))
    kinds: dict[str, set[str]] = {}
    for act in acts:
        kinds.setdefault(act.project_id, set()).add(type(act.command).__name__)
    first, second, third, fourth = (kinds[project.project_id] for project in the_list().projects[:4])
    assert first >= {"ReturnForRework", "AcceptCompletion", "StrikeOff"}
    assert second >= {"RequestExtension", "ReviewExtension", "RuleOnExtension", "IssueDirective"}
    assert third == {"OpenInspection", "RecordFinding", "ConcludeInspection", "PublishBulletin", "CloseYear"}
    assert fourth >= {"Urge", "PublishBulletin", "StrikeOff"}
    praised = {act.project_id: act.at.date() for act in acts if getattr(act.command, "kind", "") == "praise"}
    ends = {p.project_id: max(m.due_on for m in p.milestones if m.due_on) for p in the_list().projects[3::4]}
    assert praised.keys() == ends.keys()
    assert all(praised[project_id] < end for project_id, end in ends.items()), "it would be refused"
    departments = {type(act.command) for act in acts if not act.may_be_refused}
    assert not departments & {IssueDirective, PublishBulletin, CloseYear}
