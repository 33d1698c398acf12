"""Lists that are no table of rows: forms of labels, offices with marks, dates under months and quarters, dittos."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notice.compiling import compilation
from domain.notice.coverage import Coverage
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan

_HEADING = ("某县2026年重点任务清单", "2026年1月5日印发")
_Rows = Sequence[Sequence[str]]


def _table(rows: _Rows, merged: Sequence[tuple[int, int, int]] = ()) -> Table:
    """A table; `merged` are a row's number and the first and the last of the columns that are one place in it."""
    regions = {(row, at): number for number, (row, first, last) in enumerate(merged) for at in range(first, last + 1)}
    return Table(
        tuple(
            Row(tuple(Cell(text, regions.get((row, at))) for at, text in enumerate(cells)), f"第{row + 1}行")
            for row, cells in enumerate(rows)
        )
    )


def _read(*blocks: Paragraph | Table, lines: Sequence[str] = _HEADING) -> tuple[Plan, Coverage]:
    found = compilation(NoticeDocument("list", (*map(Paragraph, lines), *blocks)))
    assert not [finding for finding in found.plan.findings if finding.code == "left_unread"]
    return found.plan, found.coverage


def _who(plan: Plan) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    return [
        (p.title, p.lead_department, p.participating_departments, [str(m.due_on)[5:] for m in p.milestones])
        for p in plan.projects
    ]


def _asked(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings if finding.needs_ruling]


_FORM = (
    ("督办编号", "督〔2026〕7号", "交办时间", "2026年4月13日"),
    ("督办事项", "积水点整治", "积水点整治", "积水点整治"),
    ("工作要求", "改造管网3处，概算420万元", "", ""),
    ("主办单位", "县住建局", "协办单位", "县水务局、东城街道"),
    ("办结时限", "6月20日前", "反馈要求", "每10日反馈一次"),
)
_MERGED = ((1, 1, 3),)


def test_a_form_is_read_by_its_labels_and_an_unknown_label_is_told() -> None:
    """A form of two pairs a row, one in one table or two in one, under a title row or not."""
    one = ("积水点整治", "县住建局", ("县水务局", "东城街道"), ["06-20"])
    other = [list(row) for row in _FORM]
    other[1][1:], other[0][1] = ["校舍修缮"] * 3, "督〔2026〕8号"
    titled = [["某县2026年督办单"] * 4, *map(list, _FORM)]
    shapes: dict[str, tuple[tuple[Table, ...], int]] = {
        "one": ((_table(_FORM, _MERGED),), 1),
        "two tables": ((_table(_FORM, _MERGED), _table(other, _MERGED)), 2),
        "two in one": ((_table([*map(list, _FORM), *other], ((1, 1, 3), (6, 1, 3))),), 2),
        "under a title": ((_table(titled, ((0, 0, 3), (2, 1, 3))),), 1),
    }
    wrong = {}
    for name, (tables, count) in shapes.items():
        plan, _ = _read(*tables)
        read = _who(plan)
        told = "".join(finding.text for finding in plan.findings)
        if read[0] != one or len(read) != count or "每10日反馈一次" not in told or "督〔2026〕7号" not in told:
            wrong[name] = (read, told)
        assert plan.projects[0].main_content == "改造管网3处，概算420万元"
        assert _asked(plan) == []
    assert wrong == {}


def test_the_day_on_which_forms_were_handed_out_is_the_day_of_issue_and_told() -> None:
    """`交办时间` stands for the day of issue where the notice has none of its own."""
    plan, _ = _read(_table(_FORM, _MERGED), lines=("督办单汇编（2026年第3期）",))
    assert str(plan.issued_on) == "2026-04-13"
    assert [finding.code for finding in plan.findings if finding.code == "issue_date_supposed"]


def test_labels_of_a_form_are_never_heads_of_columns() -> None:
    """A form without anything that could be a title is left whole, and said so: no label becomes somebody's office."""
    rows = (("牵头单位", "县住建局", "配合单位", "县水务局"), ("完成时限", "5月底", "反馈要求", "书面"))
    unclear = (*rows, ("联系人", "王五", "备注", "急办"))
    listed = (("序号", "任务", "责任单位", "完成时限"), ("1", "修桥", "县交通局", "6月底前"))
    plan, _ = _read(_table(listed), _table(unclear))
    assert _who(plan) == [("修桥", "县交通局", (), ["06-30"])]
    assert [finding.code for finding in plan.findings if finding.code == "table_unread"]


