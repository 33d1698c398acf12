"""Every word of an act stands in its event as it was given, under whatever name: whoever has the log's key, and neither
a door's nor a witness's, changes none of them unseen. (That no honest event is accused, `tests/domain/samples.py` holds
of each act that any test of the core gives.)"""

from __future__ import annotations

from typing import Any, Final

import pytest

from domain.acts.decisions import HANDLERS
from verifier.givers import brings
from verifier.kinds import BRINGS, OF_ITS_GIVER, OR_KNOWN, SAYS
from verifier.times import is_dated_back
from verifier.words import RENAMED

Values = dict[str, Any]
WANG: Final = {"role": "operator", "name": "王", "person_id": "P0002"}
OF_THE_OFFICE: Final = {"role": "department", "name": "赵", "department": "教务处"}
MILESTONE: Final = {"milestone_id": "2018-01-01", "description": "办成", "due_on": "2018-06-30", "quota": None}
LISTED: Final = {
    "lead_department": "组织部",
    "participating_departments": ["组织部", "宣传部"],
    "title": "重点工作",
    "milestones": [{"milestone_id": "2018-01-09", "description": "办成", "due_on": "2018-06-30", "born_late": True}],
}
ANCHORED: Final = {
    "engine_at": "2018-06-01T01:00:00Z",
    "supervised_at": "2018-12-01T00:00:00Z",
    "speed": 24,
}
PARTS: Final = [{"unit": "一科", "description": "编目录", "due_on": "2018-05-31", "quota": {"value": 3, "unit": "份"}}]
NOT_HELD: Final = {
    ("AmendProject", "by_identity"): "how the list's milestones are known again",
    ("AmendProject", "rulings"): "each has an event of its own",
    ("AnswerDirective", "milestone_id"): "the directive has its own",
    ("DecomposeDuty", "new_units"): "that names which nobody knows are meant",
    ("GrantGrace", "whole_due_on"): "the installation counts it",
    ("NoteSubDuty", "milestone_id"): "the part stands where it was given",
    ("OpenInspection", "this_month"): "the installation counts it",
    ("RuleOnExtension", "whole_due_on"): "the installation counts it",
}
"""What an act has and no event says, with the reason."""
BESIDE_THE_REASON: Final = {
    (act, name) for act in ("ChangeCalendar", "CloseYear", "ReopenProject") for name in ("despite_period",)
}
CASES: Final[tuple[tuple[str, Values, str, Values, Values], ...]] = (
    (
        "RuleOnExtension",
        {"ruling": "grant", "new_due_on": "2018-07-31"},
        "DeadlineExtended",
        {"after": "2018-07-31"},
        {"after": "2018-12-31"},
    ),
    ("GrantGrace", {"new_due_on": "2018-07-31"}, "GraceGranted", {"after": "2018-07-31"}, {"after": "2018-12-31"}),
    (
        "RequestExtension",
        {"new_due_on": "2018-07-31"},
        "ExtensionRequested",
        {"requested_due_on": "2018-07-31"},
        {"requested_due_on": None},
    ),
    (
        "RuleOnExtension",
        {"ruling": "ask_more", "reason": "何时"},
        "ExtensionMoreAsked",
        {"question": "何时"},
        {"question": "为何"},
    ),
    ("RuleOnDispute", {"responsible": "教务处"}, "DisputeRuled", {"responsible": "教务 处"}, {"responsible": "学生处"}),
    ("RaiseDispute", {"against": "教务处"}, "DisputeRaised", {"against": "教务处"}, {"against": "学生处"}),
    (
        "InsistOnAssignment",
        {"department": "教务处"},
        "AssignmentInsisted",
        {"department": "教务处"},
        {"department": "学生处"},
    ),
    (
        "PublishBulletin",
        {"department": "教务处"},
        "BulletinPublished",
        {"department": "教务处"},
        {"department": "学生处"},
    ),
    ("Urge", {"department": "教务处"}, "UrgeIssued", {"department": "教务处"}, {"department": "学生处"}),
    (
        "ReassignLead",
        {"to": "教务处", "reason": "调整"},
        "LeadReassigned",
        {"after": "教务处", "basis": "调整"},
        {"after": "学生处"},
    ),
    (
        "ReassignLead",
        {"to": "教务处", "reason": "调整"},
        "LeadReassigned",
        {"after": "教务处", "basis": "调整"},
        {"basis": "误办"},
    ),
    (
        "ReplaceParticipant",
        {"department": "教务处", "reason": "撤并"},
        "ParticipantReplaced",
        {"before": "教务处", "after": None, "basis": "撤并"},
        {"after": "学生处"},
    ),
    (
        "AppointDeputy",
        {"principal": WANG, "deputy": OF_THE_OFFICE},
        "DeputyAppointed",
        {
            "principal": "operator:王",
            "deputy": "department:教务处:赵",
            "principal_person": "P0002",
            "deputy_person": None,
        },
        {"deputy": "department:教务处:钱"},
    ),
    (
        "AppointDeputy",
        {"principal": WANG, "deputy": WANG},
        "DeputyAppointed",
        {"principal": "operator:王", "deputy": "operator:王", "principal_person": "P0002", "deputy_person": "P0002"},
        {"deputy_person": "P0009"},
    ),
    (
        "AppointDeputy",
        {"principal": WANG, "deputy": WANG},
        "DeputyAppointed",
        {"principal": "operator:王", "deputy": "operator:王", "principal_person": "P0002", "deputy_person": "P0002"},
        {"principal": "operator:李"},
    ),
    (
        "DismissDeputy",
        {"principal": OF_THE_OFFICE, "deputy": OF_THE_OFFICE},
        "DeputyDismissed",
        {"principal": "department:教务处:赵", "deputy": "department:教务处:赵"},
        {"deputy": "department:教务处:钱"},
    ),
    (
        "Withdraw",
        {"milestone_id": "2018-01-01"},
        "MilestoneWithdrawn",
        {"milestone_id": "2018-01-01"},
        {"milestone_id": "2018-01-02"},
    ),
    (
        "SignReceipt",
        {"milestone_id": "2018-01-01"},
        "ReceiptSigned",
        {"milestone_ids": ["2018-01-01"]},
        {"milestone_ids": ["2018-01-01", "2018-01-02"]},
    ),
    ("ReportProgress", {"period": 2}, "ProgressReported", {"period": 2}, {"period": 3}),
    ("ReportProgress", {"corrects": True}, "ProgressReported", {"corrects": 550}, {"corrects": None}),
    ("ReportProgress", {"corrects": False}, "ProgressReported", {}, {"corrects": 550}),
    ("AnswerDirective", {"directive": 2}, "DirectiveAnswered", {"directive": 2}, {"directive": 3}),
    (
        "ConcludeInspection",
        {"rectify": False},
        "InspectionConcluded",
        {"rectify_by": None},
        {"rectify_by": "2018-06-30"},
    ),
    (
        "ConcludeInspection",
        {"rectify_by": "2018-06-30"},
        "InspectionConcluded",
        {"rectify_by": "2018-06-30"},
        {"rectify_by": None},
    ),
    ("CheckRectification", {"holds": True, "note": "好"}, "InspectionClosed", {"note": "好"}, {"note": "不好"}),
    (
        "CheckRectification",
        {"holds": False, "note": "再改", "rectify_by": "2018-06-30"},
        "RectificationReturned",
        {"reason": "再改", "rectify_by": "2018-06-30"},
        {"rectify_by": "2018-07-30"},
    ),
    (
        "ChangeCalendar",
        {"calendar": {"years": [{"year": 2018}]}, "reason": "通知"},
        "CalendarChanged",
        {"calendar": {"years": [{"year": 2018}]}, "reason": "通知"},
        {"calendar": {"years": []}},
    ),
    (
        "ChangeCalendar",
        {"reason": "通知", "despite_period": "核过"},
        "CalendarChanged",
        {"reason": "通知（核过）"},
        {"reason": "通知（没核）"},
    ),
    (
        "CloseYear",
        {"to_year": 2019, "reason": "年终", "confirmed_by": WANG},
        "YearClosed",
        {"to_year": 2019, "reason": "年终（确认人：王）", "confirmed_by": "operator:王"},
        {"confirmed_by": "operator:李"},
    ),
    (
        "CloseYear",
        {"to_year": 2019, "reason": "年终", "confirmed_by": WANG},
        "YearClosed",
        {"to_year": 2019, "reason": "年终（确认人：王）", "confirmed_by": "operator:王"},
        {"to_year": 2020},
    ),
    (
        "CloseYear",
        {"to_year": 2019, "reason": "年终", "ended": ["2018-01-02"]},
        "MilestoneEnded",
        {"milestone_id": "2018-01-02", "reason": "年终"},
        {"milestone_id": "2018-01-01"},
    ),
    (
        "CloseYear",
        {"to_year": 2019, "reason": "年终", "ended": ["2018-01-02"]},
        "MilestoneCarriedOver",
        {"milestone_id": "2018-01-01", "reason": "年终", "to_year": 2019},
        {"milestone_id": "2018-01-02"},
    ),
    (
        "ReopenProject",
        {"reason": "误办", "confirmed_by": WANG},
        "ProjectReopened",
        {"reason": "误办", "confirmed_by": "operator:王"},
        {"confirmed_by": None},
    ),
    ("ReopenProject", {"reason": "误办"}, "ProjectReopened", {"reason": "误办"}, {"reason": "误办（另有批示）"}),
    (
        "DecomposeDuty",
        {"units": ["一科"], "quantity": 3},
        "DutyDecomposed",
        {"sub_duties": PARTS},
        {"sub_duties": [{**PARTS[0], "unit": "二科"}]},
    ),
    (
        "DecomposeDuty",
        {"units": ["一科"], "quantity": 3},
        "DutyDecomposed",
        {"sub_duties": PARTS},
        {"sub_duties": [{**PARTS[0], "quota": None}]},
    ),
    (
        "DecomposeDuty",
        {"units": ["一科"], "quantity": 3, "due_on": "2018-05-31"},
        "DutyDecomposed",
        {"sub_duties": PARTS},
        {"sub_duties": [{**PARTS[0], "due_on": "2018-09-30"}]},
    ),
    (
        "DecomposeDuty",
        {"units": ["一科"], "quantity": 3},
        "DutyDecomposed",
        {"sub_duties": PARTS},
        {"sub_duties": None},
    ),
    (
        "ChangeAssigningDepartment",
        {"above": ["教务处"], "reason": "随整体"},
        "AssigningDepartmentChanged",
        {"after": ["教务处"], "basis": "随整体"},
        {"after": ["学生处"]},
    ),
    (
        "NoteSubDuty",
        {"sub_duty": "2018-01-01-1", "unit": "一科", "withdrawn": True},
        "SubDutyWithdrawn",
        {"sub_duty": "2018-01-01-1", "unit": "一科"},
        {"unit": "二科"},
    ),
    (
        "NoteSubDuty",
        {"sub_duty": "2018-01-01-1", "unit": "一科"},
        "SubDutyReassigned",
        {"sub_duty": "2018-01-01-1", "after": "一科"},
        {"after": "二科"},
    ),
    (
        "AmendProject",
        {"project": LISTED, "basis": "通知"},
        "LeadReassigned",
        {"after": "组织部", "basis": "通知"},
        {"after": "学生处"},
    ),
    (
        "AmendProject",
        {"project": LISTED, "basis": "通知"},
        "MilestoneAmended",
        {"after": MILESTONE, "basis": "通知"},
        {"after": {**MILESTONE, "due_on": "2018-12-31"}},
    ),
    (
        "AmendProject",
        {"project": LISTED, "basis": "通知"},
        "MilestoneAdded",
        {"milestone": MILESTONE, "basis": "通知"},
        {"milestone": {**MILESTONE, "description": "另办"}},
    ),
    (
        "AmendProject",
        {"project": LISTED, "basis": "通知"},
        "ProjectAmended",
        {"after": {"title": "重点工作", "participating_departments": ["宣传部"]}, "basis": "通知"},
        {"after": {"title": "另一项"}},
    ),
    (
        "AmendProject",
        {"project": LISTED, "basis": "通知"},
        "MilestoneWithdrawn",
        {"reason": "通知"},
        {"reason": "误列"},
    ),
)


