"""What forty lists of further offices showed: lines that say something of all items, or of none, and joint places."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.departments import departments
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, told, windows

HEADS = ("序号", "任务", "责任单位", "时限")
ONE, TWO, THREE = (
    "1.建成污水厂，6月底前。（县住建局牵头）",
    "2.整治河道，9月底前。（县水利局牵头）",
    "3.修复湿地，10月底前。（县林业局牵头）",
)


def _lines(*items: str, heading: str = "某县2026年重点工作任务分工", day: str = "2026年2月3日") -> Plan:
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, (heading, day, *items)))))


def _who(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.title, each.lead_department, each.participating_departments) for each in plan.projects]


@pytest.mark.parametrize("line", ["谢谢！", "此致", "收到请回复。", "妥否，请批示。", "有关情况请于每月底前报我办。"])
def test_a_courtesy_or_a_request_behind_the_items_is_no_duty_of_the_last_one(line: str) -> None:
    """What closes a letter is told, and the last item keeps its one milestone."""
    plan = _lines(ONE, TWO, line)
    assert [len(each.milestones) for each in plan.projects] == [1, 1]
    assert any(line.strip("。！") in finding.source.text for finding in plan.findings)


def test_a_line_behind_the_last_item_is_told_where_no_item_above_has_one() -> None:
    """Nobody's line becomes a duty of the last item; one that says by when is still read with it."""
    plan = _lines(ONE, TWO, THREE, "县政府办公室将适时开展督查。")
    assert [len(each.milestones) for each in plan.projects] == [1, 1, 1]
    assert "县政府办公室将适时开展督查。" in "".join(finding.source.text for finding in plan.findings)
    assert len(_lines(ONE, TWO, THREE, "配套管网11月底前完成。").projects[-1].milestones) == 2


def test_a_line_without_a_number_that_says_who_leads_is_a_duty() -> None:
    """Whoever leads it is not a helper of the item above, however the line ends."""
    plan = _lines(ONE, "改造管网8公里，8—10月（县水务局牵头，县财政局配合）", "推进绿化提升（县林业局牵头）", TWO)
    assert _who(plan) == [
        ("建成污水厂", "县住建局", ()),
        ("改造管网8公里", "县水务局", ("县财政局",)),
        ("推进绿化提升", "县林业局", ()),
        ("整治河道", "县水利局", ()),
    ]


def test_an_office_in_brackets_heads_the_items_below_it() -> None:
    """`【教务处】` leads what stands below it, not the item above; below a first item it says who leads that."""
    below = _lines("【教务处】", "· 完成自评（9月20日前）", "【学生处】", "· 迎新（9月5日前，后勤处参加）")
    assert [(lead, helpers) for _, lead, helpers in _who(below)] == [("教务处", ()), ("学生处", ("后勤处",))]
    behind = _lines("1.建成污水厂，6月底前。", "【县住建局】", "2.整治河道，9月底前。", "【县水利局】")
    assert [lead for _, lead, _ in _who(behind)] == ["县住建局", "县水利局"]


def test_labels_below_the_items_of_a_part_hold_for_each_of_them() -> None:
    """`牵头单位：X` and `完成时限：Y` behind several items of nobody are not the last one's alone."""
    plan = _lines("一、基础", "1.建成污水厂。", "2.改造管网。", "牵头单位：县住建局", "完成时限：9月底前")
    assert _who(plan) == [("建成污水厂", "县住建局", ()), ("改造管网", "县住建局", ())]
    assert [each.milestones[0].due_on.month for each in plan.projects if each.milestones[0].due_on] == [9, 9]
    assert asked(plan) == []


def test_labels_above_the_items_say_who_leads_and_helps_with_all() -> None:
    """`承办单位：X` over the duties of a letter is not lost; an item with a leader of its own keeps it."""
    plan = _lines("承办单位：县住建局", "协办单位：县财政局", "任务名称：建成污水厂", "完成时限：6月底前")
    assert _who(plan) == [("建成污水厂", "县住建局", ("县财政局",))]
    own = _lines("责任单位：县住建局", "1.建成污水厂，6月底前。", TWO)
    assert [lead for _, lead, _ in _who(own)] == ["县住建局", "县水利局"]


def test_parts_of_one_line_that_each_say_who_leads_are_duties_of_their_own() -> None:
    """`一是…（甲局牵头）；二是…（乙局牵头）`: nobody of them becomes a helper of the first."""
    plan = _lines("一是建成污水厂，6月底前（县住建局牵头）；二是整治河道，9月底前（县水利局牵头）。")
    assert _who(plan) == [("建成污水厂", "县住建局", ()), ("整治河道", "县水利局", ())]
    assert asked(plan) == []


