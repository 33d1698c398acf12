"""The same acts under another policy: what would have been different, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.acts.commands import (
    AmendProject,
    AnswerDirective,
    AnyCommand,
    IssueDirective,
    ReassignLead,
)
from domain.rules.policy import SupervisionPolicy
from domain.seeing.what_if import foreseen
from domain.seeing.year_replay import Lived, played_side_by_side
from tests.domain.samples import LEAD, LI, WHOLE_LIFE, Desk, at, key_project, milestone, request
from tests.story.on_the_core import YEAR_OVER, lived_story


def test_a_year_with_everything_in_it_is_the_same_under_its_own_policy() -> None:
    """Played again with the commands that were accepted, nothing differs and nothing stays unexplained."""
    story = lived_story()
    assert len({type(command) for command in story.commands.values()}) > 15
    same = foreseen([story], SupervisionPolicy(), YEAR_OVER)
    assert (same.notices, same.lights, same.rejected, same.unexplained) == ((), (), (), 0)


def _played(*acts: tuple[str, type[Any], dict[str, Any]]) -> Lived:
    """A project of two milestones on the core, with these acts and everything that time brings up to August."""
    desk = Desk(milestone(), milestone(2, date(2018, 6, 29)), policy=WHOLE_LIFE)
    commands: dict[str, AnyCommand] = {}
    for when, kind, facts in acts:
        desk.run_until(when)
        command = request(kind, None, **facts)
        desk.ask(command, when)
        commands[command.request_id] = command
    desk.run_until("08-01 12:00")
    return Lived(desk.events, commands)


def test_another_policy_gives_a_new_lead_other_days() -> None:
    """What a new lead is asked for is the policy's affair: with fifteen days to take over, the orders come later."""
    lived = _played(("06-05 10:00", ReassignLead, {"by": LI, "to": "学校部", "reason": "职能调整"}))
    rules = WHOLE_LIFE.life_cycle
    assert rules is not None
    other = WHOLE_LIFE.model_copy(update={"life_cycle": rules.model_copy(update={"takeover_working_days": 15})})
    until = at("08-01 12:00")
    assert foreseen([lived], WHOLE_LIFE, until).notices == ()
    moved = {
        notice.what for notice in foreseen([lived], other, until).notices if notice.kind == "EscalationOrderIssued"
    }
    assert "blue 学校部主要负责人" in moved


def test_the_directive_that_was_answered_is_answered_again() -> None:
    """The second of two: the first goes on waiting, here as it did there."""
    first = {"by": LI, "leader": "周书记", "text": "请抓紧"}
    two = _played(
        ("05-03 10:00", IssueDirective, first),
        ("05-04 10:00", IssueDirective, first),
    )
    second = max(event.seq for event in two.events if event.type == "DirectiveIssued")
    answered = _played(
        ("05-03 10:00", IssueDirective, first),
        ("05-04 10:00", IssueDirective, first),
        ("05-07 10:00", AnswerDirective, {"by": LEAD, "directive": second, "text": "已部署"}),
    )
    same = foreseen([answered], WHOLE_LIFE, at("08-01 12:00"))
    assert (same.notices, same.rejected, same.unexplained) == ((), (), 0)


def test_a_renamed_department_has_one_cap_when_a_year_is_played_again() -> None:
    """Two inspections in each of two projects of one department: four by two names, two where they are one."""
    lived = []
    for project_id, lead in (("2018-01", "组织部"), ("2018-02", "组织人事部")):
        rows = [milestone(n, project_id=project_id) for n in (1, 2)]
        lived.append((Lived(Desk(project=key_project(rows, project_id=project_id, lead=lead)).events), WHOLE_LIFE))

    def opened(names: dict[str, str]) -> int:
        played = played_side_by_side(lived, at("06-08 12:00"), names)
        return sum(event.type == "InspectionOpened" for each in played for event in each.events)

    assert [opened({}), opened({"组织部": "组织人事部"})] == [4, 2]


def test_a_list_asks_for_receipts_by_the_other_policy_too() -> None:
    """With eight days to sign the new participant's receipt runs out a week later, as if the list had come so."""
    project = key_project((milestone(), milestone(2, date(2018, 6, 29))))
    listed = project.model_copy(update={"participating_departments": ("宣传部", "学校部"), "main_content": "新"})
    lived = _played(("06-05 10:00", AmendProject, {"by": LI, "project": listed}))
    receipt = {"receipt": WHOLE_LIFE.life_cycle.limits.receipt.model_copy(update={"working_days": 8})}
    limits = WHOLE_LIFE.life_cycle.limits.model_copy(update=receipt)
    other = WHOLE_LIFE.model_copy(update={"life_cycle": WHOLE_LIFE.life_cycle.model_copy(update={"limits": limits})})
    found = foreseen([lived], other, at("08-01 12:00")).notices
    passed = [each for each in found if each.kind == "LimitPassed" and each.what.endswith("学校部")]
    assert [(each.was_on, each.would_be_on) for each in passed] == [(date(2018, 6, 9), date(2018, 6, 16))]
