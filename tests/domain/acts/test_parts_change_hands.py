"""Parts go over with the duty that they are parts of; what becomes of a part is known in its whole."""

from __future__ import annotations

from typing import Any

import pytest

from domain.actors import department
from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    ChangeAssigningDepartment,
    DecomposeDuty,
    NoteSubDuty,
    ReassignLead,
    ReplaceParticipant,
    RequestCompletion,
    SignReceipt,
    Urge,
    Withdraw,
)
from domain.acts.rejections import (
    NoSuchPartError,
    NotAnOperatorError,
    NotTheAssigningError,
    UnitHasDutyError,
    UnitIsAboveError,
)
from domain.events import (
    AssigningDepartmentChanged,
    LimitEscalated,
    SubDutiesHandedOver,
    SubDutyReassigned,
    SubDutyRestored,
    SubDutyWithdrawn,
)
from domain.lists.sub_duties import above_of, never_started, sub_duties_of
from domain.lists.whole_after import whole_after
from domain.rules.of_sub_duties import rules_below, turned_over
from domain.seeing.sub_duties import sub_duties_seen
from domain.seeing.views import view_of
from domain.state import ProjectState
from tests.domain.acts.test_decisions import refuse
from tests.domain.acts.test_decomposing import CITY, ZHANG, below, given, own
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, PROJECT, SECOND, Desk, key_project, milestone, request

NEW, TO = department("统战部", "钱二"), ("统战部",)
WHY = "上级任务已由统战部接办"


def givers(state: ProjectState) -> dict[str, str]:
    """Who supervises each part, as its whole tells."""
    return {each.project_id: each.by for _, each in sub_duties_of(state)}


def given_desk(**facts: Any) -> Desk:
    """A project whose lead gave its first milestone to three cities."""
    desk = Desk(milestone(1), milestone(2))
    given(desk, **facts)
    return desk


def reassigned(desk: Desk, to: str = "统战部") -> Desk:
    """The same under another lead."""
    desk.ask(request(ReassignLead, None, by=LI, to=to, reason="分工调整"))
    return desk


def moved(city: Desk, *above: str) -> Desk:
    """A part upon which it follows."""
    city.ask(request(ChangeAssigningDepartment, None, by=LI, above=above or TO, reason=WHY))
    return city


def noted(desk: Desk, *, by: object = LI, **facts: Any) -> None:
    """The whole hears of its second part."""
    about = {"sub_duty": "2018-05a_01_02", "unit": "乙市", "withdrawn": True}
    desk.ask(request(NoteSubDuty, FIRST, by=by, **{**about, **facts}))


def test_a_new_lead_supervises_what_the_old_one_gave_and_both_read_which_parts() -> None:
    """One event names the parts; the one order to the new lead, in copy to the old one, says how many and whose."""
    desk = reassigned(given_desk())
    (event,) = desk.of(SubDutiesHandedOver)
    assert (event.before, event.department, len(event.parts)) == ("组织部", "统战部", 3)
    assert set(givers(desk.state).values()) == {"统战部"}
    order = desk.papers[-1]
    assert (order.to, "组织部" in order.copies_to) == ("统战部", True)
    assert "组织部分解的3项任务（甲市、乙市、丙市）转由统战部督办" in order.body
    assert [paper.kind for paper in desk.papers].count("status_notice") == 0


def test_an_amended_list_hands_the_parts_over_too() -> None:
    """Another lead, and a participant that the list drops: what each had given goes to who leads now."""
    desk = given_desk()
    given(desk, by=PARTICIPANT, units=("戊市",))
    wanted = key_project([milestone(1), milestone(2)], lead="统战部").having(participating_departments=())
    command = request(AmendProject, None, by=LI, basis="依据新清单", project=wanted)
    foreseen = whole_after(desk.state, command)
    desk.ask(command)
    assert [(each.before, each.department) for each in desk.of(SubDutiesHandedOver)] == [
        ("组织部", "统战部"),
        ("宣传部", "统战部"),
    ]
    assert givers(desk.state) == givers(foreseen)
    assert set(givers(desk.state).values()) == {"统战部"}
    assert {"组织部", "宣传部"} <= set(desk.papers[-1].copies_to)
    assert "宣传部分解的1项任务（戊市）转由统战部督办" in desk.papers[-1].body


@pytest.mark.parametrize(("to", "who"), [("统战部", "统战部"), (None, "组织部")])
def test_a_participant_s_parts_go_to_who_takes_its_duty_or_to_the_lead(to: str | None, who: str) -> None:
    """In the milestone from which it is released, and in no other; both read it in a notice."""
    desk = Desk(milestone(1), milestone(2))
    for milestone_id in (FIRST, SECOND):
        given(desk, by=PARTICIPANT, milestone_id=milestone_id, units=("戊市",))
    command = request(ReplaceParticipant, FIRST, by=LI, department="宣传部", to=to, reason="分工调整")
    foreseen = whole_after(desk.state, command)
    desk.ask(command)
    assert givers(desk.state) == {"2018-05a_01_01": who, "2018-05a_02_01": "宣传部"} == givers(foreseen)
    notice = desk.papers[-1]
    assert (notice.kind, notice.to, notice.copies_to) == ("status_notice", who, ("宣传部",))
    assert f"的分解任务：宣传部分解的1项任务（戊市）转由{who}督办" in notice.body


