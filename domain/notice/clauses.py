"""A schedule cell in clauses: `；` `;` `。` end a deliverable, commas and marks inside quotations do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.notice.folding import fold
from domain.notice.labels import label_at
from domain.notice.patterns import regex
from domain.notice.times import time_at
from domain.notice.windows import TimeContext

_STOP = frozenset(";。")
_NUMBERING = regex(
    r"\s*(?:[(（]\s*(?P<a>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|(?P<b>\d{1,2})\s*(?:[.、)](?!\d{1,2}\s*(?:[-日号月、,/和及至到前:]|[之以]前|$)|\d{2}\s+[一-鿿])|[.、](?=\d{1,2}\s*(?:月|-)))|(?P<c>[一二三四五六七八九十]{1,3})、|(?P<d>[①-⑳])|(?P<e>[一二三四五六七八九]是)|[-•·●▪◆■□*]\s+|[•●▪◆■](?=\S)|[A-Ha-h]\s*[).、](?=\s*[\d一-鿿]))\s*"
)
_MONTH = regex(r"(?:1[0-2]|[1-9])月")
_LONGEST_TIME = 16
_LONGEST_PART = 40
_COUNTS_A_MONTH = regex(r"\s*(?P<b>\d{1,2})、(?=\s*(?P<month>\d{1,2})月)(?P<a>)(?P<c>)(?P<d>)(?P<e>)")
_CIRCLED = 0x2460
_CHINESE = "〇一二三四五六七八九十"
# A year or a quarter ends a sentence too (`Draft: 31 March 2024. Final: …`); any other number may count an item.
_ENGLISH_STOP = regex(r"(?:(?<=[A-Za-z)])|(?<=(?:19|20)\d\d)|(?<=\bQ\d))\.(?=\s+[A-Z]|\s*$)")


# What may stand between two duties of a sentence, with the word that joins them.
_JOINT = regex(
    r"(?P<weak>[,、])\s*|\s*(?:\n|->|→|/)\s*|(?<=[^\s,;:])[ \t]+(?=[一-鿿])|(?<=[一-鿿)])[ \t]+(?=[\dQ])"
    r"|(?<=[一-鿿)%\d])[ \t]+(?=Q[1-4]|\d{1,2}(?:-\d{1,2})?月|第?[一二三四]季度|[上下]半年)"
    # `3月启动—11月完成`: a dash behind a duty, and not between two times.
    r"|(?<=[一-鿿)])(?P<dash>\s*-{1,4}\s*)(?=\d|[一-鿿])"
)
_JOINED = regex(r"(?:(?:并且?|再|最后|随后|然后|接着|同时|而后)\s*)?")
_NAMED = regex(r"[^\d,;。:、/()\n→][^,;。:、/()\n→]{1,15}:\s*")
# `第三阶段：10-12月总结`: what a line is about, before its time.
_HEADING = regex(r"[^\d,;。:\n][^,;。:\n]{0,15}:\s*(?=\S)")
_NAMED_MONTH = regex(r"\s*[一-鿿A-Z]{2,6}\d{1,2}月\s*(?=$|\n|→|->|/)")
_IN_BRACKETS = regex(r"[\[【](?P<inner>[^\[\]【】]{1,16})[\]】]")
_COUNTS = regex(r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*")
_SHORTEST_DUTY = 2
_ENDS = regex(r"\s*(?:前)?(?:完成)?\s*(?=$|[,;。、/\n→(]|->|\s)")
_OPENS = regex(r"\d|第?[一二三四五六七八九十]|[上下全年]|中旬|[月季][底末]|Q")


_INLINE = regex(
    r"(?<!第)[(（]\s*(?P<a>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|(?P<d>[①-⑳])"
    r"|(?<![\d.\-/第年月])(?P<b>\d{1,2})(?:[.、](?!\s*\d)(?=\s*[一-鿿A-Z《“\"])|[.](?=\s*\d{1,2}\s*月))|(?P<e>[一二三四五六七八九]是)"
    r"|(?<![A-Za-z\d])(?P<f>[A-Ha-h])\s*[).、](?=\s*[\d一-鿿])"
)


# `• 一季度选址 • 二季度开工`: marks without a number, several on a line.
_BULLETS = frozenset("•●▪◆■")
_BULLET = regex(r"(?:^|(?<=[\s;。,:]))[•●▪◆■](?=\s*[^\s•●▪◆■,;。])")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the cell under at most one label; `numbering` is the mark that counts it, where there is one."""

    start: int
    end: int
    numbering: tuple[int, int] | None = None


