"""What a paper says stands in the record at the same instant: days, counts, who takes part, what went before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AmendProject,
    DeclineAssignment,
    GrantGrace,
    InsistOnAssignment,
    RaiseDispute,
    ReassignLead,
    ReopenProject,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReturnForRework,
    ReviewExtension,
    RuleOnExtension,
    Suspend,
    Withdraw,
)
from domain.papers.drafting import withholdings_for
from domain.papers.paper import Paper
from domain.rules.ladder_rules import DueRoll, MilestoneRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.views import view_of
from tests.domain.samples import (
    FIRST,
    LI,
    PARTICIPANT,
    SECOND,
    WANG,
    WHOLE_LIFE,
    Desk,
    attentive,
    key_project,
    milestone,
    request,
)


def rolled(roll: DueRoll) -> SupervisionPolicy:
    """The policy as it ships, but for days off."""
    return SupervisionPolicy(spread_minutes=0, rules=MilestoneRules(due_roll=roll))


def last(desk: Desk, kind: str) -> Paper:
    """The last paper of a kind."""
    return [paper for paper in desk.papers if paper.kind == kind][-1]


def test_each_order_of_one_morning_tells_what_went_out_before_it() -> None:
    """After an engine was away three orders are one decision: the blue one knows of none, the red one of two."""
    desk = attentive()
    desk.wake_at("06-20 10:00")
    told = {
        paper.level: paper.before for paper in desk.papers if paper.kind == "escalation_order" and "牵头" in paper.body
    }
    blue, yellow = "2018年6月20日发蓝色督办单至组织部主要负责人", "2018年6月20日发黄色督办单至分管领导"
    assert told == {"blue": None, "yellow": (blue,), "red": (blue, yellow)}


def test_what_is_brought_to_a_superior_late_says_how_late_it_is_by_then() -> None:
    """The receipt of 28 April, brought up on the morning of 9 May: 2, 3, 4, 7, 8 and 9 May."""
    desk = Desk()
    desk.wake_at("05-09 10:00")
    told = [paper.body for paper in desk.papers if paper.kind == "limit_escalation"]
    assert len(told) == 4
    assert all("应于2018年4月28日前办理，至今未办，已超时6个工作日。" in each for each in told)


def test_nobody_is_asked_to_sign_by_a_day_that_is_over() -> None:
    """A participant declines one milestone and has not signed for the other: it signs at once."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(DeclineAssignment, SECOND, by=PARTICIPANT), "05-09 10:00")
    desk.ask(request(InsistOnAssignment, SECOND, department="宣传部"), "05-10 10:00")
    assert "请立即签收，按时限要求办理和反馈。" in last(desk, "ruling").body


def test_a_resumption_gives_no_day_to_a_clock_that_stands_still() -> None:
    """Two milestones were suspended for three working days; the second waits for a ruling on its dispute as well."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(Suspend, None), "05-08 10:00")
    desk.ask(request(RaiseDispute, SECOND, by=PARTICIPANT, against="组织部"), "05-09 10:00")
    desk.ask(request(Resume, None, reason="恢复"), "05-11 10:00")
    assert last(desk, "status_notice").body.endswith(
        "恢复办理（恢复），中止共3个工作日，不计入办理时间。"
        "现时限：5（1），2018年6月5日；5（2），计时停止，时限将相应顺延。"
    )


def test_work_that_is_asked_for_in_retrospect_is_given_no_limit_when_it_goes_on() -> None:
    """Over before it was given, suspended and resumed, or taken back: the paper asks for it, and names no day."""
    late = milestone(due_on=date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True)
    desk = Desk(late, milestone(2))
    desk.ask(request(Suspend, None), "05-08 10:00")
    desk.ask(request(Resume, None, reason="恢复"), "05-11 10:00")
    assert (
        "现时限：5（1），交办前已到期，请补报实际完成情况和日期；5（2），2018年6月" in last(desk, "status_notice").body
    )
    desk.ask(request(Withdraw, None), "05-14 10:00")
    desk.ask(request(ReopenProject, None, by=WANG, confirmed_by=LI), "05-15 10:00")
    assert "“第1项工作”（交办前已到期，请补报实际完成情况和日期）；“第2项" in last(desk, "status_notice").body


def test_a_refused_extension_gives_no_day_to_a_clock_that_stands_still() -> None:
    """The project was suspended before the ruling: the day moves when it goes on."""
    desk = Desk()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 7, 31)), "05-08 10:00")
    desk.ask(request(ReviewExtension, by=LI, recommended_due_on=None))
    desk.ask(request(Suspend, None))
    desk.ask(request(RuleOnExtension, by=WANG, ruling="refuse", reason="不宜延期"), "06-08 10:00")
    assert "不予批准，计时停止，时限将相应顺延。理由" in last(desk, "ruling").body


def test_what_is_taken_back_gives_no_day_to_a_clock_that_stands_still() -> None:
    """A withdrawal is taken back while the second milestone waits for a ruling on its dispute."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(RaiseDispute, SECOND, by=PARTICIPANT, against="组织部"), "05-09 10:00")
    desk.ask(request(Withdraw, None, by=LI, reason="误办"))
    desk.ask(ReopenProject(request_id="back", by=LI, reason="误办", confirmed_by=WANG), "05-10 10:00")
    told = last(desk, "status_notice").body
    assert told.endswith("“第1项工作”（2018年5月31日前）；“第2项工作”（计时停止，时限将相应顺延）。")


