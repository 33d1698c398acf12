"""What is wrong with one value of a policy, and what is allowed there, as part of a Chinese sentence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from domain.characters import printable
from domain.rules.life_cycle import Limits
from domain.rules.policy import SupervisionPolicy
from domain.rules.score_rules import ScoreRules
from domain.texts import own_sentence

_DAYS = "1至250的整数（工作日数）"
_TIME = "“时:分”的时间，例如 08:30"
_LIMIT = "一类待办的时限：working_days、reminders_working_days_before 和 escalation（各占一行、缩进对齐）"
_PERCENT = "1至99的整数"
ALLOWED: dict[str, str] = {
    "version": "2（规则文件的格式，可以不写）",
    "working_hours_open": _TIME,
    "working_hours_close": _TIME,
    "digest_at": _TIME,
    "spread_minutes": "0至60的整数（分钟）",
    "rules": "一组规则（各占一行、缩进对齐）",
    "projects": "按项目编号分列的规则，例如 2018-05a:",
    "milestones": "按节点编号分列的规则，例如 2018-05a-03:",
    "reminders_working_days_before": "由大到小的工作日数列表，例如 [14, 7, 1]，不提醒则写 []",
    "yellow_light_working_days_before": "0至250的整数（工作日数，0为不亮黄灯）",
    "due_roll": "none（按原日期）、following（顺延）或 preceding（提前）",
    "urge_after_working_days": f"{_DAYS}，或 null（不自动催办）",
    "escalation": "逐级上报的列表，每级写 after_working_days 和 to（督办单还要写 level），不上报则写 []",
    "rework_working_days": _DAYS,
    "life_cycle": "督办全过程的规则（各占一行、缩进对齐；不写即全按默认值）",
    "supervision_section": "1至80字的部门名称",
    "limits": "按种类分列的办理时限，例如 receipt:",
    **dict.fromkeys(Limits.model_fields, _LIMIT),
    "working_days": _DAYS,
    "participants": "参与部门的规则：reminders_working_days_before、urge_after_working_days 和 escalation",
    "extensions_at_most": "0至20的整数（次）",
    "ongoing_report_every_months": "1至12的整数（月）",
    "pace_warnings_at_percent": f"由小到大的百分数列表，每个是{_PERCENT}，例如 [50, 75]，不预警则写 []",
    "life_cycle_of": "categories（类别: 规则）和 projects（项目编号: 规则），每处只写不同之处",
    "categories": "类别: 规则，只写不同之处",
    "mass_acts": "close_year_days_before_end、two_persons、withdrawn_at_most_percent 和 reopen_within_days",
    "close_year_days_before_end": "0 到 365 的整数（天）",
    "two_persons": "true（须两人）或 false",
    "withdrawn_at_most_percent": "0 到 100 的整数（百分比）",
    "reopen_within_days": "0 到 365 的整数（天）",
    "own_key": "asked_of 和 acts",
    "asked_of": "nobody（不要求）、holders（登记了密钥的人）或 everybody（每个人）",
    "acts": "须签名的办理的列表，可有 strike_off、ruling、withdrawal、year_end、mass_act",
    "refused_words": "拒收的字样，如 [内部资料]，每个一行以内",
    "lights": (
        "亮灯的规则：unsigned_is_yellow、silent_yellow_percent、behind_yellow_points、behind_red_points "
        "和 behind_after_working_days"
    ),
    "unsigned_is_yellow": "true（签收超时亮黄灯）或 false",
    "silent_yellow_percent": "1 到 99 的整数（时间过去的百分比），或 null（不因未反馈亮灯）",
    "behind_yellow_points": "1 到 100 的整数（百分点）",
    "behind_red_points": "1 到 100 的整数（百分点），不小于 behind_yellow_points",
    "behind_after_working_days": "1 到 250 的整数（交办后的工作日数），或 null（交办当天就评）",
    "takeover_working_days": _DAYS,
    "inspections_per_month": "1至100的整数（次）",
    "papers_per_month": "1至10000的整数（份）",
    "inspection_plan": "督查计划的列表，每项写 on 和 sample_percent，没有则写 []",
    "on": "“年-月-日”的日期，例如 2018-09-10",
    "sample_percent": "1至100的整数（百分之几）",
    "level": "blue（蓝）、yellow（黄）或 red（红）",
    "after_working_days": _DAYS,
    "to": "1至80字的职务名称，可用 {lead} 代表牵头部门、{department} 代表逾期部门，各至多一次",
    "opens_inspection": "true（同时开展督查）或 false",
}
"""What each key may hold, by its name; every field of the policy's models stands here."""
_NUMBERS = {"reminders_working_days_before": _DAYS, "pace_warnings_at_percent": _PERCENT}
"""The lists whose items are numbers."""
_WORDS = frozenset({"refused_words", "acts"})
"""The lists whose items are words: what a list may hold says what each may be."""

