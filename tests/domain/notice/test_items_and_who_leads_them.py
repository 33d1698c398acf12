"""Items counted in two levels, offices over them, and closing lines that charge somebody with them by number."""

from __future__ import annotations

import pytest

from domain.notice.assignments import assignment_in
from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, table_of, told, windows


def _lines(*items: str) -> Plan:
    heading = ("某区2026年重点工作任务分解", "2026年2月10日")
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, (*heading, *items)))))


def _said(plan: Plan) -> list[tuple[str, str]]:
    return [(project.title, project.lead_department) for project in plan.projects]


_ITEMS = ("1.修订章程，3月底前完成。", "2.清理挂账，5月底前完成。", "3.盘点资产，6月底前完成。")


@pytest.mark.parametrize(
    "closing",
    [
        "以上第1、2项由甲局牵头，第3项由乙局牵头，丙局配合。",
        "第1至2项由甲局牵头；第3项由乙局牵头、丙局配合。",
        "其中，第一项和第二项由甲局负责，第三项由乙局牵头，丙局配合。",
    ],
)
def test_a_closing_line_charges_items_by_their_numbers(closing: str) -> None:
    """Each has its lead, none has a duty or a date more, and nothing of the line is left."""
    plan = _lines(*_ITEMS, closing)
    assert _said(plan) == [("修订章程", "甲局"), ("清理挂账", "甲局"), ("盘点资产", "乙局")]
    assert plan.projects[2].participating_departments == ("丙局",)
    assert [due for _, due in windows(plan)] == ["2026-03-31", "2026-05-31", "2026-06-30"]
    assert not {"left_unread", "lead_assumed"} & set(told(plan))


@pytest.mark.parametrize(
    "closing",
    [
        "第1、2项由甲局牵头，每月报进展；第3项由乙局牵头。",
        "以上第1、7项由甲局牵头。",
        "第3项由市局研究后于9月底前办结。",
    ],
)
def test_what_else_is_said_of_items_by_number_is_asked_about(closing: str) -> None:
    """It is no part of the last item, and moves none of its dates."""
    plan = _lines("1.修订章程（甲局牵头），3月底前完成。", "2.清理挂账（乙局牵头），5月底前完成。", closing)
    assert [due for _, due in windows(plan)] == ["2026-03-31", "2026-05-31"]
    assert asked(plan) != []


def test_who_leads_already_is_not_charged_again() -> None:
    """Two leads of one item contradict each other: somebody must see it."""
    plan = _lines("1.修订章程（甲局牵头），3月底前完成。", "2.清理挂账（乙局牵头），5月底前完成。", "第2项由丙局牵头。")
    assert _said(plan) == [("修订章程", "甲局"), ("清理挂账", "乙局")]
    assert asked(plan) != []


def test_numbers_of_two_levels_open_items_without_a_blank() -> None:
    """Each has its own lead; an amount, a day and a feast open none."""
    plan = _lines(
        "一、安全", "1.1修订责任清单（甲局牵头，3月底前）", "1.2签订责任书（乙局牵头，2月底前）", "3.5亿元投资到位。"
    )
    assert _said(plan) == [("修订责任清单", "甲局"), ("签订责任书", "乙局")]
    assert [due for _, due in windows(plan)] == ["2026-03-31", "2026-02-28"]


def test_offices_alone_on_lines_head_the_items_below_them() -> None:
    """Without a colon and without a number, where two of them stand over items."""
    plan = _lines("甲处", "1.建设大桥，6月底前完成", "乙处", "2.修复道路，7月底前完成")
    assert _said(plan) == [("建设大桥", "甲处"), ("修复道路", "乙处")]
    assert not {"left_unread", "text_beside"} & set(told(plan))


def test_a_limit_behind_a_bracket_in_the_midst_is_no_part_of_the_title() -> None:
    """With a mark between them and without one; labels one blank away are labels."""
    plan = _lines(
        "1.修订章程（甲局牵头），3月底前完成。",
        "2.清理挂账（乙局牵头）5月底前完成。",
        "3.建设系统 责任单位：丙局 完成时间：6月底",
    )
    assert _said(plan) == [("修订章程", "甲局"), ("清理挂账", "乙局"), ("建设系统", "丙局")]
    assert [due for _, due in windows(plan)] == ["2026-03-31", "2026-05-31", "2026-06-30"]


@pytest.mark.parametrize(
    ("note", "ruled"),
    [
        ("注：1.第1项原则上不迟于7月底；2.其余不变。", True),
        ("备注：第1项中土地审批由乙局牵头。", True),
        ("注：第1项包括引道。", False),
        ("说明：第1项另行通知活动安排。", False),
    ],
)
def test_a_note_on_a_numbered_duty_waits_where_it_says_who_or_by_when(note: str, ruled: bool) -> None:
    """It stands below the list, and may move a date or name another lead."""
    heads, row = ("序号", "任务", "责任单位", "完成时限"), ("1", "建桥", "甲局", "8月底前")
    lines = (Paragraph("某市2024年重点工作清单"), Paragraph("2024年2月20日"))
    plan = compile_notice(NoticeDocument("list", (*lines, table_of(heads, row), Paragraph(note))))
    assert asked(plan) == (["duty_in_text"] if ruled else [])


