"""What a paper says in the fields of its template."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final, NamedTuple

from adapters.documents.archive import instant
from adapters.documents.sign_off import PLACES
from adapters.documents.template import Vocabulary
from domain.clock import office_day
from domain.papers.draft import chinese_date
from domain.papers.issuers import several
from domain.papers.paper import NumberedPaper, Paper, PaperKind
from domain.papers.wording import Say, as_drafted, capital

OF_ISSUERS = frozenset({"印发机关", *PLACES})
DUTY_FIELDS = ("序号", "事项", "责任部门", "时限")
"""A line of a table of duties: its number in the list, what, who, and until when or with what result."""
_PROJECT, _BEFORE = "重点项目", "此前督办情况"
OF_PAPERS = Vocabulary(
    fields=frozenset(
        {"发文机关", "文号", "标题", "主送", "抄送", "成文日期", "联系人", _PROJECT, "办理事项"}
        | {"完成时限", "反馈时限", "签发人", _BEFORE}
        | OF_ISSUERS
    ),
    lines=frozenset({"正文", "表后正文"}),
    of_a_row=frozenset(DUTY_FIELDS),
    wanted=frozenset({"文号", "主送", "正文", "成文日期", "发文机关"}),
)
_FORMS: frozenset[PaperKind] = frozenset(
    {"supervision_order", "urge", "escalation_order", "inspection_record", "limit_escalation"}
)
_OF_BULLETINS: Final = "办理情况"
_KEPT_LETTERS: Final = 84
"""Three lines."""
_LAST_SENTENCE: Final = re.compile("^(.*[。！？]”?)([^。！？“”]+[。！？])$", re.DOTALL)
_OF_A_BULLETIN: Final = re.compile("(?<=”的情况)(予以通报(?:批评|表扬))：")
_NUMBER: Final = re.compile(r"\bNo\. (?=\d)")
"""In a title of two lines, "No." and its number stay together."""
_NO_MORE = "特此通知。"
_TABLE = "具体如下："


class _Marks(NamedTuple):
    """Where a text in a language is parted: before the list of its duties, before what it asks for, before what closes
    it; how it names a project before its title, and what stands between parts, names and after a number."""

    duties: str
    behind_the_list: re.Pattern[str]
    please: str
    asked: re.Pattern[str]
    closing: re.Pattern[str]
    stop: str
    named: str
    parts: str
    names: str
    numbered: str
    space: str


_MARKS: Final = {
    "zh": _Marks(
        duties="节点和时限：",
        please="请",
        behind_the_list=re.compile("。((?:已到期的[^。]*。)?请[^。]*。)$"),
        asked=re.compile("^(.*)[，。；](?=请[^。]*。$)", re.DOTALL),
        closing=re.compile("(。”?)(?=(?:(?:请|现|理由：|审核意见：)[^。]*。)+$)"),
        stop="。",
        named=f"{_PROJECT}“",
        parts="；",
        names="，",
        numbered="　",
        space="",
    ),
    "en": _Marks(
        duties="Milestones and time limits: ",
        please="Please ",
        behind_the_list=re.compile("\\. ((?:What was due[^.]*\\. )?Please [^.]*\\.)$"),
        asked=re.compile("^(.*)[,.;] (?=Please [^.]*\\.$)", re.DOTALL),
        closing=re.compile(
            "(?<!\\bNo)([.。]”?) (?=(?:(?:Please|Reasons:|Opinion:|[^.]* is hereby) [^.]*\\.(?: |$))+$)"
        ),
        stop=".",
        named="key project “",
        parts="; ",
        names=", ",
        numbered=": ",
        space=" ",
    ),
}

Values = dict[str, str]


def paper_values(
    numbered: NumberedPaper, issuer: str, contact: str, fields: Container[str], say: Say = as_drafted
) -> tuple[Values, list[Values], Values]:
    """The fields of a paper, the lines of its table, and what the document says of itself.

    `fields` are those of the template: where it has a table of duties, the text says no more what stands there; where
    it has no place for what went before, or for the project with its number in the list, the text says that too. A
    paper in English has the same fields by English names.
    """
    paper = numbered.paper
    marks = _MARKS[paper.language or "zh"]
    opening, tail = _around_the_table(paper, marks, say) if say(DUTY_FIELDS[1]) in fields else (paper.body, "")
    if paper.serial and say(_PROJECT) not in fields:
        opening = opening.replace(marks.named, say(f"第{paper.serial}项{_PROJECT}“"), 1)
    day = office_day(paper.issued_at)
    this_year = f"{day.year}年"
    before = marks.parts.join(each.removeprefix(this_year) for each in paper.before or ())
    ahead = paper.due_on is not None and paper.due_on > day
    due = say(chinese_date(paper.due_on)) if paper.due_on else ""
    title = paper.project_title
    values = {
        **issuers_values(issuer, fields, say),
        "文号": numbered.number,
        "标题": _NUMBER.sub("No.\u00a0", capital(say(_heading(paper)))),
        "主送": say(paper.to),
        "抄送": marks.names.join(map(say, paper.copies_to)),
        "正文": in_paragraphs(opening, "" if say(_BEFORE) in fields else before, marks, say),
        "表后正文": tail,
        _BEFORE: before,
        "成文日期": say(chinese_date(day)),
        "联系人": contact,
        _PROJECT: f"{say(f'第{paper.serial}项')}{marks.numbered}{title}" if paper.serial else title,
        "办理事项": paper.item or "",
        "完成时限": due,
        "反馈时限": (f"{due}前" if paper.language is None else due) if ahead else "",
    }
    rows = [
        dict(
            zip(
                map(say, DUTY_FIELDS),
                (each.number, each.what, each.who, each.due.removeprefix(this_year)),
                strict=True,
            )
        )
        for each in paper.duties or ()
    ]
    properties = {
        "title": f"{say(paper.title)} {numbered.number}",
        "subject": paper.project_title,
        "author": issuer,
        "language": "zh-CN" if paper.language is None else paper.language,
        # The instant of the paper, not of its printing: produced again, the document is the same.
        "at": instant(paper.issued_at),
    }
    return {say(name): value for name, value in values.items()}, rows, properties


def issuers_values(issuer: str, fields: Container[str], say: Say) -> Values:
    """Who issues: every office in a line of its own, who prints, and each name in its place of a signature; the last
    stands over the date, whatever is free before it."""
    names = several(issuer)
    places = [name for name in PLACES if say(name) in fields]
    last, free = max(min(len(places), len(names)) - 1, 0), [""] * (len(places) - len(names))
    return {
        "发文机关": "\n".join(names),
        "印发机关": names[0],
        **dict(zip(places, (*names[:last], *free, " ".join(names[last:])), strict=False)),
    }


def _heading(paper: Paper) -> str:
    """The title of a notice says what it is about, as the layout asks; a form's is its name."""
    if paper.serial is None or paper.kind in _FORMS:
        return paper.title
    if paper.kind == "directive":
        # The office's notice of it: the directive is the leader's own.
        return f"关于落实第{paper.serial}项{_PROJECT}{paper.title}的通知"
    matter = _OF_BULLETINS if paper.kind == "bulletin" else paper.matter or ""
    return f"关于第{paper.serial}项{_PROJECT}{matter}的{paper.title}"


