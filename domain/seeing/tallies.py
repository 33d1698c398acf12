"""What is counted by month: papers that went out to each addressee, what was sent back to who asked for it, dates that
were broken by who had them, inspections of each lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from domain.clock import office_day
from domain.events import (
    CompletionRequested,
    DeadlineBreached,
    InspectionOpened,
    LeadReassigned,
    MilestoneReturnedForRework,
    ProjectDocketed,
    RectificationReported,
    RectificationReturned,
)
from domain.ids import DepartmentId, is_sub_duty, supervised_project_id
from domain.papers.mail import NoticeSent
from domain.papers.mail_cap import GRANTING
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outlook import TallyKey, TallyKind
from domain.record.leaf import domain_event_of, fields_of, instant_of
from domain.seeing.bulletins import day_of

_OF_A_DEPARTMENT: Final[dict[str, TallyKind]] = {
    MilestoneReturnedForRework.__name__: "returns",
    RectificationReturned.__name__: "returns",
    InspectionOpened.__name__: "inspections",
    DeadlineBreached.__name__: "breaches",
}
"""The events that are counted of a department: what was sent back, of who asked for it; a broken date, of who had it;
an inspection, of the lead."""
_WHOSE: Final = frozenset(
    kind.__name__ for kind in (ProjectDocketed, LeadReassigned, CompletionRequested, RectificationReported)
)
"""The events that say who leads, and who asks."""


def counted_in(entries: Iterable[LedgerEntry], whose: Callable[[LedgerEntry], DepartmentId]) -> Counter[TallyKey]:
    """What some entries of the ledger say; `whose` tells which department an entry is counted of.

    A paper counts for whoever it reaches; what happens to a sub-duty is not the office's to count.
    """
    counted: Counter[TallyKey] = Counter()
    for entry in entries:
        if entry.type == NoticeSent.__name__:
            if (said := fields_of(entry.event))["kind"] not in GRANTING:
                month = f"{office_day(instant_of(entry.event['decided'])):%Y-%m}"
                counted["papers", said["addressee"], month] += 1
        elif entry.type in _OF_A_DEPARTMENT and not is_sub_duty(supervised_project_id(entry.stream)):
            month = f"{day_of(domain_event_of(entry)):%Y-%m}"
            counted[_OF_A_DEPARTMENT[entry.type], whose(entry), month] += 1
    return counted


def counted_of(ledger: Ledger, entry: LedgerEntry) -> DepartmentId:
    """Which department an entry is counted of: who asked for what is sent back, whose date was broken, else who led the
    project then."""
    said = domain_event_of(entry)
    if isinstance(said, DeadlineBreached) and said.department:
        return said.department
    lead, asked = "", ""
    for each in ledger.entries(entry.stream):
        if each.position > entry.position:
            break
        if each.type not in _WHOSE:
            continue
        match said, domain_event_of(each):
            case _, ProjectDocketed(project=project):
                lead = project.lead_department
            case _, LeadReassigned(after=after):
                lead = after
            case (
                MilestoneReturnedForRework(milestone_id=back),
                CompletionRequested(milestone_id=its, department=name),
            ) | (
                RectificationReturned(milestone_id=back),
                RectificationReported(milestone_id=its, department=name),
            ) if its == back:
                asked = name
            case _:
                pass
    return asked or lead
