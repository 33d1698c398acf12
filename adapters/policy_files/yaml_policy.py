"""Reads a supervision policy from a YAML file whose keys are the model's field names."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.files.yaml_reading import Document, Fault, NotYamlError, read
from adapters.policy_files.fault_sentences import score_sentence_for, sentence_for
from domain.errors import InputError
from domain.frozen import Frozen
from domain.os_faults import os_fault
from domain.rules.ladder_rules import UnsoundRuleError
from domain.rules.policy import SupervisionPolicy
from domain.rules.score_rules import ScoreRules

Rules = TypeVar("Rules", bound=Frozen)
Telling = Callable[[ErrorDetails], str]
"""How a fault is said."""


class UnreadablePolicyError(InputError, rule="readable_policy"):
    """A policy file cannot be read, or its rules do not hold together; `line` counts from one."""

    def __init__(self, text: str, *, place: Path, line: int | None = None, other_lines: Sequence[int] = ()) -> None:
        where = f"督办规则文件“{place}”" + (f"第{line}行" if line else "")
        others = f"（另外第{'、'.join(map(str, other_lines))}行也有错误）" if other_lines else ""
        super().__init__(f"{where}：{text}{others}。", place=str(place), line=line)
        self.line = line


_NOT_YAML: dict[Fault, str] = {
    "form": "不是合法的YAML，请检查缩进、冒号、引号和括号",
    "tab": "缩进用了制表符，请改用空格",
    "key twice": "同一个键写了两次，请删去一处",
    "several documents": "一个文件只能有一份规则，请删去“---”之后的内容",
    "characters": "不是合法的YAML，请检查特殊字符",
    "endless": "层次太深，或引用了自己",
}


class _Fault(NamedTuple):
    line: int
    text: str


def read_policy(path: Path) -> SupervisionPolicy:
    """The policy that a file describes; what the file leaves out is as the default has it, the whole where it is empty.

    Raises:
        UnreadablePolicyError: says the file, the line, and what is allowed there.
    """
    return _read(path, SupervisionPolicy, "policy.yaml", sentence_for)


def read_score_rules(path: Path) -> ScoreRules:
    """The rules of the score that a file describes, in the same way (raises as `read_policy`)."""
    return _read(path, ScoreRules, "score.yaml", score_sentence_for)


def _read(path: Path, model: type[Rules], example: str, told: Telling) -> Rules:
    document = _document(path)
    written = {} if document.value is None else document.value
    if not isinstance(written, dict):
        raise UnreadablePolicyError(f"最外层应为“键: 值”的形式，请参照 examples/{example}", place=path, line=1)
    try:
        # By way of JSON, strictly: there a time is a text and nothing else, where Python's lax mode would take
        # 830 for 830 seconds, and true for 1.
        return model.model_validate_json(json.dumps(written), strict=True)
    except ValidationError as error:
        first, *rest = sorted(_fault(document, details, told) for details in error.errors())
        other_lines = sorted({fault.line for fault in rest} - {first.line})
        raise UnreadablePolicyError(first.text, place=path, line=first.line, other_lines=other_lines) from error


def _document(path: Path) -> Document:
    try:
        return read(path.read_text(encoding="utf-8-sig"))
    except NotYamlError as error:
        raise UnreadablePolicyError(_NOT_YAML[error.fault], place=path, line=error.line) from error
    except UnicodeDecodeError as error:
        raise UnreadablePolicyError("不是UTF-8编码，请另存为UTF-8", place=path) from error
    except FileNotFoundError as error:
        raise UnreadablePolicyError("没有这个文件，请检查路径", place=path) from error
    except OSError as error:
        raise UnreadablePolicyError(f"打不开（{os_fault(error)}），请检查路径和权限", place=path) from error


def _fault(document: Document, details: ErrorDetails, told: Telling) -> _Fault:
    if details["type"] == "json_invalid":
        return _Fault(1, "里面有不是文字的编码，请改正")
    location = tuple(step for step in details["loc"] if step != "[key]")
    unsound = details.get("ctx", {}).get("error")
    if isinstance(unsound, UnsoundRuleError):
        places = [(*location, *key) for key in unsound.keys]
        place = next((place for place in places if document.is_written(place)), places[0])
        return _Fault(document.line_of(place), unsound.text)
    return _Fault(document.line_of(location), told(details))
