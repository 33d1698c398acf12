"""What is refused for how things stand, word for word in the act itself; and the last day that still counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from domain.actors import ENGINE, operator
from domain.acts.commands import (
    AnswerInspection,
    AppointDeputy,
    CheckRectification,
    ConcludeInspection,
    DismissDeputy,
    EndSilence,
    GrantGrace,
    OpenInspection,
    RecordFinding,
    ReportRectification,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReviewExtension,
    RuleOnExtension,
    SilenceNotices,
    SupplementExtension,
    Suspend,
)
from domain.events import GraceGranted, InspectionOpened, LimitSet
from domain.rules.ladder_rules import MilestoneRules
from tests.domain.acts.test_decomposing import below, given, own
from tests.domain.acts.test_words_of_access import refused
from tests.domain.samples import FIRST, LI, PROJECT, SECOND, WANG, WHOLE_LIFE, Desk, milestone, request

MAY, JUNE, JULY = date(2018, 5, 31), date(2018, 6, 29), date(2018, 7, 31)
THE_ONE = {"milestone_id": FIRST}
ASKED = (request(RequestExtension, new_due_on=JULY),)
REVIEWED = (*ASKED, request(ReviewExtension, by=LI))
MORE_ASKED = (*REVIEWED, request(RuleOnExtension, ruling="ask_more", by=WANG))
OPENED = (request(OpenInspection),)
RECTIFYING = (*OPENED, request(ConcludeInspection, rectify_by=JUNE))
ANSWERED = (*RECTIFYING, request(AnswerInspection))
NO_DEPUTY: dict[str, Any] = {"from_on": date(2018, 5, 2), "until_on": date(2018, 5, 2)}
CASES: list[tuple[Sequence[Any], Any, str, dict[str, Any]]] = [
    (
        (),
        request(RequestExtension, new_due_on=MAY),
        f"节点 {FIRST} 的新日期须晚于 2018-05-31，给出的是 2018-05-31。",
        {**THE_ONE, "given": MAY, "after": MAY},
    ),
    (
        REVIEWED,
        request(RuleOnExtension, ruling="grant", by=WANG),
        f"节点 {FIRST} 的新日期须晚于 2018-05-31，给出的是 （未写）。",
        {**THE_ONE, "given": None, "after": MAY},
    ),
    (
        REVIEWED,
        request(RuleOnExtension, ruling="refuse", by=LI),
        f"节点 {FIRST} 的延期由李初审，批复须由另一人办理。",
        {**THE_ONE, "person": "李"},
    ),
    (
        ASKED,
        request(SupplementExtension),
        f"节点 {FIRST} 没有等待补充的延期申请：申请在等初审，请先初审。",
        {**THE_ONE, "needed": "等待补充", "awaits": "asked"},
    ),
    (
        REVIEWED,
        request(ReviewExtension),
        f"节点 {FIRST} 没有等待初审的延期申请：申请已初审，请由另一人批复。",
        {**THE_ONE, "needed": "等待初审", "awaits": "reviewed"},
    ),
    (
        MORE_ASKED,
        request(RuleOnExtension, ruling="refuse"),
        f"节点 {FIRST} 没有已初审、等待批复的延期申请：请由牵头部门按要求补充说明。",
        {**THE_ONE, "needed": "已初审、等待批复", "awaits": "more_asked"},
    ),
    (
        MORE_ASKED,
        request(RequestExtension, new_due_on=JULY),
        f"节点 {FIRST} 已有延期申请在办，不能重复申请：请由牵头部门按要求补充说明。",
        {**THE_ONE, "waits": None},
    ),
    (
        (request(Suspend),),
        request(Suspend),
        f"节点 {FIRST} 已中止；要改理由或期限，请先恢复。",
        {"what": f"节点 {FIRST} "},
    ),
    (
        (request(Suspend, None),),
        request(Suspend, None),
        f"项目 {PROJECT} 已中止；要改理由或期限，请先恢复。",
        {"what": f"项目 {PROJECT} "},
    ),
    *(
        ((), request(kind, where), f"{what} 没有{word}，无须恢复。", {"what": f"{what} "})
        for kind, word in ((Resume, "中止"), (EndSilence, "停发通知"))
        for where, what in ((FIRST, f"节点 {FIRST}"), (None, f"项目 {PROJECT}"))
    ),
    *(
        (
            (),
            request(kind, until=date(2018, 4, 24)),
            "日期 2018-04-24 已过：最早可写 2018-04-25。",
            {"given": date(2018, 4, 24), "earliest": date(2018, 4, 25)},
        )
        for kind in (Suspend, SilenceNotices)
    ),
    *(
        (
            (),
            request(AppointDeputy, principal=LI, deputy=deputy, **NO_DEPUTY),
            f"李的代办人不能是{deputy.name}：请写另一个部门或另一个人。",
            {"principal": "李", "deputy": deputy.name},
        )
        for deputy in (LI, ENGINE)
    ),
    (
        (request(AppointDeputy, principal=LI, deputy=WANG, **NO_DEPUTY),),
        request(DismissDeputy, principal=LI, deputy=operator("赵")),
        "李没有委托赵代办，无须终止；请核对现有的代办人。",
        {"deputy": "赵", "principal": "李"},
    ),
    (
        RECTIFYING,
        request(RecordFinding),
        f"节点 {FIRST} 没有正在进行的督查：请由牵头部门报告整改。",
        {**THE_ONE, "needed": "正在进行", "stage": "rectifying"},
    ),
    (
        ANSWERED,
        request(AnswerInspection),
        f"节点 {FIRST} 没有等待答复的督查：结论已经答复，不必再答复。",
        {**THE_ONE, "needed": "等待答复", "stage": "rectifying", "answered": True},
    ),
    (
        OPENED,
        request(ConcludeInspection, rectify_by=date(2018, 4, 25)),
        "日期 2018-04-25 已过：最早可写 2018-04-26。",
        {"given": date(2018, 4, 25), "earliest": date(2018, 4, 26)},
    ),
]


@pytest.mark.parametrize(("steps", "command", "says", "ids"), CASES)
def test_what_stands_in_the_way_is_said_word_for_word(
    steps: Sequence[Any], command: Any, says: str, ids: dict[str, Any]
) -> None:
    """The sentence and its ids name the step that it is at, the very milestone, and the days."""
    desk = Desk(milestone(), milestone(2))
    for step in steps:
        desk.ask(step.model_copy(update={"request_id": f"前-{len(desk.events)}"}))
    error = refused(desk, command)
    assert error.text == says
    assert error.ids == ids


@pytest.mark.parametrize(("born_late", "due_on"), [(True, date(2018, 3, 31)), (False, None)])
def test_what_has_no_date_to_move_is_named(born_late: bool, due_on: date | None) -> None:
    """What is reported afterwards, and what has no date yet."""
    desk = Desk(milestone(), milestone(2, due_on, starts_on=date(2018, 3, 1), born_late=born_late))
    for kind in (RequestExtension, GrantGrace):
        error = refused(desk, request(kind, SECOND, new_due_on=JULY))
        assert error.ids == {"milestone_id": SECOND}
        assert error.rule == ("reported_afterwards" if born_late else "date_to_move")


def test_an_extension_that_comes_too_late_names_the_day() -> None:
    """The due date that is over, and of which milestone."""
    desk = Desk(milestone(), milestone(2, JULY))
    desk.run_until("06-04 10:00")
    assert refused(desk, request(RequestExtension, new_due_on=JULY)).ids == {**THE_ONE, "due_on": MAY}


@pytest.mark.parametrize(
    ("steps", "kind", "word"), [(ASKED, "extension_review", "初审"), (REVIEWED, "extension_ruling", "批复")]
)
def test_whose_answer_an_extension_waits_for_is_told(steps: Sequence[Any], kind: str, word: str) -> None:
    """Who asks again reads who answers what, and until when."""
    desk = Desk(milestone())
    for step in steps:
        desk.ask(step)
    (limit,) = [each for each in desk.state.limits.values() if each.kind == kind]
    error = refused(desk, request(RequestExtension, new_due_on=JULY))
    waits = f"督查室于 {limit.due_on} 前{word}延期"
    assert error.text == f"节点 {FIRST} 已有延期申请在办，不能重复申请：{waits}，请等结果。"
    assert error.ids == {**THE_ONE, "waits": waits}


@pytest.mark.parametrize("kind", [RequestExtension, GrantGrace])
def test_what_is_under_review_is_not_moved(kind: Any) -> None:
    """The sentence says whose review it waits for, and until when."""
    desk = Desk(milestone())
    desk.ask(request(RequestCompletion))
    (limit,) = [each for each in desk.state.limits.values() if each.kind == "completion_review"]
    waits = f"督查室于 {limit.due_on} 前审核办结"
    error = refused(desk, request(kind, new_due_on=JULY))
    assert error.text == f"节点 {FIRST} 的办结申请正在审核，其间不再办理别的：{waits}，请等结果。"


def test_no_date_that_is_over_already_is_asked_for_or_granted() -> None:
    """A date after the one that holds and not after today would be breached as it is granted."""
    rolled = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll="following")})
    desk = Desk(milestone(1, date(2018, 6, 30)), policy=rolled)  # a Saturday: Monday counts
    desk.run_until("07-02 10:00")
    monday = date(2018, 7, 2)
    asked = refused(desk, request(RequestExtension, new_due_on=date(2018, 7, 1)))
    assert asked.ids == {**THE_ONE, "given": date(2018, 7, 1), "after": monday}
    desk.ask(request(RequestExtension, new_due_on=JULY))
    recommended = refused(desk, request(ReviewExtension, recommended_due_on=date(2018, 7, 1), by=LI))
    assert recommended.ids["after"] == monday
    desk.ask(request(ReviewExtension, by=LI))
    granted = refused(desk, request(RuleOnExtension, ruling="grant", new_due_on=monday, by=WANG))
    assert granted.ids == {**THE_ONE, "given": monday, "after": monday}


def test_grace_begins_the_next_round() -> None:
    """With the date that held, the one that holds now, and a number of its own."""
    desk = Desk(milestone())
    desk.run_until("06-04 10:00")
    before = desk[FIRST].round
    desk.ask(request(GrantGrace, new_due_on=JULY))
    (event,) = desk.of(GraceGranted)
    assert (event.before, event.after, event.round, desk[FIRST].round) == (MAY, JULY, before + 1, before + 1)


def test_a_whole_that_is_due_today_bounds_its_parts_no_more() -> None:
    """Until the day before it does, and the refusal names both dates."""
    desk = Desk(milestone())
    given(desk)
    part = below(desk)
    part.run_until("06-04 10:00")
    ends = date(2018, 6, 5)
    error = refused(part, request(GrantGrace, own(part), new_due_on=JULY, whole_due_on=ends))
    assert error.ids == {"milestone_id": own(part), "whole": FIRST, "whole_due_on": ends, "given": JULY}
    assert part.ask(request(GrantGrace, own(part), new_due_on=JULY, whole_due_on=date(2018, 6, 4)))


def test_the_last_day_of_a_period_belongs_to_it() -> None:
    """A suspension, a silence and a deputy may end today, and a silence can be ended on its last day."""
    desk = Desk(milestone(), milestone(2))
    today = desk.now.date()
    assert desk.ask(request(Suspend, SECOND, until=today))
    assert desk.ask(request(SilenceNotices, until=today))
    assert desk.ask(request(AppointDeputy, principal=LI, deputy=WANG, from_on=today, until_on=today))
    assert desk.ask(request(EndSilence))


def test_a_rectification_that_is_sent_back_has_a_limit_of_its_own() -> None:
    """As at the first time: of this milestone, for the lead department, until the day that was set."""
    desk = Desk(milestone(), milestone(2))
    for step in (*RECTIFYING, request(ReportRectification), request(CheckRectification, holds=False, rectify_by=JULY)):
        desk.ask(step.model_copy(update={"request_id": f"步-{len(desk.events)}"}))
    limits = [event for event in desk.of(LimitSet) if event.kind == "rectification"]
    assert [(each.milestone_id, each.owner, each.due_on) for each in limits] == [
        (FIRST, "组织部", JUNE),
        (FIRST, "组织部", JULY),
    ]
    assert [limit.set_on for limit in desk.state.limits.values() if limit.kind == "rectification"] == [desk.now.date()]


def test_an_inspection_says_why_and_of_what_date() -> None:
    """The reason and the due date that counts stand in its event."""
    desk = Desk(milestone())
    desk.ask(request(OpenInspection, reason="群众反映"))
    (event,) = desk.of(InspectionOpened)
    assert (event.reason, event.due_on) == ("群众反映", MAY)
