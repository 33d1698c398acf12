"""Leaders' directives and their answers, urges by hand, bulletins."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.actors import department
from domain.acts.commands import (
    AcceptCompletion,
    AnswerDirective,
    DeclineAssignment,
    InsistOnAssignment,
    IssueDirective,
    PublishBulletin,
    ReassignLead,
    RequestCompletion,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.acts.rejections import BulletinPublishedError
from domain.events import (
    BulletinPublished,
    DirectiveAnswered,
    DirectiveIssued,
    LimitEnded,
    LimitEscalated,
    LimitSet,
    ProjectArchived,
    UrgeIssued,
)
from tests.domain.acts.test_words_of_access import refused
from tests.domain.samples import (
    FIRST,
    LI,
    PARTICIPANT,
    PROJECT,
    SECOND,
    WANG,
    WHOLE_LIFE,
    Desk,
    milestone,
    request,
)


def life() -> Desk:
    """One milestone, due on 31 May."""
    return Desk(policy=WHOLE_LIFE)


def matters(desk: Desk) -> list[tuple[str, date]]:
    """The directives that wait, by owner and date."""
    return [(limit.owner, limit.due_on) for limit in desk.state.limits.values() if limit.kind == "directive_answer"]


def test_a_directive_is_answered_within_ten_working_days_or_by_the_day_that_is_set() -> None:
    """From 2 May until the 16th; or exactly 11 May."""
    desk = life()
    desk.ask(request(IssueDirective, None), "05-02 10:00")
    desk.ask(request(IssueDirective, FIRST, answer_by=date(2018, 5, 11)))
    assert matters(desk) == [("组织部", date(2018, 5, 16)), ("组织部", date(2018, 5, 11))]


def test_an_answer_ends_the_oldest_directive_unless_one_is_named() -> None:
    """Two wait: the first answer is of the first, a named one of the named."""
    desk = life()
    for day in (11, 12, 13):
        desk.ask(request(IssueDirective, None, answer_by=date(2018, 6, day)))
    _, second, third = desk.state.directives
    desk.ask(request(AnswerDirective, None))
    desk.ask(request(AnswerDirective, None, directive=third))
    assert list(desk.state.directives) == [second]
    assert matters(desk) == [("组织部", date(2018, 6, 12))]


def test_a_directive_on_the_whole_project_is_answered_from_any_milestone() -> None:
    """Where one on the milestone itself waits, that one is answered first, though it is younger; another's never is."""
    desk = Desk(milestone(1), milestone(2), policy=WHOLE_LIFE)
    for about in (None, SECOND, FIRST):
        desk.ask(request(IssueDirective, about))
    whole, second, first = desk.state.directives
    for _ in range(2):
        desk.ask(request(AnswerDirective, FIRST))
    assert [event.directive for event in desk.of(DirectiveAnswered)] == [first, whole]
    assert [event.milestone_id for event in desk.of(DirectiveAnswered)] == [FIRST, None]
    assert list(desk.state.directives) == [second]


def test_a_directive_that_is_not_answered_climbs_to_the_head_and_the_leader() -> None:
    """One and three working days after 11 May."""
    desk = life()
    desk.ask(request(IssueDirective, None, answer_by=date(2018, 5, 11)))
    desk.run_until("05-18 12:00")
    climbed = [event for event in desk.of(LimitEscalated) if event.kind == "directive_answer"]
    assert [(event.to, f"{event.decided_at:%m%d}") for event in climbed] == [
        ("组织部主要负责人", "0514"),
        ("分管领导", "0516"),
    ]


def test_a_directive_goes_over_to_a_new_lead() -> None:
    """What the lead before was to answer is the new one's now."""
    desk = life()
    desk.ask(request(IssueDirective, None, answer_by=date(2018, 5, 11)))
    desk.ask(request(ReassignLead, to="统战部"))
    desk.ask(request(AnswerDirective, None, by=department("统战部")))
    assert [(event.owner, event.answered) for event in desk.of(LimitEnded)][-1] == ("统战部", True)


def test_the_archive_waits_for_a_directive_on_the_project() -> None:
    """Its answer closes the file."""
    desk = life()
    desk.ask(request(IssueDirective, None))
    desk.ask(request(RequestCompletion))
    desk.ask(request(AcceptCompletion, by=LI))
    desk.ask(request(StrikeOff, by=WANG))
    assert not desk.of(ProjectArchived)
    desk.ask(request(AnswerDirective, None))
    assert len(desk.of(ProjectArchived)) == 1


def test_a_withdrawn_milestone_lets_the_directives_on_it_fall() -> None:
    """Nothing is left that they could be answered for, and the archive does not wait."""
    desk = life()
    desk.ask(request(IssueDirective, FIRST))
    desk.ask(request(Withdraw, FIRST))
    assert (desk.state.directives, desk.state.limits) == ({}, {})
    assert len(desk.of(ProjectArchived)) == 1


def test_a_withdrawn_milestone_leaves_the_directives_on_the_project() -> None:
    """They are about what goes on."""
    desk = Desk(milestone(1), milestone(2), policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, None))
    desk.ask(request(Withdraw, FIRST))
    assert len(desk.state.directives) == 1


def test_an_urge_by_hand_gives_its_reason_and_leaves_the_ladders_own_to_come() -> None:
    """Urged by hand on 1 June at dawn, and by the ladder when the office opens."""
    desk = life()
    desk.ask(request(Urge, reason="领导关注"), "06-01 07:00")
    desk.run_until("06-01 12:00")
    lead = [event.reason for event in desk.of(UrgeIssued) if event.department is None]
    assert lead == ["领导关注", None]