def test_what_the_new_lead_gave_itself_stays_its_own() -> None:
    """A participant that becomes the lead keeps its parts beside those that it takes over."""
    desk = given_desk()
    given(desk, by=PARTICIPANT, units=("戊市",))
    reassigned(desk, "宣传部")
    assert set(givers(desk.state).values()) == {"宣传部"}
    assert len(desk.of(SubDutiesHandedOver)[0].parts) == 3


def test_a_part_of_the_new_lead_itself_goes_into_the_whole() -> None:
    """It would supervise itself: the paper says that this part ends, and it is never started."""
    desk = given_desk(units=("甲市", "统战部"))
    reassigned(desk)
    said = "组织部分解的1项任务（甲市）转由统战部督办；"
    said += "统战部承担的分解任务 2018-05a_01_02 并入上级任务一并办理，不再单列（随之撤销）"
    assert said in desk.papers[-1].body
    assert [each.unit for _, each in never_started(desk.state, ())] == ["甲市"]


def test_who_took_over_supervises_the_part_and_the_one_before_no_more() -> None:
    """It urges, reviews and withdraws from that instant; the old lead is refused and told whose it is."""
    city = moved(below(given_desk()))
    for act in (Urge, Withdraw):
        refuse(city, NotTheAssigningError, request(act, own(city), by=ZHANG), None)
    city.ask(request(Urge, own(city), by=NEW))
    city.ask(request(RequestCompletion, own(city), by=CITY))
    city.ask(request(AcceptCompletion, own(city), by=NEW))
    assert city[own(city)].stage == "completed"


def test_the_part_is_told_who_supervises_it_now() -> None:
    """An event of its own, a paper to the unit in the new one's name, and all later papers in that name."""
    city = below(given_desk())
    city.ask(request(SignReceipt, None, by=CITY))
    moved(city)
    (event,) = city.of(AssigningDepartmentChanged)
    assert event.words() == f"督办这项分解任务的部门由组织部改为统战部（{WHY}）"
    notice = city.papers[-1]
    assert (notice.kind, notice.to, notice.issuer) == ("status_notice", "甲市", "统战部")
    assert "原由组织部分解和督办，现由统战部督办" in notice.body
    papers = len(city.papers)
    city.run_until("12-31 12:00")
    assert {(each.issuer, each.to) for each in city.papers[papers:]} == {
        ("统战部", "甲市"),
        ("统战部", "甲市主要负责人"),
        ("统战部", "统战部"),
    }


def test_what_the_unit_had_asked_for_waits_for_the_new_one() -> None:
    """A completion under review: the same limit, another owner; where it lets it lie, the section hears of it."""
    city = below(given_desk())
    city.ask(request(SignReceipt, None, by=CITY))
    city.ask(request(RequestCompletion, own(city), by=CITY), "05-02 10:00")
    before = city.state.open_limit("completion_review", own(city), "组织部")
    moved(city)
    after = city.state.open_limit("completion_review", own(city), "统战部")
    assert before is not None
    assert after == before.having(owner="统战部")
    city.run_until("06-15 12:00")
    assert {each.to for each in city.of(LimitEscalated)} == {"督查室"}


def test_a_part_of_a_part_hears_nothing_but_counts_the_new_one_above_it() -> None:
    """Its own giver is the same: no paper; the old lead withdraws it no more, the new one may."""
    city = below(given_desk())
    city.ask(request(DecomposeDuty, own(city), by=CITY, units=("东区",)))
    district = below(city)
    papers = len(district.papers)
    moved(district, "甲市", "统战部")
    assert len(district.papers) == papers
    assert district.of(AssigningDepartmentChanged)[0].words() == f"上级部门由组织部改为统战部（{WHY}）"
    refuse(district, NotTheAssigningError, request(Withdraw, None, by=ZHANG))
    district.ask(request(Urge, own(district), by=CITY))
    district.ask(request(Withdraw, None, by=NEW))
    assert district.state.withdrawn


def test_its_rules_are_those_that_it_would_have_been_given_with() -> None:
    """At the second level and at the third."""
    desk = given_desk()
    second = [rules_below(desk.state.policy, FIRST, by) for by in ("组织部", "统战部")]
    assert turned_over(second[0], {"组织部": "统战部"}) == second[1]
    third = [rules_below(each, "2018-05a_01_01-01", "甲市") for each in second]
    assert turned_over(third[0], {"甲市": "甲市", "组织部": "统战部"}) == third[1]


