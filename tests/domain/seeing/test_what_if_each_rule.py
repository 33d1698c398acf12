"""`what-if` rule by rule on the story's project of the real list: every rule that a policy has, made from its model.

What each changes was worked out by hand from the story's script; a rule that is new asks for its line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any, NamedTuple

import pytest

from domain.rules.ladder_rules import EscalationStep, RulesOverride
from domain.rules.life_cycle import LimitStep, PlannedInspection
from domain.rules.life_cycle_overrides import LifeCycleOverride
from domain.rules.policy import SupervisionPolicy
from domain.seeing.what_if import Foreseen, foreseen
from tests.domain.rules_otherwise import RULES, otherwise
from tests.story.on_the_core import YEAR_OVER, lived_story
from tests.story.script import PROJECT, QUOTA

_LATER = (LimitStep(after_working_days=2, to="分管领导"),)
_ORDERS = (
    EscalationStep(level="blue", after_working_days=4, to="{lead}主要负责人"),
    EscalationStep(level="yellow", after_working_days=6, to="分管领导", opens_inspection=True),
)
_LIMIT = "life_cycle.limits."


class Otherwise(NamedTuple):
    """A rule's other value, why the story differs by it, and by how much: notices by kind, days of other lights, acts
    refused."""

    value: Any
    why: str
    counts: Mapping[str, int] = {}
    light_days: int = 0
    rejected: int = 0


def _reminders(**changes: int) -> dict[str, int]:
    return {f"LimitReminderIssued {change}": number for change, number in changes.items()}


def _in_time_after_all(moved: int = 1) -> dict[str, int]:
    """Nothing ran out, and nobody higher hears of it."""
    return {"LimitEscalated dropped": 1, "LimitPassed dropped": 1, **_reminders(moved=moved)}


STORY: dict[str, Otherwise] = {
    "working_hours_open": Otherwise(time(8, 0), "an hour of the day, and what-if compares days"),
    "working_hours_close": Otherwise(time(17, 0), "an hour of the day"),
    "spread_minutes": Otherwise(10, "minutes, which order a cap over several projects alone"),
    "digest_at": Otherwise(time(10, 0), "an hour of the day"),
    "refused_words": Otherwise(("内部资料",), "refused at the door: no command was made with it"),
    "rules.reminders_working_days_before": Otherwise(
        (7, 1), "five milestones of 2018-01 are reminded of 14 days ahead", {"ReminderIssued dropped": 5}
    ),
    "rules.yellow_light_working_days_before": Otherwise(7, "yellow with the reminder of a week", light_days=21),
    "rules.due_roll": Otherwise(
        "following",
        "30 June is a Saturday: three reminders later, and 学校部's silence",
        {"ReminderIssued moved": 3},
        2,
    ),
    "rules.urge_after_working_days": Otherwise(2, "one lead's urge, of July", {"UrgeIssued moved": 1}),
    "rules.escalation": Otherwise(
        _ORDERS,
        "July's two orders and inspection a day later, no red one",
        {"EscalationOrderIssued dropped": 1, "EscalationOrderIssued moved": 2, "InspectionOpened moved": 1},
    ),
    "rules.rework_working_days": Otherwise(
        10,
        "answered a week ahead: the reminder of seven days in the place of that of one",
        {"ReminderIssued added": 1, "ReminderIssued dropped": 1},
    ),
    "mass_acts.close_year_days_before_end": Otherwise(
        0,
        "closing on 29 December is refused: the year's last milestone breaks its date and climbs the ladder",
        {
            "DeadlineBreached added": 2,
            "EscalationOrderIssued added": 4,
            "InspectionOpened added": 1,
            "UrgeIssued added": 2,
        },
        66,
        1,
    ),
    "mass_acts.two_persons": Otherwise(False, "the year is closed in its last days by one person"),
    "mass_acts.withdrawn_at_most_percent": Otherwise(5, "no list is issued again"),
    "mass_acts.reopen_within_days": Otherwise(5, "nothing is reopened"),
    "own_key.asked_of": Otherwise("nobody", "nobody has a key"),
    "own_key.acts": Otherwise(("strike_off",), "nobody has a key"),
    "life_cycle.supervision_section": Otherwise(
        "督办科",
        "what the supervisors must answer is another office's: three reminders, two limits that ran out",
        {
            "LimitEscalated added": 2,
            "LimitEscalated dropped": 2,
            "LimitPassed added": 2,
            "LimitPassed dropped": 2,
            **_reminders(added=3, dropped=3),
        },
    ),
    f"{_LIMIT}receipt.working_days": Otherwise(
        5, "组织部 signed on the fourth day: four days of five yellow lights", _in_time_after_all(), 20
    ),
    f"{_LIMIT}receipt.reminders_working_days_before": Otherwise((), "组织部 alone was reminded", _reminders(dropped=1)),
    f"{_LIMIT}receipt.escalation": Otherwise(_LATER, "signed before", {"LimitEscalated dropped": 1}),
    f"{_LIMIT}declined_assignment.working_days": Otherwise(
        5, "ruled on 3 May, before the reminder of the 4th", _reminders(dropped=1)
    ),
    f"{_LIMIT}declined_assignment.reminders_working_days_before": Otherwise(
        (2,), "on 28 April for 2 May", _reminders(added=1, dropped=1)
    ),
    f"{_LIMIT}declined_assignment.escalation": Otherwise(_LATER, "ruled in time"),
    f"{_LIMIT}dispute.working_days": Otherwise(7, "ruled on the seventh day", _in_time_after_all()),
    f"{_LIMIT}dispute.reminders_working_days_before": Otherwise(
        (2,), "on 17 May for the 18th", _reminders(added=1, dropped=1)
    ),
    f"{_LIMIT}dispute.escalation": Otherwise(_LATER, "in the morning of the ruling", {"LimitEscalated moved": 1}),
    f"{_LIMIT}completion_review.working_days": Otherwise(
        2,
        "six completions reviewed on the next working day after ten: each is reminded of that morning",
        _reminders(added=6),
    ),
    f"{_LIMIT}completion_review.reminders_working_days_before": Otherwise(
        (4,), "the same morning", _reminders(added=6)
    ),
    f"{_LIMIT}completion_review.escalation": Otherwise(_LATER, "every review was in time"),
    f"{_LIMIT}extension_review.working_days": Otherwise(
        2, "three reviews on the next working day", _reminders(added=3)
    ),
    f"{_LIMIT}extension_review.reminders_working_days_before": Otherwise((2,), "the same morning", _reminders(added=3)),
    f"{_LIMIT}extension_review.escalation": Otherwise(_LATER, "every review was in time"),
    f"{_LIMIT}extension_ruling.working_days": Otherwise(5, "the first ruled on the fourth day", _in_time_after_all()),
    f"{_LIMIT}extension_ruling.reminders_working_days_before": Otherwise(
        (2,), "the first two days earlier, the second on its day", _reminders(added=2, dropped=1)
    ),
    f"{_LIMIT}extension_ruling.escalation": Otherwise(_LATER, "ruled before", {"LimitEscalated dropped": 1}),
    f"{_LIMIT}inspection_answer.working_days": Otherwise(
        2,
        "concluded on 5 September, answered on the 10th: reminded of, passed and brought to the head",
        {"LimitEscalated added": 1, "LimitPassed added": 1, **_reminders(added=1)},
    ),
    f"{_LIMIT}inspection_answer.reminders_working_days_before": Otherwise(
        (2,), "in the morning of the answer", _reminders(added=1)
    ),
    f"{_LIMIT}inspection_answer.escalation": Otherwise(_LATER, "answered in time"),
    f"{_LIMIT}rectification.working_days": Otherwise(22, "the conclusion and the check name days of their own"),
    f"{_LIMIT}rectification.reminders_working_days_before": Otherwise(
        (2,), "two dates: one reminder each for three", _reminders(added=2, dropped=3)
    ),
    f"{_LIMIT}rectification.escalation": Otherwise(_LATER, "put right in time"),
    f"{_LIMIT}rectification_check.working_days": Otherwise(
        2, "19 September and 28 September, the mornings after", _reminders(added=2)
    ),
    f"{_LIMIT}rectification_check.reminders_working_days_before": Otherwise(
        (4,), "the same mornings", _reminders(added=2)
    ),
    f"{_LIMIT}rectification_check.escalation": Otherwise(_LATER, "checked in time"),
    f"{_LIMIT}directive_answer.working_days": Otherwise(12, "answered on the twelfth day", _in_time_after_all(2)),
    f"{_LIMIT}directive_answer.reminders_working_days_before": Otherwise(
        (2,), "one in the place of two", _reminders(added=1, dropped=2)
    ),
    f"{_LIMIT}directive_answer.escalation": Otherwise(
        _LATER,
        "another superior, in the morning of the answer",
        {"LimitEscalated added": 1, "LimitEscalated dropped": 1},
    ),
    "life_cycle.participants.reminders_working_days_before": Otherwise(
        (), "every reminder of a participant", {"ReminderIssued dropped": 6}
    ),
    "life_cycle.participants.urge_after_working_days": Otherwise(
        2, "基层工作部's own, of July", {"UrgeIssued moved": 1}
    ),
    "life_cycle.participants.escalation": Otherwise(
        (EscalationStep(level="blue", after_working_days=2, to="{department}主要负责人"),),
        "基层工作部's own, of July",
        {"EscalationOrderIssued moved": 1},
    ),
    "life_cycle.lights.unsigned_is_yellow": Otherwise(False, "the four days of five milestones", light_days=20),
    "life_cycle.lights.silent_yellow_percent": Otherwise(None, "every day of silence past the middle", light_days=269),
    "life_cycle.lights.behind_yellow_points": Otherwise(15, "a little behind is green", light_days=7),
    "life_cycle.lights.behind_red_points": Otherwise(99, "far behind is yellow", light_days=24),
    "life_cycle.lights.behind_after_working_days": Otherwise(
        None, "the one number to deliver begins in August, twenty working days after the list"
    ),
    "life_cycle.extensions_at_most": Otherwise(
        1,
        "the second one and its five answers are refused: no day more, and July's ladder comes earlier",
        {
            "DeadlineBreached moved": 2,
            "EscalationOrderIssued moved": 4,
            "InspectionOpened moved": 1,
            "ReminderIssued moved": 1,
            "UrgeIssued moved": 2,
        },
        14,
        6,
    ),
    "life_cycle.ongoing_report_every_months": Otherwise(
        2,
        "the periods end in May, July, September, November in the place of June and September",
        {"ReportPeriodMissed added": 2, "ReportPeriodMissed moved": 1},
        180,
    ),
    "life_cycle.pace_warnings_at_percent": Otherwise(
        (25,),
        "nothing of 300 on 16 August",
        {"PaceWarningIssued added": 1, "PaceWarningIssued dropped": 1},
    ),
    "life_cycle.takeover_working_days": Otherwise(15, "the lead stays (a new one: test_what_if)"),
    "life_cycle.inspections_per_month": Otherwise(1, "there is one inspection (many: tests/rehearsal)"),
    "life_cycle.papers_per_month": Otherwise(1, "counted where the digest is made (tests/rehearsal/test_burden.py)"),
    "life_cycle.inspection_plan": Otherwise(
        (PlannedInspection(on=date(2018, 5, 16), sample_percent=100),),
        "everybody is in the sample",
        {"InspectionOpened added": 1},
    ),
    "life_cycle_of.categories": Otherwise(
        {"民生": LifeCycleOverride(pace_warnings_at_percent=(25,))}, "2018-01 has no category"
    ),
    "life_cycle_of.projects": Otherwise(
        {PROJECT: LifeCycleOverride(pace_warnings_at_percent=(25,))},
        "its own pace",
        {"PaceWarningIssued added": 1, "PaceWarningIssued dropped": 1},
    ),
    "projects": Otherwise(
        {PROJECT: RulesOverride(urge_after_working_days=2)}, "as for the whole list", {"UrgeIssued moved": 1}
    ),
    "milestones": Otherwise(
        {QUOTA: RulesOverride(reminders_working_days_before=(7, 1))},
        "one of the five reminders of 14 days",
        {"ReminderIssued dropped": 1},
    ),
}


@cache
def _under(policy_text: str) -> Foreseen:
    return foreseen([lived_story()], SupervisionPolicy.model_validate_json(policy_text), YEAR_OVER)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_of_the_policy_changes_exactly_what_the_script_says(rule: str) -> None:
    """Notices by kind and change, days of other lights, acts refused: these, and no other."""
    assert rule in STORY, f"say here what another value of {rule} changes in the story"
    case = STORY[rule]
    policy = otherwise({rule: case.value})
    assert policy != SupervisionPolicy()
    found = _under(policy.model_dump_json())
    assert (found.counts, found.light_days, len(found.rejected)) == (case.counts, case.light_days, case.rejected)
    assert found.unexplained == 0


def test_no_line_is_of_a_rule_that_is_gone() -> None:
    """As many lines as rules."""
    assert sorted(STORY) == sorted(RULES)
    assert len(RULES) > 60
