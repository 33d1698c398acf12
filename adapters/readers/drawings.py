"""What an office file shows beside its words: pictures, text in drawings, charts and diagrams, files put into it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree as ET

from domain.notice.document import LeftOut

_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_PICTURE = re.compile(rb"<(?:\w+:)?(?:pic|imagedata)[\s>/]")
_FILES = ("/embeddings/", "/afchunk", "/media/afchunk")


def drawn(package: IO[bytes], *drawings: str) -> Iterator[LeftOut]:
    """What stands in drawings and in files inside the package; `drawings` are the parts that may hold pictures."""
    with zipfile.ZipFile(package) as parts:
        names = parts.namelist()
        shapes = [name for name in names if name.endswith(".xml") and name.startswith(drawings)]
        pictures = sum(len(_PICTURE.findall(parts.read(name))) for name in shapes)
        if pictures:
            yield LeftOut("文件", f"{pictures}张图片（图片里的文字读不出来）")
        kinds = {"drawings": "图形和文本框", "charts": "图表", "diagrams": "结构图"}
        for folder, called in kinds.items():
            held = [name for name in names if f"/{folder}/" in name and name.endswith(".xml") and "/_rels/" not in name]
            text = "\n".join(dict.fromkeys(line for name in held for line in _lines(parts.read(name))))
            if text:
                yield LeftOut(called, text)
        inside = [name for name in names if any(folder in name.lower() for folder in _FILES)]
        if inside:
            listed = "、".join(name.rsplit("/", 1)[-1] for name in inside[:3])
            yield LeftOut("嵌入的文件", f"{len(inside)}个文件（{listed}）里的内容没有打开")


def _lines(part: bytes) -> Iterator[str]:
    try:
        # The package was looked at before anybody opened it, and the parser expands no outside entities.
        root = ET.fromstring(part)  # noqa: S314
    except ET.ParseError:
        return
    for paragraph in root.iter(_PARAGRAPH):
        line = "".join(text.text or "" for text in paragraph.iter(_TEXT)).strip()
        if line:
            yield line