def test_the_year_of_a_list_is_not_one_that_an_item_names() -> None:
    """A list without a year has that of its issue, whatever years its items and notes print."""
    items = (
        "一、编制2027年工作计划，12月底前报送（县发改局牵头）",
        "二、整治违规，二〇二七年一月十五日前（县公安局牵头）",
    )
    plan = _lines(*items, heading="关于做好冬春重点任务的通知", day="2026年10月20日")
    assert [str(each.milestones[0].due_on) for each in plan.projects] == ["2026-12-31", "2027-01-15"]


def test_a_year_in_chinese_figures_counts_wherever_in_a_sentence() -> None:
    """`各镇二〇二七年三月底前` is of 2027; a letter or a figure for its naught is read as one."""
    for year in ("二〇二七", "二O二七", "二0二七"):
        plan = plan_of(HEADS, ("1", "演练", "甲局", f"各镇{year}年三月底前完成"))
        assert str(plan.projects[0].milestones[0].due_on) == "2027-03-31"


def test_a_stage_over_a_column_says_when() -> None:
    """`排查整治（4—8月）` heads what is due in it."""
    heads = ("序号", "任务", "宣传发动（3月）", "排查整治（4—8月）", "责任单位")
    plan = plan_of(heads, ("1", "燃气整治", "印发告知书", "排查200家", "甲局"))
    assert [due for _, due in windows(plan)] == ["2024-03-31", "2024-08-31"]


def test_offices_beside_their_limit_are_read_or_asked_about() -> None:
    """A place under `责任单位及时限` says both; what else stands there is not dropped."""
    assert _who(plan_of(("序号", "任务", "责任单位及时限"), ("1", "甲", "县水利局9月底前"))) == [("甲", "县水利局", ())]
    helps = plan_of(("序号", "任务", "责任单位", "配合单位及时限"), ("1", "甲", "县住建局", "县财政局，6月底前"))
    assert _who(helps) == [("甲", "县住建局", ("县财政局",))]
    more = plan_of(("序号", "任务", "责任单位", "配合单位及时限"), ("1", "甲", "县住建局", "县财政局6月底前拨付"))
    assert any("部门没有读作牵头或参与" in finding.text for finding in more.unruled)


@pytest.mark.parametrize("title", ["建成污水厂（取消）", "已办结：整治河道", "修复湿地【已完成】"])
def test_a_title_that_says_a_state_is_asked_about(title: str) -> None:
    """A duty that its title calls done or dropped is not supervised without a word."""
    assert any(title in finding.text for finding in plan_of(HEADS, ("1", title, "甲局", "6月底前")).unruled)


@pytest.mark.parametrize("limit", ["6月低前", "9月未前", "6月底前（受汛期影响可顺延至8月）"])
def test_a_limit_typed_wrong_or_that_may_move_is_asked_about(limit: str) -> None:
    """A wrong letter is no duty's word, and what may be is no change."""
    assert plan_of(HEADS, ("1", "任务", "甲局", limit)).unruled != ()


def test_a_note_that_moves_marked_limits_is_asked_about() -> None:
    """`标注“△”的须提前15天完成` waits for a ruling."""
    plan = plan_of(
        HEADS, ("1", "△任务", "甲局", "10月底前"), lines=("2026年清单", "标注“△”的须比上表时限提前15天完成。")
    )
    assert any("提前15天" in finding.text for finding in plan.unruled)


def test_offices_that_a_stroke_or_a_mark_joins_are_two() -> None:
    """`丨`, `&`, `·` and `\\` part offices; a name that has a mark within is asked about."""
    for joined in ("艺术科 丨 财务科", "财务科 & 办公室", "宣教科·办公室", "财务科\\办公室"):
        assert len(departments(joined)) == 2, joined
    assert departments("A&B公司") == ["A&B公司"]


def test_who_else_is_charged_in_an_item_is_asked_about() -> None:
    """`…，县财政局做好资金保障` is another office's part."""
    plan = _lines("1.责成县住建局6月底前建成污水厂，县财政局做好资金保障。", TWO)
    assert any("县财政局做好资金保障" in finding.text for finding in plan.unruled)


def test_what_hurries_gives_way_to_the_limit_behind_it() -> None:
    """`尽快办结手续。…7月底前办结` has its limit, and asks nothing."""
    plan = _lines("1.尽快办结用地手续。由县住建局负责，7月31日前办结。", TWO)
    assert [str(each.due_on) for each in plan.projects[0].milestones] == ["2026-07-31"]
    assert asked(plan) == []


def test_traditional_characters_head_and_say_when_as_others_do() -> None:
    """Heads, roles and times in traditional characters are read; names keep theirs."""
    plan = plan_of(
        ("序號", "工作任務", "牽頭單位", "協辦單位", "完成時限"), ("1", "清淤", "渠務署", "水務署", "國慶節前")
    )
    assert _who(plan) == [("清淤", "渠務署", ("水務署",))]
    assert (windows(plan)[0][1], told(plan)) == ("2024-09-30", [])
