"""A department gives its duty in parts to units below it: each part is a duty of its own, under the same rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from application.audit.reconciling import _never_started
from domain.actors import department, operator
from domain.acts.commands import (
    AcceptCompletion,
    Command,
    DecomposeDuty,
    GrantGrace,
    IssueDirective,
    PublishBulletin,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReviewExtension,
    RuleOnExtension,
    SignReceipt,
    StrikeOff,
    Suspend,
    Urge,
    Withdraw,
)
from domain.acts.rejections import (
    CompletionUnderReviewError,
    NoQuotaError,
    NoSubDutyDateError,
    NotAnOperatorError,
    NotTheAssigningError,
    NotYourDutyError,
    PartBeyondWholeError,
    PastDateError,
    SubDutyAfterDutyError,
    TooManyLevelsError,
    TwoPersonsError,
    UnitHasDutyError,
)
from domain.errors import RejectedError
from domain.events import DutyDecomposed, LimitEscalated
from domain.ids import is_sub_duty, level_of, parent_milestone_of, project_of, sub_duty_id_for, supervision_workflow_id
from domain.lists.sub_duties import sub_duties_of, sub_duty_row
from domain.papers.paper import Paper
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.of_sub_duties import rules_below
from domain.rules.policy import SupervisionPolicy
from domain.seeing.sub_duties import sub_duties_seen
from domain.seeing.views import view_of
from tests.domain.acts.test_decisions import refuse
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, STRANGER, Desk, at, milestone, request

CITIES = ("甲市", "乙市", "丙市")
ZHANG, ZHAO = department("组织部", "张三"), department("组织部", "赵四")
CITY = department("甲市", "陈一")


def given(desk: Desk, by: object = LEAD, milestone_id: str = FIRST, **facts: object) -> DutyDecomposed:
    """The parts that a department gives to three cities."""
    desk.ask(request(DecomposeDuty, milestone_id, by=by, **{"units": CITIES, **facts}))
    return desk.of(DutyDecomposed)[-1]


def below(desk: Desk, place: int = 0) -> Desk:
    """A sub-duty on a desk of its own, opened at the instant at which it was given."""
    milestone_id, part = list(sub_duties_of(desk.state))[place]
    policy = rules_below(desk.state.policy, milestone_id, part.by)
    return Desk(policy=policy, project=sub_duty_row(desk.state, milestone_id, part), start=desk.now)


def own(desk: Desk) -> str:
    """The one milestone of a sub-duty."""
    return next(iter(desk.state.milestones))


def test_each_unit_has_a_duty_under_an_identity_that_names_what_it_is_a_part_of() -> None:
    """Numbered in the order in which they are given; a later act goes on counting."""
    desk = Desk(milestone())
    event = given(desk)
    assert [(each.project_id, each.unit) for each in event.sub_duties] == [
        ("2018-05a_01_01", "甲市"),
        ("2018-05a_01_02", "乙市"),
        ("2018-05a_01_03", "丙市"),
    ]
    assert event.words() == "组织部分解任务给3个单位：甲市、乙市、丙市"
    assert [each.project_id for each in given(desk, units=("丁市",)).sub_duties] == ["2018-05a_01_04"]
    for each in event.sub_duties:
        assert (is_sub_duty(each.project_id), parent_milestone_of(each.project_id)) == (True, FIRST)
    assert not is_sub_duty(project_of(FIRST))


def test_the_whole_stays_the_department_s_duty() -> None:
    """Stage, date and receipt of the milestone are what they were: giving it away is no report."""
    desk = Desk(milestone())
    before = desk[FIRST]
    given(desk)
    assert desk[FIRST].having(sub_duties=None) == before


def test_a_part_is_due_with_the_whole_or_before_it_and_says_what_it_says() -> None:
    """The department's own date and words where it says nothing else."""
    desk = Desk(milestone(quota=30))
    assert {(each.due_on, each.description, each.quota) for each in given(desk).sub_duties} == {
        (date(2018, 5, 31), "第1项工作", None)
    }
    (other,) = given(desk, units=("丁市",), text="办三场", due_on=date(2018, 5, 20), quantity=3).sub_duties
    assert (other.due_on, other.description, other.quota and other.quota.value) == (date(2018, 5, 20), "办三场", 3)


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (SubDutyAfterDutyError, {"due_on": date(2018, 6, 1)}),
        (PastDateError, {"due_on": date(2018, 4, 25)}),
        (UnitHasDutyError, {"units": ("甲市", "甲 市")}),
        (UnitHasDutyError, {"units": ("宣传部",)}),
        (UnitHasDutyError, {"units": ("组织部",)}),
        (NoQuotaError, {"quantity": 3}),
        (NotYourDutyError, {"by": STRANGER}),
    ],
)
def test_what_cannot_be_meant_is_refused(error: type[RejectedError], facts: dict[str, Any]) -> None:
    """A date after the whole's, a unit twice, a department that has its own duty there, a number of nothing."""
    refuse(Desk(milestone()), error, request(DecomposeDuty, **{"by": LEAD, "units": ("甲市",), **facts}))


