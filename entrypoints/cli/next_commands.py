"""What to type after a refusal: the core says in words what is to be done, and only the shell knows its commands.

By the rule that refuses, from the table that the desk has its links from (`entrypoints/next_steps.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.errors import DubanError
from entrypoints.cli.in_locale import told
from entrypoints.next_steps import NEXT_STEPS

BEFORE: Final = "命令："
"""What stands before the line to type."""
BY_HAND: Final[Mapping[str, str]] = {
    "resumption": "duban resume 项目 节点 --reason 理由 --by 姓名",
    "planned_inspection": "duban inspect 项目 节点 --reason 理由 --by 姓名",
    "limit_reminder": "",
    "limit_passed": "",
    "limit_order": "",
}
"""The line to type by the kind of what time brought and nobody could work out; an urge for all others."""
_URGE = "duban urge 项目 节点 --reason 理由 --by 姓名"


def next_command(rule: str) -> str | None:
    """What to type after a refusal by this rule, as one line; none where its sentence is enough."""
    step = NEXT_STEPS.get(rule)
    return f"{told(BEFORE)}{told(step.command)}" if step is not None and step.command else None


def told_with_command(error: DubanError) -> str:
    """A refusal with the line to type under it, where there is one."""
    return "\n".join(filter(None, (told(error.text), next_command(error.rule))))


def by_hand(kind: str) -> str:
    """What to type for what waits for a person, in brackets after its sentence; nothing where only others can act."""
    command = BY_HAND.get(kind, _URGE)
    return f"（{BEFORE}{command}）" if command else ""
