"""What a reader's message says: how many papers, and a line for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.clock import OFFICE_TIME
from domain.papers.draft import chinese_date, goes_at_once
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper, Paper
from domain.ports.channel import Message

_LONGEST_BODY = 120


def is_urgent(paper: Paper) -> bool:
    """Whether a paper is known to its reader the same day: a leader's directive, a red order."""
    return paper.kind != "supervision_order" and goes_at_once(paper.kind, paper.level)


def message_of(
    message_id: str, reader: str, digests: Sequence[Digest], at: datetime, *, head: str = "", link: str = ""
) -> Message:
    """The message that carries some digests to a reader; a paper that reaches him twice stands once."""
    papers: dict[str, tuple[str, NumberedPaper]] = {}
    for digest in digests:
        for numbered in digest.items:
            papers.setdefault(numbered.paper.paper_id, (digest.addressee, numbered))
    pressing = sorted(papers.values(), key=lambda each: not is_urgent(each[1].paper))
    whose = "、".join(dict.fromkeys(digest.addressee for digest in digests))
    urgent = any(is_urgent(numbered.paper) for _, numbered in papers.values())
    return Message(
        message_id=message_id,
        reader=reader,
        subject=f"督办文书{len(papers)}件（{whose}，{chinese_date(at.astimezone(OFFICE_TIME).date())}）",
        urgent=urgent,
        lines=tuple(_line(addressee, numbered) for addressee, numbered in pressing),
        footer=f"台账的头：{head}" if head else "",
        link=link,
    )


def _line(addressee: str, numbered: NumberedPaper) -> str:
    paper = numbered.paper
    due = f"，时限{chinese_date(paper.due_on)}" if paper.due_on else ""
    copy = f"（抄送{addressee}）" if paper.to != addressee else f"（{addressee}）"
    body = paper.body if len(paper.body) <= _LONGEST_BODY else f"{paper.body[:_LONGEST_BODY]}…"
    return f"{numbered.number} {paper.title}{copy}：{paper.project_title}{due}。{body}"
