"""A year in numbers: each thing counted once, in its department's row and in its month's, and no rank."""

from __future__ import annotations

from domain.actors import department
from domain.acts.commands import ReassignLead, RequestCompletion, ReturnForRework
from domain.events import LeadReassigned, MilestoneReturnedForRework, ProjectDocketed
from domain.ids import DepartmentId
from domain.ports.register import MonthCount
from domain.seeing.burden import MonthlyBurden
from domain.seeing.year_figures import ReturnsSoFar, figures_of
from tests.domain.samples import PROJECT, Desk, at, request


def month(department: DepartmentId, of: str, duties: int, done: int, on_time: int) -> MonthCount:
    """One month of one department, as the register counts it."""
    return MonthCount(
        department=department, role="lead", month=of, duties=duties, done=done, on_time=on_time, breaches=done - on_time
    )


def test_rows_and_months_add_up_to_the_whole_year() -> None:
    """Duties, returns, papers and inspections; what is of another year is left out, and names stand in order."""
    months = [
        month("组织部", "2018-06", 4, 3, 2),
        month("宣传部", "2018-06", 1, 1, 1),
        month("组织部", "2019-01", 9, 9, 9),
    ]
    papers = MonthlyBurden(
        addressee="组织部", month="2018-07", papers=5, digests=2, waiting=0, withheld=0, inspections=1, over=()
    )
    found = figures_of(2018, months, {("组织部", "2018-06"): 2}, [papers])
    assert [line.name for line in found.departments] == sorted(["组织部", "宣传部"])
    assert (found.whole.duties, found.whole.done, found.whole.on_time, found.whole.late) == (5, 4, 3, 1)
    for field in ("duties", "done", "on_time", "late", "breaches", "returns", "papers", "inspections"):
        total = getattr(found.whole, field)
        assert sum(getattr(line, field) for line in found.departments) == total
        assert sum(getattr(line, field) for line in found.months) == total
    assert len(found.months) == 12
    assert (found.whole.returns, found.whole.papers, found.whole.inspections) == (2, 5, 1)


def test_a_return_counts_for_whoever_led_then() -> None:
    """Returned under one lead, and again under the next: one for each."""
    desk = Desk()
    desk.run_until(at("05-10 10:00"))
    desk.ask(request(RequestCompletion, done_on=at("05-09").date()))
    desk.ask(request(ReturnForRework, reason="缺材料"))
    desk.ask(request(ReassignLead, to="统战部", reason="调整"))
    desk.ask(request(RequestCompletion, done_on=at("05-09").date(), by=department("统战部")))
    desk.ask(request(ReturnForRework, reason="仍缺材料"))
    counted = ReturnsSoFar()
    for event in desk.events:
        counted.take(PROJECT, event)
    assert counted.counted == {("组织部", "2018-05"): 1, ("统战部", "2018-05"): 1}
    kinds = {type(event) for event in desk.events}
    assert kinds >= {ProjectDocketed, LeadReassigned, MilestoneReturnedForRework}
