"""What to type after a refusal: the core says in words what is to be done, and only the shell knows its commands.

By the rule that refuses. A screen of another kind has no use for these: its reader finds the act on its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.errors import DubanError

BEFORE: Final = "命令："
"""What stands before the line to type."""
_CONFIRMED = "再加 --confirmed-by 姓名"
_DESPITE = "再加 --despite-period 理由"
COMMANDS: Final[Mapping[str, str]] = {
    "actors_are_persons": "duban directory show（名册）",
    "account_of_a_person": "duban directory person account 人员 账号 --by 管理员",
    "amendment_by_hand": "duban amend 项目 节点 --starts-on 日期 --due-on 日期 --basis 依据 --by 姓名",
    "appointed_deputy": "duban deputy appoint 项目 --deputy 代办人 --from 日期 --until 日期 --reason 理由 --by 部门",
    "before_due_date": "duban grace 项目 节点 --to 日期 --reason 理由 --by 姓名",
    "burden_cap": "再加 --despite-cap 理由",
    "deputy_to_dismiss": "duban status 项目",
    "erased_after_leaving": "duban directory person close 人员 --by 管理员",
    "erased_by_two": _CONFIRMED,
    "evidence_is_kept": "再加 --evidence 文件",
    "known_point": "duban score table 考核期 --department 部门",
    "known_project": "duban status",
    "known_record": "duban audit history 项目",
    "known_session": "duban account sessions",
    "lead_declines_whole": "duban dispute 项目 节点 说明 --against 部门 --by 部门",
    "lead_has_a_successor": "再加 --to 部门",
    "one_key": "duban account sessions",
    "one_suspension": "duban resume 项目 节点 --reason 理由 --by 姓名",
    "one_year": "再加 --year 年份",
    "open_account": "duban account list",
    "part_has_a_date": "再加 --due 日期",
    "period_is_over": "duban score table 考核期",
    "plausible_calendar": _DESPITE,
    "plausible_start": "duban plan 计划文件（看变化）；确要启动再加 --yes；另有 --as-of 日期、--data 目录",
    "plausible_year_end": f"{_DESPITE} --confirmed-by 姓名",
    "reopen_in_time": f"{_DESPITE} --confirmed-by 姓名",
    "report_says_something": "duban report 项目 节点 “已完成初稿，正在征求意见” --by 部门",
    "ruling_has_points": "再加 --points 分数",
    "score_is_published": "duban score publish 考核期 --reason 依据 --by 姓名",
    "second_person": _CONFIRMED,
    "second_person_for_list": "再加 --by 姓名 --confirmed-by 另一人",
    "second_person_to_reopen": _CONFIRMED,
    "second_person_to_withdraw": _CONFIRMED,
    "strike_off_before_closing": "duban strike-off 项目 节点 --by 姓名",
    "supervision_goes_on": "duban withdraw 项目 --reason 理由 --by 姓名，或 duban suspend 项目 --reason 理由 --by 姓名",
    "true_date": "再加 --done-on 日期",
    "unused_link": "duban account link 账号 --by 管理员；第一次建立的，重新运行 duban run",
}
"""The line to type, or what to add to the line that was typed, by the rule that refused it."""
BY_HAND: Final[Mapping[str, str]] = {
    "resumption": "duban resume 项目 节点 --reason 理由 --by 姓名",
    "planned_inspection": "duban inspect 项目 节点 --reason 理由 --by 姓名",
    "limit_reminder": "",
    "limit_passed": "",
    "limit_order": "",
}
"""The same, by the kind of what time brought and nobody could work out; an urge for all others."""
_URGE = "duban urge 项目 节点 --reason 理由 --by 姓名"


def next_command(rule: str) -> str | None:
    """What to type after a refusal by this rule, as one line; none where its sentence is enough."""
    command = COMMANDS.get(rule)
    return None if command is None else f"{BEFORE}{command}"


def told_with_command(error: DubanError) -> str:
    """A refusal with the line to type under it, where there is one."""
    return "\n".join(filter(None, (error.text, next_command(error.rule))))


def by_hand(kind: str) -> str:
    """What to type for what waits for a person, in brackets after its sentence; nothing where only others can act."""
    command = BY_HAND.get(kind, _URGE)
    return f"（{BEFORE}{command}）" if command else ""