def clauses(text: str, hidden: list[bool], context: TimeContext) -> list[Clause]:
    """The clauses of a folded schedule cell, without the marks that end them."""
    found: list[Clause] = []
    at = 0
    english = {match.start() for match in _ENGLISH_STOP.finditer(text)}
    marks = [*_inline_marks(text, hidden), *_bracketed_times(text, context)]
    for end in [*(i for i, char in enumerate(text) if (char in _STOP or i in english) and not hidden[i]), len(text)]:
        found.extend(_lines(text, at, end, marks, context))
        at = end + 1
    return _without_numbering(text, [clause for clause in found if clause.start < clause.end])


def uncounted(lines: Sequence[str]) -> list[str]:
    """The lines without the numbers that count them from one on; nothing where they are not all counted so."""
    marks = [_NUMBERING.match(fold(line)) for line in lines]
    if len(lines) < 2 or any(mark is None or _value(mark) != at for at, mark in enumerate(marks, 1)):
        return []
    return [line[mark.end() :] for line, mark in zip(lines, marks, strict=True) if mark is not None]


def counted_parts(line: str) -> list[str]:
    """The parts of a line that numbers count from its beginning on (`1.4月底；2.9月底`); none elsewhere."""
    folded = fold(line)
    marks = _inline_marks(folded, [False] * len(folded))
    if not marks or folded[: marks[0]].strip():
        return []
    return uncounted([line[a:b].strip(" ；;，,、。") for a, b in pairwise([*marks, len(line)])])


def without_number(line: str) -> str:
    """The line without a number that counts it; `1.3万亩` begins with an amount."""
    mark = _NUMBERING.match(fold(line))
    return line if mark is None or line[mark.end() : mark.end() + 1].isdigit() else line[mark.end() :]


def counted_alike(text: str, clause: Clause, following: Clause) -> bool:
    """Whether two clauses are numbered items of one list (`1.4月底前⏎2.长期坚持`)."""
    numbers = [text[slice(*item.numbering)] for item in (clause, following) if item.numbering is not None]
    marks = [re.sub(r"[\s\d一二三四五六七八九十①-⑳]+", "", number) for number in numbers]
    return len(marks) == 2 and marks[0] == marks[1]


def _inline_marks(text: str, hidden: list[bool]) -> list[int]:
    """Where numbers that count on (`（1）…（2）…`), or bullets, begin an item on the same line."""
    runs: dict[str, list[int]] = {}
    marks: list[int] = []
    for mark in _INLINE.finditer(text):
        style = next(name for name in "abdef" if mark[name])
        inside = mark.start() > 0 and hidden[mark.start() - 1] and text[mark.start() - 1] not in ")）]"
        if inside or (style in "be" and hidden[mark.start()]):
            continue
        value, run = _value_of(mark[style], style), runs.setdefault(style, [])
        if value == len(run) + 1:
            run.append(mark.start())
        elif value == 1:
            marks.extend(run if len(run) > 1 else [])
            runs[style] = [mark.start()]
    runs["bullets"] = [bullet.start() for bullet in _BULLET.finditer(text) if not hidden[bullet.start()]]
    return sorted({*marks, *(at for run in runs.values() if len(run) > 1 for at in run)})


def _bracketed_times(text: str, context: TimeContext) -> list[int]:
    """Where times in square brackets begin an item (`【3月】自评【5月】复评`)."""
    found = [
        match.start()
        for match in _IN_BRACKETS.finditer(text)
        if (reading := time_at(text, match.start("inner"), context)) is not None and reading.end == match.end("inner")
    ]
    return found if len(found) > 1 else []


