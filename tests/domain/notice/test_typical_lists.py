"""What typical lists showed: questions that no clerk would ask, and words that were read for less than they say."""

from __future__ import annotations

import pytest

from domain.notice.departments import lead_mark, with_mark_spelt
from domain.notice.plan import Plan
from tests.domain.notice.plans import LINES, asked, plan_of


def _asked(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings if finding.needs_ruling]


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


def _texts(plan: Plan) -> list[str]:
    return [milestone.description for project in plan.projects for milestone in project.milestones]


def test_bare_numbers_under_quarters_are_targets_and_no_days() -> None:
    """`7.5` under a quarter beside `6` is how much by then, not the fifth of July; a row of days stays days."""
    heads = ["序号", "工作任务", "责任单位", "一季度目标", "上半年目标", "前三季度目标"]
    amounts = plan_of(heads, ["1", "投资增速", "甲局", "6", "7", "7.5"], ["2", "税收", "甲局", "12", "—", "35"])
    assert _texts(amounts) == ["目标6", "目标7", "目标7.5", "目标12", "目标35"]
    dues = [str(milestone.due_on)[5:] for project in amounts.projects for milestone in project.milestones]
    assert (dues, _asked(amounts)) == (["03-31", "06-30", "09-30", "03-31", "09-30"], [])
    assert "目标" not in "".join(_texts(plan_of(heads, ["1", "调度会", "甲局", "3.15", "6.15", "9.15"])))


def test_numbers_under_months_that_can_be_no_days_are_targets() -> None:
    """`25` beside `40` under months is how much, too; what may be days is read so and asked about."""
    heads = ["序号", "工作任务", "责任单位", "3月", "4月"]
    amounts = plan_of(heads, ["1", "改造户厕", "甲局", "25", "40"])
    assert [(m.description, str(m.due_on)[5:]) for m in amounts.projects[0].milestones] == [
        ("目标25", "03-31"),
        ("目标40", "04-30"),
    ]
    days = plan_of(heads, ["1", "调度会", "甲局", "25", "28"])
    assert [str(milestone.due_on)[5:] for milestone in days.projects[0].milestones] == ["03-25", "04-28"]
    assert _asked(days) == ["day_or_amount", "day_or_amount"]


@pytest.mark.parametrize("day", ["助残日", "中小学生安全教育日", "文化遗产日", "读书节"])
def test_a_day_that_only_its_name_says_is_asked_about_behind_a_month(day: str) -> None:
    """`5月助残日前表彰` is due before a day that nobody has written, and not at the end of May."""
    heads = ["序号", "工作任务", "责任单位", "完成时限"]
    assert _asked(plan_of(heads, ["1", "评选表彰", "甲局", f"4月推荐，5月{day}前表彰"])) != []


@pytest.mark.parametrize(
    "words", ["9月教师节前完成", "5月底前完成工作日前置审核", "5月底前上线", "6月30日前（节前完成自查）"]
)
def test_days_that_are_known_and_other_words_are_not_asked_about(words: str) -> None:
    """A feast has its day, and `工作日前` is none."""
    heads = ["序号", "工作任务", "责任单位", "完成时限"]
    assert "words_beside" not in _asked(plan_of(heads, ["1", "任务甲", "甲局", words]))


@pytest.mark.parametrize(("office", "leader"), [("科室", "分管领导"), ("责任镇街", "包联领导"), ("站所", "挂点领导")])
def test_offices_lead_and_not_the_leader_who_stands_beside_them(office: str, leader: str) -> None:
    """A head that no word of ours names for who leads goes before a column of persons."""
    plan = plan_of([office, "工作任务", "完成时限", leader], ["党政办", "任务甲", "6月底前", "于力"])
    (project,) = plan.projects
    assert (project.lead_department, project.participating_departments) == ("党政办", ())
    assert (project.responsible_leader, _asked(plan)) == ("于力", [])