def test_an_urge_of_a_participant_is_about_its_own_date_and_round() -> None:
    """Not about the lead's."""
    desk = life()
    desk.ask(request(Urge, department="宣传部"), "05-10 10:00")
    (urged,) = desk.of(UrgeIssued)
    part = desk[FIRST].parts["宣传部"]
    assert (urged.department, urged.due_on, urged.round) == ("宣传部", part.answer_by, part.round)


def test_a_participant_whose_days_have_moved_is_urged_about_its_own() -> None:
    """The days for which it was not clear whose the part is are excused to it, and not to the lead."""
    desk = life()
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT), "05-02 10:00")
    desk.ask(request(InsistOnAssignment, None, department="宣传部"), "05-07 10:00")
    for name in ("宣传部", None):
        desk.ask(request(Urge, department=name))
    moved = desk[FIRST].parts["宣传部"].answer_by
    assert moved is not None
    assert moved > date(2018, 5, 31)
    assert [event.due_on for event in desk.of(UrgeIssued)] == [moved, date(2018, 5, 31)]


def test_a_bulletin_praises_or_criticises_a_department_of_the_project() -> None:
    """It changes nothing else."""
    desk = Desk(milestone(1), milestone(2), policy=WHOLE_LIFE)
    before = desk[SECOND]
    desk.ask(request(PublishBulletin, SECOND, kind="praise", department="宣传部"))
    assert [(event.kind, event.department) for event in desk.of(BulletinPublished)] == [("praise", "宣传部")]
    assert desk[SECOND] == before
    assert len(desk.of(LimitSet)) == 2


PRAISE: dict[str, Any] = {"kind": "praise", "department": "宣传部"}


def test_the_same_bulletin_is_published_once_in_a_month() -> None:
    """The same words about the same matter are refused; the same request is answered the same."""
    desk = Desk(milestone(1, date(2018, 12, 28)), milestone(2, date(2018, 12, 28)), policy=WHOLE_LIFE)
    once = request(PublishBulletin, SECOND, text="推进有力", **PRAISE)
    desk.ask(once, "05-09 10:00")
    desk.ask(once, "05-09 10:30")
    for words in ("推进有力", "推进有力。", " 推进有力 "):
        with pytest.raises(BulletinPublishedError, match="2018-05-09 已就此事通报过宣传部"):
            desk.ask(request(PublishBulletin, SECOND, text=words, **PRAISE), "05-31 10:00")
    desk.ask(request(PublishBulletin, FIRST, text="推进有力", **PRAISE))
    desk.ask(request(PublishBulletin, None, text="推进有力", **PRAISE))
    desk.ask(request(PublishBulletin, SECOND, text="推进有力", kind="praise", department="组织部"))
    desk.ask(request(PublishBulletin, SECOND, text="推进有力", kind="criticism", department="宣传部"))
    desk.ask(request(PublishBulletin, SECOND, text="推进有力", **PRAISE), "06-01 10:00")
    assert len(desk.of(BulletinPublished)) == 6
    assert not [paper.body for paper in desk.papers if "本通报承接" in paper.body]


def test_a_bulletin_with_other_words_says_which_one_it_follows() -> None:
    """A correction names the day of the one before."""
    desk = Desk(milestone(1), policy=WHOLE_LIFE)
    desk.ask(request(PublishBulletin, None, text="推进有力", **PRAISE), "05-09 10:00")
    desk.ask(request(PublishBulletin, None, text="推进有力，成效明显", **PRAISE), "05-14 10:00")
    first, second = [paper.body for paper in desk.papers if paper.kind == "bulletin"]
    assert first.endswith("推进有力。")
    assert second.endswith("成效明显。本通报承接2018年5月9日的通报。")


def test_an_answer_on_a_milestone_is_of_its_own_oldest_directive() -> None:
    """An older one on another milestone still waits; the answer names the milestone of what it answers."""
    desk = Desk(milestone(1), milestone(2), policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, FIRST))
    desk.ask(request(IssueDirective, SECOND))
    first, second = desk.state.directives
    desk.ask(request(AnswerDirective, SECOND))
    desk.ask(request(AnswerDirective, None, directive=first))
    answers = [(event.directive, event.milestone_id) for event in desk.of(DirectiveAnswered)]
    assert answers == [(second, SECOND), (first, FIRST)]


def test_an_answer_to_no_directive_that_waits_reads_which_ones_do() -> None:
    """By their numbers, the oldest first; and where none waits, that none does."""
    desk = life()
    assert refused(desk, request(AnswerDirective, None)).ids == {"project_id": PROJECT, "waiting": []}
    for _ in range(2):
        desk.ask(request(IssueDirective, None))
    waiting = sorted(desk.state.directives)
    error = refused(desk, request(AnswerDirective, None, directive=7_000))
    assert (error.rule, error.ids) == ("directive_first", {"project_id": PROJECT, "waiting": waiting})


def test_a_directive_says_by_when_and_not_by_today() -> None:
    """Tomorrow is the first day; the day stands in the directive itself."""
    desk = life()
    today, tomorrow = date(2018, 4, 25), date(2018, 4, 26)
    error = refused(desk, request(IssueDirective, None, answer_by=today))
    assert (error.rule, error.ids) == ("future_date", {"given": today, "earliest": tomorrow})
    desk.ask(request(IssueDirective, None, answer_by=tomorrow))
    assert [event.answer_by for event in desk.of(DirectiveIssued)] == [tomorrow]


def test_a_part_that_is_settled_is_not_urged() -> None:
    """The refusal names its milestone, its department and what became of it."""
    desk = Desk(milestone(1), milestone(2), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion, SECOND, by=PARTICIPANT))
    error = refused(desk, request(Urge, SECOND, department="宣传部"))
    assert error.ids == {"milestone_id": SECOND, "department": "宣传部", "stage": "delivered"}
    assert desk.ask(request(Urge, FIRST, department="宣传部"))
