"""What a re-issued list does to the numbers of the one before: which of them stand for another duty now.

A project is known by its number. A list that puts an item in, or drops one, and counts anew turns number 3 into another
duty's number; field by field that looks like many changes of one project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.ids import ProjectId
from domain.project import KeyProject

_ALIKE = 0.4
_WORDED_ANEW = 0.6


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A number of either list, with the title that it had and the one that it has; `now` is where the former stands in
    the new list, `was` where the latter ran. `closed` says that what ran under this number has ended."""

    before: str | None
    after: str | None
    was: ProjectId | None
    now: ProjectId | None
    closed: bool

    def __str__(self) -> str:
        """What became of the number, as a person reads it: clauses that are each a sentence of their own."""
        if self.before is None:
            return f"这一项此前的编号是{self.was}"
        if self.after is None:
            return f"这一项在新清单里的编号是{self.now}"
        came = f"“{self.after}”此前的编号是{self.was}" if self.was else f"“{self.after}”是新列的"
        if self.closed:
            ended = f"这个编号原来的“{self.before}”已经结束"
            clauses = [ended, came, "它不会立项", "请在新清单里给它一个没有用过的序号再读入一次"]
            return "；".join(clauses)
        gone = f"原来的“{self.before}”在新清单里没有了"
        if self.now:
            gone = f"原来的“{self.before}”在新清单里的编号是{self.now}"
        head = "这个编号换成了另一项任务" if self.was or self.now else "这个编号像是换成了另一项任务"
        kept = "已有的回执和进展仍留在这个编号下"
        clauses = [head, gone, came, kept, "只是重排序号的请在新清单里照用原来的序号再读入一次"]
        return "；".join(clauses)


_Sign = Callable[[ProjectId, KeyProject], tuple[str, ...]]
_SIGNS: tuple[_Sign, ...] = (
    lambda number, project: (number, _plain(project.title)),
    lambda _, project: (_plain(project.title), project.lead_department, project.schedule_text),
    lambda _, project: (_plain(project.title), project.lead_department),
    lambda _, project: (_plain(project.title), project.schedule_text),
    lambda _, project: (_plain(project.title),),
)
"""What two rows have alike that are one duty, the surest first: a title may stand in several parts of a list."""


def renumbered(
    running: Mapping[ProjectId, KeyProject], wanted: Mapping[ProjectId, KeyProject], closed: Set[ProjectId]
) -> dict[ProjectId, Renumbered]:
    """The numbers that stand for another duty, of what runs and of what a list wants."""
    now = same_duties(running, wanted, closed)
    was = {after: before for before, after in now.items()}
    found = {}
    for number in {**running, **wanted}:
        before, after = running.get(number), wanted.get(number)
        if now.get(number) != number and (number in now or number in was or (before and after)):
            had, has = (project.title if project is not None else None for project in (before, after))
            found[number] = Renumbered(had, has, was.get(number), now.get(number), number in closed)
    return found


def same_duties(
    running: Mapping[ProjectId, KeyProject], wanted: Mapping[ProjectId, KeyProject], closed: Set[ProjectId]
) -> dict[ProjectId, ProjectId]:
    """Where the duty of each number before stands now, its own number where it is the same."""
    found: dict[ProjectId, ProjectId] = {}
    free = dict(wanted)

    def take(before: ProjectId, after: ProjectId) -> None:
        found[before] = after
        del free[after]

    for sign in _SIGNS:
        places: dict[tuple[str, ...], list[ProjectId]] = {}
        for number, project in free.items():
            places.setdefault(sign(number, project), []).append(number)
        for number, project in running.items():
            if number not in found and (there := places.get(sign(number, project))):
                take(number, there.pop(0))
    for number, project in running.items():
        if number in free.keys() - found.keys() - closed and _likeness(project, free[number]) >= _ALIKE:
            take(number, number)
    # Worded anew and under another number: only with the same lead, and the likest of them.
    for number, project in running.items():
        if number not in found:
            others = [other for other, each in free.items() if each.lead_department == project.lead_department]
            likest = max(others, key=lambda other: _likeness(project, free[other]), default=None)
            if likest is not None and _likeness(project, free[likest]) >= _WORDED_ANEW and likest != number:
                take(number, likest)
    return found


def _plain(title: str) -> str:
    return "".join(title.split())


def _likeness(one: KeyProject, other: KeyProject) -> float:
    return SequenceMatcher(None, _plain(one.title), _plain(other.title), autojunk=False).ratio()
