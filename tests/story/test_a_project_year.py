"""One project through a year with everything in it, on the real workflow: the decisive facts, day by day.

What is expected was worked out by hand from the rules, the default policy and the calendar of 2018.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date

import pytest
import pytest_asyncio

from application.audit.replaying import replayed
from domain.events import (
    CalendarChanged,
    DeadlineBreached,
    DeadlineExtended,
    Event,
    LimitEnded,
    LimitEscalated,
    LimitPassed,
    NoReportReceived,
    NoticeNotSent,
    PaceWarningIssued,
    ReminderIssued,
    ReportPeriodMissed,
)
from domain.evolution import fold
from domain.papers.paper import DOCUMENT_KINDS
from domain.rules.calendar import end_of
from domain.seeing.views import MilestoneView, PartView
from tests.story import page
from tests.story.script import JULY, MAY_JUNE, OCTOBER, ONGOING, QUOTA
from tests.story.year import ToldYear, told_year

# When the register is looked at; a milestone; its stage, its light, the date that holds, the working days excused.
LOOKS: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("04-25 12:00", MAY_JUNE, "assigned", "green", "06-30", 0),
    ("05-22 12:00", MAY_JUNE, "assigned", "green", "06-30", 0),  # in dispute: the clock stands still
    ("05-23 12:00", MAY_JUNE, "assigned", "green", "07-10", 7),  # 15, 16, 17, 18, 21, 22 and 23 May are excused
    ("07-02 12:00", ONGOING, "assigned", "yellow", "12-31", 0),  # the second quarter went by without a report
    ("07-05 12:00", ONGOING, "in_progress", "green", "12-31", 0),  # caught up
    ("07-09 12:00", MAY_JUNE, "assigned", "yellow", "07-10", 7),  # one working day left
    ("07-10 12:00", MAY_JUNE, "completion_requested", "green", "07-10", 7),
    ("07-12 12:00", MAY_JUNE, "returned_for_rework", "yellow", "07-18", 8),  # five working days of rework
    ("07-20 12:00", MAY_JUNE, "struck_off", "green", "07-18", 8),
    ("07-26 12:00", JULY, "assigned", "green", "07-31", 0),  # an extension waits: the clock stands still
    ("07-27 16:00", JULY, "assigned", "yellow", "08-20", 5),  # half of its time is over without a report
    ("08-15 12:00", JULY, "in_progress", "green", "08-22", 7),  # more is asked for: two days more
    ("08-20 12:00", JULY, "in_progress", "green", "08-23", 8),  # refused: one day more
    ("08-22 12:00", JULY, "in_progress", "yellow", "08-23", 8),
    ("08-24 12:00", JULY, "in_progress", "red", "08-23", 8),
    ("08-31 12:00", QUOTA, "in_progress", "yellow", "09-30", 0),  # 60 of 300 where 152 were due
    ("09-07 17:00", JULY, "completion_requested", "yellow", "08-23", 8),  # done, and late for ever
    ("09-14 16:00", QUOTA, "in_progress", "green", "09-30", 0),  # 240 of 300
    ("09-20 12:00", JULY, "struck_off", "green", "08-23", 8),  # the inspection goes on
    ("10-03 12:00", QUOTA, "in_progress", "grey", "09-30", 0),  # suspended over the holiday and over the date
    ("10-09 12:00", QUOTA, "in_progress", "yellow", "10-15", 6),  # 26 to 30 September and 8 October; 240 of 276
    ("10-31 12:00", OCTOBER, "struck_off", "green", "10-31", 0),
    ("12-28 12:00", ONGOING, "in_progress", "green", "12-31", 0),
    ("12-30 12:00", ONGOING, "carried_over", "grey", "12-31", 0),
)

# Every document (a paper with a letterhead) of the year: the day it may go out, its kind, its level, to whom.
DOCUMENTS = """
04-25 supervision_order 组织部
05-02 limit_escalation 组织部主要负责人
05-03 supervision_order 学校部
05-08 completion_notice 组织部
05-08 strike_off_notice 组织部
05-22 limit_escalation 分管领导
05-24 ruling 组织部
06-04 directive 组织部
06-20 limit_escalation 组织部主要负责人
07-12 return_notice 组织部
07-19 completion_notice 组织部
07-20 strike_off_notice 组织部
07-27 limit_escalation 分管领导
07-30 ruling 组织部
08-16 ruling 组织部
08-20 ruling 组织部
08-24 urge 组织部
08-24 urge 基层工作部
08-28 urge 基层工作部
08-28 escalation_order 组织部主要负责人 blue
08-28 escalation_order 基层工作部主要负责人 blue
08-30 escalation_order 分管领导 yellow
08-30 inspection_notice 组织部
09-04 inspection_record 督查室
09-06 inspection_conclusion 组织部
09-06 escalation_order 主要领导 red
09-11 completion_notice 组织部
09-12 strike_off_notice 组织部
09-13 bulletin 组织部
09-21 return_notice 组织部
10-16 completion_notice 组织部
10-17 strike_off_notice 组织部
10-31 completion_notice 组织部
11-01 strike_off_notice 组织部
11-06 bulletin 基层工作部
01-02 closing_notice 组织部
""".strip().splitlines()


@pytest_asyncio.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ToldYear]:
    """The year gone by, looked at on each of those days."""
    yield await told_year(tmp_path_factory.mktemp("story"), sorted({look[0] for look in LOOKS}))


def shown(told: ToldYear, look: str, milestone_id: str) -> MilestoneView:
    """A milestone as the register showed it."""
    return next(each for each in told.looks[look].milestones if each.milestone_id == milestone_id)


def part(told: ToldYear, look: str, milestone_id: str, department: str) -> PartView:
    """A participant's duty as the register showed it."""
    parts = shown(told, look, milestone_id).participants
    return next(each for each in parts if each.department == department)


