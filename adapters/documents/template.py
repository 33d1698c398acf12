"""A Word document with fields in double braces (`{{文号}}`), checked when it is loaded and filled as often as wanted.

A paragraph or a table's row whose fields all say nothing falls away, so that no heading stands over nothing. A field of
several lines stands alone in its paragraph, which comes again for each line; any field that does so may have some. A
row with fields of a table's line comes again for each of them; with none the table falls away. A cell of such a row
that begins a merged one goes on where the next line says the same.
"""

from __future__ import annotations

import copy
import difflib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from adapters.documents.archive import core_properties, packed
from adapters.documents.template_dangers import dangers_of_paragraph, dangers_of_part, gaps_of
from domain.errors import InputError
from domain.papers.wording import Say

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_PLACE = "\ue001"
"""Stands for a field, so that what is left over beside it is seen."""
_ONE_MORE = re.compile(f"[{{｛]{_PLACE}|{_PLACE}[}}｝]")
_NEARLY = re.compile(r"[{｛]+\s*([^{}｛｝]*?)\s*[}｝]+")
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_P, _T, _TR, _TBL, _TC = qn("w:p"), qn("w:t"), qn("w:tr"), qn("w:tbl"), qn("w:tc")
_KEEP = qn("w:keepNext")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CORE = "docProps/core.xml"
_WRITTEN = (".xml", ".rels")
_BRACE = "\ue000"
"""Stands for a brace in what is filled in, so that a title with the name of a field in it stays that title."""
_MOST_BYTES = 20_000_000
_SHOWN = 20


