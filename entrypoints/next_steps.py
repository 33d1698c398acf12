"""What one does after a refusal, by its rule: the line to type in the shell, the page to open, the call of a program.

The core says in words what is to be done (docs/adr/0169); each screen adds its own way there. A page is left out for
whoever may not open it, and where a value of its address is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

_AMEND: Final = "duban amend 项目 节点 --starts-on 日期 --due-on 日期 --basis 依据 --by 姓名"
_CONFIRMED: Final = "再加 --confirmed-by 姓名"
_DESPITE: Final = "再加 --despite-period 理由"
_BY_A_COLUMN: Final = "再加 --column 栏号="


class Opened(NamedTuple):
    """A page of the desk: the word on its link, and its address with places for values."""

    words: str
    page: str


class NextStep(NamedTuple):
    """The line to type, the pages that may be opened (for each reader the first of them that he may open), and the call
    of a program: its method and its path below the root."""

    command: str = ""
    pages: tuple[Opened, ...] = ()
    call: str = ""


_DUTY: Final = (
    Opened("打开这个节点", "/projects/{project_id}/milestones/{milestone_id}"),
    Opened("打开这项任务", "/duties/{milestone_id}"),
)
_PROJECT: Final = (Opened("打开这个项目", "/projects/{project_id}"), Opened("打开全部任务", "/mine"))
_REGISTER: Final = (Opened("打开登记簿", "/register"), Opened("打开全部任务", "/mine"))
_WAITING: Final = (Opened("打开待裁定", "/waiting"), *_DUTY)
_DIRECTORY: Final = (Opened("打开人员和账号", "/directory"),)
_DEPUTIES: Final = (Opened("打开代办", "/deputies"), *_PROJECT)
_LOGINS: Final = (Opened("打开登录和令牌", "/logins"),)
_KEYS: Final = (Opened("打开我的密钥", "/keys"),)
_PLANS: Final = (Opened("打开清单", "/plans"),)
_SCORES: Final = (Opened("打开考核得分", "/scores"), Opened("打开本部门得分", "/own-score"))
_YEAR_END: Final = (Opened("打开年终办理", "/year-end"),)
_WHOLE_LISTS: Final = (Opened("打开整份清单的办理", "/whole-lists"),)


def _act(act: str, words: str) -> Opened:
    return Opened(words, f"/projects/{{project_id}}/acts/{act}?milestone={{milestone_id}}")


_STRIKE_OFF: Final = _act("strike-off", "办理销号")
_RESUME: Final = _act("resume", "办理恢复")

NEXT_STEPS: Final[Mapping[str, NextStep]] = {
    "account_has_the_right": NextStep(pages=_DIRECTORY),
    "account_of_a_person": NextStep("duban directory person account 人员 账号 --by 管理员", _DIRECTORY),
    "actors_are_persons": NextStep("duban directory show（名册）", _DIRECTORY),
    "amendment_by_hand": NextStep(_AMEND, _DUTY),
    "appeal_after_publication": NextStep("duban score table 考核期", _SCORES),
    "appointed_deputy": NextStep(
        "duban deputy appoint 项目 --deputy 代办人 --from 日期 --until 日期 --reason 理由 --by 被代办人", _DEPUTIES
    ),
    "before_due_date": NextStep(
        "duban grace 项目 节点 --to 日期 --reason 理由 --by 姓名", (_act("grant-grace", "办理宽限"), *_DUTY)
    ),
    "bulletin_once": NextStep("duban status 项目", _PROJECT),
    "burden_cap": NextStep("再加 --despite-cap 理由"),
    "completed_before_strike_off": NextStep(pages=(_act("accept-completion", "审核办结"), *_DUTY)),
    "completion_requested_first": NextStep(pages=_DUTY),
    "date_to_move": NextStep(_AMEND, _DUTY),
    "declined_first": NextStep(pages=_WAITING),
    "department_had_the_duty": NextStep("duban status 项目", _PROJECT),
    "department_is_there": NextStep("duban reassign 项目 --to 部门 --reason 理由 --by 姓名", _DIRECTORY),
    "departments_are_known": NextStep("duban directory show（名册）", _DIRECTORY),
    "deputy_is_another": NextStep(pages=_DEPUTIES),
    "deputy_of_same_side": NextStep(pages=_DEPUTIES),
    "deputy_to_dismiss": NextStep("duban status 项目", _DEPUTIES),
    "directive_first": NextStep("duban status 项目", _DUTY + _PROJECT),
    "directory_has_an_administrator": NextStep(pages=_DIRECTORY),
    "dispute_first": NextStep(pages=_WAITING),
    "draft_plan": NextStep(pages=_PLANS, call="GET /plans"),
    "due_after_assignment": NextStep(pages=(_act("grant-grace", "办理宽限"), *_DUTY)),
    "ended_to_reopen": NextStep(pages=(*_WHOLE_LISTS, *_PROJECT)),
    "erased_after_leaving": NextStep("duban directory person close 人员 --by 管理员", _DIRECTORY),
    "erased_by_two": NextStep(_CONFIRMED, (Opened("打开删除姓名和佐证", "/directory/erasures"),)),
    "events_fit_a_file": NextStep(pages=(Opened("打开事件，先筛选", "/events"),)),
    "evidence_is_kept": NextStep("再加 --evidence 文件", call="PUT /evidence/{sha256}"),
    "extension_step": NextStep(pages=_WAITING),
    "extensions_at_most": NextStep(pages=_DUTY),
    "findings_are_ruled_on": NextStep(
        "duban compile 计划文件 --rule 编号=裁定 --by 姓名", _PLANS, "POST /plans/{key}/rulings"
    ),
    "former_name_is_free": NextStep(
        "duban reassign 项目 --to 部门 --reason 理由 --by 姓名；由另一部门接办的，再加 --takes-over", _DIRECTORY
    ),
    "grace_after_due_date": NextStep(pages=_DUTY),
    "inspection_step": NextStep("duban status 项目", _DUTY),
    "known_milestone": NextStep("duban status 项目", _PROJECT),
    "known_point": NextStep("duban score table 考核期 --department 部门", _SCORES),
    "known_project": NextStep("duban status", _REGISTER, "GET /projects"),
    "known_record": NextStep("duban audit history 项目", (Opened("打开事件", "/events"),)),
    "known_session": NextStep("duban account sessions", _LOGINS),
    "known_to_the_directory": NextStep(pages=_DIRECTORY),
    "last_word_seen": NextStep("duban status 项目", _DUTY + _PROJECT),
    "lead_declines_whole": NextStep(
        "duban dispute 项目 节点 说明 --against 部门 --by 部门",
        (Opened("提出争议", "/duties/{milestone_id}/raise-dispute"),),
    ),
    "lead_has_a_successor": NextStep("再加 --to 部门"),
    "list_has_a_year": NextStep("再加 --year 年份", call="PUT /plan-files/{sha256}"),
    "notice_has_a_list": NextStep(f"{_BY_A_COLUMN}title", _PLANS, "PUT /plan-files/{sha256}"),
    "one_calendar": NextStep("去掉 --as-of 和 --speed，或另写 --data 目录", _PLANS),
    "one_completion_request": NextStep(pages=_WAITING),
    "one_decline": NextStep(pages=(Opened("打开待裁定", "/waiting"), *_PROJECT)),
    "one_directive": NextStep("再加 --number 编号（各件的内容见 duban audit history 项目）", _DUTY + _PROJECT),
    "one_dispute": NextStep(pages=_WAITING),
    "one_extension_request": NextStep(pages=_WAITING),
    "one_inspection": NextStep(pages=_DUTY),
    "one_key": NextStep("duban account sessions", _KEYS),
    "one_receipt": NextStep(pages=_DUTY + _PROJECT),
    "one_suspension": NextStep("duban resume 项目 节点 --reason 理由 --by 姓名", (_RESUME, *_DUTY)),
    "one_verification": NextStep(pages=(Opened("打开核验", "/verification"),)),
    "one_year": NextStep("再加 --year 年份"),
    "one_year_at_a_time": NextStep("再加 --year 年份", call="PUT /plan-files/{sha256}"),
    "open_account": NextStep("duban account open 人员 账号 --by 姓名", _DIRECTORY),
    "open_milestone": NextStep(pages=_DUTY),
    "open_part": NextStep(pages=_DUTY),
    "open_project": NextStep(pages=_PROJECT),
    "own_deputy": NextStep(pages=_DEPUTIES),
    "own_duty": NextStep("duban status 项目", _PROJECT),
    "own_key": NextStep(pages=_KEYS),
    "own_key_has_signed": NextStep(pages=_KEYS),
    "own_key_signs_what_weighs": NextStep(pages=_KEYS),
    "own_milestone": NextStep(pages=_PROJECT),
    "part_has_a_date": NextStep("再加 --due 日期"),
    "participating_department": NextStep("duban status 项目", _PROJECT),
    "somebody_takes_part": NextStep("duban status 项目", _PROJECT),
    "period_is_over": NextStep("duban score table 考核期", _SCORES),
    "plausible_calendar": NextStep(_DESPITE),
    "plausible_start": NextStep(
        "duban plan 计划文件（看变化）；确要启动再加 --yes；另有 --as-of 日期、--data 目录",
        _PLANS,
    ),
    "plausible_year_end": NextStep(f"{_DESPITE} --confirmed-by 姓名", _YEAR_END),
    "quantity_never_falls": NextStep(
        "duban report 项目 节点 说明 --quantity 正确的累计数 --corrects --by 部门",
        (Opened("反馈进展", "/duties/{milestone_id}/report-progress"),),
    ),
    "readable_ruling": NextStep("duban compile 计划文件（列出编号）", call="GET /plans/{key}"),
    "reopen_in_time": NextStep(f"{_DESPITE} --confirmed-by 姓名", _WHOLE_LISTS),
    "reported_afterwards": NextStep("duban complete 项目 节点 --done-on 日期 --by 部门", _DUTY),
    "report_says_something": NextStep('duban report 项目 节点 "已完成初稿，正在征求意见" --by 部门'),
    "ruling_has_points": NextStep("再加 --points 分数"),
    "saved_views": NextStep(pages=_REGISTER),
    "score_is_published": NextStep("duban score publish 考核期 --reason 依据 --by 姓名", _SCORES),
    "second_person": NextStep(_CONFIRMED, _YEAR_END),
    "second_person_for_list": NextStep("再加 --by 姓名 --confirmed-by 另一人", _PLANS, "POST /plans/{key}/prepare"),
    "second_person_to_reopen": NextStep(_CONFIRMED, _WHOLE_LISTS),
    "second_person_to_withdraw": NextStep(_CONFIRMED, _WHOLE_LISTS),
    "silenced_first": NextStep(pages=_PROJECT),
    "sound_directory": NextStep(pages=_DIRECTORY),
    "strike_off_before_closing": NextStep("duban strike-off 项目 节点 --by 姓名", (_STRIKE_OFF, *_DUTY)),
    "supervision_goes_on": NextStep(
        "duban withdraw 项目 --reason 理由 --by 姓名，或 duban suspend 项目 --reason 理由 --by 姓名", _PROJECT
    ),
    "suspended_first": NextStep(pages=_PROJECT),
    "true_date": NextStep("再加 --done-on 日期"),
    "two_persons": NextStep(pages=_WAITING),
    "two_persons_extension": NextStep(pages=_WAITING),
    "units_are_known": NextStep("再加 --new-units", _DUTY),
    "unused_link": NextStep("duban account link 账号 --by 管理员；第一次建立的，重新运行 duban run", _DIRECTORY),
}
"""What comes next, by the rule that refused."""

TO_READ_OTHERWISE: Final[Mapping[str, str]] = {
    "column_unread": "再加 --column 这一栏=due",
    "due_column_assumed": f"{_BY_A_COLUMN}due",
    "issue_date_supposed": "再加 --issued 日期",
    "lead_assumed": "再加 --lead 部门",
    "lead_by_heading": "再加 --lead 部门",
    "lead_column_assumed": f"{_BY_A_COLUMN}lead",
    "lead_is_a_person": "再加 --column 这一栏=leader --lead 单位",
    "no_heads": f"{_BY_A_COLUMN}含义",
    "no_issue_date": "再加 --issued 日期",
    "no_schedule_column": f"{_BY_A_COLUMN}schedule",
    "participants_column_assumed": f"{_BY_A_COLUMN}participants",
    "start_column_assumed": f"{_BY_A_COLUMN}start",
    "table_unread": f"{_BY_A_COLUMN}含义",
    "title_assumed": f"{_BY_A_COLUMN}title",
    "year_by_dates": "再加 --year 年份",
}
"""What one types in the shell to have a list read otherwise, by the code of the finding; `这一栏` is its column."""
