"""A digest as a letter that a department reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.clock import office_day
from domain.papers.draft import chinese_date
from domain.papers.mail import Digest
from domain.papers.paper import PAPER_TITLES, NumberedPaper, PaperKind
from domain.papers.wording import Say, as_drafted

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


def letter(
    digest: Digest, documents: Mapping[str, str], sent_at: datetime, head: str = "", say: Say = as_drafted
) -> str:
    """The whole letter: a greeting, then the items by kind, each with what it is about and where its document lies; at
    the end the ledger's last head, where there is one. `say` says it in the language of its papers."""
    day = chinese_date(office_day(sent_at))
    told = say(f"现将{day}的督办文书汇总送达，共{len(digest.items)}件，请及时办理。")
    lines = [say(f"{say(digest.addressee)}："), "", f"    {told}"]
    if digest.digest_id in documents:
        lines += ["", f"    {say('汇总单：')}{documents[digest.digest_id]}"]
    ordinals = _ORDINALS if say is as_drafted else [str(number) for number in range(1, len(_ORDINALS) + 1)]
    for ordinal, (kind, items) in zip(ordinals, by_kind(digest), strict=False):
        lines += ["", f"{say(f'{ordinal}、')}{say(f'{PAPER_TITLES[kind]}（{len(items)}件）')}"]
        for numbered in items:
            lines += ["", *_item(numbered, digest.addressee, documents.get(numbered.paper.paper_id), say)]
    footer = ["", f"{say('台账校验值（请随本单留存，以后可据此核对此前的记录有没有被改动）：')}{head}"] if head else []
    return "\n".join([*lines, "", say(day), *footer, ""])


def by_kind(digest: Digest) -> Iterator[tuple[PaperKind, list[NumberedPaper]]]:
    """The kinds that a digest holds, in reading order, each with its papers in order of their recording."""
    for kind in READING_ORDER:
        items = [numbered for numbered in digest.items if numbered.paper.kind == kind]
        if items:
            yield kind, items


def heading(numbered: NumberedPaper, addressee: str, say: Say = as_drafted) -> str:
    """The line that names one paper: its number, its colour where it has one, and whether it comes as a copy."""
    paper = numbered.paper
    colour = paper.title.removeprefix(PAPER_TITLES[paper.kind])
    copy = f"（抄送，主送{say(paper.to)}）" if paper.to != addressee else ""
    return f"{numbered.number}{say(colour)}{say(copy)}"


def _item(numbered: NumberedPaper, addressee: str, document: str | None, say: Say) -> Iterator[str]:
    paper = numbered.paper
    yield f"  {heading(numbered, addressee, say)}"
    apart = "　" if say is as_drafted else ": "
    serial = f"{say(f'第{paper.serial}项')}{apart}" if paper.serial else ""
    yield f"    {say('项目：')}{serial}{_one_line(paper.project_title)}"
    if paper.item:
        yield f"    {say('事项：')}{_one_line(paper.item)}"
    if paper.due_on is not None:
        yield f"    {say('时限：')}{say(chinese_date(paper.due_on))}"
    yield f"    {say('内容：')}{_one_line(paper.body)}"
    if document is not None:
        yield f"    {say('文书：')}{document}"


def _one_line(text: str) -> str:
    # A line break inside a reason must not look like another item.
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
