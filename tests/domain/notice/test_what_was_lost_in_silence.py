"""What lists of further hands lost, or read wrong, without a question: times, conditions, years, who does it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.departments import departments, parts_of
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.festivals import published_festivals
from domain.notice.plan import Plan
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext
from tests.domain.notice.plans import asked, plan_of, windows

CONTEXT = TimeContext.of(2026, date(2026, 2, 10), published_festivals())
HEADS = ("序号", "任务", "责任单位", "时限")


def _read(text: str) -> list[tuple[str, str, int | None]]:
    """What is done in a cell, by when, and in how many sessions."""
    return [
        (each.description, f"{each.window.due_on:%m-%d}" if each.window.due_on else "", _count(each.window.recurrence))
        for each in read_schedule(text, CONTEXT, duty="任务").deliverables
    ]


def _count(recurrence: object) -> int | None:
    return getattr(recurrence, "count", None)


def _questions(text: str) -> str:
    doubts = [doubt for each in read_schedule(text, CONTEXT, duty="任务").deliverables for doubt in each.doubts]
    return "".join(doubt.text for doubt in doubts if doubt.severity != "note")


def _lines(*items: str, heading: str = "某区2026年重点工作任务分解", day: str = "2026年2月10日") -> Plan:
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, (heading, day, *items)))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("暑运前5条、国庆前5条", "暑运前"),
        ("4座主汛期前完成，2座年底前完成", "主汛期前"),
        ("5月底前更新物资，台风来临前开放", "台风来临前"),
        ("4月底前新建基地2个，“双十一”期间开展促销", "双十一"),
        ("4月20日起集中整治两个月", "两个月"),
        ("每月一次，寒暑假前各加一次", "寒暑假"),
        ("春夏两季各清漂一次，10月至11月“回头看”", "春夏两季"),
        ("两周一视导，学期末形成报告", "学期末"),
        ("面积达20万亩，其中三季度末不低于16万亩", "其中"),
        ("每月报送一次，自3月开始", "3月开始"),
        ("每月5日前报送，7月起改为每季度报送", "改为"),
        ("“五一”“十一”等节前", "等节"),
        ("4-6月排查，7-10月整治，每月5日前报进度", "前面有几段时间"),
        ("各镇街每月5日前、区直部门每月10日前报送", "每月10日前"),
        ("3—5月为集中整治期，其余时间常态化巡查", "其余时间"),
        ("在6月底基础上提前一个月完成", "提前一个月"),
        ("3月15日起施行，有效期至2028年3月14日", "有效期至"),
    ],
)
def test_what_a_limit_beside_it_hid_is_asked_about(text: str, said: str) -> None:
    """A cell that has one time that is read may hold another that nobody reads: its words stand in a question."""
    assert said in _questions(text)


@pytest.mark.parametrize(
    "text",
    ["汛期前（5月1日前）完成", "5月31日前（汛期前）完成", "5月底前，汛期前完成清淤", "8月底前（秋季开学前）完成"],
)
def test_a_season_with_its_day_is_not_asked_about(text: str) -> None:
    """What only says why, or the same once more, waits for nobody."""
    assert _questions(text) == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("6月底前清零；此后每月通报", [("清零", "06-30", None), ("每月通报", "12-31", 6)]),
        ("对企业每月调度，12月20日前报总结", [("对企业每月调度", "12-31", 11), ("报总结", "12-20", None)]),
        ("一季度5000万元，半年1.2亿元", [("5000万元", "03-31", None), ("1.2亿元", "06-30", None)]),
        ("动态清零，季末通报", [("动态清零，季末通报", "12-31", 4)]),
        ("两周一调度", [("两周一调度", "12-31", 23)]),
        ("双月评查", [("双月评查", "12-31", 6)]),
        ("4月 招标\n暑假 施工", [("招标", "04-30", None), ("施工", "08-31", None)]),
        (
            "4.15：完成许可；6.30：完成桩基；12.20：封顶",
            [("完成许可", "04-15", None), ("完成桩基", "06-30", None), ("封顶", "12-20", None)],
        ),
    ],
)
def test_times_of_offices_are_read(text: str, read: list[tuple[str, str, int | None]]) -> None:
    """Each is a milestone with its own limit, and none is asked about."""
    got = _read(text)
    assert [each[:2] for each in got] == [each[:2] for each in read]
    assert [each[2] is None for each in got] == [each[2] is None for each in read]
    assert _questions(text) == ""


def test_a_dotted_day_alone_or_before_a_blank_is_asked_about() -> None:
    """`4.15：…` may be a number of a section, and `1.2：…` is one."""
    assert "4.15" in _questions("4.15：完成许可")
    assert "2.28" in _questions("2.28 完成评审；8.31 交付")
    assert _read("1.2：完成招标；1.3：开工") == [("1.2：完成招标", "", None), ("1.3：开工", "", None)]


def test_the_end_of_a_named_quarter_is_that_quarters() -> None:
    """`二季度启动，季末通报` does not come back."""
    assert _read("二季度启动，季末通报") == [("启动，季末通报", "06-30", None)]


@pytest.mark.parametrize(
    ("title", "day", "asks"),
    [
        ("某市2027年部门预算编制安排表", "2026年7月20日", True),
        ("2025年度审计问题整改清单", "2026年3月18日", True),
        ("某市2027年重点工作清单", "2026年12月28日", False),
        ("某市2026年重点工作清单", "2026年2月10日", False),
    ],
)
def test_the_year_of_a_list_that_was_issued_in_another_is_asked_about(title: str, day: str, *, asks: bool) -> None:
    """A budget of next year is drawn up in this one: `7月25日` is no day of next July."""
    plan = plan_of(HEADS, ("1", "编制草案", "财政局", "10月25日前"), lines=(title, day))
    assert ("issued_in_another_year" in asked(plan)) is asks
    dated = plan_of(HEADS, ("1", "编制草案", "财政局", "2026年10月25日前"), lines=(title, day))
    assert "issued_in_another_year" not in asked(dated)


@pytest.mark.parametrize(
    ("cell", "lead", "others"),
    [
        ("市国资委（市机关事务中心配合）", ["市国资委"], ["市机关事务中心"]),
        ("市教育局，市财政局、市人社局配合", ["市教育局"], ["市财政局", "市人社局"]),
        ("审管办牵头，各业务庭落实", ["审管办"], ["各业务庭"]),
        ("技术科（主）、保管科（协）", ["技术科（主）"], ["保管科（协）"]),
    ],
)
def test_who_helps_stands_beside_who_leads(cell: str, lead: list[str], others: list[str]) -> None:
    """A bracket, or a part of its own, says who helps; whoever stands before it does not help."""
    parts = parts_of(cell)
    assert (list(parts.leads or parts.named[:1]), [*parts.named[1:], *parts.others]) == (lead, others)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("市教育局和市财政局及各学校", ["市教育局", "市财政局", "各学校"]),
        ("市教育局→市财政局", ["市教育局", "市财政局"]),
        ("1.市教育局 2.市财政局", ["市教育局", "市财政局"]),
        ("市卫生和计划生育局", ["市卫生和计划生育局"]),
        ("城镇和乡村建设处", ["城镇和乡村建设处"]),
        ("干部和人才处", ["干部和人才处"]),
        ("Health & Safety Unit", ["Health & Safety Unit"]),
    ],
)
def test_two_offices_with_a_word_between_them_are_two(cell: str, names: list[str]) -> None:
    """Each is whole by itself; an office's own name may hold the word."""
    assert departments(cell) == names


