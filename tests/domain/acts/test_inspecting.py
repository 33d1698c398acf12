"""Inspections from opening to closing, opened by the ladder, by the yearly plan and by hand; and their cap."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    AnswerInspection,
    CheckRectification,
    CloseInspection,
    ConcludeInspection,
    OpenInspection,
    ReassignLead,
    RecordFinding,
    ReportRectification,
    RequestCompletion,
    StrikeOff,
    Suspend,
    Withdraw,
)
from domain.acts.inspecting import HeldWithDateError
from domain.acts.rejections import BurdenCapError, NoInspectionError
from domain.events import (
    InspectionClosed,
    InspectionNotOpened,
    InspectionOpened,
    LimitEnded,
    LimitEscalated,
    LimitReminderIssued,
    LimitSet,
    ProjectArchived,
)
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs.set_days import in_sample
from tests.domain.samples import FIRST, LEAD, LI, PROJECT, SECOND, WANG, WHOLE_LIFE, Desk, milestone, request


def life() -> Desk:
    """One milestone, due on 31 May."""
    return Desk(policy=WHOLE_LIFE)


def planned(*plan: PlannedInspection) -> SupervisionPolicy:
    """A policy with an inspection plan."""
    return WHOLE_LIFE.model_copy(update={"life_cycle": LifeCycleRules(inspection_plan=plan)})


def concluded(desk: Desk, **facts: Any) -> None:
    """An inspection that is concluded on 9 May."""
    desk.ask(request(OpenInspection), "05-08 10:00")
    desk.ask(request(RecordFinding, evidence=("记录.docx",)))
    desk.ask(request(ConcludeInspection, **facts), "05-09 10:00")


def rectify_by(desk: Desk) -> tuple[str, date | None]:
    """How far the open inspection is, and by when what it found is to be put right."""
    inspection = desk[FIRST].inspection
    assert inspection is not None
    return inspection.stage, inspection.rectify_by


def test_an_inspection_that_is_closed_last_archives_the_project_and_no_verifier_doubts_it() -> None:
    """Struck off while it is inspected: closing the inspection is the act that the archiving follows from."""
    desk = Desk(policy=WHOLE_LIFE)
    concluded(desk)
    for act, by in ((RequestCompletion, LEAD), (AcceptCompletion, LI), (StrikeOff, WANG)):
        desk.ask(request(act, by=by))
    assert desk.of(ProjectArchived) == []
    assert isinstance(desk.ask(request(CloseInspection))[-1], ProjectArchived)


def test_the_conclusion_is_answered_within_five_working_days() -> None:
    """From 9 May until the 16th; a working day before it is reminded of, a day after it goes to the head."""
    desk = life()
    concluded(desk)
    desk.run_until("05-18 12:00")
    (limit,) = [event for event in desk.of(LimitSet) if event.kind == "inspection_answer"]
    assert (limit.owner, limit.due_on) == ("组织部", date(2018, 5, 16))
    reminded = [event for event in desk.of(LimitReminderIssued) if event.kind == "inspection_answer"]
    assert [f"{event.decided_at:%m%d}" for event in reminded] == ["0515"]
    climbed = [event for event in desk.of(LimitEscalated) if event.kind == "inspection_answer"]
    assert [(event.to, f"{event.decided_at:%m%d}") for event in climbed] == [("组织部主要负责人", "0517")]


def test_an_inspection_without_rectification_closes_after_its_answer() -> None:
    """Opened, concluded, answered, closed: nothing is left of it."""
    desk = life()
    concluded(desk)
    desk.ask(request(AnswerInspection), "05-10 10:00")
    desk.ask(request(CloseInspection))
    assert desk[FIRST].inspection is None
    assert [limit.kind for limit in desk.state.limits.values() if limit.milestone_id] == []


def test_a_rectification_has_twenty_working_days_unless_a_date_is_set() -> None:
    """From 9 May until 6 June by the limit; or exactly the date of the conclusion."""
    desk = life()
    concluded(desk, rectify=True)
    assert rectify_by(desk) == ("rectifying", date(2018, 6, 6))
    other = life()
    concluded(other, rectify_by=date(2018, 6, 15))
    assert [event.due_on for event in other.of(LimitSet) if event.kind == "rectification"] == [date(2018, 6, 15)]


def test_what_was_put_right_is_checked_within_the_supervisors_own_limit() -> None:
    """The department's matter ends, the section's begins: five working days from 14 May."""
    desk = life()
    concluded(desk, rectify=True)
    desk.ask(request(ReportRectification), "05-14 10:00")
    ended = [(event.kind, event.answered) for event in desk.of(LimitEnded) if event.kind == "rectification"]
    (check,) = [event for event in desk.of(LimitSet) if event.kind == "rectification_check"]
    assert ended == [("rectification", True)]
    assert (check.owner, check.due_on) == ("督查室", date(2018, 5, 21))


def test_a_rectification_that_does_not_hold_goes_back_with_a_new_date() -> None:
    """Until it holds, the inspection is open; then it closes, and a date besides is not left out in silence."""
    desk = life()
    concluded(desk, rectify=True)
    desk.ask(request(ReportRectification), "05-14 10:00")
    desk.ask(request(CheckRectification, holds=False, rectify_by=date(2018, 5, 25)))
    assert rectify_by(desk) == ("rectifying", date(2018, 5, 25))
    desk.ask(request(ReportRectification), "05-18 10:00")
    with pytest.raises(HeldWithDateError, match="2018-05-25"):
        desk.ask(request(CheckRectification, holds=True, rectify_by=date(2018, 5, 25)))
    desk.ask(request(CheckRectification, holds=True))
    assert desk[FIRST].inspection is None


def test_an_inspection_is_not_closed_while_a_rectification_is_open() -> None:
    """It closes by the check alone."""
    desk = life()
    concluded(desk, rectify=True)
    with pytest.raises(NoInspectionError):
        desk.ask(request(CloseInspection))


def test_above_the_cap_an_inspection_needs_a_reason() -> None:
    """The third of a month is refused, and opened despite the cap for the reason that the event keeps."""
    desk = Desk(*(milestone(n) for n in (1, 2, 3)), policy=WHOLE_LIFE)
    for ordinal in (1, 2):
        desk.ask(request(OpenInspection, f"{PROJECT}-{ordinal:02d}"), "05-08 10:00")
    third = f"{PROJECT}-03"
    with pytest.raises(BurdenCapError):
        desk.ask(request(OpenInspection, third))
    desk.ask(request(OpenInspection, third, despite_cap="重大舆情"))
    assert desk.of(InspectionOpened)[-1].despite_cap == "重大舆情"


def test_the_cap_counts_a_month_and_the_next_one_begins_anew() -> None:
    """Two in May do not bind June."""
    desk = Desk(*(milestone(n, date(2018, 12, 28)) for n in (1, 2, 3)), policy=WHOLE_LIFE)
    for ordinal in (1, 2):
        desk.ask(request(OpenInspection, f"{PROJECT}-{ordinal:02d}"), "05-31 10:00")
    desk.ask(request(OpenInspection, f"{PROJECT}-03"), "06-01 10:00")
    assert len(desk.of(InspectionOpened)) == 3


def test_the_ladder_opens_no_inspection_above_the_cap_and_says_so() -> None:
    """The yellow orders of three milestones open two inspections."""
    desk = Desk(*(milestone(n) for n in (1, 2, 3)), policy=WHOLE_LIFE)
    desk.run_until("06-08 12:00")
    assert len(desk.of(InspectionOpened)) == 2
    assert [(event.milestone_id, event.reason) for event in desk.of(InspectionNotOpened)] == [
        (f"{PROJECT}-03", "burden_cap")
    ]


def test_the_ladder_opens_no_second_inspection_of_a_milestone() -> None:
    """One that is under way stands for it, and the record says so."""
    desk = life()
    desk.ask(request(OpenInspection), "06-05 10:00")
    desk.run_until("06-08 12:00")
    assert [event.reason for event in desk.of(InspectionNotOpened)] == ["already_open"]


def test_a_planned_day_that_is_not_worked_opens_the_inspection_on_the_next_working_day() -> None:
    """Saturday 16 June and 18 June are off: it is opened on Tuesday the 19th, of the milestone that is due first."""
    policy = planned(PlannedInspection(on=date(2018, 6, 16), sample_percent=100))
    desk = Desk(milestone(1, date(2018, 12, 28)), milestone(2, date(2018, 9, 30)), policy=policy)
    desk.run_until("06-20 12:00")
    (opened,) = desk.of(InspectionOpened)
    assert (opened.milestone_id, opened.planned_on, f"{opened.decided_at:%m%d}") == (SECOND, date(2018, 6, 16), "0619")


@pytest.mark.parametrize(
    ("department", "of_a_quarter", "of_half"),
    [
        ("统战部", True, True),  # 3
        ("宣传部", False, True),  # 29
        ("学校部", False, True),  # 33
        ("办公室", False, False),  # 50
        ("组织部", False, False),  # 54
    ],
)
def test_who_is_in_the_sample_of_16_june_is_what_sha_256_of_day_and_name_says(
    department: str, of_a_quarter: bool, of_half: bool
) -> None:
    """The first eight bytes of `2018-06-16/统战部` modulo 100, reckoned apart, are below the percentage or not."""
    plans = [PlannedInspection(on=date(2018, 6, 16), sample_percent=percent) for percent in (25, 50)]
    assert [in_sample(department, plan) for plan in plans] == [of_a_quarter, of_half]


def test_the_sample_of_a_planned_day_can_be_checked_by_anybody() -> None:
    """By the day and the department's name alone: of a thousand departments about as many as the plan says."""
    plan = PlannedInspection(on=date(2018, 6, 16), sample_percent=25)
    drawn = sum(in_sample(f"部门{n}", plan) for n in range(1_000))
    assert 200 <= drawn <= 300


