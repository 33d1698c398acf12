"""What a running text says once for several items or in another item's words, and what stands under a label."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.departments import is_group, parts_of
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked


def _lines(*items: str) -> Plan:
    return compile_notice(
        NoticeDocument("list", tuple(map(Paragraph, ("某市2024年重点工作任务分解", "2024年1月10日", *items))))
    )


def _due(plan: Plan) -> list[list[str]]:
    return [[str(milestone.due_on) for milestone in project.milestones] for project in plan.projects]


_ITEMS = ("1.修订预案。责任单位：市水务局", "2.清理河道。责任单位：市水务局；完成时限：5月底")


@pytest.mark.parametrize(
    "line",
    [
        "以下任务均于8月底前完成。",
        "以下各项任务完成时限均为8月底前。",
        "（未注明时限的，均于8月底前完成）",
        "除注明时限外，其余事项均须在8月底前办结。",
        "未注明时限的，均为8月底前。",
        "以上任务未注明完成时限的，于8月底前完成。",
        "注：未明确时限的任务，均应于8月底前完成。",
        "其他未标明时间的工作任务8月底前完成。",
        "没有写明完成时间的，按8月底前掌握。",
    ],
)
def test_a_limit_that_is_said_once_holds_for_each_item_without_one(line: str) -> None:
    """It is told and not asked about; behind the items it holds, too, and an item's own limit stays."""
    for items in ((line, *_ITEMS), (*_ITEMS, line.replace("以下", "以上"))):
        plan = _lines(*items)
        assert _due(plan) == [["2024-08-31"], ["2024-05-31"]]
        assert asked(plan) == []
        assert "limit_of_all" in {finding.code for finding in plan.findings}


def test_what_a_line_between_items_says_of_all_stays_there() -> None:
    """It may be that of the item above it."""
    plan = _lines(
        _ITEMS[0], "各项工作均于8月底前完成。", "2.更新公交。责任单位：市交通局", "3.立牌。责任单位：市住建局"
    )
    assert _due(plan)[1:] == [["None"], ["None"]]
    assert "no_schedule" in asked(plan)


def test_two_limits_for_all_are_for_nobody() -> None:
    """Each may hold for a part of the list."""
    plan = _lines("以下任务均于8月底前完成。", *_ITEMS, "以下任务均于9月底前完成。", "3.更新公交。责任单位：市交通局")
    assert _due(plan)[0] == ["None"]
    assert "no_schedule" in asked(plan)


def test_whom_a_line_above_names_for_all_leads_what_nobody_leads() -> None:
    """`除另有说明外，牵头单位均为甲局` is a label of the whole list."""
    line = "除另有说明外，牵头单位均为市审批局，完成时限均为8月底。"
    plan = _lines(line, "1.压缩办件时间。", "2.办理登记。牵头单位：市住建局；完成时限：5月底")
    assert [project.lead_department for project in plan.projects] == ["市审批局", "市住建局"]
    assert _due(plan) == [["2024-08-31"], ["2024-05-31"]]
    assert asked(plan) == []


@pytest.mark.parametrize("form", ["{0}。责任单位：{1}；完成时限：{2}", "{0}\n责任单位：{1}\n完成时限：{2}"])
def test_a_label_that_says_as_above_means_the_item_above_and_is_asked_about(form: str) -> None:
    """`同上` was an office that got papers, without a question; it is asked about as what stands in no table."""
    items = (("1.修订预案", "市水务局", "6月底"), ("2.清理河道", "同上", "7月底"), ("3.检修泵站", "同第1项", "同上"))
    plan = _lines(*(line for item in items for line in form.format(*item).split("\n")))
    assert {project.lead_department for project in plan.projects} == {"市水务局"}
    assert _due(plan) == [["2024-06-30"], ["2024-07-31"], ["2024-07-31"]]
    assert asked(plan) == ["dittos"]
    assert all("表" not in each.text for each in plan.findings), "there is no table"


