"""What people ask of a project: orders with intent. Each carries who asks and an id that makes a repeat harmless.

The names in `type` are kept for ever. One module a family.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from domain.acts.commands.amending import AmendProject as AmendProject
from domain.acts.commands.amending import ChangeCalendar as ChangeCalendar
from domain.acts.commands.amending import Withdraw as Withdraw
from domain.acts.commands.closing import CloseYear as CloseYear
from domain.acts.commands.command import Command as Command
from domain.acts.commands.deputising import AppointDeputy as AppointDeputy
from domain.acts.commands.deputising import DismissDeputy as DismissDeputy
from domain.acts.commands.directing import AnswerDirective as AnswerDirective
from domain.acts.commands.directing import IssueDirective as IssueDirective
from domain.acts.commands.directing import PublishBulletin as PublishBulletin
from domain.acts.commands.directing import Urge as Urge
from domain.acts.commands.extending import GrantGrace as GrantGrace
from domain.acts.commands.extending import RequestExtension as RequestExtension
from domain.acts.commands.extending import ReviewExtension as ReviewExtension
from domain.acts.commands.extending import RuleOnExtension as RuleOnExtension
from domain.acts.commands.extending import SupplementExtension as SupplementExtension
from domain.acts.commands.inspecting import AnswerInspection as AnswerInspection
from domain.acts.commands.inspecting import CheckRectification as CheckRectification
from domain.acts.commands.inspecting import CloseInspection as CloseInspection
from domain.acts.commands.inspecting import ConcludeInspection as ConcludeInspection
from domain.acts.commands.inspecting import OpenInspection as OpenInspection
from domain.acts.commands.inspecting import RecordFinding as RecordFinding
from domain.acts.commands.inspecting import ReportRectification as ReportRectification
from domain.acts.commands.pausing import EndSilence as EndSilence
from domain.acts.commands.pausing import Resume as Resume
from domain.acts.commands.pausing import SilenceNotices as SilenceNotices
from domain.acts.commands.pausing import Suspend as Suspend
from domain.acts.commands.receiving import DeclineAssignment as DeclineAssignment
from domain.acts.commands.receiving import InsistOnAssignment as InsistOnAssignment
from domain.acts.commands.receiving import RaiseDispute as RaiseDispute
from domain.acts.commands.receiving import ReassignLead as ReassignLead
from domain.acts.commands.receiving import ReplaceParticipant as ReplaceParticipant
from domain.acts.commands.receiving import RuleOnDispute as RuleOnDispute
from domain.acts.commands.receiving import SignReceipt as SignReceipt
from domain.acts.commands.reporting import ReportProgress as ReportProgress
from domain.acts.commands.reporting import RequestCompletion as RequestCompletion
from domain.acts.commands.reviewing import AcceptCompletion as AcceptCompletion
from domain.acts.commands.reviewing import ReturnForRework as ReturnForRework
from domain.acts.commands.reviewing import StrikeOff as StrikeOff
from domain.frozen import Frozen

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
