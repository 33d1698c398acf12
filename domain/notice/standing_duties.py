"""Duties that a notice lays on everybody in its own text (`各单位每月25日前报送进展情况`), beside its list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.notice.english_times import english_at
from domain.notice.findings import Finding, FindingSource
from domain.notice.folding import fold, quoted
from domain.notice.patterns import regex
from domain.notice.recurrences import find_period
from domain.notice.windows import TimeContext

_SENTENCE = regex(r"[^。;\n]+")
_REPORTED = regex(
    r"报送|上报|报告|报至|报到|报我|报市|报省|报区|报县|提交|反馈|通报|汇报|调度|更新|填报|发送|report|submit|update|send|inform",
    re.IGNORECASE,
)
_BY_UNIT = regex(r"(?<!每)(?:日|周|旬|月|季|年)(?:调度|通报|报告|例会|会商|汇报|报送|报)(?!表|刊|纸)")
_ENGLISH_WORD = regex(r"(?<![A-Za-z])[A-Za-z]")


def standing_duties(lines: Iterable[str], context: TimeContext) -> list[Finding]:
    """A finding for each sentence outside the list that asks for something again and again."""
    found: list[Finding] = []
    for line in lines:
        for match in _SENTENCE.finditer(fold(line)):
            sentence = line[match.start() : match.end()].strip()
            if _REPORTED.search(sentence) is None or not _comes_back(fold(sentence), context):
                continue
            text = f"通知正文要求“{sentence}”，不在清单之内，没有编成节点；要督办的请列入清单。"
            source = FindingSource.whole("notice", sentence)
            key = f"standing_duty:{len(found) + 1}"
            found.append(Finding(key=key, code="standing_duty", severity="note", text=text, source=source))
    return found


def _comes_back(sentence: str, context: TimeContext) -> bool:
    if _BY_UNIT.search(sentence) is not None or find_period(sentence, quoted(sentence), 0, len(sentence)) is not None:
        return True
    readings = (english_at(sentence, word.start(), context) for word in _ENGLISH_WORD.finditer(sentence))
    return any(reading is not None and reading.windows[0].recurrence is not None for reading in readings)
