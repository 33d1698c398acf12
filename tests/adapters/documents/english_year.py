"""The papers of an office that works in English: its list, its people and all they write are English, and every event
that brings a paper happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, Final

from domain.actors import department, operator
from domain.acts import commands as c
from domain.errors import RejectedError
from domain.lists.sub_duties import sub_duties_of, sub_duty_row
from domain.papers.paper import NumberedPaper, Paper, paper_number
from domain.papers.wording import in_english
from domain.project import KeyProject, ListHeader, Milestone, Quota, Recurrence
from domain.rules.of_sub_duties import rules_below
from entrypoints.core_sentences import paper_said
from tests.domain.samples import CALENDAR, Desk, milestone, request

ISSUER: Final = "Supervision Office of the City"
LEAD, PARTICIPANT, OTHER = "Public Works Department", "Parks Department", "Department of Finance, Taxes and Budget"
_LI, _WANG = operator("Li"), operator("Wang")
_HEADER: Final = ListHeader(
    document_number=None,
    title="Key Projects of the “Riverside” Year",
    issuer=None,
    issued_on=date(2018, 4, 25),
    year=2018,
)
_BASIS: Final = "依据《Key Projects of the “Riverside” Year》（2018年5月10日印发）"
"""As the core says which list an amendment comes of."""


def _project(project_id: str, *milestones: Milestone) -> KeyProject:
    called = ("Publish the tender", "Award the “main” contract", "Open the first kilometre", "Report every month")
    named = [each.model_copy(update={"description": called[n % 4]}) for n, each in enumerate(milestones)]
    return KeyProject(
        project_id=project_id,
        serial=str(int(project_id[5:7])),
        title="Extend the “riverside” promenade",
        lead_department=LEAD,
        participating_departments=(PARTICIPANT, OTHER),
        schedule_text="May: …",
        milestones=tuple(named),
    )


class _Played:
    """One project, played."""

    def __init__(self, project_id: str, *milestones: Callable[..., Milestone]) -> None:
        made = [each(n, project_id=project_id) for n, each in enumerate(milestones, start=1)]
        self.ids = [each.milestone_id for each in made]
        self.desk = Desk(project=_project(project_id, *made), header=_HEADER)

    def give(self, command: type[Any], when: str, milestone_id: str | None = None, **facts: Any) -> None:
        self.desk.run_until(when)
        texts = {
            name: "It is late."
            for name in command.model_fields.keys() & {"text", "reason", "progress", "opinion", "conclusion", "note"}
            if name not in facts
        }
        with suppress(RejectedError):
            self.desk.ask(request(command, milestone_id, **({"by": _LI} | texts | facts)))


def _due(month: int, day: int, **facts: Any) -> Callable[..., Milestone]:
    def made(ordinal: int, *, project_id: str) -> Milestone:
        of = milestone(ordinal, date(2018, month, day), project_id=project_id, **facts)
        return of if of.quota is None else of.model_copy(update={"quota": Quota(value=of.quota.value, unit="sessions")})

    return made


def _open(ordinal: int, *, project_id: str) -> Milestone:
    return milestone(ordinal, None, project_id=project_id)


def _every_two_months(ordinal: int, *, project_id: str) -> Milestone:
    of = milestone(ordinal, date(2018, 12, 29), starts_on=date(2018, 1, 1), project_id=project_id)
    return of.model_copy(update={"recurrence": Recurrence(count=6, every_months=2)})


def english_desks() -> list[Desk]:
    """Projects in which everything happens that brings a paper."""
    return [
        made().desk for made in (_inspected, _amended, _taken_over, _extended, _silent, _withdrawn, _reopened, _early)
    ]


def english_papers() -> list[NumberedPaper]:
    """Their papers, worded and numbered as an office issues them that works in English."""
    numbers: Counter[tuple[str, int]] = Counter()
    found = []
    drafted: list[Paper] = [paper for desk in english_desks() for paper in desk.papers]
    for paper in sorted(drafted, key=lambda each: each.issued_at):
        numbers[paper.kind, paper.year] += 1
        sequence = numbers[paper.kind, paper.year]
        number = paper_number(paper.kind, paper.year, sequence, "en")
        found.append(NumberedPaper(number=number, sequence=sequence, paper=in_english(paper, paper_said)))
    return found


def _inspected() -> _Played:
    of = _Played("2018-01", _due(5, 31), _due(6, 29), _due(9, 28, quota=30), _open)
    first, second, *_ = of.ids
    lead = department(LEAD)
    of.give(c.IssueDirective, "05-02 10:00", None, leader="Mayor Chen", text="See to it that it opens in time.")
    of.give(
        c.IssueDirective, "05-02 11:00", first, leader="Mayor Chen", text="Report soon!", answer_by=date(2018, 6, 1)
    )
    for each in (first, second):
        of.give(c.OpenInspection, "07-02 10:00", each, reason="Residents wrote to us.")
        of.give(c.RecordFinding, "07-03 10:00", each, text="The notices went out late.")
    of.give(c.ConcludeInspection, "07-06 10:00", first, conclusion="Nobody was in charge", rectify=True)
    of.give(c.ConcludeInspection, "07-06 10:00", second, conclusion="All is well.")
    of.give(c.CloseInspection, "07-09 10:00", second, note="Nothing was found.")
    of.give(c.AnswerInspection, "07-10 10:00", first, by=lead, text="We named someone.")
    of.give(c.ReportRectification, "07-11 10:00", first, by=lead, text="Done.")
    of.give(c.CheckRectification, "07-12 10:00", first, holds=False, note="It is not.")
    of.give(c.RequestCompletion, "08-07 10:00", first, by=lead, done_on=date(2018, 8, 6))
    of.give(c.ReturnForRework, "08-08 10:00", first, reason="The evidence is not complete.")
    of.give(c.RequestCompletion, "08-09 10:00", first, by=lead, done_on=date(2018, 8, 8))
    of.give(c.AcceptCompletion, "08-10 10:00", first, note="Agreed.")
    of.give(c.StrikeOff, "08-13 10:00", first, by=_WANG)
    of.give(c.PublishBulletin, "09-03 10:00", None, kind="criticism", department=LEAD)
    of.give(c.PublishBulletin, "09-03 11:00", second, kind="praise", department=PARTICIPANT)
    of.give(c.CloseYear, "12-31 10:00", None, to_year=2019, reason="It goes on", ended=(second,), confirmed_by=_WANG)
    return of


def _amended() -> _Played:
    of = _Played("2018-02", _due(5, 31), _due(6, 29), _due(9, 28, quota=30))
    first, _, last = of.ids
    of.give(c.DeclineAssignment, "04-26 10:00", None, by=department(LEAD))
    of.give(c.InsistOnAssignment, "04-27 10:00", None, department=LEAD)
    of.give(c.RaiseDispute, "05-03 10:00", first, by=department(PARTICIPANT), against=LEAD)
    of.give(c.RuleOnDispute, "05-04 10:00", first, responsible=LEAD)
    of.give(
        c.DecomposeDuty, "05-04 11:00", last, by=department(PARTICIPANT), units=("North District", "South District")
    )
    of.give(c.ReplaceParticipant, "05-07 10:00", None, department=PARTICIPANT, to="IT Department")
    of.give(c.ReplaceParticipant, "05-08 10:00", first, department=OTHER, to=None)
    project = of.desk.state.project
    moved = project.milestones[-1].model_copy(update={"description": "Open it “at last”", "due_on": date(2018, 10, 31)})
    more = moved.model_copy(update={"milestone_id": f"{last[:-2]}04", "description": "Publish one “list”"})
    wanted = project.having(title="Extend the promenade further", milestones=(project.milestones[0], moved, more))
    of.give(c.AmendProject, "05-16 10:00", None, basis=_BASIS, project=wanted)
    of.give(c.RequestExtension, "05-17 10:00", last, by=department(LEAD), new_due_on=date(2018, 12, 3))
    of.give(c.OpenInspection, "06-05 10:00", first)
    of.give(c.IssueDirective, "06-06 10:00", None, leader="Mayor Chen")
    of.give(c.DecomposeDuty, "06-07 10:00", last, by=department(LEAD), units=("East Side", "Planning Department"))
    of.give(c.ReassignLead, "06-11 10:00", None, to="Planning Department")
    return of


def _taken_over() -> _Played:
    of = _Played("2018-02", _due(9, 28))
    of.give(c.DecomposeDuty, "05-04 10:00", of.ids[0], by=department(LEAD), units=("East Side",))
    where, part = next(sub_duties_of(of.desk.state))
    rules = rules_below(of.desk.state.policy, where, part.by)
    of.desk = Desk(policy=rules, project=sub_duty_row(of.desk.state, where, part), header=_HEADER, start=of.desk.now)
    to = "Planning Department"
    of.give(c.ChangeAssigningDepartment, "05-07 10:00", None, above=(to,), reason=f"上级任务已由{to}接办")
    return of


def _extended() -> _Played:
    of = _Played("2018-03", _due(5, 31), _due(6, 29), _due(9, 28), _due(10, 31))
    for milestone_id, ruling in zip(of.ids[1:], ("grant", "refuse", "ask_more"), strict=True):
        due_on = of.desk.state.milestones[milestone_id].answer_by
        assert due_on is not None
        wanted = date(2018, due_on.month + 1, 20)
        of.give(c.RequestExtension, "05-21 10:00", milestone_id, by=department(LEAD), new_due_on=wanted)
        of.give(c.ReviewExtension, "05-22 10:00", milestone_id, recommended_due_on=wanted)
        facts = {"new_due_on": wanted} if ruling == "grant" else {}
        of.give(c.RuleOnExtension, "05-23 10:00", milestone_id, by=_WANG, ruling=ruling, **facts)
    of.give(c.GrantGrace, "06-13 10:00", of.ids[0], by=_WANG, new_due_on=date(2018, 6, 29))
    of.give(c.Suspend, "07-02 10:00", of.ids[0], until=date(2018, 7, 10))
    of.give(c.Suspend, "07-12 10:00", None, until=None)
    of.give(c.Resume, "07-18 10:00", None)
    of.give(c.Urge, "08-01 10:00", of.ids[0])
    of.desk.run_until("11-30 18:00")
    return of


def _silent() -> _Played:
    of = _Played("2018-04", _due(5, 31), _every_two_months, _due(9, 28, quota=30))
    of.desk.run_until("12-29 18:00")
    return of


def _withdrawn() -> _Played:
    of = _Played("2018-05", _due(6, 29))
    of.give(c.IssueDirective, "04-27 10:00", of.ids[0], leader="Mayor Chen", text="Be quick.")
    saturday = CALENDAR.years[0].model_copy(update={"makeup_working_days": (date(2018, 5, 5),)})
    calendar = CALENDAR.model_copy(update={"years": (saturday,)})
    of.give(c.ChangeCalendar, "05-02 10:00", calendar=calendar, reason="published by the State Council")
    of.give(c.Withdraw, "05-10 10:00", None, reason="It is no longer needed")
    return of


def _reopened() -> _Played:
    of = _Played("2018-06", _due(11, 30), _due(12, 14))
    of.give(c.CloseYear, "12-28 10:00", None, to_year=2019, reason="It goes on", despite_period="The list is done")
    of.give(c.ReopenProject, "12-29 10:00", None, reason="It was closed by mistake", confirmed_by=_WANG)
    return of


def _early() -> _Played:
    of = _Played("2018-07", _due(6, 29))
    for by in (department(PARTICIPANT), department(LEAD)):
        of.give(c.RequestCompletion, "05-21 10:00", of.ids[0], by=by, done_on=date(2018, 5, 18))
    of.give(c.AcceptCompletion, "05-22 10:00", of.ids[0])
    return of