def test_marks_under_offices_say_who_leads_and_who_helps() -> None:
    """By the legend, by words, or by their look, which is asked about once."""
    heads = ("序号", "任务", "完成时限", "县教育局", "县民政局", "县财政局")
    expected = [
        ("建设食堂", "县教育局", ("县财政局",), ["06-30"]),
        ("发放补贴", "县民政局", ("县教育局", "县财政局"), ["09-30"]),
    ]
    marks = {
        "★○": (("★为牵头单位，○为配合单位",), "★", "○", []),
        "●△": (("注：牵头单位用●，配合单位用△标注",), "●", "△", []),
        "words": ((), "牵头", "配合", []),
        "looks": ((), "◆", "◇", ["marks_assumed"]),
    }
    wrong = {}
    for name, (legend, full, half, asked) in marks.items():
        rows = (heads, ("1", "建设食堂", "6月底前", full, "", half), ("2", "发放补贴", "9月底前", half, full, half))
        plan, coverage = _read(_table(rows), lines=(*_HEADING, *legend))
        if (_who(plan), _asked(plan), coverage.cells.left) != (expected, asked, 0):
            wrong[name] = (_who(plan), _asked(plan), coverage.cells.left)
    assert wrong == {}


def test_marks_beside_a_column_of_who_leads_name_who_helps() -> None:
    """`牵头单位` in a column of its own, and a tick under everybody who takes part."""
    rows = (
        ("序号", "任务", "牵头单位", "完成时限", "县教育局", "县民政局"),
        ("1", "建设食堂", "县发改局", "6月底前", "√", ""),
        ("2", "发放补贴", "县发改局", "9月底前", "√", "√"),
    )
    plan, _ = _read(_table(rows))
    assert [(p.lead_department, p.participating_departments) for p in plan.projects] == [
        ("县发改局", ("县教育局",)),
        ("县发改局", ("县教育局", "县民政局")),
    ]


def test_a_date_inside_a_quarter_is_the_limit_and_the_quarter_adds_none() -> None:
    """What has no date of its own is due in the quarter; a day under a month is a day of that month."""
    quarters = {
        "8月底前建成8个": ["08-31"],
        "9月中下旬举办": ["09-30"],
        "7月15日前印发方案；8月底前完成立项": ["07-15", "08-31"],
        "完成主体": ["09-30"],
        "完成设计，8月底前开工": ["09-30", "08-31"],
    }
    months = {"15日前征求意见": ["03-15"], "月底前进场": ["03-31"], "上旬开工": ["03-10"], "开工": ["03-31"]}
    wrong = {}
    for head, beside, places in (("三季度", "四季度", quarters), ("3月", "4月", months)):
        for text, due in places.items():
            rows = (("序号", "任务", "责任单位", head, beside), ("1", "修桥", "县交通局", text, ""))
            plan, _ = _read(_table(rows))
            if (read := _who(plan)[0][3]) != due:
                wrong[text] = read
    assert wrong == {}


def test_a_ditto_stands_for_what_is_above_or_in_the_row_that_it_names() -> None:
    """Told each time; whatever is read is as if it were written out."""
    rows = (
        ("序号", "问题", "整改措施", "牵头单位", "配合单位", "整改时限"),
        ("1", "甲", "措施一", "县教育局", "县财政局", "6月底前"),
        ("2", "乙", "措施二", "〃", "同上", "同上"),
        ("3", "丙", "措施三", "县民政局", "", "8月底前"),
        ("4", "丁", "措施四", "同上", "", "同第1项"),
    )
    plan, coverage = _read(_table(rows))
    assert [row[1:] for row in _who(plan)] == [
        ("县教育局", ("县财政局",), ["06-30"]),
        ("县教育局", ("县财政局",), ["06-30"]),
        ("县民政局", (), ["08-31"]),
        ("县民政局", (), ["06-30"]),
    ]
    assert sum(finding.code == "ditto" for finding in plan.findings) == 5
    assert coverage.cells.left == 0


def test_what_tells_how_a_duty_is_done_and_what_it_costs_is_part_of_its_content() -> None:
    """Each under its head, and taken in the account."""
    rows = (
        ("序号", "项目名称", "建设规模", "总投资（万元）", "完成标志", "责任单位", "完成时限"),
        ("1", "医院搬迁", "床位500张", "46000", "通过验收", "县卫健局", "6月底前"),
    )
    plan, coverage = _read(_table(rows))
    assert plan.projects[0].main_content == "床位500张\n总投资（万元）：46000\n完成标志：通过验收"
    assert coverage.cells.left == 0


def test_projects_of_one_title_are_told_apart_by_what_each_is_about() -> None:
    """A task over several measures, each a project of its own, has the measure in its title."""
    rows = (
        ("序号", "改革任务", "具体举措", "牵头部门", "完成时限"),
        ("1", "完善治理", "修订清单", "党群部", "5月底前"),
        ("2", "完善治理", "优化授权", "董办", "6月底前"),
        ("3", "盘活资产", "盘活闲置资产", "资产部", "8月底前"),
    )
    plan, _ = _read(_table(rows))
    assert [p.title for p in plan.projects] == ["完善治理：修订清单", "完善治理：优化授权", "盘活资产"]


