"""Rulings on doubtful readings come on record when a project starts, and when a re-issued list brings new ones."""

from __future__ import annotations

from datetime import date

import pytest

from domain.acts.commands import AmendProject
from domain.events import MilestoneAmended, ReadingRuled
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.lists.readings import ruling_words
from domain.notice.findings import Finding, FindingSource, Ruling
from domain.notice.placeholders import placeholder_findings
from domain.notice.plan import Plan
from domain.notice.rulings import settled
from domain.papers.drafting import papers_for
from domain.project import KeyProject, ProjectList, RuledReading
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import (
    CALENDAR,
    FIRST,
    HEADER,
    LI,
    PROJECT,
    SECOND,
    START,
    Desk,
    key_project,
    milestone,
    ruled,
)


def amendment(project: KeyProject, *rulings: RuledReading, request_id: str = "a1") -> AmendProject:
    """An amendment that stands on rulings."""
    return AmendProject(request_id=request_id, by=LI, basis="依据重新印发的清单", project=project, rulings=rulings)


def finding(key: str, project_id: str | None, milestone_id: str | None = None, *, note: bool = False) -> Finding:
    """A doubt about some words."""
    return Finding(
        key=key,
        code=key.partition("@")[0],
        severity="note" if note else "ruling",
        project_id=project_id,
        milestone_id=milestone_id,
        text="有两种读法。",
        source=FindingSource(start=0, end=2, text="全年"),
    )


def test_rulings_are_recorded_when_the_project_starts() -> None:
    """Right after the assignment, with the words, what was assumed, what was ruled, by whom, when and why."""
    given = ruled(reason="指全省")
    events = docket(HEADER, key_project((milestone(),)), SupervisionPolicy(), CALENDAR, START, (given,))
    assert [(event.seq, event.type, event.cause) for event in events[:3]] == [
        (0, "ProjectDocketed", "start"),
        (1, "ProjectAssigned", "start"),
        (2, "ReadingRuled", "start"),
    ]
    assert isinstance(events[2], ReadingRuled)
    assert {name: getattr(events[2], name) for name in RuledReading.model_fields} == dict(given)
    state = fold(events)
    assert state is not None
    assert state.rulings == (given,)


def test_an_amendment_brings_the_new_rulings_along() -> None:
    """What is on record is not recorded again; a new word on the same doubt is, before what follows from it."""
    desk = Desk()
    moved = key_project((milestone(due_on=date(2018, 6, 29)),))
    events = desk.ask(amendment(moved, ruled()))
    assert [type(event) for event in events] == [ReadingRuled, MilestoneAmended]
    assert desk.ask(amendment(moved, ruled(ruled_by="别人"), request_id="a2")) == ()
    desk.ask(amendment(moved, ruled("2018年6月29日前"), request_id="a3"))
    assert [ruling.choice for ruling in desk.state.rulings] == ["2018年6月29日前"]
    assert len(desk.of(ReadingRuled)) == 2


def test_a_ruling_alone_sends_no_paper() -> None:
    """What changes nothing for the department is on record and goes to nobody."""
    desk = Desk()
    events = desk.ask(amendment(key_project((milestone(),)), ruled("确认")))
    assert [type(event) for event in events] == [ReadingRuled]
    assert papers_for(desk.state, events) == ()


def test_a_ruling_follows_its_milestone_when_the_ordinals_shift() -> None:
    """The re-issued list's first milestone is the running second: the ruling is about that one."""
    desk = Desk(milestone(1), milestone(2))
    shifted = milestone(2).model_copy(update={"milestone_id": FIRST})
    desk.ask(amendment(key_project((shifted,)), ruled()))
    (event,) = desk.of(ReadingRuled)
    assert event.milestone_id == SECOND


def test_a_plan_has_the_rulings_on_a_row_and_on_the_whole_list() -> None:
    """Those of other rows and unruled findings are left out; a milestone that the ruling took away is not named."""
    other = key_project((milestone(project_id="2018-07"),), project_id="2018-07")
    project = key_project((milestone(),))
    findings = (
        finding("no_issue_date", None),
        finding(f"adjacent_months@{PROJECT}:3", PROJECT, SECOND),
        finding(f"start_assumed@{PROJECT}:9", PROJECT, FIRST, note=True),
        finding(f"inexact_quota@{PROJECT}:9", PROJECT, FIRST, note=True),
        finding("crossing@2018-07:3", "2018-07"),
    )
    rulings = tuple(Ruling(finding=each.key, choice="确认") for each in findings if each.code != "inexact_quota")
    plan = Plan(**dict(HEADER), projects=(project, other), findings=findings, rulings=rulings)
    found = [(ruling.code, ruling.milestone_id) for ruling in plan.rulings_about(project)]
    assert found == [("no_issue_date", None), ("adjacent_months", None), ("start_assumed", FIRST)]
    assert ProjectList(**dict(HEADER), projects=(project,)).rulings_about(project) == ()


@pytest.mark.parametrize("choice", ["确认", "甲县、乙县"])
def test_a_ruling_on_an_office_of_many_rows_is_of_the_rows_that_name_it(choice: str) -> None:
    """Two rows, one with the office: the other one's history does not have the ruling."""
    group = "各县（市、区）"
    project = key_project((milestone(),)).having(participating_departments=(group,))
    other = key_project((milestone(project_id="2018-07"),), project_id="2018-07")
    (found,) = placeholder_findings(PROJECT, "组织部", [group])
    given = {"projects": (project, other), "findings": (found,), "rulings": (Ruling(finding=found.key, choice=choice),)}
    plan = settled(Plan.model_validate({**dict(HEADER), **given}))
    assert [len(plan.rulings_about(each)) for each in plan.projects] == [1, 0]


def test_a_ruling_reads_as_a_sentence() -> None:
    """The words, the choice, what was assumed, who, when, why."""
    assert ruling_words(ruled(reason="指全省")) == (
        "“全年”裁定为“全年”（原按2018-01-01至2018-12-31），督查科 2018-04-25，理由：指全省"
    )
