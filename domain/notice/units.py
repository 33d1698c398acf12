"""The office that a heading names: whose list it is, where no column says who leads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.notice.folding import fold
from domain.notice.patterns import regex

_ENDS = (
    r"(?:局|委|办|处|科|部|院|中心|学院|学校|厅|室|公司|集团|组|支队|大队|所|馆|社|镇|街道|乡|办公室|"
    r"委员会|政府|党委|工会|团委|系)"
)
_WHOLE = regex(rf"^[一-鿿]{{1,14}}{_ENDS}$")
_IN_BRACKETS = regex(rf"\(([一-鿿]{{1,14}}{_ENDS})\)")
_BEFORE_YEAR = regex(
    rf"^([一-鿿]{{1,18}}{_ENDS})(?=(?:关于)?(?:20\d\d|二[〇零]|年度|重点(?:工作|任务|项目)|工作(?:要点|计划|安排|任务)"
    r"|目标任务|责任清单|任务))"
)
_LABELLED = regex(r"^(?:责任|牵头|填报|制表|报送|编制|实施)?(?:单位|部门|处室|科室)\s*:\s*(.{2,30}?)(?:\s{2,}.*)?$")
_ENGLISH = regex(
    r"\b((?:Department|Office|Ministry|Division|Directorate|Bureau|Unit|Team) (?:of|for) [A-Z][A-Za-z &]{2,40}"
    r"|[A-Z][A-Za-z&]*(?: [A-Z&][A-Za-z&]*){0,4} (?:Department|Office|Division|Directorate|Unit|Team|Agency|Council))\b"
)

_PERSONS = regex(r"(?:第一|直接|具体|主要|项目|工作)?(?:责任|负责|牵头|承办|经办)人(?:员|姓名)?|[一-鿿]{2,4}领导")
_NAME = regex(r"(?!各|全|相关|有关)[一-鿿]{2,4}|[一-鿿]{2,6}·[一-鿿]{2,6}")


def unit_in(lines: Iterable[str]) -> str | None:
    """The office that a heading names, the nearest line first."""
    for line in reversed([fold(line).strip() for line in lines]):
        found = (
            _LABELLED.match(line) or _IN_BRACKETS.search(line) or _WHOLE.match(line) or _BEFORE_YEAR.match(line)
        ) or _ENGLISH.search(line)
        if found is not None:
            return (found[1] if found.re.groups else found[0]).strip()
    return None


def all_units(text: str) -> bool:
    """Whether a text lists offices and nothing else."""
    names = [name.strip() for name in re.split(r"[、,;/]", fold(text))]
    return all(_WHOLE.match(name) for name in names)


def names_persons(head: str) -> bool:
    """Whether a head asks for persons, not for offices."""
    return _PERSONS.fullmatch(re.sub(r"\s", "", fold(head))) is not None


def all_persons(text: str) -> bool:
    """Whether a text lists what look like persons' names, and no office."""
    names = [name.strip() for name in re.split(r"[、,;/\n]| {1,}", fold(text)) if name.strip()]
    return all(_NAME.fullmatch(name) and not _WHOLE.match(name) for name in names)
