"""Names in a policy's rules of single things that nothing in a list bears: a rule under one would hold for nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.names import nearest
from domain.project import KeyProject
from domain.rules.policy import SupervisionPolicy


class UnmatchedName(NamedTuple):
    """A name in a policy: the table that it stands in, and the name that was perhaps meant."""

    table: str
    name: str
    near: str | None


def unmatched_names(policy: SupervisionPolicy, projects: Iterable[KeyProject]) -> list[UnmatchedName]:
    """Which categories, projects and milestones of a policy's own rules are none of these projects'."""
    listed = list(projects)
    categories = {each.category for each in listed if each.category is not None}
    project_ids = {each.project_id for each in listed}
    milestone_ids = {milestone.milestone_id for each in listed for milestone in each.milestones}
    tables: tuple[tuple[str, Iterable[str], set[str]], ...] = (
        ("life_cycle_of.categories", policy.life_cycle_of.categories, categories),
        ("life_cycle_of.projects", policy.life_cycle_of.projects, project_ids),
        ("projects", policy.projects, project_ids),
        ("milestones", policy.milestones, milestone_ids),
    )
    return [
        UnmatchedName(table, name, nearest(name, known))
        for table, names, known in tables
        for name in names
        if name not in known
    ]
