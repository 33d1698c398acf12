"""Items of running text whose names end like labels, whose brackets say more, or in which another office has a part."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, windows


def _lines(*items: str, title: str = "某市2024年重点工作任务分解") -> Plan:
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, (title, "2024年1月10日", *items)))))


def _who(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [(project.lead_department, project.participating_departments) for project in plan.projects]


_NAMES = (
    *(
        "防汛措施",
        "水质目标",
        "滨江大桥项目",
        "营商环境工作",
        "安全隐患问题",
        "城市更新领域",
        "老旧管网改造任务",
        "公共服务要求",
    ),
    *(
        "干部培训内容",
        "项目库建设进度",
        "政务热线办理时限",
        "防汛值班安排",
        "征兵计划",
        "供热期限",
        "青年人才名称",
        "信访事项",
    ),
)


@pytest.mark.parametrize("form", ["{name}：3月底前完成。牵头单位：市教育局", "{name}：3月底前完成（市教育局牵头）"])
def test_a_name_that_ends_like_a_label_is_an_item_of_its_own(form: str) -> None:
    """Nothing of it goes into the item above, and its name stays in its title."""
    plan = _lines(*(f"{at}.{form.format(name=name)}" for at, name in enumerate(_NAMES, 1)))
    assert [project.title for project in plan.projects] == list(_NAMES)
    assert _who(plan) == [("市教育局", ())] * len(_NAMES)
    assert asked(plan) == []


@pytest.mark.parametrize(
    ("item", "lead"),
    [
        ("市民中心：10月底前建成投用。", "（未写明）"),
        ("文化馆：6月底前开工，年底前主体封顶。", "（未写明）"),
        ("公共厕所：5月底前改造完成。", "（未写明）"),
        ("应急预案体系：6月底前修订完成。", "（未写明）"),
        ("图书馆：8月底前开放自习室。", "图书馆"),
        ("信息中心：6月底前建成数据平台。", "信息中心"),
        ("后勤处：6月底前完工。", "后勤处"),
    ],
)
def test_what_is_built_leads_nothing(item: str, lead: str) -> None:
    """`市民中心：10月底前建成` is called as an office is that has something to do."""
    assert [project.lead_department for project in _lines(f"1.{item}", "2.市教育局：3月底前出台办法。").projects] == [
        lead,
        "市教育局",
    ]


def test_a_numbered_line_that_says_what_and_who_is_an_item_though_it_begins_like_a_label() -> None:
    """The item above has its leader; labels with numbers of their own are still its labels."""
    items = ("1.修订章程：3月底前完成。责任单位：市司法局", "2.年度目标：3月底前达标。责任单位：市教育局")
    assert _who(_lines(*items)) == [("市司法局", ()), ("市教育局", ())]
    labels = ("（1）整改目标：全部达标", "（2）责任单位：市教育局", "（3）整改时限：3月底前")
    assert _who(_lines("一、教室采光不足", *labels)) == [("市教育局", ())]


@pytest.mark.parametrize(
    ("item", "lead", "helpers"),
    [
        (
            "1.体检。承办单位：市城管局（主办），市规划局、市财政局（会办）。完成时限：10月底。",
            "市城管局",
            "市规划局、市财政局",
        ),
        ("1.体检。10月底前完成。（市城管局负责，市燃气集团具体落实）", "市城管局", "市燃气集团"),
        ("1.管网改造。10月底前完成。（市城管局牵头，市燃气集团具体实施）", "市城管局", "市燃气集团"),
        ("1.由市城管局负责，会同市财政局于10月底前提出方案。", "市城管局", "市财政局"),
        ("1.复审。牵头科室：等评办。完成时限：10月底。", "等评办", ""),
    ],
)
def test_who_does_what_beside_the_lead_helps(item: str, lead: str, helpers: str) -> None:
    """The words of a part are none of a name."""
    plan = _lines(item)
    assert _who(plan) == [(lead, tuple(filter(None, helpers.split("、"))))]
    assert asked(plan) == []


@pytest.mark.parametrize(
    "item",
    [
        "1.体检（校医院牵头，7月15日前完成，离退休处协助做好通知工作）",
        "1.校医院会同校工会于7月15日前完成体检，离退休处协助做好通知工作。",
        "1.由校医院牵头，7月15日前完成体检，后勤处负责现场保障。",
        "1.校医院牵头，7月15日前完成体检，请后勤处提供场地支持。",
        "1.由校医院牵头，7月15日前完成体检，后勤处、保卫处全力做好保障。",
        "1.体检。7月15日前完成，办公室协助做好相关工作。（校医院负责）",
    ],
)
def test_an_office_with_a_part_of_its_own_is_asked_about(item: str) -> None:
    """Whoever it is does not help in silence and is not lost."""
    plan = _lines(item)
    assert plan.projects[0].lead_department == "校医院"
    assert len(asked(plan)) == 1


@pytest.mark.parametrize("head", ["试卷保密。", ""])
def test_the_office_that_opens_the_one_clause_of_an_item_leads_it(head: str) -> None:
    """`甲局6月5日前完成…，乙局配合`, as where several have each a clause."""
    plan = _lines(f"1.{head}县教育局6月5日前完成保密室检查，县保密局配合。")
    assert _who(plan) == [("县教育局", ("县保密局",))]
    assert windows(plan) == [("None", "2024-06-05")]
    assert asked(plan) == []


def test_a_label_says_who_leads_where_a_sentence_charges_another_with_a_part() -> None:
    """`由乙局11月前报告。牵头单位：甲局`: the part is asked about, once."""
    plan = _lines("1.供水管网：由市水务局11月10日前完成测绘。牵头单位：市城管局。")
    assert _who(plan) == [("市城管局", ())]
    assert asked(plan) == ["another_charged"]


@pytest.mark.parametrize(
    ("inner", "due"),
    [
        ("3月底前制定实施方案，10月底前完工", ["2024-03-31", "2024-10-31"]),
        ("6月底前完成60%，年底前全部完成", ["2024-06-30", "2024-12-31"]),
    ],
)
def test_limits_in_a_bracket_stay_in_their_order(inner: str, due: list[str]) -> None:
    """The last of them is no limit of the whole that stands before the others."""
    plan = _lines(f"1.改造老旧小区120个。（市住建局牵头，{inner}）")
    assert [end for _, end in windows(plan)] == due
    assert asked(plan) == []


def test_how_long_something_may_take_is_no_limit() -> None:
    """`压缩至1个工作日内` is what is to be reached."""
    plan = _lines("1.企业开办。6月底前将企业开办时间压缩至1个工作日内（市市场监管局牵头）")
    assert [end for _, end in windows(plan)] == ["2024-06-30"]
    assert asked(plan) == []


def test_the_days_of_an_event_are_asked_about() -> None:
    """What is done on them is not due by the limit before."""
    plan = _lines("1.电力保障。由县供电公司负责，6月4日前完成检修，考试期间安排应急发电车。")
    assert asked(plan) == ["time_beside"]


def test_a_numbered_month_heads_its_items() -> None:
    """`一、1月份` holds for the items below it that say nothing of when."""
    items = ("一、1月份", "1.召开工作会议（区委办牵头）", "二、二季度", "2.举办对接会（区工信局牵头）")
    plan = _lines(*items)
    assert windows(plan) == [("2024-01-01", "2024-01-31"), ("2024-04-01", "2024-06-30")]
    assert asked(plan) == []


@pytest.mark.parametrize("head", ["【督办事项{n}】", "【民生实事{n}】", "【任务{n}】"])
def test_a_count_in_black_brackets_opens_an_item(head: str) -> None:
    """The labels below it are its own."""
    labels = ("牵头单位：市教育局", "完成时限：6月底前")
    plan = _lines(head.format(n="1") + "新建学校", *labels, head.format(n="2") + "改建食堂", *labels)
    assert [project.title for project in plan.projects] == ["新建学校", "改建食堂"]
    assert asked(plan) == []


def test_a_line_over_bullets_that_are_labels_names_their_item() -> None:
    """Two such lines are two items, though neither has a number."""
    first, second = ("• 承办单位：市公安局", "• 办结时限：8月底前"), ("• 承办单位：市水利局", "• 办结时限：9月底前")
    plan = _lines("校门口拥堵", *first, "饮水困难", *second)
    assert [project.title for project in plan.projects] == ["校门口拥堵", "饮水困难"]
    assert _who(plan) == [("市公安局", ()), ("市水利局", ())]
    assert asked(plan) == []


def test_months_of_a_school_year_are_asked_about_once() -> None:
    """`2023—2024学年` ends in the year that no limit prints; a term says which year it is."""
    items = ("1.新生教育。责任单位：学生处。完成时限：9月底前。", "2.党员教育。责任单位：组织部。完成时限：6月底前。")
    assert asked(_lines(*items, title="某校2024—2025学年重点工作安排")) == ["of_two_years"]
    assert asked(_lines(*items, title="某校2023—2024学年第二学期重点工作安排")) == []


def test_what_is_said_of_the_first_named_and_labels_of_an_item_are_read() -> None:
    """Neither is left over."""
    told = "说明：列第一位的为牵头单位，其他为配合单位。"
    item = "1.预算执行率偏低。责任单位：财务处、人事处。整改要求：8月底前分析原因，10月底前通报进度。"
    plan = _lines(told, item)
    assert _who(plan) == [("财务处", ("人事处",))]
    assert asked(plan) == []