def _lines(text: str, start: int, end: int, marks: list[int], context: TimeContext) -> list[Clause]:
    """A line that opens with a time or a number begins a clause; any other line goes on with the one before."""
    cuts = [start, *(mark for mark in marks if start < mark < end and text[start:mark].strip())]
    cuts += _joints(text, start, end, context)
    at = text.find("\n", start, end)
    while at != -1:
        begin = _skip(text, at + 1, end)
        numbering = _NUMBERING.match(text, begin, end)
        headed = _HEADING.match(text, begin, end)
        after = headed.end() if headed is not None else begin
        opens = begin < end and (numbering or any(label_at(text, at, end, context) for at in {begin, after}))
        if opens and not _broken(text, start, at, context):
            cuts.append(begin)
        at = text.find("\n", max(at + 1, begin), end)
    cuts = sorted(set(cuts))
    # A bullet belongs to what stands behind it.
    cuts = [*cuts[:1], *(cut for before, cut in pairwise(cuts) if text[before:cut].strip() not in _BULLETS)]
    return [_trimmed(text, a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True)]


def _joints(text: str, start: int, end: int, context: TimeContext) -> list[int]:
    """Where a duty with a time of its own begins behind a weak mark, a blank or the end of a line.

    A headed time opens one (`3-4月：动员 5-10月：实施`, `采购：4月，安装：6月`), and whatever stands behind a time that
    closes its duty (`采购（4月）⏎安装（6月）`), where no comma goes on with it.
    """
    cuts: list[int] = []
    before = start
    for joint in _JOINT.finditer(text, start, end):
        inside = text.count("(", start, joint.start()) > text.count(")", start, joint.start())
        if inside or _COUNTS.fullmatch(text, before, joint.start()):
            continue
        if (joint["dash"] is not None or "/" in joint.group()) and _in_a_time(text, before, joint, context):
            continue
        begin = _JOINED.match(text, joint.end(), end)
        at = begin.end() if begin is not None else joint.end()
        opens = _is_headed(text, before, at, end, context) or _are_named_months(text, before, joint, at)
        if not opens and joint["weak"] is None:
            closed = _is_closed(text, before, joint.start(), context)
            opens = (closed and _has_time(text, at, end, context)) or _follows(text, before, joint, at, end, context)
            opens = opens or (_has_time(text, before, joint.start(), context) and _closes(text, at, end, context))
        if opens:
            cuts.append(at)
            before = at
    return cuts


def _is_headed(text: str, before: int, at: int, end: int, context: TimeContext) -> bool:
    """Whether a time heads what follows, or a duty heads its time: `5-10月：实施`, `竣工时间：12月`."""
    named = _NAMED.match(text, at, end)
    if named is not None:
        reading = time_at(text, named.end(), context)
        return reading is not None and _ENDS.match(text, reading.end, end) is not None
    if not _OPENS.match(text, at, end):
        return False
    reading = time_at(text, at, context)
    if reading is None or not text[reading.end : end].lstrip().startswith(":"):
        return False
    listed = time_at(text, before, context)
    # `5月、10月：督查` is one list of times.
    return listed is None or listed.end < at


def _is_closed(text: str, start: int, end: int, context: TimeContext) -> bool:
    """Whether what stands before a mark ends with the time of its duty, in brackets or behind its name."""
    opening = text.rfind("(", start, end) if text[:end].rstrip().endswith(")") else text.rfind(":", start, end)
    begin = _skip(text, opening + 1, end)
    reading = time_at(text, begin, context) if opening > start else None
    return reading is not None and not text[reading.end : end].strip(" )")


def _closes(text: str, at: int, end: int, context: TimeContext) -> bool:
    """Whether the part that begins here ends with the time of its duty."""
    following = next((joint.start() for joint in _JOINT.finditer(text, at, end) if joint["weak"] is None), end)
    return _is_closed(text, at, following, context)


def _follows(text: str, before: int, joint: re.Match[str], at: int, end: int, context: TimeContext) -> bool:
    """Whether a time opens what stands behind a blank or an arrow, and a duty with a time stands before it."""
    if "\n" in joint.group() or not _OPENS.match(text, at, end):
        return False
    label = label_at(text, at, end, context)
    named = label is not None and label.reading.bare and not text.startswith(("年中", "年终"), at)
    if label is None or named or label.body >= end:
        return False
    first = label_at(text, before, joint.start(), context)
    if first is not None:
        return len(text[first.body : joint.start()].strip()) >= _SHORTEST_DUTY
    return _has_time(text, before, joint.start(), context)


def _are_named_months(text: str, before: int, joint: re.Match[str], at: int) -> bool:
    """Whether a stage with its month stands on both sides of an arrow or a line's end (`自评3月→复评5月`)."""
    weak = joint["weak"] is not None or joint["dash"] is not None
    return not weak and bool(_NAMED_MONTH.fullmatch(text, before, joint.start()) and _NAMED_MONTH.match(text, at))


