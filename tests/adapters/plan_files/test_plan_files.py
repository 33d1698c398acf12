"""Plan files: what is written is what is read, comments stay, and a bad file is refused with its line."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from adapters.plan_files import xlsx_plan, yaml_plan
from adapters.plan_files.any_plan import is_plan_file, read_plan, write_plan
from adapters.plan_files.plan_schema import plan_schema
from domain.notice.findings import Finding, FindingSource, Ruling
from domain.notice.plan import Plan
from domain.notice.windows import Choice
from domain.project import KeyProject, Milestone, Quota, Recurrence, SourceSpan

_EXAMPLE = Path(__file__).parents[3] / "examples" / "2018-key-projects.yaml"
# Whatever a person may have in a cell; control characters and unpaired surrogates cannot stand in an office file.
_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30)
_ODD = st.sampled_from(
    [
        "",
        " ",
        "null",
        "true",
        "3",
        "2018-05-03",
        "- a",
        "a: b",
        "# c",
        "x #y",
        '"q"',
        "'",
        "=1+1",
        "@",
        "[a]",
        "{a}",
        "甲\n乙",
        "a:",
        "~",
        "&a",
        "*a",
        "!t",
        "%",
        "|",
        ">",
        "?",
        "1e3",
        "0x1",
        "off",
        "２０１８",
        "：",
        "\u2028",
        "\ufeff",
    ]
)
_WORDS = st.one_of(_TEXTS, _ODD)


def _plan(words: list[str]) -> Plan:
    text, other, name = words
    milestones = (
        Milestone(
            milestone_id="2018-01-01",
            description=text,
            window_text=other,
            starts_on=None,
            due_on=date(2018, 6, 30),
            assigned="window",
            recurrence=Recurrence(count=3),
            quota=Quota(value=80, unit=other),
            source=SourceSpan(start=0, end=len(text)),
        ),
        Milestone(
            milestone_id="2018-01-02",
            description=other,
            window_text=text,
            starts_on=date(2018, 1, 1),
            due_on=None,
            assigned="embedded",
            ongoing=True,
            born_late=True,
            source=SourceSpan(start=1, end=2),
            without=("乙", name + "甲"),
        ),
    )
    project = KeyProject(
        project_id="2018-01",
        serial=text or "1",
        title=other,
        main_content=text,
        lead_department=name,
        participating_departments=(name + "甲", "乙"),
        schedule_text=text,
        milestones=milestones,
        category=other or None,
        responsible_leader=text or None,
    )
    finding = Finding(
        key="undated@2018-01:0",
        code="undated",
        severity="ruling",
        project_id="2018-01",
        text=other,
        source=FindingSource(start=0, end=1, text=text),
        choices=(Choice(key="全年持续", text="持续"),),
    )
    return Plan(
        document_number=None,
        title=text,
        issuer=other or None,
        issued_on=date(2018, 4, 25),
        year=2018,
        projects=(project,),
        findings=(finding,),
        rulings=(Ruling(finding="undated@2018-01:0", choice="年底前", reason=other or None),),
    )


PLANS = st.tuples(_WORDS, _WORDS, st.sampled_from(["组织部", "null", "3", "a: b"])).map(
    lambda words: _plan(list(words))
)


@given(PLANS)
def test_a_plan_written_as_yaml_comes_back_the_same(plan: Plan) -> None:
    """Whatever the texts hold: colons, quotes, dates that are none, words that YAML takes for something else."""
    assert yaml_plan.plan_of_text(yaml_plan.text_of_plan(plan), "plan.yaml") == plan


@given(PLANS)
def test_our_yaml_is_everybodys_yaml(plan: Plan) -> None:
    """A general YAML reader finds the same values in what we write."""
    values = YAML(typ="safe").load(yaml_plan.text_of_plan(plan))
    assert Plan.model_validate(values) == plan


@given(plan=PLANS)
@settings(max_examples=40)
def test_a_plan_as_a_spreadsheet_comes_back_the_same(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    """Both ways without loss, empty texts and blanks included."""
    path = tmp_path_factory.mktemp("plans") / "plan.xlsx"
    xlsx_plan.write_plan(plan, path)
    assert xlsx_plan.read_plan(path) == plan


def test_the_real_plan_goes_to_a_spreadsheet_and_back(tmp_path: Path) -> None:
    """All 17 projects, 87 milestones, findings and rulings."""
    path = tmp_path / "plan.xlsx"
    write_plan(read_plan(_EXAMPLE), path)
    assert is_plan_file(path)
    assert read_plan(path) == read_plan(_EXAMPLE)


def test_an_edited_spreadsheet_cell_is_an_edited_plan(tmp_path: Path) -> None:
    """A day typed into the spreadsheet, as a day, becomes the milestone's due date."""
    path = tmp_path / "plan.xlsx"
    write_plan(read_plan(_EXAMPLE), path)
    book = openpyxl.load_workbook(path)
    sheet = book["节点"]
    column = [cell.value for cell in sheet[1]].index("到期") + 1
    sheet.cell(2, column).value = date(2018, 3, 30)
    book.save(path)
    assert read_plan(path).projects[0].milestones[0].due_on == date(2018, 3, 30)


