"""A year in numbers: each thing counted once, in its department's row and in its month's, and no rank."""

from __future__ import annotations

from domain.ids import DepartmentId
from domain.ports.outlook import TallyKey
from domain.ports.register import MonthCount
from domain.seeing.year_figures import figures_of


def month(department: DepartmentId, of: str, duties: int, done: int, on_time: int) -> MonthCount:
    """One month of one department, as the register counts it."""
    return MonthCount(department=department, role="lead", month=of, duties=duties, done=done, on_time=on_time)


def test_rows_and_months_add_up_to_the_whole_year() -> None:
    """Duties, returns, papers and inspections; another year is left out, names stand in order, a renamed one once."""
    months = [
        month("组织部", "2018-06", 4, 3, 2),
        month("宣传部", "2018-06", 1, 1, 1),
        month("组织部", "2019-01", 9, 9, 9),
    ]
    tallies: dict[TallyKey, int] = {
        ("returns", "组织部", "2018-06"): 2,
        ("papers", "组织部", "2018-07"): 5,
        ("inspections", "组织部", "2018-07"): 1,
        ("breaches", "组织部", "2018-07"): 3,
        ("papers", "组织部", "2019-01"): 9,
    }
    found = figures_of(2018, months, tallies)
    assert [line.name for line in found.departments] == sorted(["组织部", "宣传部"])
    assert (found.whole.duties, found.whole.done, found.whole.on_time, found.whole.late) == (5, 4, 3, 1)
    for field in ("duties", "done", "on_time", "late", "breaches", "returns", "papers", "inspections"):
        total = getattr(found.whole, field)
        assert sum(getattr(line, field) for line in found.departments) == total
        assert sum(getattr(line, field) for line in found.months) == total
    assert len(found.months) == 12
    renamed = figures_of(2018, months, tallies, {"组织部": "宣传部"})
    assert [(line.name, line.duties, line.papers) for line in renamed.departments] == [("宣传部", 5, 5)]
    assert (renamed.whole, renamed.months) == (found.whole, found.months)
    assert (found.whole.returns, found.whole.papers, found.whole.inspections) == (2, 5, 1)
    assert [line.name for line in found.months if line.breaches] == ["2018-07"]