def test_a_lead_that_comes_later_is_not_in_the_sample_of_a_day_before() -> None:
    """The sample was drawn on its day: no inspection of a plan that is long over."""
    plans = [PlannedInspection(on=date(2018, 5, day), sample_percent=50) for day in range(2, 26)]
    plan = next(plan for plan in plans if not in_sample("组织部", plan))
    leads = [name for name in (f"部门{n}" for n in range(40)) if in_sample(name, plan)]
    desk = Desk(milestone(1, date(2018, 12, 28)), policy=planned(plan))
    desk.ask(request(ReassignLead, to=leads[0]), "08-01 10:00")
    desk.run_until("08-10 12:00")
    assert desk.of(InspectionOpened) == []


def test_a_planned_day_on_which_nothing_is_open_is_on_record() -> None:
    """The only milestone is suspended, so there is nothing to look at."""
    policy = planned(PlannedInspection(on=date(2018, 6, 15), sample_percent=100))
    desk = Desk(milestone(1, date(2018, 12, 28)), policy=policy)
    desk.ask(request(Suspend, FIRST), "06-01 10:00")
    desk.run_until("06-15 12:00")
    assert [event.reason for event in desk.of(InspectionNotOpened)] == ["nothing_open"]


def test_an_inspection_outlives_the_strike_off_and_the_archive_waits_for_it() -> None:
    """What was found is still to be put right, and its limit runs on."""
    desk = life()
    concluded(desk, rectify=True)
    desk.ask(request(RequestCompletion), "05-10 10:00")
    desk.ask(request(AcceptCompletion, by=LI))
    desk.ask(request(StrikeOff, by=WANG))
    assert not desk.of(ProjectArchived)
    assert desk.state.open_limit("rectification", FIRST) is not None
    desk.ask(request(ReportRectification), "05-14 10:00")
    desk.ask(request(CheckRectification, holds=True))
    assert len(desk.of(ProjectArchived)) == 1
    assert desk.state.limits == {}


def test_a_withdrawn_milestone_lets_its_inspection_fall() -> None:
    """Nobody has to answer it any more, and the archive does not wait for it."""
    desk = life()
    concluded(desk, rectify=True)
    desk.ask(request(Withdraw, FIRST), "05-10 10:00")
    assert len(desk.of(InspectionClosed)) == 1
    assert len(desk.of(ProjectArchived)) == 1
    assert desk.state.limits == {}
