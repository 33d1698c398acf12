"""Two persons are two numbers: who ends a matter is not who prepared it, whatever the names are."""

from __future__ import annotations

from typing import Any

from verifier.findings import Step

_PREPARES = {"MilestoneCompleted": "销号", "ExtensionReviewed": "延期批复"}
_ENDS = {"MilestoneStruckOff": "销号", "DeadlineExtended": "延期批复", "ExtensionRefused": "延期批复"}


class TwoPersons:
    """Compares the persons of acts that need two, in order of the entries; acts without numbers say nothing here."""

    KINDS = frozenset({*_PREPARES, *_ENDS})

    def __init__(self) -> None:
        self._prepared: dict[tuple[str, str, str], set[str]] = {}
        self.one: list[tuple[int, str, str]] = []
        """Where one person did both, what, and the number."""

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of these kinds."""
        data, kind = event["data"], event["type"]
        persons = {each for each in (data.get("by_person"), data.get("for_person")) if each is not None}
        if kind in _PREPARES:
            self._prepared[event["stream"], data["milestone_id"], _PREPARES[kind]] = persons
        else:
            before = self._prepared.pop((event["stream"], data["milestone_id"], _ENDS[kind]), set())
            self.one += [(position, _ENDS[kind], number) for number in sorted(persons & before)]

    def check(self, step: Step) -> None:
        """Say which acts of two persons were one person's."""
        for position, what, number in self.one:
            step.fail("one_person", f"entry {position}", f"{what}与前一步由同一人（{number}）办理，须由两人办理")
