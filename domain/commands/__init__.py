"""What people ask of a project: orders with intent. Each carries who asks and an id that makes a repeat harmless.

The names in `type` are kept for ever. One module a family.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from domain.commands.amending import AmendProject as AmendProject
from domain.commands.amending import ChangeCalendar as ChangeCalendar
from domain.commands.amending import Withdraw as Withdraw
from domain.commands.closing import CloseYear as CloseYear
from domain.commands.command import Command as Command
from domain.commands.deputising import AppointDeputy as AppointDeputy
from domain.commands.deputising import DismissDeputy as DismissDeputy
from domain.commands.directing import AnswerDirective as AnswerDirective
from domain.commands.directing import IssueDirective as IssueDirective
from domain.commands.directing import PublishBulletin as PublishBulletin
from domain.commands.directing import Urge as Urge
from domain.commands.extending import GrantGrace as GrantGrace
from domain.commands.extending import RequestExtension as RequestExtension
from domain.commands.extending import ReviewExtension as ReviewExtension
from domain.commands.extending import RuleOnExtension as RuleOnExtension
from domain.commands.extending import SupplementExtension as SupplementExtension
from domain.commands.inspecting import AnswerInspection as AnswerInspection
from domain.commands.inspecting import CheckRectification as CheckRectification
from domain.commands.inspecting import CloseInspection as CloseInspection
from domain.commands.inspecting import ConcludeInspection as ConcludeInspection
from domain.commands.inspecting import OpenInspection as OpenInspection
from domain.commands.inspecting import RecordFinding as RecordFinding
from domain.commands.inspecting import ReportRectification as ReportRectification
from domain.commands.pausing import EndSilence as EndSilence
from domain.commands.pausing import Resume as Resume
from domain.commands.pausing import SilenceNotices as SilenceNotices
from domain.commands.pausing import Suspend as Suspend
from domain.commands.receiving import DeclineAssignment as DeclineAssignment
from domain.commands.receiving import InsistOnAssignment as InsistOnAssignment
from domain.commands.receiving import RaiseDispute as RaiseDispute
from domain.commands.receiving import ReassignLead as ReassignLead
from domain.commands.receiving import ReplaceParticipant as ReplaceParticipant
from domain.commands.receiving import RuleOnDispute as RuleOnDispute
from domain.commands.receiving import SignReceipt as SignReceipt
from domain.commands.reporting import ReportProgress as ReportProgress
from domain.commands.reporting import RequestCompletion as RequestCompletion
from domain.commands.reviewing import AcceptCompletion as AcceptCompletion
from domain.commands.reviewing import ReturnForRework as ReturnForRework
from domain.commands.reviewing import StrikeOff as StrikeOff
from domain.project import Frozen

AnyCommand = Annotated[
    ReportProgress
    | RequestCompletion
    | AcceptCompletion
    | ReturnForRework
    | StrikeOff
    | SignReceipt
    | DeclineAssignment
    | InsistOnAssignment
    | ReassignLead
    | ReplaceParticipant
    | RaiseDispute
    | RuleOnDispute
    | RequestExtension
    | SupplementExtension
    | ReviewExtension
    | RuleOnExtension
    | GrantGrace
    | OpenInspection
    | RecordFinding
    | ConcludeInspection
    | AnswerInspection
    | ReportRectification
    | CheckRectification
    | CloseInspection
    | Urge
    | IssueDirective
    | AnswerDirective
    | PublishBulletin
    | Suspend
    | Resume
    | SilenceNotices
    | EndSilence
    | AppointDeputy
    | DismissDeputy
    | Withdraw
    | AmendProject
    | ChangeCalendar
    | CloseYear,
    Field(discriminator="type"),
]
"""Any command to a project."""

ANY_COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)


class CommandOutcome(Frozen):
    """What an accepted command answers: its events, and the stage of the milestone (or project) after it."""

    event_ids: tuple[str, ...]
    stage: str
