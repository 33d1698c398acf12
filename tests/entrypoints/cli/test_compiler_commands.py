"""`duban compile` and `duban window`, as people and programs call them."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.notice.refusals import UnruledFindingsError
from entrypoints.bootstrap.plan_files import load_plan, read_plan
from entrypoints.cli.compiler import compile_notice
from entrypoints.cli.main import called
from entrypoints.core_sentences import core_said, is_chinese
from entrypoints.next_steps import TO_READ_OTHERWISE

ROOT = Path(__file__).parents[3]
_EXAMPLES = ROOT / "examples"
_NOTICE = str(_EXAMPLES / "2018-key-projects.txt")
_RULES = ["--rule", "repeated_serial=不同项目", "--rule", "window_within_window=全年"]
_PLAN_KEYS = {"document_number", "title", "issuer", "issued_on", "year", "projects", "findings", "rulings"}
_MILESTONE_KEYS = {
    "milestone_id",
    "description",
    "window_text",
    "starts_on",
    "due_on",
    "assigned",
    "ongoing",
    "born_late",
    "recurrence",
    "quota",
    "source",
}


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = called(arguments)
    return status, json.loads(capsys.readouterr().out)


def test_a_compiled_notice_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    """The keys are those of the interfaces paper; unruled findings end in status 1 with the plan still told."""
    status, plan = _json(capsys, "compile", _NOTICE, "--json")
    assert status == 1
    assert set(plan) == _PLAN_KEYS | {"coverage", "due_before_issue"}
    assert set(plan["projects"][0]["milestones"][0]) == _MILESTONE_KEYS
    assert {"code", "severity", "project_id", "milestone_id", "text", "source"} <= set(plan["findings"][0])
    milestone = plan["projects"][0]["milestones"][0]
    text = plan["projects"][0]["schedule_text"]
    assert text[milestone["source"]["start"] : milestone["source"]["end"]].startswith("3月：开展试点")


def test_a_ruled_plan_ends_in_status_0_and_can_be_started(tmp_path: Path) -> None:
    """Rulings by --rule, by the kind of finding or by its key."""
    plan = tmp_path / "plan.yaml"
    assert called(["compile", _NOTICE, "-o", str(plan)]) == 1
    assert plan.exists()
    assert called(["compile", _NOTICE, "-o", str(plan), *_RULES, "--by", "张三", "--reason", "核对过"]) == 0
    assert [(ruling.choice, ruling.ruled_by) for ruling in load_plan(plan).rulings] == [
        ("不同项目", "张三"),
        ("全年", "张三"),
    ]


def test_rulings_survive_a_recompile_of_the_same_notice(tmp_path: Path) -> None:
    """Compiling again without --rule keeps what was ruled."""
    plan = str(tmp_path / "plan.yaml")
    called(["compile", _NOTICE, "-o", plan, *_RULES])
    before = Path(plan).read_text(encoding="utf-8")
    assert called(["compile", _NOTICE, "-o", plan]) == 0
    assert Path(plan).read_text(encoding="utf-8") == before


def test_a_ruling_may_be_another_time(tmp_path: Path) -> None:
    """The operator is not bound to the choices: any time that reads in one way only."""
    plan = tmp_path / "plan.yaml"
    called(["compile", _NOTICE, "-o", str(plan), "--rule", "window_within_window=11月底前", _RULES[0], _RULES[1]])
    ruled = {m.milestone_id: m for project in read_plan(plan).projects for m in project.milestones}["2018-06-08"]
    assert (ruled.starts_on, str(ruled.due_on)) == (None, "2018-11-30")


def test_a_plan_file_is_ruled_on_in_place(tmp_path: Path) -> None:
    """Without the notice at hand the plan itself takes the ruling."""
    plan = tmp_path / "plan.yaml"
    called(["compile", _NOTICE, "-o", str(plan)])
    assert called(["compile", str(plan), *_RULES]) == 0
    assert load_plan(plan).rulings


def test_a_ruling_written_into_the_yaml_counts(tmp_path: Path) -> None:
    """Editing the file is as good as --rule."""
    plan = tmp_path / "plan.yaml"
    called(["compile", _NOTICE, "-o", str(plan)])
    text = plan.read_text(encoding="utf-8")
    keys = [finding.key for finding in read_plan(plan).findings]
    rulings = f'rulings:\n  - finding: "{keys[0]}"\n    choice: 确认\n  - finding: "{keys[1]}"\n    choice: 12月\n'
    plan.write_text(text.replace("rulings: []\n", rulings), encoding="utf-8")
    ruled = {m.milestone_id: m for project in load_plan(plan).projects for m in project.milestones}["2018-06-08"]
    assert str(ruled.starts_on) == "2018-12-01"


def test_a_plan_with_unruled_findings_is_not_loaded_for_a_start() -> None:
    """Nothing is guessed silently: the sentence says how many wait and how to rule."""
    with pytest.raises(UnruledFindingsError, match="2处待裁定"):
        load_plan(Path(_NOTICE))


def test_a_hand_edited_milestone_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A recompile that would lose somebody's change is refused."""
    plan = tmp_path / "plan.yaml"
    called(["compile", _NOTICE, "-o", str(plan), *_RULES])
    edited = plan.read_text(encoding="utf-8").replace('due_on: "2018-07-31"', 'due_on: "2018-07-20"', 1)
    plan.write_text(edited, encoding="utf-8")
    capsys.readouterr()
    assert called(["compile", _NOTICE, "-o", str(plan)]) == 2
    assert "手工改过1个节点" in capsys.readouterr().err
    assert plan.read_text(encoding="utf-8") == edited