@pytest.mark.parametrize(
    ("look", "milestone_id", "stage", "light", "answer_by", "excused"), LOOKS, ids=[f"{e[0]} {e[1]}" for e in LOOKS]
)
def test_the_register_shows_each_decisive_day(
    told: ToldYear, look: str, milestone_id: str, stage: str, light: str, answer_by: str, excused: int
) -> None:
    """Stage, light, the date that holds and the working days excused, on each day of the table."""
    view = shown(told, look, milestone_id)
    assert (view.stage, view.light, view.working_days_excused) == (stage, light, excused), view.explanation
    assert view.answer_by == date.fromisoformat(f"2018-{answer_by}")


def test_every_document_goes_on_its_day_to_whom_it_must(told: ToldYear) -> None:
    """All orders, urges, rulings, escalations, records, directives and bulletins, and no other."""
    documents = [
        f"{each.paper.send_from:%m-%d} {each.paper.kind} {each.paper.to} {each.paper.level or ''}".strip()
        for each in told.papers
        if each.paper.kind in DOCUMENT_KINDS
    ]
    # The notice of an inspection carries the level of the order that opened it; the table names orders' levels only.
    documents = [line.removesuffix(" yellow") if "inspection_notice" in line else line for line in documents]
    assert sorted(documents) == sorted(DOCUMENTS)


def test_the_four_limits_that_ran_out_are_two_of_each_side(told: ToldYear) -> None:
    """A receipt and a directive of the lead, a dispute and a ruling of the supervision section itself."""
    passed = [(each.kind, each.owner, f"{each.due_on:%m-%d}") for each in told.events if isinstance(each, LimitPassed)]
    assert passed == [
        ("receipt", "组织部", "04-28"),
        ("dispute", "督查室", "05-21"),
        ("directive_answer", "组织部", "06-19"),
        ("extension_ruling", "督查室", "07-26"),
    ]
    over = [(each.kind, each.working_days_late) for each in told.events if isinstance(each, LimitEnded)]
    assert [each for each in over if each[1]] == [
        ("receipt", 1),
        ("dispute", 2),
        ("directive_answer", 2),
        ("extension_ruling", 1),
    ]
    climbed = [each.to for each in told.events if isinstance(each, LimitEscalated)]
    assert climbed == ["组织部主要负责人", "分管领导", "组织部主要负责人", "分管领导"]
    assert all(each.occurred_at == end_of(each.due_on) for each in told.events if isinstance(each, LimitPassed))


