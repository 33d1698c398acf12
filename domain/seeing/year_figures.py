"""A year in numbers: what was due, done and done on time, returned and late, and what it asked of each department.

By department in order of name and by month: nobody is ranked, and how often somebody reports or signs in is not
counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domain.frozen import Frozen
from domain.names import Addressee
from domain.ports.outlook import TallyKey
from domain.ports.register import MonthCount


class YearLine(Frozen):
    """One department, or one month: duties by the month in which they are due, and what became of them; broken dates by
    that of the date; what was sent back, papers and inspections by that in which they came."""

    name: Addressee
    duties: int = 0
    done: int = 0
    on_time: int = 0
    late: int = 0
    breaches: int = 0
    returns: int = 0
    papers: int = 0
    inspections: int = 0


class YearFigures(Frozen):
    """A year by department and by month, and all of it."""

    departments: tuple[YearLine, ...]
    months: tuple[YearLine, ...]
    whole: YearLine


def figures_of(
    year: int,
    months: Sequence[MonthCount],
    tallies: Mapping[TallyKey, int],
    names: Mapping[str, str] = MappingProxyType({}),
) -> YearFigures:
    """The figures of a year; `names` lead from one that a department had before to that under which it is counted."""
    departments: dict[str, Counter[str]] = {}
    by_month: dict[str, Counter[str]] = {f"{year}-{number:02d}": Counter() for number in range(1, 13)}
    whole: Counter[str] = Counter()

    def count(department: str, month: str, numbers: Mapping[str, int]) -> None:
        if not month.startswith(f"{year}-"):
            return
        department = names.get(department, department)
        for counter in (departments.setdefault(department, Counter()), by_month.setdefault(month, Counter()), whole):
            counter.update(numbers)

    for each in months:
        done = {"duties": each.duties, "done": each.done, "on_time": each.on_time, "late": each.done - each.on_time}
        count(each.department, each.month, done)
    for (kind, department, month), number in tallies.items():
        count(department, month, {kind: number})
    return YearFigures(
        departments=tuple(YearLine(name=name, **departments[name]) for name in sorted(departments)),
        months=tuple(YearLine(name=month, **by_month[month]) for month in sorted(by_month)),
        whole=YearLine(name=str(year), **whole),
    )
