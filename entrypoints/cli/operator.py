"""What the supervision section does to a project: review, return, strike off, urge, withdraw."""

from __future__ import annotations

import click

from domain.actors import operator
from domain.commands import AcceptCompletion, ReturnForRework, StrikeOff, Urge, Withdraw
from entrypoints.cli.acting import Asked, asking

_BY = "办理人姓名"


def _reason_of(argument: str | None, option: str | None) -> str:
    reason = (option or argument or "").strip()
    if not reason:
        raise click.UsageError("请写明理由：--reason “……”。")
    return reason


@click.command()
@asking(operator, _BY)
@click.option("--note", help="审核意见")
def accept(asked: Asked, note: str | None) -> AcceptCompletion:
    """审核通过，办结节点。"""
    return AcceptCompletion(**asked.fields, note=note)


@click.command("return")
@asking(operator, _BY)
@click.argument("text", required=False)
@click.option("--reason", help="退办理由")
def return_for_rework(asked: Asked, text: str | None, reason: str | None) -> ReturnForRework:
    """审核不通过，退回重新办理（须写明理由）。"""
    return ReturnForRework(**asked.fields, reason=_reason_of(text, reason))


@click.command("strike-off")
@asking(operator, _BY)
def strike_off(asked: Asked) -> StrikeOff:
    """销号（须由审核人以外的人办理）。"""
    return StrikeOff(**asked.fields)


@click.command()
@asking(operator, _BY)
@click.argument("text", required=False)
@click.option("--reason", help="催办理由")
def urge(asked: Asked, text: str | None, reason: str | None) -> Urge:
    """人工催办（须写明理由）。"""
    return Urge(**asked.fields, reason=_reason_of(text, reason))


@click.command()
@asking(operator, _BY, whole_project=True)
@click.option("--reason", help="撤销理由")
def withdraw(asked: Asked, reason: str | None) -> Withdraw:
    """撤销一个节点，或（不写节点）撤销整个项目；记录保留。"""
    return Withdraw(**asked.fields, reason=_reason_of(None, reason))
