"""The office that a heading names: whose list it is, where no column says who leads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.notice.departments import is_group
from domain.notice.folding import fold
from domain.notice.patterns import regex

_ENDS = (
    r"(?:局|委|(?<![督交承主协举催])办|处|科|部|院|(?<![部签])署|中心|学院|学校|厅|室|公司|集团|组|支队|大队|所|馆|社|镇|街道|乡|办公室|"
    r"委员会|政府|党委|工会|团委|(?<![体关])系)"
)
# Offices beside others in a cell or a sentence; too loose for a heading.
_MORE_ENDS = (
    r"(?:管委会|(?<![入参控炒个])股|居委会|村委会|办事处|指挥部|领导小组|专班|妇联|残联|文联|侨联|工商联|社科联|科协|协会|学会|联合会|商会|银行|[支分]行|法院|党组|党支部"
    r"|(?<![公官上])司|大学|中学|小学|幼儿园|总队|中队|执法队|联社|合作社|分局|派出所|供电段|车站|电台|(?:气象|电视|地震)台|报社|企业|机关)"
)
IN_A_SENTENCE = (
    r"(?:[局委厅办处科乡镇]|中心|公司|集团|支队|政府|街道|管委会|工会|残联|妇联|(?:宣传|组织|统战)部|检察院"
    r"|(?<=[一-鿿]{2})法院)"
)
"""How an office ends whose name stands before a time in a sentence, where hardly anything else ends so."""
_ORDINAL = regex(r"^(?:\([一二三四五六七八九十\d]{1,3}\)\s*[、.]?|[一二三四五六七八九十\d]{1,3}\s*[、.])\s*(?=[一-鿿])")
# `县教育局（3项）`
_OF_SO_MANY = regex(r"\s*\(?共?\d{1,3}[项个件条]\)?$")
_WHOLE = regex(rf"^[一-鿿]{{1,14}}{_ENDS}$")
# What every office has one of is named by its kind alone.
_ITS_OWN = (
    r"工会|团委|党委|纪委|妇联|残联|科协|文联|侨联|社科联|工商联|红十字会|党校|居委会|村委会|办公室|各?党支部"
    r"|[一-鿿]{0,4}(?:城投|交投|水投|建投|旅投)"
    r"|[一-鿿]{0,8}(?:水利|农技|经管|文化|畜牧|兽医|林业|植保|农机|气象|监测)站"
)
_BESIDE_OTHERS = regex(rf"^(?:{_ITS_OWN})$|^[一-鿿]{{1,14}}(?:{_ENDS}|{_MORE_ENDS})(?:\([一-鿿]{{2,14}}{_ENDS}\))?$")
# `民政局（残联配合）` is no other name.
_WITH_ANOTHER_NAME = regex(
    rf"^([一-鿿]{{1,14}}{_ENDS})\((?![^()]*(?:配合|参与|协助|协办|牵头|负责)\))[一-鿿、]{{2,20}}\)$"
)
_IN_BRACKETS = regex(rf"\(([一-鿿]{{1,14}}{_ENDS})\)")
_BEFORE_YEAR = regex(
    rf"^([一-鿿]{{1,18}}{_ENDS})(?=(?:关于)?(?:20\d\d|二[〇零]|年度|重点(?:工作|任务|项目)|工作(?:要点|计划|安排|任务)"
    r"|目标任务|责任清单|任务))"
)
_LABELLED = regex(
    r"^(?:责任|牵头|填报|制表|报送|编制|实施)?(?:单位|部门|处室|科室)\s*:\s*"
    # `单位：万元`: in what is counted.
    r"(?![百千万亿]*(?:[元亩吨户人个项件次米]|公里|公顷|平方米|千瓦时?|立方米|美元)(?:$|[、,/\s]))(.{2,30}?)(?:\s{2,}.*)?$"
)
_ENGLISH = regex(
    r"\b((?:Department|Office|Ministry|Division|Directorate|Bureau|Unit|Team) (?:of|for) [A-Z][A-Za-z &]{2,40}"
    r"|[A-Z][A-Za-z&]*(?: [A-Z&][A-Za-z&]*){0,4} (?:Department|Office|Division|Directorate|Unit|Team|Agency|Council))\b"
)

_PERSONS = regex(r"(?:第一|直接|具体|主要|项目|工作)?(?:责任|负责|牵头|承办|经办)人(?:员|姓名)?|[一-鿿]{2,4}领导")
_NAME = regex(r"(?!各|全|相关|有关)[一-鿿]{2,4}|[一-鿿]{2,6}·[一-鿿]{2,6}")


def unit_in(lines: Iterable[str]) -> str | None:
    """The office that a heading names, the nearest line first."""
    for line in reversed([fold(line).strip() for line in lines]):
        if (owner := owner_in(line)) is not None:
            return owner
        found = (
            _LABELLED.match(line) or _IN_BRACKETS.search(line) or _WHOLE.match(line) or _BEFORE_YEAR.match(line)
        ) or _ENGLISH.search(line)
        if found is not None:
            return (found[1] if found.re.groups else found[0]).strip()
    return None


def all_units(text: str) -> bool:
    """Whether a text lists offices and nothing else."""
    names = [name.strip() for name in re.split(r"[、,;/]", fold(text))]
    return all(_BESIDE_OTHERS.match(name) for name in names)


def owner_in(line: str) -> str | None:
    """The office that a heading says alone, but for its number and another name of it (`一、水务局（河长办）`)."""
    printed = without_counts(line)
    plain = fold(printed)
    if is_group(plain):
        return printed
    found = _WITH_ANOTHER_NAME.match(plain) or _WHOLE.match(plain)
    return (found[1] if found.re.groups else found[0]) if found is not None else None


def without_counts(line: str) -> str:
    """A heading without its number and without how many duties stand below it."""
    numbered = _ORDINAL.match(fold(line).strip())
    printed = line.strip()[numbered.end() if numbered else 0 :].strip().rstrip(":：").strip("【】 ")
    counted = _OF_SO_MANY.search(fold(printed))
    return printed[: counted.start()] if counted else printed


def heads_its_part(line: str) -> str | None:
    """The office that a numbered heading, or one with a colon, puts over what stands below it."""
    numbered = _ORDINAL.match(fold(line).strip()) or line.rstrip().endswith(("：", ":"))
    return owner_in(line) if numbered else None


def names_persons(head: str) -> bool:
    """Whether a head asks for persons, not for offices."""
    return _PERSONS.fullmatch(re.sub(r"\s", "", fold(head))) is not None


def all_persons(text: str) -> bool:
    """Whether a text lists what look like persons' names, and no office."""
    names = [name.strip() for name in re.split(r"[、,;/\n]| {1,}", fold(text)) if name.strip()]
    return all(_NAME.fullmatch(name) and not _WHOLE.match(name) for name in names)
