"""Two persons are two numbers: the verifier compares who prepared a matter with who ended it."""

from __future__ import annotations

from typing import Any

import pytest

from verifier.findings import Step
from verifier.persons import TwoPersons

ENDS = [
    ("MilestoneCompleted", "MilestoneStruckOff"),
    ("ExtensionReviewed", "DeadlineExtended"),
    ("ExtensionReviewed", "ExtensionRefused"),
]


def told(*events: tuple[str, dict[str, Any]]) -> list[str]:
    """At which entries the verifier finds one person."""
    persons, step = TwoPersons(), Step("acts")
    for position, (kind, data) in enumerate(events):
        about = {"stream": "key-project/2018/05a", "type": kind, "data": {"milestone_id": "2018-05a-01", **data}}
        persons.take(position, about)
    persons.check(step)
    assert {finding.code for finding in step.findings} <= {"one_person"}
    return [finding.place for finding in step.findings]


@pytest.mark.parametrize(("before", "after"), ENDS)
def test_one_number_in_both_steps_is_one_person(before: str, after: str) -> None:
    """By whomever he acts, for whomever: one and the same number in both steps is found, two numbers are not."""
    assert told((before, {"by_person": "P0001"}), (after, {"by_person": "P0001"})) == ["entry 1"]
    assert told((before, {"by_person": "P0001"}), (after, {"by_person": "P0002", "for_person": "P0001"})) == ["entry 1"]
    assert told((before, {"by_person": "P0003", "for_person": "P0001"}), (after, {"by_person": "P0001"})) == ["entry 1"]
    assert told((before, {"by_person": "P0001"}), (after, {"by_person": "P0002"})) == []


def test_acts_without_numbers_say_nothing() -> None:
    """From before there was a directory: names are compared elsewhere."""
    assert told(("MilestoneCompleted", {}), ("MilestoneStruckOff", {})) == []
    assert told(("MilestoneCompleted", {"by_person": "P0001"}), ("MilestoneStruckOff", {})) == []


def test_only_the_last_preparation_of_the_same_matter_counts() -> None:
    """Prepared again by another one, ended twice, of another milestone, of another matter: not found."""
    one, other = {"by_person": "P0001"}, {"by_person": "P0002"}
    assert told(("MilestoneCompleted", one), ("MilestoneCompleted", other), ("MilestoneStruckOff", one)) == []
    assert told(("MilestoneCompleted", one), ("MilestoneStruckOff", other), ("MilestoneStruckOff", one)) == []
    assert told(("MilestoneCompleted", {**one, "milestone_id": "2018-05a-02"}), ("MilestoneStruckOff", one)) == []
    assert told(("ExtensionReviewed", one), ("MilestoneStruckOff", one)) == []
