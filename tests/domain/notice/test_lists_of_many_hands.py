"""Lists as many hands lay them out: heads, columns, lines over a part, words of roles that were lost or misread."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.departments import parts_of
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, told, windows


def _lines(*items: str) -> Plan:
    lines = ("某县2025年重点工作责任分工", "2025年2月21日", *items)
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, lines))))


def test_steps_in_a_column_of_milestones_are_read() -> None:
    """里程碑 beside a start and an end says what is due in between."""
    heads = ("编号", "督办事项", "主责部门", "启动时间", "完成时间", "里程碑")
    steps = "4月30日前完成需求确认；7月15日前完成开发；9月30日前上线"
    plan = plan_of(heads, ("1", "数字化转型", "信息中心", "2024-02-10", "2024-09-30", steps))
    assert [due for _, due in windows(plan)] == ["2024-04-30", "2024-07-15", "2024-09-30"]


def test_ranges_of_months_over_columns_are_their_times() -> None:
    """`1月—3月`, `一至三季度`, `12月中旬`."""
    heads = ("序号", "任务", "责任科室", "1月—3月", "4月至6月", "12月中旬")
    plan = plan_of(heads, ("1", "编制目录", "综合科", "起草", "印发", "评估"))
    assert windows(plan) == [("2024-01-01", "2024-03-31"), ("2024-04-01", "2024-06-30"), ("2024-12-11", "2024-12-20")]


def test_a_total_of_money_is_no_project() -> None:
    """`8.8` beside 合计 is an amount, and no day of August."""
    heads = ("序号", "项目", "年度投资", "一季度", "责任单位")
    plan = plan_of(heads, ("1", "产业园", "5.6", "完成平整", "投促局"), ("合计", "1个", "8.8", "", ""))
    assert [project.title for project in plan.projects] == ["产业园"]


def test_limits_alone_in_a_column_of_steps_go_with_the_lines_of_the_content() -> None:
    """时间节点 holds `5月底前⏎10月底前`, the content as many lines."""
    heads = ("任务", "主要内容", "时间节点", "责任处室")
    plan = plan_of(heads, ("一卡通", "出台实施方案\n上线应用场景20个", "5月底前\n10月底前", "信息中心"))
    assert [(m.description, str(m.due_on)) for m in plan.projects[0].milestones] == [
        ("出台实施方案", "2024-05-31"),
        ("上线应用场景20个", "2024-10-31"),
    ]


def test_a_question_stands_behind_what_is_only_told_of_another_time() -> None:
    """`国庆、中秋前后`: the one is told, the other asked about."""
    plan = plan_of(("序号", "任务", "责任单位", "时限"), ("1", "治安整治", "政法委", "国庆、中秋前后开展整治"))
    assert asked(plan) == ["festival_time"]
    assert told(plan).count("festival_time") == 2


def test_what_goes_on_is_called_after_its_project() -> None:
    """`6月30日前并长期坚持`, `全年推进` say nothing beside the time."""
    for limit in ("6月30日前并长期坚持", "全年推进"):
        plan = plan_of(("序号", "任务", "责任单位", "时限"), ("1", "治安整治", "政法委", limit))
        assert [m.description for m in plan.projects[0].milestones] == ["治安整治"]
        assert "left_unread" not in told(plan)


def test_the_rest_is_no_total() -> None:
    """`6月底前完成5家，10月底前完成其余7家`: seven, and not two more."""
    limit = "6月底前完成5家，10月底前完成其余7家"
    plan = plan_of(("序号", "任务", "责任单位", "时限"), ("1", "钢企改造", "生态环境局", limit))
    assert "growing_target" not in told(plan)


def test_whom_the_line_over_a_part_charges_is_read() -> None:
    """`一、产业发展（甲牵头，乙配合）`: an item without a leader has them, another its own."""
    plan = _lines(
        "一、产业发展（县工信局牵头，县文旅局配合）",
        "（一）培育规上企业8户，上半年完成3户，年底前完成8户。",
        "（二）建成产业园。由县农业农村局牵头，4月底前完成选址。",
    )
    assert [project.lead_department for project in plan.projects] == ["县工信局", "县农业农村局"]
    assert plan.projects[0].participating_departments == ("县文旅局",)
    assert asked(plan) == []


def test_how_often_behind_a_comma_makes_an_item_a_duty() -> None:
    """`满意度调查，每半年一次`, and nobody is told that it is not in the list."""
    plan = _lines("1. 建设二水厂，6月底前完成，水务局负责。", "2. 满意度测评通报，每半年一次，总务科负责。")
    assert [m.recurrence.count for m in plan.projects[1].milestones if m.recurrence] == [2]
    assert "standing_duty" not in told(plan)


def test_a_title_ends_at_the_colon_before_its_times() -> None:
    """`创建卫生县城：6月份通过评估，10月份申报验收`."""
    plan = _lines("1. 创建卫生县城：6月份通过评估，10月份申报验收。责任单位：县卫健局")
    assert plan.projects[0].title == "创建卫生县城"
    assert [str(m.due_on) for m in plan.projects[0].milestones] == ["2025-06-30", "2025-10-31"]


def test_who_sees_to_an_item_is_not_its_title() -> None:
    """`由市政府督查室督办，市住建局负责，…`: told with the content; 督办 in a title stays in it."""
    plan = _lines(
        "1. 由市政府督查室督办，市住建局负责，9月底前完成棚改收尾工作。",
        "2. 对停车难问题挂牌督办，6月底前完成整改。责任单位：市城管局",
    )
    assert [p.title for p in plan.projects] == ["9月底前完成棚改收尾工作", "对停车难问题挂牌督办"]
    assert [p.lead_department for p in plan.projects] == ["市住建局", "市城管局"]
    assert plan.projects[0].main_content.endswith("由市政府督查室督办")
    assert asked(plan) == []


def test_a_label_in_brackets_stands_beside_the_other() -> None:
    """`牵头单位：X（配合：Y）`."""
    plan = _lines("1.船舶污染防治", "牵头单位：市海事局（配合：市生态环境局）", "完成时限：11月底前")
    assert (plan.projects[0].lead_department, plan.projects[0].participating_departments) == (
        "市海事局",
        ("市生态环境局",),
    )


@pytest.mark.parametrize(
    ("cell", "leads", "others"),
    [
        ("市司法局、市财政局共同牵头", ("市司法局", "市财政局"), ()),
        ("区委办、区政府办分别牵头", ("区委办", "区政府办"), ()),
        ("分别为：区委办牵头，区政府办配合", ("区委办",), ("区政府办",)),
        ("市委编办负总责，各部门分头落实", ("市委编办",), ("各部门",)),
        ("市司法局牵头，各起草单位具体负责", ("市司法局",), ("各起草单位",)),
    ],
)
def test_words_of_roles_are_no_part_of_a_name(cell: str, leads: tuple[str, ...], others: tuple[str, ...]) -> None:
    """共同, 分别, 负总责, 分头落实, 具体负责."""
    assert (parts_of(cell).leads, parts_of(cell).others) == (leads, others)


def test_many_that_put_into_practice_lead_nobody() -> None:
    """`省生态环境厅、省工信厅按职责分工负责，各市落实`: the first of the offices leads, asked."""
    heads = ("序号", "任务", "责任单位", "时限")
    plan = plan_of(heads, ("1", "超低排放", "省生态环境厅、省工信厅按职责分工负责，各市落实", "6月底前"))
    assert plan.projects[0].lead_department == "省生态环境厅"
    assert plan.projects[0].participating_departments == ("省工信厅", "各市")
    assert asked(plan) == ["several_leads"]


def test_names_in_running_text_are_kept_as_they_are_printed() -> None:
    """`各县（市、区）政府` keeps its brackets."""
    plan = _lines("1. 推行一网通办。市数据局牵头，各县（市、区）政府配合，6月底前完成。")
    assert plan.projects[0].participating_departments == ("各县（市、区）政府",)


def test_serials_of_two_levels_under_one_head_count_by_the_lower_one() -> None:
    """`序号` over `1 | 1.1` and `1 | 1.2`: two duties, and no question of a number that comes twice."""
    rows = (("1", "1.1", "甲任务", "甲局", "6月底前"), ("1", "1.2", "乙任务", "乙局", "9月底前"))
    plan = plan_of(("序号", "序号", "任务", "责任单位", "时限"), *rows)
    assert [project.serial for project in plan.projects] == ["1.1", "1.2"]
    assert asked(plan) == []


def test_a_month_over_rows_is_when_they_are_due() -> None:
    """`3月` in a row of its own, over rows of a table without a column of times."""
    rows = (("3月", "", ""), ("1", "甲任务", "甲局"), ("一季度", "", ""), ("2", "乙任务", "乙局"))
    plan = plan_of(("序号", "任务", "责任单位"), *rows)
    assert [due for _, due in windows(plan)] == ["2024-03-31", "2024-03-31"]
    assert asked(plan) == []


def test_labels_in_a_column_of_who_and_when_are_read() -> None:
    """`牵头：甲局；配合：乙局；时限：8月底前` under `责任分工及时限`."""
    cell = "牵头：甲局；配合：乙局、丙局；时限：8月底前"
    (project,) = plan_of(("序号", "任务", "责任分工及时限"), ("1", "甲任务", cell)).projects
    assert (project.lead_department, project.participating_departments) == ("甲局", ("乙局", "丙局"))
    assert [str(milestone.due_on) for milestone in project.milestones] == ["2024-08-31"]


def test_goals_under_quarters_are_due_in_them() -> None:
    """`一季度` over `目标 | 完成情况`: what is planned is a step, how far it is none."""
    heads = (
        ("序号", "任务", "责任单位", "一季度", "一季度", "二季度", "二季度"),
        ("序号", "任务", "责任单位", *("目标", "完成情况") * 2),
    )
    plan = plan_of(*heads, ("1", "甲任务", "甲局", "完成招标", "", "主体完工", ""))
    assert [due for _, due in windows(plan)] == ["2024-03-31", "2024-06-30"]
    assert asked(plan) == []
