"""Every rule that a command can break, broken once: each refusal has a name of its own, and changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from domain.actors import Actor, department, operator
from domain.acts import rejections
from domain.acts.commands import (
    AcceptCompletion,
    AcknowledgeReminder,
    AmendProject,
    AnswerDirective,
    AppointDeputy,
    ChangeCalendar,
    CloseYear,
    DeclineAssignment,
    DismissDeputy,
    EndSilence,
    GrantGrace,
    InsistOnAssignment,
    IssueDirective,
    OpenInspection,
    PublishBulletin,
    RaiseDispute,
    ReassignLead,
    RecordFinding,
    ReopenProject,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    SignReceipt,
    SilenceNotices,
    StrikeOff,
    Suspend,
    Urge,
    Withdraw,
)
from domain.acts.inspecting import HeldWithDateError
from domain.acts.receiving import NotDisputedError, NothingSentError, ReminderSeenError
from domain.errors import BrokenRuleError, RejectedError
from domain.project import KeyProject
from domain.rules.calendar import WorkingCalendar
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import (
    CALENDAR,
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    PROJECT,
    SECOND,
    STRANGER,
    WANG,
    WHOLE_LIFE,
    Desk,
    key_project,
    milestone,
    request,
)

LATER = date(2018, 7, 31)
LATE, OPEN = f"{PROJECT}-03", f"{PROJECT}-04"
NO_EXTENSION = SupervisionPolicy(spread_minutes=0, life_cycle=LifeCycleRules(extensions_at_most=0))
Step = tuple[type[Any], dict[str, Any]]
DAYS: dict[str, Any] = {"from_on": date(2018, 5, 2), "until_on": date(2018, 5, 4)}
COMPLETED: tuple[Step, ...] = ((RequestCompletion, {}), (AcceptCompletion, {"by": LI}))
CLOSED: tuple[Step, ...] = (
    (CloseYear, {"to_year": 2019, "despite_period": "机构撤并", "confirmed_by": WANG, "by": LI}),
)
ASKED: tuple[Step, ...] = ((RequestExtension, {"new_due_on": LATER}),)
# Each text alone is one that a command may carry; together they are longer than an entry of the ledger.
TOO_LONG = KeyProject(
    **{**dict(key_project([milestone(1), milestone(2)])), "main_content": "长" * 15_000, "schedule_text": "长" * 15_000}
)


@dataclass(frozen=True)
class Case:
    """What is asked, of what state, on which day."""

    kind: type[Any]
    facts: dict[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    on: str | None = None
    policy: SupervisionPolicy = WHOLE_LIFE


CASES: dict[type[RejectedError], Case] = {
    rejections.ReservedRequestError: Case(ReportProgress, {"request_id": "plan-1"}),
    rejections.ProjectClosedError: Case(ReportProgress, steps=((Withdraw, {"milestone_id": None}),)),
    rejections.UnknownMilestoneError: Case(ReportProgress, {"milestone_id": f"{PROJECT}-99"}),
    rejections.NotYourMilestoneError: Case(RequestExtension, {"by": PARTICIPANT, "new_due_on": LATER}),
    rejections.NotYourDutyError: Case(ReportProgress, {"by": STRANGER}),
    rejections.NotAnOperatorError: Case(Suspend, {"by": LEAD}),
    rejections.NotADeputyError: Case(ReportProgress, {"by": STRANGER, "on_behalf_of": LEAD}),
    rejections.NoDeputyError: Case(DismissDeputy, {"by": LI, "principal": LI, "deputy": WANG}),
    rejections.OwnDeputyError: Case(AppointDeputy, {"by": LI, "principal": WANG, "deputy": LI, **DAYS}),
    rejections.DeputyIsAnotherError: Case(AppointDeputy, {"by": LI, "principal": LI, "deputy": LI, **DAYS}),
    rejections.OtherSideDeputyError: Case(AppointDeputy, {"by": LI, "principal": LI, "deputy": LEAD, **DAYS}),
    rejections.PeriodBackwardsError: Case(
        AppointDeputy,
        {"by": LI, "principal": LI, "deputy": WANG, "from_on": DAYS["until_on"], "until_on": DAYS["from_on"]},
    ),
    rejections.MilestoneSettledError: Case(ReportProgress, steps=COMPLETED),
    rejections.CompletionUnderReviewError: Case(ReportProgress, steps=((RequestCompletion, {}),)),
    rejections.NothingToReviewError: Case(AcceptCompletion),
    rejections.NotCompletedError: Case(StrikeOff),
    rejections.TwoPersonsError: Case(StrikeOff, {"by": LI}, COMPLETED),
    rejections.FutureDateError: Case(ReportProgress, {"done_on": LATER}),
    rejections.BeforeWindowError: Case(ReportProgress, {"done_on": date(2017, 3, 1)}),
    rejections.EmptyReportError: Case(ReportProgress, {"text": "。"}),
    rejections.TrueDateMissingError: Case(RequestCompletion, {"milestone_id": LATE}),
    rejections.QuotaNotReachedError: Case(RequestCompletion, {"milestone_id": SECOND, "quantity": 29}),
    rejections.QuantityFallsError: Case(
        ReportProgress,
        {"milestone_id": SECOND, "quantity": 5},
        ((ReportProgress, {"milestone_id": SECOND, "quantity": 6}),),
    ),
    rejections.NothingCorrectedError: Case(ReportProgress, {"milestone_id": SECOND, "corrects": True}),
    rejections.NoQuotaError: Case(ReportProgress, {"quantity": 5}),
    rejections.PartWithoutQuantityError: Case(
        ReportProgress, {"milestone_id": SECOND, "by": PARTICIPANT, "quantity": 5}
    ),
    rejections.PartSettledError: Case(ReportProgress, {"by": PARTICIPANT}, ((RequestCompletion, {"by": PARTICIPANT}),)),
    rejections.NoPeriodError: Case(ReportProgress, {"period": 1}),
    rejections.ReceiptSignedError: Case(SignReceipt, steps=((SignReceipt, {}),)),
    rejections.LeadDeclinesWholeError: Case(DeclineAssignment),
    rejections.DeclinePendingError: Case(
        DeclineAssignment, {"milestone_id": None}, ((DeclineAssignment, {"milestone_id": None}),)
    ),
    rejections.NothingDeclinedError: Case(InsistOnAssignment, {"department": "组织部"}),
    rejections.SameDepartmentError: Case(ReassignLead, {"to": "组织部"}),
    rejections.NotAParticipantError: Case(ReplaceParticipant, {"department": "统战部"}),
    rejections.LeadAloneError: Case(
        RaiseDispute, {"against": "宣传部"}, ((ReplaceParticipant, {"department": "宣传部"}),)
    ),
    rejections.DisputePendingError: Case(RaiseDispute, {"against": "宣传部"}, ((RaiseDispute, {"against": "宣传部"}),)),
    rejections.NoDisputeError: Case(RuleOnDispute, {"responsible": "组织部"}),
    rejections.ReportedAfterwardsError: Case(GrantGrace, {"milestone_id": LATE, "new_due_on": LATER}),
    rejections.NoDateToMoveError: Case(RequestExtension, {"milestone_id": OPEN, "new_due_on": LATER}),
    rejections.ExtensionTooLateError: Case(RequestExtension, {"new_due_on": LATER}, on="06-01 10:00"),
    rejections.NotYetDueError: Case(GrantGrace, {"new_due_on": LATER}),
    rejections.DueBeforeAssignmentError: Case(
        ReplaceParticipant, {"department": "宣传部", "to": "统战部"}, on="06-04 10:00"
    ),
    rejections.NoLaterDateError: Case(RequestExtension, {"new_due_on": date(2018, 5, 31)}),
    rejections.ExtensionPendingError: Case(RequestExtension, {"new_due_on": LATER}, ASKED),
    rejections.TooManyExtensionsError: Case(RequestExtension, {"new_due_on": LATER}, policy=NO_EXTENSION),
    rejections.NoExtensionError: Case(ReviewExtension),
    rejections.TwoReviewersError: Case(RuleOnExtension, {"ruling": "refuse"}, (*ASKED, (ReviewExtension, {}))),
    rejections.InspectionOpenError: Case(OpenInspection, steps=((OpenInspection, {}),)),
    rejections.NoInspectionError: Case(RecordFinding),
    rejections.BurdenCapError: Case(OpenInspection, {"this_month": 2}),
    rejections.PastDateError: Case(Suspend, {"until": date(2018, 4, 1)}),
    NothingSentError: Case(AcknowledgeReminder),
    ReminderSeenError: Case(AcknowledgeReminder, steps=((Urge, {}), (AcknowledgeReminder, {}))),
    rejections.NoDirectiveError: Case(AnswerDirective),
    rejections.BulletinPublishedError: Case(
        PublishBulletin,
        {"kind": "praise", "department": "组织部"},
        ((PublishBulletin, {"kind": "praise", "department": "组织部"}),),
    ),
    rejections.SuspendedError: Case(Suspend, steps=((Suspend, {}),)),
    rejections.NothingToSuspendError: Case(
        Suspend, {"milestone_id": None}, ((IssueDirective, {"milestone_id": None, "leader": "周书记"}), *CLOSED)
    ),
    rejections.NotSuspendedError: Case(Resume),
    rejections.NotSilencedError: Case(EndSilence),
    rejections.SameCalendarError: Case(ChangeCalendar, {"calendar": CALENDAR}),
    rejections.YearEndTooEarlyError: Case(CloseYear, {"to_year": 2019}),
    rejections.SecondPersonError: Case(CloseYear, {"to_year": 2019, "despite_period": "机构撤并", "confirmed_by": LI}),
    rejections.CalendarPeriodError: Case(ChangeCalendar, {"calendar": WorkingCalendar()}, on="2019-01-02 10:00"),
    rejections.NothingToReopenError: Case(ReopenProject),
    rejections.ReopenTooLateError: Case(ReopenProject, steps=CLOSED, on="06-09 10:00"),
    rejections.SecondPersonToReopenError: Case(ReopenProject, {"confirmed_by": LI}, CLOSED),
    rejections.YearNotOverError: Case(CloseYear, {"to_year": 2018}),
    rejections.StrikeOffFirstError: Case(
        CloseYear, {"to_year": 2019, "despite_period": "机构撤并", "confirmed_by": WANG}, COMPLETED
    ),
    rejections.OtherProjectError: Case(AmendProject, {"project": key_project(project_id="2018-06")}),
    rejections.EntryTooLongError: Case(AmendProject, {"project": TOO_LONG}),
    rejections.RequestReusedError: Case(
        ReportProgress, {"request_id": "甲-1", "text": "又办"}, ((ReportProgress, {"request_id": "甲-1"}),)
    ),
}
DESK = "the desk says it before the act is heard: tests/application/engine_room/test_act_desk.py"
OWN_KEYS = "the worker or the policy says it: tests/application/engine_room/test_own_keys.py"
BELOW = "it is about units below a department: tests/domain/acts/test_decomposing.py"
HANDS = "it is about parts that change hands: tests/domain/acts/test_parts_change_hands.py"
ELSEWHERE: dict[type[Any], str] = {
    HeldWithDateError: "it comes after four other acts: tests/domain/acts/test_inspecting.py",
    NotDisputedError: "three departments are needed: tests/domain/acts/test_words_of_duties.py",
    rejections.NoSubDutyDateError: BELOW,
    rejections.NotTheAssigningError: BELOW,
    rejections.SubDutyAfterDutyError: BELOW,
    rejections.PartBeyondWholeError: BELOW,
    rejections.TooManyLevelsError: BELOW,
    rejections.UnitHasDutyError: BELOW,
    rejections.NoSuchPartError: HANDS,
    rejections.UnitIsAboveError: HANDS,
    rejections.UnknownProjectError: "the engine's client says it: there is no workflow of that identity",
    rejections.EvidenceNotKeptError: "the worker says it at the door: tests/entrypoints/cli/test_evidence.py",
    rejections.SealNotReadableError: "a worker says it: tests/application/engine_room/test_own_tasks.py",
    rejections.NotOurTaskError: "a worker says it: tests/entrypoints/cli/test_tasks_of_a_stranger.py",
    rejections.ActNotAttestedError: DESK,
    rejections.DoorNotOpenError: DESK,
    rejections.ActForgedError: DESK,
    rejections.ActOfAnotherError: DESK,
    rejections.ActTooOldError: DESK,
    rejections.NotInHisRightError: DESK,
    rejections.NotThisPersonError: DESK,
    rejections.OwnKeyForgedError: OWN_KEYS,
    rejections.OwnKeyMissingError: OWN_KEYS,
    rejections.OwnKeyOtherwiseError: OWN_KEYS,
    rejections.NotCancelledError: "the workflow says it of a request to cancel",
    rejections.LastWordNotSeenError: "two persons break it: tests/domain/acts/test_last_words.py",
    rejections.UndecidableCommandError: "a rule that fails says it: tests/domain/acts/test_undecidable.py",
    rejections.UnreadableCommandError: "the workflow says it of a signal that is no command",
}
EVERY = {
    each
    for root in (RejectedError, BrokenRuleError)
    for each in root.__subclasses__()
    if each.__module__.startswith("domain.acts.")
}


def test_every_refusal_is_tried_here() -> None:
    """A rule that comes later must be broken here too, or this fails."""
    assert CASES.keys() | ELSEWHERE.keys() == EVERY


def test_every_rule_has_a_name_of_its_own() -> None:
    """Who reads a refusal's name knows which rule it was."""
    assert max(Counter(each.rule for each in EVERY).values()) == 1


