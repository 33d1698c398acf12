"""The one paper of a morning: a table of all that reaches an addressee, what presses most on top."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from docx.shared import Mm, Pt

from adapters.documents.docx_parts import add_table, add_text, new_document, set_body_style
from adapters.documents.official_layout import (
    BLACK,
    BODY_FONT,
    HEADING_FONT,
    add_mark,
    add_receipt,
    add_signature,
    add_title,
    saved,
    set_page,
)
from adapters.documents.template import Template, Vocabulary
from domain.clock import OFFICE_TIME
from domain.papers.draft import chinese_date
from domain.papers.mail import DIGEST_TITLE, Digest
from domain.papers.message_lines import is_urgent
from domain.papers.paper import NumberedPaper

_HEADS = ("序号", "文号", "文书", "项目和事项", "时限", "签收")
_ROW = ("序号", "文号", "文书", "项目和事项", "时限")
_WIDTHS = (Mm(9), Mm(38), Mm(20), Mm(55), Mm(22), Mm(12))
"""A number of four digits and a date of the same year stand in one line each, whatever the font."""
OF_DIGESTS = Vocabulary(
    fields=frozenset({"发文机关", "主送", "成文日期", "联系人", "件数", "急件"}),
    lines=frozenset(),
    of_a_row=frozenset(_ROW),
    wanted=frozenset({"主送", "文号", "成文日期"}),
)


def digest_bytes(
    digest: Digest, sent_at: datetime, issuer: str, contact: str = "", own: Template | None = None
) -> bytes:
    """The document of a digest: the same bytes for the same digest, instant, issuer and contact."""
    at = sent_at.astimezone(OFFICE_TIME)
    urgent = sum(is_urgent(numbered.paper) for numbered in digest.items)
    values = {
        "发文机关": issuer,
        "主送": digest.addressee,
        "成文日期": chinese_date(at.date()),
        "联系人": contact,
        "件数": str(len(digest.items)),
        "急件": f"，其中急件{urgent}件" if urgent else "",
    }
    items = sorted(digest.items, key=lambda numbered: not is_urgent(numbered.paper))
    rows = [_row(number, numbered, digest.addressee, at.year) for number, numbered in enumerate(items, start=1)]
    title = f"{DIGEST_TITLE}（{digest.addressee}，{chinese_date(at.date())}）"
    properties = {"title": title, "author": issuer, "language": "zh-CN", "at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    return (own or _built_in(issuer)).filled(values, rows, properties)


@lru_cache(maxsize=8)
def _built_in(issuer: str) -> Template:
    return Template(digest_template_bytes(issuer), OF_DIGESTS, DIGEST_TITLE)


def digest_template_bytes(issuer: str) -> bytes:
    """The built-in template as a document."""
    document = new_document()
    set_page(document)
    set_body_style(document, BODY_FONT, Pt(16))
    add_mark(document, issuer)
    add_title(document, DIGEST_TITLE, BLACK)
    add_text(document, "{{主送}}：")
    add_text(document, "现将{{成文日期}}的督办文书汇总送达，共{{件数}}件{{急件}}：", indented=True)
    fields = [*(f"{{{{{name}}}}}" for name in _ROW), ""]
    add_table(document, _HEADS, [fields], _WIDTHS, heading_font=HEADING_FONT, size=Pt(10.5), centred=(0, 1, 2, 4))
    # No page has a signature and nothing of the text.
    add_text(document, "请逐件办理，一并签收。", indented=True).paragraph_format.keep_with_next = True
    add_signature(document, issuer)
    add_receipt(document, [("签收人及日期", "", 12)])
    return saved(document)


def _row(number: int, numbered: NumberedPaper, addressee: str, year: int) -> dict[str, str]:
    paper = numbered.paper
    copy = "（抄送）" if paper.to != addressee else ""
    serial = f"第{paper.serial}项　" if paper.serial else ""
    about = f"{serial}{paper.project_title}" + (f"：{paper.item}" if paper.item else "")
    due = chinese_date(paper.due_on).removeprefix(f"{year}年") if paper.due_on else ""
    return dict(zip(_ROW, (str(number), numbered.number, f"{paper.title}{copy}", about, due), strict=True))
