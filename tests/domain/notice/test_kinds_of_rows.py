"""Kinds of rows and columns: totals, sub-tasks with leads of their own, helpers' columns, milestones beside a limit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan
from domain.notice.windows import last_of_month

_HEADS = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"]


def _compiled(
    heads: Sequence[str], *rows: Sequence[str], merged: Sequence[int] = (), lines: Sequence[str] = ()
) -> Plan:
    """The plan of one table; the columns `merged` are one place over all rows below the heads."""
    body = [
        Row(
            tuple(Cell(text, region=at + 1 if at in merged else None) for at, text in enumerate(row)),
            f"第{number}行",
        )
        for number, row in enumerate(rows, 2)
    ]
    table = Table((Row(tuple(map(Cell, heads)), "第1行"), *body))
    heading = [Paragraph(line) for line in lines or ("某市2024年重点工作清单", "2024年2月20日")]
    return compilation(NoticeDocument("list", (*heading, table))).plan


def _asked(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings if finding.needs_ruling]


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


def _told(plan: Plan) -> list[tuple[str, str]]:
    return [(m.description, str(m.due_on)) for m in plan.projects[0].milestones]


@pytest.mark.parametrize(
    "title",
    [
        *(
            "总分馆体系建设方案编制",
            "合计税务改革",
            "小计件工资试点",
            "共计划生育改革",
            "总计划编制",
            "平均地权改革试点",
        ),
        *(
            "总分校建设",
            "合计划编制",
            "得分制考核改革",
            "Total quality management",
            "Summer school",
            "Subtotals review",
        ),
    ],
)
def test_a_duty_whose_title_begins_with_a_word_of_totals_is_a_project(title: str) -> None:
    """Only a row that is a total and nothing else is left out: a title is never cut short to its first word."""
    plan = _compiled(_HEADS, ["1", "任务甲", "甲局", "", "6月底前"], ["2", title, "乙局", "", "9月底前"])
    assert [project.title for project in plan.projects] == ["任务甲", title]
    assert "row_left" not in _codes(plan)


@pytest.mark.parametrize(
    "row",
    [
        *(
            ["合计", "", "", "", ""],
            ["合计", "2", "", "", ""],
            ["", "合　计", "12", "", ""],
            ["", "小计：", "3项", "", ""],
        ),
        *(["", "总计", "3.5亿元", "（2项）", ""], ["", "Total", "12", "", ""], ["", "总分", "100分", "", ""]),
        *(["", "合计：12项", "", "", ""], ["", "Grand total", "$1,200", "", ""], ["9", "共计", "98%", "", "—"]),
    ],
)
def test_a_row_of_totals_is_left_out_with_a_note(row: list[str]) -> None:
    """A word of totals as the whole title, with nothing but numbers beside it."""
    plan = _compiled(_HEADS, ["1", "任务甲", "甲局", "", "6月底前"], row)
    assert [project.title for project in plan.projects] == ["任务甲"]
    assert _codes(plan).count("row_left") == 1
    assert not _asked(plan)


def test_a_total_with_words_beside_it_is_asked_about() -> None:
    """`合计` with a lead and a time may be a duty: nobody drops it for a note."""
    plan = _compiled(_HEADS, ["1", "任务甲", "甲局", "", "6月底前"], ["2", "合计", "乙局", "", "9月底前"])
    assert len(plan.projects) == 2
    assert "total_in_doubt" in _asked(plan)


@pytest.mark.parametrize(
    "head",
    [
        *(
            "活动名称",
            "建议题目",
            "提案题目",
            "案由",
            "提案标题",
            "制度名称",
            "课题名称",
            "规划名称",
            "议题名称",
            "培训主题",
        ),
        *("会议主题", "演练名称", "宣传主题", "立法项目名称", "产品名称"),
    ],
)
def test_a_head_of_names_is_the_title_beside_other_words(head: str) -> None:
    """`活动名称` names the duty, `活动地点` does not, and nobody is asked which of them does."""
    heads = ["序号", head, "地点描述", "责任单位", "完成时限"]
    plan = _compiled(heads, ["1", "任务甲", "云湖公园南门", "甲局", "6月底前"])
    assert [project.title for project in plan.projects] == ["任务甲"]
    assert not _asked(plan)


_STEPS = ["序号", "工作任务", "牵头单位", "关键节点", "完成时限"]
_TITLE = "建设服务平台"


@pytest.mark.parametrize(
    ("steps", "limit", "told"),
    [
        ("方案5月底前报批", "11月底前", [("方案", "2024-05-31"), (_TITLE, "2024-11-30")]),
        (
            "3月完成招标；8月上线试运行",
            "12月底前",
            [("招标", "2024-03-31"), ("上线", "2024-08-31"), (_TITLE, "2024-12-31")],
        ),
        (
            "3月底前：制定方案\n6月底前：试运行",
            "9月底前",
            [("方案", "2024-03-31"), ("试运行", "2024-06-30"), (_TITLE, "2024-09-30")],
        ),
        (
            "一季度启动；二季度完成主体",
            "2024年12月31日",
            [("启动", "2024-03-31"), ("主体", "2024-06-30"), (_TITLE, "2024-12-31")],
        ),
        (
            "制定方案，3月底前；组织实施，10月底前",
            "12月20日",
            [("方案", "2024-03-31"), ("实施", "2024-10-31"), (_TITLE, "2024-12-20")],
        ),
        (
            "Contractor appointed by end of April; 60 homes complete by end of August",
            "31 December 2024",
            [("Contractor", "2024-04-30"), ("60 homes", "2024-08-31"), (_TITLE, "2024-12-31")],
        ),
        (
            "Trial in June 2024; survey in July 2024",
            "Q3 2024",
            [("Trial", "2024-06-30"), ("survey", "2024-07-31"), (_TITLE, "2024-09-30")],
        ),
    ],
)
def test_steps_beside_a_limit_are_milestones_and_the_limit_is_one_of_the_title(
    steps: str, limit: str, told: list[tuple[str, str]]
) -> None:
    """Each step has its own date, the final date stands for the whole, and no date is only noted."""
    plan = _compiled(_STEPS, ["1", _TITLE, "甲局", steps, limit])
    found = _told(plan)
    assert [due for _, due in found] == [due for _, due in told]
    assert all(word in text for (text, _), (word, _) in zip(found, told, strict=True)), found
    assert found[-1][0] == _TITLE
    assert not [code for code in _codes(plan) if code in ("column_unread", "left_unread", "remark_changes")]


@pytest.mark.parametrize(
    ("steps", "limit"),
    [
        ("3月启动；12月底前建成", "12月底前"),
        ("3月启动；12月31日前建成", "2024年12月底"),
        ("3月启动，四季度建成", "年底前"),
        ("Start in March; open by 31 December 2024", "31 December 2024"),
    ],
)
def test_a_limit_that_the_steps_end_with_is_told_once(steps: str, limit: str) -> None:
    """The last step is due on the limit: no duty is doubled, and nothing is noted."""
    plan = _compiled(_STEPS, ["1", _TITLE, "甲局", steps, limit])
    assert [due for _, due in _told(plan)] == ["2024-03-31", "2024-12-31"]
    assert "column_unread" not in _codes(plan)


@pytest.mark.parametrize("steps", ["制定方案；组织实施", "制定方案\n组织实施", "制定方案，组织实施"])
def test_a_limit_governs_steps_without_a_time(steps: str) -> None:
    """Where the steps say nothing of time, the limit is theirs."""
    found = _told(_compiled(_STEPS, ["1", _TITLE, "甲局", steps, "9月底前"]))
    assert {due for _, due in found} == {"2024-09-30"}
    assert not [text for text, _ in found if text == _TITLE]


def test_a_limit_of_another_year_than_the_steps_is_not_lost() -> None:
    """`2024年12月…` does not stand for a limit in 2025."""
    plan = _compiled(_STEPS, ["1", _TITLE, "甲局", "2024年6月完成主体；2024年12月完成装修", "2025年12月底前"])
    assert [due for _, due in _told(plan)] == ["2024-06-30", "2024-12-31", "2025-12-31"]


_ROW = ["1", "任务甲", "甲局", "", "6月底前"]


@pytest.mark.parametrize(
    ("line", "day", "noted"),
    [
        ("填报日期：2024年3月8日", "2024-03-08", True),
        ("编制时间：2024年1月10日", "2024-01-10", True),
        ("校办 2024年3月1日", "2024-03-01", True),
        ("制表：张三  2024.3.5", "2024-03-05", True),
        ("更新于2024年3月8日", "2024-03-08", True),
        ("Updated 3 April 2024", "2024-04-03", True),
        ("Date: 3 April 2024", "2024-04-03", False),
        ("Last updated: April 3, 2024", "2024-04-03", True),
        ("Approved by Cabinet on 12 February 2024", "2024-02-12", False),
        ("（东街发〔2024〕6号　2024年3月12日）", "2024-03-12", True),
        ("甲市2024年重点任务分解表（甲政发〔2024〕3号，2024年2月18日）", "2024-02-18", True),
        ("某市2024年重点工作清单（发布日期：2024年2月20日）", "2024-02-20", False),
    ],
)
def test_a_day_that_the_heading_prints_in_another_form_is_the_day_of_issue(line: str, day: str, noted: bool) -> None:
    """Nobody is asked for a day that is printed; where its line does not say what day it is, a note names it."""
    plan = _compiled(_HEADS, _ROW, lines=("某市2024年重点工作清单", line))
    assert str(plan.issued_on) == day
    assert ("issue_date_supposed" in _codes(plan)) is noted
    assert not _asked(plan)
    assert "月" not in plan.title


@pytest.mark.parametrize(
    "lines",
    [
        *(
            ["请于2024年3月8日前报送"],
            ["报送截止日期：2024年3月8日"],
            ["实施时间：2024年1月1日至2024年12月31日"],
            ["2024年3月"],
        ),
        *(
            ["For submission by 12 February 2024"],
            ["填报日期：2024年3月8日", "更新日期：2024年4月8日"],
            ["自2024年5月1日起实施"],
        ),
    ],
)
def test_a_day_that_is_none_of_issue_or_one_of_several_is_asked_about(lines: list[str]) -> None:
    """A limit, a start, a month, or two different days do not say when the list was issued."""
    plan = _compiled(_HEADS, _ROW, lines=("某市2024年重点工作清单", *lines))
    assert "no_issue_date" in _asked(plan)


def test_a_day_beside_the_title_above_the_heads_is_no_remark_of_a_column() -> None:
    """`填报日期：…` over the column of progress is the list's head, not somebody's progress."""
    heads = [*_HEADS, "当前进展"]
    top = Row(
        (*(Cell("填报单位：督查室") if at == 0 else Cell("") for at in range(5)), Cell("填报日期：2024年3月8日")),
        "第1行",
    )
    rows = [Row(tuple(map(Cell, texts)), "行") for texts in (heads, [*_ROW, ""])]
    document = NoticeDocument("list", (Paragraph("某市2024年重点工作清单"), Table((top, *rows))))
    plan = compilation(document).plan
    assert str(plan.issued_on) == "2024-03-08"
    assert not {"column_unread", "remark_changes", "duty_in_text", "no_issue_date"} & set(_codes(plan))


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("30 May 2024 (was 31 March 2024)", "2024-05-30"),
        ("9月底前（原定6月底前）", "2024-09-30"),
        ("6月底前调整为9月底前", "2024-09-30"),
        ("由3月底延期至5月30日", "2024-05-30"),
    ],
)
def test_a_time_that_no_longer_holds_is_told_once_and_asked_about_never(limit: str, due: str) -> None:
    """The words are understood: the note says so, and no question asks about them again."""
    plan = _compiled(_HEADS, ["1", "任务甲", "甲局", "", limit])
    assert [due_ for _, due_ in _told(plan)] == [due]
    assert _codes(plan).count("superseded_time") == 1
    assert not _asked(plan)


def test_a_finished_row_is_asked_about_once() -> None:
    """`已建成` in one column and `提前完成` in the next one are one question about one row."""
    heads = [*_HEADS, "当前进展", "备注"]
    plan = _compiled(heads, [*_ROW, "已建成", "提前完成"], ["2", "任务乙", "乙局", "", "9月底前", "正在推进", "已完成"])
    asked = [finding for finding in plan.findings if finding.code == "remark_changes" and finding.needs_ruling]
    assert [finding.project_id for finding in asked] == ["2024-01", "2024-02"]
    assert "已建成" in asked[0].text
    assert "提前完成" in asked[0].text


@pytest.mark.parametrize("steps", ["无", "/", "—", "按计划推进", "持续推进"])
def test_steps_that_name_no_date_leave_the_limit_as_the_only_one(steps: str) -> None:
    """`无` or `按计划推进` beside a limit is no second duty without a date, and nobody is asked about it."""
    plan = _compiled(_STEPS, ["1", _TITLE, "甲局", steps, "12月底前"])
    assert [due for _, due in _told(plan)] == ["2024-12-31"]
    assert not _asked(plan)
    assert "column_unread" not in _codes(plan)


@pytest.mark.parametrize(
    ("limit", "dues"),
    [("每季度报告", ["2024-03-31", "2024-06-30", "2024-12-31"]), ("长期坚持", ["2024-03-31", "2024-06-30", "None"])],
)
def test_a_limit_that_is_no_day_is_a_duty_beside_the_steps(limit: str, dues: list[str]) -> None:
    """What comes back or goes on is told beside the steps; it is never only noted."""
    plan = _compiled(_STEPS, ["1", _TITLE, "甲局", "3月启动；6月完成", limit])
    assert [due for _, due in _told(plan)] == dues
    assert "column_unread" not in _codes(plan)


def test_steps_in_order_beside_a_limit_stay_in_the_list_s_year() -> None:
    """A numbered step that goes on without a date does not put the limit before the first step."""
    plan = _compiled(_STEPS, ["1", _TITLE, "甲局", "1.3月底前制定方案；2.6月底前启动；3.持续推进", "12月底前"])
    assert [due for _, due in _told(plan)] == ["2024-03-31", "2024-06-30", "None", "2024-12-31"]


@pytest.mark.parametrize(
    ("head", "asked"), [("责任人", True), ("负责人", True), ("责任领导", True), ("责任单位", False)]
)
def test_persons_who_would_lead_are_asked_about_once(head: str, asked: bool) -> None:
    """Papers go to an office; where only persons answer for a list, somebody says which it is."""
    plan = _compiled(
        ["序号", "工作任务", head, "完成时限"], ["1", "任务甲", "王强", "6月底前"], ["2", "任务乙", "李明", "9月底前"]
    )
    assert ("lead_is_a_person" in _asked(plan)) == asked
    assert _asked(plan).count("lead_is_a_person") <= 1


_COUNTS = st.sampled_from(["（{}）", "({})", "{}.", "{}、"])
_ENDS = st.sampled_from(["", "；", ";", "。", "，"])
_MONTHS = st.lists(st.integers(3, 12), min_size=2, max_size=4, unique=True).map(sorted)


@given(counts=_COUNTS, time=_ENDS, duty=_ENDS, months=_MONTHS)
def test_numbered_limits_go_with_as_many_measures_however_their_lines_end(
    counts: str, time: str, duty: str, months: list[int]
) -> None:
    """A milestone for each pair, on its day and in its words, and none beside them."""
    duties = ["制定方案", "组织实施", "开展评估", "完善制度"][: len(months)]
    limits = "\n".join(f"{counts.format(at)}{month}月底前{time}" for at, month in enumerate(months, 1))
    measures = "\n".join(f"{counts.format(at)}{words}{duty}" for at, words in enumerate(duties, 1))
    plan = _compiled(["序号", "工作任务", "具体举措", "牵头单位", "完成时限"], ["1", "任务", measures, "甲局", limits])
    assert _told(plan) == [
        (words, str(last_of_month(2024, month))) for words, month in zip(duties, months, strict=True)
    ]


@pytest.mark.parametrize("stroke", ["—", "——", "-", "/", "\\", "×"])
def test_a_stroke_in_the_place_of_a_duty_says_that_the_task_itself_is_due(stroke: str) -> None:
    """No duty is called by it; in a row below the first one, too."""
    heads = ["序号", "工作任务", "牵头单位", "完成时限", "工作内容"]
    plan = _compiled(heads, ["1", "建设专区", "甲局", "3月底前", stroke], ["", "", "", "6月底前", "开工"])
    assert _told(plan) == [("建设专区", "2024-03-31"), ("开工", "2024-06-30")]
    plan = _compiled(heads, ["1", "建设专区", "甲局", "3月底前", "选址"], ["", "", "", "6月底前", stroke])
    assert [due for _, due in _told(plan)] == ["2024-03-31", "2024-06-30"]
    assert stroke not in [description for description, _ in _told(plan)]
