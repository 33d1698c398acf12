"""Reads channels and readers from a YAML file; what is wrong is told with its line."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapters.files.yaml_file import UnreadableFileError, document_at
from adapters.files.yaml_reading import Document
from domain.papers.routes import INBOX, KINDS, Routes
from domain.texts import allowed_words, own_sentence

_KINDS = "、".join(KINDS)
_SENTENCES = {
    "missing": "缺少“{name}”",
    "extra_forbidden": "没有“{name}”这一项",
    "union_tag_invalid": f"kind 只能是 {_KINDS}",
    "union_tag_not_found": f"缺少“kind”（通道的种类），请填 {_KINDS} 之一",
    "literal_error": "“{name}”只能是 {expected}",
    "greater_than_equal": "“{name}”不能小于 {ge}",
    "less_than_equal": "“{name}”不能大于 {le}",
    "int_type": "“{name}”应是整数",
    "bool_type": "“{name}”只能是 true 或 false",
    "string_type": "“{name}”应是文字",
    "string_pattern_mismatch": "“{name}”的写法不对",
    "string_too_long": "“{name}”太长，不能超过 {max_length} 个字",
    "time_parsing": "“{name}”应写成“20:00”这样的时刻",
    "too_short": "“{name}”至少写一项",
    "dict_type": "“{name}”应为“键: 值”的形式",
    "model_type": "“{name}”应为“键: 值”的形式",
    "model_attributes_type": "“{name}”应为“键: 值”的形式",
    "tuple_type": "“{name}”应为列表，各项以“- ”开头",
}
_KEYS = (
    *("channels", "readers", "gather_minutes", "stale_days", "desk_url", "kind", "host", "port", "security"),
    *("ca_file", "user", "password_file", "sender", "sender_name", "url_file", "secret_file", "url"),
    *("most_characters", "per_minute", "timeout_seconds", "tries", "pause_seconds", "off", "reads", "to", "quiet"),
    *("attach", "attach_megabytes", "urgent_minutes", "urgent_in_quiet", "channel", "address", "begin", "end"),
)
_ADDRESSES = ("address", "sender")
_TAGS = frozenset({*KINDS, "[key]"})


class UnreadableRoutesError(UnreadableFileError, rule="readable_routes"):
    """A file of channels cannot be read, or what it says does not hold together."""

    called = "通道文件“{}”"


def read_routes(path: Path) -> Routes:
    """The channels and readers that a file describes.

    Raises:
        UnreadableRoutesError: says the file, the line, and what is wrong there.
    """
    document = document_at(path, UnreadableRoutesError)
    if not isinstance(document.value, dict):
        raise UnreadableRoutesError("最外层应为“键: 值”的形式，请参照 examples/channels.yaml", place=path, line=1)
    try:
        routes = Routes.model_validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        line, text = min(_fault(document, details) for details in error.errors())
        raise UnreadableRoutesError(text, place=path, line=line) from None
    if len(routes.readers) != len(document.value.get("readers") or {}):
        # Of two the last one would be kept.
        text = "readers 下有两个收件人的名字只是写法不同，请合并，或给其中一个改名"
        raise UnreadableRoutesError(text, place=path, line=document.line_of(("readers",)))
    return routes


def _fault(document: Document, details: Any) -> tuple[int, str]:
    # A validated choice stands in the place too, but in no file.
    steps = [step for step in details["loc"] if step not in _TAGS]
    place = tuple(steps)
    own = own_sentence(details)
    name = next((step for step in reversed(steps) if isinstance(step, str)), "文件")
    if own is not None:
        if details["type"] in ("duban_no_channel", "duban_address"):
            place = _reader_in(document, own)
        elif details["type"] == "duban_inbox":
            place = ("channels", INBOX)
        return document.line_of(place), own
    allowed = allowed_words(details.get("ctx", {}))
    sentence = _SENTENCES.get(details["type"], "“{name}”的写法不对").format(name=name, **allowed)
    if details["type"] == "string_pattern_mismatch" and name in _ADDRESSES:
        sentence = f"“{name}”的写法不对：邮箱地址只用英文字母、数字和符号，如 zzb@example.gov.cn"
    if details["type"] == "string_pattern_mismatch" and (name == "channel" or "[key]" in details["loc"]):
        sentence = f"“{name}”的写法不对：通道的名字只用小写英文字母、数字和连字符，如 group-3"
    if details["type"] == "extra_forbidden" and (near := difflib.get_close_matches(name, _KEYS, n=1)):
        sentence += f"（是否想写 {near[0]}？）"
    return document.line_of(place), sentence


def _reader_in(document: Document, sentence: str) -> tuple[str | int, ...]:
    named = sentence.split("”", maxsplit=1)[0].removeprefix("“")
    return ("readers", named, "to") if document.is_written(("readers", named, "to")) else ("readers", named)
