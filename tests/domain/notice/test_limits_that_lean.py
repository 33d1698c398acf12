"""Limits that lean on something else are asked about; a year, a season and offices that stand over others are read."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest

from domain.notice.cards import is_form
from domain.notice.compiling import compile_notice
from domain.notice.departments import departments
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.festivals import published_festivals
from domain.notice.offices_in_text import as_list, offices
from domain.notice.plan import Plan
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext
from tests.domain.notice.plans import asked, plan_of, table_of, told, windows

CONTEXT = TimeContext.of(2026, date(2026, 2, 10), published_festivals())
HEADS = ("序号", "任务", "责任单位", "时限")


def _doubts(text: str, *, notes: bool) -> str:
    drafts = read_schedule(text, CONTEXT, duty="任务").deliverables
    return "".join(doubt.text for each in drafts for doubt in each.doubts if (doubt.severity == "note") == notes)


def _read(text: str) -> list[str]:
    return [str(each.window.due_on) for each in read_schedule(text, CONTEXT, duty="任务").deliverables]


def _lines(*items: str) -> Plan:
    heading = ("某区2026年重点工作任务分解", "2026年2月10日")
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, (*heading, *items)))))


def _said(plan: Plan) -> list[tuple[str, str]]:
    return [(project.title, project.lead_department) for project in plan.projects]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8月15日前；开幕前一周复查", "开幕前一周"),
        ("5月底前完成；会前10天报送材料", "会前10天"),
        ("6月底前完成；验收前一个月自查", "验收前一个月"),
        ("9月开学第一周", "开学第一周"),
        ("每周巡查一次，节前加密一次", "节前"),
        ("每月排查1次，重要节假日前各排查1次", "重要节假日前"),
        ("若国务院批复，则9月底前挂牌；否则转入储备", "“否则”"),
        ("年底前完成，有条件的9月底前完成", "有条件的"),
        ("4月1日-8月31日（雨季顺延）", "雨季顺延"),
        ("每半年一次，核查结果于次月5日前反馈", "次月5日前"),
        ("每月统计，次月上旬报送", "次月上旬"),
        ("每半年开展一次排查，问题清单季末通报", "季末"),
        ("春秋两季各开展一次排查，问题清单季末通报", "季末"),
    ],
)
def test_a_limit_that_leans_on_something_else_is_asked_about(text: str, said: str) -> None:
    """A day that an event, a feast, the month that follows or a condition has to give waits for somebody."""
    assert said in _doubts(text, notes=False)


@pytest.mark.parametrize(
    "text",
    [
        "9月底前完成，否则予以通报",
        "5月底前完成，支持有条件的企业上市",
        "5月底前完成核查，次月10日前报送结果",
        "每月10号前（遇节假日顺延）",
        "6月底前（疫情影响可顺延）",
        "5月底前完成目前3个项目",
    ],
)
def test_what_changes_no_limit_waits_for_nobody(text: str) -> None:
    """What follows if nothing is done, what others are helped to, and a month that is read are no questions."""
    assert _doubts(text, notes=False) == ""


@pytest.mark.parametrize("text", ["春秋两季", "春、秋两季各开展一次清扫", "每年春秋两季各1次", "春季、秋季各一次"])
def test_spring_and_autumn_come_back_twice_a_year(text: str) -> None:
    """Once in each half of the year, and it is told that nobody wrote the days."""
    (each,) = read_schedule(text, CONTEXT, duty="任务").deliverables
    assert each.window.recurrence is not None
    assert (each.window.recurrence.count, each.window.recurrence.every_months) == (2, 6)
    assert "春秋两季" in _doubts(text, notes=True)
    assert _doubts(text, notes=False) == ""


def test_a_class_begins_in_its_month() -> None:
    """`开课` is what is done in the month before it."""
    assert _read("春季班3月开课，秋季班9月开课") == ["2026-03-31", "2026-09-30"]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2027年：6月底前开工，12月完工", ["2027-06-30", "2027-12-31"]),
        ("2026年：完成立项；2027年：6月底前开工", ["2026-12-31", "2027-06-30"]),
        ("2027年上半年：5月底前开工", ["2027-05-31"]),
    ],
)
def test_times_under_a_year_are_of_that_year(text: str, due: list[str]) -> None:
    """A year before a colon holds for every time behind it, and is no duty of its own where they say all."""
    assert _read(text) == due
    assert _doubts(text, notes=False) == ""


def test_a_time_behind_a_whole_year_is_asked_about() -> None:
    """Without a colon the later time may be this year's."""
    assert _read("2027年改造120公里，11月底前完工") == ["2027-12-31", "2027-11-30"]
    assert "2027年" in _doubts("2027年改造120公里，11月底前完工", notes=False)


