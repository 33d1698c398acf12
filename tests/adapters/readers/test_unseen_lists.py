"""Whole lists of very different offices, with what people would read, by somebody who had not seen the reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.readers.any_notice import AnyNoticeReader
from domain.notice.compiling import compile_notice
from domain.notice.findings import Finding
from domain.notice.plan import Plan
from domain.project import KeyProject, Milestone
from tests.adapters.readers.list_files import DescribedList, described_lists
from tests.domain.notice.expected_windows import Asked, ExpectedWindow, expected

_LISTS = described_lists(Path(__file__).with_name("unseen_lists"))
_NAMES = [str(described.described["file"]) for described in _LISTS]
_MARKS = " \u3000，。；,;.、：:"


@pytest.fixture(params=_LISTS, ids=_NAMES, scope="module")
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[DescribedList, Plan]:
    """One list, and the plan that its file became."""
    described: DescribedList = request.param
    path = described.write(tmp_path_factory.mktemp("lists"))
    return described, compile_notice(AnyNoticeReader().read(path))


def _asked_of(project: dict[str, Any], year: int) -> list[tuple[str, Asked, ExpectedWindow]]:
    asked_of: list[tuple[str, Asked, ExpectedWindow]] = []
    for line in project["milestones"]:
        description, reading = line.split(" | ")
        asked, windows = expected(reading, year)
        asked_of += [(description, asked, window) for window in windows or [ExpectedWindow("?..?*", year)]]
    return asked_of


def _findings_on(plan: Plan, project: KeyProject, milestone: Milestone) -> list[Finding]:
    """What is asked about a milestone's time; who is meant by `各街道` is another question."""
    found = [
        finding
        for finding in plan.findings
        if finding.project_id == project.project_id
        and finding.needs_ruling
        and not finding.code.startswith("placeholder_")
    ]
    return [f for f in found if f.milestone_id == milestone.milestone_id] or [f for f in found if not f.milestone_id]


def test_the_projects_have_their_titles_and_departments(compiled: tuple[DescribedList, Plan]) -> None:
    """The year, and of every row the title, the lead and the participants."""
    described, plan = compiled
    assert plan.year == described.year
    assert [(p.title, p.lead_department, list(p.participating_departments)) for p in plan.projects] == [
        (p["title"], p["lead"], list(p.get("with", ()))) for p in described.projects
    ]


def test_every_milestone_has_its_description(compiled: tuple[DescribedList, Plan]) -> None:
    """One milestone for each deliverable, in the order of the text, without its label."""
    described, plan = compiled
    for project, row in zip(plan.projects, described.projects, strict=True):
        asked_of = _asked_of(row, described.year)
        assert len(project.milestones) == len(asked_of), [m.description for m in project.milestones]
        for milestone, (description, _, _) in zip(project.milestones, asked_of, strict=True):
            told = milestone.description.strip(_MARKS)
            assert description == "*" or told in (description, f"{milestone.window_text}{description}")


def test_every_milestone_has_its_window_or_a_finding(compiled: tuple[DescribedList, Plan]) -> None:
    """Where people agree the window and the number are theirs, and nobody is asked; where not, somebody is."""
    described, plan = compiled
    for project, row in zip(plan.projects, described.projects, strict=True):
        for milestone, (_, asked, window) in zip(project.milestones, _asked_of(row, described.year), strict=True):
            to_rule = _findings_on(plan, project, milestone)
            if asked == "doubtful":
                assert to_rule, milestone
            elif asked == "either":
                assert to_rule or window.fits(milestone, quota=False), milestone
            else:
                assert window.fits(
                    milestone, quota=bool(project.schedule_text and milestone.description != row["title"])
                )
                assert not to_rule, milestone
