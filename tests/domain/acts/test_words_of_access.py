"""What a person reads who may not do an act, word for word: who he is, what it is about, and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.actors import department
from domain.acts.commands import (
    AcceptCompletion,
    AnswerDirective,
    AppointDeputy,
    DeclineAssignment,
    GrantGrace,
    OpenInspection,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    SignReceipt,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.errors import RejectedError
from domain.events import DeadlineBreached
from tests.domain.acts.test_decomposing import below, given, own
from tests.domain.samples import (
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    PROJECT,
    SECOND,
    STRANGER,
    WANG,
    Desk,
    at,
    key_project,
    milestone,
    request,
)

MISSING = f"{PROJECT}-77"


def refused(desk: Desk, command: Any) -> RejectedError:
    """The refusal of an act."""
    with pytest.raises(RejectedError) as error:
        desk.ask(command)
    return error.value


@pytest.mark.parametrize(
    ("command", "says", "ids"),
    [
        (
            request(Urge, by=LI, on_behalf_of=WANG),
            "李在 2018-04-25 没有代王办理的授权；请先由王指定代办人。",
            {"deputy": "李", "principal": "王", "today": date(2018, 4, 25)},
        ),
        (
            request(Urge, by=STRANGER),
            "统战部是承办部门，不能办理这一项：请督查人员以本人姓名办理。",
            {"by": "统战部"},
        ),
        (
            request(RequestExtension, SECOND, by=STRANGER, new_due_on=date(2018, 9, 28)),
            f"节点 {SECOND} 由组织部牵头：这件事请由组织部办理，统战部不能代办。",
            {"milestone_id": SECOND, "by": "统战部", "lead": "组织部"},
        ),
        (
            request(AnswerDirective, None, by=STRANGER),
            f"项目 {PROJECT} 由组织部牵头：这件事请由组织部办理，统战部不能代办。",
            {"milestone_id": PROJECT, "by": "统战部", "lead": "组织部"},
        ),
        (
            request(ReportProgress, by=STRANGER),
            f"统战部不是节点 {FIRST} 的牵头或参与部门，不能办理：请核对编号，由承担这项任务的部门办理。",
            {"milestone_id": FIRST, "project_id": PROJECT, "by": "统战部"},
        ),
        (
            request(SignReceipt, None, by=STRANGER),
            f"统战部不是项目 {PROJECT} 的牵头或参与部门，不能办理：请核对编号，由承担这项任务的部门办理。",
            {"milestone_id": None, "project_id": PROJECT, "by": "统战部"},
        ),
        (
            request(AppointDeputy, principal=WANG, deputy=LI, from_on=date(2018, 5, 1), until_on=date(2018, 5, 2)),
            "代办人须由被代办的一方（王）自己指定；本次由李提出，请由王办理。",
            {"by": "李", "principal": "王"},
        ),
        *(
            (
                request(kind, MISSING, by=by, **facts),
                f"项目 {PROJECT} 没有节点 {MISSING}；节点编号从 {PROJECT}-01 到 {SECOND}。",
                {"project_id": PROJECT, "milestone_id": MISSING, "last": SECOND},
            )
            for kind, by, facts in (
                (RequestExtension, STRANGER, {"new_due_on": date(2018, 9, 28)}),
                (ReportProgress, PARTICIPANT, {}),
                (Urge, LI, {}),
            )
        ),
    ],
)
def test_who_may_not_reads_who_may_and_of_what(command: Any, says: str, ids: dict[str, Any]) -> None:
    """The sentence and its ids name the very person, department, milestone and day."""
    error = refused(Desk(milestone(), milestone(2)), command)
    assert error.text == says
    assert error.ids == ids


def test_a_project_without_milestones_says_so() -> None:
    """No range of numbers is made up for it."""
    error = refused(Desk(project=key_project(())), request(Urge))
    assert error.text == f"项目 {PROJECT} 没有节点 {FIRST}；该项目没有任何节点。"
    assert error.ids["last"] is None


def test_a_part_of_one_milestone_is_no_duty_in_another() -> None:
    """A department that took over a part reports on that part, and on the other milestones it does not."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to="学校部"))
    schools = STRANGER.model_copy(update={"name": "学校部", "department": "学校部"})
    assert refused(desk, request(ReportProgress, SECOND, by=schools)).rule == "own_duty"
    assert desk.ask(request(ReportProgress, FIRST, by=schools))


def test_who_may_not_supervise_a_part_reads_who_gave_it() -> None:
    """Another department is refused with the name of the one that may."""
    desk = Desk(milestone())
    given(desk)
    part = below(desk)
    error = refused(part, request(Urge, own(part), by=PARTICIPANT))
    assert error.text == "2018-05a_01_01 是组织部分解的任务：审核、催办和裁定请由组织部办理，宣传部不能办理。"
    assert error.ids == {"project_id": "2018-05a_01_01", "by": "宣传部", "assigned_by": "组织部"}
    assert part.ask(request(Urge, own(part), by=LEAD))


def test_a_settled_milestone_is_named_with_its_stage() -> None:
    """Whoever asks for more of it reads what became of it."""
    desk = Desk(milestone(), milestone(2))
    for command in (request(RequestCompletion), request(AcceptCompletion, by=LI), request(StrikeOff, by=WANG)):
        desk.ask(command)
    for kind in (Urge, OpenInspection):
        assert refused(desk, request(kind)).ids == {"milestone_id": FIRST, "stage": "struck_off"}


def test_whose_declined_assignment_waits_is_told_with_its_own_day() -> None:
    """Two departments have sent theirs back on different days: each is told the limit of its own."""
    desk = Desk(milestone())
    for by, when in ((PARTICIPANT, "04-25 10:00"), (LEAD, "05-09 10:00")):
        desk.ask(request(DeclineAssignment, None, by=by), when)
    limits = {limit.about: limit for limit in desk.state.limits.values() if limit.kind == "declined_assignment"}
    assert limits["组织部"].due_on != limits["宣传部"].due_on
    for by, about in ((PARTICIPANT, "宣传部"), (LEAD, "组织部")):
        limit = limits[about]
        said = refused(desk, request(DeclineAssignment, None, by=by)).text
        waits = f"{limit.owner}于 {limit.due_on} 前处理退回的交办"
        assert said == f"{about}已退回交办，不必再退：{waits}，请等结果。"


def test_a_breach_that_an_act_would_slip_past_is_caused_by_its_rung() -> None:
    """It is recorded before the act as the alarm would have recorded it: nobody asked for it."""
    desk = Desk(milestone())
    desk.now = at("06-01 09:00")  # no alarm has gone off since April
    desk.ask(request(GrantGrace, new_due_on=date(2018, 7, 31)))
    assert {(event.cause, event.due_on) for event in desk.of(DeadlineBreached)} == {("rung:breach", date(2018, 5, 31))}


def test_what_ends_the_whole_ends_its_parts_through_all_levels() -> None:
    """The department at the top withdraws a district's part, and so does the city that gave it; no other one does."""
    desk = Desk(milestone())
    given(desk)
    city = below(desk)
    given(city, by=department("甲市"), milestone_id=own(city), units=("东区", "西区"))
    for place, by in ((0, LEAD), (1, department("甲市"))):
        district = below(city, place)
        error = refused(district, request(Withdraw, own(district), by=PARTICIPANT))
        assert error.ids == {"project_id": district.state.project_id, "by": "宣传部", "assigned_by": "甲市"}
        assert district.ask(request(Withdraw, own(district), by=by))