def _granted(desk: Desk, new: date) -> Paper:
    desk.ask(request(RequestExtension, new_due_on=new), "05-08 10:00")
    desk.ask(request(ReviewExtension, by=LI, recommended_due_on=new))
    desk.ask(request(RuleOnExtension, by=WANG, ruling="grant", new_due_on=new))
    return last(desk, "ruling")


def _refused(desk: Desk, new: date) -> Paper:
    desk.ask(request(RequestExtension, new_due_on=new), "05-08 10:00")
    desk.ask(request(ReviewExtension, by=LI, recommended_due_on=new))
    desk.ask(request(RuleOnExtension, by=WANG, ruling="refuse"))
    return last(desk, "ruling")


def _by_grace(desk: Desk, new: date) -> Paper:
    desk.ask(request(GrantGrace, by=LI, new_due_on=new), "06-08 10:00")
    return last(desk, "ruling")


def _returned(desk: Desk, new: date) -> Paper:
    desk.ask(request(RequestCompletion), "05-08 10:00")
    desk.ask(request(ReturnForRework, by=LI))
    return last(desk, "return_notice")


@pytest.mark.parametrize("roll", ["none", "following", "preceding"])
@pytest.mark.parametrize("act", [_granted, _refused, _by_grace, _returned])
def test_a_ruling_names_the_day_that_counts(act: Any, roll: DueRoll) -> None:
    """A Saturday is the Monday behind it or the Friday before it, where the rules say so: as in the register."""
    on_a_day_off = date(2018, 5, 26) if act in (_refused, _returned) else date(2018, 5, 31)
    desk = Desk(milestone(1, on_a_day_off), policy=rolled(roll))
    paper = act(desk, date(2018, 6, 30))
    stands = view_of(desk.state, desk.now).milestones[0].answer_by
    assert stands is not None
    assert paper.due_on == stands
    assert f"{stands.year}年{stands.month}月{stands.day}日" in paper.body


def test_who_takes_part_no_more_by_the_list_is_told_and_reminded_no_more() -> None:
    """The order goes to it as well, and its waiting reminders are held back."""
    desk = Desk()
    none = key_project((milestone(),)).model_copy(update={"participating_departments": ()})
    events = desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=none), "05-09 10:00")
    assert last(desk, "supervision_order").copies_to == ("宣传部",)
    held = [(each.milestone_id, each.reason, each.addressee) for each in withholdings_for(desk.state, events)]
    assert held == [(FIRST, "amended", "宣传部")]


@pytest.mark.parametrize(
    ("command", "reason", "whose"),
    [
        (request(RequestExtension, new_due_on=date(2018, 6, 30)), "clock_stopped", None),
        (request(RaiseDispute, against="宣传部"), "clock_stopped", None),
        (request(DeclineAssignment, by=PARTICIPANT), "clock_stopped", "宣传部"),
        (request(DeclineAssignment, None), "clock_stopped", None),
        (request(Suspend), "suspended", None),
    ],
    ids=["extension", "dispute", "declined by a participant", "declined", "suspended"],
)
def test_what_stops_a_clock_holds_back_what_waits_for_the_morning(command: Any, reason: str, whose: str | None) -> None:
    """Nobody is reminded of a date that no longer runs, while a ruling is awaited; a participant's stop is its own."""
    desk = Desk(policy=WHOLE_LIFE)
    withheld = withholdings_for(desk.state, desk.ask(command, "05-09 10:00"))
    assert [(each.milestone_id, each.reason, each.addressee) for each in withheld] == [(FIRST, reason, whose)]


def test_a_lead_that_went_on_is_said_to_take_part_no_more() -> None:
    """A participant became the lead, and then another department did: nothing is left to the first two."""
    desk = Desk()
    desk.ask(request(ReassignLead, to="宣传部"), "05-09 10:00")
    desk.ask(request(ReassignLead, to="统战部"), "05-10 10:00")
    assert "由统战部牵头，现予交办" in last(desk, "supervision_order").body
    assert desk.state.project.participating_departments == ()
    # A list that names it again gives it a part again.
    again = key_project((milestone(),), lead="统战部")
    desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=again), "05-11 10:00")
    assert desk[FIRST].parts["宣传部"].stage == "assigned"


def test_a_list_that_names_its_lead_among_the_participants_changes_nothing_again() -> None:
    """Whoever leads takes no part: the list issued a second time is the same."""
    both = key_project((milestone(),), lead="宣传部")
    desk = Desk()
    desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=both), "05-09 10:00")
    assert desk.ask(AmendProject(request_id="a2", by=LI, basis="调整", project=both)) == ()


@pytest.mark.parametrize(("roll", "days"), [("following", (28, 11)), ("preceding", (25, 8))])
def test_an_amendment_names_the_day_that_counts(roll: DueRoll, days: tuple[int, int]) -> None:
    """Of what the list moves to a Saturday, and of what it adds with a Sunday."""
    desk = Desk(milestone(1, date(2018, 5, 16)), policy=rolled(roll))
    moved, added = milestone(1, date(2018, 5, 26)), milestone(2, date(2018, 6, 10))
    wanted = desk.state.project.having(milestones=(moved, added))
    desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=wanted), "05-09 10:00")
    told = last(desk, "supervision_order").body
    assert f"时限由2018年5月16日改为2018年5月{days[0]}日；" in told
    assert f"“第2项工作”，时限2018年6月{days[1]}日。" in told
