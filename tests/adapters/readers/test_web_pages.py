"""Web pages on which offices publish, and files whose name says another format than they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import Compilation, compilation
from tests.adapters.readers.notice_files import save_docx, save_xlsx

_HEADS = ["序号", "工作任务", "牵头单位", "完成时限"]
_ROW = ["1", "建平台", "市大数据局", "6月底前"]
_TITLE = "海城市2027年重点工作清单"


def _compiled(path: Path, body: str) -> Compilation:
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return compilation(read_notice(path))


def _table(*rows: list[str]) -> str:
    return "<table>" + "".join("<tr><td>" + "<td>".join(row) for row in (_HEADS, *rows)) + "</table>"


def test_what_stands_around_a_pages_text_is_named(tmp_path: Path) -> None:
    """Menus, feet and words that the page does not show are left out, each told."""
    body = f"<nav>首页</nav><h1>{_TITLE}</h1>{_table(_ROW)}<p hidden>第1项改为9月底前</p><footer>版权所有</footer>"
    plan = _compiled(tmp_path / "page.html", body).plan
    told = {finding.source.text: finding.needs_ruling for finding in plan.findings if finding.code == "file_left_out"}
    assert told == {"首页": False, "版权所有": False, "第1项改为9月底前": True}


def test_a_prose_list_on_a_page_is_read_with_the_numbers_that_a_browser_writes(tmp_path: Path) -> None:
    """Items of `<ol>` count on; struck-out words are not valid."""
    body = (
        f"<h1>{_TITLE}</h1><ol><li>建平台。<s>5月底前</s>6月底前上线。（牵头单位：市大数据局）"
        "<li>修道路。9月底前完工。（牵头单位：市交通局）</ol>"
    )
    plan = _compiled(tmp_path / "page.htm", body).plan
    read = [(project.serial, project.lead_department, str(project.milestones[-1].due_on)) for project in plan.projects]
    assert read == [("1", "市大数据局", "2027-06-30"), ("2", "市交通局", "2027-09-30")]
    assert any(finding.code == "struck_out" for finding in plan.findings)


def test_nothing_of_a_page_is_lost(tmp_path: Path) -> None:
    """A table in a place of a table, words between rows, entities: counted by other means, nothing is missing."""
    inner = "<table><tr><td>甲路<td>7月底前</table>"
    body = f"<h1>{_TITLE}</h1>表一&nbsp;&lt;续&gt;" + _table(_ROW, ["2", f"修道路{inner}", "市交通局", "9月底前"])
    coverage = _compiled(tmp_path / "page.html", body).coverage
    assert coverage.file_characters
    assert coverage.file_missing == 0


@pytest.mark.parametrize("name", ["list.doc", "list.csv", "list.xlsx", "list.pdf", "list"])
def test_a_word_file_under_another_name_is_read_as_what_it_is(name: str, tmp_path: Path) -> None:
    """Nobody has to rename it."""
    save_docx(tmp_path / name, [_TITLE], [_HEADS, _ROW])
    assert compilation(read_notice(tmp_path / name)).plan.projects[0].title == "建平台"


def test_a_spreadsheet_under_the_name_of_a_text_is_read(tmp_path: Path) -> None:
    """As a Word file is."""
    save_xlsx(tmp_path / "list.docx", [_TITLE], [_HEADS, _ROW])
    assert compilation(read_notice(tmp_path / "list.docx")).plan.projects[0].title == "建平台"
