"""A document's archive: the same bytes for the same content, whenever and wherever it is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = (
    ("title", "dc:title", ""),
    ("subject", "dc:subject", ""),
    ("author", "dc:creator", ""),
    ("author", "cp:lastModifiedBy", ""),
    ("language", "dc:language", ""),
    ("at", "dcterms:created", ' xsi:type="dcterms:W3CDTF"'),
    ("at", "dcterms:modified", ' xsi:type="dcterms:W3CDTF"'),
)
_MOST_LETTERS = 255


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return stream.getvalue()


def fixed_archive(archive: bytes) -> bytes:
    """The same archive without the instant of its writing."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return packed({name: source.read(name) for name in source.namelist()})


def instant(at: datetime) -> str:
    """An instant as a document's properties have it: word processors show it on the clock of whoever reads."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def core_properties(values: Mapping[str, str]) -> bytes:
    """What a document says of itself."""
    told = "".join(
        f"<{tag}{kind}>{escape(values.get(name, '')[:_MOST_LETTERS])}</{tag}>" for name, tag, kind in _PROPERTIES
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{told}</cp:coreProperties>'
    ).encode()
