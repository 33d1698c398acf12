"""Whom a running text charges, how often and from when on, is kept or asked about: checked behind the grammar."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan


def _plan(*lines: str) -> Plan:
    heading = ("某市2024年重点工作任务分解", "2024年1月10日")
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, (*heading, *lines)))))


def _times(plan: Plan) -> list[list[tuple[str, str]]]:
    return [[(str(each.starts_on), str(each.due_on)) for each in project.milestones] for project in plan.projects]


def _asked(plan: Plan) -> list[str]:
    return [finding.source.text for finding in plan.unruled if finding.code in ("left_unread", "another_charged")]


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        (("1.举办对接会。市金融办牵头、人民银行××分行配合，6月底前完成。",), "人民银行××分行"),
        (
            (
                "1.检查。4月15日前，各乡镇完成自查；4月30日前，市水务局完成复查。牵头单位：市防指办",
                "2.清理河道。牵头单位：市水务局；完成时限：5月底",
            ),
            "市水务局完成复查",
        ),
        (("1.冬防：安全部主抓，各作业队落实，1月10日前完成储备。",), "各作业队"),
        (("1.逐月检查，逢节假日前巡查。责任单位：市水务局",), "逢节假日前"),
        (
            ("行动时间：2024年7月1日—8月31日", "1.每周巡查一次。责任单位：市水务局"),
            "行动时间：2024年7月1日—8月31日",
        ),
    ],
)
def test_what_the_grammar_left_out_without_a_word_is_asked_about(lines: tuple[str, ...], lost: str) -> None:
    """A helper, another office at its own time, another frequency, a stretch above the list."""
    assert _asked(_plan(*lines)) == [lost]


@pytest.mark.parametrize(
    "lines",
    [
        ("行动时间：2024年7月1日—8月31日", "1.8月底前完成检查。责任单位：市水务局"),
        ("1.排查。县司法局牵头，派出所、各村（社区）配合，每月一次。",),
        ("1.上半年申报30件，下半年申报40件。责任单位：科技部",),
    ],
)
def test_nothing_is_asked_of_what_is_kept(lines: tuple[str, ...]) -> None:
    """Helpers that were taken, times that each have a milestone, a stretch that nothing goes beyond."""
    assert _asked(_plan(*lines)) == []


def test_what_comes_back_in_a_stage_begins_and_ends_with_it() -> None:
    """Whether the stage is a heading over it or opens its own item, and has an end or none."""
    assert _times(
        _plan(
            "第一阶段：集中整治（5月1日—6月30日）",
            "1.每周报送一次进展。责任单位：市水务局",
            "第二阶段：巩固提升（7月起）",
            "2.每月复查一次。责任单位：市水务局",
        )
    ) == [[("2024-05-01", "2024-06-30")], [("2024-07-01", "2024-12-31")]]
    (step,) = _times(_plan("第一步：巩固提升（10月起）。每周巡查一次。责任单位：市水务局"))
    assert {start for start, _ in step} == {"2024-10-01"}


def test_measures_on_the_line_of_their_label_are_all_kept() -> None:
    """`1.10月15日前…2.11月底前…` is no first of October; a number alone before a month counts, too."""
    plan = _plan(
        "（一）项目把关不严",
        "整改措施：1.10月15日前修订办法。2.11月底前开展回头看。3.每季度抽查一次。",
        "责任单位：市住建局",
        "（二）组织建设薄弱",
        "整改措施：1.12月底前整顿村党组织3个。",
        "责任单位：市委组织部",
    )
    assert [[due for _, due in each] for each in _times(plan)] == [
        ["2024-10-15", "2024-11-30", "2024-12-31"],
        ["2024-12-31"],
    ]


def test_what_everybody_is_told_below_the_last_item_is_none_of_it() -> None:
    """`各承办单位…每周五前报送进展` was the last office's own weekly duty."""
    plan = _plan("1.化解积案", "承办单位：市人社局", "办理时限：6月底前", "各承办单位自4月起，每周五前报送进展。")
    assert _times(plan) == [[("None", "2024-06-30")]]
    assert any("每周五前" in finding.text + finding.source.text for finding in plan.findings)


def test_items_that_are_called_by_what_they_are_have_their_own_lines() -> None:
    """`批示一：`, `交办事项1：` and `【人才建设】` count or name an item; whoever leads may be marked in a sentence."""
    plan = _plan(
        "批示一：整治市场", "承办单位：市商务局", "批示二：治理停车", "承办单位：市公安局", "办理时限：8月20日前"
    )
    assert [(each.title, each.lead_department) for each in plan.projects] == [
        ("整治市场", "市商务局"),
        ("治理停车", "市公安局"),
    ]
    plan = _plan("1.【人才建设】7月招聘200人，9月完成培训。责任部门：人力资源部")
    assert (plan.projects[0].title, len(plan.projects[0].milestones)) == ("人才建设", 2)
    plan = _plan("1.旱厕改造300座。市城管局（牵头）、各区政府。9月底前。")
    assert (plan.projects[0].lead_department, plan.projects[0].participating_departments) == ("市城管局", ("各区政府",))


def test_what_is_done_from_now_on_is_a_duty_of_its_own() -> None:
    """`今后` is read as `此后`."""
    (times,) = _times(_plan("1.9月底前收回资金，今后每半年清理一次。责任单位：市财政局"))
    assert [start for start, _ in times] == ["None", "2024-10-01"]


def test_an_item_names_its_office_beside_a_person_whose_name_is_left_out() -> None:
    """`责任人：陈××` above `责任股室：药政股` led the item; `主抓` and a mark behind a colon say who leads."""
    plan = _plan("1.规范药品管理", "整改责任人：陈××", "责任股室：药政股", "整改时限：9月底前")
    assert plan.projects[0].lead_department == "药政股"
    plan = _plan("1.检修：设备部主抓，安全部配合，2月底前完成。", "2.宿舍维修：后勤处（牵头）、学生处；8月20日前完成。")
    assert [(each.lead_department, each.participating_departments) for each in plan.projects] == [
        ("设备部", ("安全部",)),
        ("后勤处", ("学生处",)),
    ]
    assert _asked(plan) == []
