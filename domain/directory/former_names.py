"""A name that one department gave up and another one takes: what still runs under it would change hands unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from domain.directory.directory import Department, Directory
from domain.directory.events import AliasGiven, DepartmentOpened, DepartmentRenamed, DirectoryEvent
from domain.directory.ids import DirectoryId
from domain.errors import BrokenRuleError
from domain.names import same_name


class FormerNameInUseError(BrokenRuleError, rule="former_name_is_free"):
    """A department takes another's former name, under which duties still run, where it is meant to take them over."""

    says = (
        "“{name}”是{of}的曾用名，还有 {duties} 项在办任务用着这个名称，这样一来就都归另一个部门办理，所以没有登记："
        "请另取名称，或先在这些任务里改由“{now}”承办；确由另一个部门接着办的，请在登记时注明。"
    )
    name: str
    of: str
    now: str
    duties: int


class TakenName(NamedTuple):
    """A name that a change gives to one department, and the other one that bore it."""

    name: str
    before: Department


def taken_former_names(after: Directory, events: Iterable[DirectoryEvent]) -> Iterator[TakenName]:
    """The names of other departments, which still stand, that changes give away; `after` is the directory with them."""
    for event in events:
        given = _given(after, event)
        if given is None:
            continue
        number, name, from_on = given
        for other in after.departments.values():
            ends = other.periods[-1].until_on
            stands = other.department_id != number and (ends is None or ends >= from_on)
            if stands and any(same_name(name, each.name) for each in other.borne):
                yield TakenName(name, other)


def _given(after: Directory, event: DirectoryEvent) -> tuple[DirectoryId, str, date] | None:
    match event:
        case DepartmentOpened():
            return event.department_id, event.name, event.from_on
        case DepartmentRenamed():
            return event.department_id, event.after, event.from_on
        case AliasGiven():
            return event.department_id, event.alias, after.departments[event.department_id].periods[-1].from_on
        case _:
            return None
