"""Nothing that a person says is lost: every word, day and number of an accepted command stands in its events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    AnswerInspection,
    CheckRectification,
    CloseInspection,
    Command,
    ConcludeInspection,
    OpenInspection,
    RecordFinding,
    ReportRectification,
    RequestCompletion,
    RequestExtension,
    ReturnForRework,
    ReviewExtension,
    RuleOnExtension,
    StrikeOff,
    SupplementExtension,
    Urge,
)
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.events import DomainEvent, LimitEnded
from tests.domain.samples import FIRST, LI, PROJECT, WANG, WHOLE_LIFE, Desk, milestone, request
from tests.domain.test_edges import KINDS, standings

COUNTED_OR_COMPARED = {
    "this_month",  # is held against the cap
    "directive",  # names the one that is answered
}
WHOLE = [kind for kind in KINDS if kind is not AmendProject]
OTHER = "2018-05a-02"


def said(command: Command) -> Iterator[tuple[str, Any]]:
    """What a command says, field by field."""
    for name, value in command:
        if name not in {*COUNTED_OR_COMPARED, *Command.model_fields, "type", "calendar"} and value not in (None, ()):
            yield name, value


def told_apart(command: Any) -> Any:
    """The command with words of its own in every text."""
    fields = type(command).model_fields
    words = {name: f"话{place}：{name}" for place, name in enumerate(fields)}
    named = {"type", "request_id", "kind", "ruling", "department", "to", "against", "responsible", "milestone_id"}
    named.add("sub_duty")
    texts = {name for name, value in command if name not in named and isinstance(value, str)}
    texts |= {"note", "despite_cap"} & fields.keys()
    changed: dict[str, Any] = {name: words[name] for name in texts}
    if "evidence" in fields:
        changed["evidence"] = ("证据甲", "证据乙")
    return command.model_copy(update={**changed, "request_id": "新-1"})


@pytest.mark.parametrize("kind", WHOLE, ids=lambda each: each.__name__)
def test_every_word_of_a_command_stands_in_its_events(kind: type[Command]) -> None:
    """Texts, evidence, days, departments, milestones: each is found again in what was recorded of it."""
    state, command, now = standings()[kind]
    command = told_apart(command)
    events = decide(state, command, now)
    own = [event for event in events if event.cause == "request:新-1"]
    assert own
    record = json.dumps([event.model_dump(mode="json") for event in own], ensure_ascii=False)
    for name, value in said(command):
        if isinstance(value, bool) or name in ("ruling", "to_year", "ended"):
            continue
        if (name, value) == ("department", state.lead):
            continue  # the lead is urged where no department is named
        if name == "new_due_on" and getattr(command, "ruling", "grant") != "grant":
            continue  # a day beside another ruling grants nothing
        for each in value if isinstance(value, tuple) else (value,):
            assert str(getattr(each, "name", each)) in record, f"{kind.__name__}.{name}"
    for event in own:
        assert event.actor == str(command.by)
        assert event.on_behalf_of == (str(command.on_behalf_of) if command.on_behalf_of else None)
        assert (event.decided_at, event.v) == (now, 1)
    assert own[0].request_digest == command.digest
    assert all(event.request_digest is None for event in own[1:])


def two() -> Desk:
    """Two milestones with the same matters open in both, so that an act can end the wrong one."""
    return Desk(milestone(1, date(2018, 7, 31)), milestone(2, date(2018, 7, 31)), policy=WHOLE_LIFE)


def ended(events: tuple[DomainEvent, ...]) -> list[tuple[str, str | None, bool]]:
    """The matters that events end."""
    return [(e.kind, e.milestone_id, e.answered) for e in events if isinstance(e, LimitEnded)]


def inspected(desk: Desk, **facts: Any) -> None:
    """Both milestones inspected and concluded."""
    for each in (FIRST, OTHER):
        desk.ask(request(OpenInspection, each, despite_cap="必要"))
        desk.ask(request(ConcludeInspection, each, **facts))


@pytest.mark.parametrize("reported", [False, True], ids=["while it is put right", "while it is checked"])
def test_an_inspection_is_answered_at_every_step_and_only_its_own_matter_ends(reported: bool) -> None:
    """The answer may come before, with and after the rectification; the neighbour's matter stays open."""
    desk = two()
    inspected(desk, rectify=True)
    if reported:
        for each in (FIRST, OTHER):
            (_, *more) = desk.ask(request(ReportRectification, each))
            assert ended(tuple(more)) == [("rectification", each, True)]
    assert ended(desk.ask(request(AnswerInspection, OTHER))) == [("inspection_answer", OTHER, True)]
    if reported:
        assert ended(desk.ask(request(CheckRectification, OTHER, holds=True))) == [("rectification_check", OTHER, True)]
        answered_late = ended(desk.ask(request(CheckRectification, FIRST, holds=True)))
        assert answered_late == [("rectification_check", FIRST, True), ("inspection_answer", FIRST, False)]
    with pytest.raises(RejectedError) as refused:
        desk.ask(request(AnswerInspection, OTHER))
    then = "现在没有督查在办，无须办理" if reported else "结论已经答复，不必再答复"
    assert refused.value.text == f"节点 {OTHER} 没有等待答复的督查：{then}。"


