"""The text of files, piece by piece: plain text, older Word files, and the parts of Word, Excel and OpenDocument files.

No file, and no part of one, is in memory as a whole, whatever it swells to; but for a small file inside an archive.
"""

from __future__ import annotations

import codecs
import html
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

from domain.markings import in_lines

_MOST_BYTES: Final = 64_000_000
"""So much of an archive's content is looked into: what swells beyond it is no document."""
_MOST_INDEX_BYTES: Final = 2_000_000
"""So long may an archive's own list of its parts be: reading it costs many times as much memory."""
_MOST_OF_AN_INNER_FILE: Final = 16_000_000
_DEEPEST: Final = 3
"""So many archives are looked into, one inside the other: what holds a report may hold its annex, packed."""
_PIECE: Final = 262_144
_LONGEST_LINE: Final = 262_144
_OVERLAP: Final = 200
ENCODINGS: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_NO_TEXT: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8")
_OLDER_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_NAMED_IN_UTF_8: Final = 0x800
_TAG: Final = re.compile(r"<[^>]*>")
_PARAGRAPH_END: Final = re.compile(r"</(?:w:p|a:p|text:p|si|row|p|div|h\d)>|<w:br/>")
_MARKED_UP: Final = (".xml", ".html")
_END_OF_INDEX: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LONGEST_REMARK: Final = 65_535
_NO_ARCHIVE: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
)


def readings(file: BinaryIO) -> Iterator[Iterator[str]]:
    """The ways in which a file can be read as text, each as whole lines in order.

    A way that turns out not to be the file's own raises `UnicodeDecodeError` where it does; the text of a PDF or a
    picture is not read.
    """
    return _ways(file, _Room(_MOST_BYTES))


def _ways(file: BinaryIO, room: _Room, depth: int = 1) -> Iterator[Iterator[str]]:
    head = _begin(file).read(4)
    if head.startswith(b"PK"):
        if depth <= _DEEPEST:
            yield _parts(file, room, depth)
    elif head == _OLDER_OFFICE:
        yield _older(file)
    elif not head.startswith(_NO_TEXT):
        for encoding in ENCODINGS:
            yield _lines(_decoded(_pieces(_begin(file)), encoding, "strict"))


def _begin(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _decoded(pieces: Iterable[bytes], encoding: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """Texts cut at the ends of lines; a line that becomes too long is cut as well, and a little of it comes again."""
    left = ""
    for text in texts:
        left += text
        end = left.rfind("\n") + 1
        if end:
            yield left[:end]
            left = left[end:]
        elif len(left) > _LONGEST_LINE:
            yield left
            left = left[-_OVERLAP:]
    yield left


@dataclass(slots=True)
class _Room:
    """What may still be looked into, of an archive and of those inside it together."""

    left: int

    def takes(self, part: zipfile.ZipInfo) -> bool:
        if part.file_size > self.left:
            return False
        self.left -= part.file_size
        return True


def _parts(file: BinaryIO, room: _Room, depth: int) -> Iterator[str]:
    try:
        if _index_bytes(file) > _MOST_INDEX_BYTES:
            return
        with zipfile.ZipFile(_begin(file)) as archive:
            for part in archive.infolist():
                yield in_lines(_name(part))
                if not room.takes(part):
                    continue
                with archive.open(part) as stream:
                    if part.filename.lower().endswith(_MARKED_UP) or part.file_size > _MOST_OF_AN_INNER_FILE:
                        # A mark may be written in several runs: tags fall away, paragraphs end lines.
                        texts = _decoded(iter(lambda: stream.read(_PIECE), b""), "utf-8", "replace")
                        yield from _lines(_without_tags(texts))
                    else:
                        yield from _inner(io.BytesIO(stream.read()), room, depth + 1)
    except _NO_ARCHIVE:
        return  # no archive after all, or one that is locked: kept as it is, and nothing in it can be read here either


def _inner(file: BinaryIO, room: _Room, depth: int) -> Iterator[str]:
    """The text of a file in an archive, in each way in which it can be read, as far as it can."""
    for way in _ways(file, room, depth):
        with suppress(UnicodeDecodeError):
            yield from way


def _older(file: BinaryIO) -> Iterator[str]:
    """An older Word file: its paragraphs lie in it as they are, between parts that are no text."""
    texts = _decoded(_pieces(_begin(file)), "utf-16-le", "ignore")
    return _lines(text.replace("\r", "\n") for text in texts)


def _name(part: zipfile.ZipInfo) -> str:
    """The name of a part; Chinese programs write it in their own encoding, which is read as another one."""
    if part.flag_bits & _NAMED_IN_UTF_8:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _index_bytes(file: BinaryIO) -> int:
    """How long an archive says that its own list is; none is that of a document."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _LONGEST_REMARK))
    tail = file.read()
    at = tail.rfind(_END_OF_INDEX)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise zipfile.BadZipFile
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _without_tags(texts: Iterable[str]) -> Iterator[str]:
    left = ""
    for text in texts:
        left += text
        end = left.rfind(">") + 1 or (len(left) if len(left) > _LONGEST_LINE else 0)
        yield _plain(left[:end])
        left = left[end:]
    yield _plain(left)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", _PARAGRAPH_END.sub("\n", text)))
