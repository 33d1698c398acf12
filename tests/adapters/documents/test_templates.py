"""An office's own templates: filled as they are, refused with the place of what is wrong in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.office_templates import read_templates, write_built_in
from adapters.documents.official_layout import document_bytes
from adapters.documents.template import UnreadableTemplateError
from domain.papers.mail import DIGEST_TITLE
from domain.papers.paper import DutyLine
from tests.adapters.documents.built_in import begun
from tests.adapters.documents.conftest import MakePaper

Change = Callable[[Document], object]


def own(folder: Path, title: str, change: Change) -> Path:
    """A folder with one template: the built-in one, changed."""
    file = begun(folder, title)
    document = docx.Document(str(file))
    change(document)
    document.save(str(file))
    return folder


def paragraph_of(document: Document, text: str) -> int:
    """The place of the paragraph with this text."""
    return [paragraph.text for paragraph in document.paragraphs].index(text)


def written(text: str) -> Change:
    """A change of the second paragraph."""
    return lambda each: setattr(each.paragraphs[1].runs[0], "text", text)


def in_the_table(text: str) -> Change:
    """A change of the third cell of the row of duties."""
    return lambda each: setattr(each.tables[0].cell(1, 2).paragraphs[0], "text", text)


def in_the_footer(text: str) -> Change:
    """A change of the foot of the page."""
    return lambda each: setattr(each.sections[0].footer.paragraphs[0], "text", text)


async def test_what_an_office_changes_in_word_stands_in_its_papers(tmp_path: Path, make_paper: MakePaper) -> None:
    """A sentence of its own, a field parted by the word processor, and another kind of paper left as built in."""

    def change(document: Document) -> None:
        document.paragraphs[paragraph_of(document, "{{正文}}")].insert_paragraph_before("按照工作规则，")
        title = document.paragraphs[paragraph_of(document, "{{标题}}")]
        title.runs[0].text = "关于{{办"
        title.add_run("理事")
        title.add_run("项}}的催办")

    store = DocxDocumentStore(tmp_path / "papers", templates=read_templates(own(tmp_path / "own", "催办单", change)))
    place = await store.produce(make_paper())
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "papers" / place)).paragraphs]
    assert "按照工作规则，" in texts
    assert "关于组织暑期见习的催办" in texts
    other = make_paper(kind="directive")
    place = await store.produce(other)
    assert (tmp_path / "papers" / place).read_bytes() == document_bytes(other, "督查室")


@pytest.mark.parametrize(
    ("title", "change", "told"),
    [
        ("催办单", written("{{文号码}}"), "正文第2段“{{文号码}}”：没有字段{{文号码}}（是否想写{{文号}}？）"),
        ("催办单", lambda each: each.add_paragraph("依据{{正文}}"), "“依据{{正文}}”：字段{{正文}}应独占一段"),
        ("催办单", lambda each: each.add_paragraph("{{文号"), "“{{文号”：花括号不成对"),
        ("催办单", lambda each: each.add_paragraph("{% for 行 in 表 %}"), "没有“{%”这种写法"),
        ("催办单", lambda each: each.add_paragraph("{{事项}}"), "字段{{事项}}只能写在表格的一行里"),
        ("督查通知单", in_the_table("{{部门}}"), "正文第1张表第2行第3格“{{部门}}”：没有字段{{部门}}"),
        ("督办单（红色）", in_the_footer("{{页}}"), "页脚第1段“{{页}}”：没有字段{{页}}"),
        ("办结通知", written("无"), "全文缺少字段{{文号}}"),
        (DIGEST_TITLE, lambda each: each.add_paragraph("{{正文}}"), "没有字段{{正文}}"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, title: str, change: Change, told: str) -> None:
    """The file, the part, the paragraph or the cell, and what to write instead; no paper is made on it."""
    with pytest.raises(UnreadableTemplateError) as refused:
        read_templates(own(tmp_path, title, change))
    assert f"“{title}.docx”" in refused.value.text
    assert told in refused.value.text


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Whoever mends a template opens it once."""

    def change(document: Document) -> None:
        for name in ("{{甲}}", "{{乙}}"):
            document.add_paragraph(name)

    with pytest.raises(UnreadableTemplateError) as refused:
        read_templates(own(tmp_path, "催办单", change))
    assert len(refused.value.faults) == 2


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_what_is_no_document_is_refused(tmp_path: Path, content: bytes) -> None:
    """A .doc under another name, an empty file, a download that broke off."""
    (tmp_path / "催办单.docx").write_bytes(content)
    with pytest.raises(UnreadableTemplateError, match="不是"):
        read_templates(tmp_path)


def test_a_template_that_fetches_something_from_elsewhere_is_refused(tmp_path: Path) -> None:
    """Whoever opens a paper must not be known to another server."""
    write_built_in(tmp_path, "督查室")
    file = tmp_path / "催办单.docx"
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    picture = (
        b'<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        b' Target="http://example.org/a.png" TargetMode="External"/></Relationships>'
    )
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", picture)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(UnreadableTemplateError, match="引用了文件以外"):
        read_templates(tmp_path)


def test_a_file_that_is_named_as_no_paper_is_refused(tmp_path: Path) -> None:
    """It would be used for nothing, and nobody would know; what Word leaves beside an open file is passed over."""
    (tmp_path / "~$催办单.docx").write_bytes(b"")
    assert read_templates(tmp_path) == {}
    (tmp_path / "催办.docx").write_bytes(b"")
    with pytest.raises(UnreadableTemplateError, match="没有叫“催办”的文书"):
        read_templates(tmp_path)


def test_what_the_built_in_templates_make_is_what_is_made_without(tmp_path: Path, make_paper: MakePaper) -> None:
    """An office that takes them out and changes nothing changes nothing; what it changed is not written over."""
    names = write_built_in(tmp_path, "督查室")
    assert write_built_in(tmp_path, "督查室") == []
    templates = read_templates(tmp_path)
    assert {f"{title}.docx" for title in templates} == set(names)
    numbered = make_paper()
    assert document_bytes(numbered, "督查室", "", templates["催办单"]) == document_bytes(numbered, "督查室")


def test_what_people_wrote_is_no_field(make_paper: MakePaper) -> None:
    """A title or a duty with the name of a field in it stays what it is, and mark-up stays text."""
    duties = (DutyLine(number="1", what="{{联系人}}<w:br/>=1+1", who="{{文号}}", due="待定"),)
    numbered = make_paper(kind="closing_notice", duties=duties, body="依据{{文号}}办理&amp;。")
    document = docx.Document(io.BytesIO(document_bytes(numbered, "督查室", "李明")))
    assert [cell.text for cell in document.tables[0].rows[1].cells] == [
        "1",
        "{{联系人}}<w:br/>=1+1",
        "{{文号}}",
        "待定",
    ]
    assert "依据{{文号}}办理&amp;。" in [paragraph.text for paragraph in document.paragraphs]


def test_nothing_stands_over_nothing(make_paper: MakePaper) -> None:
    """Without a contact, copies, a due date or a table, their lines and heads fall away."""
    numbered = make_paper(kind="closing_notice", duties=None, due_on=None, item=None)
    document = docx.Document(io.BytesIO(document_bytes(numbered, "督查室")))
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    assert "联系人" not in text
    (imprint,) = document.tables
    assert [cell.text for row in imprint.rows for cell in row.cells] == ["督查室", "2018年6月4日印发"]
    assert "{{" not in document.element.xml
