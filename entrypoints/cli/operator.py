"""What the supervision section does to a project: review, return, strike off, urge, withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import click

from domain.actors import operator
from domain.commands import AcceptCompletion, ReturnForRework, StrikeOff, Urge, Withdraw
from entrypoints.cli.acting import act, as_given, milestone_named, project_named
from entrypoints.cli.session import data_option, json_option


def _ruling(function: Callable[..., Any]) -> Callable[..., Any]:
    options: list[Callable[[Callable[..., Any]], Callable[..., Any]]] = [
        click.option("--by", required=True, help="办理人姓名"),
        click.option("--request-id", help="请求编号：同一编号重复提交只算一次"),
        data_option,
        json_option,
        click.pass_context,
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _reason_of(argument: str | None, option: str | None) -> str:
    reason = (option or argument or "").strip()
    if not reason:
        raise click.UsageError("请写明理由：--reason “……”。")
    return reason


def _request(request_id: str | None) -> str:
    return request_id or str(uuid.uuid4())


@click.command()
@click.argument("project")
@click.argument("milestone")
@click.option("--note", help="审核意见")
@_ruling
def accept(
    context: click.Context,
    project: str,
    milestone: str,
    note: str | None,
    by: str,
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """审核通过，办结节点。"""
    with as_given():
        command = AcceptCompletion(
            request_id=_request(request_id),
            by=operator(by),
            milestone_id=milestone_named(project, milestone),
            note=note,
        )
    act(context, project_named(project), command, data=data, as_json=as_json)


@click.command("return")
@click.argument("project")
@click.argument("milestone")
@click.argument("text", required=False)
@click.option("--reason", help="退办理由")
@_ruling
def return_for_rework(
    context: click.Context,
    project: str,
    milestone: str,
    text: str | None,
    reason: str | None,
    by: str,
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """审核不通过，退回重新办理（须写明理由）。"""
    with as_given():
        command = ReturnForRework(
            request_id=_request(request_id),
            by=operator(by),
            milestone_id=milestone_named(project, milestone),
            reason=_reason_of(text, reason),
        )
    act(context, project_named(project), command, data=data, as_json=as_json)


@click.command("strike-off")
@click.argument("project")
@click.argument("milestone")
@_ruling
def strike_off(
    context: click.Context,
    project: str,
    milestone: str,
    by: str,
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """销号（须由审核人以外的人办理）。"""
    with as_given():
        command = StrikeOff(
            request_id=_request(request_id), by=operator(by), milestone_id=milestone_named(project, milestone)
        )
    act(context, project_named(project), command, data=data, as_json=as_json)


@click.command()
@click.argument("project")
@click.argument("milestone")
@click.argument("text", required=False)
@click.option("--reason", help="催办理由")
@_ruling
def urge(
    context: click.Context,
    project: str,
    milestone: str,
    text: str | None,
    reason: str | None,
    by: str,
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """人工催办（须写明理由）。"""
    with as_given():
        command = Urge(
            request_id=_request(request_id),
            by=operator(by),
            milestone_id=milestone_named(project, milestone),
            reason=_reason_of(text, reason),
        )
    act(context, project_named(project), command, data=data, as_json=as_json)


@click.command()
@click.argument("project")
@click.argument("milestone", required=False)
@click.option("--reason", help="撤销理由")
@_ruling
def withdraw(
    context: click.Context,
    project: str,
    milestone: str | None,
    reason: str | None,
    by: str,
    request_id: str | None,
    data: str | None,
    as_json: bool,
) -> None:
    """撤销一个节点，或（不写节点）撤销整个项目；记录保留。"""
    with as_given():
        command = Withdraw(
            request_id=_request(request_id),
            by=operator(by),
            milestone_id=milestone_named(project, milestone) if milestone else None,
            reason=_reason_of(None, reason),
        )
    act(context, project_named(project), command, data=data, as_json=as_json)
