"""Offices in running text: a list of them and nothing else, and labels that name them without a colon."""

from __future__ import annotations

from domain.notice.column_heads import Role, role_of
from domain.notice.departments import BETWEEN_NAMES, apart, is_placeholder
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time, is_a_time
from domain.notice.units import all_units

_OPEN_LIST = regex(r"等(?:有关|相关|成员|责任)?(?:部门|单位)?$")
MARKS = regex(r"\s*[,，;；]\s*")
"""What stands between the parts of a bracket."""
NAMES = regex(r"\s*[、,，;；]\s*")
"""What stands between the names of a list."""
_LABEL_ALONE = regex(
    r"(?:^|(?<=[,，;；、。]))\s*(?P<head>(?:责任|牵头|主办|主责|配合|协助|协办|参与|承办|分管|包抓)(?:领导|单位|部门|科室|处室|股室)|(?:责任|负责|牵头)人|(?:完成|办结|整改)(?:时限|时间|期限))"
    r"(?:均|都|统一)?(?:为|是(?!否))?(?=[\s　]*[一-鿿\d“])"
)
# `供电公司为牵头单位`
_IS_THE_LABEL = regex(r"(?P<who>[^:]{2,40}?)(?:均|都|统一)?[为是](?P<head>[一-鿿]{2}(?:单位|部门|主体))$")
_LONGEST_VALUE = 80
# `除另有说明外，牵头单位均为甲局`
_BUT_FOR = regex(r"除[^,，;；。]{2,14}外[,，]\s*")
_BY_ITSELF = regex(r"(?:全部|全面)?(?:完成|建成|完工|竣工|投用|办结)$")
_BETWEEN = regex(rf"(?:{BETWEEN_NAMES}|/)(?![^()（）]*[)）])")


def without_its_end(limit: str) -> str:
    """A limit without the word that only says that it is one (`3月底完成`)."""
    return _BY_ITSELF.sub("", limit)


def offices(who: str) -> bool:
    """Whether offices stand there and nothing else, those without a name of their own (`各县区`) too."""
    names = _BETWEEN.split(_OPEN_LIST.sub("", fold(who)))
    return all(all_units(part) or is_placeholder(part) for name in names for part in apart(name))


def as_list(who: str) -> str:
    """Offices as a list has them: those that `和` joins are two."""
    names = _BETWEEN.split(who)
    return "、".join(part for name in names for part in apart(name))


def labelled(words: str) -> tuple[Role, str] | None:
    """`牵头单位为甲局`, `甲局为牵头单位`: a part of a sentence that is a label, and the offices it names."""
    head = _LABEL_ALONE.match(words)
    found = head or _IS_THE_LABEL.fullmatch(words)
    who = "" if found is None else words[found.end() :].strip() if found is head else found["who"]
    role = role_of(found["head"]) if found is not None else None
    return (role, who) if role in ("lead", "participants") and who and offices(who) else None


def with_colons_behind(text: str) -> str:
    """`完善章程，责任部门甲科，责任人张三`: the same, where the labels stand behind what is to be done."""
    for mark in MARKS.finditer(text) if _LABEL_ALONE.search(text) else ():
        if (labels := with_colons(text[mark.end() :])) != text[mark.end() :]:
            return f"{text[: mark.end()]}{labels}"
    return with_colons(text)


def with_colons(text: str) -> str:
    """`责任领导张三，责任单位甲局、乙局`: labels without their colons, where what stands behind each suits it."""
    if (opened := _BUT_FOR.match(text)) is not None and _LABEL_ALONE.match(text, opened.end()):
        text = text[opened.end() :]
    heads = list(_LABEL_ALONE.finditer(text))
    if not heads or heads[0].start() != 0 or ":" in fold(text):
        return text
    ends = [*(head.start() for head in heads[1:]), len(text)]
    said = [text[head.end() : end].strip(" 　，,；;。") for head, end in zip(heads, ends, strict=True)]
    # `责任单位甲局，责任人张三，3月底完成`: the time behind the last of them.
    *_, behind = MARKS.split(said[-1])
    limit = behind if behind != said[-1] and is_a_time(without_its_end(behind)) else ""
    said[-1] = said[-1].removesuffix(limit).rstrip(" ，,；;") if limit else said[-1]
    for head, words in zip(heads, said, strict=True):
        role = role_of(head["head"])
        person = head["head"].endswith("人")
        named = person or role not in ("lead", "participants") or all(map(offices, MARKS.split(words)))
        when = role not in ("due", "schedule") or holds_a_time(words)
        if not words or role is None or not (named and when) or len(words) > _LONGEST_VALUE:
            return text
    labels = [f"{head['head']}：{words}" for head, words in zip(heads, said, strict=True)]
    return "；".join([*labels, *([f"due：{without_its_end(limit)}"] if limit else [])])
