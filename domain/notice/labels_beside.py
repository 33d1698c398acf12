"""Labels in the words of an item (`…。责任单位：甲局；整改要求：…`): who stands behind one, and the words without."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from domain.notice.column_heads import label_of, role_of
from domain.notice.english_charges import with_marks_for_dashes
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time

_HEAD = regex(r"(?P<head>[^\s:,;。、()\[\]【】]{2,24}(?: [A-Za-z]+)*)\s*:")
# `任务名称：建设二水厂`: a label that names the item.
_NAMES_IT = regex(r"(?P<head>[^\s:,;。、()]{2,10})\s*:\s*(?=\S)")
# As far as the next label, or the bracket around it; brackets in a name (`各县(市、区)政府`) belong to it.
_TO_ITS_END = regex(r"(?:[^;。()\[\]【】,\s]|\([^()]*\)|[,\s](?![^,:;\s]{2,12}\s*:))*")


def without_labels(text: str) -> str:
    """Words without the labels that stand in them."""
    return _HEAD.sub(lambda head: "" if label_of(head["head"]) else head.group(), text)


def labelled(text: str) -> Iterator[str]:
    """Who stands behind a label of a line that says who (`配合单位：乙局`)."""
    for line in fold(with_marks_for_dashes(text)).split("\n"):
        for head in _HEAD.finditer(line):
            if role_of(head["head"]) in ("lead", "participants"):
                said = _TO_ITS_END.match(line[head.end() :].strip())
                yield _without_its_time(said.group() if said is not None else "")


def _without_its_time(said: str) -> str:
    """Offices without the time behind them (`乙局,6月底前完成`)."""
    offices = itertools.takewhile(lambda part: not holds_a_time(part), said.split(","))
    return ",".join(offices) or said


def name_in(text: str) -> str | None:
    """What a line that names an item by a label (`任务名称：…`) calls it."""
    named = _NAMES_IT.match(fold(text))
    return text[named.end() :].strip() if named is not None and label_of(named["head"]) == "title" else None
