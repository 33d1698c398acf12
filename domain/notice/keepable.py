"""What a plan cannot keep, as a sentence: which row and which column of the list, and what is allowed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from domain.errors import InputError
from domain.notice.plan import Plan
from domain.texts import own_sentence

_COLUMNS = {
    "document_number": "文号",
    "issuer": "印发单位",
    "issued_on": "印发日期",
    "year": "年份",
    "serial": "序号",
    "title": "名称",
    "main_content": "主要内容",
    "lead_department": "牵头部门",
    "participating_departments": "参与部门",
    "schedule_text": "工作进度安排",
    "description": "节点内容",
    "window_text": "时间表述",
    "starts_on": "起始日期",
    "due_on": "时限",
    "quota": "数量",
    "value": "数量",
    "recurrence": "次数",
    "count": "次数",
    "text": "原文",
    "choice": "裁定",
    "reason": "裁定理由",
    "ruled_by": "裁定人",
}
_FAULTS = {
    "string_too_long": "最多{max_length}字",
    "string_too_short": "不能为空",
    "less_than_equal": "最大为{le}",
    "greater_than_equal": "最小为{ge}",
    "greater_than": "须大于{gt}",
    "string_unicode": "含有不是文字的编码",
    "string_pattern_mismatch": "写法不对",
}


class UnkeepableError(InputError, rule="keepable_list"):
    """Something of a list cannot be kept in a plan: too long, unreadable, or a date or number beyond the bounds."""


@contextmanager
def kept_as_read(name: str, place: str = "") -> Iterator[None]:
    """Make a part of a plan of what a list says at a place.

    Raises:
        UnkeepableError: a plan cannot keep it.
    """
    try:
        yield
    except ValidationError as error:
        raise UnkeepableError(f"{name}{place}{fault_of(error)}，请改正后重新读入。", name=name, place=place) from error


def keepable(plan: Plan) -> Plan:
    """A plan that was changed by rulings, held against its own rules once more.

    Raises:
        UnkeepableError: a ruling puts something into it that no plan can keep.
    """
    with kept_as_read("计划"):
        return Plan.model_validate(plan.model_dump())


def fault_of(error: ValidationError) -> str:
    """The first fault of a value, with the column that it stands in."""
    first = error.errors()[0]
    named = [str(step) for step in first["loc"] if isinstance(step, str)]
    column = next((_COLUMNS[step] for step in reversed(named) if step in _COLUMNS), "的内容")
    if first["type"] == "value_error":
        return f"：{first['ctx']['error']}"
    return f"的{column.removeprefix('的')}{own_sentence(first) or _fault(first)}"


def _fault(details: object) -> str:
    assert isinstance(details, dict)
    return _FAULTS.get(details["type"], "写法不对").format_map(details.get("ctx", {}))