def test_closing_an_unanswered_inspection_ends_its_own_matter_only() -> None:
    """As not answered; the neighbour's goes on."""
    desk = two()
    inspected(desk)
    events = desk.ask(request(CloseInspection, OTHER, note="无须答复"))
    assert ended(events) == [("inspection_answer", OTHER, False)]
    assert getattr(events[-1], "note", None) == "无须答复"
    assert [limit.milestone_id for limit in desk.state.limits.values() if limit.kind == "inspection_answer"] == [FIRST]


def test_a_review_and_a_ruling_end_their_own_matter_only() -> None:
    """Of the extension that they are about, each at its own step."""
    desk = two()
    for each in (FIRST, OTHER):
        desk.ask(request(RequestExtension, each, new_due_on=date(2018, 9, 28)))
    assert ended(desk.ask(request(ReviewExtension, OTHER, by=LI))) == [("extension_review", OTHER, True)]
    asked = desk.ask(request(RuleOnExtension, OTHER, ruling="ask_more", by=WANG))
    assert ended(asked) == [("extension_ruling", OTHER, True)]
    assert ended(desk.ask(request(SupplementExtension, OTHER))) == []
    assert ended(desk.ask(request(ReviewExtension, FIRST, by=LI))) == [("extension_review", FIRST, True)]
    granted = desk.ask(request(RuleOnExtension, FIRST, ruling="grant", new_due_on=date(2018, 9, 28), by=WANG))
    assert ended(granted) == [("extension_ruling", FIRST, True)]


def test_a_ruling_on_a_completion_ends_its_own_review_only() -> None:
    """Sent back or accepted."""
    desk = two()
    for each in (FIRST, OTHER):
        desk.ask(request(RequestCompletion, each))
    assert ended(desk.ask(request(ReturnForRework, OTHER))) == [("completion_review", OTHER, True)]
    assert ended(desk.ask(request(AcceptCompletion, FIRST))) == [("completion_review", FIRST, True)]


@pytest.mark.parametrize(
    ("kind", "facts", "sentence"),
    [
        (RecordFinding, {}, "没有正在进行的督查：现在没有督查在办，无须办理"),
        (ConcludeInspection, {}, "没有正在进行的督查：现在没有督查在办，无须办理"),
        (AnswerInspection, {}, "没有等待答复的督查：现在没有督查在办，无须办理"),
        (ReportRectification, {}, "没有等待整改的督查：现在没有督查在办，无须办理"),
        (CheckRectification, {"holds": True}, "没有等待核查整改的督查：现在没有督查在办，无须办理"),
        (CloseInspection, {}, "没有可以结束的督查：现在没有督查在办，无须办理"),
        (SupplementExtension, {}, "没有等待补充的延期申请：请核对节点"),
        (ReviewExtension, {}, "没有等待初审的延期申请：请核对节点"),
        (RuleOnExtension, {"ruling": "refuse"}, "没有已初审、等待批复的延期申请：请核对节点"),
    ],
)
def test_a_step_that_is_not_there_is_named(kind: type[Command], facts: dict[str, Any], sentence: str) -> None:
    """The sentence says which milestone, and which step is missing."""
    with pytest.raises(RejectedError) as refused:
        two().ask(request(kind, OTHER, **facts))
    assert refused.value.text == f"节点 {OTHER} {sentence}。"
    assert refused.value.ids["milestone_id"] == OTHER


def test_the_two_persons_of_a_refusal_are_named() -> None:
    """Who accepted may not strike off: the sentence says who that was."""
    desk = two()
    desk.ask(request(RequestCompletion, OTHER))
    desk.ask(request(AcceptCompletion, OTHER, by=LI))
    with pytest.raises(RejectedError) as refused:
        desk.ask(request(StrikeOff, OTHER, by=LI))
    assert refused.value.text == f"节点 {OTHER} 由李审核办结，销号须由另一人办理。"
    assert desk.ask(request(StrikeOff, OTHER, by=WANG))


def test_an_urge_of_a_stranger_names_the_project_and_the_department() -> None:
    """What is refused says of what project, and whom."""
    with pytest.raises(RejectedError) as refused:
        two().ask(request(Urge, OTHER, department="统战部"))
    then = "请核对部门和项目；应由项目以外的部门承担的，请退回交办或请督查人员改派"
    assert refused.value.text == f"统战部不是项目 {PROJECT} 在办的参与部门：{then}。"
