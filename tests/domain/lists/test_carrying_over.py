"""What a closed year leaves to the next: rows of a plan, with a date to rule on wherever the old one has lapsed."""

from __future__ import annotations

from datetime import date

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    CloseYear,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    ReviewExtension,
    RuleOnExtension,
    StrikeOff,
    Suspend,
)
from domain.acts.rejections import StrikeOffFirstError
from domain.lists.carrying_over import carried_over_plan, carried_project_id
from domain.notice.findings import Ruling
from domain.notice.rulings import settled
from domain.project import Recurrence
from domain.rungs.reporting_periods import periods_of
from tests.domain.samples import (
    FIRST,
    LI,
    PARTICIPANT,
    SECOND,
    WANG,
    WHOLE_LIFE,
    Desk,
    key_project,
    milestone,
    request,
)

DECEMBER = date(2018, 12, 28)


def closed(*ended: str) -> Desk:
    """A project of two milestones, one of them half done, closed at the end of the year."""
    desk = Desk(milestone(1, DECEMBER), milestone(2, DECEMBER, quota=30), policy=WHOLE_LIFE)
    desk.ask(request(ReportProgress, SECOND, quantity=20), "05-10 10:00")
    desk.ask(CloseYear(request_id="c", by=LI, reason="年终", to_year=2019, ended=ended), "12-29 10:00")
    return desk


def test_an_open_milestone_becomes_a_row_whose_date_must_be_ruled() -> None:
    """Under an identity apart from the year's own list; its words stand where its source says; a ruling dates it."""
    plan = carried_over_plan([closed().state], 2019, date(2018, 12, 29))
    (row,) = plan.projects
    assert (plan.year, row.project_id, row.lead_department) == (2019, "2019-C05a", "组织部")
    first, second = row.milestones
    assert (first.milestone_id, first.due_on, first.born_late) == ("2019-C05a-01", None, False)
    assert row.schedule_text[second.source.start : second.source.end] == "5月：第2项工作"
    assert [finding.milestone_id for finding in plan.unruled] == ["2019-C05a-01", "2019-C05a-02"]
    rulings = tuple(Ruling(finding=finding.key, choice="6月底前") for finding in plan.unruled)
    ruled = settled(plan.model_copy(update={"rulings": rulings}))
    assert {milestone.due_on for milestone in ruled.projects[0].milestones} == {date(2019, 6, 30)}
    assert ruled.unruled == ()


def test_what_is_left_to_deliver_is_what_is_carried_over() -> None:
    """20 of 30 were delivered: 10 remain, and a note says so."""
    plan = carried_over_plan([closed().state], 2019, date(2018, 12, 29))
    quota = plan.projects[0].milestones[1].quota
    assert quota is not None
    assert quota.value == 10
    (note,) = [finding for finding in plan.findings if finding.severity == "note"]
    assert "已完成20场" in note.text


def test_what_comes_back_is_carried_over_with_the_times_that_are_left() -> None:
    """9 of 12 sessions were held: 3 remain in the next year, and a note says so."""
    desk = Desk(milestone(1, DECEMBER, recurrence=12), policy=WHOLE_LIFE)
    desk.ask(request(ReportProgress, quantity=9), "05-10 10:00")
    desk.ask(CloseYear(request_id="c", by=LI, reason="年终", to_year=2019), "12-29 10:00")
    plan = carried_over_plan([desk.state], 2019, date(2018, 12, 29))
    recurrence = plan.projects[0].milestones[0].recurrence
    assert recurrence is not None
    assert recurrence.count == 3
    (note,) = [finding for finding in plan.findings if finding.severity == "note"]
    assert "已完成9次，目标按余下的3次计" in note.text