@pytest.mark.parametrize(("act", "asked", "kind", "said", "lie"), CASES)
def test_a_word_that_was_not_given_is_seen_under_its_other_name(
    act: str, asked: Values, kind: str, said: Values, lie: Values
) -> None:
    """The event holds as it was recorded, and no longer with another date, name, day or reason."""
    command = {"type": act, **asked}
    assert brings(command, {"type": kind, "data": said})
    assert not brings(command, {"type": kind, "data": said | lie})


@pytest.mark.parametrize("kind", sorted(OF_ITS_GIVER))
def test_a_report_stays_its_departments(kind: str) -> None:
    """The duty that it tells of is that of its giver, or of the one for whom he stands in."""
    (act, *_others) = BRINGS[kind]
    command = {"type": act, "by": OF_THE_OFFICE, "units": ["一科"]}
    told = {"department": "教务处", "sub_duties": [{"unit": "一科"}]}
    assert brings(command, {"type": kind, "data": told})
    assert not brings(command, {"type": kind, "data": {**told, "department": "学生处"}})
    stands_in = {**command, "on_behalf_of": {**OF_THE_OFFICE, "department": "学生处"}}
    assert not brings(stands_in, {"type": kind, "data": told})


@pytest.mark.parametrize(
    ("act", "asked", "kinds"),
    [
        ("RuleOnExtension", {"ruling": "refuse"}, ("DeadlineExtended", "ExtensionMoreAsked")),
        ("RuleOnExtension", {"ruling": "grant", "new_due_on": "2018-07-31"}, ("ExtensionRefused",)),
        ("CheckRectification", {"holds": True}, ("RectificationReturned",)),
        ("CheckRectification", {"holds": False}, ("InspectionClosed",)),
        ("NoteSubDuty", {"withdrawn": False}, ("SubDutyWithdrawn",)),
        ("NoteSubDuty", {"withdrawn": True}, ("SubDutyRestored",)),
        ("Withdraw", {"milestone_id": "2018-01-01"}, ("ProjectWithdrawn",)),
    ],
)
def test_what_was_refused_is_not_recorded_as_granted(act: str, asked: Values, kinds: tuple[str, ...]) -> None:
    """Which of its events an act brings follows from what was asked."""
    data = {name: asked.get(name) for name in ("milestone_id", "new_due_on", "unit", "sub_duty")}
    for kind in kinds:
        assert not brings({"type": act, **asked}, {"type": kind, "data": {**data, "after": asked.get("new_due_on")}})


