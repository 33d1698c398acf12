"""A reviewer's own word beside the light: five steps, by name, with reason and day; its history stays."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from domain.acts.commands import AssessConfidence, Withdraw
from domain.acts.rejections import MilestoneSettledError, NotAnOperatorError
from domain.events import ConfidenceAssessed
from domain.seeing.views import MilestoneView, view_of
from domain.state import Confidence
from tests.domain.acts.test_decisions import refuse
from tests.domain.samples import FIRST, LEAD, LI, SECOND, WANG, Desk, at, attentive, milestone, request

MORNING = "05-09 10:00"


def shown(desk: Desk, when: str) -> MilestoneView:
    """The first milestone as it is seen at an instant."""
    return view_of(desk.state, at(when)).milestones[0]


def test_a_word_stands_beside_the_light_and_changes_nothing_of_it() -> None:
    """Who, when, why; light, stage and dates are what they were."""
    desk = attentive()
    before = shown(desk, MORNING)
    desk.ask(request(AssessConfidence, step=2, reason="施工许可还没有批下来"), MORNING)
    after = shown(desk, MORNING)
    assert after.confidence == Confidence(step=2, by="operator:李", on=date(2018, 5, 9), reason="施工许可还没有批下来")
    assert (after.light, after.explanation, after.stage, after.answer_by) == (
        before.light,
        before.explanation,
        before.stage,
        before.answer_by,
    )
    assert desk.of(ConfidenceAssessed)[0].words() == "独立研判：较没把握（2级）：施工许可还没有批下来"


def test_the_last_word_holds_and_every_word_stays_on_record() -> None:
    """Another reviewer sees it otherwise a week later."""
    desk = attentive()
    desk.ask(request(AssessConfidence, step=2), MORNING)
    desk.ask(request(AssessConfidence, step=4, by=WANG), "05-16 10:00")
    last = desk[FIRST].confidence
    assert last is not None
    assert (last.step, last.by) == (4, "operator:王")
    assert [(event.step, event.actor) for event in desk.of(ConfidenceAssessed)] == [
        (2, "operator:李"),
        (4, "operator:王"),
    ]


@pytest.mark.parametrize(
    ("step", "differs"),
    [
        (5, (False, True, True)),
        (4, (False, False, True)),
        (3, (True, False, True)),
        (2, (True, False, False)),
        (1, (True, True, False)),
    ],
)
def test_two_steps_apart_it_is_a_matter_for_the_supervisor(step: int, differs: tuple[bool, ...]) -> None:
    """Green says five, yellow three, red one: the same word, looked at while the light goes from green to red."""
    desk = attentive()
    desk.ask(request(AssessConfidence, step=step), MORNING)
    seen = [shown(desk, when) for when in ("05-10 10:00", "05-30 10:00", "06-04 10:00")]
    assert [each.light for each in seen] == ["green", "yellow", "red"]
    assert tuple(each.confidence_differs for each in seen) == differs


def test_only_the_supervision_section_says_it_and_only_of_what_is_open() -> None:
    """No department about itself; nothing of what is over; no sixth step."""
    desk = Desk(milestone(), milestone(2))
    refuse(desk, NotAnOperatorError, request(AssessConfidence, step=5, by=LEAD))
    desk.ask(request(Withdraw, SECOND, by=LI))
    refuse(desk, MilestoneSettledError, request(AssessConfidence, SECOND, step=5), None)
    for step in (0, 6):
        with pytest.raises(ValidationError):
            request(AssessConfidence, step=step)
