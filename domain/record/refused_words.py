"""Which words the policies on record refuse beside the marks of classification."""

from __future__ import annotations

from collections.abc import Collection

from domain.events import ProjectDocketed
from domain.ids import ProjectId
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events, recorded_of


def refused_words(ledger: Ledger, project_id: ProjectId) -> tuple[str, ...]:
    """The words that the policy of a project refuses beside the marks; none of a project that is not on record."""
    opened = next(recorded_events(ledger, project_id), None)
    return opened.policy.refused_words if isinstance(opened, ProjectDocketed) else ()


def refused_words_of(ledger: Ledger, projects: Collection[ProjectId] | None = None) -> tuple[str, ...]:
    """The words that the policies of some projects refuse, each once; of all, for what is said of the office itself."""
    opened = recorded_of(ledger, {ProjectDocketed})
    wanted = (each for at, each in opened if projects is None or at in projects)
    found = (each.policy.refused_words for each in wanted if isinstance(each, ProjectDocketed))
    return tuple(dict.fromkeys(word for words in found for word in words))