def test_a_year_over_a_half_of_it_is_read() -> None:
    """`2027年` in the upper row of heads is the year of `上半年` in the lower one."""
    above = [Cell(head, at) for at, head in enumerate(HEADS[:3])]
    year = Cell("2027年", 7)
    rows = (
        Row((*above, Cell("2026年"), year, year), "第1行"),
        Row((*above, Cell("下半年"), Cell("上半年"), Cell("下半年")), "第2行"),
        Row(tuple(map(Cell, ("1", "扩建", "甲局", "开工", "封顶", "8月底前投用"))), "第3行"),
    )
    lines = (Paragraph("某市2026年重点工作清单"), Paragraph("2026年2月20日"))
    plan = compile_notice(NoticeDocument("list", (*lines, Table(rows))))
    assert [due for _, due in windows(plan)] == ["2026-12-31", "2027-06-30", "2027-08-31"]


def test_half_a_year_heads_a_column() -> None:
    """`半年目标` between the first quarter's and the year's is due in June."""
    plan = plan_of(
        ("序号", "任务", "责任单位", "一季度目标", "半年目标", "全年目标"),
        ("1", "招商", "甲局", "5个", "12个", "25个"),
    )
    assert [due for _, due in windows(plan)] == ["2024-03-31", "2024-06-30", "2024-12-31"]


@pytest.mark.parametrize(
    ("joined", "apart"),
    [
        ("甲局和乙局", "甲局、乙局"),
        ("甲局和乙局以及丙局", "甲局、乙局、丙局"),
        ("城投公司和水务公司", "城投公司、水务公司"),
        ("樱花园管委会和旅游公司", "樱花园管委会、旅游公司"),
        ("质控科和病案室", "质控科、病案室"),
        ("市一院和市二院", "市一院、市二院"),
        ("工会和团委", "工会、团委"),
        ("党委和团委", "党委、团委"),
        ("各科室和各学院", "各科室、各学院"),
        ("商务局及各开发区", "商务局、各开发区"),
        ("各镇街和区教育局", "各镇街、区教育局"),
        ("住房和城乡建设局和交通局", "住房和城乡建设局、交通局"),
        ("卫生和计划生育局", "卫生和计划生育局"),
        ("文化和旅游厅", "文化和旅游厅"),
        ("党委和政府督查室", "党委和政府督查室"),
        ("城市管理和综合执法局", "城市管理和综合执法局"),
    ],
)
def test_joined_offices_are_apart_in_cells_and_in_text(joined: str, apart: str) -> None:
    """One rule for both: two offices are two, and a name with `和` in it is one."""
    assert "、".join(departments(joined)) == as_list(joined) == apart
    assert offices(joined)


def test_an_open_list_of_joined_offices_is_told_apart() -> None:
    """`等` closes the last of them."""
    assert departments("教育局和财政局等部门") == ["教育局", "财政局", "等部门"]


