from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any, get_args

import docx
import pytest
from docx.oxml.ns import qn

from adapters.documents.official_layout import document_bytes
from domain.papers.paper import DOCUMENT_KINDS, DutyLine, Matter
from tests.adapters.documents.conftest import MakePaper


def opened(numbered: Any) -> Any:
    return docx.Document(io.BytesIO(document_bytes(numbered, "督查室")))


def labels_of(document: Any) -> list[str]:
    """The labels of the form of a paper."""
    return [row.cells[0].text for row in document.tables[-2].rows]


def imprint_of(document: Any) -> list[list[str]]:
    """What stands at a paper's end, row by row."""
    return [list(dict.fromkeys(cell.text for cell in row.cells)) for row in document.tables[-1].rows]


@pytest.mark.parametrize(
    ("level", "title"), [("blue", "督办单（蓝色）"), ("yellow", "督办单（黄色）"), ("red", "督办单（红色）")]
)
def test_an_escalation_order_bears_its_colour_in_the_title(make_paper: MakePaper, level: str, title: str) -> None:
    """The level is read from afar."""
    document = opened(make_paper(kind="escalation_order", level=level, to="分管领导"))

    assert document.paragraphs[2].text == title


@pytest.mark.parametrize(
    ("kind", "title"), [("supervision_order", "督查通知单"), ("urge", "催办单"), ("inspection_record", "督查记录")]
)
def test_each_kind_has_its_letterhead(make_paper: MakePaper, kind: str, title: str) -> None:
    """The office's mark, the number, and the title under the red line."""
    document = opened(make_paper(kind=kind, level="yellow" if kind == "inspection_record" else None))

    texts = [paragraph.text for paragraph in document.paragraphs[:3]]
    assert (texts[0], texts[1][-3:], texts[2]) == ("督查室", "〕3号", title)


@pytest.mark.parametrize(
    ("kind", "serial", "title"),
    [
        ("completion_notice", "5", "关于第5项重点项目的办结通知"),
        ("completion_notice", None, "办结通知"),
        ("directive", "5", "关于落实第5项重点项目领导批示的通知"),
        ("urge", "5", "催办单"),
    ],
)
def test_the_title_of_a_notice_says_what_it_is_about(
    make_paper: MakePaper, kind: str, serial: str | None, title: str
) -> None:
    """By the number in the list, where the row has one; a form bears its name."""
    assert opened(make_paper(kind=kind, serial=serial)).paragraphs[2].text == title


def test_a_document_is_an_a4_page_in_official_fonts(make_paper: MakePaper) -> None:
    """The national layout: A4, imitation Song for the text, small standard Song for the head."""
    document = opened(make_paper())

    section = document.sections[0]
    fonts = {element.get(qn("w:eastAsia")) for element in document.element.iter(qn("w:rFonts"))}
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round(section.top_margin.mm) == 37
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert {"方正小标宋简体", "黑体"} <= fonts


def test_an_order_has_its_duties_in_a_table(make_paper: MakePaper) -> None:
    """Number as the list prints it, what, who and until when; the text goes on after it with what is asked for."""
    body = "由组织部牵头，现予交办。节点和时限：5（1） 下发通知，2018年4月30日前。请于2018年5月4日前签收并办理。"
    duties = (
        DutyLine(number="5（1）", what="下发通知", who="组织部、学校部", due="2018年4月30日"),
        DutyLine(number="5（2）", what="配备到位", who="组织部", due="待定"),
    )
    document = opened(make_paper(kind="supervision_order", body=body, duties=duties, milestone_id=None, due_on=None))

    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        ["序号", "办理事项", "责任部门", "完成时限"],
        ["5（1）", "下发通知", "组织部、学校部", "4月30日"],
        ["5（2）", "配备到位", "组织部", "待定"],
    ]
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "由组织部牵头，现予交办。具体如下：" in texts
    assert "请于2018年5月4日前签收并办理。" in texts


