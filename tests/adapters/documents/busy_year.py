"""The papers of a year in which everything happens, of both lists, played on the core alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.actors import department
from domain.acts import commands as c
from domain.errors import RejectedError
from domain.notice.compiling import compilation
from domain.papers.paper import NumberedPaper, Paper, paper_number
from domain.project import KeyProject
from entrypoints.bootstrap.plan_files import load_plan, read_notice
from tests.domain.samples import LI, WANG, Desk, request
from tests.examples.sixty_projects import notice


def real_projects() -> tuple[KeyProject, ...]:
    """The rows of the real list."""
    return load_plan(Path("examples/2018-key-projects.yaml")).projects


def sixty_projects(folder: Path) -> tuple[KeyProject, ...]:
    """The rows of the second list, read from its notice."""
    file = folder / "notice.txt"
    file.write_text(notice(), encoding="utf-8")
    return compilation(read_notice(file)).plan.projects


def papers_of(projects: tuple[KeyProject, ...]) -> list[NumberedPaper]:
    """Every paper of the year, numbered as the ledger would."""
    numbers: Counter[tuple[str, int]] = Counter()
    found = []
    for paper in sorted((each for project in projects for each in _lived(project)), key=lambda each: each.issued_at):
        numbers[paper.kind, paper.year] += 1
        sequence = numbers[paper.kind, paper.year]
        number = paper_number(paper.kind, paper.year, sequence)
        found.append(NumberedPaper(number=number, sequence=sequence, paper=paper))
    return found


def _lived(project: KeyProject) -> Iterator[Paper]:
    desk, lead = Desk(project=project), department(project.lead_department)

    def give(command: type[Any], when: str, milestone_id: str | None = None, **facts: Any) -> None:
        desk.run_until(when)
        with suppress(RejectedError):
            desk.ask(request(command, milestone_id, **facts))

    *_, last = (each.milestone_id for each in project.milestones)
    give(c.IssueDirective, "06-04 15:00", None, leader="省委书记", text="请“改革”专班抓紧落实。")
    give(c.RequestExtension, "06-05 10:00", last, by=lead, new_due_on=desk.now.date() + timedelta(days=300))
    give(c.ReviewExtension, "06-06 10:00", last, by=LI)
    give(c.RuleOnExtension, "06-07 10:00", last, by=WANG, ruling="refuse")
    for each in project.milestones:
        give(c.Urge, "08-01 10:00", each.milestone_id, reason="进度偏慢，请说明原因。")
        give(c.OpenInspection, "08-02 10:00", each.milestone_id, reason="群众来信反映")
        give(c.RecordFinding, "08-03 10:00", each.milestone_id, text="会议通知迟发两周。")
        give(c.ConcludeInspection, "08-06 10:00", each.milestone_id, conclusion="责任不清。", rectify=True)
        give(c.RequestCompletion, "08-07 10:00", each.milestone_id, by=lead, text="已完成")
        give(c.ReturnForRework, "08-08 10:00", each.milestone_id, reason="佐证材料不全。")
        if each.milestone_id != last:
            give(c.RequestCompletion, "08-09 10:00", each.milestone_id, by=lead, text="已补齐")
            give(c.AcceptCompletion, "08-10 10:00", each.milestone_id, by=LI, note="同意。")
            give(c.StrikeOff, "08-13 10:00", each.milestone_id, by=WANG)
    give(
        c.PublishBulletin, "09-03 10:00", None, kind="criticism", department=project.lead_department, text="推进不力。"
    )
    give(c.CloseYear, "12-31 10:00", None, to_year=2019, reason="跨年度实施")
    yield from desk.papers