def test_an_office_before_a_colon_leads() -> None:
    """Each office of a line has what stands behind its own colon."""
    plan = _lines("甲局：3月底前修订章程；乙局：4月底前完成清理。", "丙局：6月底前盘点。")
    assert _said(plan) == [("3月底前修订章程", "甲局"), ("4月底前完成清理", "乙局"), ("6月底前盘点", "丙局")]


def test_who_leads_all_above_leads_them() -> None:
    """What a line behind several items says of all of them is no duty of the last one."""
    plan = _lines("1.甲事项。5月底前完成。", "2.乙事项。8月底前完成。", "以上工作由丙局牵头，丁局配合。")
    assert _said(plan) == [("甲事项", "丙局"), ("乙事项", "丙局")]
    assert [due for _, due in windows(plan)] == ["2026-05-31", "2026-08-31"]
    assert "left_unread" not in told(plan)


def test_what_else_is_said_of_all_above_is_told() -> None:
    """It moves no limit of the last item."""
    plan = _lines("1.甲事项（甲局；5月底前）", "2.乙事项（乙局；8月底前）", "以上任务每月底前报送进度。")
    assert [due for _, due in windows(plan)] == ["2026-05-31", "2026-08-31"]
    assert "duty_in_text" in told(plan)


def test_a_limit_in_brackets_stands_over_the_items_below() -> None:
    """`【4月10日前完成】` is no part of the item above it."""
    plan = _lines("【4月10日前完成】", "1.甲事项（甲局）", "【4月底前】", "2.乙事项（乙局）")
    assert [due for _, due in windows(plan)] == ["2026-04-10", "2026-04-30"]
    assert "left_unread" not in told(plan)


def test_numbers_of_one_character_count_items() -> None:
    """`⒈` and `⑴` stand in no title."""
    plan = _lines(
        "⒈ 甲事项（甲局；5月底前）", "⒉ 乙事项", "⑴招标，6月底前完成；", "⑵施工，9月底前完成。", "责任单位：乙局"
    )
    assert _said(plan) == [("甲事项", "甲局"), ("乙事项", "乙局")]
    assert [due for _, due in windows(plan)] == ["2026-05-31", "2026-06-30", "2026-09-30"]


def test_what_is_done_heads_its_limits() -> None:
    """`立项 | 环评 | 开工` over times are milestones of their own; a stroke is none, a state is asked about."""
    plan = plan_of(
        ("项目", "立项", "环评", "开工", "责任单位"),
        ("新院区", "3月底", "4月15日前", "6月底前", "甲局"),
        ("污水厂", "已完成", "—", "8月", "乙局"),
    )
    assert [milestone.description for project in plan.projects for milestone in project.milestones] == [
        "立项",
        "环评",
        "开工",
        "开工",
    ]
    assert [due for _, due in windows(plan)] == ["2024-03-31", "2024-04-15", "2024-06-30", "2024-08-31"]
    assert "remark_changes" in asked(plan)


def test_a_second_row_of_heads_that_repeats_the_first_is_no_duty() -> None:
    """An export writes a merged head into each of its places."""
    plan = plan_of(
        ("序号", "任务", "2024年", "2024年", "2025年", "2025年", "责任单位"),
        ("序号", "任务", "上半年", "下半年", "上半年", "下半年", "责任单位"),
        ("1", "扩建", "立项", "开工", "封顶", "投用", "甲局"),
    )
    assert [project.title for project in plan.projects] == ["扩建"]
    assert [due for _, due in windows(plan)] == ["2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31"]


def test_an_item_that_says_by_when_in_its_midst_is_not_lost() -> None:
    """Beside another item of its part it is a duty, whatever opens its sentence."""
    plan = _lines(
        "（一）甲局：",
        "1．新认定企业50家，9月底前申报。",
        "2．签约项目，其中二季度末不少于12个。",
        "3．推介会，4月、9月各1场。",
        "（二）乙局：",
        "4．续建道路，10月底前通车。",
        "5．推介会，5月、10月各1场。",
    )
    assert [project.lead_department for project in plan.projects] == ["甲局"] * 3 + ["乙局"] * 2
    assert windows(plan)[-2:] == [("2026-05-01", "2026-05-31"), ("2026-10-01", "2026-10-31")]


