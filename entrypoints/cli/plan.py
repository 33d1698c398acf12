"""`duban plan`: what a start would do against what is running, as a diff that a person can read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from rich.console import Console

from application.office.planning import ACTION_WORDS, Step, as_document, basis_of, planned, summary_of
from application.office.unmatched_rules import unmatched_at_start
from application.settings import Settings
from domain.errors import EngineUnreachableError
from domain.project import ProjectList
from entrypoints.bootstrap import open_office, policy_of
from entrypoints.bootstrap.plan_files import load_plan
from entrypoints.cli.session import out, replied, run_async, usual_options
from entrypoints.cli.startable import kept_rules_told, must_be_startable, tell_besides


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False))
@usual_options
def plan(settings: Settings, plan: str) -> int:
    """对照正在督办的项目，列出启动这份计划会新增、变更、撤销什么；只看不改。"""
    listed = load_plan(Path(plan))
    must_be_startable(listed, settings)
    policy = policy_of(settings)

    async def compare() -> tuple[list[Step], list[str]]:
        async with open_office(settings) as office:
            ledger = office.records.ledger
            steps = await planned(office.engine, ledger, listed)
            looks = (unmatched_at_start, kept_rules_told)
            return steps, [await asyncio.to_thread(look, policy, listed, ledger) for look in looks]

    steps, besides = run_async(compare())
    for sentence in besides:
        tell_besides(sentence)
    problems = [step.problem for step in steps if step.problem is not None]
    if away := next((problem for problem in problems if isinstance(problem, EngineUnreachableError)), None):
        raise away
    if not replied(as_document(listed, steps)):
        _tell(listed, steps)
    return 1 if problems else 0


def _tell(listed: ProjectList, steps: list[Step]) -> None:
    console = out()
    by_action: dict[str, list[Step]] = {}
    for step in steps:
        by_action.setdefault(step.action, []).append(step)
    for step in by_action.get("added", []):
        assert step.wanted is not None
        lead, count = step.wanted.lead_department, len(step.wanted.milestones)
        console.print(f"+ 新增 {step.project_id} {step.title}（{lead}牵头，{count}个节点）")
        _tell_more(console, step)
    for step in by_action.get("amended", []):
        console.print(f"~ 变更 {step.project_id} {step.title}")
        _tell_more(console, step)
    for step in by_action.get("withdrawn", []):
        if step.renumbered is None:
            console.print(f"- 撤销 {step.project_id} {step.title}（{basis_of(listed)}，清单中已无此项）")
        else:
            console.print(f"- 撤销 {step.project_id} {step.title}（{basis_of(listed)}）")
        _tell_more(console, step)
    for step in by_action.get("closed", []):
        note = "，清单中的变更不再办理" if step.found else ""
        console.print(f"  已结束 {step.project_id} {step.title}{note}")
        _tell_more(console, step)
    for step in by_action.get("unchanged", []):
        if summary_of(step):
            console.print(f"  不变 {step.project_id} {step.title}")
            _tell_more(console, step)
    for step in by_action.get("failed", []):
        assert step.problem is not None
        console.print(f"! 无法对照 {step.project_id} {step.title}：{step.problem.text}")
    told = {action: word for action, word in ACTION_WORDS.items() if action != "failed" or action in by_action}
    console.print("，".join(f"{word}{len(by_action.get(action, []))}项" for action, word in told.items()) + "。")
    if set(by_action) <= {"unchanged", "closed"}:
        console.print("启动这份计划不会有任何变化。")


def _tell_more(console: Console, step: Step) -> None:
    for line in summary_of(step):
        console.print(f"    {line}")