def test_work_that_goes_on_is_reported_on_in_the_next_year_too() -> None:
    """What goes on all year, and what comes back every two months: a limit is ruled, and reports are asked for anew."""
    ongoing = milestone(1, DECEMBER).model_copy(update={"ongoing": True})
    every = milestone(2, DECEMBER, recurrence=6).model_copy(update={"recurrence": Recurrence(count=6, every_months=2)})
    desk = Desk(ongoing, every, milestone(3, DECEMBER, quota=30))
    desk.ask(request(ReportProgress, SECOND, quantity=2), "05-10 10:00")
    desk.ask(CloseYear(request_id="c", by=LI, reason="年终", to_year=2019), "12-29 10:00")
    plan = carried_over_plan([desk.state], 2019, date(2018, 12, 29))
    plan = plan.model_copy(
        update={"rulings": tuple(Ruling(finding=each.key, choice="年底前") for each in plan.unruled)}
    )
    row = settled(plan).projects[0]
    assert [(each.starts_on, each.due_on, each.ongoing) for each in row.milestones] == [
        (date(2019, 1, 1), date(2019, 12, 31), True),
        (date(2019, 1, 1), date(2019, 12, 31), False),
        (None, date(2019, 12, 31), False),
    ]
    periods = [periods_of(each, WHOLE_LIFE.life_cycle) for each in row.milestones]
    assert [[each.ends_on.month for each in of] for of in periods] == [[3, 6, 9, 12], [2, 4, 6, 12], []]


def test_days_that_were_excused_are_carried_over_with_the_date() -> None:
    """Granted to 29 March; the clock stood still for nine working days, and for ten more up to the closing."""
    desk = Desk(milestone(1, date(2018, 11, 30), starts_on=None))
    until = date(2019, 3, 29)
    desk.ask(request(RequestExtension, new_due_on=until), "10-08 10:00")
    desk.ask(request(ReviewExtension, by=LI, recommended_due_on=until), "10-09 10:00")
    desk.ask(request(RuleOnExtension, by=WANG, ruling="grant", new_due_on=until), "10-10 10:00")
    desk.ask(request(Suspend, FIRST, by=LI, until=date(2018, 11, 9)), "10-29 10:00")
    desk.ask(request(Suspend, FIRST, by=LI), "12-17 10:00")
    desk.ask(CloseYear(request_id="c", by=LI, reason="年终", to_year=2019), "12-29 10:00")
    (row,) = carried_over_plan([desk.state], 2019, DECEMBER).projects
    assert row.milestones[0].due_on == desk.state.calendar.working_day(until, 19)


def test_what_is_ended_by_ruling_leaves_no_row() -> None:
    """One ended, one carried over; all ended, no row at all; another year is not asked for."""
    assert len(carried_over_plan([closed(FIRST).state], 2019, DECEMBER).projects[0].milestones) == 1
    assert carried_over_plan([closed(FIRST, SECOND).state], 2019, DECEMBER).projects == ()
    assert carried_over_plan([closed().state], 2020, DECEMBER).projects == ()


def test_what_is_completed_is_struck_off_and_not_carried_over() -> None:
    """Closing waits for the second person; then only what is open goes on."""
    desk = Desk(milestone(1, DECEMBER), milestone(2, DECEMBER), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST), "05-10 10:00")
    desk.ask(request(AcceptCompletion, FIRST, by=LI))
    close = CloseYear(request_id="c", by=LI, reason="年终", to_year=2019)
    with pytest.raises(StrikeOffFirstError):
        desk.ask(close, "12-29 10:00")
    desk.ask(request(StrikeOff, FIRST, by=WANG))
    desk.ask(close)
    assert [m.stage for m in desk.state.milestones.values()] == ["struck_off", "carried_over"]


def test_a_row_that_is_carried_over_again_keeps_its_trace() -> None:
    """Each year adds its mark."""
    assert carried_project_id("2019-C05a", 2020) == "2020-CC05a"


def test_a_row_that_is_carried_over_keeps_its_category_and_leader() -> None:
    """What the columns of the old list said of a project is said of its row in the next one."""
    state = closed().state
    told = state.project.model_copy(update={"category": "民生", "responsible_leader": "李四"})
    (row,) = carried_over_plan([state.model_copy(update={"project": told})], 2019, DECEMBER).projects
    assert (row.category, row.responsible_leader, row.priority) == ("民生", "李四", None)


