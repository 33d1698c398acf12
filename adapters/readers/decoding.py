"""Text files in the encodings that offices use: UTF-8 with and without a mark, UTF-16 with one, GB18030."""

from __future__ import annotations

from pathlib import Path

from domain.notice.refusals import UnreadableNoticeError
from domain.os_faults import os_fault

LARGEST_BYTES = 50 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL_SHARE = 50


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
                "请只留下通知的文字和表格再编译。"
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
        if not _binary(text):
            return text
    raise UnreadableNoticeError(f"{name}不是文本文件，或编码不是UTF-8、GB18030，请另存为UTF-8文本再编译。")


def _encodings(data: bytes) -> tuple[str, ...]:
    return ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")


def _binary(text: str) -> bool:
    controls = sum(char < " " and char not in "\t\n\r\v\f" for char in text[:20_000])
    return controls * _CONTROL_SHARE > min(len(text), 20_000) or "\x00" in text
