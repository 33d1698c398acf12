"""The lists that starts are killed over: the real one with made-up rows behind it, and the same list issued again.

Each year has departments of its own, so that a run in an installation that others have used starts mailboxes too.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bench import sample
from bench.processes import ROOT
from domain.ids import DepartmentId
from domain.notice.plan import Plan
from domain.project import KeyProject, Milestone
from entrypoints.bootstrap.plan_files import read_plan, write_plan

_REAL = ROOT / "examples" / "2018-key-projects.yaml"
_FIRST_MADE_UP, _FIRST_ADDED = 1_001, 3_001
_MADE_UP_DUE = sample.month_ends(7, 3)
_REISSUED_ON = date(2018, 5, 10)


def first_list(year: int, made_up: int) -> Plan:
    """The real list, its rulings included, and so many made-up rows, as the plan of a year."""
    plan = read_plan(_REAL)
    rows = (sample.project(serial, _MADE_UP_DUE) for serial in range(_FIRST_MADE_UP, _FIRST_MADE_UP + made_up))
    return _of_year(plan.model_copy(update={"projects": (*plan.projects, *rows)}), year)


def list_again(first: Plan) -> Plan:
    """The list issued again: of four rows one gets another date, one another lead, one stays and one is dropped; one
    row is added for each that is dropped."""
    kept: list[KeyProject] = []
    added: list[KeyProject] = []
    for place, project in enumerate(first.projects):
        match place % 4:
            case 0:
                milestones = tuple(_moved(milestone) for milestone in project.milestones)
                kept.append(project.model_copy(update={"milestones": milestones}))
            case 1:
                lead = DepartmentId(f"督查室{first.year}")
                kept.append(project.model_copy(update={"lead_department": lead}))
            case 2:
                kept.append(project)
            case _:
                added.append(_of_row(sample.project(_FIRST_ADDED + place, _MADE_UP_DUE), first.year))
    update = {
        "document_number": f"督办〔{first.year}〕9号",
        "issued_on": _REISSUED_ON.replace(year=first.year),
        "projects": (*kept, *added),
    }
    return first.model_copy(update=update)


def kept_as(plan: Plan, folder: Path, name: str) -> Path:
    """A plan in a file, as a start takes it."""
    path = folder / f"{plan.year}-{name}.yaml"
    write_plan(plan, path)
    return path


def _moved(milestone: Milestone) -> Milestone:
    if milestone.due_on is None:
        return milestone
    return milestone.model_copy(update={"due_on": milestone.due_on - timedelta(days=1)})


def _of_year(plan: Plan, year: int) -> Plan:
    text = plan.model_dump_json().replace(str(sample.YEAR), str(year))
    moved = Plan.model_validate_json(text)
    return moved.model_copy(update={"projects": tuple(_of_row(project, year) for project in moved.projects)})


def _of_row(project: KeyProject, year: int) -> KeyProject:
    own = KeyProject.model_validate_json(project.model_dump_json().replace(str(sample.YEAR), str(year)))
    return own.model_copy(
        update={
            "lead_department": f"{own.lead_department}{year}",
            "participating_departments": tuple(f"{name}{year}" for name in own.participating_departments),
        }
    )
