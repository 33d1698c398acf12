"""Reads a supervision policy from a YAML file whose keys are the model's field names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.files.yaml_file import UnreadableFileError, document_at
from adapters.files.yaml_reading import Document
from adapters.policy_files.fault_sentences import score_sentence_for, sentence_for
from domain.frozen import Frozen
from domain.rules.ladder_rules import UnsoundRuleError
from domain.rules.policy import SupervisionPolicy
from domain.rules.score_rules import ScoreRules

Rules = TypeVar("Rules", bound=Frozen)
Telling = Callable[[ErrorDetails], str]
"""How a fault is said."""


class UnreadablePolicyError(UnreadableFileError, rule="readable_policy"):
    """A policy file cannot be read, or its rules do not hold together."""

    called = "督办规则文件“{}”"
    longest = 2_000


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
    document = document_at(path, UnreadablePolicyError)
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
        others = f"（另外第{'、'.join(map(str, other_lines))}行也有错误）" if other_lines else ""
        raise UnreadablePolicyError(f"{first.text}{others}", place=path, line=first.line) from error


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
