"""A name that one department gave up, or ended with, and another one takes: what runs under it changes hands unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.directory.directory import Department, Directory
from domain.directory.events import AliasGiven, DepartmentOpened, DepartmentRenamed, DirectoryEvent
from domain.directory.ids import DirectoryId
from domain.errors import BrokenRuleError
from domain.names import same_name


class FormerNameInUseError(BrokenRuleError, rule="former_name_is_free"):
    """A department takes a name that was another's, under which duties run, where it is meant to take them over."""

    says = (
        "“{name}”原是{of}的名称，还有 {duties} 项在办任务用着这个名称，这样一来就都归另一个部门办理，所以没有登记："
        "请另取名称，或先请督查人员把这些任务改由应承办的部门承办；确由另一个部门接着办的，请在登记时注明。"
    )
    name: str
    of: str
    duties: int


class TakenName(NamedTuple):
    """A name that a change gives to one department, and the other one that bore it."""

    name: str
    before: Department


def taken_former_names(after: Directory, events: Iterable[DirectoryEvent]) -> Iterator[TakenName]:
    """The names of other departments that changes give away; `after` is the directory with them."""
    for event in events:
        given = _given(event)
        if given is None:
            continue
        number, name = given
        for other in after.departments.values():
            if other.department_id != number and any(same_name(name, each.name) for each in other.borne):
                yield TakenName(name, other)


def _given(event: DirectoryEvent) -> tuple[DirectoryId, str] | None:
    match event:
        case DepartmentOpened():
            return event.department_id, event.name
        case DepartmentRenamed():
            return event.department_id, event.after
        case AliasGiven():
            return event.department_id, event.alias
        case _:
            return None
