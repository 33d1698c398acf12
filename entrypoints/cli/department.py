"""What a department does: report progress and ask for completion."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from domain.actors import Actor, department
from domain.commands import ReportProgress, RequestCompletion
from entrypoints.cli.acting import act, as_given, milestone_named, project_named
from entrypoints.cli.session import DAY, data_option, json_option

_PARTS = 2


def department_actor(by: str) -> Actor:
    """The actor that `--by` names: `组织部`, or `组织部:张三` for a person of it."""
    parts = by.replace("：", ":").split(":", 1)
    person = parts[1].strip() if len(parts) == _PARTS else None
    return department(parts[0].strip(), person or None)


def _reporting(function: Callable[..., Any]) -> Callable[..., Any]:
    options: list[Callable[[Callable[..., Any]], Callable[..., Any]]] = [
        click.argument("project"),
        click.argument("milestone"),
        click.argument("text", required=False),
        click.option("--by", required=True, help="办理部门，如 组织部 或 组织部:张三"),
        click.option("--done-on", type=DAY, help="实际完成日期（默认今天；补报必填）"),
        click.option("--quantity", type=click.IntRange(min=0), help="累计完成数（有目标数的节点）"),
        click.option("--evidence", multiple=True, help="佐证材料（可重复）"),
        click.option("--request-id", help="请求编号：同一编号重复提交只算一次"),
        data_option,
        json_option,
        click.pass_context,
    ]
    for option in reversed(options):
        function = option(function)
    return function


@click.command()
@_reporting
def report(
    context: click.Context,
    project: str,
    milestone: str,
    text: str | None,
    by: str,
    done_on: date | None,
    quantity: int | None,
    evidence: tuple[str, ...],
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """反馈进展：duban report 2018-05a 3 "已完成初稿" --by 组织部."""
    with as_given():
        command = ReportProgress(
            request_id=request_id or str(uuid.uuid4()),
            by=department_actor(by),
            milestone_id=milestone_named(project, milestone),
            text=text or "（未附说明）",
            done_on=done_on,
            quantity=quantity,
            evidence=evidence,
        )
    act(context, project_named(project), command, data=data, as_json=as_json)


@click.command()
@_reporting
def complete(
    context: click.Context,
    project: str,
    milestone: str,
    text: str | None,
    by: str,
    done_on: date | None,
    quantity: int | None,
    evidence: tuple[str, ...],
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """申请办结：duban complete 2018-05a 3 --by 组织部 --done-on 2018-04-20 --evidence 会议纪要."""
    with as_given():
        command = RequestCompletion(
            request_id=request_id or str(uuid.uuid4()),
            by=department_actor(by),
            milestone_id=milestone_named(project, milestone),
            text=text or "申请办结",
            done_on=done_on,
            quantity=quantity,
            evidence=evidence,
        )
    act(context, project_named(project), command, data=data, as_json=as_json)
