"""Every limit that a schedule prints is some milestone's, or a finding names it: checked without the grammar."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from domain.notice.folding import fold, in_titles
from domain.notice.windows import last_of_month
from domain.project import KeyProject, Milestone

_LIMIT = re.compile(
    r"(?<![\d.、/和至到-])(?P<said>(?P<month>1[0-2]|[1-9])月(?:(?P<day>[12]\d|3[01]|[1-9])[日号]|[底末]))(?:之|以)?前"
)
_LEAP = 2000


def unkept_limits(
    project: KeyProject, named: Sequence[str], asked: Container[str | None] = ()
) -> Iterator[tuple[int, int]]:
    """Where a project's schedule prints a limit (`6月底前`, `9月15日前`) on which no milestone is due in any year.

    `named` are the sentences and words of what was told of it, `asked` the milestones about which something is asked.
    They are left out, and so is what comes back on days of its own.
    """
    text = fold(project.schedule_text)
    hidden = in_titles(text)
    due = {(m.due_on.month, m.due_on.day) for m in project.milestones if m.due_on is not None}
    due |= {(2, 29)} if (2, 28) in due else set()
    waiting = [
        (each.source.start, each.source.end)
        for each in project.milestones
        if each.milestone_id in asked or _waits_or_comes_back(each)
    ]
    for match in _LIMIT.finditer(text):
        if any(start <= match.start() < end for start, end in waiting):
            continue
        month = int(match["month"])
        day = int(match["day"] or last_of_month(_LEAP, month).day)
        if not hidden[match.start()] and (month, day) not in due and not _told(match["said"], named):
            yield match.span()


def _waits_or_comes_back(milestone: Milestone) -> bool:
    recurrence = milestone.recurrence
    return milestone.due_on is None or (recurrence is not None and recurrence.count > 1)


def _told(said: str, named: Sequence[str]) -> bool:
    return any(said in fold(words) for words in named)