def test_a_participant_that_was_replaced_leaves_its_place_and_the_next_one_signs(told: ToldYear) -> None:
    """基层工作部 is released from one milestone alone; 学校部 has its own date there, later by what is excused."""
    assert part(told, "05-22 12:00", MAY_JUNE, "基层工作部").stage == "released"
    assert part(told, "05-22 12:00", JULY, "基层工作部").stage == "assigned"
    new = part(told, "05-23 12:00", MAY_JUNE, "学校部")
    assert (new.signed, new.answer_by) == (True, date(2018, 7, 13))


def test_the_july_meeting_keeps_its_three_dates_and_its_breach(told: ToldYear) -> None:
    """As issued, as extended (less than asked for), as excused; the breach of 23 August stays after the strike-off."""
    view = shown(told, "09-20 12:00", JULY)
    assert (view.baseline_due_on, view.approved_due_on) == (date(2018, 7, 31), date(2018, 8, 20))
    assert [breach.due_on for breach in view.breaches] == [date(2018, 8, 23)]
    assert "曾违期1次" in view.explanation
    (granted,) = [each for each in told.events if isinstance(each, DeadlineExtended)]
    assert (granted.requested_due_on, granted.after) == (date(2018, 8, 31), date(2018, 8, 20))
    assert view.extensions_granted == 1


def test_a_participants_silence_is_its_own(told: ToldYear) -> None:
    """基层工作部 has a breach, a silence, urges and an order of its own; the lead, that had reported, is not silent."""
    silence = [(each.department, each.milestone_id) for each in told.events if isinstance(each, NoReportReceived)]
    assert silence == [("基层工作部", JULY)]
    breaches = [(each.department, each.milestone_id) for each in told.events if isinstance(each, DeadlineBreached)]
    assert breaches == [(None, JULY), ("基层工作部", JULY)]
    assert part(told, "08-24 12:00", JULY, "基层工作部").light == "red"
    delivered = part(told, "08-31 12:00", JULY, "基层工作部")
    assert (delivered.light, delivered.stage, len(delivered.breaches)) == ("green", "delivered", 1)
    assert shown(told, "08-31 12:00", JULY).light == "red"


def test_the_clocks_that_stand_still_say_why(told: ToldYear) -> None:
    """Dispute, extension and suspension are named in the light's own sentence, each with its first day."""
    for look, milestone_id, since, word in (
        ("05-22 12:00", MAY_JUNE, "2018-05-14", "争议待裁定"),
        ("07-26 12:00", JULY, "2018-07-20", "延期待批复"),
        ("10-03 12:00", QUOTA, "2018-09-25", "中止至2018-10-08：机构改革集中办公"),
    ):
        sentence = shown(told, look, milestone_id).explanation
        assert since in sentence, look
        assert word in sentence, look


def test_silenced_a_reminder_is_on_record_and_not_sent(told: ToldYear) -> None:
    """The reminder of 20 June falls into the silence; the next one, after it, goes out."""
    held = [
        (f"{each.decided_at:%m-%d}", each.rung, each.reason) for each in told.events if isinstance(each, NoticeNotSent)
    ]
    assert held == [("06-20", "reminder-14", "silenced")]
    sent = [
        f"{e.decided_at:%m-%d}" for e in told.events if isinstance(e, ReminderIssued) and e.milestone_id == MAY_JUNE
    ]
    assert sent == ["06-29", "07-04", "07-09", "07-17"]


