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

_BASIS = "依据某政办〔2018〕30号（2018年5月10日印发）"


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


def _amended(project: KeyProject, last: str) -> KeyProject:
    """The row as a re-issued list has it: another name with marks in it, a date that moves, a milestone more."""
    *others, end = project.milestones
    due_on = end.due_on and end.due_on + timedelta(days=1)
    moved = end.model_copy(update={"description": f"{end.description}（“回头看”）", "due_on": due_on})
    number = f"{last[:-2]}{len(project.milestones) + 1:02d}"
    more = end.model_copy(update={"milestone_id": number, "description": "形成“一张清单”"})
    return project.having(title=f"{project.title}“升级版”", milestones=(*others, moved, more))


def _lived(project: KeyProject) -> Iterator[Paper]:
    desk, lead = Desk(project=project), department(project.lead_department)

    def give(command: type[Any], when: str, milestone_id: str | None = None, **facts: Any) -> None:
        desk.run_until(when)
        with suppress(RejectedError):
            desk.ask(request(command, milestone_id, **facts))

    *_, last = (each.milestone_id for each in project.milestones)
    give(c.Suspend, "05-02 10:00", last, reason="机构改革集中办公", until=None)
    give(c.Resume, "05-14 10:00", last, reason="机构改革已经完成。")
    for helper in project.participating_departments[:1]:
        give(c.ReplaceParticipant, "05-15 10:00", None, department=helper, to="机关党委", reason="职责调整。")
    give(c.AmendProject, "05-16 10:00", None, basis=_BASIS, project=_amended(project, last))
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
    give(c.ReassignLead, "10-10 10:00", None, to="机关党委", reason="职责调整")
    give(c.CloseYear, "12-31 10:00", None, to_year=2019, reason="跨年度实施")
    yield from desk.papers
