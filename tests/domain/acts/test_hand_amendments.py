"""Amendments by hand: one field of one milestone or project, and what a list that comes later makes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.amending import difference
from domain.acts.commands import AmendProject, ReplaceParticipant, Withdraw
from domain.acts.hand_amendments import MilestoneChange, ProjectChange, with_milestone, with_text
from domain.acts.rejections import UnknownMilestoneError
from domain.errors import DubanError
from domain.events import LeadReassigned, MilestoneAdded, MilestoneAmended, MilestoneWithdrawn
from domain.lists.merging import as_the_lists_have_it, merged
from domain.project import KeyProject, Quota, Recurrence
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import FIRST, LI, SECOND, Desk, key_project, milestone, request, ruled


def by_hand(desk: Desk, project: KeyProject, request_id: str = "h1") -> tuple[Any, ...]:
    """Give the amendment that makes the running project this one."""
    command = AmendProject(request_id=request_id, by=LI, basis="会议纪要", project=project, by_identity=True)
    return desk.ask(command)


def over(desk: Desk, wanted: KeyProject, *rulings: Any) -> tuple[KeyProject, tuple[Any, ...]]:
    """What a list makes of a project that was amended by hand."""
    listed = as_the_lists_have_it(desk.events)
    assert listed is not None
    return merged(desk.state, listed, wanted, rulings)


def test_a_milestone_keeps_its_identity_whatever_is_changed_of_it() -> None:
    """Content, time and quota at once: one amendment, and nothing is withdrawn or added."""
    desk = Desk(milestone(1), milestone(2))
    change = MilestoneChange(description="新内容", window="6月底前", quota="30场")
    (event,) = by_hand(desk, with_milestone(desk.state, FIRST, change))
    assert isinstance(event, MilestoneAmended)
    assert (event.milestone_id, event.basis) == (FIRST, "会议纪要")
    after = desk.state.issued(FIRST)
    assert (after.description, after.window_text, after.starts_on, after.due_on, after.quota) == (
        "新内容", "6月底前", None, date(2018, 6, 30), Quota(value=30, unit="场"),
    )  # fmt: skip
    assert not desk.of(MilestoneAdded)
    assert not desk.of(MilestoneWithdrawn)


def test_a_date_alone_leaves_the_printed_words() -> None:
    """`--due-on` moves the date; the words of the notice stay as they are; no quota takes it away."""
    desk = Desk(milestone(quota=30))
    project = with_milestone(desk.state, FIRST, MilestoneChange(due_on=date(2018, 6, 29), quota="无"))
    (after,) = project.milestones
    assert (after.window_text, after.starts_on, after.due_on, after.quota) == (
        "5月", date(2018, 4, 1), date(2018, 6, 29), None,
    )  # fmt: skip


WRITE_IT = "请写成一个读得准的时限，如 2018年6月底前，或写明起始日期和时限。"
LAST = {"project_id": "2018-05a", "milestone_id": "2018-05a-09", "last": SECOND}


@pytest.mark.parametrize(
    ("milestone_id", "change", "says", "ids"),
    [
        ("2018-05a-09", {"due_on": date(2018, 6, 29)}, f"没有节点 2018-05a-09；节点编号从 {FIRST} 到 {SECOND}", LAST),
        (SECOND, {"due_on": date(2018, 6, 29)}, "已撤销", {"milestone_id": SECOND, "stage": "withdrawn"}),
        (
            FIRST,
            {"due_on": date(2018, 3, 1)},
            "起始日期 2018-04-01 晚于时限 2018-03-01，请把起始日期和时限一并改正",
            {"milestone_id": FIRST},
        ),
        (FIRST, {"starts_on": date(2018, 6, 1)}, "2018-06-01 晚于时限 2018-05-31", {"milestone_id": FIRST}),
        (FIRST, {"quota": "1" + "场" * 21}, "读不出来", {"text": "1" + "场" * 21}),
        (FIRST, {"window": "适时"}, f"读不准：“适时”没有时限，要写明到什么时候。{WRITE_IT}", {"text": "适时"}),
        (
            FIRST,
            {"window": "5月、10月"},
            f"读不准：读出2018-05-01至2018-05-31；2018-10-01至2018-10-31。{WRITE_IT}",
            {"text": "5月、10月"},
        ),
        (FIRST, {"window": "2099年6月底前"}, "写的是2099年，比清单的年份晚得多", {"text": "2099年6月底前"}),
        (FIRST, {"window": "7月、8月"}, f"各有一次。{WRITE_IT}", {"text": "7月、8月"}),
        (FIRST, {"window": "加强指导"}, f"读不准：没有读出时限。{WRITE_IT}", {"text": "加强指导"}),
        (FIRST, {"quota": "很多"}, "“很多”读不出来：应写作 30场、6期、100% 这样，没有目标写作 无。", {"text": "很多"}),
        (FIRST, {"quota": "0场"}, "“0场”读不出来", {"text": "0场"}),
        (FIRST, {"quota": "30"}, "“30”读不出来", {"text": "30"}),
    ],
)
def test_what_cannot_become_of_a_milestone_is_said(
    milestone_id: str, change: dict[str, Any], says: str, ids: dict[str, Any]
) -> None:
    """Unknown, withdrawn, backwards, unreadable, too much: one sentence each, and what it is about."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(Withdraw, SECOND, reason="并入"))
    with pytest.raises(DubanError, match=says) as refused:
        with_milestone(desk.state, milestone_id, MilestoneChange(**change))
    assert refused.value.ids == ids