class UnreadableTemplateError(InputError, rule="readable_template"):
    """An office's template cannot be used; each mistake is told with its place."""

    def __init__(self, faults: Sequence[str], *, file: str) -> None:
        super().__init__(f"文书模板“{file}”：{'；'.join(faults)}。", file=file)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields that a template may have: of the paper, of several lines, of a table's line; those it must have."""

    fields: frozenset[str]
    lines: frozenset[str]
    of_a_row: frozenset[str]
    wanted: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every field."""
        return self.fields | self.lines | self.of_a_row

    def worded(self, say: Say) -> Vocabulary:
        """The same fields as a template in another language has them."""
        fields, lines, of_a_row, wanted = (
            frozenset(map(say, names)) for names in (self.fields, self.lines, self.of_a_row, self.wanted)
        )
        return Vocabulary(fields, lines, of_a_row, wanted)


class Template:
    """A checked document, ready to be filled."""

    def __init__(self, content: bytes, vocabulary: Vocabulary, file: str) -> None:
        """Load and check a document.

        Raises:
            UnreadableTemplateError: says every mistake, with its place.
        """
        self._parts = _unpacked(content, file)
        self._words = vocabulary
        whole = {name: _parsed(name, data, file) for name, data in self._parts.items() if name.endswith(_WRITTEN)}
        self._trees = {name: tree for name, tree in whole.items() if _PARTS.fullmatch(name)}
        faults = [*gaps_of(self._parts)]
        faults += [fault for name, data in self._parts.items() for fault in dangers_of_part(name, data)]
        for name, tree in self._trees.items():
            for paragraph in tree.iter(_P):
                _gather_fields(paragraph)
                faults += [f"{_place(name, tree, paragraph)}{text}" for text in self._faults_of(paragraph)]
        found = self._found()
        faults += [f"全文缺少字段{{{{{name}}}}}" for name in sorted(vocabulary.wanted - found)]
        if faults:
            raise UnreadableTemplateError(faults, file=file)
        self.fields = frozenset(found)

    def filled(
        self, values: Mapping[str, str], rows: Sequence[Mapping[str, str]], properties: Mapping[str, str]
    ) -> bytes:
        """The document with these values: the same bytes for the same."""
        parts = dict(self._parts)
        values, rows = _as_text(values), [_as_text(row) for row in rows]
        for name, tree in self._trees.items():
            filled = copy.deepcopy(tree)
            self._fill(filled, values, rows)
            parts[name] = serialize_part_xml(filled).replace(_BRACE.encode(), b"{")
        if _CORE in parts:
            parts[_CORE] = core_properties(properties)
        return packed(parts)

    def _found(self) -> set[str]:
        return {
            name
            for tree in self._trees.values()
            for paragraph in tree.iter(_P)
            for name in _FIELD.findall(_text(paragraph))
        }

    def _faults_of(self, paragraph: Any) -> Iterator[str]:
        text = _text(paragraph)
        yield from dangers_of_paragraph(paragraph)
        rest = _FIELD.sub(_PLACE, text)
        if "{{" in rest or "}}" in rest or _ONE_MORE.search(rest):
            yield "花括号不成对：字段应写成{{名称}}"
        if "{%" in rest:
            yield "没有“{%”这种写法：只能写{{名称}}，表格的行会自行重复"
        for name in _NEARLY.findall(rest):
            if name in self._words.all:
                yield f"{{{{{name}}}}}应写在两对半角花括号里"
        for name in _FIELD.findall(text):
            if name not in self._words.all:
                near = difflib.get_close_matches(name, sorted(self._words.all), n=1, cutoff=0.4)
                yield f"没有字段{{{{{name}}}}}" + (f"（是否想写{{{{{near[0]}}}}}？）" if near else "")
            elif name in self._words.lines and _FIELD.sub("", text).strip() + "".join(_FIELD.findall(text)) != name:
                yield f"字段{{{{{name}}}}}应独占一段"
            elif name in self._words.of_a_row and _above(paragraph, _TR) is None:
                yield f"字段{{{{{name}}}}}只能写在表格的一行里"

    def _fill(self, tree: Any, values: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> None:
        for row in list(tree.iter(_TR)):
            if self._names_in(row) & self._words.of_a_row:
                made = [copy.deepcopy(row) for _ in rows]
                for again, line in zip(made, rows, strict=True):
                    row.addprevious(again)
                    self._put(again, {**values, **line})
                _merge_alike(made)
                table = _above(row, _TBL)
                _hold_together(made, table)
                _drop(row if rows else table)
        self._put(tree, values)

    def _put(self, tree: Any, values: Mapping[str, str]) -> None:
        for row in list(tree.iter(_TR)):
            fields = self._names_in(row)
            if fields and not any(values.get(name) for name in fields):
                table = _above(row, _TBL)
                _drop(row)
                if table is not None and table.find(_TR) is None:
                    _drop(table)
        for paragraph in list(tree.iter(_P)):
            text = _text(paragraph)
            names = _FIELD.findall(text)
            if not names:
                continue
            lines = values.get(names[0], "").splitlines()
            if names[0] in self._words.lines or (len(lines) > 1 and _FIELD.fullmatch(text)):
                _repeat(paragraph, lines)
            elif any(values.get(name) for name in names) or _is_needed(paragraph):
                for element in _texts(paragraph):
                    if "{{" in (element.text or ""):
                        element.text = _FIELD.sub(lambda found: _one_line(values.get(found[1], "")), element.text)
                        element.set(_SPACE, "preserve")
            else:
                _drop(paragraph)

    @staticmethod
    def _names_in(row: Any) -> set[str]:
        return {name for paragraph in row.iter(_P) for name in _FIELD.findall(_text(paragraph))}


def _unpacked(content: bytes, file: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise UnreadableTemplateError(["文件太大，请换小的图片"], file=file)
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableTemplateError(["不是 .docx 文件，请用 Word 或 WPS 另存为 .docx"], file=file) from error
    if "word/document.xml" not in parts:
        raise UnreadableTemplateError(["不是 Word 文档，请另存为 .docx"], file=file)
    return parts


def _parsed(name: str, data: bytes, file: str) -> Any:
    try:
        return parse_xml(data)
    except Exception as error:  # whatever the parser says of a broken part
        raise UnreadableTemplateError([f"{name} 已损坏，请重新另存"], file=file) from error


def _place(part: str, tree: Any, paragraph: Any) -> str:
    """Where a paragraph stands, as a person finds it in the document."""
    where = {"header": "页眉", "footer": "页脚", "footno": "脚注", "endnot": "尾注"}.get(part[5:11], "正文")
    text = _text(paragraph).strip()
    shown = f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"
    cell, row, table = (_above(paragraph, tag) for tag in (_TC, _TR, _TBL))
    if cell is not None and row is not None and table is not None:
        number = list(tree.iter(_TBL)).index(table) + 1
        at = f"第{number}张表第{table.findall(_TR).index(row) + 1}行第{row.findall(_TC).index(cell) + 1}格"
    else:
        outside = [each for each in tree.iter(_P) if _above(each, _TBL) is None]
        at = f"第{outside.index(paragraph) + 1}段"
    return f"{where}{at}{shown}："


def _texts(paragraph: Any) -> list[Any]:
    """The paragraph's own pieces of text, without those of a text box in it."""
    return [element for element in paragraph.iter(_T) if _above(element, _P) is paragraph]