def test_a_column_that_says_each_offices_part_says_who_leads() -> None:
    """`任务分工`, with who leads and who helps in its words, is found by what stands there."""
    heads = ["序号", "工作任务", "任务分工", "完成时限"]
    plan = plan_of(
        heads, ["1", "任务甲", "甲局牵头，乙局、丙局配合", "6月底前"], ["2", "任务乙", "丁局负责", "9月底前"]
    )
    leads = [(project.lead_department, project.participating_departments) for project in plan.projects]
    assert leads == [("甲局", ("乙局", "丙局")), ("丁局", ())]
    assert _asked(plan) == []


def test_times_that_every_task_says_itself_are_not_asked_about() -> None:
    """Without a column of times, one row that says none is a question for the list."""
    heads = ["序号", "工作任务", "责任单位"]
    all_say = plan_of(heads, ["1", "6月底前完成任务甲", "甲局"], ["2", "每季度检测一次", "乙局"])
    assert ("no_schedule_column" in _codes(all_say), _asked(all_say)) == (True, [])
    one_does_not = plan_of(heads, ["1", "6月底前完成任务甲", "甲局"], ["2", "检测网站", "乙局"])
    assert "no_schedule_column" in _asked(one_does_not)


def test_a_sentence_before_the_first_time_of_a_content_is_content() -> None:
    """`改造站台60座。3月底前完成设计`: how large it is stays in the content and asks for no limit."""
    heads = ["序号", "项目名称", "实施内容及进度安排", "责任单位"]
    plan = plan_of(heads, ["1", "站台改造", "改造站台60座。3月底前完成设计，10月底前完工。", "甲局"])
    assert (_texts(plan), _asked(plan)) == (["完成设计", "完工"], [])
    assert "改造站台60座" in (plan.projects[0].main_content or "")


def test_steps_alone_under_such_a_head_stay_a_schedule() -> None:
    """`工作措施及时间节点` with nothing before its times is a column of times."""
    heads = ["序号", "工作任务", "工作措施及时间节点", "责任单位"]
    plan = plan_of(heads, ["1", "任务甲", "2月：自查；6月底前：整改", "甲局"])
    assert "no_schedule_column" not in _codes(plan)


@pytest.mark.parametrize("head", ["标准要求", "测评标准", "2026年建设任务", "年度任务"])
def test_what_belongs_to_the_duty_goes_into_the_content(head: str) -> None:
    """A column of standards, or of the year's task, is no column that is only noted."""
    heads = ["序号", "项目名称", "建设内容" if "标准" in head else "责任人", head, "责任单位", "完成时限"]
    plan = plan_of(heads, ["1", "项目甲", "三座站房", "覆盖全部社区", "甲局", "6月底前"])
    assert "覆盖全部社区" in (plan.projects[0].main_content or "")


def test_a_place_is_no_office() -> None:
    """Nobody helps who is only where it happens (`地点`)."""
    heads = ["序号", "活动名称", "活动时间", "地点", "承办部门"]
    (project,) = plan_of(heads, ["1", "书香集市", "3月", "少儿馆", "活动部"]).projects
    assert project.participating_departments == ()


@pytest.mark.parametrize(
    ("legend", "cell"),
    [
        ("注：带“*”的为牵头单位。", "*甲局、乙局"),
        ("说明：标★号的责任单位为牵头单位", "乙局、甲局★"),
        ("备注：加▲者为牵头部门。", "乙局，▲甲局"),
    ],
)
def test_the_mark_of_the_one_that_leads_is_read_where_the_notice_explains_it(legend: str, cell: str) -> None:
    """A mark with its legend is a word, wherever it stands beside the name."""
    mark = lead_mark(["某县清单", legend])
    assert mark is not None
    assert "甲局（牵头）" in with_mark_spelt(cell, mark)
    assert lead_mark(["带*的指标为约束性指标"]) is None


def test_counted_limits_on_one_line_go_with_the_counted_measures_on_another() -> None:
    """`1.3月底；2.每季度` beside `1.出台细则；2.走访企业`."""
    plan = plan_of(
        ("序号", "任务", "具体措施", "完成时限", "责任单位"),
        ("1", "优化环境", "1.出台细则；2.走访企业；3.开评议会", "1.3月底；2.每季度；3.11月底", "发改委"),
        ("2", "城市更新", "①拆迁②安置", "①4月②8月", "住建局"),
    )
    said = [[(m.description, str(m.due_on)) for m in project.milestones] for project in plan.projects]
    assert said == [
        [("出台细则", "2024-03-31"), ("走访企业", "2024-12-31"), ("开评议会", "2024-11-30")],
        [("拆迁", "2024-04-30"), ("安置", "2024-08-31")],
    ]
    assert asked(plan) == []


