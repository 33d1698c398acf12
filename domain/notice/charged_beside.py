"""Whoever else is charged in a duty beside its own departments: asked about, for a milestone has the duty's lead."""

from __future__ import annotations

from domain.notice.first_times import says_when
from domain.notice.listed import ProjectRow, Remark
from domain.notice.offices_in_text import NAMES, offices
from domain.notice.patterns import regex
from domain.notice.units import IN_A_SENTENCE, all_units

_CHARGES = regex(
    r"(?:^|(?<=[；;。\n]))\s*(?:请|由|责成)(?P<who>[一-鿿]{1,12}?(?:[局委厅]|中心|公司|集团|支队|政府))(?!会同|商|牵头)[^，,；;。\n]{2,20}"
    rf"|(?:^|(?<=[，,。；;\n]))\s*(?:[请由]|责成)?(?P<beside>[一-鿿、]{{0,24}}?(?:{IN_A_SENTENCE}|办公室))(?:要|应|须)?"
    r"(?:积极|密切|全力|认真|共同|分别|按职责)*(?:协助|配合|协同|做好|抓好|落实|提供|保障|督促|加强|配套|负责)[^，,；;。\n]{2,20}"
)
_IN_ITS_MIDST = regex(r"[^，,；;。：:\n（）()]{2,20}[（(](?P<who>[一-鿿、]{2,24})[)）](?=[；;，,])")
_SEES_TO_IT = regex(r"督办|督导|督促|包案")
# `5月底前拿地（市自然资源局负责）`
_BEHIND_ITS_STEP = regex(r"(?<=[^，,；;。\n])[(（]由?(?P<who>[一-鿿、]{2,24}?)(?:牵头|主办|承办|负责)[)）]")
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_AT_ITS_TIME = regex(
    rf"(?:^|(?<=[，,；;。\n、]))\s*[由请]?(?P<who>[一-鿿]{{1,12}}?{IN_A_SENTENCE})"
    r"(?=(?:会同[^，,；;。]{2,20}?)?(?:牵头|负责|力争|确保|争取|务必|计划|尽快|抓紧|[要应须需将拟])*[于在到]?"
    rf"(?:(?:20\d\d年)?{_NUMBER}(?:[-—－–~～至到、]{_NUMBER})?月|每(?:个?月|季|周|半?年)|年底前|[上下]半年|第?[一二三四]季度))"
)


def charged_beside(row: ProjectRow, another: str) -> None:
    """`请甲局…；请乙局…`, `…（甲局牵头）；…（乙局牵头）` in one item: whoever else is charged in it is asked about."""
    if another:
        row.remarks.append(_another_charged(another))
    for charged in _CHARGES.finditer(f"{row.content}\n{row.schedule}"):
        who = charged["who"] or charged["beside"]
        sees_to_it = _SEES_TO_IT.search(charged.group()) is not None
        known = f"{row.lead}{row.participants}{another}"
        if all_units(who) and not sees_to_it and any(name not in known for name in who.split("、")):
            remark = _another_charged(charged.group().strip())
            row.remarks += [remark] if remark not in row.remarks else []
    _named_in_its_midst(row)


def at_their_own_times(row: ProjectRow) -> list[Remark]:
    """`6月底前，县公安局9月底前完成信号灯`: an office that is none of the row's, with its own time or step."""
    known = f"{row.lead}{row.participants}{''.join(remark.text for remark in row.remarks)}"
    # Whoever opens the words of an item that does not say who leads it is asked about as its lead.
    opened = 1 if row.lead_lacks or not row.lead else 0
    timed = (match for match in _AT_ITS_TIME.finditer(row.schedule) if match.start() >= opened)
    found = dict.fromkeys(match["who"] for match in timed if all_units(match["who"]))
    found |= dict.fromkeys(match["who"] for match in _BEHIND_ITS_STEP.finditer(row.schedule) if offices(match["who"]))
    return [_another_charged(who) for who in found if who not in known]


def _named_in_its_midst(row: ProjectRow) -> None:
    """`开学典礼（学生处）；教学检查（教务处）`: whoever stands in brackets behind an earlier part is asked about."""
    for part in _IN_ITS_MIDST.finditer(f"{row.title}。{row.content}。{row.schedule}"):
        who = part["who"]
        if part.string[part.end()] in "，," and not says_when(part.group()):
            # `新建学校（市一中、市二中），…` names what a part is about, unless it says by when.
            continue
        another = offices(who) and any(map(all_units, NAMES.split(who))) and who not in f"{row.lead}{row.participants}"
        if another and all(remark.text != part.group() for remark in row.remarks):
            row.remarks.append(_another_charged(part.group()))


def _another_charged(words: str) -> Remark:
    sentence = f"“{words}”写的是另一个部门的任务，现随本项督办；要单独督办的请另起一项，再读一次。"
    return Remark("another_charged", "ruling", sentence, words)
