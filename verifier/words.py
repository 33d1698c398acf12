"""What an act asks for where its event says it under another name, or in another form: dates that are granted, who
takes over, who stands in, what the calendar is from now on. Each is held against the act that its giver attested."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Final

from verifier.kinds import OF_ITS_GIVER

Values = dict[str, Any]
_Compared = Callable[[Any, Any, Values], bool]


def key_of(name: Any) -> str:
    """What two spellings of a department have in common: the project spells one as its list does."""
    folded = unicodedata.normalize("NFKC", str(name)).casefold()
    return "".join(each for each in unicodedata.normalize("NFKC", folded) if each.isalnum())


def is_the_same(given: Any, recorded: Any, _: Values | None = None) -> bool:
    """Whether two values are one; what says nothing is absent in the one and empty in the other; `true` is no 1."""
    nothing: tuple[Any, ...] = (None, "", [])
    return (given in nothing and recorded in nothing) or (type(given) is type(recorded) and given == recorded)


def _or_known(given: Any, recorded: Any, _: Values) -> bool:
    """The project puts something where the act says nothing."""
    return given is None or is_the_same(given, recorded)


def _name(given: Any, recorded: Any, _: Values) -> bool:
    return (given is None) == (recorded is None) and key_of(given) == key_of(recorded)


def _lead_is_none(given: Any, recorded: Any, _: Values) -> bool:
    """Of the lead itself no department is recorded."""
    return recorded is None or _name(given, recorded, _)


def _names(given: Any, recorded: Any, _: Values) -> bool:
    return list(map(key_of, given)) == list(map(key_of, recorded))


def _units(given: Any, recorded: Any, _: Values) -> bool:
    return _names(given, [each.get("unit") for each in recorded], _)


def _of_each(name: str) -> _Compared:
    return lambda given, recorded, _: all(given is None or is_the_same(given, each[name]) for each in recorded)


def _quota(given: Any, recorded: Any, _: Values) -> bool:
    return all(is_the_same(given, (each.get("quota") or {}).get("value")) for each in recorded)


def _is_the_givers(recorded: Any, command: Values) -> bool:
    """Of the lead's act, as a rule, no department is recorded."""
    giver = command.get("on_behalf_of") or command.get("by")
    return recorded is None or (isinstance(giver, dict) and _name(giver.get("department"), recorded, command))


def _that_one(given: Any, recorded: Any, _: Values) -> bool:
    return given is None or recorded == [given]


def _is_in(given: Any, recorded: Any, _: Values) -> bool:
    return recorded in (given or [])


def _is_not_in(given: Any, recorded: Any, _: Values) -> bool:
    return recorded not in (given or [])


def _actor(given: Any, recorded: Any, _: Values) -> bool:
    """An actor as a command has him, whole, and as an event keeps him, in one text."""
    if given is None or recorded is None:
        return given is recorded
    if given.get("role") == "operator":
        return bool(recorded == f"operator:{given.get('name')}")
    theirs, _colon, who = str(recorded).removeprefix("department:").partition(":")
    of_it = key_of(given.get("department")) == key_of(theirs) and str(recorded).startswith("department:")
    return of_it and (who == given.get("name") or (not who and key_of(given.get("name")) == key_of(theirs)))


def _appointed(given: Any, recorded: Any, _: Values) -> bool:
    """Who was appointed may be named otherwise when he is dismissed: his number is what counts then."""
    return bool(given.get("person_id")) or key_of(str(recorded).rpartition(":")[2]) == key_of(given.get("name"))


def _number(given: Any, recorded: Any, _: Values) -> bool:
    return given.get("person_id") in (None, recorded)


def _with_what_stands_beside(given: Any, recorded: Any, command: Values) -> bool:
    """A reason, with what its giver said besides in brackets behind it."""
    beside = command.get("despite_period") or (command.get("confirmed_by") or {}).get("name")
    more = str(recorded).removeprefix(f"{given}（")
    return bool(given == recorded or (beside and more != recorded and beside in more))