def test_progress_is_held_against_the_calendar(told: ToldYear) -> None:
    """One period missed and caught up, one pace warning at half the window, none at three quarters."""
    missed = [(each.milestone_id, each.period) for each in told.events if isinstance(each, ReportPeriodMissed)]
    assert missed == [(ONGOING, 1)]
    progress = shown(told, "07-05 12:00", ONGOING).progress
    assert (progress.periods, progress.missed, progress.caught_up) == (3, (1,), (1,))
    assert shown(told, "07-05 12:00", ONGOING).forecast_due_on == date(2018, 12, 28)
    warned = [
        (each.percent, each.quantity, each.scheduled) for each in told.events if isinstance(each, PaceWarningIssued)
    ]
    assert warned == [(50, 60, 152)]


def test_the_inspection_outlives_its_milestone(told: ToldYear) -> None:
    """After the strike-off its rectification is still due, sent back once, and closed before the holiday."""
    inspection = shown(told, "09-20 12:00", JULY).inspection
    assert inspection is not None
    assert (inspection.stage, inspection.rectify_by, inspection.findings) == ("rectifying", date(2018, 9, 28), 1)
    assert shown(told, "10-03 12:00", JULY).inspection is None


def test_the_deputy_acts_in_its_period_and_two_persons_stay_two(told: ToldYear) -> None:
    """赵敏 returns a completion for 李明, may not after the last day; 李明 may not strike off what he accepted."""
    events: Sequence[Event] = told.events
    for_another = [(each.actor, each.on_behalf_of) for each in events if each.on_behalf_of]
    assert set(for_another) == {("operator:赵敏", "operator:李明")}
    assert told.refused == (("appointed_deputy", "赵敏"), ("two_persons", "李明"))


def test_next_years_calendar_moves_what_is_to_come_and_sends_nothing_again(told: ToldYear) -> None:
    """29 December became a working day and 31 December a day off: every rung around them moves, each with its dates."""
    (changed,) = [each for each in told.events if isinstance(each, CalendarChanged)]
    moved = {each.of: (f"{each.before:%m-%d}", f"{each.after:%m-%d}") for each in changed.moved}
    assert moved[f"{ONGOING}/reminder-14"] == ("12-11", "12-12")
    assert moved[f"{ONGOING}/reminder-1"] == ("12-28", "12-29")
    assert len(moved) == 4
    assert f"{ONGOING}/urge" not in moved  # New Year is off whether published or not: it was to go out on the 2nd
    reminded = [
        f"{e.decided_at:%m-%d}" for e in told.events if isinstance(e, ReminderIssued) and e.milestone_id == ONGOING
    ]
    assert reminded == ["12-12", "12-21", "12-21", "12-29"]


def test_the_year_is_closed_with_one_milestone_carried_over(told: ToldYear) -> None:
    """Five are struck off, one goes on in 2019; the project is archived and nothing comes after."""
    assert sorted(each.stage for each in told.state.milestones.values()) == ["carried_over", *["struck_off"] * 5]
    assert told.state.milestones[ONGOING].carried_to == 2019
    assert told.state.stage == "archived"
    assert told.events[-1].type == "ProjectArchived"
    assert told.state.limits == {}


async def test_the_record_adds_up_and_replays(told: ToldYear) -> None:
    """The ledger folds to what the workflow holds, and its history replays to the ledger's events."""
    assert fold(told.events) == told.state
    verdict = await replayed(list(told.histories), list(told.events))
    assert verdict.problem is None
    assert verdict.computed == len(told.events)


def test_the_page_of_the_documentation_is_what_was_printed(told: ToldYear) -> None:
    """docs/a-project-year.md holds the timeline as `duban audit history` prints it; `make docs` writes it anew."""
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.with_timeline(text, told.timeline) == text
    assert "```text\n2018-01 办理经过" in text
