"""What is counted by month: papers that went out to each addressee, completions sent back to who asked for them,
inspections of each lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from domain.clock import office_day
from domain.events import (
    CompletionRequested,
    InspectionOpened,
    LeadReassigned,
    MilestoneReturnedForRework,
    ProjectDocketed,
)
from domain.ids import DepartmentId, is_sub_duty, supervised_project_id
from domain.papers.mail import NoticeSent
from domain.papers.mail_cap import GRANTING
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outlook import TallyKey, TallyKind
from domain.record.leaf import domain_event_of, fields_of, instant_of

_OF_A_DEPARTMENT: Final[dict[str, TallyKind]] = {
    MilestoneReturnedForRework.__name__: "returns",
    InspectionOpened.__name__: "inspections",
}
"""The events that are counted of a department: what was sent back, of who asked for it; an inspection, of the lead."""
_WHOSE: Final = frozenset({ProjectDocketed.__name__, LeadReassigned.__name__, CompletionRequested.__name__})
"""The events that say who leads, and who asks."""


def counted_in(entries: Iterable[LedgerEntry], whose: Callable[[LedgerEntry], DepartmentId]) -> Counter[TallyKey]:
    """What some entries of the ledger say; `whose` tells which department an entry is counted of.

    A paper counts for whoever it reaches; what happens to a sub-duty is not the office's to count.
    """
    counted: Counter[TallyKey] = Counter()
    for entry in entries:
        if entry.type == NoticeSent.__name__:
            if (said := fields_of(entry.event))["kind"] not in GRANTING:
                counted["papers", said["addressee"], _month(entry)] += 1
        elif entry.type in _OF_A_DEPARTMENT and not is_sub_duty(supervised_project_id(entry.stream)):
            counted[_OF_A_DEPARTMENT[entry.type], whose(entry), _month(entry)] += 1
    return counted


def counted_of(ledger: Ledger, entry: LedgerEntry) -> DepartmentId:
    """Which department an entry is counted of: who asked for what is sent back, else who led the project then."""
    said = domain_event_of(entry)
    back = said.milestone_id if isinstance(said, MilestoneReturnedForRework) else None
    lead, asked = "", ""
    for each in ledger.entries(entry.stream):
        if each.position > entry.position:
            break
        if each.type not in _WHOSE:
            continue
        match domain_event_of(each):
            case ProjectDocketed(project=project):
                lead = project.lead_department
            case LeadReassigned(after=after):
                lead = after
            case CompletionRequested(milestone_id=milestone_id, department=name) if milestone_id == back:
                asked = name
    return asked or lead


def _month(entry: LedgerEntry) -> str:
    return f"{office_day(instant_of(entry.event['decided'])):%Y-%m}"
