"""Which words the policies on record refuse beside the marks of classification."""

from __future__ import annotations

from collections.abc import Collection

from domain.events import ProjectDocketed
from domain.ids import ProjectId
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events, recorded_projects


class RefusedWords:
    """The words that policies refuse, for one who asks again and again: with what a project was docketed stays so."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[ProjectId, tuple[str, ...]] = {}

    def of(self, project_id: ProjectId) -> tuple[str, ...]:
        """The words that the policy of a project refuses; those of all where it is not on record."""
        words = self._words(project_id)
        return self.of_all() if words is None else words

    def of_all(self, projects: Collection[ProjectId] = ()) -> tuple[str, ...]:
        """The words that the policies of some projects refuse, each once; of all, where what is said is of none."""
        found = (self._words(each) or () for each in projects or recorded_projects(self._ledger))
        return tuple(dict.fromkeys(word for words in found for word in words))

    def _words(self, project_id: ProjectId) -> tuple[str, ...] | None:
        if project_id not in self._known:
            opened = next(recorded_events(self._ledger, project_id), None)
            if not isinstance(opened, ProjectDocketed):
                return None
            self._known[project_id] = opened.policy.refused_words
        return self._known[project_id]