def in_paragraphs(text: str, before: str, marks: _Marks, say: Say) -> str:
    """The text with its closing sentences, which say what is done or asked for, in a paragraph of their own behind what
    went before: what is kept on one page with the signature is short, and the text fills the page where it begins."""
    told, *closing = marks.closing.sub("\\1\n", text, count=1).split("\n", 1)
    *others, last = [told, *([say(f"{_BEFORE}：{before}。")] if before else []), *closing]
    return "\n".join([*others, _parted(last) if marks is _MARKS["zh"] else last])


def _parted(last: str) -> str:
    """A last paragraph of many lines in two, before its last sentence: kept with the signature as a whole, it would
    leave a first page without text."""
    if len(last) <= _KEPT_LETTERS:
        return last
    if found := _LAST_SENTENCE.match(last):
        return f"{found[1]}\n{found[2]}"
    return _OF_A_BULLETIN.sub("\\1。\n", last, count=1)


def _around_the_table(paper: Paper, marks: _Marks, say: Say) -> tuple[str, str]:
    """What an order says before its table and after it: the table stands in the place of the duties' list, and what is
    asked for behind it, so that the signature has text above it."""
    opening, mark, told = paper.body.partition(marks.duties)
    if mark and paper.duties:
        asked = marks.behind_the_list.search(told)
        tail = asked[1] if asked else say(_NO_MORE)
    else:
        opening, asked_for, tail = marks.asked.sub(f"\\1{marks.stop}\n", paper.body).partition(f"\n{marks.please}")
        if not (asked_for and paper.duties):
            return paper.body, say(_NO_MORE)
        tail = f"{marks.please}{tail}"
    return f"{opening.rstrip()}{marks.space}{say(_TABLE)}", tail
