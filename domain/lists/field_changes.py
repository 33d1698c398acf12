"""What two readings of one row or milestone differ in, field by field, and how a person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.project import Milestone, Quota, Recurrence

_COMPARED = ("description", "window_text", "starts_on", "due_on", "ongoing", "recurrence", "quota")
_FIELD_WORDS = {
    "description": "内容",
    "window_text": "时间表述",
    "starts_on": "起始日期",
    "due_on": "时限",
    "ongoing": "持续推进",
    "recurrence": "期次",
    "quota": "目标",
    "serial": "序号",
    "title": "名称",
    "main_content": "主要内容",
    "participating_departments": "参与部门",
    "schedule_text": "进度安排原文",
    "category": "类别",
    "priority": "级别",
    "source": "来源",
    "responsible_leader": "责任领导",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changes: what it is now and what it becomes."""

    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        """The change as a person reads it."""
        return f"{self.called}由“{in_words(self.before)}”改为“{in_words(self.after)}”"

    @property
    def called(self) -> str:
        """What the field is called."""
        return _FIELD_WORDS[self.field]


def changes_of(before: Milestone, after: Milestone) -> tuple[FieldChange, ...]:
    """The fields in which two readings of one milestone differ."""
    return field_changes(before, after, _COMPARED)


def field_changes(before: object, after: object, fields: tuple[str, ...]) -> tuple[FieldChange, ...]:
    """Those of these fields in which two values differ."""
    return tuple(
        FieldChange(field, getattr(before, field), getattr(after, field))
        for field in fields
        if getattr(before, field) != getattr(after, field)
    )


def in_words(value: object) -> str:  # noqa: PLR0911 - one word for each kind of field
    """A field's value as a person reads it."""
    match value:
        case None | () | "":
            return "无"
        case bool():
            return "是" if value else "否"
        case date():
            return f"{value:%Y-%m-%d}"
        case Quota():
            return f"{value.value}{value.unit}"
        case Recurrence(count=count, month=None, day=None):
            return f"{count}次"
        case Recurrence(count=count, month=None, day=day):
            return f"{count}次，每期在{day}日前"
        case Recurrence(count=count, month=month, day=None):
            return f"{count}次，每期在第{month}个月"
        case Recurrence(count=count, month=month, day=day):
            return f"{count}次，每期在第{month}个月{day}日前"
        case tuple():
            return "、".join(value)
        case _:
            return str(value)