def _asked(given: Any, recorded: Any, command: Values) -> bool:
    """A day for putting things right stands where one is given, or where it is asked for without one."""
    if given is None:
        return bool(command.get("rectify")) == (recorded is not None)
    return is_the_same(given, recorded)


def _corrected(given: Any, recorded: Any, _: Values) -> bool:
    """The total that is corrected stands where the act says that it corrects one, and nowhere else."""
    return (given is True) == (recorded is not None)


def _is(value: Any) -> _Compared:
    return lambda given, _recorded, _command: is_the_same(given, value)


def _lead_of(given: Any, recorded: Any, _: Values) -> bool:
    return _name(given["lead_department"], recorded, _)


def _one_of_its_milestones(given: Any, recorded: Any, _: Values) -> bool:
    """Which number a milestone has in the project, and whether it was late at once, the project itself decides."""
    return any(_bare(each) == _bare(recorded) for each in given["milestones"])


def _bare(milestone: Any) -> Any:
    return {n: v for n, v in without_nothing(milestone).items() if n not in ("milestone_id", "born_late")}


def without_nothing(value: Any) -> Any:
    """A value without what is absent in it."""
    if isinstance(value, dict):
        return {name: without_nothing(item) for name, item in value.items() if item is not None}
    return [without_nothing(item) for item in value] if isinstance(value, list) else value


def _text_of(given: Any, recorded: Any, _: Values) -> bool:
    """Who leads takes no part besides."""
    taking = [each for each in given.get("participating_departments", ()) if each != given["lead_department"]]
    said = {**given, "participating_departments": taking}
    return all(is_the_same(said.get(name), value) for name, value in recorded.items())


