from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from adapters.documents.official_layout import document_bytes
from tests.adapters.documents.conftest import MakePaper


def opened(numbered: Any) -> Any:
    return docx.Document(io.BytesIO(document_bytes(numbered, "督查室")))


@pytest.mark.parametrize(
    ("level", "title"), [("blue", "督办单（蓝色）"), ("yellow", "督办单（黄色）"), ("red", "督办单（红色）")]
)
def test_an_escalation_order_bears_its_colour_in_the_title(make_paper: MakePaper, level: str, title: str) -> None:
    """The level is read from afar."""
    document = opened(make_paper(kind="escalation_order", level=level, to="分管领导"))

    assert document.paragraphs[1].text == title


@pytest.mark.parametrize(
    ("kind", "title"), [("supervision_order", "督查通知单"), ("urge", "催办单"), ("inspection_record", "督查记录")]
)
def test_each_kind_has_its_letterhead(make_paper: MakePaper, kind: str, title: str) -> None:
    """The second line of the head, under the issuer."""
    document = opened(make_paper(kind=kind, level="yellow" if kind == "inspection_record" else None))

    assert [paragraph.text for paragraph in document.paragraphs[:2]] == ["督查室", title]


def test_a_document_is_an_a4_page_in_official_fonts(make_paper: MakePaper) -> None:
    """The national layout: A4, imitation Song for the text, small standard Song for the head."""
    document = opened(make_paper())

    section = document.sections[0]
    fonts = {element.get(qn("w:eastAsia")) for element in document.element.iter(qn("w:rFonts"))}
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round(section.top_margin.mm) == 37
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert {"方正小标宋简体", "黑体"} <= fonts


def test_an_order_lists_its_duties_one_by_one(make_paper: MakePaper) -> None:
    """Each milestone of a supervision order has a paragraph of its own, and nothing of the text is lost."""
    body = "由组织部牵头，现予交办。节点和时限：2018-05a-01 下发通知，2018年4月30日前；2018-05a-02 配备到位，时限待定。"
    document = opened(make_paper(kind="supervision_order", body=body, milestone_id=None, due_on=None))

    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "2018-05a-01 下发通知，2018年4月30日前；" in texts
    assert "2018-05a-02 配备到位，时限待定。" in texts
    assert body in "".join(texts)


def test_an_inspection_record_has_room_for_its_findings(make_paper: MakePaper) -> None:
    """The form is filled in by hand."""
    document = opened(make_paper(kind="inspection_record", level="yellow"))

    labels = [row.cells[0].text for row in document.tables[-1].rows]
    assert labels == ["督查时间和人员", "督查情况", "存在问题", "督查结论", "被督查部门签字"]


def test_letters_that_a_document_cannot_hold_are_marked_and_do_not_stop_it(make_paper: MakePaper) -> None:
    """A control character in a reason costs one mark on the page."""
    document = opened(make_paper(body="请\x00立即\x0b办理。"))

    assert "请\ufffd立即\ufffd办理。" in [paragraph.text for paragraph in document.paragraphs]


def test_the_date_under_the_signature_is_the_office_s_day(make_paper: MakePaper) -> None:
    """An instant late in the UTC day is already tomorrow in the office."""
    document = opened(make_paper(issued_at=datetime(2018, 6, 3, 20, 0, tzinfo=UTC)))

    assert "2018年6月4日" in [paragraph.text for paragraph in document.paragraphs]


def test_a_document_is_small(make_paper: MakePaper) -> None:
    """A page carries no template that it does not use: thousands of papers a year stay tens of megabytes."""
    assert len(document_bytes(make_paper(), "督查室")) < 15_000