def test_who_leads_a_sentence_of_its_own_does_not_help_the_one_before() -> None:
    """`由甲局牵头，…；由乙局负责，…`: each is a duty where each says by when, and is asked about otherwise."""
    plan = _lines("1.排涝。由市住建局牵头，各区配合，6月底前完成排查；由市水务局负责，8月底前检修泵站。")
    assert [(project.title, project.lead_department) for project in plan.projects] == [
        ("排涝：6月底前完成排查", "市住建局"),
        ("排涝：8月底前检修泵站", "市水务局"),
    ]
    plan = _lines("1.排涝。由市住建局牵头，6月底前完成排查；由市水务局负责检修；由市财政局负责。")
    (project,) = plan.projects
    assert project.participating_departments == ()
    assert "another_charged" in asked(plan)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("省医保局、各市、州人民政府", ("省医保局", "各市、州人民政府")),
        ("县住建局，相关乡镇党委、政府", ("县住建局", "相关乡镇党委、政府")),
        ("各市（州）党委和政府", ("各市（州）党委和政府",)),
        ("市委、市政府", ("市委", "市政府")),
        ("各县、市财政局", ("各县", "市财政局")),
    ],
)
def test_levels_under_one_word_are_one_name(text: str, names: tuple[str, ...]) -> None:
    """`州人民政府` and `政府` alone are nobody's names."""
    assert parts_of(text).named == names
    assert is_group(names[-1]) or names[-1].startswith("市")


def test_measures_under_a_label_without_words_are_the_items() -> None:
    """Whether the labels of who stand above or below them, and counted as the items are or not."""
    labels, measures = ("责任单位：市水务局", "配合单位：各区"), ("整改措施：", "1.4—9月清理河道。", "2.6月底前立牌。")
    for items in ((*labels, *measures), (*measures, *labels)):
        plan = _lines("问题一：河道脏乱", *items, "问题二：管护缺位", *items)
        assert [(project.title, project.lead_department) for project in plan.projects] == [
            ("河道脏乱", "市水务局"),
            ("管护缺位", "市水务局"),
        ]
        assert _due(plan) == [["2024-09-30", "2024-06-30"]] * 2
        assert str(plan.projects[0].milestones[0].starts_on) == "2024-04-01"
        assert asked(plan) == []


def test_a_stage_and_a_year_over_items_hold_for_them() -> None:
    """A stage's time in brackets is their limit, and the year of a heading that of their times."""
    plan = _lines(
        "第一阶段：集中清理（4月1日—5月20日）", "1.清理河道。责任单位：市水务局", "2.立牌。责任单位：市住建局"
    )
    assert _due(plan) == [["2024-05-20"], ["2024-05-20"]]
    assert asked(plan) == []
    plan = _lines("12月", "1.月考，12月3日。责任单位：市教育局", "2025年1月", "2.大考，1月20日。责任单位：市教育局")
    assert _due(plan) == [["2024-12-03"], ["2025-01-20"]]


@pytest.mark.parametrize(
    "when", ["采暖季", "防火期内", "施工期", "供热期间，", "本季度做好值守，", "全季度做好值守，", "冬季"]
)
def test_a_stretch_without_days_around_how_often_is_asked_about(when: str) -> None:
    """The duty would come back until the end of the year."""
    assert "time_beside" in asked(_lines(f"1.巡查。责任单位：市水务局；进度安排：{when}每周报告一次"))


def test_helpers_of_whom_one_is_no_known_office_are_asked_about() -> None:
    """`综合执法队、学区协助` stayed in the duty's words."""
    plan = _lines("1.护航高考，6月7日至9日，由派出所负责，综合执法队、学区协助。")
    assert asked(plan) == ["another_charged"]


def test_a_line_with_a_time_between_items_without_numbers_is_one_of_them() -> None:
    """Its leader is asked about; it was told as text beside the list."""
    plan = _lines("设备检修，6月底前。（市水务局）", "外包检查，每月2次。（各分厂）", "演练，8月底前。（市水务局）")
    assert [project.lead_department for project in plan.projects] == ["市水务局", "（未写明）", "市水务局"]


def test_a_part_of_a_whole_with_a_limit_of_its_own_does_not_take_the_whole_s() -> None:
    """`11月底前完成，其中新建2万亩6月底前开工` in a bracket behind what is to be done."""
    plan = _lines("1.建成农田3万亩（县农业农村局牵头，11月底前完成，其中新建2万亩6月底前开工）")
    said = [(milestone.description, str(milestone.due_on)) for milestone in plan.projects[0].milestones]
    assert said == [("建成农田3万亩", "2024-11-30"), ("其中新建2万亩开工", "2024-06-30")]