@pytest.mark.parametrize("ruling", ["grant", "grace"])
def test_no_part_gets_a_later_date_than_its_whole(ruling: str) -> None:
    """Neither by an extension nor by grace; with the whole it may; a whole that is late itself bounds nothing."""
    city = below(_given_desk())
    late, ends = date(2018, 6, 29), date(2018, 6, 15)
    if ruling == "grant":
        city.ask(request(RequestExtension, own(city), by=CITY, new_due_on=late), "05-21 10:00")
        city.ask(request(ReviewExtension, own(city), by=ZHANG))
        facts: dict[str, Any] = {"ruling": "grant"}
    else:
        city.run_until("06-04 10:00")
        facts = {}
    act = RuleOnExtension if ruling == "grant" else GrantGrace
    asked = request(act, own(city), by=ZHAO, new_due_on=late, whole_due_on=ends, **facts)
    refuse(city, PartBeyondWholeError, asked, None)
    city.ask(request(act, own(city), by=ZHAO, new_due_on=ends, whole_due_on=ends, **facts))
    assert city[own(city)].answer_by == ends
    city.run_until("06-18 10:00")
    city.ask(request(GrantGrace, own(city), by=ZHAO, new_due_on=late, whole_due_on=ends, request_id="again"))
    assert city[own(city)].answer_by == late


def test_the_department_sees_which_parts_are_due_after_the_whole() -> None:
    """Days on which a clock stood still may bring a part there; what is done is no matter any more."""
    whole, city = _given_desk(), below(_given_desk())
    city.ask(request(Suspend, None, by=ZHANG, until=None), "05-14 10:00")
    city.ask(request(Resume, None, by=ZHANG), "05-21 10:00")
    (seen,) = sub_duties_seen(whole.state, {city.state.project_id: view_of(city.state, city.now)}, city.now.date())
    assert (seen.beyond, seen.parts) == (1, 3)
    city.ask(request(RequestCompletion, own(city), by=CITY))
    city.ask(request(AcceptCompletion, own(city), by=ZHANG))
    (seen,) = sub_duties_seen(whole.state, {city.state.project_id: view_of(city.state, city.now)}, city.now.date())
    assert seen.beyond == 0


@pytest.mark.parametrize(("when", "overdue"), [("07-01 10:00", 0), ("07-02 10:00", 0), ("07-03 10:00", 3)])
def test_parts_are_overdue_and_beyond_the_whole_by_the_day_that_counts(when: str, overdue: int) -> None:
    """Due on a Saturday that the rules move to the Monday, for the whole and for its parts alike."""
    policy = SupervisionPolicy(rules=MilestoneRules(due_roll="following"))
    whole = Desk(milestone(due_on=date(2018, 6, 30)), policy=policy)
    given(whole)
    cities = [below(whole, place) for place in range(len(CITIES))]
    for city in cities:
        city.run_until(when)
    views = {city.state.project_id: view_of(city.state, city.now) for city in cities}
    (seen,) = sub_duties_seen(whole.state, views, at(when).date())
    assert (seen.parts, seen.overdue, seen.beyond) == (3, overdue, 0)
    assert {line.light == "red" for line in seen.lines} == {overdue > 0}


def test_nobody_gets_two_parts_of_one_milestone() -> None:
    """The second act names a city that has a part already."""
    desk = Desk(milestone())
    given(desk)
    refuse(desk, UnitHasDutyError, request(DecomposeDuty, by=LEAD, units=("乙市",)))


def test_without_a_date_ahead_the_department_says_until_when() -> None:
    """What is overdue can still be given to units, with a date of its own."""
    desk = Desk(milestone())
    desk.run_until("06-04 10:00")
    refuse(desk, NoSubDutyDateError, request(DecomposeDuty, by=LEAD, units=CITIES), None)
    assert given(desk, due_on=date(2018, 6, 20)).sub_duties[0].due_on == date(2018, 6, 20)


