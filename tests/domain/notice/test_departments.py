"""Who leads and who takes part, as cells say it; and names that are nobody's."""

from __future__ import annotations

import pytest

from domain.notice.broken_names import with_whole_names
from domain.notice.compiling import compile_notice
from domain.notice.departments import departments, is_placeholder, parts_of
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.placeholders import placeholder_findings


@pytest.mark.parametrize(
    "cell",
    [
        "教育局牵头，财政局、人社局配合",
        "教育局牵头、财政局、人社局配合",
        "教育局牵头；财政局，人社局配合",
        "由教育局牵头，财政局、人社局参与",
        "（教育局牵头，财政局、人社局按职责分工负责）",
        "教育局牵头负责，财政局、人社局协办",
        "教育局主办，财政局、人社局协助",
        "教育局会同财政局、人社局",
        "牵头：教育局；配合：财政局、人社局",
        "牵头单位：教育局 配合单位：财政局、人社局",
        "牵头部门：教育局\n参与部门：财政局、人社局",
        "教育局牵头落实，财政局、人社局按职责分工负责",
        "教育局牵头，财政局、人社局组织实施",
        "教育局牵头；财政局具体实施；人社局抓好落实",
        "教育局负责，财政局、人社局配合",
    ],
)
def test_role_words_say_who_leads_and_leave_the_names(cell: str) -> None:
    """教育局牵头 is the department 教育局, which leads."""
    parts = parts_of(cell)
    assert (parts.leads, parts.others) == (("教育局",), ("财政局", "人社局"))


@pytest.mark.parametrize("behind", ["按职责分工负责", "配合", "参与", "共同配合", "组织实施", ""])
def test_helpers_that_a_list_leaves_unnamed_stay_in_it(behind: str) -> None:
    """`等` behind the last helper is asked about, whatever word says what they do."""
    assert parts_of(f"教育局牵头，财政局、人社局等{behind}").others == ("财政局", "人社局", "等")


def test_what_says_that_the_first_leads_is_no_department() -> None:
    """In brackets or behind a comma, the names beside it stay whole; `和` inside a list of labels parts roles."""
    for cell in ("教育局、财政局（排第一位为牵头单位）", "教育局、财政局，列首位的为牵头单位"):
        assert departments(cell) == ["教育局", "财政局"]
    assert parts_of("牵头：教育局 配合：财政局、人社局").others == ("财政局", "人社局")


def test_english_role_words_do_the_same() -> None:
    """Lead and support, before the names or behind them."""
    for cell in ("Lead: Finance; Support: Legal, HR", "Finance to lead, Legal, HR to support"):
        parts = parts_of(cell)
        assert (parts.leads, parts.others) == (("Finance",), ("Legal", "HR"))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("教育局、财政局", ["教育局", "财政局"]),
        ("教育局（牵头）、财政局", ["教育局（牵头）", "财政局"]),
        ("配合中心、负责人办公室", ["配合中心", "负责人办公室"]),
        ("教育局、财政局按职责分工负责", ["教育局", "财政局"]),
        ("责任单位：教育局", ["教育局"]),
        ("财政局等有关部门", ["财政局", "有关部门"]),
        ("财政局等部门", ["财政局", "等部门"]),
    ],
)
def test_without_roles_the_names_stand_in_their_order(cell: str, names: list[str]) -> None:
    """A word inside a name is no role, and others that are not named are not lost."""
    assert departments(cell) == names


@pytest.mark.parametrize(
    "name",
    [
        "各有关单位",
        "有关部门",
        "相关责任单位",
        "各设区市人民政府",
        "各县（市、区）",
        "各县（市、区）人民政府",
        "各乡镇（街道）",
        "各部门",
        "各级各部门",
        "省直有关部门",
        "市直各单位",
        "各二级学院",
        "其他单位",
        "待分配",
        "待定",
        "暂未明确",
        "等有关部门",
        "TBD",
        "TBC",
        "To be confirmed",
        "All ministries",
        "relevant agencies",
        "全体成员单位",
        "各市州",
    ],
)
def test_a_placeholder_is_asked_about(name: str) -> None:
    """Papers cannot go to nobody, or to many at once."""
    assert is_placeholder(name)
    (finding,) = placeholder_findings("2024-01", name, ["教育局"])
    assert finding.needs_ruling