def test_a_time_says_how_often_where_it_does() -> None:
    """What was to be delivered stays where the new time says nothing of it; blanks around a quota are none of it."""
    state = Desk(milestone(quota=30)).state
    (monthly,) = with_milestone(state, FIRST, MilestoneChange(window="每月5日前")).milestones
    assert (monthly.recurrence, monthly.quota) == (
        Recurrence(count=12, every_months=1, day=5),
        milestone(quota=30).quota,
    )
    (all_year,) = with_milestone(state, FIRST, MilestoneChange(window="全年开展")).milestones
    assert (all_year.ongoing, all_year.starts_on, all_year.due_on) == (True, date(2018, 1, 1), date(2018, 12, 31))
    (noted,) = with_milestone(state, FIRST, MilestoneChange(window="6月底前（预计）")).milestones
    assert noted.due_on == date(2018, 6, 30)
    (asked,) = with_milestone(state, FIRST, MilestoneChange(quota=" 4 期 ")).milestones
    assert asked.quota == Quota(value=4, unit="期")
    (one_day,) = with_milestone(state, FIRST, MilestoneChange(starts_on=date(2018, 5, 31))).milestones
    assert (one_day.starts_on, one_day.due_on) == (date(2018, 5, 31), date(2018, 5, 31))
    (undated,) = with_milestone(Desk(milestone(due_on=None)).state, FIRST, MilestoneChange(quota="4期")).milestones
    assert (undated.starts_on, undated.due_on) == (date(2018, 4, 1), None)
    assert with_milestone(state, FIRST, MilestoneChange(quota=" 无 ")).milestones[0].quota is None


def test_a_project_without_milestones_has_none_to_name() -> None:
    """Whoever amends one of them reads that it is not there; no last one is named."""
    desk = Desk(project=key_project())
    with pytest.raises(UnknownMilestoneError) as refused:
        with_milestone(desk.state, FIRST, MilestoneChange(quota="无"))
    assert refused.value.ids == {"project_id": "2018-05a", "milestone_id": FIRST, "last": None}


def test_what_is_absent_of_a_change_stays() -> None:
    """Title and main content, each alone and both; an absent participant's list leaves the participants."""
    state = Desk(project=key_project((milestone(),)).having(main_content="内容")).state
    for change, title, content in (
        (ProjectChange(title="新名称"), "新名称", "内容"),
        (ProjectChange(main_content="新内容"), "挂兼职干部", "新内容"),
        (ProjectChange(participants=()), "挂兼职干部", "内容"),
    ):
        project = with_text(state, change)
        assert (project.title, project.main_content) == (title, content)
        assert project.participating_departments == (() if change.participants == () else ("宣传部",))


