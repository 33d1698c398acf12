"""How often, said more than once: `月度/季度通报`, `月度自查、季度抽查`, `每季度首月…，末月…`."""

from __future__ import annotations

import re

from domain.notice.patterns import regex

_UNIT = r"(?:月度|季度|半年度?|年度)"
_JOINS = r"\s*(?:[/、]|和|及|与|以及)\s*"
# What a unit before it only describes.
_NOUN = r"(?:工作)?(?:计划|目标|任务|方案|预算|指标|数据|报表|台账|清单|重点|经济|经营|培训班?|考试|决算|收入|支出)"
# `月度/季度通报`: units side by side that share what is done in each.
SHARED = rf"(?={_JOINS}(?:{_UNIT}|双月)(?:{_JOINS}{_UNIT})*(?!{_NOUN})(?:[一-鿿]{{2,6}})?\s*(?:$|[,;。、/\n]))"
# `月度自查`: a unit with a word or two behind it, which is read where another one stands beside it.
BESIDE = r"(?=[一-鿿]{2,8}?\s*(?:$|[、,;。/\n]))"
# `春秋两季各开展一次`: once in spring and once in autumn.
SEASONS = r"(?:每年)?\s*春季?[、,和及与]?\s*秋两?季(?:各|均|分别|\s*(?=$|[,;。:)\n])|(?=开展|组织|举办|召开|进行|集中))"
IN_SEASONS = "春秋两季没有确切的起止日期，按上、下半年各一次督办。"
# `每季度结束后10日内`
BEHIND_ITS_END = regex(
    r"\s*(?:结束|终了|期满)(?:之)?后?的?\s*(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*个?"
    r"(?P<unit>工作日|自然日|日|天|月|周|星期)(?:之|以)?(?:内|前)"
)
_DONE = regex(
    r"(?:调度|通报|讲评|评估|考核|报告|总结|小结|督查|督导|点评|会商|研判|分析|盘点|检查|自查|抽查|例会|汇报|评价|述职)\s*(?:$|[、,;。/\n])"
)
_NOUN_AT = regex(_NOUN)
_BEFORE = regex(
    r"(?:月度|季度|半年度?|年度|双月|[每按逐][日天周月季]度?)[^、,;。/\n]{0,8}?\s*(?:[、,;/\n]|和|及|与)\s*$"
)
_AFTER = regex(r"[^、,;。/\n]{2,8}[、,;/\n]\s*(?:月度|季度|半年度?|年度|[每按逐][日天周月季])")
_QUARTER_NAMED = regex(r"[一二三四1-4首每]个?季|Q[1-4]")
_FARTHEST = 14
# What leaves out how often, behind a duty that said it: `每季度首月部署、末月小结`, `每月5日前…，25日前…`.
AGAIN = (
    r"(?P<again>(?<=[、,;/和及])(?:(?=首个?月|末月|第[二三]个月|\d{1,2}[日号](?:[之以]?前|[一-鿿]{2})|[上中下]旬[一-鿿]{2})"
    r"|周(?=[一二三四五六日天][一-鿿]{2})))"
)
_OFTEN = regex(r"每个?(?P<unit>月|季度?|半年|年|周|星期)|(?<![一-鿿\d])(?P<short>季度?)(?=[首末]月)|\d{1,2}月|[。\n]")
_SUITS = {"月": "日旬", "季": "月", "季度": "月", "半年": "月", "年": "月", "周": "周", "星期": "周"}
_IS = regex(r"首个?月|末月|第[二三]个月|\d{1,2}[日号]|[上中下]旬|周")

# How long a unit lasts, by the words in which it is said.
MONTHS_OF = {
    "双月": 2,
    "单月": 2,
    "月": 1,
    "月度": 1,
    "季": 3,
    "季度": 3,
    "半年": 6,
    "半年度": 6,
    "年": 12,
    "全年": 12,
    "年度": 12,
    "学期": 6,
}
DAYS_OF = {"半月": 15, "半个月": 15, "双周": 14, "周": 7, "星期": 7, "旬": 10, "天": 1, "日": 1, "工作日": 1}
MONTHS_BY = {
    "逐月": 1,
    "按月": 1,
    "分月": 1,
    "季": 3,
    "季度": 3,
    "按季": 3,
    "按季度": 3,
    "逐季": 3,
    "分季": 3,
    "分季度": 3,
    "按年": 12,
    "按年度": 12,
    "按半年": 6,
}
MONTHS_PER = {"一年": 12, "半年": 6, "一季度": 3, "一季": 3, "一个季度": 3, "一月": 1, "一个月": 1, "两个月": 2}
MONTHS_PER |= {"三个月": 3, "四个月": 4, "六个月": 6}
PER_DAYS = {"一周": 7, "两周": 14, "半月": 15, "半个月": 15, "一天": 1}
BY_DAYS = {"按周": 7, "按旬": 10}


def listed_beside(text: str, start: int, end: int) -> bool:
    """Whether a unit at `start`..`end` says how often: by what is done in it, or by another unit beside it."""
    if _DONE.match(text, end) is not None:
        return True
    if _NOUN_AT.match(text, end) is not None:
        return False
    return _AFTER.match(text, end) is not None or _BEFORE.search(text, max(0, start - _FARTHEST), start) is not None


def unit_before(text: str, at: int) -> tuple[str, int] | None:
    """The unit of how often that a place leans on, and where it stands; a date or a sentence's end stands between."""
    last = next(reversed(list(_OFTEN.finditer(text, 0, at))), None)
    unit = (last["unit"] or last["short"]) if last is not None else None
    said = _IS.match(text, at)
    if last is None or unit is None or said is None:
        return None
    kind = "日旬" if said.group()[-1] in "日号旬" else said.group()[-1]
    return (unit, last.start()) if _SUITS[unit] == kind else None


def of_quarter(text: str, match: re.Match[str]) -> bool:
    """Whether `季末` is the end of a quarter that was named before it (`二季度启动，季末通报`), and not of each."""
    return match["by"] == "季末" and _QUARTER_NAMED.search(text, 0, match.start()) is not None


def joined(text: str, start: int, end: int) -> bool:
    """Whether nothing but a mark that joins stands between two of them."""
    return re.fullmatch(_JOINS, text[start:end]) is not None