def test_a_hand_edited_department_that_the_notice_writes_over_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing tells an edit of the plan from one of the notice: the notice holds, and the project is named."""
    plan = tmp_path / "plan.yaml"
    called(["compile", _NOTICE, "-o", str(plan)])
    assert "与通知不同" not in capsys.readouterr().err
    text = plan.read_text(encoding="utf-8")
    lead = re.search(r"lead_department: (.+)", text)
    assert lead is not None
    plan.write_text(text.replace(lead[0], "lead_department: 网信办", 1), encoding="utf-8")
    called(["compile", _NOTICE, "-o", str(plan)])
    assert "原计划里1个项目（如2018-01）的名称、内容或部门与通知不同" in capsys.readouterr().err
    assert plan.read_text(encoding="utf-8") == text


def test_what_no_compiler_asks_for_cannot_stop_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port that is no number is the desk's fault; a calendar that is not there is the compiler's."""
    monkeypatch.setenv("DUBAN_DESK_PORT", "abc")
    assert called(["window", "3月", "--year", "2018"]) == 0
    assert called(["compile", _NOTICE]) == 1
    capsys.readouterr()
    monkeypatch.setenv("DUBAN_CALENDAR", "nowhere.yaml")
    assert called(["window", "3月", "--year", "2018"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compile", "gone.docx"], "找不到文件"),
        (["compile"], "请给出通知文件"),
        (["compile", _NOTICE, "--rule", "nonsense"], "编号=裁定"),
        (["compile", _NOTICE, "--rule", "unknown=确认"], "没有编号为 unknown"),
        (["compile", _NOTICE, "--rule", "window_within_window=改天"], "读不出来"),
        (["compile", _NOTICE, "--rule", "window_within_window=6月前"], "读不出来"),
        (["compile", _NOTICE, "-o", "plan.docx"], "应以 .yaml 或 .xlsx 结尾"),
        (["compile", _NOTICE, "--issued", "春天"], "不是日期"),
        (["window", "3月"], "--year"),
        (["window", "3月", "--year", "12"], "--year"),
    ],
)
def test_a_wrong_call_ends_in_status_2_and_changes_nothing(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence on standard error, nothing on standard output, no file made."""
    monkeypatch.chdir(tmp_path)
    assert called(arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_summary_for_a_person_says_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, each finding with its words, what was assumed, and how to rule."""
    assert called(["compile", _NOTICE]) == 1
    told = capsys.readouterr().out
    assert "17个项目，87个节点，持续7个，定期3个，有数量要求12个，印发前已到期9个。" in told
    assert "印发前已到期的，启动后只请补报实际完成情况：2018-01-01（2018-03-31）、" in told
    assert "--rule 'window_within_window@2018-06:202=全年'" in told
    assert "还有2处待裁定" in told
    assert f"命令：duban compile {_NOTICE} --rule 'repeated_serial@2018-05b=不同项目' --by 姓名" in told


def test_the_account_is_shown_and_stands_in_the_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """So many taken, so many left and why; the plan file itself has no account."""
    status, plan = _json(capsys, "compile", _NOTICE, "-o", str(tmp_path / "plan.yaml"), "--json")
    assert status == 1
    late = [m["milestone_id"] for p in plan["projects"] for m in p["milestones"] if m["born_late"]]
    assert plan["due_before_issue"] == late
    characters = plan["coverage"]["characters"]
    assert characters["taken"] + characters["left"] == characters["total"] == plan["coverage"]["file_characters"]
    assert "coverage" not in (tmp_path / "plan.yaml").read_text(encoding="utf-8")
    called(["compile", _NOTICE])
    told = capsys.readouterr().out
    assert "读取情况：读了表格1张，行18行，栏6栏，单元格102个" in told
    assert "没有读的：段落2段，文字57字" in told
    assert "[段] 第4段起，共2段：通知正文" in told
    assert "都读到了" in told


_OWN_LIST = (
    "# 某学院2024年重点工作（教务处）\n\n2024年1月2日\n\n"
    "| 缘起 | 结果 | 时限 |\n|---|---|---|\n| 教学改革 | 方案一份 | 6月底前 |\n"
)


def test_the_operator_says_who_leads_and_what_a_column_holds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`--lead` and `--column` go before what was assumed, and nothing is asked about them again."""
    notice = tmp_path / "list.md"
    notice.write_text(_OWN_LIST, encoding="utf-8")
    _, assumed = _json(capsys, "compile", str(notice), "--json")
    assert {"lead_assumed", "title_assumed"} <= {finding["code"] for finding in assumed["findings"]}
    columns = ["--column", "1=content", "--column", "结果=title"]
    _, plan = _json(capsys, "compile", str(notice), "--lead", "学工处", *columns, "--json")
    assert not {"lead_assumed", "title_assumed"} & {finding["code"] for finding in plan["findings"]}
    (project,) = plan["projects"]
    assert (project["title"], project["main_content"], project["lead_department"]) == ("方案一份", "教学改革", "学工处")


def test_what_to_type_under_a_finding_has_the_list_read_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The core's sentence names no option; the line under it does, with the column's own head, and is an answer."""
    notice = tmp_path / "list.csv"
    rows = ("关于印发2018年清单的通知", "序号,项目名称,完成时限,责 任 人", "1,青年之家,6月底前,张三")
    notice.write_text("\n".join(rows), encoding="utf-8")
    assert called(["compile", str(notice)]) == 1
    told = capsys.readouterr().out
    line = re.search(r"另行读取：再加 (--column .*=leader --lead 单位)", told)
    assert line is not None
    typed = [each.replace("单位", "学工处") for each in shlex.split(line[1])]
    _, plan = _json(capsys, "compile", str(notice), *typed, "--issued", "2018-04-25", "--json")
    assert [finding["code"] for finding in plan["findings"]] == []
    assert plan["projects"][0]["lead_department"] == "学工处"


def test_each_line_to_type_under_a_finding_is_of_one_that_there_is() -> None:
    """By its code, with options that `duban compile` has, in both languages."""
    assert [line for line in TO_READ_OTHERWISE.values() if is_chinese(core_said("en", line))] == []
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "domain" / "notice").glob("*.py"))
    assert {code for code in TO_READ_OTHERWISE if f'"{code}' not in sources} == set()
    options = {name for option in compile_notice.params for name in option.opts}
    assert {each for line in TO_READ_OTHERWISE.values() for each in re.findall(r"--[a-z]+", line)} <= options


