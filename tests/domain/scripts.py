"""Random scripts of a supervised year: commands, legal or not, and instants; the same seed is the same script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, cast

from domain.actors import ENGINE, Actor, department, operator
from domain.acts import commands as c
from domain.acts.commands import AnyCommand, Command
from domain.project import KeyProject, Milestone, Recurrence
from domain.rules.calendar import CalendarYear, end_of
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import next_wakeup
from domain.state import OPEN_STAGES, MilestoneState, PartState, ProjectState, target_of
from tests.domain.samples import CALENDAR, PROJECT, key_project, milestone

DEPARTMENTS = ("组织部", "宣传部", "学校部", "统战部")
OPERATORS = (operator("李"), operator("王"), operator("赵"))
OTHERS = (ENGINE, operator("组织部"), department("统战部"), department("宣传部", "张三"))
LATER_CALENDAR = CALENDAR.model_copy(
    update={
        "years": (
            *CALENDAR.years,
            CalendarYear(year=2019, days_off=(date(2019, 1, 1), date(2019, 2, 5)), makeup_working_days=()),
        )
    }
)
OTHER_CALENDAR = CALENDAR.model_copy(
    update={
        "years": (
            CALENDAR.years[0].model_copy(
                update={"days_off": (*CALENDAR.years[0].days_off, date(2018, 6, 19), date(2018, 10, 8))}
            ),
        )
    }
)


def six_milestones(project_id: str = PROJECT) -> KeyProject:
    """A project that has a milestone of every kind, and two participating departments."""
    given: dict[str, Any] = {"project_id": project_id}
    milestones: tuple[Milestone, ...] = (
        milestone(1, date(2018, 5, 31), **given),
        milestone(2, date(2018, 9, 30), quota=30, starts_on=date(2018, 5, 1), **given),
        milestone(3, date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True, **given),
        milestone(4, None, starts_on=None, **given),
        milestone(5, date(2018, 12, 31), starts_on=date(2018, 5, 1), **given).model_copy(update={"ongoing": True}),
        milestone(6, date(2018, 12, 29), starts_on=date(2018, 1, 1), **given).model_copy(
            update={"recurrence": Recurrence(count=6, every_months=2)}
        ),
    )
    project = key_project(milestones, project_id=project_id)
    return project.model_copy(update={"participating_departments": DEPARTMENTS[1:3]})


def a_policy(rng: Random) -> SupervisionPolicy:
    """A policy with rules that differ from script to script."""
    return SupervisionPolicy(
        spread_minutes=rng.choice([0, 30]),
        rules=MilestoneRules(
            due_roll=rng.choice(["none", "following", "preceding"]), rework_working_days=rng.randint(1, 12)
        ),
        life_cycle=LifeCycleRules(
            extensions_at_most=rng.choice([0, 1, 2, 5, 5]),
            inspections_per_month=rng.choice([1, 2]),
            inspection_plan=(
                PlannedInspection(on=date(2018, 6, 16), sample_percent=rng.choice([50, 100])),
                PlannedInspection(on=date(2018, 10, 3), sample_percent=100),
            ),
        ),
    )


@dataclass(slots=True)
class ScriptWriter:
    """Writes the next step of a script upon the state that the steps before have led to."""

    rng: Random
    project: KeyProject
    asked: int = 0

    def reopening(self, *, alone: bool = False) -> AnyCommand:
        """The act that leads back from an end, by two persons or by one alone."""
        self.asked += 1
        by, other = OPERATORS[0], None if alone else operator("周")
        return c.ReopenProject(request_id=f"back-{self.asked}", by=by, reason="误办", confirmed_by=other)

    def command(self, state: ProjectState, now: datetime) -> AnyCommand:
        """A command: most often one that fits the state, sometimes any."""
        rng = self.rng
        milestone_id = rng.choice(list(state.milestones))
        fits = _fitting(rng, state, state.milestones[milestone_id], now)
        kind, facts = rng.choice(fits) if fits and rng.random() < 0.7 else (rng.choice(list(_ANY)), {})
        if kind in (c.Withdraw, c.CloseYear) and rng.random() < 0.8:
            kind, facts = c.ReportProgress, {}
        if rng.random() < 0.02:
            milestone_id = f"{self.project.project_id}-99"
        filled = {**_ANY[kind](rng, state, now), **facts}
        by: Actor = filled.pop("by")
        if rng.random() < 0.06:
            by = rng.choice([*OPERATORS, *OTHERS, *map(department, DEPARTMENTS)])
        fields = kind.model_fields
        texts = dict.fromkeys(_TEXTS & fields.keys(), "已办")
        if "milestone_id" in fields and "milestone_id" not in filled:
            whole = not fields["milestone_id"].is_required() and rng.random() < 0.5
            filled["milestone_id"] = None if whole else milestone_id
        behalf = None
        if state.deputies and kind not in (c.AppointDeputy, c.DismissDeputy) and rng.random() < 0.3:
            deputy = rng.choice(state.deputies)
            by, behalf = _actor(deputy.deputy), _actor(deputy.principal)
        self.asked += rng.random() > 0.02  # now and then the same request comes again
        request_id = f"q{self.asked}"
        given: dict[str, Any] = {**texts, **filled}
        command: AnyCommand = cast(Any, kind)(request_id=request_id, by=by, on_behalf_of=behalf, **given)
        return command

    def instant(self, state: ProjectState, now: datetime) -> datetime:
        """A later instant: minutes, days or weeks on, the next thing due, or the minutes after a due date."""
        rng = self.rng
        match rng.randint(0, 9):
            case 0 | 1 | 2:
                return now + timedelta(minutes=rng.randint(1, 600))
            case 3 | 4:
                return now + timedelta(days=rng.randint(1, 5), minutes=rng.randint(0, 1_000))
            case 5:
                return now + timedelta(days=rng.randint(6, 25), minutes=rng.randint(0, 1_000))
            case 6 | 7:
                return max(now, next_wakeup(state, now) or now + timedelta(days=1))
            case _:
                dates = [each.answer_by for each in state.milestones.values() if each.answer_by]
                dates += [limit.due_on for limit in state.limits.values()]
                dawns = [end_of(day) + timedelta(minutes=rng.choice([0, 1, 10, 40])) for day in dates]
                return min((dawn for dawn in dawns if dawn > now), default=now + timedelta(days=1))


def _actor(text: str) -> Actor:
    role, _, name = text.partition(":")
    return operator(name) if role == "operator" else department(*name.split(":"))


def _lead(rng: Random, state: ProjectState, now: datetime) -> dict[str, Any]:
    return {"by": department(state.lead)}


def _duty(rng: Random, state: ProjectState, now: datetime) -> dict[str, Any]:
    return {"by": department(rng.choice([state.lead, *state.project.participating_departments]))}


def _section(rng: Random, state: ProjectState, now: datetime) -> dict[str, Any]:
    return {"by": rng.choice(OPERATORS)}


def _day(rng: Random, now: datetime, least: int = -3, most: int = 40) -> date:
    return now.date() + timedelta(days=rng.randint(least, most))


def _report(rng: Random, state: ProjectState, now: datetime) -> dict[str, Any]:
    return {
        **_duty(rng, state, now),
        "done_on": rng.choice([None, None, _day(rng, now, -40, 3)]),
        "quantity": rng.choice([None, None, None, 3, 10, 30]),
    }


def _pair(rng: Random, state: ProjectState, now: datetime) -> dict[str, Any]:
    principal, deputy = rng.sample([*OPERATORS, *map(department, DEPARTMENTS[:3])], 2)
    return {"by": principal, "principal": principal, "deputy": deputy}


def _amended(rng: Random, state: ProjectState, now: datetime) -> dict[str, Any]:
    project = state.project
    milestones = list(project.milestones)
    place = rng.randrange(len(milestones))
    match rng.randint(0, 5):
        case 0:
            due_on = _day(rng, now, -10, 90)
            start = milestones[place].starts_on
            milestones[place] = milestones[place].model_copy(
                update={"due_on": due_on, "starts_on": start if start and start <= due_on else None}
            )
        case 1:
            milestones[place] = milestones[place].model_copy(update={"description": f"改{rng.randint(1, 9)}"})
        case 2 if len(milestones) < 8:
            number = len(milestones) + 1
            milestones.append(milestone(number, _day(rng, now, -5, 90), starts_on=None, project_id=project.project_id))
        case 3:
            milestones.pop(place)
        case 4:
            names = tuple(sorted(rng.sample(DEPARTMENTS, rng.randint(0, 3))))
            project = project.model_copy(update={"participating_departments": names})
        case _:
            project = project.model_copy(update={"lead_department": rng.choice(DEPARTMENTS)})
    project = project.model_copy(update={"milestones": tuple(milestones)})
    return {**_section(rng, state, now), "project": project}


Facts = Callable[[Random, ProjectState, datetime], dict[str, Any]]
_ANY: dict[type[Command], Facts] = {
    c.ReportProgress: lambda r, s, n: {
        **_report(r, s, n),
        "forecast_on": r.choice([None, _day(r, n)]),
        "period": r.choice([None, None, 1, 2, 9]),
    },
    c.RequestCompletion: _report,
    c.AcknowledgeReminder: lambda r, s, n: {"by": department(r.choice([s.lead, *DEPARTMENTS]))},
    c.AcceptCompletion: _section,
    c.ReturnForRework: _section,
    c.StrikeOff: _section,
    c.SignReceipt: _duty,
    c.DeclineAssignment: _duty,
    c.InsistOnAssignment: lambda r, s, n: {**_section(r, s, n), "department": r.choice(DEPARTMENTS)},
    c.ReassignLead: lambda r, s, n: {**_section(r, s, n), "to": r.choice(DEPARTMENTS)},
    c.ReplaceParticipant: lambda r, s, n: {
        **_section(r, s, n),
        "department": r.choice(DEPARTMENTS),
        "to": r.choice([None, *DEPARTMENTS]),
    },
    c.RaiseDispute: lambda r, s, n: {**_duty(r, s, n), "against": r.choice(DEPARTMENTS)},
    c.RuleOnDispute: lambda r, s, n: {**_section(r, s, n), "responsible": r.choice(DEPARTMENTS)},
    c.RequestExtension: lambda r, s, n: {**_lead(r, s, n), "new_due_on": _day(r, n, -3, 120)},
    c.SupplementExtension: _lead,
    c.ReviewExtension: lambda r, s, n: {
        **_section(r, s, n),
        "recommended_due_on": r.choice([None, _day(r, n, 0, 120)]),
    },
    c.RuleOnExtension: lambda r, s, n: {
        **_section(r, s, n),
        "ruling": r.choice(["grant", "refuse", "refuse", "ask_more"]),
        "new_due_on": _day(r, n, 0, 120),
    },
    c.GrantGrace: lambda r, s, n: {**_section(r, s, n), "new_due_on": _day(r, n, -3, 60)},
    c.OpenInspection: lambda r, s, n: {**_section(r, s, n), "despite_cap": r.choice([None, None, "确需"])},
    c.RecordFinding: _section,
    c.AssessConfidence: lambda r, s, n: {**_section(r, s, n), "step": r.randint(1, 5)},
    c.ConcludeInspection: lambda r, s, n: {
        **_section(r, s, n),
        "rectify": r.random() < 0.5,
        "rectify_by": r.choice([None, None, _day(r, n)]),
    },
    c.AnswerInspection: _lead,
    c.ReportRectification: _lead,
    c.CheckRectification: lambda r, s, n: {**_section(r, s, n), "holds": r.random() < 0.5},
    c.CloseInspection: _section,
    c.Urge: lambda r, s, n: {**_section(r, s, n), "department": r.choice([None, *DEPARTMENTS])},
    c.IssueDirective: lambda r, s, n: {**_section(r, s, n), "answer_by": r.choice([None, _day(r, n)])},
    c.AnswerDirective: _lead,
    c.PublishBulletin: lambda r, s, n: {
        **_section(r, s, n),
        "kind": r.choice(["praise", "criticism"]),
        "department": r.choice(DEPARTMENTS),
    },
    c.Suspend: lambda r, s, n: {**_section(r, s, n), "until": r.choice([None, _day(r, n, -2, 25), _day(r, n, 1, 25)])},
    c.Resume: _section,
    c.SilenceNotices: lambda r, s, n: {**_section(r, s, n), "until": _day(r, n, -2, 20)},
    c.EndSilence: _section,
    c.AppointDeputy: lambda r, s, n: {
        **_pair(r, s, n),
        "from_on": _day(r, n, -2, 5),
        "until_on": _day(r, n, -2, 40),
    },
    c.DismissDeputy: _pair,
    c.Withdraw: _section,
    c.AmendProject: _amended,
    c.ChangeCalendar: lambda r, s, n: {
        **_section(r, s, n),
        "calendar": r.choice([CALENDAR, LATER_CALENDAR, OTHER_CALENDAR]),
    },
    c.ReopenProject: lambda r, s, n: {**_section(r, s, n), "confirmed_by": r.choice([None, operator("周")])},
    c.DecomposeDuty: lambda r, s, n: {
        **_duty(r, s, n),
        "units": tuple(r.sample(("甲市", "乙市", "丙市", *DEPARTMENTS), r.randint(1, 2))),
        "due_on": r.choice([None, _day(r, n, 1, 30), _day(r, n, 200, 400)]),
        "quantity": r.choice([None, None, 10]),
    },
    c.NoteSubDuty: lambda r, s, n: {**_section(r, s, n), **_part(r, s)},
    c.ChangeAssigningDepartment: lambda r, s, n: {**_section(r, s, n), "above": (r.choice(DEPARTMENTS),)},
    c.CloseYear: lambda r, s, n: {
        **_section(r, s, n),
        "to_year": r.choice([2018, 2019]),
        "ended": tuple(r.sample(list(s.milestones), 1)),
    },
}
"""How any command is filled in, likely or not."""


def _part(rng: Random, state: ProjectState) -> dict[str, Any]:
    """A part that was given, or none, with what may have become of it."""
    given = [
        (milestone_id, each)
        for milestone_id, milestone in state.milestones.items()
        for each in milestone.sub_duties or ()
    ]
    if not given:
        return {"sub_duty": f"{state.project_id}_01_01", "unit": "甲市", "withdrawn": True}
    milestone_id, part = rng.choice(given)
    return {
        "milestone_id": milestone_id,
        "sub_duty": part.project_id,
        "unit": rng.choice([part.unit, part.unit, "丁市"]),
        "withdrawn": not part.withdrawn,
    }


_TEXTS = frozenset({"text", "reason", "progress", "opinion", "conclusion", "note", "basis", "leader"})
Fit = tuple[type[Command], dict[str, Any]]


def _fitting(rng: Random, state: ProjectState, each: MilestoneState, now: datetime) -> list[Fit]:
    """The acts that the state waits for, of one milestone."""
    here = {"milestone_id": each.milestone_id}
    fits: list[Fit] = [(kind, dict(here)) for kind in _waiting_kinds(each)]
    fits += [(c.NoteSubDuty, _part(rng, state)) for _ in (each.sub_duties or ())[:1]]
    for limit in state.limits.values():
        if limit.kind == "receipt":
            fits.append((c.SignReceipt, {"by": department(limit.owner), "milestone_id": None}))
        elif limit.kind == "declined_assignment":
            about = {"department": limit.about, "milestone_id": limit.milestone_id}
            fits += [(c.InsistOnAssignment, about)] * 2
            if limit.about != state.lead:
                fits.append((c.ReplaceParticipant, {**about, "to": rng.choice(DEPARTMENTS)}))
        elif limit.kind == "dispute":
            fits += [(c.RuleOnDispute, {"milestone_id": limit.milestone_id, "responsible": state.lead})] * 2
    duties: list[tuple[str, MilestoneState | PartState]] = [(state.lead, each), *each.parts.items()]
    for name, duty in duties:
        if duty.last_reminder not in (None, duty.seen_reminder):
            fits.append((c.AcknowledgeReminder, {**here, "by": department(name)}))
    if each.suspension is not None:
        fits += [(c.Resume, dict(here))] * 2
    fits += _of_the_whole(state, now)
    if each.stage in OPEN_STAGES:
        if target_of(state.issued(each.milestone_id)):
            fits.append((c.ReportProgress, {**here, "by": department(state.lead), "quantity": rng.randint(0, 20)}))
        parts = [name for name, part in each.parts.items() if part.stage in ("assigned", "in_progress")]
        for name in parts:
            fits += [(c.RequestCompletion, {**here, "by": department(name), "quantity": None, "done_on": None})]
            fits += [(c.RaiseDispute, {**here, "by": department(name), "against": state.lead})]
            fits += [(c.DeclineAssignment, {"by": department(name)})]
    return fits


def _of_the_whole(state: ProjectState, now: datetime) -> list[Fit]:
    whole = {"milestone_id": None}
    fits: list[Fit] = []
    if state.suspension is not None:
        fits += [(c.Resume, whole)] * 2
    if state.silence is not None:
        fits.append((c.EndSilence, whole))
    for deputy in state.deputies:
        pair = {"principal": _actor(deputy.principal), "deputy": _actor(deputy.deputy)}
        fits.append((c.DismissDeputy, {**pair, "by": pair["principal"]}))
    if state.directives:
        fits.append((c.AnswerDirective, whole))
    if now.date() > date(state.year, 12, 20):
        early = {"despite_period": "机构撤并", "confirmed_by": operator("周")}
        fits += [(c.CloseYear, {"to_year": state.year + 1, **early})] * 2
    return fits


def _waiting_kinds(each: MilestoneState) -> list[type[Command]]:
    kinds: list[type[Command]] = list(_OF_STAGES.get(each.stage, ()))
    if each.extension is not None:
        kinds += _OF_EXTENSIONS[each.extension.stage]
    if each.inspection is not None:
        kinds += _OF_INSPECTIONS[each.inspection.stage]
    return kinds


_OPEN_KINDS: tuple[type[Command], ...] = (
    c.ReportProgress,
    c.RequestCompletion,
    c.RequestExtension,
    c.RequestExtension,
    c.GrantGrace,
    c.Suspend,
    c.OpenInspection,
    c.Urge,
)
_OF_STAGES: dict[str, tuple[type[Command], ...]] = {
    **dict.fromkeys(OPEN_STAGES, _OPEN_KINDS),
    "completion_requested": (c.AcceptCompletion, c.ReturnForRework) * 2,
    "completed": (c.StrikeOff, c.StrikeOff),
}
_OF_EXTENSIONS: dict[str, tuple[type[Command], ...]] = {
    "asked": (c.ReviewExtension,) * 9,
    "reviewed": (c.RuleOnExtension,) * 9,
    "more_asked": (c.SupplementExtension,) * 9,
}
_OF_INSPECTIONS: dict[str, tuple[type[Command], ...]] = {
    "opened": (c.RecordFinding, c.ConcludeInspection, c.ConcludeInspection),
    "concluded": (c.AnswerInspection, c.CloseInspection),
    "answered": (c.CloseInspection,),
    "rectifying": (c.ReportRectification, c.AnswerInspection),
    "checking": (c.CheckRectification,) * 2,
}
