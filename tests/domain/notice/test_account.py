"""The account of a notice adds up, names what was left, and catches whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice.account_findings import schedule_findings
from domain.notice.compiling import Compilation, compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.findings import Finding
from tests.domain.notice.tables_at_random import compiled, made, must_be_accounted_for

HEADS = ["序号", "工作任务", "主要内容", "牵头单位", "配合单位", "工作进度安排", "备注"]
ROWS = [
    ["1", "任务甲", "建成系统", "甲局", "乙局、丙局", "3月：制定方案，4月底前报批；6月底前：建成投用", ""],
    ["2", "任务乙", "推广应用", "丁局", "戊局", "9月底前：推广到十个县", "联系人见附件"],
]
LINES = ["某市2024年重点工作清单", "2024年2月20日"]


def table_of(rows_: Sequence[Sequence[str]], name: str = "第") -> Table:
    return Table(tuple(Row(tuple(Cell(text) for text in row), f"{name}{at}行") for at, row in enumerate(rows_, 1)))


def notice_of(*blocks: Paragraph | Table) -> NoticeDocument:
    return NoticeDocument("list", (*(Paragraph(line) for line in LINES), *blocks))


def _codes(found: Compilation) -> set[str]:
    return {finding.code for finding in found.plan.findings}


def test_a_whole_list_leaves_nothing_but_its_remarks() -> None:
    """Tables, rows, columns, cells, paragraphs and characters are counted; the column that is not read is named."""
    found = compilation(notice_of(table_of([HEADS, *ROWS])))
    coverage = found.coverage
    assert (coverage.tables.taken, coverage.rows.taken, coverage.columns.left, coverage.cells.left) == (1, 3, 1, 1)
    assert [(part.kind, part.name, part.why, part.characters) for part in coverage.left] == [
        ("column", "备注", "这一栏不读", 6)
    ]
    assert any("备注" in finding.text and "联系人见附件" in finding.text for finding in found.plan.findings)


@pytest.mark.parametrize(
    ("rows_", "named"),
    [
        ([["单位", "联系人", "电话"], ["甲局", "张三", "12345"]], "联系人"),
        ([["序号", "责任单位", "金额"], ["1", "甲局", "12345"]], "责任单位"),
        ([["甲", "乙"], ["丙", "丁"]], "甲、乙"),
    ],
)
def test_a_table_beside_the_list_is_named(rows_: list[list[str]], named: str) -> None:
    """Whatever it holds, the operator hears that it was not taken."""
    found = compilation(notice_of(table_of([HEADS, *ROWS]), table_of(rows_, "附表第")))
    assert any(finding.code == "table_unread" and named in finding.text for finding in found.plan.findings)
    assert found.coverage.tables.left == 1


@pytest.mark.parametrize(
    "rows_",
    [
        [["状态说明", ""], ["已销号", "佐证材料齐全并经复核"]],
        [
            ["Status key", "Meaning"],
            ["Closed", "Evidence verified by Internal Audit and kept on the shared drive for review"],
        ],
        [["章节", "问题数", "完成率"], ["第四章 保障与安全", "6", "0%"]],
        [["填报说明"], ["总投资以立项批复为准，" * 20 + "通过项目管理系统更新进度"]],
        [["单位", "姓名"], ["甲局", "汪涛"]],
        [["总体情况"], ["截至2月底，全市共排查重大事故隐患312处"]],
        [["风险", "影响"], ["Vendor resources diverted", "high"]],
    ],
)
def test_every_word_of_a_table_beside_the_list_is_in_the_account(rows_: list[list[str]]) -> None:
    """However long it is, all that is written in it can be found there, and its start in a note."""
    found = compilation(notice_of(table_of([HEADS, *ROWS]), table_of(rows_, "附表第")))
    in_account = [part.text for part in found.coverage.left if part.kind == "table"]
    noted = "".join(finding.text for finding in found.plan.findings if finding.code == "table_unread")
    for text in (text for row in rows_ for text in row):
        assert any(text in part for part in in_account), text
        assert text[:40] in noted


def test_all_text_beside_the_list_is_in_the_account() -> None:
    """What no note quotes, for it says no time and stands before the list, can be found there."""
    lines = ("会办单位要主动配合主办单位开展工作。", "安全第一，预防为主。")
    found = compilation(notice_of(*map(Paragraph, lines), table_of([HEADS, *ROWS])))
    (left,) = (part.text for part in found.coverage.left if part.kind == "paragraph")
    assert all(line in left for line in lines)


def test_a_remark_that_changes_a_date_is_asked_about() -> None:
    """`拟改为12月底前完成` in a column that is not read must not be overlooked."""
    changed = [*ROWS[1][:6], "拟改为12月底前完成"]
    found = compilation(notice_of(table_of([HEADS, ROWS[0], changed])))
    (finding,) = [finding for finding in found.plan.unruled if finding.code == "remark_changes"]
    assert finding.project_id == "2024-02"


def test_a_duty_in_the_notices_own_text_is_named() -> None:
    """A monthly report that only the text asks for is in no table."""
    found = compilation(notice_of(table_of([HEADS, *ROWS]), Paragraph("各单位每月25日前报送进展情况。")))
    assert any(finding.code == "duty_in_text" and "每月25日前" in finding.text for finding in found.plan.findings)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("现将《某市2024年重点工作清单》印发给你们，请于4月5日前报送实施方案。", "请于4月5日前"),
        ("现将《某市2024年重点工作清单》印发给你们。各单位须于收到通知之日起10个工作日内报送方案。", "10个工作日内"),
        ("各责任单位应在印发后一个月内报送实施方案。", "一个月内"),
        ("现将《某市2024年重点工作清单》印发给你们，请认真贯彻落实。", ""),
        ("现将《某市2024年重点工作清单》（6月底前完成事项）印发给你们。", ""),
    ],
)
def test_a_duty_in_the_sentence_that_hands_out_the_list_is_named(line: str, asked: str) -> None:
    """Whether it names the list or not, and whether its limit is a day or is counted from one."""
    found = compilation(notice_of(Paragraph(line), table_of([HEADS, *ROWS])))
    told = [finding.text for finding in found.plan.findings if finding.code == "duty_in_text"]
    assert len(told) == bool(asked)
    assert all(asked in text for text in told)


def test_an_item_above_the_first_that_is_read_is_named() -> None:
    """It is numbered as the duties are, says no time, and whoever answers stands in a form of its own."""
    lines = [
        "1.地区生产总值增长6%左右（甲局、丁局，第1项为市长督办）。",
        "2.修订章程，6月底前印发。（乙局牵头，丙局配合）",
        "3.深化改革。",
        "4.加强作风建设。",
    ]
    found = compilation(notice_of(*map(Paragraph, lines)))
    assert [project.lead_department for project in found.plan.projects] == ["乙局"]
    assert any("地区生产总值" in finding.text for finding in found.plan.findings)


def test_struck_through_words_are_named_wherever_they_stand() -> None:
    """In a cell that is read, in one that is not, in a paragraph."""
    struck = Row(
        (*(Cell(text) for text in ROWS[0][:5]), Cell("6月底前", struck="3月底前"), Cell("", struck="暂缓")), "第2行"
    )
    heads = table_of([HEADS]).rows
    found = compilation(notice_of(Table((*heads, struck)), Paragraph("说明", struck="旧说明")))
    told = [finding.text for finding in found.plan.findings if finding.code == "struck_out"]
    assert all(any(words in text for text in told) for words in ("3月底前", "暂缓", "旧说明"))
    assert [str(milestone.due_on) for milestone in found.plan.projects[0].milestones] == ["2024-06-30"]


@given(st.integers(0, 1_000_000))
def test_what_went_into_a_table_comes_out_or_is_named(seed: int) -> None:
    """Any heads, one to three rows of them, merges, extra columns and tables, statuses, strikes: nothing is lost."""
    notice = made(seed)
    found = compiled(notice)
    if found is not None:
        must_be_accounted_for(notice, found)


class _Counted(list[Finding]):
    """Findings that count how often somebody goes through all of them."""

    gone_through = 0

    def __iter__(self) -> Iterator[Finding]:
        self.gone_through += 1
        return super().__iter__()


def test_the_account_goes_through_the_findings_once_for_all_projects() -> None:
    """Twenty thousand rows, each with a question, took minutes."""
    rows = [[str(at), f"任务{at}", "", "甲局", "", "尽快", ""] for at in range(1, 20)]
    plan = compilation(notice_of(table_of([HEADS, *rows]))).plan
    findings = _Counted(plan.findings)
    schedule_findings(plan.model_copy(update={"findings": findings}), {})
    assert (len(plan.projects), findings.gone_through) == (19, 1)