RENAMED: Final[dict[str, tuple[tuple[str, str, str, _Compared], ...]]] = {
    "AmendProject": (
        ("LeadReassigned", "project", "after", _lead_of),
        ("MilestoneAdded", "project", "milestone", _one_of_its_milestones),
        ("MilestoneAmended", "project", "after", _one_of_its_milestones),
        ("ProjectAmended", "project", "after", _text_of),
        ("MilestoneWithdrawn", "basis", "reason", is_the_same),
        ("LeadReassigned MilestoneAdded MilestoneAmended ProjectAmended", "basis", "basis", is_the_same),
    ),
    "AnswerDirective": (("DirectiveAnswered", "directive", "directive", _or_known),),
    "AppointDeputy": (
        ("DeputyAppointed", "principal", "principal", _actor),
        ("DeputyAppointed", "principal", "principal_person", _number),
        ("DeputyAppointed", "deputy", "deputy", _actor),
        ("DeputyAppointed", "deputy", "deputy_person", _number),
    ),
    "ChangeAssigningDepartment": (
        ("AssigningDepartmentChanged", "above", "after", _names),
        ("AssigningDepartmentChanged", "reason", "basis", is_the_same),
    ),
    "ChangeCalendar": (
        ("CalendarChanged", "calendar", "calendar", is_the_same),
        ("CalendarChanged", "reason", "reason", _with_what_stands_beside),
    ),
    "CheckRectification": (
        ("InspectionClosed RectificationReturned", "milestone_id", "milestone_id", is_the_same),
        ("InspectionClosed", "note", "note", is_the_same),
        ("InspectionClosed", "holds", "", _is(True)),
        ("RectificationReturned", "note", "reason", is_the_same),
        ("RectificationReturned", "rectify_by", "rectify_by", _or_known),
        ("RectificationReturned", "holds", "", _is(False)),
    ),
    "CloseYear": (
        ("YearClosed MilestoneCarriedOver", "to_year", "to_year", is_the_same),
        ("YearClosed MilestoneCarriedOver MilestoneEnded", "reason", "reason", _with_what_stands_beside),
        ("YearClosed", "confirmed_by", "confirmed_by", _actor),
        ("MilestoneEnded", "ended", "milestone_id", _is_in),
        ("MilestoneCarriedOver", "ended", "milestone_id", _is_not_in),
    ),
    "ConcludeInspection": (("InspectionConcluded", "rectify_by", "rectify_by", _asked),),
    "DecomposeDuty": (
        ("DutyDecomposed", "milestone_id", "milestone_id", is_the_same),
        ("DutyDecomposed", "units", "sub_duties", _units),
        ("DutyDecomposed", "text", "sub_duties", _of_each("description")),
        ("DutyDecomposed", "due_on", "sub_duties", _of_each("due_on")),
        ("DutyDecomposed", "quantity", "sub_duties", _quota),
    ),
    "DismissDeputy": (
        ("DeputyDismissed", "principal", "principal", _appointed),
        ("DeputyDismissed", "deputy", "deputy", _appointed),
    ),
    "GrantGrace": (("GraceGranted", "new_due_on", "after", is_the_same),),
    "InsistOnAssignment": (("AssignmentInsisted", "department", "department", _name),),
    "NoteSubDuty": (
        ("SubDutyReassigned SubDutyRestored SubDutyWithdrawn", "sub_duty", "sub_duty", is_the_same),
        ("SubDutyReassigned", "unit", "after", _name),
        ("SubDutyRestored SubDutyWithdrawn", "unit", "unit", _name),
        ("SubDutyWithdrawn", "withdrawn", "", _is(True)),
        ("SubDutyRestored", "withdrawn", "", _is(False)),
    ),
    "PublishBulletin": (("BulletinPublished", "department", "department", _name),),
    "RaiseDispute": (("DisputeRaised", "against", "against", _name),),
    "ReassignLead": (
        ("LeadReassigned", "to", "after", _name),
        ("LeadReassigned", "reason", "basis", is_the_same),
    ),
    "ReopenProject": (
        ("ProjectReopened", "reason", "reason", _with_what_stands_beside),
        ("ProjectReopened", "confirmed_by", "confirmed_by", _actor),
    ),
    "ReplaceParticipant": (
        ("ParticipantReplaced", "milestone_id", "milestone_id", is_the_same),
        ("ParticipantReplaced", "department", "before", _name),
        ("ParticipantReplaced", "to", "after", _name),
        ("ParticipantReplaced", "reason", "basis", is_the_same),
    ),
    "ReportProgress": (
        ("ProgressReported", "period", "period", _or_known),
        ("ProgressReported", "corrects", "corrects", _corrected),
    ),
    "RequestExtension": (("ExtensionRequested", "new_due_on", "requested_due_on", is_the_same),),
    "RuleOnDispute": (("DisputeRuled", "responsible", "responsible", _name),),
    "RuleOnExtension": (
        ("DeadlineExtended", "new_due_on", "after", is_the_same),
        ("DeadlineExtended", "ruling", "", _is("grant")),
        ("ExtensionRefused", "ruling", "", _is("refuse")),
        ("ExtensionMoreAsked", "ruling", "", _is("ask_more")),
        ("ExtensionMoreAsked", "milestone_id", "milestone_id", is_the_same),
        ("ExtensionMoreAsked", "reason", "question", is_the_same),
    ),
    "SignReceipt": (("ReceiptSigned", "milestone_id", "milestone_ids", _that_one),),
    "Urge": (("UrgeIssued", "department", "department", _lead_is_none),),
    "Withdraw": (
        ("MilestoneWithdrawn", "milestone_id", "milestone_id", is_the_same),
        ("ProjectWithdrawn", "milestone_id", "", _is(None)),
    ),
}
"""By act: in which events, under which name of the command, under which name of the event, and how the two compare."""


def says_the_same(command: Values, event: Values) -> bool:
    """Whether an event says what its act asked for, under whatever name."""
    kind, data = event["type"], event["data"]
    try:
        if kind in OF_ITS_GIVER and not _is_the_givers(data.get("department"), command):
            return False
        return all(
            compared(command.get(given), data.get(recorded), command)
            for kinds, given, recorded, compared in RENAMED.get(str(command.get("type")), ())
            if kind in kinds.split()
        )
    except (AttributeError, KeyError, TypeError):
        return False  # a value of another kind than any act or event has