@pytest.mark.parametrize(
    ("sheet", "head", "value", "told"),
    [
        ("节点", "到期", "7月底", "的工作表“节点” 2018-01-01 “到期”一栏：应是日期"),
        ("节点", "持续", "也许", "的工作表“节点” 2018-01-01 “持续”一栏：应是“是”或“否”"),
        ("节点", "次数", "四", "“次数”一栏：应是整数"),
        ("项目", "牵头部门", None, "的工作表“项目” 2018-01 “牵头部门”一栏：不能为空"),
    ],
)
def test_a_bad_place_of_a_spreadsheet_is_named_with_its_row_and_reason(
    sheet: str, head: str, value: str | None, told: str, tmp_path: Path
) -> None:
    """Where it stands, and what may stand there."""
    path = tmp_path / "plan.xlsx"
    write_plan(read_plan(_EXAMPLE), path)
    book = openpyxl.load_workbook(path)
    column = [cell.value for cell in book[sheet][1]].index(head) + 1
    book[sheet].cell(2, column).value = value
    book.save(path)
    with pytest.raises(yaml_plan.UnreadablePlanError) as refused:
        read_plan(path)
    assert told in refused.value.text


def test_comments_stay_when_a_plan_is_written_again(tmp_path: Path) -> None:
    """What the operator wrote beside the lines is still there after a recompile."""
    path = tmp_path / "plan.yaml"
    text = _EXAMPLE.read_text(encoding="utf-8")
    noted = text.replace("year: 2018\n", "year: 2018  # 本年\n", 1)
    noted = noted.replace('  - project_id: "2018-02"', '  # 第二项最难。\n  - project_id: "2018-02"', 1)
    path.write_text(noted, encoding="utf-8")
    plan = read_plan(path)
    ruling = Ruling(finding="repeated_serial@2018-05b", choice="不同项目", reason="再次确认")
    write_plan(plan.model_copy(update={"title": "新标题", "rulings": (*plan.rulings[1:], ruling)}), path)
    kept = path.read_text(encoding="utf-8")
    assert "# 本年" in kept
    assert "# 第二项最难。" in kept
    assert read_plan(path).title == "新标题"
    assert read_plan(path).rulings[-1].reason == "再次确认"


def test_hand_written_forms_are_read(tmp_path: Path) -> None:
    """Unquoted days, empty values and flow lists are YAML too."""
    path = tmp_path / "plan.yaml"
    path.write_text(
        "document_number:\ntitle: 清单\nissuer: ~\nissued_on: 2018-04-25\nyear: 2018\nprojects:\n"
        "- {project_id: 2018-01, serial: '1', title: 甲, lead_department: 组织部, participating_departments: [乙],\n"
        "   schedule_text: 3月, milestones: [{milestone_id: 2018-01-01, description: 甲, window_text: 3月,\n"
        "   starts_on: 2018-03-01, due_on: 2018-03-31, assigned: window, source: {start: 0, end: 2}}]}\n",
        encoding="utf-8",
    )
    (project,) = read_plan(path).projects
    assert project.milestones[0].milestone_id == "2018-01-01"
    assert project.milestones[0].due_on == date(2018, 3, 31)


