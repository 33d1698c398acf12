"""What a paper says in the fields of its template."""

from __future__ import annotations

import re
from collections.abc import Container

from adapters.documents.template import Vocabulary
from domain.clock import OFFICE_TIME
from domain.papers.draft import chinese_date
from domain.papers.paper import NumberedPaper, Paper, PaperKind

DUTY_FIELDS = ("序号", "事项", "责任部门", "时限")
"""A line of a table of duties: its number in the list, what, who, and until when or with what result."""
_PROJECT, _BEFORE = "重点项目", "此前督办情况"
OF_PAPERS = Vocabulary(
    fields=frozenset(
        {"发文机关", "文号", "标题", "主送", "抄送", "成文日期", "联系人", _PROJECT, "办理事项"}
        | {"完成时限", "反馈时限", _BEFORE}
    ),
    lines=frozenset({"正文", "表后正文"}),
    of_a_row=frozenset(DUTY_FIELDS),
    wanted=frozenset({"文号", "主送", "正文", "成文日期", "发文机关"}),
)
_FORMS: frozenset[PaperKind] = frozenset(
    {"supervision_order", "urge", "escalation_order", "inspection_record", "limit_escalation"}
)
_DUTIES, _AS_FOLLOWS = "节点和时限：", "办理事项和时限如下："
_BEHIND_THE_LIST = re.compile("。((?:已到期的[^。]*。)?请[^。]*。)$")
_ASKED = re.compile("^(.*)[，。；](?=请[^。]*。$)", re.DOTALL)
_NO_MORE = "特此通知。"
_CLOSING = re.compile("(。”?)(?=(?:(?:请|现|理由：|审核意见：)[^。]*。)+$)")

Values = dict[str, str]


def paper_values(
    numbered: NumberedPaper, issuer: str, contact: str, fields: Container[str]
) -> tuple[Values, list[Values], Values]:
    """The fields of a paper, the lines of its table, and what the document says of itself.

    `fields` are those of the template: where it has a table of duties, the text says no more what stands there; where
    it has no place for what went before, or for the project with its number in the list, the text says that too.
    """
    paper = numbered.paper
    opening, tail = _around_the_table(paper) if DUTY_FIELDS[1] in fields else (paper.body, "")
    if paper.serial and _PROJECT not in fields:
        opening = opening.replace(f"{_PROJECT}“", f"第{paper.serial}项{_PROJECT}“", 1)
    day = paper.issued_at.astimezone(OFFICE_TIME).date()
    this_year = f"{day.year}年"
    before = "；".join(each.removeprefix(this_year) for each in paper.before or ())
    ahead = paper.due_on is not None and paper.due_on > day
    due = chinese_date(paper.due_on) if paper.due_on else ""
    title = paper.project_title
    values = {
        "发文机关": issuer,
        "文号": numbered.number,
        "标题": _heading(paper),
        "主送": paper.to,
        "抄送": "，".join(paper.copies_to),
        "正文": in_paragraphs(opening, "" if _BEFORE in fields else before),
        "表后正文": tail,
        _BEFORE: before,
        "成文日期": chinese_date(day),
        "联系人": contact,
        _PROJECT: f"第{paper.serial}项　{title}" if paper.serial else title,
        "办理事项": paper.item or "",
        "完成时限": due,
        "反馈时限": f"{due}前" if ahead else "",
    }
    rows = [
        dict(zip(DUTY_FIELDS, (each.number, each.what, each.who, each.due.removeprefix(this_year)), strict=True))
        for each in paper.duties or ()
    ]
    properties = {
        "title": f"{paper.title} {numbered.number}",
        "subject": paper.project_title,
        "author": issuer,
        "language": "zh-CN",
        # The instant of the paper, not of its printing: produced again, the document is the same.
        "at": f"{paper.issued_at.astimezone(OFFICE_TIME):%Y-%m-%dT%H:%M:%SZ}",
    }
    return values, rows, properties


def _heading(paper: Paper) -> str:
    """The title of a notice says what it is about, as the layout asks; a form's is its name."""
    if paper.serial is None or paper.kind in _FORMS:
        return paper.title
    return f"关于第{paper.serial}项{_PROJECT}的{paper.title}"


def in_paragraphs(text: str, before: str) -> str:
    """The text with its closing sentences, which say what is done or asked for, in a paragraph of their own behind what
    went before: what is kept on one page with the signature is short, and the text fills the page where it begins."""
    told, *closing = _CLOSING.sub("\\1\n", text, count=1).split("\n", 1)
    return "\n".join([told, *([f"{_BEFORE}：{before}。"] if before else []), *closing])


def _around_the_table(paper: Paper) -> tuple[str, str]:
    """What an order says before its table and after it: the table stands in the place of the duties' list, and what is
    asked for behind it, so that the signature has text above it."""
    opening, mark, told = paper.body.partition(_DUTIES)
    if mark and paper.duties:
        asked = _BEHIND_THE_LIST.search(told)
        return f"{opening}{_AS_FOLLOWS}", asked[1] if asked else _NO_MORE
    opening, asked_for, tail = _ASKED.sub("\\1。\n", paper.body).partition("\n请")
    if not (asked_for and paper.duties):
        return paper.body, _NO_MORE
    return f"{opening}{_AS_FOLLOWS}", f"请{tail}"