@pytest.mark.parametrize(
    "name",
    [
        "主要责任单位：市教育局",
        "市教育局（联系人：李明，电话：0571-8888）",
        "市教育局（不含机关）",
        "市财政局保障资金",
        "配合市财政局",
        "原市教育局",
        "★市教育局",
        "市教育局（3月底前提供数据）",
    ],
)
def test_a_name_that_holds_more_than_an_office_is_asked_about(name: str) -> None:
    """A paper would go to nobody; the ruling says the office, and then it leads."""
    plan = plan_of(HEADS, ("1", "甲任务", name, "6月底前"))
    assert "placeholder_lead" in asked(plan)


@pytest.mark.parametrize(
    "cells",
    [
        ("任务", "建设局①", "6月底前"),
        ("任务", "市卫健委（原为市住建局）", "6月底前"),
        ("任务", "研发部王强", "6月底前"),
        ("任务", "J. Smith", "6月底前"),
        ("任务", "甲局", "5月底前拿地（市自然资源局负责），12月底前建成"),
        ("任务", "甲局", "2024年内不作要求，2025年6月底前"),
        ("任务", "甲局", "至2025年春季学期结束"),
        ("任务", "甲局", "每月5日前检查，并于月底前通报"),
    ],
)
def test_what_changes_a_name_or_a_time_in_words_beside_it_is_asked_about(cells: tuple[str, str, str]) -> None:
    """Each was read as a name or a time without a word."""
    assert plan_of(HEADS, ("1", *cells)).unruled


@pytest.mark.parametrize("remark", ["牵头单位变更为县住建局", "改由乙局牵头", "由乙局接续负责", "时限以批复为准"])
def test_a_remark_that_changes_who_leads_or_when_is_asked_about(remark: str) -> None:
    """The column is not read."""
    assert "remark_changes" in asked(plan_of((*HEADS, "备注"), ("1", "甲任务", "甲局", "6月底前", remark)))


