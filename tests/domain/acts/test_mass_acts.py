"""Acts on a whole year are no accident: a plausible day, or a reason and two persons; what they would do, counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from application.office.year_end import preview_of
from domain.acts.commands import (
    ChangeCalendar,
    CloseYear,
    IssueDirective,
    OpenInspection,
    ReassignLead,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    Withdraw,
)
from domain.acts.rejections import CalendarPeriodError, SecondPersonError, YearEndTooEarlyError
from domain.events import CalendarChanged, ExtensionLapsed, MilestoneCarriedOver, YearClosed
from domain.rules.calendar import CalendarYear
from domain.rules.mass_act_rules import MassActRules
from domain.seeing.lights import Light, light_of, light_of_part, project_light
from domain.seeing.next_change import changes_at
from domain.seeing.register_rows import registered
from domain.seeing.views import view_of
from tests.domain.acts.test_decisions import completed, refuse
from tests.domain.acts.test_decomposing import below, given
from tests.domain.samples import CALENDAR, FIRST, LI, SECOND, WANG, WHOLE_LIFE, Desk, at, milestone, request

EARLY: dict[str, Any] = {"to_year": 2019, "despite_period": "机构撤并", "by": LI}


def test_a_year_that_is_closed_in_january_by_accident_is_refused() -> None:
    """The sentence says from when on it is plausible, and what is needed before."""
    desk = Desk(milestone(), milestone(2))
    error = refuse(desk, YearEndTooEarlyError, request(CloseYear, to_year=2019), "05-11 10:00")
    assert "2018-12-15" in error.text
    assert "请写明" in error.text


@pytest.mark.parametrize(("day", "taken"), [("12-14 10:00", False), ("12-15 10:00", True), ("12-31 10:00", True)])
def test_the_last_days_of_the_year_need_no_reason(day: str, taken: bool) -> None:
    """Seventeen days of December, and any day after them."""
    desk = Desk(milestone(), milestone(2))
    desk.run_until(day)
    if taken:
        desk.ask(request(CloseYear, to_year=2019))
        assert desk.state.archived
    else:
        refuse(desk, YearEndTooEarlyError, request(CloseYear, to_year=2019), None)


@pytest.mark.parametrize("confirmed_by", [None, LI])
def test_with_a_reason_it_needs_another_person(confirmed_by: Any) -> None:
    """Nobody, or the one who asks, is no second person."""
    desk = Desk(milestone(), milestone(2))
    refuse(desk, SecondPersonError, request(CloseYear, **EARLY, confirmed_by=confirmed_by))


def test_forced_by_two_persons_the_record_says_why_and_who() -> None:
    """Each milestone that is carried over names the reason and the one who confirmed it."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(CloseYear, **EARLY, confirmed_by=WANG, reason="年终"), "05-09 10:00")
    assert {event.reason for event in desk.of(MilestoneCarriedOver)} == {"年终（提前年终：机构撤并；确认人：王）"}


def test_a_policy_asks_for_one_person_or_for_another_day() -> None:
    """Without the second person the reason is enough; with a wider period nothing is needed."""
    one = WHOLE_LIFE.model_copy(update={"mass_acts": MassActRules(two_persons=False)})
    desk = Desk(milestone(), policy=one)
    desk.ask(request(CloseYear, **EARLY), "05-09 10:00")
    assert desk.state.archived
    wide = Desk(
        milestone(), policy=WHOLE_LIFE.model_copy(update={"mass_acts": MassActRules(close_year_days_before_end=300)})
    )
    wide.ask(request(CloseYear, to_year=2019), "05-09 10:00")
    assert wide.state.archived


def test_a_preview_counts_what_a_closing_does() -> None:
    """Carried over, ended, first to be struck off, what falls away: and the closing does just that."""
    desk = completed(milestone(), milestone(2), milestone(3, date(2018, 12, 31)))
    desk.ask(request(RequestExtension, SECOND, new_due_on=date(2018, 7, 31)))
    desk.ask(request(OpenInspection, "2018-05a-03"))
    found = preview_of([desk.state], ("2018-05a-03",))
    assert (found.projects, found.over, found.carried_over, found.ended) == (1, 0, 1, 1)
    assert (found.strike_off_first, found.extensions, found.inspections) == ((FIRST,), 1, 1)
    assert found.matters == len(desk.state.limits)


def test_a_preview_counts_as_many_as_a_closing_answers_for() -> None:
    """A sub-duty is closed with its whole and is a result of its own; what is over already is neither."""
    whole, over = Desk(milestone()), Desk(milestone())
    given(whole)
    over.ask(request(Withdraw, None))
    parts = [below(whole, place).state for place in (0, 1)]
    found = preview_of([whole.state, over.state, *parts], ())
    assert (found.projects, found.sub_duties, found.over) == (1, 2, 1)


