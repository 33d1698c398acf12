"""What supervision asks of each addressee: papers and inspections by month, counted from what is on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from domain.clock import office_day
from domain.events import DomainEvent, Event, InspectionNotOpened, InspectionOpened, LeadReassigned, ProjectDocketed
from domain.frozen import Frozen
from domain.ids import DepartmentId, ProjectId
from domain.names import Addressee
from domain.papers.mail_cap import GRANTING
from domain.ports.outbox import OutboxItem
from domain.rules.life_cycle import LifeCycleRules

Month = str
"""A month, as `2018-06`."""
Cap = Literal["papers", "inspections"]


class MonthlyBurden(Frozen):
    """One month of one addressee. A digest of N papers is N papers; `digests` counts the mornings on which some came.
    What grants an addressee's own request is no burden.

    `waiting` are recorded and not sent yet, `withheld` will never be sent; `not_inspected`
    inspections were foreseen and held back by the cap; `over` names the caps that are exceeded.
    """

    addressee: Addressee
    month: Month
    papers: int
    digests: int
    waiting: int
    withheld: int
    inspections: int
    not_inspected: int = 0
    over: tuple[Cap, ...] = ()


class BurdenView(Frozen):
    """The burden by month and addressee; a cap is absent where no policy has one."""

    papers_per_month: int | None
    inspections_per_month: int | None
    rows: tuple[MonthlyBurden, ...]


COUNTED: tuple[type[Event], ...] = (ProjectDocketed, LeadReassigned, InspectionOpened, InspectionNotOpened)
"""The events that tell whose inspection was when; the others need not be read."""


class Inspections(NamedTuple):
    """How many inspections each department had in each month, and how many the cap held back."""

    opened: Counter[tuple[DepartmentId, Month]]
    capped: Counter[tuple[DepartmentId, Month]]


def inspections_of(
    events: Iterable[tuple[ProjectId, DomainEvent]],
    names: Mapping[DepartmentId, DepartmentId] = MappingProxyType({}),
) -> Inspections:
    """The inspections of each department by month, in all projects; each project's events in order.

    `names` lead from one that a department had before to that under which it is counted.
    """
    found = Inspections(Counter(), Counter())
    leads: dict[ProjectId, DepartmentId] = {}

    def led_by(project_id: ProjectId) -> DepartmentId:
        return names.get(leads[project_id], leads[project_id])

    for project_id, event in events:
        match event:
            case ProjectDocketed():
                leads[project_id] = event.project.lead_department
            case LeadReassigned():
                leads[project_id] = event.after
            case InspectionOpened():
                found.opened[led_by(project_id), _month_of(event)] += 1
            case InspectionNotOpened(reason="burden_cap"):
                found.capped[led_by(project_id), _month_of(event)] += 1
            case _:
                pass
    return found


def _month_of(event: Event) -> Month:
    return f"{office_day(event.decided_at):%Y-%m}"


def burden_of(
    inspections: Inspections,
    items: Iterable[OutboxItem],
    rules: LifeCycleRules | None,
    month: Month | None = None,
    names: Mapping[DepartmentId, DepartmentId] = MappingProxyType({}),
) -> BurdenView:
    """The burden of all months, or of one; the heaviest first within a month. `names` as with the inspections."""
    papers: Counter[tuple[DepartmentId, Month]] = Counter()
    waiting: Counter[tuple[DepartmentId, Month]] = Counter()
    withheld: Counter[tuple[DepartmentId, Month]] = Counter()
    digests: dict[tuple[DepartmentId, Month], set[str]] = {}
    for item in items:
        if item.numbered.paper.kind in GRANTING:
            continue
        at = item.sent_at or item.numbered.paper.send_from
        key = (names.get(item.addressee, item.addressee), f"{office_day(at):%Y-%m}")
        match item.state:
            case "sent":
                papers[key] += 1
                digests.setdefault(key, set()).add(item.digest_id or "")
            case "withheld":
                withheld[key] += 1
            case _:
                waiting[key] += 1
    papers_cap = rules.papers_per_month if rules else None
    inspections_cap = rules.inspections_per_month if rules else None
    rows = []
    for addressee, of in {*papers, *waiting, *withheld, *inspections.opened, *inspections.capped}:
        if month not in (None, of):
            continue
        key = (addressee, of)
        over: list[Cap] = []
        if papers_cap is not None and papers[key] > papers_cap:
            over.append("papers")
        if inspections_cap is not None and inspections.opened[key] > inspections_cap:
            over.append("inspections")
        rows.append(
            MonthlyBurden(
                addressee=addressee,
                month=of,
                papers=papers[key],
                digests=len(digests.get(key, ())),
                waiting=waiting[key],
                withheld=withheld[key],
                inspections=inspections.opened[key],
                not_inspected=inspections.capped[key],
                over=tuple(over),
            )
        )
    rows.sort(key=lambda row: (row.month, -row.papers, -row.inspections, row.addressee))
    return BurdenView(papers_per_month=papers_cap, inspections_per_month=inspections_cap, rows=tuple(rows))
