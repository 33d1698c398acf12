"""What is counted by month: papers that went out to each addressee, completions sent back, inspections of each lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from domain.clock import office_day
from domain.events import InspectionOpened, LeadReassigned, MilestoneReturnedForRework, ProjectDocketed
from domain.ids import DepartmentId, is_sub_duty, supervised_project_id
from domain.papers.mail import NoticeSent
from domain.papers.mail_cap import GRANTING
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outlook import TallyKey, TallyKind
from domain.record.leaf import domain_event_of, fields_of, instant_of

_OF_LEADS: Final[dict[str, TallyKind]] = {
    MilestoneReturnedForRework.__name__: "returns",
    InspectionOpened.__name__: "inspections",
}
"""The events that are counted of whoever led the project then."""
_OF_THE_LEAD: Final = frozenset({ProjectDocketed.__name__, LeadReassigned.__name__})
"""The events that say who leads."""


def counted_in(entries: Iterable[LedgerEntry], lead_then: Callable[[LedgerEntry], DepartmentId]) -> Counter[TallyKey]:
    """What some entries of the ledger say; `lead_then` tells who led a project when an entry of it was made.

    A paper counts for whoever it reaches; what happens to a sub-duty is not the office's to count.
    """
    counted: Counter[TallyKey] = Counter()
    for entry in entries:
        if entry.type == NoticeSent.__name__:
            if (said := fields_of(entry.event))["kind"] not in GRANTING:
                counted["papers", said["addressee"], _month(entry)] += 1
        elif entry.type in _OF_LEADS and not is_sub_duty(supervised_project_id(entry.stream)):
            counted[_OF_LEADS[entry.type], lead_then(entry), _month(entry)] += 1
    return counted


def lead_then(ledger: Ledger, entry: LedgerEntry) -> DepartmentId:
    """Who led a project when an entry of it was made."""
    lead: DepartmentId = ""
    for each in ledger.entries(entry.stream):
        if each.position > entry.position:
            break
        if each.type not in _OF_THE_LEAD:
            continue
        match domain_event_of(each):
            case ProjectDocketed(project=project):
                lead = project.lead_department
            case LeadReassigned(after=after):
                lead = after
    return lead


def _month(entry: LedgerEntry) -> str:
    return f"{office_day(instant_of(entry.event['decided'])):%Y-%m}"
