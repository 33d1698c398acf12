"""Texts as a page leaves them: broken at its width, with its numbers and heads between, a cell a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compilation
from domain.notice.document import Paragraph
from domain.notice.plan import Plan
from domain.notice.refusals import NoTableError
from tests.domain.notice.plans import told

_HEAD = "某市2026年重点工作分工\n2026年2月9日\n"


def _plan(path: Path, text: str) -> Plan:
    path.write_text(f"{_HEAD}{text}", encoding="utf-8")
    return compilation(read_notice(path)).plan


def _paragraphs(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    return [block.text for block in read_notice(path).blocks if isinstance(block, Paragraph)]


def _said(plan: Plan) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    return [
        (each.title, each.lead_department, each.participating_departments, [str(m.due_on) for m in each.milestones])
        for each in plan.projects
    ]


def test_a_bracket_that_a_line_leaves_open_is_closed_on_the_next(tmp_path: Path) -> None:
    """A date, an office and a label that the line's end cuts in two are whole."""
    plan = _plan(
        tmp_path / "list.txt",
        "1.建桥。（牵头单位：甲局；配合单位：乙\n局；完成时限：11月\n15日前）\n2.修路。（牵头单位：丙局\n完成时限：8月底前）\n",
    )
    assert _said(plan) == [("建桥", "甲局", ("乙局",), ["2026-11-15"]), ("修路", "丙局", (), ["2026-08-31"])]
    assert "left_unread" not in told(plan)


def test_a_paragraph_goes_on_over_a_line_and_a_page(tmp_path: Path) -> None:
    """Lines that are as wide as the page are one; numbers and heads of pages are told and stand in no duty."""
    full = [
        "一、完善公共文化服务体系。由甲局牵头，市自",
        "然资源局、乙局配合，新建书房十二个、公园五",
        "处、戏台三十个，修缮文物建筑，整治周边环境",
    ]
    ends = ["，10月20日前全部开放。", "二、修路。由丙局牵头，6月底前完成。"]
    head = "\f某市重点工作\n"
    text = f"{full[0]}\n{full[1]}\n     — 1 —\n\n{head}{full[2]}\n{ends[0]}\n     — 2 —\n{head}{ends[1]}\n"
    plan = _plan(tmp_path / "list.txt", text)
    assert _said(plan) == [
        ("完善公共文化服务体系", "甲局", ("市自然资源局", "乙局"), ["2026-10-20"]),
        ("修路", "丙局", (), ["2026-06-30"]),
    ]
    (pages,) = [finding.text for finding in plan.findings if finding.code == "file_left_out"]
    assert "某市重点工作" in pages
    assert "— 2 —" in pages
    assert "file_unread" not in told(plan)


def test_the_heads_of_a_thousand_pages_refuse_no_file(tmp_path: Path) -> None:
    """They are told by their beginning."""
    page = "— {0} —\n某市二〇二六年重点民生工程任务分工方案（全文公开版）\n{0}.建设项目{0}号（甲局牵头，6月底前）\n"
    plan = _plan(tmp_path / "list.txt", "".join(page.format(at) for at in range(1, 900)))
    assert (len(plan.projects), "file_unread" in told(plan)) == (899, False)


@pytest.mark.parametrize(
    "lines",
    [
        # A bracket that nobody closes before the next item.
        ["1.建桥（甲局牵头", "2.修路（乙局牵头）"],
        # Lines as wide as each other, without the mark that ends a paragraph.
        [
            "甲局负责修订公司章程并于六月底前印发执行",
            "乙局负责完善应急预案并于七月底前组织演练",
            "丙局负责清理历史挂账并于八月底前完成销号",
        ],
        ["第一段写完了。", "第二段也写完了。"],
    ],
)
def test_lines_that_are_whole_stay_apart(lines: list[str], tmp_path: Path) -> None:
    """What a person wrote on two lines is two."""
    assert _paragraphs(tmp_path / "list.txt", "\n".join(lines)) == lines


_CELLS = ["序号", "任务", "牵头单位", "完成时限", "1", "建桥", "甲局", "6月底前", "2", "修路", "乙局", "7月底前"]


def test_a_table_of_a_cell_a_line_is_read(tmp_path: Path) -> None:
    """As it comes from a web page, with text behind it."""
    plan = _plan(tmp_path / "list.txt", "\n".join([*_CELLS, "联系人：周某"]))
    assert _said(plan) == [("建桥", "甲局", (), ["2026-06-30"]), ("修路", "乙局", (), ["2026-07-31"])]


def test_a_row_that_lacks_a_cell_is_not_guessed_at(tmp_path: Path) -> None:
    """Nobody can say which of them is missing: the file is refused with what to do."""
    with pytest.raises(NoTableError):
        _plan(tmp_path / "list.txt", "\n".join(_CELLS[:6] + _CELLS[7:]))


def test_pieces_between_blanks_are_cells_where_each_row_has_as_many_as_heads(tmp_path: Path) -> None:
    """However short or long they are, so that nothing stands below its head."""
    rows = [
        "序号  任务  牵头单位  完成时限",
        "1  建设城市快速路网东二环高架  交通局  6月底前",
        "2  修路  乙局  7月底前",
    ]
    plan = _plan(tmp_path / "list.txt", "\n".join([*rows, "请各单位抓好落实。"]))
    assert [each[:2] for each in _said(plan)] == [("建设城市快速路网东二环高架", "交通局"), ("修路", "乙局")]


@pytest.mark.parametrize("name", ["list.md", "list.txt"])
def test_bold_lines_of_a_text_are_its_headings(name: str, tmp_path: Path) -> None:
    """An office in bold heads the items below it, whatever the file is called."""
    plan = _plan(tmp_path / name, "\n**甲处**\n\n- 建设大桥，6月底前完成\n\n**乙处**\n\n- 1.2 修复道路，7月底前完成\n")
    assert [each[:2] for each in _said(plan)] == [("建设大桥", "甲处"), ("修复道路", "乙处")]
    assert not {"left_unread", "text_beside"} & set(told(plan))
