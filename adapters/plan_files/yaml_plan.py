"""Plans as YAML that a person reads and edits; comments are kept on rewrite."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from adapters.plan_files import plain_yaml
from domain.errors import InputError
from domain.notice.plan import Plan

_LARGEST_BYTES = 100 * 1024 * 1024
_MOST_VALUES = 5_000_000
_KEYS = {
    "projects": "project_id",
    "milestones": "milestone_id",
    "findings": "key",
    "rulings": "finding",
    "choices": "key",
}
_HEAD = "# 督办计划：由通知编译而来，可以直接编辑；待裁定事项见 findings，裁定写在 rulings。\n"


class UnreadablePlanError(InputError):
    """A plan file cannot be read as a plan."""

    rule = "readable_plan"


class _DatesAsText(RoundTripConstructor):
    """Leaves what looks like a date as text: the milestone `2018-05-03` is not a day."""


_DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _DatesAsText
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


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
    if (plan := _in_plain_form(text)) is not None:
        return plan
    root = _parsed(text, name)
    if not isinstance(root, Mapping):
        raise UnreadablePlanError(f"{name}不是督办计划：最外层应是 year、title、projects 等栏目。")
    try:
        return Plan.model_validate(_plain(root))
    except ValidationError as error:
        raise UnreadablePlanError(_sentence(error, root, name)) from None
    except RecursionError:
        raise UnreadablePlanError(f"{name}里有引用自己的内容，请改正。") from None


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan, whole or not at all; comments of a plan that is written over are kept.

    Raises:
        UnreadablePlanError: the place cannot be written, or what stands there is no YAML.
    """
    text = text_of_plan(plan, over=_text(path) if path.exists() else None)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise UnreadablePlanError(f"{path}写不进去（{error.strerror}），请检查文件夹和权限。") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def text_of_plan(plan: Plan, *, over: str | None = None) -> str:
    """A plan as YAML text; comments of the text `over` are kept where what they stand at is still there."""
    values = plan.model_dump(mode="json")
    if over is None or (over == _HEAD + plain_yaml.without_comments(over) and _in_plain_form(over) is not None):
        return _HEAD + plain_yaml.written(values)
    root = _commented(values)
    kept = _parsed(over, "原计划文件")
    if isinstance(kept, CommentedMap):
        _update_map(kept, root)
        root = kept
    out = io.StringIO()
    _yaml().dump(root, out)
    return out.getvalue()


def _in_plain_form(text: str) -> Plan | None:
    """The plan of a text as `text_of_plan` writes it, comments of its own apart; proved by writing it again."""
    try:
        plan = Plan.model_validate(plain_yaml.read(text))
    except (plain_yaml.NotPlainError, ValidationError):
        return None
    same = plain_yaml.written(plan.model_dump(mode="json")) == plain_yaml.without_comments(text)
    return plan if same else None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise UnreadablePlanError(f"{path.name}太大，不是督办计划。")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadablePlanError(f"找不到计划文件 {path}，请检查路径。") from None
    except UnicodeDecodeError:
        raise UnreadablePlanError(f"{path.name}不是UTF-8文本，请另存为UTF-8再用。") from None
    except (OSError, ValueError) as error:
        raise UnreadablePlanError(
            f"{path.name}打不开（{getattr(error, 'strerror', None) or '路径不合法'}）。"
        ) from None


def _parsed(text: str, name: str) -> Any:
    try:
        return _yaml().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"第{mark.line + 1}行" if mark else ""
        raise UnreadablePlanError(f"{name}{where}不是合法的YAML：请检查缩进、冒号和引号。") from None
    except (YAMLError, ValueError, RecursionError):
        raise UnreadablePlanError(f"{name}不是合法的YAML，请检查后再用。") from None


def _plain(node: Any) -> Any:
    return _Plain().of(node)


class _Plain:
    """Turns what the YAML reader built into plain values; references that multiply without end are refused."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES

    def of(self, node: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise RecursionError
        if isinstance(node, Mapping):
            return {str(key): self.of(value) for key, value in node.items()}
        if isinstance(node, (list, tuple)):
            return [self.of(value) for value in node]
        return str(node) if isinstance(node, str) else node


def _sentence(error: ValidationError, root: Any, name: str) -> str:
    first = error.errors()[0]
    node, line = root, 1
    for step in first["loc"]:
        try:
            if isinstance(node, CommentedMap) and step in node:
                line = node.lc.key(step)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(step, int):
                line = node.lc.item(step)[0] + 1
            node = node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    place = ".".join(str(step) for step in first["loc"])
    reason = {
        "missing": "缺少这一栏",
        "extra_forbidden": "不是计划的栏目",
        "date_from_datetime_parsing": "应是日期，写作 2018-04-25 这样",
        "date_parsing": "应是日期，写作 2018-04-25 这样",
        "int_parsing": "应是整数",
        "bool_parsing": "应是 true 或 false",
        "literal_error": "不是允许的写法",
        "string_type": "应是文字",
    }.get(first["type"], first["msg"])
    return f"{name}第{line}行 {place or '计划'}：{reason}，请改正。"


def _commented(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap((key, _commented(item)) for key, item in value.items())
    if isinstance(value, list):
        sequence = CommentedSeq(_commented(item) for item in value)
        if all(not isinstance(item, (Mapping, list)) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, str) and ("\n" in value or value.strip() != value):
        return DoubleQuotedScalarString(value)
    return value


def _update_map(kept: MutableMapping[str, Any], new: Mapping[str, Any]) -> None:
    for key in [key for key in kept if key not in new]:
        del kept[key]
    for key, value in new.items():
        old = kept.get(key)
        if isinstance(old, CommentedMap) and isinstance(value, Mapping):
            _update_map(old, value)
        elif isinstance(old, CommentedSeq) and isinstance(value, CommentedSeq) and key in _KEYS:
            kept[key] = _updated_items(old, value, _KEYS[key])
        elif key not in kept or _plain(old) != _plain(value):
            kept[key] = value


def _updated_items(old: CommentedSeq, new: CommentedSeq, identity: str) -> CommentedSeq:
    """The new items in their order, each over the old one of the same identity, so that its comments stay."""
    known = {str(item[identity]): item for item in old if isinstance(item, CommentedMap) and identity in item}
    items: list[Any] = []
    for item in new:
        earlier = known.get(str(item[identity]))
        if earlier is not None:
            _update_map(earlier, item)
            items.append(earlier)
        else:
            items.append(item)
    if len(items) == len(old) and all(a is b for a, b in zip(items, old, strict=True)):
        return old
    del old[:]
    old.extend(items)
    return old
