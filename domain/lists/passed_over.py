"""What a re-issued list says of milestones that have ended, and what was asked for that falls away by it: nothing of it
is dropped unsaid."""

from __future__ import annotations

from domain.acts.amending import Difference
from domain.ids import milestone_id_for
from domain.lists.field_changes import changes_of
from domain.project import KeyProject, RuledReading
from domain.state import ProjectState


def with_own_numbers(
    running: ProjectState, wanted: KeyProject, rulings: tuple[RuledReading, ...]
) -> tuple[KeyProject, tuple[RuledReading, ...]]:
    """The wanted project and its rulings, where no new milestone has the number of a withdrawn one with other words:
    by number and time it would be taken for that one, which stays withdrawn."""
    issued = {each.milestone_id: each.description for each in running.project.milestones}
    withdrawn = {number for number, state in running.milestones.items() if state.stage == "withdrawn"}
    taken = {*issued, *(each.milestone_id for each in wanted.milestones)}
    names = {}
    for each in wanted.milestones:
        if each.milestone_id in withdrawn and each.description != issued[each.milestone_id]:
            number = len(taken) + 1
            while (name := milestone_id_for(wanted.project_id, number)) in taken:
                number += 1
            taken.add(name)
            names[each.milestone_id] = name
    if not names:
        return wanted, rulings
    milestones = tuple(
        each.having(milestone_id=names.get(each.milestone_id, each.milestone_id)) for each in wanted.milestones
    )
    renamed = tuple(each.having(milestone_id=names.get(each.milestone_id or "", each.milestone_id)) for each in rulings)
    return wanted.having(milestones=milestones), renamed


def passed_over(running: ProjectState, found: Difference) -> list[str]:
    """What a list says of milestones that have ended, a line each."""
    lines = []
    for before, after in found.passed_over:
        number, words, changes = before.milestone_id, before.description, "，".join(map(str, changes_of(before, after)))
        if running.milestones[number].stage == "withdrawn":
            lines.append(f"节点{number}“{words}”已撤销，清单里仍有也不再恢复")
        elif changes:
            lines.append(f"节点{number}“{words}”已结束，清单里的改动不再办理：{changes}")
    return lines


def falling_away(running: ProjectState, found: Difference) -> list[str]:
    """The extensions that are asked for and that nobody rules on once the list is applied, a line each."""
    moved = {before.milestone_id for before, after in found.amended if before.due_on != after.due_on}
    ending = running.milestones.keys() if found.lead else {*moved, *found.withdrawn}
    asked = ((number, state.extension) for number, state in running.milestones.items() if number in ending)
    return [
        f"节点{number}延期至{extension.requested_due_on}的申请尚未批复，变更后不再批复"
        for number, extension in asked
        if extension is not None
    ]