_PROJECT_KEY = "项目编号（年份-序号，例如 2018-05a）"
_MILESTONE_KEY = "节点编号（年份-序号-第几个，例如 2018-05a-03）"
_KEYS = {"projects": _PROJECT_KEY, "milestones": _MILESTONE_KEY, "categories": "类别（一行文字，最多 1000 字）"}
_SHOWN_CHARACTERS = 40


def sentence_for(details: ErrorDetails) -> str:
    """What is wrong and what is allowed, without the final stop."""
    location, kind = details["loc"], details["type"]
    if location and location[-1] == "[key]":
        return f"{_shown(location[-2])}不是{_KEYS[str(location[-3])]}"
    name = _spoken(location)
    if kind == "extra_forbidden":
        return f"不认识“{name}”，这里只能写{_keys_near(location)}"
    if kind == "missing":
        return f"缺少“{name}”，应为{_allowed(location)}"
    if (own := own_sentence(details)) is not None:
        return f"“{name}”不能是{_shown(details['input'])}：{own}"
    return f"“{name}”不能是{_shown(details['input'])}，只能是{_allowed(location)}"


def _allowed(location: Sequence[int | str]) -> str:
    last = location[-1]
    if isinstance(last, int):
        name = str(location[-2])
        if name in _WORDS:
            return ALLOWED[name]
        return _NUMBERS.get(name) or f"写有 {_needed_in(_model_at((*location, '')))} 的一级"
    if last in ALLOWED and not _is_identity(location):
        return ALLOWED[last]
    return ALLOWED["rules"]


def _is_identity(location: Sequence[int | str]) -> bool:
    return len(location) == 2 and location[0] in {"projects", "milestones"}


def _keys_near(location: Sequence[int | str]) -> str:
    names = list(_model_at(location).model_fields)
    near = difflib.get_close_matches(str(location[-1]), names, n=1)
    return "、".join(names) + (f"（是否想写 {near[0]}？）" if near else "")


def _needed_in(model: type[BaseModel]) -> str:
    *names, last = (name for name, field in model.model_fields.items() if field.is_required())
    return f"{'、'.join(names)} 和 {last}" if names else last


def _model_at(location: Sequence[int | str]) -> type[BaseModel]:
    """The model whose key stands at a place; an item of a list and an identity have no keys of their own."""
    model: type[BaseModel] = SupervisionPolicy
    for step in location[:-1]:
        field = model.model_fields.get(str(step))
        model = (_model_in(field.annotation) if field else None) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inside in get_args(annotation) if (model := _model_in(inside))), None)


def _spoken(location: Sequence[int | str]) -> str:
    # Items are counted from one, as people do.
    return ".".join(f"第{step + 1}项" if isinstance(step, int) else _in_one_line(step) for step in location)


def _shown(value: object) -> str:
    if value is None:
        return " null"
    if isinstance(value, bool):
        return f" {value}".lower()
    if isinstance(value, dict):
        return "一组键值"
    if isinstance(value, list | tuple):
        return "列表"
    text = _in_one_line(str(value))
    return f"“{text[:_SHOWN_CHARACTERS]}{'…' if len(text) > _SHOWN_CHARACTERS else ''}”"


def _in_one_line(text: str) -> str:
    return " ".join(printable(text).split())


def score_sentence_for(details: ErrorDetails) -> str:
    """What is wrong with a rule of the score and what is allowed, without the final stop."""
    name = _spoken(details["loc"])
    if details["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, list(ScoreRules.model_fields), n=1)
        return f"不认识“{name}”" + (f"，是不是“{near[0]}”" if near else "，请参照 examples/score.yaml")
    own = own_sentence(details)
    allowed = own or "true 或 false，或 0 起的整数（分、天或倍数），范围见 examples/score.yaml"
    return f"“{name}”不能是{_shown(details['input'])}：{allowed}"
