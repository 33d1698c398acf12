"""What comes next after a finding of an audit: who does what, where its own sentence does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Check = Literal[
    "dense",
    "replay",
    "due",
    "sub_duties",
    "papers",
    "refusals",
    "acceptances",
    "receipts",
    "files",
    "histories",
    "evidence",
    "engine",
    "register",
    "deliveries",
]
NEXT_STEPS: Final[Mapping[Check, str]] = {
    "dense": (
        "请管理员先另存数据目录，从备份恢复（duban restore），再对账一次（duban audit reconcile）；"
        "然后请审计人员用留存的校验值核对（duban audit verify）"
    ),
    "replay": "请管理员运行 duban audit verify：台账被改动的，从备份恢复；"
    "没有而恢复过引擎数据库的，运行 duban engine repair --all；都不是的，请维护人员查明程序",
    "papers": (
        "请管理员先另存数据目录，从备份恢复（duban restore），再对账一次（duban audit reconcile）；"
        "已发出的文书以各部门手中的为准"
    ),
    "receipts": (
        "请管理员先另存数据目录，从备份恢复（duban restore），再对账一次（duban audit reconcile）；"
        "已发出的文书以各部门手中的为准"
    ),
    "refusals": "请管理员先另存数据目录，从备份恢复（duban restore），再对账一次（duban audit reconcile）",
    "acceptances": "请管理员先另存数据目录，从备份恢复（duban restore），再对账一次（duban audit reconcile）",
    "files": "请管理员从备份取回原件；部门手中的文书不变",
    "evidence": "请管理员从备份取回原件，或向提交的部门索取后用 duban evidence add 补存",
    "deliveries": "请管理员查明这条记录的来历，并请督查室问收件人收到没有；没有的，另行送达",
}
"""Who does what about a finding that does not say it itself; those of the other checks say it."""
_BY_ANOTHER_PROGRAM: Final = (
    "台账记有摘要的文书一份不少，也没有改动，多是换过程序：请督查室看这条记录，有关部门还不知道的另行告知，"
    "不必恢复备份；没有换过程序的，请维护人员查明"
)
_ELSE: Final = "请管理员运行 duban doctor，按所写的办理"
_ASKS: Final = "请"


def with_next_step(check: Check, text: str) -> str:
    """A finding's sentence, and who does what about it."""
    return text if _ASKS in text else f"{text.removesuffix('。')}。{NEXT_STEPS.get(check, _ELSE)}"


def by_another_program(text: str) -> str:
    """What does not fit a paper that stands as it was issued: no backup has it otherwise."""
    return f"{text}。{_BY_ANOTHER_PROGRAM}"
