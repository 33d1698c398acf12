"""Templates with what every paper would carry into the world: refused when they are loaded, with the place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.documents.office_templates import read_templates
from adapters.documents.template import UnreadableTemplateError
from tests.adapters.documents.built_in import begun

_BODY = "word/document.xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_PARTED = (
    f"<w:p>{_BEGIN}<w:r><w:instrText>INCLUDE</w:instrText></w:r>"
    '<w:r><w:instrText>PICTURE "http://example.org/a"</w:instrText></w:r></w:p>'
)


def folder_with(folder: Path, inserted: str = "", parts: Mapping[str, str] | None = None) -> Path:
    """A folder with one template: the built-in one with something at its end, and with other parts."""
    file = begun(folder, "催办单")
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept[_BODY] = kept[_BODY].replace(b"<w:sectPr", f"{inserted}<w:sectPr".encode(), 1)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**kept, **{name: text.encode() for name, text in (parts or {}).items()}}.items():
            archive.writestr(name, content)
    return folder


def text(words: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("inserted", "told"),
    [
        (text("｛｛文号｝｝"), "正文第11段“｛｛文号｝｝”：{{文号}}应写在两对半角花括号里"),
        (text("第{文号}"), "{{文号}}应写在两对半角花括号里"),
        (text("{{{文号}}}"), "花括号不成对"),
        ('<w:p><w:del w:author="张"><w:r><w:delText>旧话</w:delText></w:r></w:del></w:p>', "有未处理的修订"),
        ('<w:p><w:ins w:author="张"><w:r><w:t>新话</w:t></w:r></w:ins></w:p>', "“新话”：有未处理的修订"),
        (_PARTED, "含有域“INCLUDEPICTURE”"),
        ('<w:p><w:fldSimple w:instr=" dde cmd.exe"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>', "含有域“DDE”"),
        (f"<w:p>{_BEGIN}<w:r><w:instrText>DATE</w:instrText></w:r></w:p>", "含有域“DATE”"),
    ],
)
def test_a_paragraph_that_no_paper_may_have_is_told(tmp_path: Path, inserted: str, told: str) -> None:
    """Braces of another width, changes that nobody accepted, and commands, also those that are parted into runs."""
    with pytest.raises(UnreadableTemplateError) as refused:
        read_templates(folder_with(tmp_path, inserted))
    assert told in refused.value.text


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("word/comments.xml", f'<w:comments {_W}><w:comment w:author="李"/></w:comments>', "含有批注"),
        ("word/embeddings/oleObject1.bin", "x", "嵌入的对象"),
        ("word/footnotes.xml", f"<w:footnotes {_W}>{text('{{乙}}')}</w:footnotes>", "脚注第1段“{{乙}}”：没有字段"),
        ("word/settings.xml", "<w:settings", "word/settings.xml 已损坏"),
        ("word/styles.xml", '<!DOCTYPE d [<!ENTITY a "b">]><d/>', "word/styles.xml：不是 Word 写的"),
    ],
)  # fmt: skip
def test_a_part_that_no_paper_may_have_is_told(tmp_path: Path, part: str, content: str, told: str) -> None:
    """Remarks of people inside the office, objects, fields in notes, definitions of entities."""
    with pytest.raises(UnreadableTemplateError) as refused:
        read_templates(folder_with(tmp_path, parts={part: content}))
    assert told in refused.value.text


@pytest.mark.parametrize("gone", ["[Content_Types].xml", "word/styles.xml", "word/footer1.xml"])
def test_a_part_that_the_file_names_and_has_not_is_told(tmp_path: Path, gone: str) -> None:
    """Word would open none of the papers that it makes."""
    file = folder_with(tmp_path) / "催办单.docx"
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != gone}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(UnreadableTemplateError, match=f"缺少.*{re.escape(gone)}，请用 Word 或 WPS 重新另存"):
        read_templates(tmp_path)


@pytest.mark.parametrize("ending", [".doc", ".docm", ".dotx", ".wps"])
def test_a_template_in_another_format_is_not_passed_over(tmp_path: Path, ending: str) -> None:
    """It would be used for nothing, and the built-in one would go out; a file of another name is nobody's template."""
    file = folder_with(tmp_path) / "催办单.docx"
    (tmp_path / "说明.doc").write_bytes(b"")
    assert list(read_templates(tmp_path)) == ["催办单"]
    file.rename(file.with_suffix(ending))
    with pytest.raises(UnreadableTemplateError, match=r"另存为 \.docx"):
        read_templates(tmp_path)


def test_what_a_page_and_a_text_need_is_let_through(tmp_path: Path) -> None:
    """A page's number, a field in a note, braces around other words."""
    notes = {"word/footnotes.xml": f"<w:footnotes {_W}>{text('见{{文号}}')}</w:footnotes>"}
    page = f"<w:p>{_BEGIN}<w:r><w:instrText> NUMPAGES \\* MERGEFORMAT</w:instrText></w:r></w:p>"
    assert list(read_templates(folder_with(tmp_path, page + text("{甲}和｛乙｝"), notes))) == ["催办单"]