def test_what_is_under_review_is_not_given_away() -> None:
    """The department has asked for completion: there is nothing left to give."""
    desk = Desk(milestone())
    desk.ask(request(RequestCompletion))
    refuse(desk, CompletionUnderReviewError, request(DecomposeDuty, by=LEAD, units=CITIES))


def test_a_participating_department_gives_out_its_own_duty() -> None:
    """Its parts are its own, beside those of the lead."""
    desk = Desk(milestone())
    given(desk)
    given(desk, by=PARTICIPANT, units=("戊市",))
    assert [(part.by, part.project_id) for _, part in sub_duties_of(desk.state)][-1] == ("宣传部", "2018-05a_01_04")


def test_three_levels_and_no_fourth() -> None:
    """The city gives it to districts; a district gives it to nobody."""
    city = below(_given_desk())
    district = below(_decomposed(city, CITY, ("东区", "西区")))
    assert (district.state.project_id, level_of(district.state.project_id)) == (
        "2018-05a_01_01_01_01",
        3,
    )
    assert district.state.project.above == ("甲市", "组织部")
    refuse(
        district,
        TooManyLevelsError,
        request(DecomposeDuty, own(district), by=department("东区"), units=("一街道",)),
    )


def _given_desk() -> Desk:
    desk = Desk(milestone())
    given(desk)
    return desk


def _decomposed(desk: Desk, by: object, units: tuple[str, ...]) -> Desk:
    desk.ask(request(DecomposeDuty, own(desk), by=by, units=units))
    return desk


def test_no_part_goes_back_up_the_line() -> None:
    """A city does not give the department its own duty back."""
    city = below(_given_desk())
    refuse(city, UnitHasDutyError, request(DecomposeDuty, own(city), by=CITY, units=("组织部",)))


def test_the_department_supervises_what_it_gave() -> None:
    """It urges, reviews and strikes off, by two persons, as the supervision section does elsewhere."""
    city = below(_given_desk())
    city.ask(request(SignReceipt, None, by=CITY))
    city.ask(request(Urge, own(city), by=ZHANG))
    city.ask(request(RequestCompletion, own(city), by=CITY))
    city.ask(request(AcceptCompletion, own(city), by=ZHANG))
    refuse(city, TwoPersonsError, request(StrikeOff, own(city), by=ZHANG))
    city.ask(request(StrikeOff, own(city), by=ZHAO))
    assert city[own(city)].stage == "struck_off"
    assert [(paper.kind, paper.to, paper.issuer) for paper in city.papers if paper.kind == "urge"] == [
        ("urge", "甲市", "组织部")
    ]


@pytest.mark.parametrize("by", [PARTICIPANT, STRANGER, department("乙市"), department("甲市"), operator("组织部")])
def test_nobody_else_supervises_it(by: object) -> None:
    """No other department, no other city, not the city itself, nobody who only has the department's name."""
    city = below(_given_desk())
    error = NotAnOperatorError if by == operator("组织部") else NotTheAssigningError
    refuse(city, error, request(Urge, own(city), by=by))


@pytest.mark.parametrize("act", [IssueDirective, PublishBulletin])
def test_what_is_the_office_s_own_stays_the_office_s(act: type[Command]) -> None:
    """No department gives a leader's directive, or publishes a bulletin, for its units."""
    city = below(_given_desk())
    facts = {"kind": "praise", "department": "甲市"} if act is PublishBulletin else {}
    refuse(city, NotAnOperatorError, request(act, own(city), by=ZHANG, **facts))


def test_the_supervision_section_may_step_in() -> None:
    """It reviews what the department lets lie."""
    city = below(_given_desk())
    city.ask(request(RequestCompletion, own(city), by=CITY))
    city.ask(request(AcceptCompletion, own(city), by=LI))
    assert city[own(city)].stage == "completed"


def test_a_department_has_no_such_right_where_it_gave_nothing() -> None:
    """In a row of the list nothing has changed: only the supervision section urges."""
    refuse(Desk(milestone()), NotAnOperatorError, request(Urge, by=ZHANG))