def test_only_who_decides_of_the_whole_changes_who_supervises_its_parts() -> None:
    """The section, and at the third level who gave the second; no department takes a part for itself."""
    city = below(given_desk())
    for by in (ZHANG, NEW, CITY):
        refuse(city, NotAnOperatorError, request(ChangeAssigningDepartment, None, by=by, above=TO, reason=WHY))
    city.ask(request(DecomposeDuty, own(city), by=CITY, units=("东区",)))
    district = below(city)
    asked = {"above": ("丙市", "组织部"), "reason": WHY}
    refuse(district, NotTheAssigningError, request(ChangeAssigningDepartment, None, by=CITY, **asked))
    district.ask(request(ChangeAssigningDepartment, None, by=ZHANG, **asked))
    assert district.state.project.above == ("丙市", "组织部")


def test_nobody_supervises_itself() -> None:
    """A part goes to no department above it, and no unit comes to stand above its own part; a row has none above."""
    city = below(given_desk())
    refuse(city, UnitIsAboveError, request(ReassignLead, None, by=ZHANG, to="组织部", reason="收回自办"))
    refuse(city, UnitIsAboveError, request(ChangeAssigningDepartment, None, by=LI, above=("甲市",), reason=WHY))
    refuse(Desk(milestone()), NoSuchPartError, request(ChangeAssigningDepartment, None, by=LI, above=TO, reason=WHY))


def test_a_unit_whose_part_was_withdrawn_is_given_another_under_a_number_of_its_own() -> None:
    """The whole has an event of the withdrawal; the count has the unit once, and the histories stay apart."""
    desk = given_desk()
    refuse(desk, UnitHasDutyError, request(DecomposeDuty, by=LEAD, units=("乙市",)))
    noted(desk)
    assert desk.of(SubDutyWithdrawn)[0].words() == "分解给乙市的任务 2018-05a_01_02 已撤销"
    assert [each.project_id for each in given(desk, units=("乙市",)).sub_duties] == ["2018-05a_01_04"]
    refuse(desk, UnitHasDutyError, request(DecomposeDuty, by=LEAD, units=("乙市",)))
    parts = {place: below(desk, place) for place in range(4)}
    parts[1].ask(request(Withdraw, None, by=ZHANG))
    views = {each.state.project_id: view_of(each.state, each.now) for each in parts.values()}
    (seen,) = sub_duties_seen(desk.state, views, desk.now.date())
    assert (seen.parts, [line.unit for line in seen.lines]) == (3, ["甲市", "丙市", "乙市"])


def test_what_is_noted_once_is_noted_once() -> None:
    """The same again changes nothing; a part that runs again stands again; one of another's is another's."""
    desk = given_desk()
    for _ in range(2):
        noted(desk)
    for _ in range(2):
        noted(desk, withdrawn=False)
    for _ in range(2):
        noted(desk, withdrawn=False, unit="丁市")
    kinds = (SubDutyWithdrawn, SubDutyRestored, SubDutyReassigned)
    assert [len(desk.of(kind)) for kind in kinds] == [1, 1, 1]
    assert desk.of(SubDutyReassigned)[0].words() == "分解任务 2018-05a_01_02 由乙市改由丁市承担"
    refuse(desk, UnitHasDutyError, request(DecomposeDuty, by=LEAD, units=("丁市",)))
    assert [each.unit for each in given(desk, units=("乙市",)).sub_duties] == ["乙市"]


def test_a_part_that_runs_again_is_supervised_by_who_has_the_duty_now() -> None:
    """It did not stand when the others went over: it goes when it does again."""
    desk = given_desk()
    noted(desk)
    reassigned(desk)
    assert [each.unit for each in desk.of(SubDutiesHandedOver)[0].parts] == ["甲市", "丙市"]
    noted(desk, withdrawn=False)
    assert [each.unit for each in desk.of(SubDutiesHandedOver)[1].parts] == ["乙市"]
    assert set(givers(desk.state).values()) == {"统战部"}


@pytest.mark.parametrize("by", [LI, LEAD])
def test_the_section_and_who_gave_a_part_note_what_became_of_it(by: object) -> None:
    """Whoever may withdraw it; a participant of the project may not, and what was never given is refused."""
    desk = given_desk()
    refuse(desk, NotTheAssigningError, _of_the_second(PARTICIPANT))
    noted(desk, by=by)
    assert desk.of(SubDutyWithdrawn)[0].department == "组织部"
    refuse(desk, NoSuchPartError, _of_the_second(LI, f"{PROJECT}_01_09"))


def _of_the_second(by: object, sub_duty: str = f"{PROJECT}_01_02") -> Any:
    return request(NoteSubDuty, FIRST, by=by, sub_duty=sub_duty, unit="乙市", withdrawn=True)


def test_a_department_that_was_released_can_be_given_a_part() -> None:
    """What it had in the project counts no more than what was given and withdrawn."""
    desk = Desk(milestone())
    desk.ask(request(ReplaceParticipant, None, by=LI, department="宣传部", to=None, reason="分工调整"))
    assert [each.unit for each in given(desk, units=("宣传部",)).sub_duties] == ["宣传部"]


def test_the_departments_above_a_part_begin_with_who_supervises_it() -> None:
    """As its row is made, and as it changes hands."""
    desk = reassigned(given_desk())
    assert {above_of(desk.state.project, each) for _, each in sub_duties_of(desk.state)} == {TO}
