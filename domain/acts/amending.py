"""How a running project becomes what a re-issued list says: a pure comparison, and one event for each change.

A milestone of the new list is one of the running ones when it has the same description, or the same identity and the
same window: the ordinals of a re-issued list may have shifted. What matches nothing is added under a new identity, and
what nothing matches is withdrawn. The baseline is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import events as e
from domain.acts.commands import AmendProject
from domain.acts.rejections import OtherProjectError
from domain.ids import DepartmentId, MilestoneId, milestone_id_for
from domain.lists.docketing import open_milestone, record_rulings
from domain.lists.field_changes import FieldChange, changes_of, field_changes
from domain.lists.readings import new_rulings
from domain.project import KeyProject, Milestone, RuledReading
from domain.record.recorder import EventRecorder
from domain.rungs.handover import ask_for_receipts, hand_over_open_duties, renew_receipts
from domain.rungs.stops import stop_clock
from domain.rungs.waiting import end_decline, end_for_good, lapse_extension
from domain.state import CLOSED_STAGES, OPEN_STAGES, ProjectState


@dataclass(frozen=True, slots=True)
class Difference:
    """All that stands between a running project and the wanted one; `rulings` are those not on record yet, and
    `passed_over` the milestones that have ended, as they are and as the list has them: they stay."""

    lead: FieldChange | None
    text: tuple[FieldChange, ...]
    amended: tuple[tuple[Milestone, Milestone], ...]
    added: tuple[Milestone, ...]
    withdrawn: tuple[MilestoneId, ...]
    sources: dict[MilestoneId, Any]
    rulings: tuple[RuledReading, ...] = ()
    passed_over: tuple[tuple[Milestone, Milestone], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.lead or self.text or self.amended or self.added or self.withdrawn or self.rulings)


def difference(
    state: ProjectState, wanted: KeyProject, rulings: Sequence[RuledReading] = (), *, by_identity: bool = False
) -> Difference:
    """What must change for the running project to be the wanted one; milestones keep their running identity."""
    running = {m.milestone_id: m for m in state.project.milestones}
    matched = _same_ids(running, wanted.milestones) if by_identity else _matched(running, wanted.milestones)
    amended, added, passed_over, sources, names = [], [], [], {}, dict(matched)
    number = len(running)
    for milestone in wanted.milestones:
        known = matched.get(milestone.milestone_id)
        if known is None:
            number += 1
            while milestone_id_for(wanted.project_id, number) in running:
                number += 1
            new_id = milestone_id_for(wanted.project_id, number)
            added.append(milestone.having(milestone_id=new_id))
            names[milestone.milestone_id] = new_id
            continue
        sources[known] = milestone.source
        before, kept = running[known], {"milestone_id": known, "born_late": running[known].born_late}
        after = milestone.model_copy(update=kept)
        if state.milestones[known].stage in CLOSED_STAGES:
            passed_over.append((before, after))
        elif changes_of(before, after):
            amended.append((before, after))
    return Difference(
        lead=FieldChange("lead_department", state.project.lead_department, wanted.lead_department)
        if state.project.lead_department != wanted.lead_department
        else None,
        text=field_changes(
            text_of(state.project, wanted.lead_department), text_of(wanted), tuple(e.ProjectText.model_fields)
        ),
        amended=tuple(amended),
        added=tuple(added),
        withdrawn=tuple(
            milestone_id
            for milestone_id in running
            if milestone_id not in matched.values() and state.milestones[milestone_id].stage not in CLOSED_STAGES
        ),
        sources=sources,
        rulings=new_rulings(state.rulings, rulings, names),
        passed_over=tuple(passed_over),
    )


def text_of(project: KeyProject, to_lead: DepartmentId | None = None) -> e.ProjectText:
    """What the list says of a project besides its lead and its milestones; who leads, or is to, is no participant."""
    said = {name: getattr(project, name) for name in e.ProjectText.model_fields}
    leads = (project.lead_department, to_lead)
    taking_part = tuple(name for name in project.participating_departments if name not in leads)
    return e.ProjectText(**{**said, "participating_departments": taking_part})


def amend(recorder: EventRecorder, command: AmendProject, now: datetime) -> None:
    """Record what an amendment changes; nothing when the project is already as wanted.

    Raises:
        OtherProjectError: the wanted project is another one.
    """
    state = recorder.project
    if command.project.project_id != state.project_id:
        raise OtherProjectError(project_id=state.project_id, given=command.project.project_id)
    found = difference(state, command.project, command.rulings, by_identity=command.by_identity)
    basis = command.basis
    if not found:
        return
    record_rulings(recorder, found.rulings)
    if found.lead:
        end_decline(recorder, found.lead.before, None, now)
        recorder.record(e.LeadReassigned, basis=basis, before=found.lead.before, after=found.lead.after)
        hand_over_open_duties(recorder, found.lead.before, now)
    if found.text:
        before, after = text_of(recorder.project.project), text_of(command.project)
        recorder.record(e.ProjectAmended, basis=basis, before=before, after=after, sources=found.sources)
        renew_receipts(recorder, before.participating_departments, now)
    for milestone_id in found.withdrawn:
        end_for_good(recorder, milestone_id, now)
        recorder.record(e.MilestoneWithdrawn, milestone_id=milestone_id, reason=basis)
    for old, new in found.amended:
        _amend_milestone(recorder, old, new, basis, now)
    for milestone in found.added:
        recorder.record(e.MilestoneAdded, milestone_id=milestone.milestone_id, basis=basis, milestone=milestone)
        open_milestone(recorder, milestone.milestone_id, milestone.born_late, now)
        if state.suspension is not None:
            stop_clock(recorder, milestone.milestone_id, "suspension")
    if found.added:
        ask_for_receipts(recorder, now)


def _amend_milestone(recorder: EventRecorder, old: Milestone, new: Milestone, basis: str, now: datetime) -> None:
    milestone = recorder.project.milestones[old.milestone_id]
    moved = old.due_on != new.due_on
    if moved:
        # The list has given another date meanwhile: the extension of the one before is nothing to rule on.
        lapse_extension(recorder, old.milestone_id, now)
    recorder.record(
        e.MilestoneAmended,
        milestone_id=old.milestone_id,
        basis=basis,
        before=old,
        after=new,
        round=milestone.round + 1 if moved else milestone.round,
    )
    if moved and milestone.stage in OPEN_STAGES:
        open_milestone(recorder, old.milestone_id, False, now, "amended")


def _same_ids(running: dict[MilestoneId, Milestone], wanted: tuple[Milestone, ...]) -> dict[MilestoneId, MilestoneId]:
    return {each.milestone_id: each.milestone_id for each in wanted if each.milestone_id in running}


def _matched(running: dict[MilestoneId, Milestone], wanted: tuple[Milestone, ...]) -> dict[MilestoneId, MilestoneId]:
    rules: tuple[Callable[[Milestone, Milestone], bool], ...] = (
        lambda a, b: a.milestone_id == b.milestone_id and a.description == b.description,
        lambda a, b: a.description == b.description and a.window_text == b.window_text,
        lambda a, b: a.description == b.description,
        lambda a, b: a.milestone_id == b.milestone_id and a.window_text == b.window_text,
    )
    found: dict[MilestoneId, MilestoneId] = {}
    for same in rules:
        for milestone in wanted:
            if milestone.milestone_id in found:
                continue
            taken = set(found.values())
            for known in running.values():
                if known.milestone_id not in taken and same(known, milestone):
                    found[milestone.milestone_id] = known.milestone_id
                    break
    return found