def test_many_at_once_help_whatever_they_are_called() -> None:
    """`各中心校配合` names who helps, though no office ends so; what only opens with `各` does not."""
    _, said = assignment_in("开展检查，由体卫股牵头，各中心校配合，3月底前完成。")
    assert (said.lead, said.participants) == ("体卫股", "各中心校")
    rest, said = assignment_in("开展检查，由体卫股牵头，各项措施协同配合，3月底前完成。")
    assert said.participants == ""
    assert "各项措施" in rest


def test_marks_behind_each_other_end_no_reading() -> None:
    """Two commas or stops side by side, typed by mistake, are read over."""
    for marks in ("，，", "。，", "；，"):
        _, said = assignment_in(f"修订章程{marks}由甲局牵头，6月底前完成。")
        assert said.lead == "甲局"


def test_who_is_responsible_for_doing_it_by_a_day_leads() -> None:
    """`县交通局负责在8月底前打通…`: whom the sentence opens with."""
    _, said = assignment_in("县交通局负责在8月底前打通断头路。")
    assert said.lead == "县交通局"


def test_an_office_and_its_limit_on_a_line_of_their_own_are_of_the_item_above() -> None:
    """`县住建局 6月底前` leads by then; a second one has a limit that is its own alone, and is asked about."""
    plan = _lines("1.建成污水厂", "县住建局 6月底前", "县水利局 8月底前", "2.改造公路", "县交通局、县公安局 9月底前")
    assert _said(plan) == [("建成污水厂", "县住建局"), ("改造公路", "县交通局")]
    assert [due for _, due in windows(plan)] == ["2026-06-30", "2026-08-31", "2026-09-30"]
    assert any("县水利局 8月底前" in finding.text for finding in plan.unruled)


def test_an_office_and_its_limit_over_items_hold_for_each_of_them() -> None:
    """Nobody is asked to read the line once more."""
    first = ("一、建设类", "县住建局 6月底前", "1.建成污水厂", "2.改造公路")
    plan = _lines(*first, "二、服务类", "县民政局 7月底前", "3.新建食堂", "4.新建诊所")
    assert _said(plan)[1:3] == [("改造公路", "县住建局"), ("新建食堂", "县民政局")]
    assert [due for _, due in windows(plan)] == ["2026-06-30", "2026-06-30", "2026-07-31", "2026-07-31"]
    assert asked(plan) == []


def test_an_office_and_the_day_of_issue_below_the_last_item_sign_the_list() -> None:
    """They are no lead and no limit of it."""
    plan = _lines(
        "1.修订章程，3月底前完成（甲局牵头）。", "2.清理挂账，5月底前完成（乙局牵头）。", "区政府办公室 2026年2月10日"
    )
    assert _said(plan) == [("修订章程", "甲局"), ("清理挂账", "乙局")]
    assert [due for _, due in windows(plan)] == ["2026-03-31", "2026-05-31"]
    assert plan.projects[1].participating_departments == ()