def test_what_ends_the_whole_may_end_its_parts_through_all_levels() -> None:
    """The department withdraws a district's part, which the city gave; but urges no district over the city's head."""
    district = below(_decomposed(below(_given_desk()), CITY, ("东区",)))
    refuse(district, NotTheAssigningError, request(Urge, own(district), by=ZHANG))
    district.ask(request(Withdraw, None, by=ZHANG))
    assert district.state.withdrawn


def test_a_silent_city_is_urged_and_escalated_by_the_department() -> None:
    """The ladder is that of a row; orders climb to the city's head and the department, all in the department's name."""
    city, row = below(_given_desk()), Desk(milestone())
    for desk in (city, row):
        desk.run_until("12-31 12:00")
    ladder = ("reminder", "urge", "escalation_order")
    of_the_row = [each for each in row.papers if each.to in ("组织部", "组织部主要负责人", "分管领导", "主要领导")]
    assert _told(city.papers, *ladder) == _told(of_the_row, *ladder)
    addressees = {paper.to for paper in city.papers}
    assert addressees == {"甲市", "甲市主要负责人", "组织部"}
    assert {paper.issuer for paper in city.papers} == {"组织部"}


def test_directives_and_bulletins_about_a_part_are_the_office_s_own() -> None:
    """A leader's directive and a bulletin go out in the office's name, an urge in the department's."""
    city = below(_given_desk())
    city.ask(request(IssueDirective, None, by=LI, leader="张副市长", text="请抓紧"))
    city.ask(request(PublishBulletin, None, by=LI, kind="criticism", department="甲市", text="进度滞后"))
    city.ask(request(Urge, own(city), by=ZHANG, reason="请抓紧"))
    issuers = {paper.kind: paper.issuer for paper in city.papers}
    assert (issuers["directive"], issuers["bulletin"], issuers["urge"]) == (None, None, "组织部")


def test_a_part_that_was_given_and_never_started_is_named_by_the_reconciliation() -> None:
    """Those that no supervision was begun for, with what to do; none once it runs, or its milestone is withdrawn."""
    desk = _given_desk()
    parts = {part.project_id for _, part in sub_duties_of(desk.state)}
    one = min(parts)
    (finding,) = _never_started(desk.state, parts - {one})
    assert (finding.stream, finding.verdict) == (supervision_workflow_id(one), "evidence_missing")
    assert f"{one} 没有启动：请" in finding.text
    assert not list(_never_started(desk.state, parts))
    desk.ask(request(Withdraw, FIRST, by=LI))
    assert not list(_never_started(desk.state, ()))


def _told(papers: list[Paper], *kinds: str) -> list[tuple[str, str | None, date]]:
    return [(each.kind, each.level, each.send_from.date()) for each in papers if each.kind in kinds]


def test_a_department_that_does_not_review_is_brought_to_the_supervision_section() -> None:
    """What a city asks for waits for the department; where it lets it lie, its own supervisors hear of it."""
    city = below(_given_desk())
    city.ask(request(SignReceipt, None, by=CITY))
    city.ask(request(RequestCompletion, own(city), by=CITY), "05-02 10:00")
    assert city.state.open_limit("completion_review", own(city), "组织部") is not None
    city.run_until("06-15 12:00")
    assert {each.to for each in city.of(LimitEscalated)} == {"督查室"}
    district = below(_decomposed(below(_given_desk()), CITY, ("东区",)))
    district.ask(request(ReportProgress, own(district), by=department("东区")))
    district.ask(request(RequestCompletion, own(district), by=department("东区")))
    district.run_until("06-15 12:00")
    assert {each.to for each in district.of(LimitEscalated) if each.owner == "甲市"} == {"组织部"}


def test_identities_are_read_back() -> None:
    """The identity of a part leads to its milestone, through both levels."""
    city = sub_duty_id_for("2018-05a-03", 11)
    assert (city, level_of(city), parent_milestone_of(city)) == ("2018-05a_03_11", 2, "2018-05a-03")
    district = sub_duty_id_for(f"{city}-01", 3)
    assert (district, level_of(district), parent_milestone_of(district)) == (
        "2018-05a_03_11_01_03",
        3,
        "2018-05a_03_11-01",
    )
    assert parent_milestone_of("2018-05a") is None


def test_the_same_act_again_gives_nothing_twice() -> None:
    """A repeat of the request answers what it answered."""
    desk = Desk(milestone())
    again = request(DecomposeDuty, by=LEAD, units=CITIES, request_id="once")
    desk.ask(again)
    assert desk.ask(again) == ()
    assert desk.now == at("04-25 09:00")
