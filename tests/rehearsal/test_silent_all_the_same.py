"""The real list on the core, silent but for one kind of act, against the independent calculation of a silent year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actors import Actor, department
from domain.acts.commands import (
    AssessConfidence,
    CloseYear,
    ReassignLead,
    ReopenProject,
    ReportProgress,
    RequestCompletion,
)
from domain.acts.rejections import EmptyReportError
from domain.papers.paper import Paper
from domain.project import KeyProject, ProjectList
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.acts.test_decisions import refuse
from tests.domain.samples import LI, WANG, Desk, at, request
from tests.rehearsal import expected
from tests.rehearsal.expected import ExpectedPaper, papers_of
from tests.rehearsal.notice_2018 import the_list

POLICY = SupervisionPolicy(life_cycle=LifeCycleRules(inspections_per_month=100))
"""A desk has one project: the cap over all of them is another test's."""
YEAR_OVER = "2019-01-31 12:00"
ACCIDENT, BACK = at("05-11 10:00"), at("05-11 16:00")
NEW_LEAD = "改革办"
_LADDER = {"reminder", "urge", "escalation_order", "inspection_notice", "pace_warning"}
Act = Callable[[Desk], None]


def closed_by_accident_and_reopened(desk: Desk) -> None:
    """In May, with a reason, by two persons; and back in the afternoon."""
    end: dict[str, Any] = {"by": LI, "reason": "误办", "to_year": 2019}
    desk.ask(request(CloseYear, None, **end, despite_period="以为到了年底", confirmed_by=WANG), ACCIDENT)
    desk.ask(request(ReopenProject, None, by=WANG, confirmed_by=LI, reason="系误办"), BACK)


def said_nothing(desk: Desk) -> None:
    """The lead answers everything with a dot."""
    desk.run_until(ACCIDENT)
    for milestone_id in desk.state.milestones:
        for command in (ReportProgress, RequestCompletion):
            refuse(desk, EmptyReportError, request(command, milestone_id, text="。", by=_lead(desk)), None)


def bore_a_mark(desk: Desk) -> None:
    """The lead answers everything with what must not come in."""
    desk.run_until(ACCIDENT)
    for milestone_id in desk.state.milestones:
        with pytest.raises(ValidationError, match="no_classified_content"):
            request(ReportProgress, milestone_id, text="机密★10年 已完成", by=_lead(desk))


def had_a_reviewer_s_word(desk: Desk) -> None:
    """李 has no confidence in anything."""
    desk.run_until(ACCIDENT)
    for milestone_id in desk.state.milestones:
        desk.ask(request(AssessConfidence, milestone_id, step=1, reason="没有把握"))


def _lead(desk: Desk) -> Actor:
    return department(desk.state.lead)


def _as_expected(project: KeyProject, papers: list[Paper]) -> Iterator[ExpectedPaper]:
    for each in papers:
        if each.issued_at not in (ACCIDENT, BACK):
            on = each.send_from.date()
            yield ExpectedPaper(on, each.kind, each.to, project.project_id, each.milestone_id, each.level)


def _lived(act: Act) -> Counter[ExpectedPaper]:
    found: Counter[ExpectedPaper] = Counter()
    for project in the_list().projects:
        desk = Desk(policy=POLICY, project=project)
        act(desk)
        desk.run_until(YEAR_OVER)
        found.update(_as_expected(project, desk.papers))
    return found


@cache
def _silent(listed: ProjectList) -> Counter[ExpectedPaper]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expected, "_INSPECTIONS_PER_MONTH", 100)
        return Counter(papers_of(listed, "silent"))


@pytest.mark.parametrize(
    "act", [closed_by_accident_and_reopened, said_nothing, bore_a_mark, had_a_reviewer_s_word], ids=lambda a: a.__name__
)
def test_a_year_in_which_this_alone_was_done_has_the_papers_of_a_silent_year(act: Act) -> None:
    """Every paper to the day, its kind, addressee and level: an accident, a dot, a mark, a reviewer's word."""
    silent = _silent(the_list())
    assert _lived(act) == silent
    assert silent.total() > 500


def test_a_new_lead_has_the_ladder_of_the_list_from_the_days_that_it_has_to_take_over() -> None:
    """Named on 26 April: what was due on the 30th is due after five working days, on 4 May; all else on its day."""

    def reassigned(desk: Desk) -> None:
        desk.ask(request(ReassignLead, None, by=WANG, to=NEW_LEAD, reason="职能调整"), "04-26 10:00")

    def to_the_lead(papers: Counter[ExpectedPaper]) -> Counter[ExpectedPaper]:
        ours = {NEW_LEAD, f"{NEW_LEAD}主要负责人", "分管领导", "主要领导"}
        after = date(2018, 4, 26)
        return Counter(
            {each: n for each, n in papers.items() if each.kind in _LADDER and each.to in ours and each.on > after}
        )

    listed = the_list()
    taken_over = []
    for project in listed.projects:
        milestones = [
            each.model_copy(update={"due_on": date(2018, 5, 4)}) if each.due_on == date(2018, 4, 30) else each
            for each in project.milestones
        ]
        taken_over.append(project.model_copy(update={"lead_department": NEW_LEAD, "milestones": tuple(milestones)}))
    calculated = _silent(listed.model_copy(update={"projects": tuple(taken_over)}))
    found = to_the_lead(_lived(reassigned))
    assert found == to_the_lead(calculated)
    assert found.total() > 300
