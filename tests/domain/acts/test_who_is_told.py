"""A refusal about who acts names all of them, word for word; who is refused for another reason is told that one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.actors import ENGINE
from domain.acts.commands import (
    AcceptCompletion,
    AppointDeputy,
    DeclineAssignment,
    DismissDeputy,
    OpenInspection,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    StrikeOff,
    Suspend,
)
from domain.acts.decisions import reject
from domain.errors import RejectedError
from domain.events import CommandRejected
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, STRANGER, WANG, Desk, at, milestone, request

MORNING = "05-09 10:00"
LATER = date(2018, 7, 31)
PERIOD: dict[str, Any] = {"from_on": date(2018, 5, 9), "until_on": date(2018, 5, 20)}


def refused(desk: Desk, command: Any) -> RejectedError:
    """The refusal of a command."""
    with pytest.raises(RejectedError) as error:
        desk.ask(command, MORNING)
    return error.value


@pytest.mark.parametrize(
    ("command", "rule", "text"),
    [
        (
            request(ReportProgress, by=STRANGER, on_behalf_of=LEAD),
            "appointed_deputy",
            "统战部在 2018-05-09 没有代组织部办理的授权；请先由组织部指定代办人。",
        ),
        (
            request(RequestExtension, by=PARTICIPANT, new_due_on=LATER),
            "own_milestone",
            "节点 2018-05a-01 由组织部牵头：这件事请由组织部办理，宣传部不能代办。",
        ),
        (
            request(AppointDeputy, by=LI, principal=WANG, deputy=LI, **PERIOD),
            "own_deputy",
            "代办人须由被代办的一方（王）自己指定；本次由李提出，请由王办理。",
        ),
        (
            request(AppointDeputy, by=PARTICIPANT, principal=LEAD, deputy=PARTICIPANT, **PERIOD),
            "own_deputy",
            "代办人须由被代办的一方（组织部）自己指定；本次由宣传部提出，请由组织部办理。",
        ),
        (
            request(AppointDeputy, by=ENGINE, principal=ENGINE, deputy=WANG, **PERIOD),
            "own_deputy",
            "代办人须由被代办的一方（engine）自己指定；本次由engine提出，请由engine办理。",
        ),
        (
            request(Suspend, by=LEAD),
            "operator_only",
            "组织部是承办部门，不能办理这一项：请督查人员以本人姓名办理。",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) and each.isascii() else "",
)
def test_who_may_not_is_named_with_whose_it_is(command: Any, rule: str, text: str) -> None:
    """The deputy, the principal, the day; the milestone, its lead and who asked."""
    error = refused(Desk(), command)
    assert (error.rule, error.text) == (rule, text)


def test_a_settled_milestone_is_named_with_what_became_of_it() -> None:
    """Whoever inspects what is struck off is told which one it is, and that it is struck off."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(RequestCompletion, done_on=date(2018, 5, 8)), MORNING)
    desk.ask(request(AcceptCompletion, by=LI))
    desk.ask(request(StrikeOff, by=WANG))
    error = refused(desk, request(OpenInspection, by=WANG, reason="抽查"))
    assert error.text == f"节点 {FIRST} 已销号，不必再办。"
    assert error.ids == {"milestone_id": FIRST, "stage": "struck_off"}


def test_a_deputy_appoints_no_deputy_of_its_own() -> None:
    """Whoever acts for a person gives that person's rights to nobody, in any role."""
    desk = Desk()
    desk.ask(request(AppointDeputy, by=LI, principal=LI, deputy=WANG, **PERIOD), MORNING)
    error = refused(desk, request(AppointDeputy, by=WANG, on_behalf_of=LI, principal=WANG, deputy=LI, **PERIOD))
    assert error.rule == "own_deputy"
    error = refused(desk, request(DismissDeputy, by=WANG, on_behalf_of=LI, principal=WANG, deputy=LI))
    assert error.rule == "own_deputy"


def test_a_department_that_declines_another_s_project_is_told_of_the_project() -> None:
    """What is asked of the whole is named by the project, not by a milestone."""
    error = refused(Desk(), request(DeclineAssignment, milestone_id=None, by=STRANGER))
    assert "2018-05a" in error.text
    assert "2018-05a-" not in error.text


def test_a_refusal_by_signal_is_the_engine_s_record_and_keeps_no_secret() -> None:
    """The record names the engine, the rule and what was received, cut where it is long, and nothing that is marked."""
    state = Desk().state
    (event,) = reject(state, "a_rule", "一句话。", "x" * 5_000, at(MORNING))
    assert isinstance(event, CommandRejected)
    assert (event.actor, event.cause, event.rule, event.text) == ("engine", "rejected:a_rule", "a_rule", "一句话。")
    assert event.received == "x" * 2_000
    (marked,) = reject(state, "a_rule", "一句话。", "command: 机密★10年 名单", at(MORNING))
    assert isinstance(marked, CommandRejected)
    assert marked.received == "（带有密级标志，内容没有保存）"
