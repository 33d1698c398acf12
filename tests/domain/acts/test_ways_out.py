"""What a refusal names as the next step is possible from the state in which it was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AmendProject,
    Command,
    DeclineAssignment,
    GrantGrace,
    RaiseDispute,
    ReplaceParticipant,
    RequestCompletion,
    RequestExtension,
    ReviewExtension,
    RuleOnExtension,
    SupplementExtension,
)
from domain.acts.hand_amendments import MilestoneChange, ProjectChange, must_lie_ahead, with_milestone, with_text
from domain.acts.rejections import DueBeforeAssignmentError
from domain.errors import RejectedError
from domain.rules.ladder_rules import RulesOverride
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import FIRST, LI, SECOND, WANG, WHOLE_LIFE, Desk, at, milestone, request

JUNE, JULY, AUGUST = date(2018, 6, 29), date(2018, 7, 31), date(2018, 8, 31)
ONCE = WHOLE_LIFE.model_copy(update={"life_cycle": LifeCycleRules(extensions_at_most=0)})
Made = Callable[[], Any]
EXTEND: Made = lambda: request(RequestExtension, new_due_on=JULY)  # noqa: E731 - a command made anew each time
GRACE: Made = lambda: request(GrantGrace, new_due_on=JULY)  # noqa: E731
REVIEW: Made = lambda: request(ReviewExtension, by=LI)  # noqa: E731
RULE: Made = lambda: request(RuleOnExtension, by=WANG, ruling="grant", new_due_on=JULY)  # noqa: E731
ASK_MORE: Made = lambda: request(RuleOnExtension, by=WANG, ruling="ask_more")  # noqa: E731
SUPPLEMENT: Made = lambda: request(SupplementExtension)  # noqa: E731
REPORT_BACK: Made = lambda: request(RequestCompletion, done_on=date(2018, 4, 20))  # noqa: E731


def desk_at(on: str, *steps: Made, policy: SupervisionPolicy = WHOLE_LIFE, **facts: Any) -> Desk:
    """One milestone, due on 31 May unless said otherwise, on a day, after these acts of that morning."""
    desk = Desk(milestone(**facts), policy=policy)
    desk.run_until(f"{on} 10:00")
    for step in steps:
        desk.ask(step())
    return desk


def refused(desk: Desk, made: Made) -> str:
    """What is said of a command that is refused."""
    with pytest.raises(RejectedError) as found:
        desk.ask(made())
    return found.value.text


def amended(desk: Desk, due_on: date) -> None:
    """The supervision section gives the milestone a date by hand."""
    wanted = with_milestone(desk.state, FIRST, MilestoneChange(due_on=due_on))
    must_lie_ahead(desk.state, wanted, desk.now)
    desk.ask(AmendProject(request_id="h1", by=LI, basis="会议纪要", project=wanted, by_identity=True))


@pytest.mark.parametrize(
    ("made", "before", "on", "says", "then"),
    [
        (EXTEND, (), "06-04", "只能由督查室宽限", GRACE),
        (GRACE, (), "05-14", "请由牵头部门申请延期", EXTEND),
        (GRACE, (EXTEND,), "05-14", "请先初审", REVIEW),
        (GRACE, (EXTEND, REVIEW), "05-14", "请由另一人批复", RULE),
        (GRACE, (EXTEND, REVIEW, ASK_MORE), "05-14", "请由牵头部门按要求补充说明", SUPPLEMENT),
        (EXTEND, (EXTEND,), "05-14", "督查室于 2018-05-17 前初审延期，请等结果", REVIEW),
        (EXTEND, (EXTEND, REVIEW), "05-14", "督查室于 2018-05-17 前批复延期，请等结果", RULE),
        (EXTEND, (EXTEND, REVIEW, ASK_MORE), "05-14", "请由牵头部门按要求补充说明", SUPPLEMENT),
        (RULE, (EXTEND,), "05-14", "请先初审", REVIEW),
        (REVIEW, (EXTEND, REVIEW), "05-14", "请由另一人批复", RULE),
        (REVIEW, (EXTEND, REVIEW, ASK_MORE), "05-14", "请由牵头部门按要求补充说明", SUPPLEMENT),
        (SUPPLEMENT, (EXTEND,), "05-14", "请先初审", REVIEW),
    ],
)
def test_what_is_named_instead_is_possible(
    made: Made, before: tuple[Made, ...], on: str, says: str, then: Made
) -> None:
    """An extension, grace, a review and a ruling, each refused at each step: the act that is named is done then."""
    desk = desk_at(on, *before)
    assert says in refused(desk, made)
    assert desk.ask(then())


@pytest.mark.parametrize("made", [EXTEND, GRACE], ids=["extend", "grace"])
def test_what_was_over_before_it_was_given_is_sent_to_the_retrospective_report(made: Made) -> None:
    """Neither of the two refusals names the other act: the day on which it was done can be reported."""
    desk = desk_at("05-14", due_on=date(2018, 4, 20), born_late=True)
    assert "请由牵头部门补报，写明实际完成日期" in refused(desk, made)
    assert desk.ask(REPORT_BACK())


@pytest.mark.parametrize("made", [EXTEND, GRACE], ids=["extend", "grace"])
def test_what_has_no_date_is_given_one_by_an_amendment(made: Made) -> None:
    """Neither of the two refusals names the other act; with the date that is given, an extension is possible."""
    desk = desk_at("05-14", due_on=None, starts_on=None)
    assert "请由督查室变更该节点，写明时限" in refused(desk, made)
    amended(desk, JUNE)
    assert desk.ask(EXTEND())


@pytest.mark.parametrize("made", [EXTEND, GRACE], ids=["extend", "grace"])
def test_where_no_extension_is_left_nobody_is_told_to_ask_for_one(made: Made) -> None:
    """Before the date an amendment is possible; after it, grace."""
    desk = desk_at("05-14", policy=ONCE)
    told = refused(desk, made)
    assert "请由督查室变更该节点" in told
    assert "申请延期" not in told
    late = desk_at("06-04", policy=ONCE)
    assert late.ask(GRACE())
    amended(desk, JUNE)
    assert desk[FIRST].answer_by == JUNE


def test_in_a_grace_time_an_extension_can_be_asked_for() -> None:
    """The new date is a date like others: before it the lead may ask, and after it there is grace again."""
    desk = desk_at("06-04", lambda: request(GrantGrace, new_due_on=JUNE))
    desk.ask(request(RequestExtension, new_due_on=JULY), "06-20 10:00")
    desk.ask(REVIEW())
    desk.ask(RULE())
    assert desk[FIRST].answer_by == JULY
    desk.run_until("08-02 10:00")
    assert desk.ask(request(GrantGrace, new_due_on=AUGUST))


def replaced() -> Any:
    """A participant gives its part to another department."""
    return request(ReplaceParticipant, None, by=LI, department="宣传部", to="统战部")


def test_a_part_is_not_given_to_a_department_that_would_be_late_at_once() -> None:
    """The day is named; after grace the new department has the part, and no breach of its own."""
    desk = desk_at("06-11")
    assert "时限 2018-05-31 已过，今天（2018-06-11）" in refused(desk, replaced)
    desk.ask(GRACE())
    desk.ask(replaced())
    desk.run_until("07-30 12:00")
    assert desk[FIRST].parts["统战部"].breaches == ()


def test_on_its_last_day_a_part_is_given_to_another_department() -> None:
    """What is due today is not over."""
    desk = desk_at("05-31", replaced)
    assert desk[FIRST].parts["统战部"].answer_by == date(2018, 5, 31)


def test_by_hand_no_date_is_given_that_is_over() -> None:
    """Yesterday is refused with its day, today is not; what is asked for in retrospect may have another past day."""
    desk = desk_at("05-14")
    with pytest.raises(DueBeforeAssignmentError, match="时限 2018-05-13 已过"):
        amended(desk, date(2018, 5, 13))
    assert desk[FIRST].answer_by == date(2018, 5, 31)
    amended(desk, date(2018, 5, 14))
    assert desk[FIRST].answer_by == date(2018, 5, 14)
    past = desk_at("05-14", due_on=date(2018, 4, 20), born_late=True)
    amended(past, date(2018, 4, 10))
    assert past.state.issued(FIRST).due_on == date(2018, 4, 10)


def test_by_hand_every_milestone_is_looked_at_with_the_day_that_counts_for_it() -> None:
    """What is asked for in retrospect is passed over; the next is refused by its own rolled date, with every name."""
    own_rules = WHOLE_LIFE.model_copy(update={"milestones": {SECOND: RulesOverride(due_roll="following")}})
    desk = Desk(milestone(1, date(2018, 4, 20), born_late=True), milestone(2), policy=own_rules)
    wanted = with_milestone(desk.state, SECOND, MilestoneChange(due_on=date(2018, 6, 30)))  # a Saturday
    must_lie_ahead(desk.state, wanted, at("07-02 10:00"))
    with pytest.raises(DueBeforeAssignmentError) as refusal:
        must_lie_ahead(desk.state, wanted, at("07-03 10:00"))
    assert refusal.value.ids == {
        "milestone_id": SECOND,
        "department": "组织部",
        "due_on": date(2018, 7, 2),
        "today": date(2018, 7, 3),
    }


def test_by_hand_no_participant_is_named_that_would_be_late_at_once() -> None:
    """The refusal names the milestone's day; after an amendment of the date the participant comes in."""
    desk = desk_at("06-11")
    change = ProjectChange(participants=("宣传部", "统战部"))
    with pytest.raises(DueBeforeAssignmentError, match="交给统战部"):
        must_lie_ahead(desk.state, with_text(desk.state, change), desk.now)
    amended(desk, JUNE)
    must_lie_ahead(desk.state, with_text(desk.state, change), desk.now)
    other = with_text(desk_at("06-11").state, ProjectChange(title="新名称"))
    must_lie_ahead(desk_at("06-11").state, other, desk.now)


@pytest.mark.parametrize(
    ("command", "facts", "says"),
    [
        (RequestCompletion, {}, "督查室于 2018-05-21 前审核办结，请等结果"),
        (RaiseDispute, {"against": "宣传部"}, "督查室于 2018-05-21 前裁定争议，请等结果"),
        (DeclineAssignment, {"milestone_id": None}, "督查室于 2018-05-17 前处理退回的交办，请等结果"),
    ],
)
def test_what_is_asked_for_twice_says_whose_answer_is_waited_for_until_when(
    command: type[Command], facts: dict[str, Any], says: str
) -> None:
    """Not only that it was asked for: who rules on it, and by which day."""
    desk = desk_at("05-14")
    desk.ask(request(command, **facts))
    with pytest.raises(RejectedError) as refused:
        desk.ask(request(command, **facts))
    assert says in refused.value.text