@pytest.mark.parametrize("error", CASES, ids=lambda error: error.rule)
def test_a_rule_that_is_broken_is_named(error: type[RejectedError]) -> None:
    """The command is refused by exactly this rule, in one sentence, and the state stays as it was."""
    case = CASES[error]
    desk = Desk(
        milestone(1),
        milestone(2, date(2018, 9, 30), quota=30),
        milestone(3, date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True),
        milestone(4, None),
        policy=case.policy,
    )
    for kind, facts in case.steps:
        desk.ask(request(kind, **facts))
    if case.on:
        desk.run_until(case.on)
    before = desk.state
    with pytest.raises(RejectedError) as refused:
        desk.ask(request(case.kind, **case.facts))
    assert type(refused.value) is error
    assert desk.state is before
    assert refused.value.text.endswith("。")
    assert "\n" not in refused.value.text
    assert "None" not in refused.value.text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("李", None), ("李", None)),
        (("李", None), ("李", "王")),
        (("李", "王"), ("王", None)),
        (("李", "王"), ("李", None)),
        (("王", None), ("李", "王")),
        (("李", "王"), ("赵", "王")),
        (("李明", None), ("李 明", None)),
        (("李明", None), ("李\u200b明", None)),
        (("Li Ming", None), ("ＬＩ　ming", None)),
    ],
    ids=[
        "the same person",
        "as a deputy now",
        "for whom the deputy did",
        "who did it as a deputy",
        "a deputy for the one who did it",
        "two deputies of one person",
        "with a blank",
        "with a character that nobody sees",
        "in wide and in small letters",
    ],
)
@pytest.mark.parametrize("what", ["strike-off", "extension"])
def test_two_persons_are_two_persons_through_deputies_too(
    what: str, first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    """Neither who acted nor on whose behalf may come again in the second act."""
    desk = Desk(policy=WHOLE_LIFE)
    for principal, deputy in ((WANG, LI), (LI, WANG), (WANG, operator("赵"))):
        period: dict[str, Any] = {"from_on": date(2018, 4, 25), "until_on": date(2018, 12, 31)}
        desk.ask(request(AppointDeputy, by=principal, principal=principal, deputy=deputy, **period))

    def who(pair: tuple[str, str | None]) -> dict[str, Any]:
        return {"by": operator(pair[0]), "on_behalf_of": operator(pair[1]) if pair[1] else None}

    if what == "strike-off":
        desk.ask(request(RequestCompletion))
        desk.ask(request(AcceptCompletion, **who(first)))
        last = request(StrikeOff, **who(second))
    else:
        desk.ask(request(RequestExtension, new_due_on=LATER))
        desk.ask(request(ReviewExtension, **who(first)))
        last = request(RuleOnExtension, ruling="refuse", **who(second))
    with pytest.raises((rejections.TwoPersonsError, rejections.TwoReviewersError)):
        desk.ask(last)


def person(name: str, number: str | None) -> Actor:
    """A person of the supervision section, as a door resolved him."""
    return operator(name).model_copy(update={"person_id": number})


@pytest.mark.parametrize(
    ("first", "second", "two"),
    [
        (("李明", "P1"), ("李明", "P2"), True),
        (("李明", "P1"), ("李大明", "P1"), False),
        (("李明", None), ("李明", "P1"), False),
        (("李明", None), ("王芳", "P1"), True),
        (("李明", "P1"), ("王芳", "P2"), True),
    ],
    ids=["two of one name", "one under another name", "one unknown then", "another unknown then", "two persons"],
)
@pytest.mark.parametrize("what", ["strike-off", "extension", "year's end"])
def test_two_persons_are_two_numbers_of_the_directory(
    what: str, first: tuple[str, str | None], second: tuple[str, str | None], two: bool
) -> None:
    """Names count only where one of the two acts has no number."""
    desk = Desk(policy=WHOLE_LIFE)
    if what == "strike-off":
        desk.ask(request(RequestCompletion))
        desk.ask(request(AcceptCompletion, by=person(*first)))
        last = request(StrikeOff, by=person(*second))
    elif what == "extension":
        desk.ask(request(RequestExtension, new_due_on=LATER))
        desk.ask(request(ReviewExtension, by=person(*first)))
        last = request(RuleOnExtension, ruling="refuse", by=person(*second))
    else:
        facts: dict[str, Any] = {"to_year": 2019, "despite_period": "机构改革"}
        last = request(CloseYear, by=person(*first), confirmed_by=person(*second), **facts)
    if two:
        assert desk.ask(last)
        return
    with pytest.raises((rejections.TwoPersonsError, rejections.TwoReviewersError, rejections.SecondPersonError)):
        desk.ask(last)


@pytest.mark.parametrize(("number", "is_the_deputy"), [("P2", True), ("P3", False)])
def test_a_deputy_is_the_person_who_was_appointed(number: str, is_the_deputy: bool) -> None:
    """Another one of the same name is no deputy; the person is, whatever his name is now."""
    desk, principal = Desk(policy=WHOLE_LIFE), person("李", "P1")
    period: dict[str, Any] = {"from_on": date(2018, 4, 25), "until_on": date(2018, 12, 31)}
    desk.ask(request(AppointDeputy, by=principal, principal=principal, deputy=person("王芳", "P2"), **period))
    name = "王小芳" if is_the_deputy else "王芳"
    urge = request(Urge, by=person(name, number), on_behalf_of=person("李大明", "P1"))
    if is_the_deputy:
        desk.ask(urge)
        assert (desk.events[-1].by_person, desk.events[-1].for_person) == ("P2", "P1")
        return
    with pytest.raises(rejections.NotADeputyError):
        desk.ask(urge)


def test_a_participant_that_was_released_is_not_urged() -> None:
    """An urge reaches a duty that is still there."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部"))
    with pytest.raises(rejections.PartSettledError):
        desk.ask(request(Urge, department="宣传部"))


def test_a_silence_ends_before_today_or_not_at_all() -> None:
    """Notices are not silenced for days that are over."""
    with pytest.raises(rejections.PastDateError):
        Desk(policy=WHOLE_LIFE).ask(request(SilenceNotices, until=date(2018, 4, 24)))


def test_a_department_without_a_duty_in_the_project_has_no_deputy_there() -> None:
    """A stranger appoints nobody."""
    desk, stranger = Desk(policy=WHOLE_LIFE), department("老干部局")
    with pytest.raises(rejections.NotYourDutyError):
        desk.ask(request(AppointDeputy, by=stranger, principal=stranger, deputy=STRANGER, **DAYS))
