"""What time brought and could not be decided is open until a person did it or nothing waits for it any more."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from domain.acts.commands import OpenInspection, ReportProgress, RequestCompletion, Resume, Suspend, Urge, Withdraw
from domain.evolution import fold
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs import wakeups
from domain.rungs.ladder import RungKind
from domain.seeing import undecided
from domain.seeing.register_rows import registered
from domain.seeing.views import view_of
from domain.state.under_way import CAPPED_INSPECTION
from tests.domain.samples import FIRST, PROJECT, SECOND, WHOLE_LIFE, Desk, lone, milestone, request

THIRD = f"{PROJECT}-03"
PLANNED = SupervisionPolicy(
    spread_minutes=0,
    life_cycle=LifeCycleRules(inspection_plan=(PlannedInspection(on=date(2018, 5, 15), sample_percent=100),)),
)


def failing_at(monkeypatch: pytest.MonkeyPatch, *kinds: RungKind) -> None:
    """Let the rungs of some kinds fail, and no other."""
    bring = wakeups._bring

    def maybe(recorder: Any, due: Any, later: Any, now: Any) -> None:
        if due.rung.kind in kinds:
            raise ZeroDivisionError("没有算出来")
        bring(recorder, due, later, now)

    monkeypatch.setattr(wakeups, "_bring", maybe)


def waiting(desk: Desk) -> list[tuple[str | None, str]]:
    """What waits for a person, by the milestone and the rung."""
    assert fold(desk.events) == desk.state
    return [(each.milestone_id, each.rung) for each in view_of(desk.state, desk.now).undecided]


def test_every_kind_of_rung_has_its_words() -> None:
    """Whatever time brings, the sentence says in Chinese what it was."""
    assert undecided._WHAT.keys() == set(get_args(RungKind))


def test_it_is_in_the_view_in_the_row_and_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says which paper of which milestone, since when, why, and what to do."""
    failing_at(monkeypatch, "urge")
    desk = lone(milestone(1))
    desk.run_until("06-10 00:00")
    (found,) = view_of(desk.state, desk.now).undecided
    assert found.text == (
        f"{FIRST}催办于 2018-06-01 无法推算，没有办理（ZeroDivisionError: 没有算出来）："
        "请核对日期，人工催办，并请维护人员查明。"
    )
    assert registered(desk.state, desk.now).row.undecided == 1


def test_an_urge_by_hand_answers_what_the_ladder_could_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that of its own duty: the neighbouring milestone still waits."""
    failing_at(monkeypatch, "urge", "breach")
    desk = lone(milestone(1), milestone(2))
    desk.run_until("06-10 10:00")
    assert waiting(desk) == [(FIRST, "breach"), (SECOND, "breach"), (FIRST, "urge"), (SECOND, "urge")]
    desk.ask(request(Urge, reason="核对后人工催办"))
    assert waiting(desk) == [(SECOND, "breach"), (SECOND, "urge")]


@pytest.mark.parametrize("command", [RequestCompletion, Withdraw])
def test_it_ends_with_the_duty_that_it_was_about(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody needs to be urged for what is done or withdrawn."""
    failing_at(monkeypatch, "urge")
    desk = lone(milestone(1), milestone(2))
    desk.run_until("06-10 10:00")
    desk.ask(request(command))
    assert waiting(desk) == [(SECOND, "urge")]


def test_a_suspension_that_could_not_end_waits_for_the_person_who_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the project and of a milestone, each for itself."""
    failing_at(monkeypatch, "resumption")
    desk = Desk()
    desk.ask(request(Suspend, FIRST, until=date(2018, 5, 20)), "05-09 10:00")
    desk.ask(request(Suspend, None, until=date(2018, 5, 20)))
    desk.run_until("05-22 10:00")
    assert {where for where, _ in waiting(desk)} == {None, FIRST}
    desk.ask(request(Resume, None))
    assert {where for where, _ in waiting(desk)} == {FIRST}
    desk.ask(request(Resume, FIRST))
    assert waiting(desk) == []


def test_a_matter_that_was_answered_waits_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit's own reminder that failed is over with the limit."""
    failing_at(monkeypatch, "limit_reminder", "limit_passed", "limit_order")
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, done_on=date(2018, 5, 9)), "05-09 10:00")
    desk.run_until("05-31 10:00")
    assert any(each.limit_id for each in desk.state.undecided)
    before = len(waiting(desk))
    desk.ask(request(Withdraw, FIRST))
    assert len(waiting(desk)) < before


def test_an_inspection_by_hand_stands_for_the_planned_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan's day could not be decided: a person opens one."""
    failing_at(monkeypatch, "planned_inspection")
    desk = Desk(policy=PLANNED)
    desk.run_until("05-16 10:00")
    assert (None, "planned-inspection-2018-05-15") in waiting(desk)
    desk.ask(request(OpenInspection, FIRST, reason="按计划开展"))
    assert (None, "planned-inspection-2018-05-15") not in waiting(desk)


def capped() -> Desk:
    """Three milestones of one lead; the cap holds the third one's inspection back."""
    desk = Desk(*(milestone(n) for n in (1, 2, 3)), policy=WHOLE_LIFE)
    desk.run_until("06-08 12:00")
    return desk


def held_back(desk: Desk) -> list[str]:
    """What is said of inspections that the cap held back."""
    assert fold(desk.events) == desk.state
    return [each.text for each in view_of(desk.state, desk.now).undecided if each.kind == CAPPED_INSPECTION]


def test_an_inspection_that_the_cap_held_back_waits_for_a_person_until_one_is_opened() -> None:
    """It says since when and why, and what to do; no later rung opens it."""
    desk = capped()
    (text,) = held_back(desk)
    assert text.startswith(f"{THIRD}的督查于 2018-06-07 没有开展，本月督查已达上限：系统不再自动开展")
    assert registered(desk.state, desk.now).row.undecided == 1
    desk.run_until("07-02 10:00")
    assert len(held_back(desk)) == 1
    desk.ask(request(OpenInspection, THIRD, reason="上月未开展"))
    assert held_back(desk) == []


def test_a_held_back_inspection_ends_with_its_milestone() -> None:
    """What is withdrawn needs none."""
    desk = capped()
    desk.ask(request(Withdraw, THIRD))
    assert held_back(desk) == []


def test_a_period_that_was_reported_after_all_waits_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later report for the period answers it."""
    failing_at(monkeypatch, "period")
    ongoing = milestone(1, date(2018, 12, 31), starts_on=date(2018, 1, 1)).model_copy(update={"ongoing": True})
    desk = Desk(ongoing, policy=WHOLE_LIFE)
    desk.run_until("08-01 10:00")
    missed = [(where, rung) for where, rung in waiting(desk) if rung.startswith("period-")]
    assert missed
    number = int(missed[0][1].removeprefix("period-"))
    desk.ask(request(ReportProgress, period=number))
    assert missed[0] not in waiting(desk)


def test_nothing_waits_in_a_project_that_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A withdrawn project asks nobody for anything."""
    failing_at(monkeypatch, "urge")
    desk = lone(milestone(1))
    desk.run_until("06-10 10:00")
    desk.ask(request(Withdraw, None))
    assert waiting(desk) == []
