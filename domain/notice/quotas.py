"""Numbers that must be delivered (`30场`, `100%`), told apart from ordinals, names and descriptions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.bounds import MOST
from domain.notice.numerals import CHINESE_NUMBER, leading_digit, number
from domain.project import Quota

_UNITS = (
    "人次|场次|班次|个百分点|万元|亿元|千元|元|公里|平方米|亩|吨|立方米|"
    "期|场|次|个|家|所|名|人|条|篇|件|项|批次|处|户|套|册|份|部|支|辆|台|间|座|组|例|宗|棵|株|岁以上|门|节|课时|张|幅|首|种|类|轮|遍|趟|回|站|村|枚|块|对|栋|只|头"
)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}(?:\.\d{{1,4}})?|{CHINESE_NUMBER})\s*(?:[百千万亿](?!元))*"
_QUOTA = re.compile(rf"(?P<n>{_NUMBER})\s*(?P<more>余|多|来|几)?\s*(?P<unit>%|{_UNITS})")
_PERCENT = re.compile(rf"百分之(?P<n>\d{{1,3}}|{CHINESE_NUMBER})")
_RANGE_BEFORE = re.compile(r"(?P<n>\d{1,6})\s*(?:-|至|到)\s*$")
_ORDINAL_BEFORE = re.compile(
    r"(?:第|届|前|头|每|逢|近|过去|分|各|按|在|这|那|该|上述|哪|某|同|另|任|同一|整|一个|仅|以|连续|自|初|星期|周|年|月|\d|[-.:/])\s*$"
)
_EACH_VERB_BEFORE = re.compile(
    r"(?:各(?![类种项式色级界])|每)(?:市|县|区|校|地|部门|单位|家|个|乡镇|街道|年|月|季度|人|所|支部|级)?[一-龥]{0,6}$"
)
_AREA_BEFORE = re.compile(
    r"(?P<lead>对|为|给|在|向|从|到|组织|覆盖|指导|走访|新建|建成|建设|创建|打造|完成)?\s*(?:全|我)?(?:省|市|县|区|国|系统|团|乡|镇|街道|校)(?:本级|内|范围内|各地|级)?\s*$"
)
_NOUN_OF_WORK = re.compile(r"^[^,;。:]*?(?:工作|任务|要求|部署|精神|规划)\s*(?:$|[,;。])")
_LATER_VERB = re.compile(r"进行|开展|授牌|督查|督导|调研|检查|完成|考核|建成|培训|整改|走访|验收")
_PHASE_AFTER = re.compile(r"^(?:间|限|工程|项目|建设|刊|货|末|初)")
_SMALLER = {"亿元": "万元", "万元": "元"}
_AFTER_ONE = re.compile(r"^(?:次|场|期|轮|遍)")
_FOLLOWED = re.compile(
    r"^(?:以上学历|层|级|届|年级|世纪|以内|以下|月|方面|阶段|环节|维度|层面|领域|板块|样|季度|半年|工作日|小时|分钟|学期|周|重点工作领域)"
)
_TITLE_AFTER = re.compile(r"^(?:全会|全体会议|代表大会|党代会|团代会|全国|会议)")
_IDIOMS = ("一个", "一种", "一项", "一类", "一对", "两个", "一次性", "一批", "一人", "个人", "一家", "一支")
_IDIOM_TAILS = re.compile(
    r"^(?:一次性|两个(?:维护|确立|责任|清单|作用|全面|务必|巩固|毫不动摇)|四个(?:自信|意识|全面|伟大)|三个(?:代表|务必)|一个(?:中心|窗口|都不能少)|一人一|一户一|一个个|一件事|一张(?:网|图|表|蓝图)|一站式|一部手机|一条龙|多个|数个|几个|若干|十个一|百个|千个)"
)


@dataclass(frozen=True, slots=True)
class FoundQuota:
    """A quota with its place in the folded text; `exact` is off for `30余场` and ranges."""

    start: int
    end: int
    quota: Quota
    exact: bool = True


def find_quotas(text: str, hidden: list[bool], start: int, end: int) -> list[FoundQuota]:
    """The numbers that must be delivered in a stretch of the folded text, in their order."""
    found = [
        _found(match, value, "%")
        for match in _PERCENT.finditer(text, start, end)
        if not hidden[match.start()] and (value := number(match["n"]))
    ]
    found += [
        quota
        for match in _QUOTA.finditer(text, start, end)
        if not hidden[match.start()] and (quota := _quota(text, match, start, end)) is not None
    ]
    return sorted(found, key=lambda quota: quota.start)


def _quota(  # noqa: PLR0911 - one exit for each reason
    text: str, match: re.Match[str], start: int, end: int
) -> FoundQuota | None:
    printed, unit = match["n"].strip(), match["unit"]
    value = number(printed)
    if value is None and unit in _SMALLER and (smaller := number(f"{printed}万")) is not None:
        # 3.5亿元 is 35000万元: a quota is a whole number.
        value, unit = smaller, _SMALLER[unit]
    if not value or not leading_digit(printed):
        return None
    before, after = text[start : match.start()], text[match.end() : end]
    lower = _RANGE_BEFORE.search(before)
    if lower is not None:
        before, value = before[: lower.start()], int(lower["n"]) or value
    if unit == "%":
        return _found(match, value, "%", exact=lower is None)
    # `分四次` divides into sessions, `分9个领域` only describes.
    parts = before.rstrip().endswith("分") and unit in ("次", "期", "场", "批次")
    if (_ORDINAL_BEFORE.search(before) and not parts) or _TITLE_AFTER.match(after) or _FOLLOWED.match(after):
        return None
    if _IDIOM_TAILS.match(text[match.start() : end]):
        return None
    if unit == "期" and _PHASE_AFTER.match(after):
        return None
    if printed == "一" and not _AFTER_ONE.match(unit):
        return None
    segment = re.split(r"[,;。:]", before)[-1]
    if _EACH_VERB_BEFORE.search(segment[-10:]):
        return None
    area = _AREA_BEFORE.search(segment)
    if area is not None and area["lead"] is None:
        return None
    if _NOUN_OF_WORK.match(after) and not _LATER_VERB.search(re.split(r"[,;。:]", after)[0]) and unit not in "期场次":
        return None
    exact = lower is None and match["more"] is None
    return _found(match, value, unit, exact=exact)


def _found(match: re.Match[str], value: int, unit: str, *, exact: bool = True) -> FoundQuota:
    # A number beyond every bound is most likely misprinted: the largest one stands for it, and somebody must look.
    quota = Quota(value=min(value, MOST), unit=unit)
    return FoundQuota(match.start(), match.end(), quota, exact=exact and value <= MOST)