def test_an_office_that_heads_a_table_or_a_part_of_it_leads_there() -> None:
    """A heading over each of several tables, or a row over a part of one; nobody is asked."""
    heads = ("序号", "工作任务", "完成时限")
    first, second = ("1", "修桥", "6月底前"), ("1", "清淤", "9月底前")
    apart = (
        Paragraph("一、县水务局（县河长办）"),
        _table((heads, first)),
        Paragraph("二、生态环境分局"),
        _table((heads, second)),
    )
    within = (_table((heads, ("一、县水务局", "", ""), first, ("二、生态环境分局", "", ""), second)),)
    for blocks in (apart, within):
        plan, _ = _read(*blocks)
        assert [(p.title, p.lead_department) for p in plan.projects] == [("修桥", "县水务局"), ("清淤", "生态环境分局")]
        assert _asked(plan) == []


def test_a_line_over_rows_says_who_leads_and_helps_there_and_by_when() -> None:
    """In brackets over a table or in all words of a row over a part of it; what is said of all above is of no table."""
    heads = ("序号", "工作任务", "完成时限")
    first, second = ("1", "修桥", "6月底前"), ("2", "清淤", "9月底前")
    apart = (
        Paragraph("一、道路（牵头单位：县交通局；配合单位：县财政局）"),
        _table((heads, first)),
        Paragraph("二、河道（县水务局牵头，各乡镇配合）"),
        _table((heads, second)),
    )
    within = (
        _table((heads, ("县交通局牵头，县财政局配合", "", ""), first, ("县水务局牵头、各乡镇配合", "", ""), second)),
    )
    for blocks in (apart, within):
        plan, _ = _read(*blocks)
        assert [(p.lead_department, p.participating_departments) for p in plan.projects] == [
            ("县交通局", ("县财政局",)),
            ("县水务局", ("各乡镇",)),
        ]
        assert _asked(plan) == []
        assert "duty_in_text" not in {finding.code for finding in plan.findings}
    plan, _ = _read(_table((heads, first)), Paragraph("以上任务由县水务局牵头"), _table((heads, second)))
    assert "县水务局" not in {p.lead_department for p in plan.projects[1:]}


def test_a_limit_over_rows_is_theirs_where_no_column_says_by_when() -> None:
    """A row that says by when itself keeps what it says; the limit over the others is told, not asked about."""
    heads = ("序号", "工作任务", "责任单位")
    rows = (heads, ("一、6月底前完成", "", ""), ("1", "修桥", "县交通局"), ("二、年底前完成", "", ""))
    plan, _ = _read(_table((*rows, ("2", "清淤", "县水务局"))))
    assert [str(p.milestones[0].due_on)[5:] for p in plan.projects] == ["06-30", "12-31"]
    assert _asked(plan) == []
    plan, _ = _read(_table((*rows, ("2", "9月20日前清淤", "县水务局"))))
    assert [str(p.milestones[0].due_on)[5:] for p in plan.projects] == ["06-30", "09-20"]


def test_who_helps_by_a_remark_helps_and_who_guides_does() -> None:
    """A remark that says more is told besides."""
    rows = (
        ("序号", "工作任务", "责任单位", "指导单位", "完成时限", "备注"),
        ("1", "修桥", "县交通局", "市交通局", "6月底前", "县财政局、县水务局配合"),
        ("2", "清淤", "县水务局", "", "9月底前", "县财政局配合，资金到位后开工"),
    )
    plan, _ = _read(_table(rows))
    assert [p.participating_departments for p in plan.projects] == [("市交通局", "县财政局", "县水务局"), ("县财政局",)]
    assert ["资金到位后开工" in f.text for f in plan.findings if f.code == "column_unread"] == [True]


def test_an_unread_column_is_quoted_whole_and_a_week_number_names_nothing() -> None:
    """Every remark stands in the account; `周次` is no title and changes no time."""
    rows = (
        ("周次", "日期", "工作内容", "责任处室", "备注"),
        *((f"第{n}周", f"3.{n + 1}—3.{n + 5}", f"第{n}项活动的开展", "德育处", f"备忘{n}") for n in range(1, 6)),
    )
    plan, _ = _read(_table(rows), lines=("育才中学2025—2026学年度第二学期工作行事历", "2026年1月5日印发"))
    assert plan.year == 2026
    assert plan.projects[0].title == "第1项活动的开展"
    told = "".join(finding.text for finding in plan.findings if finding.code == "column_unread")
    assert all(f"备忘{n}" in told for n in range(1, 6))
    assert "remark_changes" not in {finding.code for finding in plan.findings}
