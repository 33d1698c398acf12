"""Which words of a text say by when: a sentence, from which one on, and a content where no column has the times."""

from __future__ import annotations

import re

from domain.notice.folding import fold
from domain.notice.labels import hidden_times, label_at
from domain.notice.listed import ListedTable, Part
from domain.notice.own_times import AT_ONCE
from domain.notice.patterns import regex
from domain.notice.recurrences import period_at
from domain.notice.time_cells import begins_with_a_time, holds_a_time, is_a_time
from domain.notice.units import all_units
from domain.notice.windows import TimeContext

_PART_BEGINS = regex(
    r"(?:^|(?<=[,:;。\n]))\s*(?:[\[【(][一-鿿]{2,14}[\]】)]\s*)?"
    r"(?:(?:[于在]|防火期|供暖期|节假日|日常|平时|[春夏秋冬]季)(?:期间)?(?=每))?(?=[每逐按一日周旬月季半年])"
)
# `财务部每月5日前报送清单`: so may who does it so often.
_WHO_SO_OFTEN = regex(r"(?:^|(?<=[,:;。\n]))\s*(?P<who>[一-鿿]{2,14})(?=每)")
_COUNTED = regex(r"(?:^|(?<=[:;。\n]))\s*(?:[一二三四五六七八九]是|\(\d{1,2}\)|\d{1,2}[.、](?!\d(?!\d?月))|[①-⑳])\s*")
# `景区秩序：5月至10月每周检查`: or behind what heads it.
_HEADED = regex(r"(?:^|(?<=[;。\n]))[^\d,;。:\n]{2,15}:\s*")
_OFTEN_ALONE = regex(
    r"每(?:半?年|季度?|个?月|半个?月|两个?月|周|旬|学期)(?:开展|召开|组织|举办|至少|不少于)*[\d一二两三四]+[次场期回]"
)
_IN_BRACKETS = regex(r"\(([^()]{2,16})\)")
_READING = TimeContext.of(2000)


def says_when(text: str) -> bool:
    """Whether a sentence opens with a time, holds one of its own, or says how often."""
    folded = fold(text)
    hidden = [False] * len(folded)
    # `总结表彰（次年1月）`: a time alone in brackets is the item's own.
    if any(is_a_time(bracket[1]) or _OFTEN_ALONE.fullmatch(bracket[1]) for bracket in _IN_BRACKETS.finditer(folded)):
        return True
    # `满意度调查，每半年一次`: so is how often, where a part of the sentence opens with it.
    offices = (part for part in _WHO_SO_OFTEN.finditer(folded) if all_units(part["who"]))
    if any(period_at(folded, part.end()) is not None for part in (*_PART_BEGINS.finditer(folded), *offices)):
        return True
    # `一是4月底前…；（2）6月底前…`: a time may stand behind what counts the sentence.
    return any(
        label_at(folded, begin, len(folded), _READING) is not None
        or hidden_times(folded, hidden, begin, len(folded), _READING)
        for begin in (0, *(match.end() for match in (*_COUNTED.finditer(folded), *_HEADED.finditer(folded))))
    )


def from_first_time(words: str, ends: str = "。；;\n") -> str:
    """The sentences from the first one with a time on: what stands before it is told as the content."""
    sentences = [match.group() for match in re.finditer(f"[^{ends}]+[{ends}]*", words)]
    timed = (at for at, sentence in enumerate(sentences) if says_when(sentence))
    first = next(timed, None)
    if first is not None and AT_ONCE.match(sentences[first].lstrip()):
        # `尽快办结用地手续。7月底前办结`: the limit behind it says by when.
        first = next(timed, first)
    if first is not None:
        return "".join(sentences[first:]).strip()
    # `推介会，4月、9月各1场`: a time may open a later part of its sentence.
    opens = (comma.end() for comma in re.finditer(r"[，,]", words) if begins_with_a_time(words[comma.end() :]))
    return words[begin:].strip() if (begin := next(opens, None)) is not None else ""


def times_from_content(listed: ListedTable) -> bool:
    """Have the content say by when; whether each row's does, so that nobody doubts that the times stand there."""
    for row in listed.rows:
        said = row.content or row.title
        row.parts = [part for part in row.parts if part.sub] or [Part(from_first_time(said, ends="。") or said)]
    return all(says_when(part.printed) or holds_a_time(part.printed) for row in listed.rows for part in row.parts)
