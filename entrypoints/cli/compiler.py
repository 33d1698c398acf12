"""From a notice to a plan: `duban compile`, and how one time expression is read: `duban window`."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from application.settings import only_settings
from domain.bounds import FIRST_DAY, LAST_DAY
from domain.errors import InputError
from domain.notice.column_heads import ROLES, Role
from domain.notice.compiling import Compilation, compilation
from domain.notice.coverage import Coverage, Tally
from domain.notice.findings import Finding, Ruling
from domain.notice.plan import Plan
from domain.notice.rulings import edited_by_hand, merged_rulings, otherwise_before, settled
from domain.notice.tables import Given
from domain.notice.window_reading import WindowReading, read_window
from domain.notice.windows import spoken
from domain.project import Milestone
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.plan_files import (
    is_plan_file,
    known_calendar,
    plan_schema,
    read_notice,
    read_plan,
    write_plan,
)
from entrypoints.cli.acting import as_given
from entrypoints.cli.in_locale import told
from entrypoints.cli.own_folder import typed
from entrypoints.cli.session import DAY, FILE, err, json_option, out, print_json, wants_json
from entrypoints.cli.startable import must_be_startable
from entrypoints.next_steps import TO_READ_OTHERWISE

_SEVERITIES = {"error": "读不出", "ruling": "待裁定", "note": "说明"}
_KINDS = {"dated": "有时限", "recurring": "定期", "relative": "相对时间", "undated": "没有时限", "unreadable": "读不出"}
_COUNTED = {
    "tables": "表格{}张",
    "rows": "行{}行",
    "columns": "栏{}栏",
    "cells": "单元格{}个",
    "paragraphs": "段落{}段",
    "characters": "文字{}字",
}
_LEFT_KINDS = {"table": "表", "row": "行", "column": "栏", "cell": "格", "paragraph": "段", "file": "文件"}
_NOT_READ = "skip"
_LONGEST_LINE = 20_000
_YEAR = click.IntRange(FIRST_DAY.year + 1, LAST_DAY.year - 1)


@click.command("compile")
@click.argument("notice", required=False, type=click.Path(path_type=Path))
@click.option("--year", type=_YEAR, help="清单的年份（默认从标题、文号、日期中读出）")
@click.option("--issued", type=DAY, help="印发日期（默认从通知中读出）")
@click.option("-o", "--output", type=FILE, help="写入计划文件（.yaml 或 .xlsx）；已有的裁定和注释保留")
@click.option(
    "--rule", "rules", multiple=True, metavar="编号=裁定", help="裁定一处待裁定事项，可重复；编号也可以是事项类别"
)
@click.option("--lead", help="表里没有牵头部门一栏时，由哪个部门牵头")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="栏=含义",
    help=f"写明一栏是什么，可重复；栏是从1数起的栏号或表头，含义是 {'、'.join(ROLES)}，{_NOT_READ} 是不读",
)
@click.option("--by", "ruled_by", help="裁定人")
@click.option("--reason", help="裁定理由")
@click.option("--schema", is_flag=True, help="输出计划文件的 JSON Schema，供编辑器补全和检查")
@json_option
def compile_notice(
    notice: Path | None,
    year: int | None,
    issued: date | None,
    output: Path | None,
    rules: Sequence[str],
    lead: str | None,
    columns: Sequence[str],
    ruled_by: str | None,
    reason: str | None,
    *,
    schema: bool,
) -> int:
    """编译通知：把重点项目清单读成可以审阅的计划，列出读不准的地方。

    通知文件可以是 .docx、.xlsx、.csv、.pdf、.html、.md 或文本文件，也可以是已有的计划文件。
    """
    if schema:
        print_json(plan_schema())
        return 0
    if notice is None:
        raise click.UsageError("请给出通知文件，例如 duban compile 通知.docx -o 计划.yaml")
    given = [_ruling(rule, ruled_by, reason) for rule in rules]
    layout = Given(lead, tuple(_column(column) for column in columns))
    plan, coverage, otherwise = _plan(notice, year, issued, output, given, layout)
    must_be_startable(plan)
    target = output or (notice if given and is_plan_file(notice) else None)
    again = target is not None and target.exists()
    if target is not None:
        write_plan(plan, target)
    if wants_json():
        document = plan.model_dump(mode="json") | {"due_before_issue": [m.milestone_id for m in _over(plan)]}
        print_json(document | {"coverage": coverage.model_dump(mode="json")} if coverage is not None else document)
    else:
        kept = is_plan_file(notice) or target is not None
        asked: dict[str, Sequence[object]] = {
            "--year": [year],
            "--issued": [issued],
            "--lead": [lead],
            "--column": columns,
            "--rule": () if kept else rules,
        }
        _tell(plan, notice, target, coverage, _typed_again(asked), again=again)
    if otherwise:
        _say(
            err(),
            f"原计划里{len(otherwise)}个项目（如{otherwise[0]}）的名称、内容或部门与通知不同，已按通知重写；"
            "是手工改的，请改在通知里再编译。",
        )
    return 1 if plan.unruled else 0


def _typed_again(asked: Mapping[str, Sequence[object]]) -> str:
    """The options of a call as one types them once more, each behind a blank."""
    given = ((option, value) for option, values in asked.items() for value in values if value is not None)
    return "".join(f" {option} {shlex.quote(str(value))}" for option, value in given)


def _ruling(rule: str, ruled_by: str | None, reason: str | None) -> Ruling:
    finding, separator, choice = rule.partition("=")
    if not separator or not finding.strip() or not choice.strip():
        raise InputError(f"--rule {rule} 写法不对，应写作 编号=裁定，例如 repeated_serial=不同项目。")
    today = engine_now().date()
    with as_given(finding="--rule", choice="--rule", ruled_by="--by"):
        return Ruling(finding=finding.strip(), choice=choice.strip(), ruled_by=ruled_by, reason=reason, ruled_on=today)


def _column(given: str) -> tuple[str, Role | None]:
    word, separator, meaning = given.partition("=")
    role = next((role for role in ROLES if role == meaning.strip()), None)
    if not separator or not word.strip() or (role is None and meaning.strip() != _NOT_READ):
        known = "、".join((*ROLES, _NOT_READ))
        raise InputError(f"--column {given} 写法不对，应写作 栏号或表头=含义，例如 3=title；含义是 {known} 之一。")
    return word.strip(), role


def _plan(
    notice: Path,
    year: int | None,
    issued: date | None,
    output: Path | None,
    given: Sequence[Ruling],
    layout: Given,
) -> tuple[Plan, Coverage | None, Sequence[str]]:
    if is_plan_file(notice):
        plan = read_plan(notice)
        if year is not None and year != plan.year:
            raise InputError(f"{notice.name}是{plan.year}年的计划，不能改作{year}年；请用通知重新编译。")
        if layout != Given():
            raise InputError(f"{notice.name}是计划，没有栏目可指定：请不写 --lead 和 --column，它们用在通知上。")
        return settled(plan.having(rulings=merged_rulings(plan.rulings, given, plan.findings))), None, ()
    earlier = read_plan(output) if output is not None and output.exists() else None
    kept = earlier.rulings if earlier is not None else ()
    document, calendar = read_notice(notice), known_calendar(only_settings("calendar").calendar)

    def compiled(rulings: Sequence[Ruling]) -> Compilation:
        return compilation(document, year=year, issued_on=issued, rulings=rulings, given=layout, calendar=calendar)

    found = compiled(kept)
    plan = found.plan
    if earlier is not None and earlier.issued_on == plan.issued_on and (edited := edited_by_hand(earlier, plan)):
        raise InputError(
            f"{output}里手工改过{len(edited)}个节点（如{edited[0]}），重新编译会丢掉这些改动；"
            "请改用 --rule 裁定，或用 -o 写到新文件。"
        )
    if given:
        found = compiled(merged_rulings(kept, given, plan.findings))
    # Where a column is told anew, the plan before differs by that.
    otherwise = otherwise_before(earlier, plan) if earlier is not None and layout == Given() else ()
    return found.plan, found.coverage, otherwise


def _tell(plan: Plan, notice: Path, target: Path | None, coverage: Coverage | None, asked: str, *, again: bool) -> None:
    console = out()
    milestones = [milestone for project in plan.projects for milestone in project.milestones]
    number = f"，{plan.document_number}" if plan.document_number else ""
    _say(console, f"《{plan.title}》{number}，", f"{plan.issued_on}印发")
    counts = (
        f"{len(plan.projects)}个项目，{len(milestones)}个节点",
        f"持续{sum(m.ongoing for m in milestones)}个",
        f"定期{sum(m.recurrence is not None for m in milestones)}个",
        f"有数量要求{sum(m.quota is not None for m in milestones)}个",
        f"印发前已到期{sum(m.born_late for m in milestones)}个",
    )
    _say(console, "，".join(counts) + "。")
    if over := _over(plan):
        named = "、".join(f"{m.milestone_id}（{m.due_on}）" for m in over)
        _say(console, f"印发前已到期的，启动后只请补报实际完成情况：{named}。")
    for finding in plan.findings:
        _tell_finding(plan, finding, console)
    if coverage is not None:
        _tell_coverage(coverage, console)
    if plan.unruled:
        _say(console, f"还有{len(plan.unruled)}处待裁定，裁定后才能启动：再运行一次，加上所选的 --rule 和 --by 姓名。")
        first = next((each for each in plan.unruled if each.choices), plan.unruled[0])
        into = f" -o {shlex.quote(str(target))}" if target not in (None, notice) else ""
        into += asked
        ruling = f"--rule '{first.key}={first.choices[0].key if first.choices else '…'}' "
        _say(console, "命令：", f"{typed('duban compile ')}{shlex.quote(str(notice))}{into} {ruling}", "--by 姓名")
        if any(":" in each.key for each in plan.unruled):
            _say(console, "裁定编号照抄即可：末尾的数字是这一处在该行原文里的位置，不是节点编号。")
    if target is not None:
        _say(err(), f"已重写 {target}，以前的裁定都保留。" if again else f"已写入 {target}")
        if not plan.unruled:
            plan_file = shlex.quote(str(target))
            _say(err(), f"下一步：duban rehearse {plan_file} 先演练一年；duban run {plan_file} 启动并打开督办台。")


def _over(plan: Plan) -> list[Milestone]:
    """What was over when the list was issued, in the order of the list."""
    return [milestone for project in plan.projects for milestone in project.milestones if milestone.born_late]


def _say(console: Console, *parts: str) -> None:
    """Print a line, each part of it told by itself."""
    console.print("".join(map(told, parts)))


def _tell_coverage(coverage: Coverage, console: Console) -> None:
    """The account of the notice: what was read, what was left, and why."""
    tallies: dict[str, Tally] = {name: getattr(coverage, name) for name in _COUNTED}
    read = [_COUNTED[name].format(tally.taken) for name, tally in tallies.items() if tally.total]
    _say(console, "读取情况：", "读了", f"{'，'.join(read)}。")
    left = [_COUNTED[name].format(tally.left) for name, tally in tallies.items() if tally.left]
    if left:
        _say(console, "没有读的：", "，".join(left), "：")
    for part in coverage.left:
        size = (f"{part.cells}格", "，") if part.cells else ()
        # Of paragraphs the first one's place and how many they are; else the name is the list's own.
        what = told(f"{part.place}起，共{part.name}") if part.kind == "paragraph" else f"{told(part.place)} {part.name}"
        shown = f"    [{told(_LEFT_KINDS[part.kind])}] {what}"
        _say(console, shown, "：", part.why, "（", *size, f"{part.characters}字", "）")
    if coverage.file_characters is not None:
        missing = (
            f"其中{coverage.file_missing}字没有读到" if coverage.file_missing else "都读到了（没有采用的列在上面）"
        )
        _say(console, f"文件另行清点有{coverage.file_characters}字，{missing}。")


def _tell_finding(plan: Plan, finding: Finding, console: Console) -> None:
    where = finding.milestone_id or finding.project_id or told("全文")
    colon = told("：")
    quoted = f"“{finding.source.text}”{colon}" if finding.source.text else ""
    console.print(f"[{told(_SEVERITIES[finding.severity])}] {where} {quoted}{told(finding.text)}")
    ruling = plan.ruling_on(finding)
    if ruling is not None:
        console.print(f"    {told('已裁定')}{colon}{ruling.choice}")
        return
    otherwise = TO_READ_OTHERWISE.get(finding.code)
    if otherwise and (finding.needs_ruling or finding.assumed):
        console.print(f"    {told('另行读取：')}{_of_column(told(otherwise), finding.source.text)}")
    if finding.assumed:
        console.print(f"    {told('暂按')}{colon}{told(finding.assumed)}")
    if finding.needs_ruling:
        for choice in finding.choices:
            typed = f"--rule '{finding.key}={choice.key}'（{told(choice.text)}）"
            console.print(f"    {told('裁定请照抄：')}{typed}")
        if not finding.choices:
            console.print(f"    {told('裁定写在等号后：')}--rule '{finding.key}=…'")


def _of_column(line: str, head: str) -> str:
    """A line to type with the head of the column that a finding is of in its place."""
    return re.sub(r"(?<= )(这一栏|THIS-COLUMN)(?==)", lambda _: shlex.quote(head), line)


@click.command("window")
@click.argument("text")
@click.option("--year", type=_YEAR, required=True, help="清单的年份")
@click.option("--issued", type=DAY, help="印发日期")
@click.option("--fiscal-start", type=click.IntRange(1, 12), help="财政年度从几月起（不写则按公历年度并提示）")
@json_option
def window(text: str, year: int, issued: date | None, fiscal_start: int | None) -> int:
    """看一个时间写法怎么读；文字写 - 时从标准输入逐行读取，--json 输出数组。"""
    lines = _lines_of_input() if text == "-" else [text]
    calendar = known_calendar(only_settings("calendar").calendar)
    readings = [
        read_window(line[:_LONGEST_LINE], year, issued, fiscal_start=fiscal_start, calendar=calendar) for line in lines
    ]
    if wants_json():
        answers = [reading.model_dump(mode="json") for reading in readings]
        answer = answers if text == "-" else answers[0]
        click.echo(json.dumps(answer, ensure_ascii=False))
        return 0
    console = out()
    for line, reading in zip(lines, readings, strict=True):
        console.print(_read_as(line, reading))
    return 0


def _lines_of_input() -> list[str]:
    data = sys.stdin.buffer.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise InputError("标准输入不是UTF-8或GB18030文本：请另存后再用。") from None
    lines = [line.rstrip("\r") for line in text.split("\n")]
    return lines[:-1] if lines and not lines[-1] else lines


def _read_as(line: str, reading: WindowReading) -> str:
    windows = told(spoken(reading.windows)) if reading.windows else ""
    counted = [told(f"共{w.recurrence.count}次") for w in reading.windows if w.recurrence]
    quotas = [w.quota.told for w in reading.windows if w.quota]
    kind = told(_KINDS[reading.kind])
    doubted = bool(reading.windows) and any(each.severity == "error" for each in reading.findings)
    if doubted:
        kind, windows = told("读不准"), f"{told('暂按')} {windows}"
    parts = [part for part in (windows, *counted, *quotas, *map(_remark, reading.findings)) if part]
    said = told("；").join(part for part in parts if part != kind).removeprefix(f"{kind}：")
    return f"{line}{told('：')}{kind}" + (f"{told('，')}{said}" if said else "")


def _remark(finding: Finding) -> str:
    return f"{told(_SEVERITIES[finding.severity])}{told('：')}{told(finding.text)}"