def test_offices_that_several_lines_name_alike_stand_once(make_paper: MakePaper) -> None:
    """In one cell beside all of them, as an office merges it: the table is no higher than what is to be done."""
    duties = tuple(
        DutyLine(number=f"5（{place}）", what=f"事项{place}", who=who, due="5月31日")
        for place, who in enumerate(("组织部", "组织部", "学校部", "组织部"), start=1)
    )
    table = opened(make_paper(kind="supervision_order", duties=duties)).tables[0]
    cells = [row._tr.tc_lst[2] for row in table.rows][1:]
    assert [cell.vMerge for cell in cells] == ["restart", "continue", "restart", "restart"]
    assert ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in cells] == [
        "组织部",
        "",
        "学校部",
        "组织部",
    ]
    assert {row._tr.tc_lst[3].vMerge for row in table.rows} == {None}


@pytest.mark.parametrize(
    ("body", "before", "after"),
    [
        ("现交由机关党委承担，请于5月18日前签收。", "现交由机关党委承担。具体如下：", "请于5月18日前签收。"),
        (
            "现予交办。节点和时限：5（1） 下发通知。已到期的5（1），请补报实际完成情况和日期。请于5月18日前签收。",
            "现予交办。具体如下：",
            "已到期的5（1），请补报实际完成情况和日期。请于5月18日前签收。",
        ),
        ("年度督办结束：已办结销号1项。", "年度督办结束：已办结销号1项。", "特此通知。"),
    ],
)  # fmt: skip
def test_between_a_table_and_the_signature_stands_some_text(
    make_paper: MakePaper, body: str, before: str, after: str
) -> None:
    """What is asked for, or one closing sentence: a signature with no text above it could be put to anything."""
    duties = (DutyLine(number="5（1）", what="下发通知", who="组织部", due="待定"),)
    document = opened(make_paper(kind="supervision_order", body=body, duties=duties))
    table = document.tables[0]._tbl
    assert [table.getprevious().xpath("string()"), table.getnext().xpath("string()")] == [before, after]


def test_a_paper_has_no_internal_id(make_paper: MakePaper) -> None:
    """What the program calls a project or a milestone stands nowhere on the page, nor in the document's properties."""
    duties = (DutyLine(number="5（1）", what="下发通知", who="组织部", due="待定"),)
    for kind in DOCUMENT_KINDS:
        document = opened(make_paper(kind=kind, duties=duties if kind == "supervision_order" else None))
        assert "2018-05a" not in document.element.xml
        assert "2018-05a" not in document.core_properties.subject


def test_a_red_order_tells_what_went_before(make_paper: MakePaper) -> None:
    """Earlier urges and orders stand in the text with their days, those of another year with it."""
    before = ("2017年12月29日催办", "2018年6月4日催办", "2018年6月12日发蓝色督办单至部门负责人")
    body = "至今未办结。现发红色督办单，提请主要领导督促办理。"
    document = opened(make_paper(kind="escalation_order", level="red", before=before, body=body))

    texts = [paragraph.text for paragraph in document.paragraphs]
    place = texts.index("至今未办结。")
    assert texts[place + 1 : place + 3] == [
        "此前督办情况：2017年12月29日催办；6月4日催办；6月12日发蓝色督办单至部门负责人。",
        "现发红色督办单，提请主要领导督促办理。",
    ]


def test_a_letter_names_the_project_by_its_number_in_the_list(make_paper: MakePaper) -> None:
    """Once, in the text: no table stands between the title and the addressee, and a row without a number has none."""
    body = "重点项目“配备挂兼职干部”的节点“组织暑期见习”至今未办结。重点项目“配备挂兼职干部”另报。"
    for serial, said in (("5", "第5项重点项目"), (None, "重点项目")):
        document = opened(make_paper(body=body, serial=serial))
        texts = [paragraph.text for paragraph in document.paragraphs]
        assert texts[3:5] == ["组织部：", body.replace("重点项目", said, 1)]
        assert [kind.tag for kind in document.element.body][3:5] == [qn("w:p")] * 2


