"""Whoever else is charged in a duty beside its own departments: asked about, for a milestone has the duty's lead."""

from __future__ import annotations

from domain.notice.assignments import assignment_in
from domain.notice.departments import departments, is_more_than_a_name
from domain.notice.first_times import says_when
from domain.notice.listed import ProjectRow, Remark
from domain.notice.offices_in_text import NAMES, offices
from domain.notice.patterns import regex
from domain.notice.units import IN_A_SENTENCE, all_units

_CHARGES = regex(
    r"(?:^|(?<=[；;。\n]))\s*(?:[（(]?[\d一二三四五六七八九十]{1,2}[)）.、．]\s*)?(?:请|[一-鿿]{0,6}(?<!自)由|责成)(?P<who>[一-鿿]{1,12}?(?:[局委厅]|中心|公司|集团|支队|政府))(?!会同|商|牵头|接[续办替管])[^，,；;。\n]{2,20}"
    rf"|(?:^|(?<=[，,。；;\n]))\s*(?:[请由]|责成)?(?P<beside>[一-鿿、]{{0,24}}?(?:{IN_A_SENTENCE}|办公室|(?:财政|派出|司法|监管|资源|税务)所))(?:要|应|须)?"
    r"(?:积极|密切|全力|认真|共同|分别|按职责)*(?:协助|配合|协同|做好|抓好|落实|提供|保障|督促|加强|配套|负责(?!人)|牵头|会同)(?!.{0,16}(?:体系|机制|格局))[^，,；;。\n]{2,20}"
)
_IN_ITS_MIDST = regex(r"[^，,；;。：:\n（）()]{2,20}[（(](?P<who>[一-鿿、]{2,24})[)）](?=[；;，,。\n]|$)")
# How no place is called that a measure is about.
_NO_PLACE = regex(r"(?:[一-鿿]+(?:[局委厅处科]|公司|集团|支队|办公室)(?:、|$))+")
_SEES_TO_IT = regex(r"督办|督导|督促|包案")
# `5月底前拿地（市自然资源局负责）`
_BEHIND_ITS_STEP = regex(
    r"(?<=[^，,；;。\n])[(（]由?(?P<who>[一-鿿、]{2,24}?)(?:牵头|主办|承办|承建|负责|落实|组织|实施)+[)）]"
)
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_AT_ITS_TIME = regex(
    rf"(?:^|(?<=[，,；;。\n、]))\s*[由请]?(?P<who>[一-鿿]{{1,12}}?{IN_A_SENTENCE})"
    r"(?=(?:会同[^，,；;。]{2,20}?)?(?:牵头|负责|力争|确保|争取|务必|计划|尽快|抓紧|[要应须需将拟])*[于在到]?"
    rf"(?:(?:20\d\d年)?{_NUMBER}(?:[-—－–~～至到、]{_NUMBER})?月|每(?:个?月|季|周|半?年)|年底前|[上下]半年|第?[一二三四]季度))"
)

# A measure of a place, with what its brackets hold.
_MEASURE = regex(r"(?:[（(][^()（）]*[)）]|[^；;\n])+")
# Something has to be left where offices are taken out of a sentence.
_ITS_DUTY = "a，"
_SAYS_WHO = regex(r"牵头|主办|分工负责|配合|协助|协办|会办|协同|参与|参加|(?:责任|承办)(?:单位|部门|处室|科室)")


def charged_beside(row: ProjectRow) -> None:
    """`请甲局…；请乙局…`, `…（甲局牵头）；…（乙局牵头）` in one item: whoever else is charged in it is asked about.

    Who helps with a measure of it (`1.制定方案（乙局配合）；2.…`) helps with the row, told.
    """
    known = f"{row.lead}{row.participants}{''.join(remark.text for remark in row.remarks)}"
    for charged in _CHARGES.finditer("\n".join((row.content, row.schedule, *row.said_beside))):
        who = charged["who"] or charged["beside"]
        sees_to_it = _SEES_TO_IT.search(charged.group()) is not None
        if all_units(who) and not sees_to_it and any(name not in known for name in who.split("、")):
            remark = another_charged(charged.group().strip())
            row.remarks += [remark] if remark not in row.remarks else []
    _named_in_its_midst(row)
    row.remarks += _in_measures(row)
    row.remarks += _at_their_own_times(row)


def _at_their_own_times(row: ProjectRow) -> list[Remark]:
    """`6月底前，县公安局9月底前完成信号灯`: an office that is none of the row's, with its own time or step."""
    known = f"{row.lead}{row.participants}{''.join(remark.text for remark in row.remarks)}"
    # Whoever opens the words of an item that does not say who leads it is asked about as its lead.
    opened = 1 if row.lead_lacks or not row.lead else 0
    timed = (match for match in _AT_ITS_TIME.finditer(row.schedule) if match.start() >= opened)
    found = dict.fromkeys(match["who"] for match in timed if all_units(match["who"]))
    found |= dict.fromkeys(match["who"] for match in _BEHIND_ITS_STEP.finditer(_words(row)) if offices(match["who"]))
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
