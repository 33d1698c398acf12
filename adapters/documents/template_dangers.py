"""What a template must not have because every paper would have it: commands, foreign parts, other people's remarks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from docx.oxml.ns import qn

_ELSEWHERE = re.compile(rb'TargetMode\s*=\s*["\']External["\']')
_TARGET = re.compile(rb'\bTarget\s*=\s*["\']([^"\']*)["\']')
_TYPES = "[Content_Types].xml"
_LINK = b"relationships/hyperlink"
_COMMANDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "HYPERLINK", "REF", "PAGEREF", "SEQ", "SYMBOL", "EQ"})
"""The commands of a word processor that fetch nothing, run nothing, and say the same on every day."""
_CHANGES = tuple(qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo"))
_BEGIN, _COMMAND, _SIMPLE = qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")
_KIND, _INSTRUCTION = qn("w:fldCharType"), qn("w:instr")


def dangers_of_part(name: str, data: bytes) -> Iterator[str]:
    """Why a part of the file must not stand in a paper; links are only followed, so they may."""
    if name.endswith(".rels"):
        for element in re.findall(rb"<Relationship\b[^>]*>", data):
            if _ELSEWHERE.search(element) and _LINK not in element:
                yield f"{name}：引用了文件以外的图片或模板，请改为嵌入"
    elif name.endswith("vbaProject.bin"):
        yield "含有宏，请另存为不含宏的 .docx"
    elif name.startswith(("word/embeddings/", "word/activeX/", "word/afchunk")):
        yield f"{name}：含有嵌入的对象，请删去或改为图片"
    elif name.startswith("word/comments") and b"<w:comment " in data:
        yield "含有批注，会随每份文书发出，请全部删除"
    if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data:
        yield f"{name}：不是 Word 写的，请用 Word 或 WPS 重新另存"


def gaps_of(parts: Mapping[str, bytes]) -> Iterator[str]:
    """What the parts of a file name and the file has not: a word processor opens none that is so, or mends it as it
    likes."""
    if _TYPES not in parts:
        yield f"缺少 {_TYPES}，请用 Word 或 WPS 重新另存"
    for name, data in parts.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for element in re.findall(rb"<Relationship\b[^>]*>", data):
            target = _TARGET.search(element)
            if target is None or _ELSEWHERE.search(element):
                continue
            place = posixpath.normpath(posixpath.join("/", folder, unquote(target[1].decode(errors="replace"))))
            if place[1:].partition("#")[0] not in {"", *parts}:
                yield f"{name}：缺少所引用的 {place[1:]}，请用 Word 或 WPS 重新另存"


def dangers_of_paragraph(paragraph: Any) -> Iterator[str]:
    """Why a paragraph must not stand in a paper."""
    if any(True for tag in _CHANGES for _ in paragraph.iter(tag)):
        yield "有未处理的修订，请先接受或拒绝"
    for command in _commands_in(paragraph):
        word = (command.split() or [""])[0].upper()
        if word not in _COMMANDS:
            yield f"含有域“{word[:20]}”，会取用外部内容或自行变动，请删去"


def _commands_in(paragraph: Any) -> Iterator[str]:
    # A word processor parts a command into runs as it likes.
    parted = list[str]()
    for element in paragraph.iter():
        if element.tag == _BEGIN and element.get(_KIND) == "begin":
            parted.append("")
        elif element.tag == _COMMAND:
            parted = parted or [""]
            parted[-1] += element.text or ""
        elif element.tag == _SIMPLE:
            yield element.get(_INSTRUCTION) or ""
    yield from parted