def test_a_paper_says_who_answers_questions_and_who_printed_it(make_paper: MakePaper) -> None:
    """The contact stands under the date, the issuer with the day of printing at the end."""
    content = docx.Document(io.BytesIO(document_bytes(make_paper(), "省委办公室督查室", "李明，电话：0571-87052345")))
    texts = [paragraph.text for paragraph in content.paragraphs]
    day = texts.index("2018年6月4日")
    assert texts[day - 1 : day + 2] == ["省委办公室督查室", "2018年6月4日", "（联系人：李明，电话：0571-87052345）"]
    assert imprint_of(content) == [["省委办公室督查室", "2018年6月4日印发"]]


@pytest.mark.parametrize(("due_on", "limited"), [(date(2018, 6, 20), True), (date(2018, 5, 31), False)])
def test_a_feedback_form_has_its_limit_where_it_lies_ahead(make_paper: MakePaper, due_on: date, limited: bool) -> None:
    """A day that is over is no limit for an answer."""
    document = opened(make_paper(kind="directive", due_on=due_on))
    assert labels_of(document) == [
        "反馈单（批示〔2018〕3号）",
        *(["反馈时限"] if limited else []),
        "落实情况",
        "负责人签字",
    ]


def test_no_line_of_the_head_or_a_table_is_wider_than_the_margins_leave(make_paper: MakePaper) -> None:
    """156 mm between the margins: tables have just that, and a long office's mark is set smaller."""
    duties = (DutyLine(number="5（1）", what="下发通知", who="组织部", due="待定"),)
    for kind in ("supervision_order", "urge"):
        numbered = make_paper(kind=kind, duties=duties if kind == "supervision_order" else None)
        document = docx.Document(io.BytesIO(document_bytes(numbered, "中国共产主义青年团浙江省委员会办公室督查室")))
        for table in document.tables:
            assert sum(cell.width.mm for cell in table.rows[-1].cells) <= 156.5
        mark = document.paragraphs[0]
        size = mark.runs[0].font.size
        assert size is not None
        assert len(mark.text) * size.pt <= 156 / 25.4 * 72


def test_an_inspection_record_is_the_inspector_s_own_form(make_paper: MakePaper) -> None:
    """What was found stands in the text; the rest is filled in by hand, and nobody of the department signs it."""
    document = opened(make_paper(kind="inspection_record", level="yellow"))

    assert labels_of(document) == [
        "督查记录（督记〔2018〕3号）",
        "督查时间和人员",
        "督查经过和佐证",
        "处理意见",
        "督查人员签字",
    ]


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


def test_a_long_last_paragraph_ends_in_one_of_its_own(make_paper: MakePaper) -> None:
    """The first page of a paper has text, also where a bulletin's words are one long sentence."""
    head, words = "现对组织部办理重点项目“配备挂兼职干部”的情况予以通报批评", "推进不力，" * 20 + "要整改。"
    for body, first, last in (
        (f"{head}：{words}", f"{head}。", words),
        (f"{head}：{words}请“组织部”抓紧。务必落实。", f"{head}：{words}请“组织部”抓紧。", "务必落实。"),
    ):
        told = docx.Document(
            io.BytesIO(document_bytes(make_paper(kind="bulletin", serial=None, body=body), "督查室"))
        ).paragraphs
        texts = [each.text for each in told]
        place = texts.index(last)
        assert texts[place - 1] == first
        assert told[place].paragraph_format.keep_with_next
        assert not told[place - 1].paragraph_format.keep_with_next


@pytest.mark.parametrize("matter", [*get_args(Matter), None])
def test_a_ruling_s_title_says_of_what(make_paper: MakePaper, matter: str | None) -> None:
    """As the paper itself has it; nothing where it does not say."""
    made = document_bytes(make_paper(kind="ruling", matter=matter, body="照此办理。"), "督查室")
    texts = [each.text for each in docx.Document(io.BytesIO(made)).paragraphs]
    assert f"关于第5项重点项目{matter or ''}的批复" in texts
