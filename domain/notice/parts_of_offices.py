"""One item in which each of several offices has its own part and its own limit: a duty for each, where that is sure."""

from __future__ import annotations

import re

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in
from domain.notice.each_led import BUILT
from domain.notice.first_times import says_when
from domain.notice.folding import fold
from domain.notice.labels import label_at
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time
from domain.notice.units import IN_A_SENTENCE, all_units
from domain.notice.windows import Basis, TimeContext

Led = tuple[str, Assignment, str]
"""What is to be done, who leads it and by when, and the words of both."""

_READING = TimeContext.of(2000)
_MARK = regex(r"[，,；;。]\s*")
# `…（甲局牵头，6月底前完成）；`: a part that closes with who leads it, and the mark behind it.
_PART = regex(
    r"(?P<duty>(?!其中|并|同时|以及)[^()（）:：]{2,}?)[(（](?P<who>[^()（）]{2,160})[)）]\s*(?:[，,；;。]\s*|$)"
)
_OFFICE = regex(
    rf"(?:由|请|责成)?(?P<who>[一-鿿]{{1,14}}?{IN_A_SENTENCE})"
    r"(?:牵头|负责)?[要应须]?(?P<when>[于在]?(?=[\d一二三四五六七八九十年上下本次明第]))"
)
# `市气象局发布专报`, `市气象局：发布专报`: an office, and what it does.
_DOES = regex(
    rf"(?P<who>[一-鿿]{{1,14}}?{IN_A_SENTENCE})(?:牵头|负责|[要应须需将]|具体)*"
    r":?\s*(?=(?:完成|组织|开展|发布|印发|出台|编制|修订|制定|推进|召开|举办|报送|实施|落实|承办|建立|建成|新建|起草|提交|启动)(?![一-鿿]{0,6}的)|每[半个两年季月周旬日])"
)
# `防返贫监测：乡村振兴局每月…`
_NAMED_FIRST = regex(r"(?P<name>[^:,;。()\d]{2,16}):\s*")
# What a duty has where another office has a part in it.
_ANOTHER = regex(r"[局委厅](?!部)|办公室|公司|集团|支队|会同|联合|配合|协同|协助|[各由]")
_SEVERAL = regex(r"会同|联合|协同|牵头|负责|[和与及、]|(?<=[局委办厅处科])商")
_STOP = regex(r"(?<=[；;。])")
_OPENS_WITH_WHO = regex(r"(?:由|请|责成)[一-鿿]")
_LONGEST_HEAD = 40
_SHORTEST_DUTY = 3


def parts_of_offices(said: str) -> tuple[str, list[Led]]:
    """What an item is about, where a sentence before its parts says it, and its parts; none where anything is unsure.

    `（甲局牵头，6月底前完成）` behind each of them, `由甲局牵头，6月底前…；由乙局负责，…`, or `甲局6月底前…，乙局…` all
    through the sentence.
    """
    head, rest = _head_of(said.strip())
    led = _closed_by_brackets(rest) or _each_at_its_time(rest) or _each_charged(rest)
    return (head, led) if len(led) > 1 else ("", [])


def led_by_its_clause(said: str) -> tuple[str, str]:
    """Who leads an item of one clause that opens with it (`甲局6月底前…`, `甲局发布…`), and the item without that."""
    head, rest = _head_of(said.strip())
    led = _at_its_time(rest.rstrip("。；; "))
    if led is not None:
        return led[1].lead, "。".join(filter(None, (head, led[1].schedule)))
    named = _NAMED_FIRST.match(fold(said))
    begin = named.end() if named is not None and not all_units(named["name"]) else 0
    folded = fold(said[begin:])
    does = _DOES.match(folded) if not head and not BUILT.match(folded) else None
    if (
        does is None
        or not all_units(does["who"])
        or _SEVERAL.search(does["who"])
        or _ANOTHER.search(folded, does.end())
    ):
        return "", said
    return does["who"], said[:begin] + said[begin + does.end() :]


def _head_of(said: str) -> tuple[str, str]:
    """The sentence that names an item, and what stands behind it."""
    head, _, rest = said.partition("。")
    bare = not says_when(head) and not re.search(r"[()（）:：]", head) and len(head) <= _LONGEST_HEAD
    return (head.strip(), rest.strip()) if rest.strip() and bare else ("", said)


def _closed_by_brackets(text: str) -> list[Led]:
    """`发布目录（甲局牵头，乙局配合，3月底前完成），组建基金（丙局牵头，6月底前完成）。`: one part behind the other."""
    found: list[Led] = []
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        led = _bracketed(part) if part is not None else None
        if part is None or led is None:
            return []
        found.append(led)
        at = part.end()
    return found


def _bracketed(part: re.Match[str]) -> Led | None:
    piece = part.group().strip()
    body, found = assignment_in(piece.rstrip("，,；;。 "))
    firmly = re.search(r"牵头|主办", part["who"]) is not None
    limited = bool(found.due or found.schedule) or holds_a_time(part["duty"])
    one = bool(found.lead) and "、" not in found.lead and all_units(found.lead) and not found.another
    return (body, found, piece) if one and firmly and limited else None


def _each_charged(text: str) -> list[Led]:
    """`由甲局牵头，乙局配合，6月底前完成排查；由丙局负责，8月底前完成检修`: each part opens with who leads it."""
    found: list[Led] = []
    for piece in filter(None, map(str.strip, _STOP.split(text))):
        body, said = assignment_in(piece.rstrip("；;。"))
        one = said.lead and "、" not in said.lead and all_units(said.lead) and not said.another
        if not (_OPENS_WITH_WHO.match(piece) and one and says_when(body)):
            return []
        found.append((body, said, piece))
    return found if len({said.lead for _, said, _ in found}) == len(found) > 1 else []


def _each_at_its_time(text: str) -> list[Led]:
    """`甲局6月底前完成选址，乙局8月底前拨付资金`: in each part one office, one limit and one duty."""
    parts = [part for part in _MARK.split(text) if part.strip()]
    marks = [mark.group() for mark in _MARK.finditer(text)]
    led = [_at_its_time(part) for part in parts]
    found = [each for each in led if each is not None]
    if len(found) < len(led) or len({each[1].lead for each in found}) < 2:
        return []
    words = [f"{each[2]}{mark.strip()}" for each, mark in zip(found, [*marks, ""], strict=False)]
    return [(body, given, said) for (body, given, _), said in zip(found, words, strict=True)]


def _at_its_time(part: str) -> Led | None:
    opened = _OFFICE.match(fold(part))
    if opened is None or not all_units(opened["who"]) or _SEVERAL.search(opened["who"]):
        return None
    rest = part[opened.start("when") :]
    label = label_at(fold(rest), len(opened["when"]), len(rest), _READING)
    if label is None or label.period is not None or label.reading.basis is not Basis.DATED or label.reading.bare:
        return None
    duty = rest[label.body :]
    if len(label.reading.windows) > 1 or len(duty) < _SHORTEST_DUTY or holds_a_time(duty) or _ANOTHER.search(duty):
        return None
    return duty, Assignment(lead=opened["who"], schedule=rest), part