def test_a_participant_that_becomes_the_lead_takes_part_no_more() -> None:
    """The lead is one of the two, not both; naming a department twice is refused."""
    desk = Desk()
    project = with_text(desk.state, ProjectChange(lead_department="宣传部"))
    assert (project.lead_department, project.participating_departments) == ("宣传部", ())
    with pytest.raises(DubanError, match="“统战部”出现了两次，请在牵头部门和参与部门中只留一处。") as refused:
        with_text(desk.state, ProjectChange(participants=("统战部", "统战部")))
    assert refused.value.ids == {"department_id": "统战部"}
    with pytest.raises(DubanError, match="两次"):
        with_text(desk.state, ProjectChange(participants=("组织部",)))


def test_the_same_list_again_leaves_what_was_amended_by_hand() -> None:
    """Date, lead and title by hand stay when the list says nothing new."""
    desk = Desk(milestone(1), milestone(2))
    by_hand(desk, with_milestone(desk.state, FIRST, MilestoneChange(due_on=date(2018, 6, 29))))
    by_hand(desk, with_text(desk.state, ProjectChange(title="新名称", lead_department="统战部")), "h2")
    assert over(desk, key_project((milestone(1), milestone(2)))) == (desk.state.project, ())


def test_a_list_that_says_something_new_changes_that_alone() -> None:
    """Another description of one milestone, a row more and a ruling: the date by hand stays where the list has none."""
    desk = Desk(milestone(1), milestone(2))
    by_hand(desk, with_milestone(desk.state, FIRST, MilestoneChange(due_on=date(2018, 6, 29))))
    reworded = milestone(1).model_copy(update={"description": "新内容"})
    moved = milestone(2, date(2018, 7, 31))
    project, rulings = over(desk, key_project((reworded, moved, milestone(3))), ruled())
    assert [(each.description, each.due_on) for each in project.milestones] == [
        ("新内容", date(2018, 6, 29)),
        ("第2项工作", date(2018, 7, 31)),
        ("第3项工作", date(2018, 5, 31)),
    ]
    assert [ruling.milestone_id for ruling in rulings] == [FIRST]


def test_a_list_that_moves_the_same_date_goes_before_the_hand() -> None:
    """What the list says last holds; the window comes as a whole, so that it cannot run backwards."""
    desk = Desk()
    by_hand(desk, with_milestone(desk.state, FIRST, MilestoneChange(due_on=date(2018, 4, 30))))
    later = milestone(1, date(2018, 7, 31), starts_on=date(2018, 7, 1))
    project, _ = over(desk, key_project((later,)))
    assert (project.milestones[0].starts_on, project.milestones[0].due_on) == (date(2018, 7, 1), date(2018, 7, 31))


def test_a_lead_by_the_list_is_no_participant_by_hand() -> None:
    """The list makes a department the lead that was made a participant by hand."""
    desk = Desk()
    by_hand(desk, with_text(desk.state, ProjectChange(participants=("统战部",))))
    project, _ = over(desk, key_project((milestone(),), lead="统战部"))
    assert (project.lead_department, project.participating_departments) == ("统战部", ())
    assert not desk.of(LeadReassigned)


def test_a_replaced_participant_is_not_undone_by_the_same_list() -> None:
    """The act stands in the history as a person's; starting the list again changes nothing of it."""
    desk = Desk(policy=SupervisionPolicy())
    listed = desk.state.project
    desk.ask(request(ReplaceParticipant, None, by=LI, department="宣传部", to="统战部"), "05-02 10:00")
    before = as_the_lists_have_it(desk.events)
    assert before is not None
    assert before.project == listed
    wanted, _ = merged(desk.state, before, listed)
    assert wanted.participating_departments == ("统战部",)
    assert not difference(desk.state, wanted, by_identity=True)
