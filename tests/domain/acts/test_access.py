"""Who may and who may not do each act: every command tried by every kind of person, against a table written here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import pytest

from domain.actors import ENGINE, Actor, department, operator
from domain.acts import commands as c
from domain.acts.commands import AnyCommand
from domain.errors import RejectedError
from tests.domain.samples import LEAD, LI, PARTICIPANT, STRANGER, WANG, WHOLE_LIFE, Desk, milestone, request
from tests.domain.scripts import LATER_CALENDAR

ZHAO, SUN = operator("赵"), operator("孙")
EARLY = {"despite_period": "机构撤并", "confirmed_by": operator("周")}
SCHOOLS = department("学校部")


@dataclass(frozen=True)
class Person:
    """Who asks, and for whom."""

    by: Actor
    behalf: Actor | None = None

    @property
    def principal(self) -> Actor:
        """On whose account it goes."""
        return self.behalf or self.by


PERSONS = {
    "lead": Person(LEAD),
    "a person of the lead": Person(department("组织部", "张三")),
    "participant": Person(PARTICIPANT),
    "another department": Person(STRANGER),
    "operator": Person(LI),
    "an operator with a department's name": Person(operator("组织部")),
    "engine": Person(ENGINE),
    "the lead's deputy": Person(STRANGER, LEAD),
    "the lead's deputy, before its period": Person(SCHOOLS, LEAD),
    "the operator's deputy": Person(WANG, LI),
    "the operator's deputy, before his period": Person(SUN, LI),
    "nobody's deputy": Person(ZHAO, LI),
}
TOO_EARLY = {
    "the lead's deputy, before its period": "appointed_deputy",
    "the operator's deputy, before his period": "appointed_deputy",
    "nobody's deputy": "appointed_deputy",
}
OPERATORS_ONLY = {
    **TOO_EARLY,
    "lead": "operator_only",
    "a person of the lead": "operator_only",
    "participant": "operator_only",
    "another department": "operator_only",
    "operator": None,
    "an operator with a department's name": "operator_only",
    "engine": "operator_only",
    "the lead's deputy": "operator_only",
    "the operator's deputy": None,
}
LEAD_ONLY = {
    **TOO_EARLY,
    "lead": None,
    "a person of the lead": None,
    "participant": "own_milestone",
    "another department": "own_milestone",
    "operator": "own_milestone",
    "an operator with a department's name": "own_milestone",
    "engine": "own_milestone",
    "the lead's deputy": None,
    "the operator's deputy": "own_milestone",
}
WITH_A_DUTY = {
    **{who: "own_duty" if rule == "own_milestone" else rule for who, rule in LEAD_ONLY.items()},
    "participant": None,
}
WHO_GAVE = {
    **{who: "assigning_department" if rule == "operator_only" else rule for who, rule in OPERATORS_ONLY.items()},
    **dict.fromkeys(("an operator with a department's name", "engine"), "operator_only"),
    **dict.fromkeys(("lead", "a person of the lead", "the lead's deputy"), None),
}
OPERATOR_HIMSELF = {**dict.fromkeys(PERSONS, "own_deputy"), "operator": None, **TOO_EARLY}
LEAD_ITSELF = {
    **dict.fromkeys(PERSONS, "own_deputy"),
    "lead": None,
    "a person of the lead": None,
    **TOO_EARLY,
}
Prepare = Callable[[Desk], None]
Facts = Callable[[Person], dict[str, Any]]


def _nothing(desk: Desk) -> None:
    pass


def _asked(*steps: Any) -> Prepare:
    def prepare(desk: Desk) -> None:
        for kind, facts in steps:
            desk.ask(request(kind, **facts))

    return prepare


def _just(**facts: Any) -> Facts:
    return lambda person: facts


def _late(desk: Desk) -> None:
    desk.run_until("06-04 10:00")


def _given_by_another(desk: Desk) -> None:
    # As if it were a part that another department gave: the table's persons are those of a row.
    desk._state = desk.state.having(project=desk.state.project.having(above=("学校部",)))


LATER = date(2018, 7, 31)
Step = tuple[type[Any], dict[str, Any]]
COMPLETED: tuple[Step, ...] = ((c.RequestCompletion, {}), (c.AcceptCompletion, {"by": ZHAO}))
EXTENSION: tuple[Step, ...] = ((c.RequestExtension, {"new_due_on": LATER}),)
REVIEWED: tuple[Step, ...] = (*EXTENSION, (c.ReviewExtension, {"by": ZHAO}))
INSPECTED: tuple[Step, ...] = ((c.OpenInspection, {}),)
CONCLUDED: tuple[Step, ...] = (*INSPECTED, (c.ConcludeInspection, {}))
RECTIFYING: tuple[Step, ...] = (*INSPECTED, (c.ConcludeInspection, {"rectify": True}))
DECLINED: tuple[Step, ...] = ((c.DeclineAssignment, {"milestone_id": None}),)
DEPUTIES: dict[type[Any], Facts] = {
    c.AppointDeputy: _just(principal=LI, deputy=ZHAO, from_on=date(2018, 5, 1), until_on=date(2018, 5, 31)),
    c.DismissDeputy: _just(principal=LI, deputy=WANG),
}
TABLE: dict[type[Any], tuple[dict[str, str | None], Prepare, Facts]] = {
    c.ReportProgress: (WITH_A_DUTY, _nothing, _just()),
    c.RequestCompletion: (WITH_A_DUTY, _nothing, _just()),
    c.SignReceipt: (WITH_A_DUTY, _nothing, _just()),
    c.AcknowledgeReminder: (WITH_A_DUTY, _asked((c.Urge, {}), (c.Urge, {"department": "宣传部"})), _just()),
    c.DeclineAssignment: (WITH_A_DUTY, _nothing, _just(milestone_id=None)),
    c.DecomposeDuty: (WITH_A_DUTY, _nothing, _just(units=("甲市",))),
    c.NoteSubDuty: (
        WHO_GAVE,
        _asked((c.DecomposeDuty, {"by": LEAD, "units": ("甲市",)})),
        _just(sub_duty="2018-05a_01_01", unit="甲市", withdrawn=True),
    ),
    c.ChangeAssigningDepartment: (OPERATORS_ONLY, _given_by_another, _just(above=("统战部",))),
    c.RaiseDispute: (
        WITH_A_DUTY,
        _nothing,
        lambda person: {"against": "组织部" if person.principal == PARTICIPANT else "宣传部"},
    ),
    c.RequestExtension: (LEAD_ONLY, _nothing, _just(new_due_on=LATER)),
    c.SupplementExtension: (
        LEAD_ONLY,
        _asked(*REVIEWED, (c.RuleOnExtension, {"ruling": "ask_more"})),
        _just(),
    ),
    c.AnswerInspection: (LEAD_ONLY, _asked(*CONCLUDED), _just()),
    c.ReportRectification: (LEAD_ONLY, _asked(*RECTIFYING), _just()),
    c.AnswerDirective: (LEAD_ONLY, _asked((c.IssueDirective, {})), _just()),
    c.AcceptCompletion: (OPERATORS_ONLY, _asked((c.RequestCompletion, {})), _just()),
    c.AssessConfidence: (OPERATORS_ONLY, _nothing, _just(step=2)),
    c.ReturnForRework: (OPERATORS_ONLY, _asked((c.RequestCompletion, {})), _just()),
    c.StrikeOff: (OPERATORS_ONLY, _asked(*COMPLETED), _just()),
    c.InsistOnAssignment: (OPERATORS_ONLY, _asked(*DECLINED), _just(milestone_id=None, department="组织部")),
    c.ReassignLead: (OPERATORS_ONLY, _nothing, _just(to="学校部")),
    c.ReplaceParticipant: (OPERATORS_ONLY, _nothing, _just(department="宣传部", to="学校部")),
    c.RuleOnDispute: (OPERATORS_ONLY, _asked((c.RaiseDispute, {"against": "宣传部"})), _just(responsible="组织部")),
    c.ReviewExtension: (OPERATORS_ONLY, _asked(*EXTENSION), _just()),
    c.RuleOnExtension: (OPERATORS_ONLY, _asked(*REVIEWED), _just(ruling="refuse")),
    c.GrantGrace: (OPERATORS_ONLY, _late, _just(new_due_on=LATER)),
    c.OpenInspection: (OPERATORS_ONLY, _nothing, _just()),
    c.RecordFinding: (OPERATORS_ONLY, _asked(*INSPECTED), _just()),
    c.ConcludeInspection: (OPERATORS_ONLY, _asked(*INSPECTED), _just()),
    c.CheckRectification: (OPERATORS_ONLY, _asked(*RECTIFYING, (c.ReportRectification, {})), _just(holds=True)),
    c.CloseInspection: (OPERATORS_ONLY, _asked(*CONCLUDED), _just()),
    c.Urge: (OPERATORS_ONLY, _nothing, _just()),
    c.IssueDirective: (OPERATORS_ONLY, _nothing, _just()),
    c.PublishBulletin: (OPERATORS_ONLY, _nothing, _just(kind="praise", department="组织部")),
    c.Suspend: (OPERATORS_ONLY, _nothing, _just()),
    c.Resume: (OPERATORS_ONLY, _asked((c.Suspend, {})), _just()),
    c.SilenceNotices: (OPERATORS_ONLY, _nothing, _just(until=date(2018, 6, 30))),
    c.EndSilence: (OPERATORS_ONLY, _asked((c.SilenceNotices, {"until": date(2018, 6, 30)})), _just()),
    c.AppointDeputy: (OPERATOR_HIMSELF, _nothing, DEPUTIES[c.AppointDeputy]),
    c.DismissDeputy: (OPERATOR_HIMSELF, _nothing, DEPUTIES[c.DismissDeputy]),
    c.Withdraw: (OPERATORS_ONLY, _nothing, _just()),
    c.AmendProject: (OPERATORS_ONLY, _nothing, _just()),
    c.ChangeCalendar: (OPERATORS_ONLY, _nothing, _just(calendar=LATER_CALENDAR)),
    c.ReopenProject: (
        OPERATORS_ONLY,
        _asked((c.CloseYear, {"to_year": 2019, **EARLY})),
        _just(confirmed_by=EARLY["confirmed_by"]),
    ),
    c.CloseYear: (
        OPERATORS_ONLY,
        _nothing,
        _just(to_year=2019, **EARLY),
    ),
}


def desk_for(prepare: Prepare = _nothing) -> Desk:
    """A project with the deputies of the table, in the state that an act needs."""
    desk = Desk(milestone(1), milestone(2, date(2018, 9, 30)), policy=WHOLE_LIFE)
    for principal, deputy, first in ((LI, WANG, 4), (LEAD, STRANGER, 4), (LI, SUN, 12), (LEAD, SCHOOLS, 12)):
        period: dict[str, Any] = {"from_on": date(2018, first, 1), "until_on": date(2018, 12, 31)}
        desk.ask(request(c.AppointDeputy, by=principal, principal=principal, deputy=deputy, **period))
    prepare(desk)
    return desk


def rule_of(desk: Desk, command: AnyCommand) -> str | None:
    """The rule that refuses a command, which then changes nothing; none when it brings events."""
    before = desk.state
    try:
        events = desk.ask(command)
    except RejectedError as error:
        assert desk.state is before
        return error.rule
    assert events
    return None


def test_the_table_has_every_command() -> None:
    """An act that comes later must be written into the table, or this fails."""
    assert TABLE.keys() == set(get_args(get_args(AnyCommand)[0]))


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_who_may_and_who_may_not(kind: type[Any], who: str) -> None:
    """The act succeeds for whom it is for, and is refused to everybody else by the rule that the table names."""
    expected, prepare, facts = TABLE[kind]
    desk, person = desk_for(prepare), PERSONS[who]
    given = facts(person)
    if kind is c.AmendProject:
        given = {"project": desk.state.project.model_copy(update={"title": "改"})}
    command = request(kind, by=person.by, on_behalf_of=person.behalf, **given)
    assert rule_of(desk, command) == expected[who]


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.parametrize("kind", [c.AppointDeputy, c.DismissDeputy], ids=lambda kind: kind.__name__)
def test_any_person_of_a_department_speaks_for_it(kind: type[Any], who: str) -> None:
    """A department's deputy is appointed and dismissed by the department, and by nobody else."""
    desk, person = desk_for(), PERSONS[who]
    facts = {**DEPUTIES[kind](person), "principal": LEAD, "deputy": STRANGER}
    command = request(kind, by=person.by, on_behalf_of=person.behalf, **facts)
    assert rule_of(desk, command) == LEAD_ITSELF[who]


