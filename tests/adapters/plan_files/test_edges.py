"""Every field of a plan at its edges: a sentence, or a plan that can be started, written and read again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.ledger.leaf_bytes import canonical_event
from adapters.plan_files.xlsx_plan import read_plan as read_xlsx
from adapters.plan_files.xlsx_plan import write_plan as write_xlsx
from adapters.plan_files.yaml_plan import plan_of_text, text_of_plan
from domain.errors import InputError
from domain.ids import supervision_workflow_id
from domain.lists.docketing import docket
from domain.lists.startable import must_be_startable
from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Row, Table
from domain.notice.findings import Ruling
from domain.notice.plan import Plan
from domain.notice.rulings import settled
from domain.rules.policy import default_policy
from tests.domain.edges import TEXTS, Edge, edges, tried
from tests.domain.samples import CALENDAR, START

HEAD = ("序号", "项目名称", "主要内容", "牵头部门", "参与部门", "工作进度安排")
ROWS = (
    ("1", "培训", "全年培训", "组织部", "宣传部、学校部", "6月底前：办培训班30期；每两个月：报告一次。"),
    ("1", "调研", "", "宣传部", "", "全年：开展调研，上半年重点调研7个市。"),
)
EVERY = 5
"""One edge of so many goes through the file too."""


def the_plan() -> Plan:
    """A plan with everything in it: repeated serials, findings, rulings, quotas, recurrences."""
    rows = (Row(tuple(map(Cell, cells)), f"第{n}行") for n, cells in enumerate((HEAD, *ROWS), 1))
    document = NoticeDocument("关于印发2018年重点项目清单的通知.docx", (Table(tuple(rows)),))
    day = date(2018, 4, 25)
    plan = compile_notice(document, year=2018, issued_on=day)
    ruled = tuple(
        Ruling(
            finding=each.key, choice="确认", ruled_by="李明", ruled_on=day, reason="已核", source_text=each.source.text
        )
        for each in plan.findings
    )
    return settled(plan.model_copy(update={"rulings": ruled, "document_number": "办〔2018〕3号", "issuer": "省委"}))


BASE: Any = the_plan().model_dump(mode="json")
EDGES = list(edges(Plan.model_json_schema(), BASE))


def test_the_walk_reaches_every_field_of_a_plan() -> None:
    """Of the list, of its projects and milestones, of findings and rulings."""
    walked = {edge.path[0] for edge in EDGES}
    assert walked == set(Plan.model_fields)
    assert {edge.path[-1] for edge in EDGES} >= {"due_on", "every_months", "lead_department", "ruled_by", "assumed"}


def test_every_field_of_a_plan_at_its_edges_is_refused_or_starts() -> None:
    """What is read can be opened, recorded, told of and waited for, or the sentence says which project cannot."""
    started = sum(_starts(edge) for edge in EDGES)
    assert len(EDGES) // 10 < started < len(EDGES)


def startable(plan: Any) -> None:
    """Hold that a year can start from a plan."""
    must_be_startable(plan, default_policy(), CALENDAR, START)


def _starts(edge: Edge) -> bool:
    read = tried(lambda: Plan.model_validate(edge.document), ValidationError)
    if isinstance(read, ValidationError):
        return False
    plan = tried(lambda: settled(read), InputError)
    refusal = plan if isinstance(plan, InputError) else tried(lambda: startable(plan), InputError)
    if isinstance(refusal, InputError):
        assert refusal.text.endswith("。"), f"{edge}: {refusal.text}"
        return False
    assert isinstance(plan, Plan)
    for project in plan.projects:
        for event in docket(plan.header, project, default_policy(), CALENDAR, START, plan.rulings_about(project)):
            assert canonical_event(supervision_workflow_id(project.project_id), event).body, str(edge)
    return True


@pytest.mark.parametrize("edge", [e for e in EDGES[::EVERY] if e.name not in ("many", "100,000 characters")], ids=str)
def test_a_plan_file_at_its_edges_is_a_sentence_or_a_plan(edge: Edge) -> None:
    """As JSON, which is YAML too; what is read is written and read again without loss."""
    plan = tried(lambda: plan_of_text(json.dumps(edge.document), "计划.yaml"), InputError)
    if isinstance(plan, InputError):
        assert plan.text.startswith("计划.yaml")
        assert plan.text.endswith("。")
        assert "\n" not in plan.text
        return
    assert plan_of_text(text_of_plan(plan), "计划.yaml") == plan


@pytest.mark.parametrize("name", TEXTS)
def test_a_spreadsheet_keeps_every_text_that_a_plan_may_hold(name: str, tmp_path: Any) -> None:
    """Or it is no plan at all."""
    document = json.loads(json.dumps(BASE))
    for project in document["projects"]:
        project["title"] = TEXTS[name]
    try:
        plan = Plan.model_validate(document)
    except ValidationError:
        return
    write_xlsx(plan, tmp_path / "计划.xlsx")
    assert read_xlsx(tmp_path / "计划.xlsx").projects[0].title == plan.projects[0].title


@pytest.mark.parametrize("name", ["escape", "bell", "NUL", "turned round", "lone surrogate", "100,000 characters"])
@pytest.mark.parametrize("column", range(len(HEAD)), ids=HEAD)
def test_a_notice_with_such_a_text_in_a_cell_is_a_plan_or_a_sentence(name: str, column: int) -> None:
    """Whatever reader hands it over: what a plan cannot keep is named with its row and column."""
    cells = [*ROWS[0]]
    cells[column] = f"{cells[column]}{TEXTS[name]}"
    rows = (Row(tuple(map(Cell, each)), f"第{n}行") for n, each in enumerate((HEAD, cells), 1))
    document = NoticeDocument("清单.docx", (Table(tuple(rows)),))
    plan = tried(lambda: compile_notice(document, year=2018, issued_on=date(2018, 4, 25)), InputError)
    if isinstance(plan, InputError):
        assert "清单.docx" in plan.text
        assert plan.text.endswith("。")
        return
    assert Plan.model_validate(plan.model_dump()) == plan
