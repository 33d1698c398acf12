"""A digest as a letter that a department reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.clock import OFFICE_TIME
from domain.papers.draft import chinese_date
from domain.papers.mail import Digest
from domain.papers.paper import PAPER_TITLES, NumberedPaper, PaperKind

READING_ORDER: tuple[PaperKind, ...] = (
    "directive",
    "escalation_order",
    "limit_escalation",
    "urge",
    "inspection_notice",
    "inspection_conclusion",
    "return_notice",
    "ruling",
    "supervision_order",
    "pace_warning",
    "reminder",
    "limit_reminder",
    "status_notice",
    "bulletin",
    "completion_notice",
    "strike_off_notice",
    "closing_notice",
    "inspection_record",
)
"""What presses most stands first."""

_ORDINALS = (
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
    "十七",
    "十八",
)


def letter(digest: Digest, documents: Mapping[str, str], sent_at: datetime, head: str = "") -> str:
    """The whole letter: a greeting, then the items by kind, each with what it is about and where its document lies; at
    the end the ledger's last head, where there is one."""
    day = chinese_date(sent_at.astimezone(OFFICE_TIME).date())
    lines = [f"{digest.addressee}：", "", f"    现将{day}的督办文书汇总送达，共{len(digest.items)}件，请及时办理。"]
    if digest.digest_id in documents:
        lines += ["", f"    汇总单：{documents[digest.digest_id]}"]
    for ordinal, (kind, items) in zip(_ORDINALS, by_kind(digest), strict=False):
        lines += ["", f"{ordinal}、{PAPER_TITLES[kind]}（{len(items)}件）"]
        for numbered in items:
            lines += ["", *_item(numbered, digest.addressee, documents.get(numbered.paper.paper_id))]
    footer = ["", f"台账的头（请留存，可证明此前的记录未被改动）：{head}"] if head else []
    return "\n".join([*lines, "", f"{day}", *footer, ""])


def by_kind(digest: Digest) -> Iterator[tuple[PaperKind, list[NumberedPaper]]]:
    """The kinds that a digest holds, in reading order, each with its papers in order of their recording."""
    for kind in READING_ORDER:
        items = [numbered for numbered in digest.items if numbered.paper.kind == kind]
        if items:
            yield kind, items


def heading(numbered: NumberedPaper, addressee: str) -> str:
    """The line that names one paper: its number, its colour where it has one, and whether it comes as a copy."""
    paper = numbered.paper
    colour = paper.title.removeprefix(PAPER_TITLES[paper.kind])
    copy = f"（抄送，主送{paper.to}）" if paper.to != addressee else ""
    return f"{numbered.number}{colour}{copy}"


def _item(numbered: NumberedPaper, addressee: str, document: str | None) -> Iterator[str]:
    paper = numbered.paper
    yield f"  {heading(numbered, addressee)}"
    serial = f"第{paper.serial}项　" if paper.serial else ""
    yield f"    项目：{serial}{_one_line(paper.project_title)}"
    if paper.item:
        yield f"    事项：{_one_line(paper.item)}"
    if paper.due_on is not None:
        yield f"    时限：{chinese_date(paper.due_on)}"
    yield f"    内容：{_one_line(paper.body)}"
    if document is not None:
        yield f"    文书：{document}"


def _one_line(text: str) -> str:
    # A line break inside a reason must not look like another item.
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