@pytest.mark.parametrize("bracket", ["各乡镇，5月20日前", "5月20日前，各乡镇"])
def test_an_office_with_a_limit_in_a_bracket_is_asked_about(bracket: str) -> None:
    """`逐户销号（各乡镇，5月20日前）` beside another's."""
    plan = _lines(f"1.整改，逐户销号（{bracket}）；开展“回头看”（县农业农村局，7月）")
    assert any("各乡镇" in finding.text and finding.needs_ruling for finding in plan.findings)


@pytest.mark.parametrize(
    ("heads", "days"),
    [
        (("一、4月底前完成的任务", "二、完成时限为10月底的事项"), ["2024-04-30", "2024-10-31"]),
        (("一、第一季度", "二、第二季度重点工作"), ["2024-03-31", "2024-06-30"]),
        (("（一）3月份", "（二）4月份"), ["2024-03-31", "2024-04-30"]),
    ],
)
def test_a_counted_heading_that_says_when_holds_for_the_items_below_it(heads: tuple[str, str], days: list[str]) -> None:
    """It is no item of its own."""
    plan = _lines(heads[0], "1.修订预案（应急办）", heads[1], "2.建成指挥中心（科信科）")
    assert _due(plan) == [[day] for day in days]
    assert asked(plan) == []


@pytest.mark.parametrize(
    ("who", "lead", "helps"),
    [
        ("Estates Office, with Finance", "Estates Office", "Finance"),
        ("IT with support from Finance", "IT", "Finance"),
        ("IT supported by Legal", "IT", "Legal"),
    ],
)
def test_who_helps_in_english_is_no_part_of_a_name(who: str, lead: str, helps: str) -> None:
    """Nor is a stretch between two months lost."""
    plan = _lines(f"1. Renovate the hall between March and August 2024. Lead: {who}.")
    (project,) = plan.projects
    assert (project.lead_department, project.participating_departments) == (lead, (helps,))
    assert _due(plan) == [["2024-08-31"]]


def test_counted_items_behind_an_office_on_its_line_are_items_of_its_own() -> None:
    """`一、市财政局：1.…；2.…`, as where each stands on a line below it."""
    plan = _lines(
        "一、市发展改革委：1.牵头编制规划，3月底前报审。2.争取投资30亿元，年底前完成。",
        "二、市财政局：1.完成绩效改革，6月底前出台办法；2.化解债务，12月底前完成。",
        "三、市城管局（市交警支队配合）：1.3月底前完成普查。2.6月底前新增车位500个。",
    )
    assert [(project.title, project.lead_department) for project in plan.projects] == [
        ("牵头编制规划", "市发展改革委"),
        ("争取投资30亿元", "市发展改革委"),
        ("完成绩效改革", "市财政局"),
        ("化解债务", "市财政局"),
        ("3月底前完成普查", "市城管局"),
        ("6月底前新增车位500个", "市城管局"),
    ]
    assert [project.participating_departments for project in plan.projects[4:]] == [("市交警支队",)] * 2
    assert asked(plan) == []


def test_a_limit_over_items_that_open_with_their_office_holds_for_each_of_them() -> None:
    """`一、4月20日前` over `1.市气象局发布专报`, with a colon or without, or with the office in brackets."""
    plan = _lines(
        "一、4月20日前",
        "1.市农业农村局完成农资检查。",
        "2.市气象局：发布服务专报。",
        "二、全年",
        "1.完成水库加固3座（市水利局）。",
    )
    assert [(project.title, project.lead_department) for project in plan.projects] == [
        ("完成农资检查", "市农业农村局"),
        ("发布服务专报", "市气象局"),
        ("完成水库加固3座", "市水利局"),
    ]
    assert _due(plan) == [["2024-04-20"], ["2024-04-20"], ["2024-12-31"]]


