"""What a reader's message says: how many papers, and a line for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.clock import office_day
from domain.papers.draft import chinese_date, goes_at_once
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper, Paper
from domain.papers.wording import Say, as_drafted, language_of
from domain.ports.channel import Message, MessageWords

_LONGEST_BODY = 120


def is_urgent(paper: Paper) -> bool:
    """Whether a paper is known to its reader the same day: a leader's directive, a red order."""
    return paper.kind != "supervision_order" and goes_at_once(paper.kind, paper.level)


def message_of(
    message_id: str,
    reader: str,
    digests: Sequence[Digest],
    at: datetime,
    *,
    head: str = "",
    link: str = "",
    english: Say = as_drafted,
) -> Message:
    """The message that carries some digests to a reader; a paper that reaches him twice stands once. It is in English
    where all its papers are."""
    say = english if language_of([each for digest in digests for each in digest.items]) == "en" else as_drafted
    papers: dict[str, tuple[str, NumberedPaper]] = {}
    for digest in digests:
        for numbered in digest.items:
            papers.setdefault(numbered.paper.paper_id, (digest.addressee, numbered))
    pressing = sorted(papers.values(), key=lambda each: not is_urgent(each[1].paper))
    whose = "、".join(dict.fromkeys(say(digest.addressee) for digest in digests))
    day = chinese_date(office_day(at))
    urgent = any(is_urgent(numbered.paper) for _, numbered in papers.values())
    return Message(
        message_id=message_id,
        reader=reader,
        subject=say(f"督办文书{len(papers)}件（{whose}，{day}）"),
        urgent=urgent,
        lines=tuple(_line(addressee, numbered, say) for addressee, numbered in pressing),
        footer=f"{say('台账校验值：')}{head}" if head else "",
        link=link,
        words=words_of(say),
    )


def words_of(say: Say) -> MessageWords:
    """What a channel says of its own, in the language of a message."""
    return MessageWords.model_validate({name: say(words) for name, words in MessageWords().model_dump().items()})


def _line(addressee: str, numbered: NumberedPaper, say: Say) -> str:
    paper = numbered.paper
    due = say(f"，时限{chinese_date(paper.due_on)}") if paper.due_on else ""
    name, stop = say(addressee), "。" if say is as_drafted else ". "
    copy = say(f"（抄送{name}）" if paper.to != addressee else f"（{name}）")
    body = paper.body if len(paper.body) <= _LONGEST_BODY else f"{paper.body[:_LONGEST_BODY]}…"
    return f"{numbered.number} {say(paper.title)}{copy}{say('：')}{paper.project_title}{due}{stop}{body}"
