"""What a department does: report progress and ask for completion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from domain.actors import Actor, department
from domain.commands import AnyCommand, ReportProgress, RequestCompletion
from entrypoints.cli.acting import Asked, asking
from entrypoints.cli.session import DAY
from entrypoints.cli.showing import evidence_option

_PARTS = 2


def department_actor(by: str) -> Actor:
    """The actor that `--by` names: `组织部`, or `组织部:张三` for a person of it."""
    parts = by.replace("：", ":").split(":", 1)
    person = parts[1].strip() if len(parts) == _PARTS else None
    return department(parts[0].strip(), person or None)


def _reporting(function: Callable[..., AnyCommand]) -> Callable[..., Any]:
    @asking(department_actor, "办理部门，如 组织部 或 组织部:张三")
    @click.argument("text", required=False)
    @click.option("--done-on", type=DAY, help="实际完成日期（默认今天；补报必填）")
    @click.option("--quantity", type=click.IntRange(min=0), help="累计完成数（有目标数的节点）")
    @evidence_option
    def reporting(asked: Asked, **facts: Any) -> AnyCommand:
        return function(asked, **facts)

    reporting.__doc__ = function.__doc__
    return reporting


@click.command("report")
@_reporting
def report(asked: Asked, text: str | None, **facts: Any) -> ReportProgress:
    """反馈进展：duban report 2018-05a 3 "已完成初稿" --by 组织部."""
    return ReportProgress(**asked.fields, text=text or "（未附说明）", **facts)


@click.command("complete")
@_reporting
def complete(asked: Asked, text: str | None, **facts: Any) -> RequestCompletion:
    """申请办结：duban complete 2018-05a 3 --by 组织部 --done-on 2018-04-20 --evidence 会议纪要.pdf."""
    return RequestCompletion(**asked.fields, text=text or "申请办结", **facts)
