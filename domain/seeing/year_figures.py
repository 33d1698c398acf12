"""A year in numbers: what was due, done and done on time, returned and late, and what it asked of each department.

By department in order of name and by month: nobody is ranked, and how often somebody reports or signs in is not
counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.clock import OFFICE_TIME
from domain.events import DomainEvent, Event, LeadReassigned, MilestoneReturnedForRework, ProjectDocketed
from domain.frozen import Frozen
from domain.ids import DepartmentId, ProjectId
from domain.names import Addressee
from domain.ports.register import MonthCount
from domain.seeing.burden import Month, MonthlyBurden

OF_RETURNS: tuple[type[Event], ...] = (ProjectDocketed, LeadReassigned, MilestoneReturnedForRework)
"""The events that tell whose completion was sent back when."""
Returns = Mapping[tuple[DepartmentId, Month], int]


class YearLine(Frozen):
    """One department, or one month: duties by the month in which they are due, and what became of them; papers and
    inspections by the month in which they came."""

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


class ReturnsSoFar:
    """Completions that were sent back, by their lead department and month; events are taken as they come."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[DepartmentId, Month]] = Counter()
        self._leads: dict[ProjectId, DepartmentId] = {}

    def take(self, project_id: ProjectId, event: DomainEvent) -> None:
        """Take one event of a project; those of one project come in order."""
        match event:
            case ProjectDocketed():
                self._leads[project_id] = event.project.lead_department
            case LeadReassigned():
                self._leads[project_id] = event.after
            case MilestoneReturnedForRework():
                self.counted[self._leads[project_id], f"{event.decided_at.astimezone(OFFICE_TIME):%Y-%m}"] += 1
            case _:
                pass


def figures_of(
    year: int, months: Sequence[MonthCount], returns: Returns, burden: Iterable[MonthlyBurden]
) -> YearFigures:
    """The figures of a year."""
    departments: dict[str, Counter[str]] = {}
    by_month: dict[str, Counter[str]] = {f"{year}-{number:02d}": Counter() for number in range(1, 13)}
    whole: Counter[str] = Counter()

    def count(department: str, month: str, numbers: Mapping[str, int]) -> None:
        if not month.startswith(f"{year}-"):
            return
        for counter in (departments.setdefault(department, Counter()), by_month.setdefault(month, Counter()), whole):
            counter.update(numbers)

    for each in months:
        done = {"duties": each.duties, "done": each.done, "on_time": each.on_time, "late": each.done - each.on_time}
        count(each.department, each.month, {**done, "breaches": each.breaches})
    for (department, month), number in returns.items():
        count(department, month, {"returns": number})
    for row in burden:
        count(row.addressee, row.month, {"papers": row.papers, "inspections": row.inspections})
    return YearFigures(
        departments=tuple(YearLine(name=name, **departments[name]) for name in sorted(departments)),
        months=tuple(YearLine(name=month, **by_month[month]) for month in sorted(by_month)),
        whole=YearLine(name=str(year), **whole),
    )
