"""Office files are zip packages: what is looked at before a library opens one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from adapters.readers.decoding import read_bytes
from domain.notice.refusals import UnreadableNoticeError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LARGEST_PART = 64 * 1024 * 1024
_LARGEST_TOTAL = 200 * 1024 * 1024
_HIGHEST_RATIO = 200
_RATIO_FROM = 8 * 1024 * 1024
_MOST_PARTS = 5_000
_ENCRYPTED_FLAG = 0x1
_MACROS = ("vbaproject.bin", "vbadata.xml")


def office_package(path: Path, *, part: str, kind: str, suffix: str) -> io.BytesIO:
    """The bytes of an office file that may be opened: `part` is the file inside that every such document has.

    Raises:
        UnreadableNoticeError: it is no such document, is encrypted, holds macros, or unpacks to a monstrous size.
    """
    data = read_bytes(path)
    name = path.name
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableNoticeError(f"{name}设了打开密码，请去掉密码另存后再读入。")
        raise UnreadableNoticeError(f"{name}是旧格式的{kind}，请另存为 {suffix} 再读入。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError, EOFError):
        raise UnreadableNoticeError(
            f"{name}不是{kind}（可能改过扩展名或文件已损坏），请重新另存为 {suffix}。"
        ) from None
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in parts):
        raise UnreadableNoticeError(f"{name}设了打开密码，请去掉密码另存后再读入。")
    _refuse_monsters(name, parts)
    names = {info.filename.lower().lstrip("/") for info in parts}
    if any(entry.endswith(_MACROS) for entry in names):
        raise UnreadableNoticeError(f"{name}含有宏，请另存为不含宏的 {suffix} 再读入。")
    if part not in names:
        raise UnreadableNoticeError(f"{name}里没有{kind}的内容（可能改过扩展名），请重新另存为 {suffix}。")
    return io.BytesIO(data)


def _refuse_monsters(name: str, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in parts)
    packed = max(1, sum(info.compress_size for info in parts))
    if (
        len(parts) > _MOST_PARTS
        or total > _LARGEST_TOTAL
        or any(info.file_size > _LARGEST_PART for info in parts if info.filename.lower().endswith((".xml", ".rels")))
        or (total > _RATIO_FROM and total > packed * _HIGHEST_RATIO)
    ):
        raise UnreadableNoticeError(
            f"{name}解压后有{total // 1024 // 1024}MB、{len(parts)}个部分，不像一份通知，已拒绝打开；"
            "请只留下文字和表格另存后再读入。"
        )
