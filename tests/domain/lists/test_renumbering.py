"""A list that counts its items anew: each number that stands for another duty is named, with where both of them are."""

from __future__ import annotations

from domain.acts.amending import difference
from domain.acts.commands import Withdraw
from domain.lists.field_changes import in_words
from domain.lists.passed_over import passed_over, with_own_numbers
from domain.lists.renumbering import renumbered
from domain.project import KeyProject, Milestone, Recurrence
from tests.domain.samples import FIRST, PROJECT, SECOND, Desk, key_project, milestone, request, ruled

RUNNING = {"2018-01": "污水厂提标改造", "2018-02": "老旧小区改造", "2018-03": "农贸市场整治"}


def rows(titles: dict[str, str]) -> dict[str, KeyProject]:
    """Projects of these titles by number; a lead other than 组织部 stands behind a stroke."""
    told = {number: title.partition("/") for number, title in titles.items()}
    return {
        number: key_project(project_id=number, lead=lead or "组织部").having(title=title)
        for number, (title, _, lead) in told.items()
    }


def told(
    wanted: dict[str, str], closed: frozenset[str] = frozenset(), running: dict[str, str] = RUNNING
) -> dict[str, str]:
    """What is said of each number."""
    return {number: str(each) for number, each in renumbered(rows(running), rows(wanted), closed).items()}


def test_an_item_put_in_shows_where_each_duty_went() -> None:
    """The new one is new, the moved ones name their numbers before, the last one is no new duty."""
    said = told(
        {"2018-01": "污水厂提标改造", "2018-02": "新建公厕", "2018-03": "老旧小区改造", "2018-04": "农贸市场整治"}
    )
    assert list(said) == ["2018-02", "2018-03", "2018-04"]
    assert "原来的“老旧小区改造”在新清单里的编号是2018-03；“新建公厕”是新列的" in said["2018-02"]
    assert "原来的“农贸市场整治”在新清单里的编号是2018-04；“老旧小区改造”此前的编号是2018-02" in said["2018-03"]
    assert said["2018-04"] == "这一项此前的编号是2018-03"


def test_an_item_left_out_is_named_and_what_moved_up_is_not_called_dropped() -> None:
    """The duty that is gone stands in the line of its number; the last number says where its duty is now."""
    said = told({"2018-01": "污水厂提标改造", "2018-02": "农贸市场整治"})
    assert "原来的“老旧小区改造”在新清单里没有了；“农贸市场整治”此前的编号是2018-03" in said["2018-02"]
    assert said["2018-03"] == "这一项在新清单里的编号是2018-02"


def test_another_wording_is_no_other_duty_and_another_duty_is_said_to_look_like_one() -> None:
    """Titles that share most of their words are one duty; blanks alone are no change."""
    assert told({**RUNNING, "2018-01": "污水厂 提标改造", "2018-02": "老旧小区改造提升"}) == {}
    assert told({**RUNNING, "2018-02": "新建公厕"})["2018-02"].startswith("这个编号像是换成了另一项任务；")


def test_a_new_duty_under_the_number_of_an_ended_one_is_said_not_to_start() -> None:
    """Nothing would be supervised of it: the line says so, and what to do."""
    said = told({**RUNNING, "2018-02": "新建公厕"}, frozenset({"2018-02"}))
    assert "“新建公厕”是新列的；它不会立项；请在新清单里给它一个没有用过的序号" in said["2018-02"]


def test_a_duty_that_is_worded_anew_under_another_number_is_found() -> None:
    """By its words and its lead: neither gone nor new. One of another lead, or of few of its words, is a new one."""
    end = {"2018-01": "污水厂提标改造", "2018-02": "农贸市场整治"}
    said = told({**end, "2018-03": "老旧小区改造提升"})
    assert "原来的“老旧小区改造”在新清单里的编号是2018-03；“农贸市场整治”此前的编号是2018-03" in said["2018-02"]
    assert "“老旧小区改造提升”此前的编号是2018-02" in said["2018-03"]
    for other in ("老旧小区改造提升/学校部", "小区绿化"):
        assert "是新列的" in told({**end, "2018-03": other})["2018-03"]


def test_of_two_duties_with_one_title_each_is_found() -> None:
    """By the lead where one is gone, in their order where both moved."""
    twins = {"2018-01": "宣传报道", "2018-02": "道路维修", "2018-03": "宣传报道/学校部"}
    gone = told({"2018-01": "道路维修", "2018-02": "宣传报道/学校部"}, running=twins)
    assert "原来的“宣传报道”在新清单里没有了；“道路维修”此前的编号是2018-02" in gone["2018-01"]
    assert gone["2018-03"] == "这一项在新清单里的编号是2018-02"
    alike = {"2018-01": "宣传报道", "2018-02": "道路维修", "2018-03": "宣传报道"}
    moved = told({f"2018-0{n + 2}": title for n, title in enumerate(alike.values())}, running=alike)
    assert "“宣传报道”此前的编号是2018-01" in moved["2018-02"]
    assert moved["2018-04"] == "这一项此前的编号是2018-03"


def worded(description: str, window: str = "5月") -> Milestone:
    """The first milestone in other words."""
    return milestone().model_copy(update={"description": description, "window_text": window})


def test_a_new_duty_in_the_place_of_a_withdrawn_milestone_is_added() -> None:
    """By number and time it would be taken for the withdrawn one; its ruling goes with it."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(Withdraw, FIRST))
    wanted, rulings = with_own_numbers(desk.state, key_project((worded("招标"), milestone(2))), (ruled(),))
    found = difference(desk.state, wanted, rulings)
    assert [(each.milestone_id, each.description) for each in found.added] == [(f"{PROJECT}-03", "招标")]
    assert [each.milestone_id for each in found.rulings] == [f"{PROJECT}-03"]
    assert passed_over(desk.state, found) == []


def test_what_a_list_says_of_an_ended_milestone_is_told() -> None:
    """A withdrawn milestone that the list still has is not called back, and not passed over unsaid."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(Withdraw, FIRST))
    wanted, rulings = with_own_numbers(desk.state, key_project((milestone(1), milestone(2))), ())
    found = difference(desk.state, wanted, rulings)
    assert not found
    assert passed_over(desk.state, found) == [f"节点{FIRST}“第1项工作”已撤销，清单里仍有也不再恢复"]


def test_what_a_list_changes_of_a_struck_off_milestone_is_told() -> None:
    """It is not carried out; the line says what the list has changed."""
    desk = Desk(milestone(1), milestone(2))
    stage = desk.state.milestones[SECOND].model_copy(update={"stage": "struck_off"})
    state = desk.state.model_copy(update={"milestones": {**desk.state.milestones, SECOND: stage}})
    changed = milestone(2).model_copy(update={"window_text": "6月"})
    found = difference(state, key_project((milestone(1), changed)))
    assert passed_over(state, found) == [
        f"节点{SECOND}“第2项工作”已结束，清单里的改动不再办理：时间表述由“5月”改为“6月”"
    ]
    assert passed_over(state, difference(state, key_project((milestone(1), milestone(2))))) == []


def test_the_day_of_what_comes_back_is_named() -> None:
    """As many sessions as before, due on another day, is a change that one can see."""
    given = [(None, None), (5, None), (None, 3), (10, 1)]
    assert [in_words(Recurrence(count=8, day=day, month=month)) for day, month in given] == [
        "8次",
        "8次，每期在5日前",
        "8次，每期在第3个月",
        "8次，每期在第1个月10日前",
    ]
