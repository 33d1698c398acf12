"""A re-issued list over what was amended by hand since: only what the list says anew changes the running project.

Without this, starting the same plan again would undo every amendment by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from domain.acts.amending import changes_of, difference, is_amendment
from domain.events import DomainEvent, ParticipantReplaced
from domain.evolution import fold
from domain.project import KeyProject, Milestone, RuledReading
from domain.rungs.ladder import LIST_REQUEST, REQUEST_CAUSE
from domain.state import ProjectState

_WINDOW = ("window_text", "starts_on", "due_on", "ongoing")


def amended_by_hand(event: DomainEvent) -> bool:
    """Whether an event tells a change that no list brought."""
    if isinstance(event, ParticipantReplaced):
        return True  # an act of its own, which no list brings
    return is_amendment(event) and not event.cause.startswith(f"{REQUEST_CAUSE}{LIST_REQUEST}")


def as_the_lists_have_it(events: Iterable[DomainEvent]) -> ProjectState | None:
    """The project as the lists alone have made it."""
    return fold(event for event in events if not amended_by_hand(event))


def merged(
    running: ProjectState, listed: ProjectState, wanted: KeyProject, rulings: Sequence[RuledReading] = ()
) -> tuple[KeyProject, tuple[RuledReading, ...]]:
    """The running project with what a list changes of the lists before it, milestones under their running identity,
    and the rulings that are new; `listed` is `as_the_lists_have_it`."""
    news = difference(listed, wanted, rulings)
    project = running.project
    text = {change.field: change.after for change in (*news.text, *((news.lead,) if news.lead else ()))}
    update = {"lead_department": project.lead_department, **text}
    participants = text.get("participating_departments", project.participating_departments)
    update["participating_departments"] = tuple(name for name in participants if name != update["lead_department"])
    changed = {before.milestone_id: _news_of(before, after) for before, after in news.amended}
    milestones = tuple(
        milestone.model_copy(
            update={
                "source": news.sources.get(milestone.milestone_id, milestone.source),
                **changed.get(milestone.milestone_id, {}),
            }
        )
        for milestone in project.milestones
        if milestone.milestone_id not in news.withdrawn
    )
    return project.model_copy(update={**update, "milestones": (*milestones, *news.added)}), news.rulings


def _news_of(before: Milestone, after: Milestone) -> dict[str, Any]:
    fields = {change.field for change in changes_of(before, after)}
    # A window is one thing: its end from the list and its start from somebody's hand could run backwards.
    fields |= set(_WINDOW) if fields & set(_WINDOW) else set()
    return {field: getattr(after, field) for field in fields}