def test_a_closed_year_does_not_say_struck_off_of_what_was_carried_over() -> None:
    """Two go over to 2019: grey, with what became of how many; the breach stays on record."""
    desk = Desk(milestone(), milestone(2, date(2018, 12, 31)))
    desk.ask(request(CloseYear, to_year=2019), "12-20 10:00")
    assert project_light(desk.state, desk.now) == Light(
        "grey", "全部节点已了结：结转至2019年2个（曾违期1次，记录保留）。"
    )


def test_a_withdrawn_project_promises_nothing() -> None:
    """No light but grey, no date, no forecast, nothing under way, nothing open; what was missed stays."""
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)))
    desk.ask(request(ReportProgress, SECOND, forecast_on=date(2018, 8, 1)), "05-09 10:00")
    desk.ask(request(OpenInspection, SECOND))
    desk.ask(request(Withdraw, None), "06-04 10:00")
    view = view_of(desk.state, at("09-30 10:00"))
    for shown in view.milestones:
        assert (shown.stage, shown.light, shown.answer_by, shown.forecast_due_on) == ("withdrawn", "grey", None, None)
        assert (shown.inspection, shown.extension) == (None, None)
        assert {(part.light, part.answer_by) for part in shown.participants} == {("grey", None)}
    assert view.milestones[0].breaches
    assert [duty.open for duty in registered(desk.state, desk.now).duties] == [False] * 4
    assert light_of(desk.state, FIRST, desk.now) == light_of_part(desk.state, FIRST, "宣传部", desk.now)
    assert changes_at(desk.state, desk.now) is None


def test_a_change_of_lead_says_to_both_what_is_carried_and_what_falls_away() -> None:
    """A directive and an inspection go over, an extension lapses: one order says so to the new lead and to the old."""
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-09 10:00")
    desk.ask(request(OpenInspection, SECOND))
    desk.ask(request(RequestExtension, FIRST, new_due_on=date(2018, 7, 31)))
    desk.ask(request(RequestCompletion, SECOND))
    papers = len(desk.papers)
    desk.ask(request(ReassignLead, to="学校部", reason="职能调整"), "05-11 10:00")
    order = next(paper for paper in desk.papers[papers:] if paper.kind == "supervision_order")
    assert (order.to, order.copies_to) == ("学校部", ("组织部", "宣传部"))
    for words in (
        "随牵头任务移交学校部：领导批示的落实反馈（整个项目，",
        "正在进行的督查（节点5（2））",
        "组织部提出的延期申请（节点5（1））不再审理，确需延期的由学校部重新申请",
        "此前的违期记录保留",
    ):
        assert words in order.body
    assert [event.milestone_id for event in desk.of(ExtensionLapsed)] == [FIRST]
    assert desk[FIRST].extension is None
    assert not desk[FIRST].stops


@pytest.mark.parametrize("confirmed_by", [None, WANG])
def test_a_closed_year_names_who_confirmed_it_and_nobody_where_nobody_did(confirmed_by: Any) -> None:
    """The one event of the closing says why, and by whose word besides."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(CloseYear, to_year=2019, reason="年终", by=LI, confirmed_by=confirmed_by), "12-20 10:00")
    (closed,) = desk.of(YearClosed)
    confirmed = ("operator:王", "年终（确认人：王）") if confirmed_by else (None, "年终")
    assert (closed.confirmed_by, closed.reason) == confirmed


@pytest.mark.parametrize(("year", "doubtful"), [(2017, True), (2018, False), (2019, False), (2020, True)])
def test_a_calendar_of_this_year_and_the_next_needs_no_reason(year: int, doubtful: bool) -> None:
    """Any other year needs one, which stands beside the basis; where none is needed, none is noted."""
    desk = Desk(milestone())
    changed = CalendarYear(year=year, days_off=(date(year, 6, 7),), makeup_working_days=())
    others = tuple(each for each in CALENDAR.years if each.year != year)
    calendar = CALENDAR.model_copy(update={"years": tuple(sorted((*others, changed), key=lambda each: each.year))})
    asked: dict[str, Any] = {"calendar": calendar, "reason": "国办发"}
    if doubtful:
        error = refuse(desk, CalendarPeriodError, request(ChangeCalendar, **asked))
        assert (error.ids["years"], error.ids["today"]) == ([year], desk.now.date())
    desk.ask(request(ChangeCalendar, **asked, despite_period="补录"))
    assert desk.of(CalendarChanged)[-1].reason == ("国办发（补录）" if doubtful else "国办发")