def _text(paragraph: Any) -> str:
    return "".join(element.text or "" for element in _texts(paragraph))


def _above(element: Any, tag: str) -> Any | None:
    return next(element.iterancestors(tag), None)


def _gather_fields(paragraph: Any) -> None:
    """Let each field stand in one piece of text: a word processor parts them as it likes."""
    pieces = _texts(paragraph)
    text = "".join(piece.text or "" for piece in pieces)
    owner = [number for number, piece in enumerate(pieces) for _ in piece.text or ""]
    for found in _FIELD.finditer(text):
        owner[found.start() : found.end()] = [owner[found.start()]] * (found.end() - found.start())
    for number, piece in enumerate(pieces):
        piece.text = "".join(letter for letter, whose in zip(text, owner, strict=True) if whose == number)


def _merge_alike(rows: Sequence[Any]) -> None:
    """What several lines of a table say alike, in a column whose cell in the template may be merged, stands once."""
    above: dict[int, str] = {}
    for row in rows:
        for place, cell in enumerate(row.findall(_TC)):
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            said = "".join(map(_text, cell.iter(_P)))
            if merged is not None and said and said == above.get(place):
                merged.attrib.pop(qn("w:val"), None)
                for element in cell.iter(_T):
                    element.text = ""
            above[place] = said


def _hold_together(rows: Sequence[Any], table: Any) -> None:
    """The last of several lines goes to the next page with a text under the table that is kept with the signature: no
    page has one sentence and a signature."""
    under = table.getnext()
    if len(rows) > 1 and under is not None and under.find(f"{qn('w:pPr')}/{_KEEP}") is not None:
        for paragraph in rows[-1].iter(_P):
            paragraph.get_or_add_pPr().get_or_add_keepNext()


def _repeat(paragraph: Any, lines: Sequence[str]) -> None:
    told = [line for line in lines if line.strip()]
    for number, line in enumerate(told, start=1):
        again = copy.deepcopy(paragraph)
        paragraph.addprevious(again)
        for element in _texts(again):
            if "{{" in (element.text or ""):
                element.text = line
                element.set(_SPACE, "preserve")
        keeps = again.find(f"{qn('w:pPr')}/{_KEEP}")
        if keeps is not None and number < len(told):
            _drop(keeps)
    _drop(paragraph)


def _is_needed(paragraph: Any) -> bool:
    """A cell has a paragraph at least, and a part of the document ends with one."""
    cell = paragraph.getparent()
    return (cell.tag == _TC and len(cell.findall(_P)) == 1) or paragraph.find(
        f"{qn('w:pPr')}/{qn('w:sectPr')}"
    ) is not None


def _as_text(values: Mapping[str, str]) -> dict[str, str]:
    return {name: printable(value).replace("{", _BRACE) for name, value in values.items()}


def printable(text: str) -> str:
    """A text as a document can hold it."""
    # What XML cannot hold would stop the whole paper; a visible mark stands in its place.
    return _NOT_XML.sub("\ufffd", text)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _drop(element: Any) -> None:
    if element is not None and element.getparent() is not None:
        element.getparent().remove(element)
