"""Suspension, silence and deputies: each with an owner, a reason and an end."""

from __future__ import annotations

from datetime import date

import click

from domain.actors import Actor
from domain.acts.commands import AppointDeputy, DismissDeputy, EndSilence, Resume, SilenceNotices, Suspend
from entrypoints.cli.acting import CommonFields, actor_given, asking, department_actor, plainly
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import DAY

reason_option = click.option("--reason", required=True, help="理由")


@plainly(Suspend)
@click.option("--until", type=DAY, help="中止的最后一天（不写则由 duban resume 恢复）")
@reason_option
def suspend() -> None:
    """中止一个节点，或（不写节点）整个项目：停止计时，不催办，不计逾期。"""


@plainly(Resume)
@reason_option
def resume() -> None:
    """恢复中止的节点或项目；时限按中止的工作日顺延。"""


@plainly(SilenceNotices)
@click.option("--until", type=DAY, required=True, help="停发的最后一天")
@reason_option
def silence() -> None:
    """停发一个节点，或（不写节点）整个项目的通知；照常计逾期。"""


@plainly(EndSilence)
@reason_option
def unsilence() -> None:
    """提前恢复发送通知。"""


@click.group(cls=WordedGroup)
def deputy() -> None:
    """代办：由被代办的一方指定或终止，代办人用 --on-behalf-of 办理。"""


_DEPUTY = "代办人：部门（办公室 或 办公室:王五），或督查人员（督查:王五）"


def _on_whose_account(asked: CommonFields) -> Actor:
    # A department's deputy acts for the department, whoever of it made the appointment.
    by = asked.by
    return by if by.department is None else department_actor(by.department)


@asking(AppointDeputy, of=deputy.command)
@click.option("--deputy", "named", required=True, help=_DEPUTY)
@click.option("--from", "from_on", type=DAY, required=True, help="代办的第一天")
@click.option("--until", "until_on", type=DAY, required=True, help="代办的最后一天")
@reason_option
def appoint(asked: CommonFields, named: str, from_on: date, until_on: date, reason: str) -> AppointDeputy:
    """指定代办人，在一段期限内代本部门（或本人）办理该项目的事项。"""
    return AppointDeputy(
        **asked.of_a_project,
        principal=_on_whose_account(asked),
        deputy=actor_given(department_actor, named, "--deputy"),
        from_on=from_on,
        until_on=until_on,
        reason=reason,
    )


@asking(DismissDeputy, of=deputy.command)
@click.option("--deputy", "named", required=True, help=_DEPUTY)
@reason_option
def dismiss(asked: CommonFields, named: str, reason: str) -> DismissDeputy:
    """终止代办。"""
    return DismissDeputy(
        **asked.of_a_project,
        principal=_on_whose_account(asked),
        deputy=actor_given(department_actor, named, "--deputy"),
        reason=reason,
    )