def test_a_renamed_department_stands_under_its_present_name() -> None:
    """The lead and who takes part; whoever is the lead's department by now takes part in nothing of its own."""
    row = key_project([milestone(1, DECEMBER)])
    desk = Desk(project=row.having(participating_departments=("宣传部", "组织人事部", "旧办")))
    desk.ask(CloseYear(request_id="c", by=LI, reason="年终", to_year=2019), "12-29 10:00")
    named = {"组织部": "组织人事部", "旧办": "新办"}
    (row,) = carried_over_plan([desk.state], 2019, DECEMBER, lambda name: named.get(name, name)).projects
    assert (row.lead_department, row.participating_departments) == ("组织人事部", ("宣传部", "新办"))


def test_who_delivered_its_part_or_was_released_does_not_get_it_again() -> None:
    """It stays with whoever has a part left to deliver in what goes over, also who took it over for one milestone."""
    desk = Desk(milestone(1, DECEMBER), milestone(2, DECEMBER), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST, by=PARTICIPANT), "05-10 10:00")
    close = CloseYear(request_id="c", by=LI, reason="年终", to_year=2019, ended=(SECOND,))
    assert desk.ask(close, "12-29 10:00")
    (row,) = carried_over_plan([desk.state], 2019, DECEMBER).projects
    assert row.participating_departments == ()

    both = Desk(milestone(1, DECEMBER), milestone(2, DECEMBER), policy=WHOLE_LIFE)
    both.ask(request(RequestCompletion, FIRST, by=PARTICIPANT), "05-10 10:00")
    both.ask(request(ReplaceParticipant, SECOND, by=LI, department="宣传部", to="学校部"), "05-11 10:00")
    both.ask(close.model_copy(update={"ended": ()}), "12-29 10:00")
    (row,) = carried_over_plan([both.state], 2019, DECEMBER).projects
    assert row.participating_departments == ("学校部",)
    assert [each.without for each in row.milestones] == [("学校部",), None]


def test_who_delivered_one_of_two_parts_goes_on_with_the_other_alone() -> None:
    """The next years' orders ask for nothing twice, also of who took over a part of what does not go on."""
    desk = Desk(milestone(1, DECEMBER), milestone(2, DECEMBER), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST, by=PARTICIPANT), "05-10 10:00")
    close = CloseYear(request_id="c", by=LI, reason="年终", to_year=2019)
    desk.ask(close, "12-29 10:00")
    for _ in range(2):
        (row,) = carried_over_plan([desk.state], 2019, DECEMBER).projects
        assert row.participating_departments == ("宣传部",)
        assert [each.without for each in row.milestones] == [("宣传部",), None]
        desk = Desk(project=row)
        assert [[*each.parts] for each in desk.state.milestones.values()] == [[], ["宣传部"]]
        assert [each.who for each in desk.papers[0].duties or ()] == ["组织部", "组织部、宣传部"]
        desk.ask(close, "12-29 10:00")

    other = Desk(milestone(1, DECEMBER), milestone(2, DECEMBER), policy=WHOLE_LIFE)
    other.ask(request(ReplaceParticipant, FIRST, by=LI, department="宣传部", to="学校部"), "05-11 10:00")
    other.ask(close.model_copy(update={"ended": (FIRST,)}), "12-29 10:00")
    (row,) = carried_over_plan([other.state], 2019, DECEMBER).projects
    assert row.participating_departments == ("宣传部",)


def test_a_date_of_the_year_that_closes_is_not_said_to_be_over() -> None:
    """A year may be closed days before its last date: a new one is asked for because it is of the year before."""
    desk = Desk(milestone(1, date(2018, 12, 31)), policy=WHOLE_LIFE)
    desk.ask(CloseYear(request_id="c", by=LI, reason="年终", to_year=2019), "12-20 10:00")
    (finding,) = carried_over_plan([desk.state], 2019, date(2018, 12, 20)).unruled
    assert "原时限2018-12-31在2019年以前" in finding.text
    assert "已过" not in finding.text