_MILESTONES = (
    'project_id: 2018-01\n    serial: "1"\n    title: 甲\n    lead_department: 乙\n    schedule_text: 3月\n'
    "    milestones:\n"
    "      - {{milestone_id: 2018-01-01, description: 甲, window_text: 3月, starts_on: 2018-03-01, due_on: {due},\n"
    "         assigned: window, source: {{start: 0, end: 2}}}}"
)


def _row(text: str) -> str:
    return f"title: 甲\nyear: 2018\nissuer:\ndocument_number:\nissued_on: 2018-04-25\nprojects:\n  - {text}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "最外层"),
        ("- a\n", "最外层"),
        ("title: [\n", "不是合法的YAML"),
        (
            "title: 甲\nyear: 今年\nissuer:\ndocument_number:\nissued_on: 2018-04-25\nprojects: []\n",
            "第2行 year：应是整数",
        ),
        (
            "title: 甲\nyear: 2018\nissuer:\ndocument_number:\nissued_on: 春天\nprojects: []\n",
            "第5行 issued_on：应是日期",
        ),
        ("title: 甲\nprojects: []\n", "缺少这一栏"),
        (_row("project_id: 第一项"), "第7行 projects.0.project_id：编号写法不对"),
        (_row("project_id: 2018-01\n    serial: 1"), "第8行 projects.0.serial：应是文字，数字要加引号"),
        (_row(_MILESTONES.format(due="2018-02-28")), "起始日期 2018-03-01 晚于时限 2018-02-28"),
        (_row(_MILESTONES.format(due="2018-03-31").replace("2018-01-01", "2018-02-01")), "不属于项目 2018-01"),
        (_row(_MILESTONES.format(due="2018-02-30")), "应是日期"),
        (_row("project_id: 2018-01\n    leed: 甲"), "第8行 projects.0.leed：不是计划的栏目"),
        (_row("project_id: 2018-01\n\tserial: 甲"), "第8行不是合法的YAML：请检查缩进（用空格，不用制表符）"),
        (
            _row(f"{(twice := _MILESTONES.format(due='2018-03-31'))}\n  - {twice}"),
            "清单里有两个编号同为 2018-01 的项目",
        ),
        ("a: &a [*a]\n", "plan.yaml"),
        ("title: 甲\nmistake: 1\n", "plan.yaml"),
        (
            "a: &a [1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghi")),
            "引用",
        ),
    ],
)
def test_a_bad_plan_file_is_refused_with_its_place(text: str, words: str, tmp_path: Path) -> None:
    """One sentence with the line and what is allowed."""
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(yaml_plan.UnreadablePlanError) as refused:
        read_plan(path)
    assert words in refused.value.text
    assert refused.value.text.endswith("。")


@pytest.mark.parametrize("name", ["plan.docx", "plan", "plan.json"])
def test_a_plan_is_written_only_under_a_plan_s_name(name: str, tmp_path: Path) -> None:
    """A notice is never written over by mistake."""
    with pytest.raises(yaml_plan.UnreadablePlanError):
        write_plan(read_plan(_EXAMPLE), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """The folder is not there: one sentence, no half-written file."""
    with pytest.raises(yaml_plan.UnreadablePlanError, match="写不进去"):
        write_plan(read_plan(_EXAMPLE), tmp_path / "gone" / "plan.yaml")
    assert list(tmp_path.iterdir()) == []


def test_the_schema_accepts_the_example_and_refuses_mistakes() -> None:
    """Editors check with the schema; it is itself a valid one."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - a second of grammars that no other test needs

    schema = plan_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    values = YAML(typ="safe").load(_EXAMPLE.read_text(encoding="utf-8"))
    assert not list(validator.iter_errors(values))
    values["projects"][0]["milestones"][0]["assigned"] = "guessed"
    del values["year"]
    assert len(list(validator.iter_errors(values))) == 2
