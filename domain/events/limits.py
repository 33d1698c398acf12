"""The limits that run beside the due dates, for departments and for the supervision section alike: one mechanism.

A limit is set by what opens a matter (an assignment to sign for, a completion to review, an extension to rule on) and
ended by what answers it. In between it reminds, passes and climbs to a superior, as the due dates do.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event
from domain.ids import DepartmentId, MilestoneId
from domain.names import Addressee
from domain.papers.paper import NotSentReason
from domain.rules.policy import LimitKind


class LimitSet(Event):
    """Somebody has until the end of `due_on` to answer a matter: a department, or the supervision section itself.

    `working_days` is the limit that was counted by the calendar; it is absent where a person set the date. `about`
    names the department whose matter the supervision section must answer, where there can be several.
    """

    type: Literal["LimitSet"] = "LimitSet"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    due_on: date
    working_days: int | None
    about: DepartmentId | None


class LimitReminderIssued(Event):
    """The one who must answer a matter was reminded, neutrally, that its limit runs out."""

    type: Literal["LimitReminderIssued"] = "LimitReminderIssued"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    to: Addressee
    due_on: date
    working_days_before: int


class LimitPassed(Event):
    """A limit ran out and the matter was not answered. It stays in the record whatever follows."""

    type: Literal["LimitPassed"] = "LimitPassed"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    due_on: date


class LimitEscalated(Event):
    """A matter that stayed unanswered was brought to a superior of the one who must answer it."""

    type: Literal["LimitEscalated"] = "LimitEscalated"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    to: Addressee
    due_on: date
    after_working_days: int


class LimitEnded(Event):
    """A matter was answered, or fell away: its limit runs no longer. `working_days_late` counts what was over it."""

    type: Literal["LimitEnded"] = "LimitEnded"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    answered: bool
    working_days_late: int


class LimitNoticeNotSent(Event):
    """A notice about a limit that a rule foresaw did not go out, for this reason (charter, principle 7)."""

    type: Literal["LimitNoticeNotSent"] = "LimitNoticeNotSent"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    rung: str
    reason: NotSentReason
