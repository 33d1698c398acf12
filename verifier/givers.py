"""Whose act an entry says it is, and what it says was done, held against what its attestation says."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

_ENDS = ("AmendProject", "AnswerDirective", "CheckRectification", "CloseYear", "StrikeOff", "Withdraw")
BRINGS: Final[dict[str, tuple[str, ...]]] = {
    "AssigningDepartmentChanged": ("ChangeAssigningDepartment",),
    "AssignmentDeclined": ("DeclineAssignment",),
    "AssignmentInsisted": ("InsistOnAssignment",),
    "BulletinPublished": ("PublishBulletin",),
    "CalendarChanged": ("ChangeCalendar",),
    "CompletionRequested": ("RequestCompletion",),
    "ConfidenceAssessed": ("AssessConfidence",),
    "DeadlineExtended": ("RuleOnExtension",),
    "DeputyAppointed": ("AppointDeputy",),
    "DeputyDismissed": ("DismissDeputy",),
    "DirectiveAnswered": ("AnswerDirective",),
    "DirectiveIssued": ("IssueDirective",),
    "DisputeRaised": ("RaiseDispute",),
    "DisputeRuled": ("RuleOnDispute",),
    "DutyDecomposed": ("DecomposeDuty",),
    "ExtensionMoreAsked": ("RuleOnExtension",),
    "ExtensionRefused": ("RuleOnExtension",),
    "ExtensionRequested": ("RequestExtension",),
    "ExtensionReviewed": ("ReviewExtension",),
    "ExtensionSupplemented": ("SupplementExtension",),
    "FindingRecorded": ("RecordFinding",),
    "GraceGranted": ("GrantGrace",),
    "InspectionAnswered": ("AnswerInspection",),
    "InspectionConcluded": ("ConcludeInspection",),
    "LeadReassigned": ("AmendProject", "ReassignLead"),
    "MilestoneAdded": ("AmendProject",),
    "MilestoneAmended": ("AmendProject",),
    "MilestoneCarriedOver": ("CloseYear",),
    "MilestoneCompleted": ("AcceptCompletion",),
    "MilestoneEnded": ("CloseYear",),
    "MilestoneReturnedForRework": ("ReturnForRework",),
    "MilestoneStruckOff": ("StrikeOff",),
    "MilestoneWithdrawn": ("AmendProject", "Withdraw"),
    "NoticesSilenced": ("SilenceNotices",),
    "PartDelivered": ("RequestCompletion",),
    "ProgressReported": ("ReportProgress",),
    "ProjectAmended": ("AmendProject",),
    "ProjectArchived": _ENDS,
    "ProjectReopened": ("ReopenProject",),
    "ProjectWithdrawn": ("Withdraw",),
    "ReceiptSigned": ("SignReceipt",),
    "RectificationReported": ("ReportRectification",),
    "RectificationReturned": ("CheckRectification",),
    "ReminderAcknowledged": ("AcknowledgeReminder",),
    "SilenceEnded": ("EndSilence",),
    "SubDutyReassigned": ("NoteSubDuty",),
    "SubDutyRestored": ("NoteSubDuty",),
    "SubDutyWithdrawn": ("NoteSubDuty",),
    "YearClosed": ("CloseYear",),
}
"""What no day brings and only an act of a person does, and by which acts."""


def brings(command: dict[str, Any], kind: str) -> bool:
    """Whether a command makes an event of this kind happen, where only some do."""
    return kind not in BRINGS or command.get("type") in BRINGS[kind]


def acts_as(said: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether an entry names the one who gave the act, and on whose behalf, as the attested act does."""
    command, data = said["act"]["command"], event["data"]
    by, principal = command.get("by"), command.get("on_behalf_of")
    if not isinstance(by, dict) or not _is(by, event["actor"], data.get("by_person")):
        return False
    if principal is None:
        return data.get("on_behalf_of") is None and data.get("for_person") is None
    named = data.get("on_behalf_of"), data.get("for_person")
    return isinstance(principal, dict) and isinstance(named[0], str) and _is(principal, named[0], named[1])


def _is(person: dict[str, Any], actor: str, number: Any) -> bool:
    department, name = person.get("department"), person.get("name")
    # A shell's act may name nobody's number: the ledger's is the directory's then.
    if person.get("person_id") not in (None, number):
        return False
    if person.get("role") == "operator":
        return actor == f"operator:{name}"
    kind, _, rest = actor.partition(":")
    theirs, _, who = rest.partition(":")
    if kind != "department" or _key(department) != _key(theirs):
        return False
    return who == name or (not who and _key(name) == _key(department))


def _key(name: Any) -> str:
    """What two spellings of a department have in common: the project spells one as its list does."""
    folded = unicodedata.normalize("NFKC", str(name)).casefold()
    return "".join(each for each in unicodedata.normalize("NFKC", folded) if each.isalnum())


def is_by_the_person(said: dict[str, Any], number: Any) -> bool:
    """Whether an entry has the number of who was signed in."""
    # The owner of the installation acts through its shell for whom he names: the attestation has no number of his.
    return bool(said["login"]["how"] == "local-os-user" or number == said["person_id"])
