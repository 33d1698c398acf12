"""What a re-issued list does to the numbers of the one before: which of them stand for another duty now.

A project is known by its number. A list that puts an item in, or drops one, and counts anew turns number 3 into another
duty's number; field by field that looks like many changes of one project.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.ids import ProjectId

_ALIKE = 0.4


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


def renumbered(
    running: Mapping[ProjectId, str], wanted: Mapping[ProjectId, str], closed: Set[ProjectId]
) -> dict[ProjectId, Renumbered]:
    """The numbers that stand for another duty, from the titles by number of what runs and of what a list wants."""
    leaving = {_plain(title): number for number, title in running.items() if not _same(title, wanted.get(number))}
    arriving = {_plain(title): number for number, title in wanted.items() if not _same(title, running.get(number))}
    found = {}
    for number in {**running, **wanted}:
        before, after = running.get(number), wanted.get(number)
        if _same(before, after):
            continue
        was = leaving.get(_plain(after)) if after is not None else None
        now = arriving.get(_plain(before)) if before is not None else None
        other = before is not None and after is not None and (number in closed or not _alike(before, after))
        if was or now or other:
            found[number] = Renumbered(before, after, was, now, number in closed)
    return found


def _plain(title: str) -> str:
    return "".join(title.split())


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and _plain(one) == _plain(other)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, _plain(one), _plain(other), autojunk=False).ratio() >= _ALIKE
