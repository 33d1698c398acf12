"""Text files in the encodings that offices use: UTF-8 and UTF-16, with and without a mark, and GB18030."""

from __future__ import annotations

import re
from pathlib import Path

from domain.notice.refusals import UnreadableNoticeError
from domain.os_faults import os_fault

LARGEST_BYTES = 50 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL_SHARE = 50
# All that a list in UTF-16 may hold. Read in the wrong order of bytes a line's end is none of it, and neither is a
# program's or a picture's content for long.
_WRITTEN = re.compile(
    "[\t\r\n -~\u00a0-\u00ff\u2010-\u206f\u2160-\u217f\u2190-\u22ff\u2460-\u27bf\u3000-\u303f"
    "\u4e00-\u9fff\uff00-\uffef]+"
)
# Two letters side by side may look like one character of these; `月` and `日` are no two letters.
_SHORTEST = 30
_OF_A_LIST = re.compile("[月日]")


def read_bytes(path: Path) -> bytes:
    """The bytes of a notice file of sensible size.

    Raises:
        UnreadableNoticeError: the file is not there, is empty, is too large, or may not be read.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableNoticeError(f"{path.name}是文件夹，请给出通知文件。")
        if size == 0:
            raise UnreadableNoticeError(f"{path.name}是空文件，请检查后重新保存。")
        if size > LARGEST_BYTES:
            raise UnreadableNoticeError(
                f"{path.name}有{size // 1024 // 1024}MB，超过{LARGEST_BYTES // 1024 // 1024}MB，"
                "请只留下通知的文字和表格再读入。"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableNoticeError(f"找不到文件 {path}，请检查路径。") from None
    except (OSError, ValueError) as error:
        reason = os_fault(error)
        raise UnreadableNoticeError(f"{path.name}打不开（{reason}），请检查文件和权限。") from None


def decoded(data: bytes, name: str) -> str:
    """Bytes as text.

    Raises:
        UnreadableNoticeError: the bytes are no text in a known encoding.
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _in_big5(data, text):
            raise UnreadableNoticeError(f"{name}是Big5编码的繁体文字，读不了，请另存为UTF-8文本再读入。")
        if not _binary(text):
            return text
    raise UnreadableNoticeError(f"{name}不是文本文件，或编码不是UTF-8、GB18030，请另存为UTF-8文本再读入。")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(_UTF16):
        return ("utf-16",)
    orders = [order for order in ("utf-16-le", "utf-16-be") if b"\0" in data and _written_in(data, order)]
    return (orders[0],) if len(orders) == 1 else ("utf-8-sig", "gb18030")


def _written_in(data: bytes, order: str) -> bool:
    """Whether bytes that no other text holds are lines of a list in UTF-16 without a mark, in an order of bytes."""
    try:
        text = data.decode(order)
    except UnicodeDecodeError:
        return False
    return (
        len(text) > _SHORTEST
        and "\n" in text
        and _OF_A_LIST.search(text) is not None
        and _WRITTEN.fullmatch(text) is not None
    )


def _in_big5(data: bytes, as_gb18030: str) -> bool:
    """Whether bytes that GB18030 makes nonsense of are a list in Big5, in which alone they tell months or days."""
    try:
        text = data.decode("cp950")
    except UnicodeDecodeError:
        return False
    return _OF_A_LIST.search(text) is not None and _OF_A_LIST.search(as_gb18030) is None


def _binary(text: str) -> bool:
    controls = sum(char < " " and char not in "\t\n\r\v\f" for char in text[:20_000])
    return controls * _CONTROL_SHARE > min(len(text), 20_000) or "\x00" in text
