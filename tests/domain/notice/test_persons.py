"""Persons who stand beside their office: the order goes to the office, and who is left out is named or asked about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.findings import Ruling
from domain.notice.persons import beside, head_tells_persons, is_office, is_person
from domain.notice.plan import Plan

OFFICES = ("市住建局", "市公安局交警支队", "区人民政府", "市生态环境局", "教务处", "城关镇", "市城投公司", "市委宣传部")
PEOPLE = ("王建国", "李明", "欧阳修文", "赵敏", "诸葛亮", "买买提·艾力")
FORMS = (
    *("{0}（{1}）", "{0}({1})", "{0}：{1}", "{0}/{1}", "{0} {1}", "{1}（{0}）"),
    *("{0}（{1} 13800000000）", "{0}（责任人：{1}）", "{0}（{1}同志）"),
)
TITLES = ("局长", "主任", "党组书记", "副局长", "负责人")


@given(st.sampled_from(OFFICES), st.sampled_from(PEOPLE), st.sampled_from(FORMS))
def test_an_office_and_its_person_are_told_apart(office: str, person: str, form: str) -> None:
    """However the two are written together."""
    found = beside(form.format(office, person))
    assert found is not None
    assert found.office == office
    assert person in found.persons


@given(st.sampled_from(OFFICES), st.sampled_from(PEOPLE), st.sampled_from(TITLES))
def test_a_title_stands_with_its_person(office: str, person: str, title: str) -> None:
    """`市教育局局长赵敏` is the bureau and its head."""
    found = beside(f"{office}{title}{person}")
    assert found is not None
    assert (found.office, found.persons) == (office, f"{title}{person}")


@pytest.mark.parametrize(
    "name",
    [
        "市公安局（高新）",
        "市发改委（能源局）",
        "市教育局（基教科）",
        "市政府（办公室）",
        "市住建局（牵头）",
        "市城管局（环卫）",
        "工业和信息化局（安全）",
        "石景山区",
        "江北区（含高新区）",
        "党政办/工会",
        "华能公司",
        "安徽省分公司（任务组）",
    ],
)
def test_what_is_no_person_stays(name: str) -> None:
    """A branch, a part or another office in brackets belongs to the name."""
    assert beside(name) is None


@pytest.mark.parametrize("office", OFFICES)
def test_no_office_is_a_person(office: str) -> None:
    """Whatever its first character is."""
    assert is_office(office)
    assert not is_person(office)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("责任单位及责任人", True),
        ("责任单位（责任人）", True),
        ("责任领导及单位", True),
        ("配合单位及联系人", True),
        ("责任单位", False),
        ("牵头部门", False),
    ],
)
def test_a_head_says_whether_persons_stand_there(head: str, told: bool) -> None:
    """Where it does nobody has to be asked."""
    assert head_tells_persons(head) is told


def plan_of(head: str, *leads: str, rulings: tuple[Ruling, ...] = ()) -> Plan:
    """The plan of a list with one column of leads."""
    rows = [(str(n), f"任务{n}", lead, "10月底前") for n, lead in enumerate(leads, 1)]
    cells = [("序号", "工作任务", head, "完成时限"), *rows]
    table = Table(tuple(Row(tuple(map(Cell, row)), f"第{at}行") for at, row in enumerate(cells, 1)))
    blocks = (Paragraph("某市2024年重点工作清单"), Paragraph("发布日期：2024年2月20日"), table)
    return compile_notice(NoticeDocument("清单", blocks), rulings=rulings)


def leads_of(plan: Plan) -> list[str]:
    """Who leads each project."""
    return [project.lead_department for project in plan.projects]


def test_where_the_head_announces_persons_all_are_named_at_once() -> None:
    """No question, and no person is left out without a word."""
    plan = plan_of("责任单位及责任人", "市住建局（王建国）", "市城管局 李明", "赵敏（市教育局）")
    assert leads_of(plan) == ["市住建局", "市城管局", "市教育局"]
    assert all(not project.participating_departments for project in plan.projects)
    (note,) = (finding for finding in plan.findings if finding.code == "persons_beside_offices")
    assert all(person in note.text for person in ("王建国", "李明", "赵敏"))
    assert not [finding for finding in plan.findings if finding.severity == "ruling"]


def test_where_no_head_announces_them_somebody_is_asked() -> None:
    """The office stands meanwhile; a person alone stands as he was read."""
    plan = plan_of("责任单位", "市住建局（王建国）", "市城管局", "李国强")
    assert leads_of(plan) == ["市住建局", "市城管局", "李国强"]
    asked = [finding.project_id for finding in plan.unruled if finding.code == "person_beside_lead"]
    assert asked == [plan.projects[0].project_id, plan.projects[2].project_id]


@pytest.mark.parametrize("head", ["责任单位及责任人", "责任单位（责任人）", "责任领导及单位"])
def test_a_person_alone_is_asked_about_whatever_the_head_says(head: str) -> None:
    """Beside rows with an office the head explains nothing: no paper would reach anybody."""
    plan = plan_of(head, "市住建局（王建国）", "李国强")
    assert [finding.project_id for finding in plan.unruled if finding.code == "person_beside_lead"] == ["2024-02"]


def test_a_ruling_puts_a_department_in_the_place_of_a_person() -> None:
    """The person takes no part afterwards."""
    ruling = Ruling(finding="person_beside_lead@2024-02", choice="市发改委")
    project = plan_of("责任单位", "市城管局", "李国强", rulings=(ruling,)).projects[1]
    assert (project.lead_department, project.participating_departments) == ("市发改委", ())


@pytest.mark.parametrize("person", [*PEOPLE, "局长赵敏", "李明 13800000000", "责任人：李明"])
def test_a_person_who_is_told_of_leaves_nothing_unread(person: str) -> None:
    """The account knows him by the sentence that names him."""
    plan = plan_of("责任单位及责任人", f"市住建局（{person}）", "市教育局")
    assert "left_unread" not in {finding.code for finding in plan.findings}


def test_a_head_that_announces_persons_lets_any_name_before_them_be_the_office() -> None:
    """`县第三中学（郑凯）` under 责任单位（责任人） is the school; without such a head nothing is guessed."""
    for printed, office in (("县第三中学（郑凯）", "县第三中学"), ("宏源矿业（何平）", "宏源矿业")):
        found = beside(printed, announced=True)
        assert found is not None
        assert (found.office, found.persons) == (office, printed[len(office) + 1 : -1])
    assert beside("宏源矿业（何平）") is None
    assert beside("宏源矿业（二期）", announced=True) is None
