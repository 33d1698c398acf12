"""Which acts are open now, and why the others are not: the core is asked, so that no page has a rule of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from domain.actors import Actor
from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.acts.decisions import caught_up, decide, must_be_open
from domain.acts.rejections import NoLaterDateError
from domain.errors import DubanError
from domain.ids import DepartmentId, MilestoneId
from domain.rungs.duties import departments_of
from domain.state import ProjectState, target_of
from entrypoints.desk.act_forms import ActForm, act_forms, form_of, plausible
from entrypoints.desk.reading import Doer, Known, has_given

OF_A_DEPARTMENT = tuple(form.command for form in act_forms().values() if form.of_a_department)
OF_THE_SECTION = tuple(form.command for form in act_forms().values() if not form.of_a_department)
OF_THE_ASSIGNING = tuple(kind for kind in OF_THE_SECTION if kind.of_the_assigning)
"""What the department that gave a sub-duty does there in the section's place."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An act on a page: open, or closed with the reason."""

    form: ActForm
    refusal: DubanError | None

    @property
    def open(self) -> bool:
        """Whether it can be given now."""
        return self.refusal is None

    @property
    def reason(self) -> str | None:
        """Why not, where it cannot."""
        return self.refusal.text if self.refusal is not None else None


def kinds_for(known: Known, name: DepartmentId) -> tuple[type[Command], ...]:
    """The acts that a department may have about a project: about its own duty, or about the one that it gave."""
    return OF_THE_ASSIGNING if has_given(known, name) else OF_A_DEPARTMENT


def is_about_the_whole(known: Known, kind: type[Command], name: DepartmentId) -> bool:
    """Whether an act that a department gives from the page of one duty is about its whole assignment: who leads sends
    all of it back or nothing, and that is answered."""
    if kind is c.DeclineAssignment:
        return name == known.state.lead
    return kind is c.InsistOnAssignment and has_given(known, name)


def offered(
    known: Known,
    kinds: tuple[type[Command], ...],
    by: Actor,
    about: MilestoneId | None,
    on_behalf_of: Actor | None = None,
) -> list[Offered]:
    """The acts of some kinds, in order, each with the reason where it is closed; a deputy gives them `on_behalf_of` the
    department that has the duty."""
    forms = [form_of(kind) for kind in kinds]
    fitting = [form for form in forms if form.about == "either" or (form.about == "milestone") == (about is not None)]
    found = caught_up(known.state, known.now)
    return [Offered(form, _closed(known, found, form, Doer(by, on_behalf_of), about)) for form in fitting]


def _closed(
    known: Known, found: ProjectState | None, form: ActForm, who: Doer, about: MilestoneId | None
) -> DubanError | None:
    if who.department is not None and is_about_the_whole(known, form.command, who.department):
        about = None
    try:
        likely = _likely(known, form, who, about)
        command = plausible(form, who.by, about, known.now.date(), likely, who.on_behalf_of)
        if found is None:
            decide(known.state, command, known.now)
        else:
            must_be_open(found, command, known.now)
    except (ValidationError, NoLaterDateError):
        return None  # only what is filled in can tell: a later day is always left to give
    except DubanError as error:
        return error
    return None


def _likely(known: Known, form: ActForm, who: Doer, about: MilestoneId | None) -> dict[str, Any]:
    """Values that a person would fill in, so that the core's answer is about the act and not about them."""
    today = known.now.date()
    likely: dict[str, Any] = {
        "done_on": today,
        "until": today + timedelta(days=30),
        "despite_cap": "…",
        "directive": None,
    }
    if form.command is c.ReportProgress:
        likely["done_on"] = None
    if about is not None:
        milestone = known.milestone(about)
        due = milestone.answer_by or today
        likely["new_due_on"] = max(due, today) + timedelta(days=7)
        likely["due_on"] = due if due > today else today + timedelta(days=7)
        if milestone.extension is not None:
            asked = milestone.extension.recommended_due_on or milestone.extension.requested_due_on
            likely |= {"new_due_on": asked, "recommended_due_on": asked}
        target = target_of(known.state.issued(about))
        if target is not None and who.department in (None, known.state.lead):
            likely["quantity"] = max(target[0], milestone.progress.quantity or 0)
        others = sorted(departments_of(known.state, about) - {known.state.lead})
    else:
        others = [name for name in known.state.project.participating_departments if name != known.state.lead]
    likely["department"] = likely["responsible"] = others[0] if others else known.state.lead
    disputed = known.state.milestones[about].disputed if about is not None else None
    # One of the two may have left the milestone since.
    there = [name for name in disputed or () if name in (known.state.lead, *others)]
    likely["responsible"] = there[0] if there else likely["responsible"]
    declined = known.state.open_limit("declined_assignment", about)
    if form.command is c.InsistOnAssignment and declined is not None:
        likely["department"] = declined.about
    # Who has it alone can name nobody: what the core says of a stranger tells him what to do.
    likely["against"] = others[0] if others else "…"
    likely["to"] = "…" if form.command is c.ReassignLead else None
    if who.department not in (None, known.state.lead):
        likely["against"] = known.state.lead
    if form.command in (c.Urge, c.PublishBulletin):
        likely["department"] = None if form.command is c.Urge else known.state.lead
    return {name: value for name, value in likely.items() if name in form.command.model_fields}
