"""Plans as YAML that a person reads and edits; comments are kept on rewrite."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.files.whole_file import write_whole
from adapters.files.yaml_reading import Document, NotYamlError, read
from adapters.plan_files.yaml_writing import by_identity, written
from domain.errors import InputError
from domain.notice.plan import Plan
from domain.os_faults import not_written, os_fault
from domain.texts import own_sentence

_LARGEST_BYTES = 100 * 1024 * 1024
_HEAD = "# 督办计划：由通知编译而来，可以直接编辑；待裁定事项见 findings，裁定写在 rulings。\n"

_REASONS = {
    "missing": "缺少这一栏",
    "extra_forbidden": "不是计划的栏目",
    "date_from_datetime_parsing": "应是日期，写作 2018-04-25 这样",
    "date_from_datetime_inexact": "应是日期，写作 2018-04-25 这样",
    "date_parsing": "应是日期，写作 2018-04-25 这样",
    "date_type": "应是日期，写作 2018-04-25 这样",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "bool_parsing": "应是 true 或 false",
    "bool_type": "应是 true 或 false",
    "literal_error": "不是允许的写法",
    "string_type": "应是文字，数字要加引号",
    "string_pattern_mismatch": "编号写法不对",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "tuple_type": "应是列表，每行以 - 开头",
    "model_type": "应是一组栏目",
    "greater_than": "应大于 0",
    "greater_than_equal": "最小为 {ge}",
    "less_than_equal": "最大为 {le}",
    "string_unicode": "含有不是文字的编码",
}


class UnreadablePlanError(InputError, rule="readable_plan"):
    """A plan file cannot be read as a plan."""


def read_plan(path: Path) -> Plan:
    """The plan that a YAML file holds.

    Raises:
        UnreadablePlanError: the file is not there, is not YAML, or holds something that is no plan.
    """
    return plan_of_text(_text(path), path.name)


def plan_of_text(text: str, name: str) -> Plan:
    """The plan that a YAML text holds.

    Raises:
        UnreadablePlanError: the text is not YAML, or holds something that is no plan.
    """
    document = _document(text, name)
    if not isinstance(document.value, Mapping):
        raise UnreadablePlanError(f"{name}不是督办计划：最外层应是 year、title、projects 等栏目。")
    try:
        return Plan.model_validate(document.value)
    except ValidationError as error:
        raise UnreadablePlanError(_sentence(error, document, name)) from None


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan, whole or not at all; comments of a plan that is written over are kept.

    Raises:
        UnreadablePlanError: the place cannot be written, or what stands there is no YAML.
    """
    text = text_of_plan(plan, over=_text(path) if path.exists() else None)
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise UnreadablePlanError(not_written(path, error)) from None


def text_of_plan(plan: Plan, *, over: str | None = None) -> str:
    """A plan as YAML text; comments of the text `over` are kept where what they stand at is still there."""
    values = plan.model_dump(mode="json")
    kept = _document(over, "原计划文件") if over is not None else None
    if kept is None or not isinstance(kept.value, Mapping):
        return _HEAD + written(values)
    return written(values, by_identity(kept))


def _document(text: str, name: str) -> Document:
    try:
        return _parsed(text)
    except NotYamlError as error:
        if error.fault == "endless":
            raise UnreadablePlanError(f"{name}里有引用自己的内容，请改正。") from None
        where = f"第{error.line}行" if error.line else ""
        raise UnreadablePlanError(
            f"{name}{where}不是合法的YAML：请检查缩进（用空格，不用制表符）、冒号和引号，同一栏目只能写一次。"
        ) from None


@lru_cache(maxsize=1)
def _parsed(text: str) -> Document:
    # A recompile reads the plan for its rulings and once more for its comments: read once.
    return read(text)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise UnreadablePlanError(f"{path.name}太大，不是督办计划，请核对文件。")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadablePlanError(f"找不到计划文件 {path}，请检查路径。") from None
    except UnicodeDecodeError:
        raise UnreadablePlanError(f"{path.name}不是UTF-8文本，请另存为UTF-8再用。") from None
    except (OSError, ValueError) as error:
        raise UnreadablePlanError(f"{path.name}打不开（{os_fault(error)}），请检查路径和权限。") from None


def _sentence(error: ValidationError, document: Document, name: str) -> str:
    faults = error.errors()
    # A column that no plan has may be the one that lacks, misspelt: it is what stands there.
    first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    line = document.line_of(first["loc"])
    place = ".".join(str(step) for step in first["loc"])
    return f"{name}第{line}行 {place or '计划'}：{reason_of(first)}，请改正。"


def reason_of(fault: ErrorDetails, **otherwise: str) -> object:
    """Why a value is no plan's; `otherwise` says it in other words for a file that is written in another way."""
    told = fault.get("ctx", {}).get("error") if fault["type"] == "value_error" else None
    reasons = {**_REASONS, **otherwise}
    return told or own_sentence(fault) or reasons.get(fault["type"], "写法不对").format_map(fault.get("ctx", {}))
