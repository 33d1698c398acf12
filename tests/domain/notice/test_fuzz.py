"""Nothing that is put before the compiler makes it fail, hang, or lose a date without a finding."""

from __future__ import annotations

import time

import pytest

from domain.errors import InputError
from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.window_reading import read_window
from tests.domain.notice.fuzz import fuzz


def test_random_and_mutated_inputs_never_fail_or_hang() -> None:
    """A short form of the run of 20,000 (python -m tests.domain.notice.fuzz)."""
    assert fuzz(500, seed=7) < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "3月" * 5_000,
        "（" * 5_000,
        "1-" * 5_000,
        "每" * 10_000,
        "一" * 10_000,
        "3月：" + "全年，" * 3_000,
        "《" * 3_000 + "3月",
        "by " * 5_000,
        " " * 10_000,
        "后" * 10_000 + "30日内",
        "\n3月" * 3_000,
    ],
    ids=lambda text: f"{text[:4]!r}x{len(text)}",
)
def test_a_monstrous_expression_is_read_in_bounded_time(text: str) -> None:
    """No input makes the reading quadratic enough to hang."""
    begin = time.process_time()
    read_window(text, 2018)
    assert time.process_time() - begin < 10.0


def test_a_list_of_a_thousand_rows_compiles_in_seconds() -> None:
    """A fifth of the promised 5,000 rows in a fifth of the promised minute."""
    heads = Row(tuple(Cell(text) for text in ("序号", "项目名称", "牵头部门", "参与部门", "工作进度安排")), "第1行")
    schedule = (
        "3月：启动试点，完成调研；4月起：指导基层；上半年：对单位进行一次督查；全年：举办6期培训班；年底前：完成80%。"
    )
    rows = [
        Row(tuple(Cell(text) for text in (str(n), f"项目{n}", "组织部", "宣传部", schedule)), f"第{n}行")
        for n in range(1, 1001)
    ]
    begin = time.process_time()
    plan = compile_notice(NoticeDocument("large", (Paragraph("2018年清单"), Table((heads, *rows)))))
    assert time.process_time() - begin < 12
    assert sum(len(project.milestones) for project in plan.projects) == 5_000


@pytest.mark.parametrize("head", ["序\u061c号", "\ufde6", "任务\u202e来源"])
def test_a_head_that_no_plan_can_keep_is_refused_in_a_sentence(head: str) -> None:
    """Characters that turn a line round, or that are none, in a head that a finding would quote."""
    heads = Row(tuple(Cell(text) for text in (head, "事\u061c情", "牵头部门", "完成时限")), "第1行")
    row = Row(tuple(Cell(text) for text in ("甲一二", "建成系统", "组织部", "6月底前")), "第2行")
    with pytest.raises(InputError, match="不能含控制字符"):
        compile_notice(NoticeDocument("odd", (Paragraph("2018年清单"), Table((heads, row)))))
