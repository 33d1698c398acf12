"""What to type after a refusal: the core says in words what is to be done, and only the shell knows its commands.

By the rule that refuses, from the table that the desk has its links from (`entrypoints/next_steps.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from domain.errors import DubanError
from entrypoints.cli.in_locale import told
from entrypoints.cli.own_folder import typed
from entrypoints.next_steps import NEXT_STEPS

BEFORE: Final = "命令："
"""What stands before the line to type."""
LOOK: Final = "查看："
"""What stands before a line that shows something, and does nothing."""
_SHOWS: Final = re.compile(r"duban (status|audit history|directory show|account list|account sessions|score table)\b")
_PLACES: Final = {"project": ("项目", "PROJECT"), "milestone": ("节点", "MILESTONE")}
BY_HAND: Final[Mapping[str, str]] = {
    "resumption": "duban resume 项目 节点 --reason 理由 --by 姓名",
    "planned_inspection": "duban inspect 项目 节点 --reason 理由 --by 姓名",
    "capped_inspection": "duban inspect 项目 节点 --reason 理由 --by 姓名",
    "limit_reminder": "",
    "limit_passed": "",
    "limit_order": "",
}
"""The line to type by the kind of what time brought and nobody could work out; an urge for all others."""
_URGE = "duban urge 项目 节点 --reason 理由 --by 姓名"


def next_command(rule: str, ids: Mapping[str, object] | None = None) -> str | None:
    """What to type after a refusal by this rule, as one line, with the project and milestone that it is about in their
    places; none where its sentence is enough."""
    step = NEXT_STEPS.get(rule)
    if step is None or not step.command:
        return None
    line = typed(told(step.command))
    for place, value in _about(ids or {}).items():
        for word in _PLACES[place]:
            line = re.sub(rf"(?<= ){word}(?= |$)", value, line)
    return f"{told(LOOK if _SHOWS.match(step.command) else BEFORE)}{line}"


def _about(ids: Mapping[str, object]) -> dict[str, str]:
    """The project and the milestone's number, as one types them, that a refusal is about."""
    from domain.ids import is_milestone, project_of  # noqa: PLC0415 - only what is refused waits for it

    project, given = (str(ids.get(name) or "") for name in ("project_id", "milestone_id"))
    if is_milestone(given):
        # A milestone that a project does not have may have the name of one that no project has.
        return {"project": project or project_of(given), "milestone": str(int(given.rpartition("-")[2]))}
    return {"project": project} if project else {}


def told_with_command(error: DubanError) -> str:
    """A refusal with the line to type under it, where there is one."""
    return "\n".join(filter(None, (told(error.text), next_command(error.rule, error.ids))))


def by_hand(kind: str) -> str:
    """What to type for what waits for a person, in brackets after its sentence; nothing where only others can act."""
    command = BY_HAND.get(kind, _URGE)
    return f"（{BEFORE}{typed(told(command))}）" if command else ""
