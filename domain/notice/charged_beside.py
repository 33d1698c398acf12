"""Whoever else is charged in a duty beside its own departments: asked about, for a milestone has the duty's lead."""

from __future__ import annotations

from domain.notice.assignments import assignment_in
from domain.notice.departments import departments, is_more_than_a_name
from domain.notice.first_times import says_when
from domain.notice.listed import ProjectRow, Remark
from domain.notice.offices_in_text import NAMES, offices
from domain.notice.patterns import regex
from domain.notice.units import all_units

_IN_ITS_MIDST = regex(r"[^，,；;。：:\n（）()]{2,20}[（(](?P<who>[一-鿿、]{2,24})[)）](?=[；;，,。\n]|$)")
# How no place is called that a measure is about.
_NO_PLACE = regex(r"(?:[一-鿿]+(?:[局委厅处科]|公司|集团|支队|办公室)(?:、|$))+")
_BEHIND_ITS_STEP = regex(
    r"(?<=[^，,；;。\n])[(（]由?(?P<who>[一-鿿、]{2,24}?)(?:牵头|主办|承办|承建|负责|落实|组织|实施)+[)）]"
)
# A measure of a place, with what its brackets hold.
_MEASURE = regex(r"(?:[（(][^()（）]*[)）]|[^；;\n])+")
# Something has to be left where offices are taken out of a sentence.
_ITS_DUTY = "a，"
_SAYS_WHO = regex(r"牵头|主办|分工负责|配合|协助|协办|会办|协同|参与|参加|(?:责任|承办)(?:单位|部门|处室|科室)")


def charged_beside(row: ProjectRow) -> None:
    """`…（甲局牵头）；…（乙局牵头）` in one item: whoever else is charged in it is asked about.

    Who helps with a measure of it (`1.制定方案（乙局配合）；2.…`) helps with the row, told.
    """
    _named_in_its_midst(row)
    row.remarks += _in_measures(row)
    row.remarks += _behind_steps(row)


def _behind_steps(row: ProjectRow) -> list[Remark]:
    """`5月底前拿地（市自然资源局负责）`: an office that is none of the row's, behind its step."""
    known = f"{row.lead}{row.participants}{''.join(remark.text for remark in row.remarks)}"
    found = dict.fromkeys(match["who"] for match in _BEHIND_ITS_STEP.finditer(_words(row)) if offices(match["who"]))
    return [another_charged(who) for who in found if who not in known]


def _in_measures(row: ProjectRow) -> list[Remark]:
    """Who helps with a measure, which is told, and who else leads one, which is asked about."""
    measures = [match[0].strip() for match in _MEASURE.finditer(_words(row)) if _SAYS_WHO.search(match[0])]
    said = [assignment_in(words)[1] for measure in measures for words in (measure, f"{_ITS_DUTY}{measure}")]
    known = {*departments(row.lead), *departments(row.participants)}
    named = [name for found in said for name in departments(found.participants)]
    helping = [name for name in dict.fromkeys(named) if name not in known]
    if helping:
        row.participants = "、".join(filter(None, (row.participants, *helping)))
    leading = dict.fromkeys(
        who for found in said for who in (found.lead if offices(found.lead) else "", found.another) if who
    )
    known |= {*helping}
    others = [who for who in leading if not known.issuperset(departments(who)) and not is_more_than_a_name(who)]
    return [*map(another_charged, others), *map(_helps, helping)]


def _words(row: ProjectRow) -> str:
    return "\n".join((row.title, row.content, row.schedule, *row.said_beside))


def _helps(who: str) -> Remark:
    return Remark("helps_with_a_measure", "note", f"“{who}”写在任务里，按参与部门理解。", who)


def _named_in_its_midst(row: ProjectRow) -> None:
    """`开学典礼（学生处）；教学检查（教务处）`: whoever stands in brackets behind an earlier part is asked about."""
    for part in _IN_ITS_MIDST.finditer(f"{row.title}。{row.content}。{row.schedule}"):
        who = part["who"]
        ends = part.string[part.end() : part.end() + 1] not in ("；", ";")
        if ends and not (says_when(part.group()) or _NO_PLACE.fullmatch(who)):
            # `新建学校（市一中、市二中），…` names what a part is about, unless it says by when.
            continue
        another = offices(who) and any(map(all_units, NAMES.split(who))) and who not in f"{row.lead}{row.participants}"
        if another and all(remark.text != part.group() for remark in row.remarks):
            row.remarks.append(another_charged(part.group()))


def another_charged(words: str) -> Remark:
    """The question about whoever else is charged with a part of a row."""
    sentence = f"“{words}”写的是另一个部门的任务，现随本项督办；要单独督办的请另起一项，再读一次。"
    return Remark("another_charged", "ruling", sentence, words)