@pytest.mark.parametrize(
    "name",
    ["教育局", "市有关方面联络处", "各界服务中心", "省直机关工委", "全国学联", "团市委", "Finance", "各团市委办"],
)
def test_a_name_is_no_placeholder(name: str) -> None:
    """What only begins like one is a department."""
    assert not is_placeholder(name)


_GROUPS = [
    "各县区",
    "各县（市、区）人民政府",
    "市直各部门",
    "各有关单位",
    "有关县（市、区）",
    "沿线各县区",
    "县直相关单位",
]


@pytest.mark.parametrize("name", _GROUPS)
def test_a_group_that_takes_part_waits_for_nobody_and_one_that_leads_is_asked_about_once(name: str) -> None:
    """Only who leads must be one office; whatever the project, the list says the same of a group."""
    (note,) = placeholder_findings("2024-01", "教育局", [name, "财政局"])
    assert (note.severity, note.project_id, note.assumed) == ("note", None, name)
    assert name in note.text
    (asked,) = placeholder_findings("2024-01", name, ["财政局"])
    assert asked.needs_ruling
    assert placeholder_findings("2024-02", name, []) == [asked]


@pytest.mark.parametrize("name", ["待定", "TBD", "某局"])
def test_who_takes_part_and_is_still_to_be_found_is_asked_about(name: str) -> None:
    """Nobody would get the paper."""
    (asked,) = placeholder_findings("2024-01", "教育局", [name])
    assert asked.needs_ruling


@pytest.mark.parametrize(
    ("cell", "asked"), [("甲局、各县区", False), ("各县区、甲局", True), ("甲局、乙局、各县区", True)]
)
def test_an_office_before_a_group_leads(cell: str, asked: bool) -> None:
    """A group cannot, so that nobody has to be asked which of the two does."""
    row = Row(tuple(map(Cell, ("1", "任务", cell, "6月底前"))), "第2行")
    heads = Row(tuple(map(Cell, ("序号", "工作任务", "责任单位", "完成时限"))), "第1行")
    plan = compile_notice(
        NoticeDocument("清单", (Paragraph("2024年清单"), Paragraph("2024年2月20日"), Table((heads, row))))
    )
    assert ("several_leads" in {finding.code for finding in plan.unruled}) is asked
    assert asked or plan.projects[0].lead_department == "甲局"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("县住房\n和城乡\n建设局", ["县住房和城乡建设局"]),
        ("县发展\n和改革局\n县水利局", ["县发展和改革局", "县水利局"]),
        ("市应急管\n理局、市\n水务局、\n各县\n（区）", ["市应急管理局", "市水务局", "各县（区）"]),
        ("市住建局、市生\n态环境局", ["市住建局", "市生态环境局"]),
        ("市水务\n集团（牵\n头）\n市住建局", ["市水务集团（牵头）", "市住建局"]),
        ("县委\n宣传部", ["县委宣传部"]),
        ("教育\n局", ["教育局"]),
        ("县教育局\n县财政局", ["县教育局", "县财政局"]),
        ("县委\n县政府", ["县委", "县政府"]),
        ("发改\n财政\n住建局", ["发改", "财政", "住建局"]),
        ("县发改\n县财政局", ["县发改", "县财政局"]),
        ("张强\n县财政局", ["张强", "县财政局"]),
        ("县教育局牵头\n县财政局", ["县教育局", "县财政局"]),
    ],
)
def test_a_name_that_a_narrow_column_breaks_is_one(cell: str, names: list[str]) -> None:
    """Lines are put together where their pieces are no offices and the whole is one; whole names stay apart."""
    assert departments(with_whole_names(cell)[0]) == names
