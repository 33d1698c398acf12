"""Tables in HTML inside Markdown, and tables of a text that only blanks hold apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compilation
from domain.notice.document import Table

_HEAD = "# 某市2024年重点工作清单\n\n2024年2月20日印发\n\n"
_HEADS = "<tr><th>序号</th><th>工作任务</th><th>牵头单位</th><th>完成时限</th></tr>"


def _dues(path: Path) -> list[tuple[str, list[str]]]:
    plan = compilation(read_notice(path)).plan
    assert not {"file_unread", "left_unread"} & {finding.code for finding in plan.findings}
    return [(project.title, [str(m.due_on) for m in project.milestones]) for project in plan.projects]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # A row is not closed, entities, a break and a comment.
        ("<tr><td>1<td>甲&amp;乙<td>甲局<td>6月<br>底前<!-- 旧 -->", [("甲&乙", ["2024-06-30"])]),
        # What is struck out is not valid.
        ("<tr><td>1</td><td>甲</td><td>甲局</td><td><del>3月</del>6月底前</td></tr>", [("甲", ["2024-06-30"])]),
        # A place that reaches over two rows, and one over two columns.
        (
            (
                "<tr><td colspan=4>一、经济</td></tr>"
                "<tr><td rowspan=2>1</td><td rowspan=2>甲</td><td rowspan=2>甲局</td>"
                "<td>3月底前：立项</td></tr><tr><td>9月底前：建成</td></tr>"
            ),
            [("甲", ["2024-03-31", "2024-09-30"])],
        ),
        # A table inside a place is a part of its text.
        (
            (
                "<tr><td>1</td><td>甲<table><tr><td>乙</td></tr></table></td><td>甲局</td><td>6月底前</td></tr>"
                "<tr><td>2</td><td>丙</td><td>丙局</td><td>7月底前</td></tr>"
            ),
            [("甲\n乙", ["2024-06-30"]), ("丙", ["2024-07-31"])],
        ),
    ],
)
def test_a_table_in_html_is_read_with_its_merged_places(
    rows: str, expected: list[tuple[str, list[str]]], tmp_path: Path
) -> None:
    """However carelessly it is closed; nothing of it is lost between the file and the plan."""
    path = tmp_path / "list.md"
    path.write_text(f"{_HEAD}<table>{_HEADS}{rows}</table>\n\n联系人：督查科", encoding="utf-8")
    assert [(title.replace("\n", ""), dues) for title, dues in _dues(path)] == [
        (title.replace("\n", ""), dues) for title, dues in expected
    ]


def test_pipe_tables_and_tables_in_html_stand_side_by_side(tmp_path: Path) -> None:
    """Each in its place, and both are read."""
    pipes = "| 序号 | 工作任务 | 牵头单位 | 完成时限 |\n|---|---|---|---|\n| 1 | 甲 | 甲局 | 3月底前 |\n"
    html = f"<table>{_HEADS}<tr><td>2</td><td>乙</td><td>乙局</td><td>6月底前</td></tr></table>"
    path = tmp_path / "list.md"
    path.write_text(f"{_HEAD}{pipes}\n{html}\n", encoding="utf-8")
    assert _dues(path) == [("甲", ["2024-03-31"]), ("乙", ["2024-06-30"])]


_ALIGNED = """某市2024年重点工作清单

2024年2月20日印发

序号  工作任务          牵头单位    完成时限
1     改造老旧小区      住建局      6月底前
      和背街小巷
2     建设共享平台，分  大数据局    9月底前
      两期完成
3     修订应急预案并组织演练 应急管理局  12月底前

附件二

序号\u3000\u3000事项\u3000\u3000\u3000\u3000责任单位\u3000\u3000时限
4\u3000\u3000\u3000\u3000新建学校\u3000\u3000教育局\u3000\u3000\u30008月底前
"""


def test_columns_that_only_blanks_hold_apart_are_read(tmp_path: Path) -> None:
    """With texts over several lines, a text that is one blank away from the next column, and a second table."""
    path = tmp_path / "list.txt"
    path.write_text(_ALIGNED, encoding="utf-8")
    assert [(title.replace("\n", ""), dues) for title, dues in _dues(path)] == [
        ("改造老旧小区和背街小巷", ["2024-06-30"]),
        ("建设共享平台，分两期完成", ["2024-09-30"]),
        ("修订应急预案并组织演练", ["2024-12-31"]),
        ("新建学校", ["2024-08-31"]),
    ]


def test_running_text_with_blanks_in_it_is_no_table(tmp_path: Path) -> None:
    """Three known heads must stand side by side: blanks alone make no columns."""
    path = tmp_path / "list.txt"
    items = ["1.修订预案。  6月底前完成。  （甲局牵头）", "2.组织演练。  9月底前完成。  （乙局牵头）"]
    path.write_text("\n".join(["某市2024年重点工作清单", "2024年2月20日", *items]), encoding="utf-8")
    assert not any(isinstance(block, Table) for block in read_notice(path).blocks)
    assert [dues for _, dues in _dues(path)] == [["2024-06-30"], ["2024-09-30"]]