@pytest.mark.parametrize("name", ["市公安局交警支队", "市卫健委机关", "区住建局城管科", "市教育局（市委教育工委）"])
def test_a_part_of_an_office_is_a_name(name: str) -> None:
    """What ends as offices do, or has another name in brackets, is not asked about."""
    assert asked(plan_of(HEADS, ("1", "甲任务", name, "6月底前"))) == []


def test_offices_of_every_county_that_lead_are_asked_about() -> None:
    """`各区城管局` is many."""
    assert "group_lead" in asked(plan_of(HEADS, ("1", "甲任务", "各区城管局", "6月底前")))


def test_labels_without_a_colon_say_who() -> None:
    """In brackets and on lines of their own."""
    plan = _lines(
        "1.新增企业20家，6月底前完成。（责任领导张建国，责任单位区工信局，配合单位区统计局、各镇街）",
        "2.开工建设产业园，5月底前完成。",
        "责任领导 李敏",
        "责任单位 区投促局",
    )
    first, second = plan.projects
    assert (first.lead_department, first.participating_departments) == ("区工信局", ("区统计局", "各镇街"))
    assert (first.responsible_leader, second.responsible_leader) == ("张建国", "李敏")
    assert second.lead_department == "区投促局"
    assert windows(plan) == [("None", "2026-06-30"), ("None", "2026-05-31")]
    assert asked(plan) == []


def test_a_label_without_a_colon_that_opens_a_sentence_is_none() -> None:
    """`责任单位要…` tells whoever is responsible what to do."""
    plan = _lines("1.新增企业，6月底前完成。（区工信局牵头）", "责任单位要在7月底前报送总结。")
    assert plan.projects[0].lead_department == "区工信局"


def test_a_person_who_answers_beside_an_office_is_its_leader() -> None:
    """`责任人：副主任 曹颖` and `责任单位：甲局；责任人：王强`, in either order."""
    plan = _lines(
        "1.道路整治：5月底前完成；责任单位：区住建局；责任人：王强；督办领导：李副区长。",
        "2.管网改造：6月底前完成；责任人：区水务局副局长 赵亮；责任单位：区水务局。",
    )
    assert [project.lead_department for project in plan.projects] == ["区住建局", "区水务局"]
    assert [project.responsible_leader for project in plan.projects] == ["王强、李副区长", "区水务局副局长 赵亮"]
    assert asked(plan) == []


def test_who_helps_behind_a_label_does_not_lead() -> None:
    """`责任单位：应急办，人武部、派出所配合` and `（甲局，乙局、丙局配合）`."""
    plan = _lines(
        "1.应急演练，5月底前完成。责任单位：应急办，人武部、派出所配合",
        "2.排口整治，6月底前完成。（区生态环境局，区水务局、各镇街配合）",
        "3.化肥储备，7月底前完成。由农资公司负责，业务科指导。",
    )
    who = [(project.lead_department, project.participating_departments) for project in plan.projects]
    assert who == [
        ("应急办", ("人武部", "派出所")),
        ("区生态环境局", ("区水务局", "各镇街")),
        ("农资公司", ("业务科",)),
    ]


def test_an_item_without_a_time_is_no_heading_where_its_brackets_name_somebody() -> None:
    """It was taken for a heading of nothing and was gone with its leader; it is a project that asks for its limit."""
    plan = _lines(
        "（一）公开项目清单，4月30日前公布。（市发改委）",
        "（二）政策解读率达到100%。（各起草科室、负责起草的处室）",
        "（三）公布抽查情况，7月底前完成。（市政府办公室）",
    )
    assert len(plan.projects) == 3
    assert "no_schedule" in asked(plan)


def test_a_line_with_somebody_elses_duty_is_an_item_of_its_own() -> None:
    """Below an item that has its leader, a sentence that names another one and its limit is no part of it."""
    plan = _lines("1.甲任务，8月底前完成。（区民政局）", "乙任务也要在7月底前办结。（区财政局）")
    assert [project.lead_department for project in plan.projects] == ["区民政局", "区财政局"]


def test_a_limit_in_brackets_that_names_no_day_takes_none_from_the_sentence() -> None:
    """`4月30日前公布…（甲局牵头；持续推进）`."""
    plan = _lines("1.公开项目清单，4月30日前公布。（市发改委牵头；持续推进）", "2.乙任务，5月底前完成。（市财政局）")
    assert str(plan.projects[0].milestones[0].due_on) == "2026-04-30"


