"""Bulletins drafted from events: praise for what was early and never late, criticism for what the record shows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    CheckRectification,
    ConcludeInspection,
    OpenInspection,
    PublishBulletin,
    ReassignLead,
    ReportRectification,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
)
from domain.rules.ladder_rules import DueRoll, MilestoneRules
from domain.seeing.bulletins import drafts_for
from domain.seeing.period_report import PeriodReport
from domain.seeing.period_report import drafted as report_of
from tests.domain.samples import FIRST, LI, PARTICIPANT, SECOND, WANG, WHOLE_LIFE, Desk, at, milestone, request

MAY = date(2018, 5, 31)


def drafted(desk: Desk, month: str) -> set[tuple[str, str | None, str]]:
    """What a month calls for, as kind, milestone and department."""
    return {(draft.kind, draft.milestone_id, draft.department) for draft in drafts_for(desk.events, month)}


def test_what_is_completed_before_its_date_is_praised_once() -> None:
    """The lead for the milestone, the participant for its own part; published ones are marked, other months empty."""
    desk = Desk(milestone(due_on=MAY), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST, by=PARTICIPANT), "05-10 10:00")
    desk.ask(request(RequestCompletion, FIRST), "05-11 10:00")
    desk.ask(request(AcceptCompletion, FIRST, by=LI))
    assert drafted(desk, "2018-05") == {("praise", FIRST, "组织部"), ("praise", FIRST, "宣传部")}
    assert drafted(desk, "2018-03") == set()
    (lead,) = [draft for draft in drafts_for(desk.events, "2018-05") if draft.department == "组织部"]
    assert "2018-05-31" in lead.text
    assert "2018-05-11" in lead.text
    desk.ask(request(PublishBulletin, FIRST, by=LI, kind="praise", department="组织部", text=lead.text))
    published = {draft.department: draft.published for draft in drafts_for(desk.events, "2018-05")}
    assert published == {"组织部": True, "宣传部": False}


@pytest.mark.parametrize(("roll", "praised"), [("none", 2), ("following", 2), ("preceding", 0)])
def test_what_is_done_on_the_day_that_counts_is_not_ahead_of_it(roll: DueRoll, praised: int) -> None:
    """A Saturday that counts as the Friday: whoever is done on the Friday is in time, and no example."""
    policy = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll=roll)})
    desk = Desk(milestone(due_on=date(2018, 6, 30)), policy=policy)
    for by in (PARTICIPANT, request(RequestCompletion).by):
        desk.ask(request(RequestCompletion, FIRST, by=by), "06-29 10:00")
    desk.ask(request(AcceptCompletion, FIRST, by=LI))
    praise = [draft.text for draft in drafts_for(desk.events, "2018-06") if "提前" in draft.text]
    assert len(praise) == praised
    assert all(("2018-07-02" if roll == "following" else "2018-06-30") in text for text in praise)


def test_who_asked_for_its_acceptance_is_praised_for_work_and_not_who_leads_since() -> None:
    """Done by the lead before, handed on while it was reviewed: the new lead did nothing of it."""
    desk = Desk(milestone(due_on=MAY), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST), "05-10 10:00")
    desk.ask(request(ReassignLead, to="学校部"), "05-11 10:00")
    desk.ask(request(AcceptCompletion, FIRST, by=LI), "05-12 10:00")
    assert {entry for entry in drafted(desk, "2018-05") if entry[0] == "praise"} == {("praise", FIRST, "组织部")}


def test_what_was_late_once_is_no_example() -> None:
    """Completed after a breach: no praise for it, whatever the later date."""
    desk = Desk(milestone(due_on=MAY), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST), "06-04 10:00")
    desk.ask(request(AcceptCompletion, FIRST, by=LI))
    assert not {entry for entry in drafted(desk, "2018-06") if entry[0] == "praise"}


def test_silence_and_a_red_order_are_criticised_in_their_month() -> None:
    """No report at a due date in June, a red order in the middle of June: one entry."""
    desk = Desk(milestone(due_on=date(2018, 6, 1)), policy=WHOLE_LIFE)
    desk.run_until("06-29 18:00")
    (june,) = [draft for draft in drafts_for(desk.events, "2018-06") if draft.department == "组织部"]
    assert june.kind == "criticism"
    assert "到期无反馈" in june.text
    assert "红色督办单" in june.text


def test_a_limit_that_passed_is_the_department_s_and_not_the_section_s() -> None:
    """An unsigned receipt is criticised, a review that the supervision section let pass is not."""
    desk = Desk(milestone(due_on=MAY), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, FIRST), "05-03 10:00")
    desk.run_until("05-31 10:00")
    assert any(event.type == "LimitPassed" and event.owner == "督查室" for event in desk.events)
    assert drafted(desk, "2018-05") | drafted(desk, "2018-04") == {
        ("criticism", None, "组织部"),
        ("criticism", None, "宣传部"),
    }
    assert at("05-31 10:00") == desk.now


def test_a_report_tells_a_department_as_it_is_called_now() -> None:
    """Figures, problems and what is due next: renamed since, it stands once, under the name of today."""
    desk = Desk(milestone(due_on=MAY), milestone(2, date(2018, 7, 20)), policy=WHOLE_LIFE)
    desk.run_until("06-04 18:00")
    names = {"组织部": "组织人事部"}
    report = report_of("通报", [desk.events], date(2018, 5, 1), date(2018, 6, 30), date(2018, 7, 31), names)
    assert [line.department for line in report.figure("breached").lines] == ["组织人事部"]
    assert "组织部" not in report.by_department()
    assert {each.department for each in report.problems} == {"宣传部", "组织人事部"}
    assert [each.department for each in report.next_deadlines] == ["组织人事部"]


def test_a_date_missed_on_the_last_day_of_a_month_is_criticised_in_that_month() -> None:
    """Recorded in the night to June: May's figures and entries have it, once published; what June brings is its own."""
    desk = Desk(milestone(due_on=MAY), policy=WHOLE_LIFE)
    desk.run_until("06-04 10:00")
    silent = ("criticism", FIRST, "组织部")
    assert [each.value for each in (report(desk, month).figure("breached") for month in (5, 6))] == [1, 0]
    assert silent in drafted(desk, "2018-05")
    assert silent not in drafted(desk, "2018-06")
    desk.ask(request(PublishBulletin, FIRST, by=LI, kind="criticism", department="组织部", text="到期无反馈。"))
    assert {entry.published for entry in drafts_for(desk.events, "2018-05") if entry.department == "组织部"} >= {True}
    desk.run_until("06-29 18:00")
    (may,) = [e for e in drafts_for(desk.events, "2018-05") if (e.milestone_id, e.department) == (FIRST, "组织部")]
    (june,) = [e for e in drafts_for(desk.events, "2018-06") if (e.milestone_id, e.department) == (FIRST, "组织部")]
    assert (may.published, june.published) == (True, False)
    assert "红色督办单" in june.text