def test_a_lead_that_was_assumed_is_ruled_on_in_the_plan_file(tmp_path: Path) -> None:
    """Without the notice at hand another department can still be named."""
    notice, plan = tmp_path / "list.md", tmp_path / "plan.yaml"
    notice.write_text(_OWN_LIST, encoding="utf-8")
    called(["compile", str(notice), "--column", "1=title", "-o", str(plan)])
    called(["compile", str(plan), "--rule", "lead_assumed=学工处"])
    assert [project.lead_department for project in read_plan(plan).projects] == ["学工处"]


def test_the_line_to_type_next_has_the_options_of_the_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without them another list would be read; rulings are typed again where no plan file keeps them."""
    notice, plan = tmp_path / "list.csv", tmp_path / "plan.yaml"
    notice.write_text("序号,任务,责任单位,时限\n1,修路,甲局 丙局,6月底前\n2,架桥,甲局 乙局,3个月内\n", "utf-8")
    asked, rule = ["--year", "2026", "--issued", "2026-02-10"], ["--rule", "several_leads=甲局"]

    def next_line(*more: str) -> str:
        assert called(["compile", str(notice), *asked, *more]) == 1
        return capsys.readouterr().out.partition("命令：")[2].partition("\n")[0]

    assert shlex.join(asked) in next_line()
    assert shlex.join([*asked, *rule]) in next_line(*rule)
    assert shlex.join(rule) not in next_line(*rule, "-o", str(plan))


def test_what_has_nothing_to_choose_from_says_how_to_rule_on_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is written behind the equals sign is the caller's; the line as it stands is refused."""
    notice = tmp_path / "list.md"
    notice.write_text(
        "# 2026年重点任务清单\n2026年1月8日\n|序号|任务|牵头单位|完成时限|\n|-|-|-|-|\n|1|修路||6月底前|\n", "utf-8"
    )
    assert called(["compile", str(notice)]) == 1
    shown = capsys.readouterr().out
    assert "裁定写部门名称" in shown
    (line,) = re.findall(r"裁定写在等号后：--rule '(no_lead@2026-\w+=…)'", shown)
    assert f"--rule '{line}' --by 姓名" in shown
    assert called(["compile", str(notice), "--rule", line, "--by", "王"]) == 2
    assert called(["compile", str(notice), "--rule", line.replace("…", "交通局"), "--by", "王"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--column", "9=title"], "没有“9”一栏"),
        (["--column", "title"], "栏号或表头=含义"),
        (["--column", "1=titel"], "栏号或表头=含义"),
        (["--lead", "办公室"], "用不上"),
    ],
)
def test_a_layout_that_the_notice_does_not_have_is_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that would change nothing is a mistake that the operator must hear of."""
    assert called(["compile", _NOTICE, *arguments]) == 2
    assert words in capsys.readouterr().err


def test_the_schema_is_printed_without_a_notice(capsys: pytest.CaptureFixture[str]) -> None:
    """`--schema` needs nothing else."""
    status, schema = _json(capsys, "compile", "--schema")
    assert status == 0
    assert schema["$schema"].endswith("2020-12/schema")


def test_one_expression_is_answered_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """The keys of the interfaces paper, absent values as null."""
    status, reading = _json(capsys, "window", "6月底前完成80%，年底前全面完成", "--year", "2018", "--json")
    assert status == 0
    assert (reading["kind"], reading["findings"]) == ("dated", [])
    assert reading["windows"] == [
        {
            "starts_on": None,
            "due_on": "2018-06-30",
            "ongoing": False,
            "recurrence": None,
            "quota": {"value": 80, "unit": "%"},
        },
        {"starts_on": None, "due_on": "2018-12-31", "ongoing": False, "recurrence": None, "quota": None},
    ]


def test_lines_are_answered_as_an_array_in_their_order(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One answer a line, blank lines included, so that answers and lines stay side by side."""
    given = io.TextIOWrapper(io.BytesIO("3月\n\n每季度\r\n适时\n".encode()))
    monkeypatch.setattr(sys, "stdin", given)
    status, readings = _json(capsys, "window", "-", "--year", "2018", "--json")
    assert status == 0
    assert [reading["kind"] for reading in readings] == ["dated", "unreadable", "recurring", "undated"]


def test_an_expression_is_told_to_a_person_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Kind, dates and doubts in words."""
    assert called(["window", "6月前", "--year", "2018"]) == 0
    assert "2018-05-31前" in capsys.readouterr().out


def test_the_example_plan_is_what_the_example_notice_compiles_to() -> None:
    """The shipped plan is the compiler's own work with the two rulings made."""
    shipped = read_plan(_EXAMPLES / "2018-key-projects.yaml")
    assert load_plan(_EXAMPLES / "2018-key-projects.yaml") == shipped
    assert len(shipped.projects) == 17
    assert shipped.unruled == ()
