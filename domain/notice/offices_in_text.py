"""Offices in running text: a list of them and nothing else, and labels that name them without a colon."""

from __future__ import annotations

import re

from domain.notice.column_heads import role_of
from domain.notice.departments import apart, is_placeholder
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time
from domain.notice.units import all_units

_OPEN_LIST = regex(r"等(?:有关|相关|成员|责任)?(?:部门|单位)?$")
MARKS = regex(r"\s*[,，;；]\s*")
"""What stands between the parts of a bracket."""
NAMES = regex(r"\s*[、,，;；]\s*")
"""What stands between the names of a list."""
_LABEL_ALONE = regex(
    r"(?:^|(?<=[,，;；、。]))\s*(?P<head>(?:责任|牵头|主办|主责|配合|协助|协办|参与|承办|分管|包抓)(?:领导|单位|部门|科室|处室|股室)|(?:完成|办结|整改)(?:时限|时间|期限))"
    r"(?:为|是(?!否))?(?=[\s　]*[一-鿿\d“])"
)
_LONGEST_VALUE = 80


def offices(who: str) -> bool:
    """Whether offices stand there and nothing else, those without a name of their own (`各县区`) too."""
    names = re.split(r"[、/](?![^()]*\))", _OPEN_LIST.sub("", fold(who)))
    return all(all_units(part) or is_placeholder(part) for name in names for part in apart(name))


def as_list(who: str) -> str:
    """Offices as a list has them: those that `和` joins are two."""
    names = re.split(r"[、/](?![^()（）]*[)）])", who)
    return "、".join(part for name in names for part in apart(name))


def with_colons(text: str) -> str:
    """`责任领导张三，责任单位甲局、乙局`: labels without their colons, where what stands behind each suits it."""
    heads = list(_LABEL_ALONE.finditer(text))
    if not heads or heads[0].start() != 0 or ":" in fold(text):
        return text
    ends = [*(head.start() for head in heads[1:]), len(text)]
    said = [text[head.end() : end].strip(" 　，,；;。") for head, end in zip(heads, ends, strict=True)]
    for head, words in zip(heads, said, strict=True):
        role = role_of(head["head"])
        named = role not in ("lead", "participants") or all(map(offices, MARKS.split(words)))
        when = role not in ("due", "schedule") or holds_a_time(words)
        if not words or role is None or not (named and when) or len(words) > _LONGEST_VALUE:
            return text
    return "；".join(f"{head['head']}：{words}" for head, words in zip(heads, said, strict=True))