@pytest.mark.parametrize("kind", [kind for kind in TABLE if kind not in DEPUTIES], ids=lambda kind: kind.__name__)
def test_an_event_of_a_deputy_names_both(kind: type[Any]) -> None:
    """Who acted and on whose behalf stand in every event of the act."""
    expected, prepare, facts = TABLE[kind]
    who = "the operator's deputy" if expected["the operator's deputy"] is None else "the lead's deputy"
    person = PERSONS[who]
    desk = desk_for(prepare)
    given = facts(person)
    if kind is c.AmendProject:
        given = {"project": desk.state.project.model_copy(update={"title": "改"})}
    for event in desk.ask(request(kind, by=person.by, on_behalf_of=person.behalf, **given)):
        assert (event.actor, event.on_behalf_of) == (str(person.by), str(person.behalf))


def test_a_deputy_may_act_on_the_first_and_the_last_day_and_not_after() -> None:
    """The period includes both of its days."""
    desk = Desk(policy=WHOLE_LIFE)
    period: dict[str, Any] = {"from_on": date(2018, 5, 2), "until_on": date(2018, 5, 4)}
    desk.ask(request(c.AppointDeputy, by=LEAD, principal=LEAD, deputy=STRANGER, **period))
    outcomes = []
    for day in ("05-01", "05-02", "05-04", "05-05"):
        desk.run_until(f"{day} 10:00")
        outcomes.append(rule_of(desk, request(c.ReportProgress, by=STRANGER, on_behalf_of=LEAD)))
    assert outcomes == ["appointed_deputy", None, None, "appointed_deputy"]


@pytest.mark.parametrize(
    ("principal", "deputy"),
    [(LI, LEAD), (LEAD, LI), (LI, operator("宣传部"))],
    ids=["department for operator", "operator for department", "a department's name"],
)
def test_no_deputy_comes_from_the_other_side(principal: Actor, deputy: Actor) -> None:
    """A department never reviews for the supervision section, nor does a reviewer report for a department."""
    period: dict[str, Any] = {"from_on": date(2018, 5, 2), "until_on": date(2018, 5, 4)}
    command = request(c.AppointDeputy, by=principal, principal=principal, deputy=deputy, **period)
    assert rule_of(Desk(policy=WHOLE_LIFE), command) == "deputy_of_same_side"