def test_a_counted_measure_is_no_rest_of_the_one_above_it() -> None:
    """Nor is its limit, where it cannot be read: `国家测评前` is asked about."""
    plan = plan_of(
        ("重点任务", "主要措施", "责任单位", "完成时限"),
        ("创建文明城市", "1.社区环境整治", "街道办", "6月底"),
        ("", "2.志愿服务活动", "团市委", "每月"),
        ("", "3.迎检", "文明办", "国家测评前"),
    )
    assert [project.lead_department for project in plan.projects] == ["街道办", "团市委", "文明办"]
    assert "no_window" in asked(plan)


@pytest.mark.parametrize(
    ("above", "below"),
    [("以下任务未注明时限的，均于11月底前完成。", ""), ("", "备注：未注明完成时限的均须在11月底前完成")],
)
def test_a_limit_of_whatever_has_none_holds_for_the_rows_of_a_table(above: str, below: str) -> None:
    """It stands in a line above, or in a remark below the rows; an own limit stays."""
    rows = [("序号", "任务", "责任单位", "时限"), ("1", "修订章程", "办公室", "6月底"), ("2", "清产核资", "财务处", "")]
    plan = plan_of(*rows, *([(below, "", "", "")] if below else []), lines=[*LINES, *([above] if above else [])])
    assert [str(project.milestones[0].due_on) for project in plan.projects] == ["2024-06-30", "2024-11-30"]
    assert asked(plan) == []


def test_columns_that_count_stages_say_what_is_done_when() -> None:
    """`第一阶段 | 第二阶段`, each cell with its time."""
    plan = plan_of(
        ("任务", "第一阶段", "第二阶段", "责任部门"),
        ("数据治理", "3月底前完成清洗", "6月底前完成入库", "信息中心"),
        ("系统迁移", "4月底前完成测试", "国庆前完成切换", "业务部"),
    )
    said = [[(m.description, str(m.due_on)) for m in project.milestones] for project in plan.projects]
    assert said == [
        [("完成清洗", "2024-03-31"), ("完成入库", "2024-06-30")],
        [("完成测试", "2024-04-30"), ("完成切换", "2024-09-30")],
    ]
    assert asked(plan) == []


@pytest.mark.parametrize("head", ["形象进度", "2024年形象进度", "年度目标", "年度建设任务"])
def test_what_is_reached_in_the_year_is_due_by_its_end_where_the_whole_is_due_later(head: str) -> None:
    """It was asked for with the whole alone; where the whole is due within the year, nothing is added."""
    plan = plan_of(
        ("项目名称", "开竣工时间", head, "责任单位"),
        ("东环路", "2024.3-2025.10", "路基完成80%", "交通局"),
        ("西环路", "2024.3-2024.10", "路基完成80%", "交通局"),
    )
    assert [[str(milestone.due_on) for milestone in project.milestones] for project in plan.projects] == [
        ["2024-12-31", "2025-10-31"],
        ["2024-10-31"],
    ]
    assert plan.projects[0].milestones[0].description == "路基完成80%"
    assert _codes(plan).count("goal_of_the_year") == 1


@pytest.mark.parametrize("head", ["频次", "检查频次", "报送周期"])
def test_a_column_of_how_often_is_read_beside_a_limit_or_without_one(head: str) -> None:
    """A unit alone (`半年`) says how often there."""
    rows = [("检查", "每月1次", "安全部", "1月31日"), ("内审", "半年", "审计部", "6月底")]
    for width in (3, 4):
        plan = plan_of(*(row[:width] for row in (("工作事项", head, "责任部门", "首次完成时间"), *rows)))
        told = [project.milestones[0].recurrence for project in plan.projects]
        assert [often.count for often in told if often is not None] == [11, 2]
        assert asked(plan) == []