def test_every_field_of_every_act_is_held_against_its_event_or_has_the_reason() -> None:
    """An act, or a field of one, that the core gains is named in the verifier, too."""
    of_all = {"type", "request_id", "by", "seen", "attested", "own_key", "on_behalf_of"}
    held = {(act, name) for act, (_, names) in SAYS.items() for name in names.split()}
    held |= {(act, name) for act, names in OR_KNOWN.items() for name in names}
    held |= {(act, name) for act, rules in RENAMED.items() for _, name, _, _ in rules}
    held |= BESIDE_THE_REASON
    held |= {("ConcludeInspection", "rectify")}  # with the day
    fields = {(command.__name__, name) for command in HANDLERS for name in command.model_fields if name not in of_all}
    assert fields - held == set(NOT_HELD)
    assert held <= fields


@pytest.mark.parametrize(
    ("decided", "clock", "is_early"),
    [
        ("2018-06-01T02:00:00.000000Z", {}, False),
        ("2018-06-01T01:59:00.000000Z", {"speed": 1}, False),
        ("2018-06-01T01:57:00.000000Z", {}, True),
        # An hour of the engine's is a day of the supervised year, which began half a year later.
        ("2018-12-02T00:00:00.000000Z", ANCHORED, False),
        ("2018-12-01T22:00:00.000000Z", ANCHORED, True),
        ("2018-12-02T00:00:00.000000Z", ANCHORED | {"speed": 0}, True),
        ("yesterday", {}, True),
        ("2018-06-01T02:00:00", {}, True),
        ("2018-06-01T02:00:00.000000Z", [], True),
    ],
)
def test_an_act_is_decided_by_the_clock_of_its_start(decided: str, clock: Any, is_early: bool) -> None:
    """Received at ten in the office: not decided before, but for what two clocks may differ by, at any speed."""
    assert is_dated_back("2018-06-01T10:00:00+08:00", decided, clock) is is_early
