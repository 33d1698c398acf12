"""Columns of offices and of names: who leads, who helps, who has another part, and what names the duty."""

from __future__ import annotations

import pytest

from domain.notice.plan import Plan
from tests.domain.notice.plans import plan_of


def _asked(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings if finding.needs_ruling]


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


@pytest.mark.parametrize(
    "head",
    [
        *("Supporting teams", "Contributors", "Other departments", "协作部门", "协作单位", "Supporting partners"),
        *("Contributing teams", "Partner organisations", "Supporting services", "Other units involved", "支持单位"),
        *("Partner agencies", "Departments involved", "其他责任单位", "联动部门", "会同单位", "Collaborators"),
        *("相关部门", "其他单位", "Assisted by", "Working with", "Supported by", "Delivery partners"),
    ],
)
def test_a_column_of_helpers_is_read_under_any_of_its_heads(head: str) -> None:
    """Who helps is a participant, and no column with names is only noted."""
    lead = "Lead" if head.isascii() else "责任单位"
    plan = plan_of(["序号", "工作任务", lead, head, "完成时限"], ["1", "任务甲", "甲局", "乙局、丙局", "6月底前"])
    (project,) = plan.projects
    assert (project.lead_department, project.participating_departments) == ("甲局", ("乙局", "丙局"))
    assert "column_unread" not in _codes(plan)


@pytest.mark.parametrize(
    "heads",
    [
        *(
            "主办单位|承办单位|协办单位",
            "责任单位|配合单位|参与单位",
            "牵头单位|责任单位|配合单位",
            "主办单位|协办单位|支持单位",
        ),
        *(
            "牵头部门|协办部门|参与部门",
            "主办单位|承办单位|参加单位",
            "牵头处室|责任处室|配合处室",
            "承办单位|协办单位|相关单位",
        ),
        *(
            "主责单位|联合单位|参与单位",
            "牵头单位|实施单位|协同部门",
            "主办部门|承办部门|联办单位",
            "责任部门|会同部门|其他责任单位",
        ),
        *("牵头单位|配合单位|责任单位", "责任单位|参与单位|联系单位", "牵头（责任）单位|承办单位|协作单位"),
    ],
)
def test_every_column_of_those_who_help_names_participants(heads: str) -> None:
    """Who stands in a second or third column of offices gets the papers too; a stroke names nobody."""
    plan = plan_of(
        ["序号", "工作任务", *heads.split("|"), "完成时限"],
        ["1", "任务甲", "甲局", "乙局、丙局", "丁局", "6月底前"],
        ["2", "任务乙", "乙局", "—", "丙局", "9月底前"],
        ["3", "任务丙", "丙局", "甲局", "", "9月底前"],
    )
    told = [(project.lead_department, project.participating_departments) for project in plan.projects]
    assert told == [("甲局", ("乙局", "丙局", "丁局")), ("乙局", ("丙局",)), ("丙局", ("甲局",))]
    assert not {"column_unread", "left_unread"} & set(_codes(plan))


@pytest.mark.parametrize("head", ["督办单位", "监督单位", "参与人数", "配合情况", "来文单位", "考核部门", "受益单位"])
def test_offices_of_another_part_are_no_helpers(head: str) -> None:
    """Who watches, sends or is counted is told as a column that is not read."""
    heads = ["序号", "工作任务", "主办单位", "协办单位", head, "完成时限"]
    plan = plan_of(heads, ["1", "任务甲", "甲局", "乙局", "丙局", "6月底前"])
    assert plan.projects[0].participating_departments == ("乙局",)
    assert "column_unread" in _codes(plan)


@pytest.mark.parametrize("head", ["相关部门", "有关单位", "涉及部门", "Departments involved", "Partners"])
def test_a_column_of_everybody_leads_where_no_other_column_does(head: str) -> None:
    """`相关部门` alone holds the lead as well: a note says so, and of several who stand there it is asked who leads."""
    plan = plan_of(["序号", "工作任务", head, "完成时限"], ["1", "任务甲", "甲局、乙局", "6月底前"])
    assert plan.projects[0].lead_department == "甲局"
    assert "lead_column_assumed" in _codes(plan)
    assert "several_leads" in _asked(plan)
