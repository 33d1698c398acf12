"""Times of a chain that leave out the month or the quarter named before them: `5月上旬报名、中旬初赛、月底决赛`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.notice.numerals import number
from domain.notice.patterns import regex

_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:(?:(?:19|20)\d{2}|[今明本当次])年\s*)?"
_D = r"(?:3[01]|[12]\d|0?[1-9])"
NUMBERED = r"(?<=号)(?:[楼栋线井炉泵桥路库坝塔厂馆]|地块|机组|标段|隧道|车间|泊位)"
"""What a number is the name of, and no day (`1号楼`, `20号线`)."""
_OPENS = r"(?:^|(?<=[,、;。:>→/\s(])|(?<=[于在并再至到-])|(?<=随后)|(?<=然后)|(?<=接着)|(?<=力争)|(?<=确保))"
_TIME = regex(
    # What comes back, is counted from today, or holds many months names none for what stands behind it.
    r"(?P<none>每|逐月|按月|本月|上月|即日|全年|年[初中底末终内]|[上下]半年"
    r"|(?:19|20)\d\d年(?!\s*(?:\d|第?[一二三四首]季|[一二三四五六七八九十]+月|[上下]半)))"
    rf"|(?<![\d.一二三四五六七八九十])(?P<listed>{_M}(?:月份?)?\s*(?:[-、,/和及与至到]\s*{_M})+月(?!\d|[上中下]旬|[底末初]))"
    rf"|(?<![\d.-])(?P<month>{_YEAR}{_M})月(?P<within>\s*(?:{_D}[日号]|[上中下]旬|月?[底末初]))?"
    rf"|(?P<quarter>{_YEAR}第?[一二三四1-4])季度?|{_YEAR}(?<![A-Za-z])Q(?P<q>[1-4])"
    rf"|{_OPENS}(?P<short>(?:(?:[同当次翌]月|下个?月)的?)?(?:[上中下]{{1,2}}旬|(?:(?<=月)|月)[底末初](?![数报级中])|{_D}[日号](?!{NUMBERED})(?=(?:之|以)?前|[至到,)-]|[一-鿿]{{2}}))"
    r"|(?:[同次翌]月|下个?月)(?=[一-鿿]{2})|季[末底])"
)
# `按照5月会议要求，…`: a month that only names a paper or a meeting.
_REFERS = regex(r"(?:按照?|依照?|依据|根据|遵照|参照|对照|结合|围绕|落实|贯彻)[^,;。:\n]{0,12}$")
_LEANS = regex(r"(?:(?:[同当次翌]月|下个?月)的?|[月季](?=[底末初]))")
_ORDER = {"上": 5, "中": 15, "下": 25, "初": 3, "底": 31, "末": 31}
_LAST_IN_QUARTER = 3
_MONTHS = 12


def left_out(text: str, titles: Sequence[bool]) -> dict[int, str]:
    """Where a folded cell leaves out what stands before it, and the month of each place (`5月`, `2027年3月`).

    A time that would lie before the one that it leans on may be of the next month: it is not among them, and is asked
    about; so is one behind several months.
    """
    found: dict[int, str] = {}
    month, quarter, before = "", "", 0
    for match in _TIME.finditer(text):
        short = match["short"]
        if titles[match.start()]:
            continue
        if short is None:
            refers = _REFERS.search(text, 0, match.start()) is not None
            month, quarter = "" if refers else match["month"] or "", match["quarter"] or match["q"] or ""
            before = _order(match["within"] or "")
        elif short.startswith("季"):
            if quarter:
                found[match.start("short")] = f"{_before(quarter)}{(number(quarter[-1]) or 0) * _LAST_IN_QUARTER}月"
        elif month and short.startswith(("次", "翌", "下个月", "下月")):
            following = (number(re.split("年", month)[-1].strip()) or _MONTHS) + 1
            month, before = f"{_before(month)}{following}", _order(_LEANS.sub("", short, count=1))
            if following <= _MONTHS:
                found[match.start("short")] = f"{month}月"
        elif month and (_order(_LEANS.sub("", short, count=1)) > before or short.startswith(("同", "当"))):
            before = _order(_LEANS.sub("", short, count=1))
            found[match.start("short")] = f"{month}月"
    return found


def leaning(text: str, at: int) -> int:
    """Where a time that leaves out its month goes on behind the word that leans on it (`同月`, `月` of `月底`)."""
    leans = _LEANS.match(text, at) or regex("[月季]").match(text, at)
    return leans.end() if leans is not None else at


def _order(within: str) -> int:
    """About which day of its month a time within it means; before all of them where the month stands alone."""
    plain = within.strip()
    if not plain:
        return 0
    if plain[-1] in "日号":
        return number(plain[:-1]) or 0
    return _ORDER.get(plain[-2] if plain[-1] == "旬" else plain[-1], 0)


def _before(printed: str) -> str:
    """The year that stands before a month or a quarter."""
    year, mark, _ = printed.rpartition("年")
    return f"{year}{mark}"