def test_what_is_done_or_sent_back_is_counted_of_who_asked_for_it() -> None:
    """Asked for by one, decided when another leads: the report's figures say what its praise and the score say."""
    desk = Desk(milestone(due_on=MAY), milestone(2, MAY), policy=WHOLE_LIFE)
    for each in (FIRST, SECOND):
        desk.ask(request(RequestCompletion, each), "05-10 10:00")
    desk.ask(request(ReassignLead, to="学校部"), "05-11 10:00")
    desk.ask(request(ReturnForRework, FIRST, by=LI), "05-12 10:00")
    desk.ask(request(AcceptCompletion, SECOND, by=LI))
    desk.ask(request(StrikeOff, SECOND, by=WANG))
    for figure in ("returned", "completed", "struck_off"):
        assert [line.department for line in report(desk, 5).figure(figure).lines] == ["组织部"]


def test_what_was_put_right_and_is_sent_back_is_counted_as_the_score_counts_it() -> None:
    """It gets a notice of return and costs points: one in the month's report too, of who had reported it."""
    desk = Desk(milestone(due_on=date(2018, 8, 31)))
    desk.ask(request(OpenInspection, FIRST), "05-08 10:00")
    desk.ask(request(ConcludeInspection, FIRST, rectify=True))
    desk.ask(request(ReportRectification, FIRST), "05-14 10:00")
    desk.ask(request(ReassignLead, to="统战部"))
    desk.ask(request(CheckRectification, FIRST, holds=False, rectify_by=date(2018, 5, 25)))
    assert [line.department for line in report(desk, 5).figure("returned").lines] == ["组织部"]


def report(desk: Desk, month: int) -> PeriodReport:
    """The report of a month of 2018."""
    first, after = date(2018, month, 1), date(2018, month + 1, 1)
    return report_of("通报", [desk.events], first, after - timedelta(days=1), after)


def test_a_month_s_bulletin_does_not_hide_the_facts_of_the_next_one() -> None:
    """May's goes out in June: each month is published with its own words, and both where words name neither."""
    desk = Desk(milestone(due_on=MAY), milestone(2), policy=WHOLE_LIFE)
    desk.run_until("07-02 10:00")

    def published() -> list[bool]:
        months = ("2018-05", "2018-06")
        return [each.published for of in months for each in drafts_for(desk.events, of) if each.milestone_id == FIRST]

    def texts(month: str) -> list[str]:
        return [each.text for each in drafts_for(desk.events, month) if each.milestone_id == FIRST]

    (may, _of_part), (june,) = texts("2018-05"), texts("2018-06")
    assert published() == [False, False, False]
    told = {"kind": "criticism", "department": "组织部", "by": LI}
    before = len(desk.events)
    desk.ask(request(PublishBulletin, FIRST, text=f"经查，{may}", **told))
    assert published() == [True, False, False]
    desk.ask(request(PublishBulletin, FIRST, text=june, **told))
    assert published() == [True, False, True]
    del desk.events[before:]
    desk.ask(request(PublishBulletin, FIRST, text="两次到期均未办结。", **told))
    assert published() == [True, False, True]


def test_nobody_is_praised_for_what_was_over_before_it_was_assigned() -> None:
    """Due in March and assigned in April: neither the lead nor a participant was ahead of anything."""
    desk = Desk(milestone(due_on=date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True))
    for by in (PARTICIPANT, request(RequestCompletion).by):
        desk.ask(request(RequestCompletion, FIRST, by=by, done_on=date(2018, 3, 5)), "05-03 10:00")
    desk.ask(request(AcceptCompletion, FIRST, by=LI))
    assert drafted(desk, "2018-05") == set()