def test_a_head_of_two_roles_has_the_lead_first() -> None:
    """`责任部门/协同部门` over `普惠部/各支行`."""
    plan = plan_of(("序号", "任务", "责任部门/协同部门", "时限"), ("1", "甲任务", "普惠部/资产部", "6月底前"))
    (project,) = plan.projects
    assert (project.lead_department, project.participating_departments) == ("普惠部", ("资产部",))


def test_until_it_is_done_is_told() -> None:
    """`直至办结` keeps the year's end, and says so."""
    plan = plan_of(HEADS, ("1", "信访积案", "国资委", "每月25日前报告进展，直至办结"))
    assert any("直至办结" in finding.text for finding in plan.findings)


def test_a_label_that_is_part_of_the_sentence_says_who() -> None:
    """`责任单位为区水务局` names 区水务局, not `为区水务局`."""
    plan = _lines("1.管网改造6月底前完成，责任单位为区水务局。", "2.东路改造5月底前完成，牵头单位是区住建局。")
    assert [project.lead_department for project in plan.projects] == ["区水务局", "区住建局"]


def test_whoever_else_is_charged_in_an_item_is_asked_about() -> None:
    """`请甲局…；请乙局…`: the one that is named first does not do what the other is charged with."""
    plan = _lines("1.请区住建局5月底前完成道路；请区水务局完成管网。", "2.请区教育局8月底前完成校舍。")
    assert plan.projects[0].lead_department == "区住建局"
    assert asked(plan) == ["another_charged"]


def test_a_section_that_says_who_helps_is_no_name_alone() -> None:
    """`二、区民政局（区残联配合）` over its rows: who helps is not gone without a question."""
    rows = (
        ("一、区水务局", "", ""),
        ("1", "甲任务", "6月底前"),
        ("二、区民政局（区残联配合）", "", ""),
        ("2", "乙任务", "8月底前"),
    )
    plan = plan_of(("序号", "任务", "完成时限"), *rows)
    second = plan.projects[1]
    assert "区残联" in second.participating_departments or asked(plan)


def test_counted_offices_are_taken_whole() -> None:
    """`1.区水务局⏎2.区民政局`: their numbers are not left over."""
    plan = plan_of(HEADS, ("1", "甲任务", "1.区水务局\n2.区民政局", "6月底前"))
    assert (plan.projects[0].lead_department, asked(plan)) == ("区水务局", ["several_leads"])


def test_a_sentence_behind_a_label_is_none_of_it() -> None:
    """`责任单位：甲局。其中征迁由乙街道负责，4月底前完成。`: it was the first office's name and a helper's."""
    plan = _lines(
        "1.东路改造，5月底前完成。责任单位：区住建局。其中征迁工作由东街道负责，4月底前完成。",
        "2.管网改造，6月底前完成。责任单位：区水务局。",
    )
    first = plan.projects[0]
    assert first.lead_department == "区住建局"
    assert first.participating_departments in ((), ("东街道",))
    assert windows(plan)[:2] == [("None", "2026-05-31"), ("None", "2026-04-30")]


def test_brackets_side_by_side_say_who_leads_and_who_helps() -> None:
    """`（甲局）（乙局配合）`."""
    plan = _lines("1.东路改造，5月底前完成。（区住建局）（区财政局配合）", "2.管网改造，6月底前完成。（区水务局）")
    who = [(project.lead_department, project.participating_departments) for project in plan.projects]
    assert who == [("区住建局", ("区财政局",)), ("区水务局", ())]


def test_a_note_below_the_rows_of_a_sheet_that_charges_another_is_asked_about() -> None:
    """`注：第2项…由乙局负责，9月底前完成` is a row of a sheet: more than a remark that is left."""
    rows = (("1", "甲任务", "甲局", "6月底前"), ("2", "乙任务", "甲局", "12月底前"))
    plan = plan_of(HEADS, *rows, ("注：第2项中高速服务区由市交通局负责，9月底前完成。", "", "", ""))
    assert asked(plan) == ["duty_in_text"]
    assert asked(plan_of(HEADS, *rows, ("注：以上数据以审计为准。", "", "", ""))) == []


def test_a_column_of_tasks_is_the_title_beside_indicators() -> None:
    """`一级指标 | 二级指标 | 改革任务`: the indicators say of what kind the tasks are, and are none."""
    heads = ("一级指标", "二级指标", "改革任务", "责任单位", "时限")
    plan = plan_of(
        heads,
        ("开办企业", "环节", "推广电子印章", "甲局", "6月底前"),
        ("开办企业", "时间", "一日办结", "甲局", "9月底前"),
    )
    assert [(project.title, project.category) for project in plan.projects] == [
        ("推广电子印章", "开办企业"),
        ("一日办结", "开办企业"),
    ]
    assert [project.milestones[0].description for project in plan.projects] == ["推广电子印章", "一日办结"]