@pytest.mark.parametrize(
    ("item", "often"),
    [
        ("1.开展义诊12场（每月1场）。责任科室：门诊部", 12),
        ("1.清欠：财务部每月5日前报送清单；6月末压降20%。责任部门：财务部", 11),
    ],
)
def test_how_often_in_brackets_or_behind_an_office_is_a_schedule(item: str, often: int) -> None:
    """Not a part of the content that no milestone tells."""
    first = _lines(item).projects[0].milestones[0]
    assert first.recurrence is not None
    assert first.recurrence.count == often


@pytest.mark.parametrize(
    "item",
    [
        ("1.北环路。2024年目标：完成路基。完成时限：2025年10月。责任单位：交通局",),
        ("1.北环路。年度目标：完成路基。建设工期：2024年3月-2025年10月。责任单位：交通局",),
        ("1.北环路", "年度目标：完成路基", "起止年限：2024年3月—2025年10月", "牵头单位：交通局"),
    ],
)
def test_a_labelled_goal_of_the_year_is_due_by_its_end(item: tuple[str, ...]) -> None:
    """Where the whole is due in a later year, as in a table."""
    plan = _lines(*item)
    assert _due(plan) == [["2024-12-31", "2025-10-31"]]
    assert plan.projects[0].milestones[0].description == "完成路基"
    assert asked(plan) == []


@pytest.mark.parametrize(
    "item",
    [
        "1.迁移机房。责任单位：信息中心。完成时限：9月底。节点安排：清点（2月）、试点（4月）",
        "1.迁移机房。责任单位：信息中心。完成时限：9月底。节点安排：2月清点、4月试点",
        "1.Migrate the data - Owner: IT - Deadline: end of September - Milestones: inventory (February), pilot (April)",
    ],
)
def test_steps_with_times_of_their_own_beside_a_limit_do_not_take_it(item: str) -> None:
    """The limit is the whole's; steps without times are due by it."""
    assert _due(_lines(item)) == [["2024-09-30", "2024-02-29", "2024-04-30"]]


def test_a_greeting_and_who_sees_to_it_lead_nothing_that_offices_head() -> None:
    """`各科室：` above the list and `以上任务由办公室负责督办` below it took the leads from the headings."""
    plan = _lines(
        "各科室：",
        "现将任务分解如下：",
        "一、党建科：1.完成换届（3月）；2.评优（6月）。",
        "二、业务科：1.完善标准，6月底前；2.年检率98%以上。",
        "以上任务由办公室负责督办。",
    )
    assert [(project.title, project.lead_department) for project in plan.projects] == [
        ("完成换届（3月）", "党建科"),
        ("评优（6月）", "党建科"),
        ("完善标准", "业务科"),
        ("年检率98%以上", "业务科"),
    ]


def test_items_numbered_as_the_duties_are_asked_about_where_they_say_neither_who_nor_when() -> None:
    """One question names them all; what stands under a heading of its own behind the duties is quoted as before."""
    plan = _lines(
        "1.改造道路（住建局，6月底前）",
        "2.新建公园3个",
        "3.建设食堂5个（民政局，9月底前）",
        "4.发放补贴",
        "二、保障措施",
        "1.加强领导。",
    )
    (left,) = [finding for finding in plan.findings if finding.code == "items_left"]
    assert left.needs_ruling
    assert "2.新建公园3个；4.发放补贴；" in left.text


def test_a_month_over_counted_items_on_its_line_holds_for_each_with_the_day_in_its_brackets() -> None:
    """`（二）3月：1.…（团委）；2.…（学工处，24日）`."""
    plan = _lines(
        "（一）2月：1.迎新（学工处，24日）；2.复核（资助中心，28日前）。",
        "（二）3月：1.植树（团委）；2.招聘（学工处）。",
    )
    assert _due(plan) == [["2024-02-24"], ["2024-02-28"], ["2024-03-31"], ["2024-03-31"]]


def test_a_part_of_the_list_that_a_label_heads_is_no_content_of_the_last_item() -> None:
    """`三、工作要求：各单位每月5日前报进度` was content of the item before it, and its duty was gone."""
    plan = _lines(
        "一、责任分工", "1.编办：4月底前核定编制。", "2.财政局：按月核减经费。", "三、工作要求：各单位每月5日前报进度。"
    )
    assert [project.main_content for project in plan.projects] == ["", ""]
    assert any("每月5日前报进度" in finding.text for finding in plan.findings)
