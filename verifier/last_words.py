"""The last word on what persons settle: nobody who is said not to have seen another's puts his own in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from verifier.findings import Step
from verifier.words import key_of

_FACTS: Final = {
    "AssignmentInsisted": ("duty", "milestone_id", "department"),
    "CalendarChanged": ("calendar",),
    "ConfidenceAssessed": ("confidence", "milestone_id"),
    "DeadlineExtended": ("deadline", "milestone_id"),
    "DisputeRuled": ("dispute", "milestone_id"),
    "ExtensionMoreAsked": ("deadline", "milestone_id"),
    "ExtensionRefused": ("deadline", "milestone_id"),
    "GraceGranted": ("deadline", "milestone_id"),
    "InspectionClosed": ("inspection", "milestone_id"),
    "InspectionConcluded": ("inspection", "milestone_id"),
    "LeadReassigned": ("lead",),
    "MilestoneCompleted": ("outcome", "milestone_id"),
    "MilestoneReturnedForRework": ("outcome", "milestone_id"),
    "MilestoneWithdrawn": ("outcome", "milestone_id"),
    "NoticesSilenced": ("silence", "milestone_id"),
    "ParticipantReplaced": ("duty", "milestone_id", "before"),
    "ProjectReopened": ("end",),
    "ProjectWithdrawn": ("end",),
    "RectificationReturned": ("inspection", "milestone_id"),
    "Resumed": ("suspension", "milestone_id"),
    "SilenceEnded": ("silence", "milestone_id"),
    "Suspended": ("suspension", "milestone_id"),
    "YearClosed": ("end",),
}
"""What the event of a kind settles, and the fields that say of what."""
_AMENDS: Final = frozenset({"LeadReassigned", "MilestoneAmended", "ProjectAmended"})
"""What settles a field, a date or a duty besides, where it changes that."""
_OF_A_MILESTONE: Final = frozenset(
    ("description", "window_text", "starts_on", "due_on", "ongoing", "recurrence", "quota")
)


class LastWords:
    """Follows the projects of a log in order of their entries."""

    KINDS = frozenset({*_FACTS, *_AMENDS})

    def __init__(self) -> None:
        self._last: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.unseen: list[int] = []
        """Where a word was put in the place of another's that was not seen."""

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of these kinds; of an act that does not say what was seen, nothing is known."""
        seen = event["data"].get("seen")
        if seen is None:
            return
        for fact in _facts(event):
            last = self._last.get(fact)
            if seen and last is not None and last["seq"] >= seen and not _is_same(last, event):
                self.unseen.append(position)
        for fact in _facts(event):
            self._last[fact] = event

    def check(self, step: Step) -> None:
        """Say which acts replaced what their givers had not seen."""
        for position in self.unseen:
            text = "办理人没有看到他人此前就同一件事的办理，照规则不能受理"
            step.fail("act_unseen", f"entry {position}", text)


def _facts(event: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    data, about = event["data"], event["stream"]
    kind, *fields = _FACTS.get(event["type"], ("",))
    if kind:
        yield about, kind, *(data.get(field) for field in fields)
    match event["type"]:
        case "LeadReassigned":
            yield about, "duty", None, data["before"]
        case "MilestoneAmended":
            for field in _changed(data) & _OF_A_MILESTONE:
                yield about, "content", data["milestone_id"], field
                if field == "due_on":
                    yield about, "deadline", data["milestone_id"]
        case "ProjectAmended":
            yield from ((about, "content", None, field) for field in _changed(data))
            before, after = (set(data[each]["participating_departments"]) for each in ("before", "after"))
            yield from ((about, "duty", None, name) for name in before ^ after)


def _changed(data: dict[str, Any]) -> set[str]:
    before, after = data["before"], data["after"]
    return {field for field in {*before, *after} if before.get(field) != after.get(field)}


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two are of one person: by their numbers, or by their names where a number is not known."""
    numbers = one["data"].get("by_person"), other["data"].get("by_person")
    return numbers[0] == numbers[1] if None not in numbers else key_of(one["actor"]) == key_of(other["actor"])