@pytest.mark.parametrize(
    ("item", "lead", "helpers"),
    [
        ("1.清理收费，8月底前完成。市发改委牵头，市财政局、市工信局按职责配合。", "市发改委", ("市财政局", "市工信局")),
        ("1.交通整治：市公安局牵头，市交通局配合，8月底前完成。", "市公安局", ("市交通局",)),
        ("1.创建卫生县城。县城管局牵头，县卫健局负责指导，9月底前通过验收。", "县城管局", ("县卫健局",)),
        ("1.到9月底，市数据局会同市工信局、市通管局建成算力中心1座。", "市数据局", ("市工信局", "市通管局")),
        ("1.Finance to draft the budget by 1 June; Legal to support.", "Finance", ("Legal",)),
        ("1.开展培训（县人社局牵头，县总工会按照职责做好配合），11月底前完成。", "县人社局", ("县总工会",)),
        ("1.整治摊点，5月15日前完成。市城管局牵头，市公安局密切配合。", "市城管局", ("市公安局",)),
        ("1.Estates to review the risks by 1 June, supported by Finance.", "Estates", ("Finance",)),
        ("1.改造电网：牵头单位为供电公司，6月底前完成。", "供电公司", ()),
        ("1.改造电网。牵头部门是市工信局，配合单位为供电公司，6月底前完成。", "市工信局", ("供电公司",)),
        ("1.改造电网，6月底前完成，供电公司为牵头单位，市工信局为配合单位。", "供电公司", ("市工信局",)),
        ("1.改造道路。建设公司为责任主体，规划局配合，8月底通车。", "建设公司", ("规划局",)),
        ("1.优化环境。市发改委负总责，市税务局各负其责，每半年测评一次。", "市发改委", ("市税务局",)),
        ("1.市气象局发布春播气象服务专报，4月20日前印发。", "市气象局", ()),
        ("1.收入增长6%（市财政局、市税务局），全年每月通报。", "市财政局", ("市税务局",)),
        ("1.老年食堂：新增15家，11月底前完成。县民政局、各街道。", "县民政局", ("各街道",)),
        ("1.拓宽路面，牵头单位市交通局，配合单位各县（市、区）政府，6月底前完成", "市交通局", ("各县（市、区）政府",)),
        ("1.防返贫：县乡村振兴局每月20日前完成排查。", "县乡村振兴局", ()),
        ("1.Estates (lead) with IT to refit the lab by 1 June.", "Estates", ("IT",)),
        ("1.Renew the contracts - Owner: Library - support: IT - due 30 June 2026", "Library", ("IT",)),
    ],
)
def test_who_helps_in_words_of_its_own_is_no_part_of_the_duty(item: str, lead: str, helpers: tuple[str, ...]) -> None:
    """The offices are whole, one milestone stands, and nothing of the item is left."""
    plan = _lines(item)
    assert [(project.lead_department, project.participating_departments) for project in plan.projects] == [
        (lead, helpers)
    ]
    assert len(plan.projects[0].milestones) == 1
    assert not {"left_unread", "lead_assumed", "another_charged"} & set(told(plan))


@pytest.mark.parametrize(
    "item",
    [
        "1.审批提速。市住建局会同市自然资源局于5月底前出台办法，市政务办于9月底前完成系统改造。",
        "1.提出方案。由市发改委于4月20日前提出，市住建局会同各区于9月底前完工。",
        "1.建设算力中心，9月底前建成（市数据局牵头）；市供电公司要在7月底前保障供电。",
        "1.办好博览会。市商务局主办，市公安局做好安保，5月18日至20日。",
        "1.建设殡仪馆，12月底前完成（县民政局牵头；土建由县住建局负责）。",
        "1.IT to migrate the mail by 30 May 2026 and HR to brief staff by 15 May 2026.",
    ],
)
def test_a_second_office_with_a_part_of_its_own_is_asked_about(item: str) -> None:
    """Its part would go to the first one, and no paper to it."""
    assert "another_charged" in asked(_lines(item))


def test_a_heading_says_who_leads_what_stands_below_it() -> None:
    """`以下` is no part of the office's name."""
    parts = ("一、改造（以下由区住建局负责）", "1.改造小区，9月底前完成。", "二、整治（以下任务由区城管局负责）")
    assert _said(_lines(*parts, "2.整治小巷，6月底前完成。")) == [("改造小区", "区住建局"), ("整治小巷", "区城管局")]


def test_parts_with_labels_whose_items_are_counted_on_are_no_duties() -> None:
    """`（一）…` with who and when below it, and then 1 and 2, `（二）…` and 3: three duties."""
    part = ("牵头单位：市民政局", "完成时限：11月底前")
    items = ("1.新建中心5个", "2.建设乐园20个（市妇联牵头，8月底前完成）")
    plan = _lines("（一）老幼工程", *part, *items, "（二）就业工程", "牵头单位：市人社局", "3.新增就业，10月底前完成")
    assert _said(plan) == [("新建中心5个", "市民政局"), ("建设乐园20个", "市妇联"), ("新增就业", "市人社局")]
    assert [due for _, due in windows(plan)] == ["2026-11-30", "2026-08-31", "2026-10-31"]


@pytest.mark.parametrize(
    "mark", ["-----原始邮件-----", "在 2026年4月2日，督查科 写道：", "From: Office", "On 2 April, Li wrote:"]
)
def test_a_list_that_a_mail_quotes_is_left_out(mark: str) -> None:
    """It was replaced by the one above it; its words are asked about, and none of them is the last item's."""
    plan = _lines(
        "From: Office",
        "1.新建食堂8家，6月25日前完成。责任单位：市民政局",
        mark,
        "1.新建食堂9家，6月10日前完成。责任单位：市商务局",
    )
    assert _said(plan) == [("新建食堂8家", "市民政局")]
    assert asked(plan).count("file_left_out") == 1
    assert _said(_lines(mark, "1.新建食堂9家，6月10日前完成。责任单位：市商务局")) == [("新建食堂9家", "市商务局")]


@pytest.mark.parametrize(
    "duty", ["Commit to reduce waste", "Upgrade to test servers", "Time to hire staff", "Move to Block D"]
)
def test_a_verb_that_opens_an_english_duty_is_no_office(duty: str) -> None:
    """Nobody is charged; who leads is asked about."""
    assert assignment_in(f"{duty} by 1 June")[1].lead == ""