def _in_a_time(text: str, before: int, joint: re.Match[str], context: TimeContext) -> bool:
    """Whether a mark stands inside a time (`3月-5月`, `5/6月`)."""
    readings = (time_at(text, at, context) for at in range(max(before, joint.start() - _LONGEST_TIME), joint.start()))
    return any(reading is not None and reading.end >= joint.end() for reading in readings)


def _has_time(text: str, at: int, end: int, context: TimeContext) -> bool:
    """Whether the part that begins here has a time of its own."""
    return any(time_at(text, begin, context) is not None for begin in range(at, min(end, at + _LONGEST_PART)))


def _broken(text: str, start: int, line_end: int, context: TimeContext) -> bool:
    """Whether a time goes on over the end of a line (`September⏎2024`), as narrow cells break it."""
    line = text.rfind("\n", start, line_end) + 1
    for at in range(max(start, line, line_end - _LONGEST_TIME), line_end):
        if at > start and text[at - 1].isalnum() and text[at - 1].isascii() and text[at].isascii():
            continue
        reading = time_at(text, at, context)
        if reading is not None and reading.end > line_end + 1:
            return True
    return False


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _trimmed(text: str, start: int, end: int) -> Clause:
    start = _skip(text, start, end)
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",、/→" or text.endswith("->", start, end)):
        end -= 1
    return Clause(start, end)


def _without_numbering(text: str, found: list[Clause]) -> list[Clause]:
    """Numbers that count the clauses (`1.` `2.`) are taken off; a number that counts nothing is text."""
    marks = _counting_months(text, found) or [_NUMBERING.match(text, clause.start, clause.end) for clause in found]
    values = [_value(mark) if mark is not None else None for mark in marks]
    counted = [value for value in values if value]
    # The 1 of a whole line was taken for the number of its item.
    numbered = counted[:2] in ([1], [1, 2]) or (len(counted) > 1 and values[:2] == [None, 2])
    if len(counted) == 1 and numbered and not _unmistakable(marks[values.index(1)]):
        numbered = False
    result: list[Clause] = []
    for clause, mark, value in zip(found, marks, values, strict=True):
        if mark is not None and mark.end() < clause.end and (value == 0 or (value is not None and numbered)):
            result.append(Clause(mark.end(), clause.end, (clause.start, mark.end())))
        else:
            result.append(clause)
    return result


def _counting_months(text: str, found: list[Clause]) -> list[re.Match[str] | None]:
    """`1、3月：启动；2、4月至9月：调研`: numbers that count each clause, and no months side by side; none elsewhere.

    Months as far from each other in every clause (`1、7月：…；2、8月：…`) may be side by side.
    """
    marks = [_COUNTS_A_MONTH.match(text, clause.start, clause.end) for clause in found]
    begin = 0 if marks[:1] != [None] else 1
    rest = [mark for mark in marks[begin:] if mark is not None]
    if len(rest) < 2 or len(rest) != len(marks) - begin:
        return []
    if any(int(mark["b"]) != at for at, mark in enumerate(rest, begin + 1)):
        return []
    apart = {int(mark["month"]) - int(mark["b"]) for mark in rest}
    return marks if len(apart) > 1 else []


def _unmistakable(mark: re.Match[str] | None) -> bool:
    """Whether a number alone counts: `（1）`, and the one before a month (`1.12月底前整顿`)."""
    before_a_month = mark is not None and mark.group().strip().endswith(".") and _MONTH.match(mark.string, mark.end())
    return mark is not None and bool(mark["a"] or mark["d"] or mark["e"] or before_a_month)


def _value(mark: re.Match[str]) -> int:
    style = next((name for name in "abcde" if mark[name]), None)
    return _value_of(mark[style], style) if style is not None else 0


def _value_of(printed: str, style: str) -> int:
    """The number that a mark counts with."""
    if style == "d":
        return ord(printed) - _CIRCLED + 1
    if style == "f":
        return ord(printed.lower()) - ord("a") + 1
    if style == "e":
        printed = printed[:1]
    if printed.isdigit():
        return int(printed)
    tens, _, ones = printed.rpartition("十")
    return (_CHINESE.find(tens or "一") * 10 if "十" in printed else 0) + (_CHINESE.find(ones) if ones else 0)