def test_who_leads_stands_in_brackets_before_a_colon() -> None:
    """`综合演练（甲局）：9月底前` is led by whom the brackets name."""
    assert _said(_lines("1.综合演练（甲局）：9月底前", "2.修订章程（乙局）：6月底前")) == [
        ("综合演练", "甲局"),
        ("修订章程", "乙局"),
    ]


def test_whoever_stands_in_brackets_amid_an_item_is_asked_about() -> None:
    """The brackets at the end name who leads the item; those before them name somebody else."""
    plan = _lines("1.4月：开学典礼（学生处）；教学检查（教务处）", "2.5月：期中考试（教务处）")
    assert [finding.code for finding in plan.unruled] == ["another_charged"]


@pytest.mark.parametrize("words", ["上级另有规定的从其规定", "逾期未整改的移送执法"])
def test_what_holds_otherwise_is_no_duty_by_the_limit(words: str) -> None:
    """It makes no milestone of its own."""
    assert _read(f"6月底前；{words}") == ["2026-06-30"]


def test_titles_that_are_numbers_are_asked_about() -> None:
    """They are asked about once: another column may have the titles."""
    plan = plan_of(
        ("县区", "新建任务", "责任单位", "完成时限"),
        ("东县", "3.2", "甲局", "6月底前"),
        ("西县", "2.8", "乙局", "9月底前"),
    )
    assert asked(plan).count("title_is_a_number") == 1


def test_who_urges_takes_no_part() -> None:
    """`督促单位` is no head of helpers."""
    plan = plan_of(("序号", "任务", "责任单位", "督促单位", "完成时限"), ("1", "整改", "甲局", "审计局", "6月底前"))
    assert plan.projects[0].participating_departments == ()


def test_a_limit_of_the_content_that_leans_is_told() -> None:
    """It is named where the schedule says something else."""
    plan = plan_of(
        ("序号", "任务", "工作要求", "责任单位", "完成时限"), ("1", "质控", "次月10日前公示", "甲局", "每月")
    )
    assert any("次月10日前" in finding.text for finding in plan.findings)


def test_a_long_table_is_looked_through_once_for_a_form() -> None:
    """Twelve thousand rows take seconds, and not the square of them."""
    table = table_of(HEADS, *((str(at), f"事项{at}", "甲局", "6月底前") for at in range(12_000)))
    begin = process_time()
    assert not is_form(table)
    assert process_time() - begin < 5


@pytest.mark.parametrize(
    ("limit", "questions"),
    [
        ("6月底前完成，7月15日前完成", ["two_limits"]),
        ("6月底前建成，8月底前建成", ["two_limits"]),
        ("6月底前开工，7月15日前完成", []),
        ("6月底前完成80%，7月15日前完成", []),
        ("分别于5月、8月、11月底前完成", []),
    ],
)
def test_two_limits_of_one_duty_are_asked_about(limit: str, questions: list[str]) -> None:
    """What is done by one time is not done by another one; steps, shares and sessions are."""
    assert asked(plan_of(HEADS, ("1", "任务", "甲局", limit))) == questions


@pytest.mark.parametrize("text", ["3月启动并持续推进", "3月上线，持续优化", "6月底前建成并长期运行"])
def test_what_goes_on_behind_its_end_is_told(text: str) -> None:
    """The end counts; that it goes on is not lost."""
    assert "到期以后还要继续" in _doubts(text, notes=True)
    assert "到期以后还要继续" not in _doubts("3月持续推进", notes=True)


def test_two_feasts_under_one_word_are_those_feasts() -> None:
    """`中秋、国庆“两节”前` is before them, and not on their days."""
    assert _read("中秋、国庆“两节”前") == _read("中秋、国庆前") == ["2026-09-24"]
