"""The letters of repeated serials, as the running projects have them.

A letter tells rows of one printed serial apart, in the order of the list. Where each part of a list counts from one, an
item that is put in, left out or moved in one part would give another letter to items of another part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from string import ascii_lowercase
from typing import TypeVar

from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.lists.renumbering import same_duties
from domain.notice.plan import Plan
from domain.notice.serials import letter_of
from domain.project import KeyProject, ProjectList

List = TypeVar("List", bound=ProjectList)
OneWithIdentity = TypeVar("OneWithIdentity", bound=Frozen)


def with_running_letters(listed: List, running: Mapping[ProjectId, KeyProject]) -> List:
    """The list, each row of a repeated serial under the identity under which its duty runs."""
    wanted = {project.project_id: project for project in listed.projects}
    names = dict[ProjectId, ProjectId]()
    there = _by_serial(running)
    for serial, ours in _by_serial(wanted).items():
        if len(ours) > 1 or len(there.get(serial, ())) > 1:
            names |= {after: before for before, after in same_duties(there.get(serial, {}), ours, frozenset()).items()}
    taken = {*wanted, *running, *names.values()}
    for number in wanted:
        if number not in names and number in names.values():
            names[number] = next(each for each in _others(number) if each not in taken)
            taken.add(names[number])
    names = {before: after for before, after in names.items() if before != after}
    return _renamed(listed, names) if names else listed


def _by_serial(projects: Mapping[ProjectId, KeyProject]) -> dict[tuple[str, str], dict[ProjectId, KeyProject]]:
    found: dict[tuple[str, str], dict[ProjectId, KeyProject]] = {}
    for number, project in projects.items():
        found.setdefault((_without_letter(number), project.serial), {})[number] = project
    return found


def _without_letter(number: ProjectId) -> str:
    return number.rstrip(ascii_lowercase)


def _others(number: ProjectId) -> Iterator[ProjectId]:
    return (f"{_without_letter(number)}{letter_of(times)}" for times in count(1))


def _renamed(listed: List, names: Mapping[ProjectId, ProjectId]) -> List:
    """The list with other identities wherever one stands: of rows and milestones, in findings and rulings."""
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![0-9A-Za-z._])(?:{either})(?![0-9A-Za-z._])")

    def renamed(value: OneWithIdentity, *fields: str) -> OneWithIdentity:
        texts = {name: text for name in fields if (text := getattr(value, name)) is not None}
        return value.model_copy(
            update={name: pattern.sub(lambda found: names[found[0]], texts[name]) for name in texts}
        )

    projects = []
    for project in listed.projects:
        milestones = tuple(renamed(each, "milestone_id") for each in project.milestones)
        projects.append(renamed(project, "project_id").having(milestones=milestones))
    update: dict[str, object] = {"projects": tuple(projects)}
    if isinstance(listed, Plan):
        update["findings"] = tuple(renamed(each, "key", "project_id", "milestone_id") for each in listed.findings)
        update["rulings"] = tuple(renamed(each, "finding") for each in listed.rulings)
    return listed.model_copy(update=update)
