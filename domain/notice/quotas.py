"""Numbers that must be delivered (`30场`, `100%`), told apart from ordinals, names and descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.bounds import MOST
from domain.notice.english_amounts import english_amounts
from domain.notice.numerals import CHINESE_NUMBER, leading_digit, number
from domain.notice.patterns import regex
from domain.notice.windows import Doubt
from domain.project import Quota

_UNITS = (
    "人次|户次|车次|场次|班次|个百分点|万元|亿元|千元|元|平方公里|公里|千米|平方米|平米|公顷|亩|吨|立方米|兆瓦|千瓦|学时|"
    "期|场|次|个|家|所|名|人|条|篇|件|项|批次|处|户|套|册|份|部|支|辆|台|间|座|组|例|宗|棵|株|门|节|课时|张|幅|首|种|类|轮|遍|趟|回|站|村|枚|块|对|栋|只|头"
)
_MEASURES = (
    *("万元", "亿元", "千元", "元", "平方公里", "公里", "千米", "平方米", "平米", "公顷", "亩", "吨", "立方米"),
    *("兆瓦", "千瓦"),
)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}(?:\.\d{{1,4}})?|{CHINESE_NUMBER})\s*(?:[百千万亿](?!元))*"
_QUOTA = regex(rf"(?P<n>{_NUMBER})\s*(?P<more>余|多|来|几)?\s*(?P<unit>%|{_UNITS})")
# `分别完成1.5万、2万、2万只`: the unit stands behind the last of them.
_SHARED_UNIT = regex(rf"分别[一-鿿]{{0,8}}(?P<numbers>(?:{_NUMBER}[、和])+)$")
_OTHER_NUMBER = regex(_NUMBER)
# `节约`, `座谈`, `项目` …: what begins like a unit and is a word of its own.
_OTHER_WORD = regex(
    r"座(?=谈|右|标)|节(?=约|能|日|假|水|庆|目|点|支|余|气|俭|电)|场(?=所|景|馆|地)|个(?=体|性|案|人(?!员|次)|别)|部(?=门|署|长|委|队|位)|门(?=户|诊|店|类|槛)"
    r"|组(?=织|建|长|成|合)|条(?=例|件|线|块)|家(?=庭|长|校|园|访|政)|名(?=单|录|称|师(?!生)|校|企|胜|优)|人(?=才|大|民|社|力|口|居|均|防|事|工|物|文|造|选)"
    r"|次(?=年|日|月|要|序)|回(?=头|访|复|收|应|报|顾|购)|种(?=植|业|子|养|粮)|户(?=外|籍|口|用|型)|所(?=有|属|在|需|辖|长)|处(?=置|理|室|长|罚|级|方)"
    r"|份(?=额)|支(?=部|持|撑|付|出|线|农|教|委|行)|台(?=账|风|湾|州)|对(?=接|标|象|口|外|照|策|应|话|比|于)|村(?=民|委|镇|庄)|套(?=餐|路|取|改)"
    r"|间(?=隔|接|距)|元(?=旦|宵|素|宇)|幅(?=度|员)|首(?=批|次|届|先|都|要|席|期|个|位|创|发|问|府)|类(?=别|型|似)|轮(?=岗|换|训|流|胎|滑|值)"
    r"|遍(?=布|地|及)|篇(?=章|幅)|只(?=有|要|能)|站(?=位|稳)|项(?=目(?:化|部|制))"
)
# Digits side by side (`三八`, `五四`, `一二九`) are a day's name or "two or three", never an amount.
_DAY_NAME = regex(r"[一二三四五六七八九]{2,}")
_NEW_ROUND = regex(r"(?:新|下|上|本|此|后|首|再|又|另|前|同|每|头|任|各)$")
# A set that is there already is no amount to deliver: `现有185项清单`, `立项的30个项目`, `上年度12个遗留问题`.
_SET_BEFORE = regex(
    r"(?:(?:现有|原有|已有|既有|目前|现存|存量|在建|在册|在库|已建|已建成|所有|遗留|历年|往年|以往|去年|上年度?|上一年度?|20\d{2}年度?|前期|此前|年前|现行|原来?|共有|总共|合计|总计|共计)(?:的|共|建成的|确定的|实施的|立项的)?"
    r"|(?:立项|确定|列入|纳入|获批|批准|入选|申报|下达|评出|评选|选出|入库|摸排|排查|梳理|签约|认定|命名|已?建成|建设|登记|授牌|备案|遴选|交办|转办|反馈|发现|查摆|收集|征集|承接|承担|挂牌|筛选|报名|参评|在建|遗留|提出|推荐|通过|储备)(?:出|到|上来)?的)\s*(?:全部|共)?\s*$"
)
# What is done already (`已完成60%，剩余6月底前完成`) is no amount to deliver either.
_DONE_BEFORE = regex(r"(?:已经?|现已|目前)(?![被由])[一-鿿]{0,6}\s*$")
_PERCENT = regex(rf"百分之(?P<n>\d{{1,3}}|{CHINESE_NUMBER})")
_RANGE_BEFORE = regex(r"(?P<n>\d{1,6})\s*(?:-|至|到)\s*$")
_ORDINAL_BEFORE = regex(
    r"(?:第|届|前|头|每|逢|近|过去|分|各|按|在|这|那|该|上述|哪|某|同|另|任|同一|整|一个|仅|以|连续|自|初|星期|周|年|月|\d|[-.:/])\s*$"
)
_EACH_VERB_BEFORE = regex(
    r"(?:各(?![类种项式色级界])|每)(?:市|县|区|校|地|部门|单位|家|个|乡镇|街道|年|月|季度|人|所|支部|级)?[一-龥]{0,6}$"
)
_AREA_BEFORE = regex(
    r"(?P<lead>对|为|给|在|向|从|到|组织|覆盖|指导|走访|新建|建成|建设|创建|打造|完成)?\s*(?:(?:[全我本各该]|(?<![一-鿿]))(?:省|市|县|区|国|系统|团|乡|镇|街道|校)(?:本级|内|范围内|各地|级)?|(?:省|市|县|区|国|系统|团|乡|镇|街道|校)(?:本级|内|范围内|各地|级))\s*$"
)
_NOUN_OF_WORK = regex(r"^[^,;。:]*?(?:工作|任务|要求|部署|精神|规划)\s*(?:$|[,;。])")
_LATER_VERB = regex(r"进行|开展|授牌|督查|督导|调研|检查|完成|考核|建成|培训|整改|走访|验收")
_PHASE_AFTER = regex(r"^(?:间|限|工程|项目|建设|刊|货|末|初)")
_SMALLER = {"亿元": "万元", "万元": "元"}
_AFTER_ONE = regex(r"^(?:次|场|期|轮|遍)")
_FOLLOWED = regex(
    r"^(?:以上学历|层|级|届|年级|世纪|以内|以下|月|方面|阶段|环节|维度|层面|领域|板块|样|季度|半年|工作日|小时|分钟|学期|周|重点工作领域)"
)
_TITLE_AFTER = regex(r"^(?:全会|全体会议|代表大会|党代会|团代会|全国|会议)")
# `召开2次会议`: how many are held; `九届2次全会` is the name of one.
_HELD_BEFORE = regex(r"(?:召开|举办|举行|组织|开展|参加|不少于|不低于|至少|各|共)\s*$")
_IDIOM_TAILS = regex(
    r"^(?:一次性|两个(?:维护|确立|责任|清单|作用|全面|务必|巩固|毫不动摇)|四个(?:自信|意识|全面|伟大)|三个(?:代表|务必)|一个(?:中心|窗口|都不能少)|一人一|一户一|一个个|一件事|一张(?:网|图|表|蓝图)|一站式|一部手机|一条龙|多个|数个|几个|若干|十个一|百个|千个)"
)


# Behind these words `二期` are two sessions; elsewhere it is the second phase.
HELD_SO_OFTEN = regex(
    r"(?:举办|举行|开展|组织|培训|开设|召开|办|开|共|各|不少于|至少|分|出版|编印|印发|刊发|编发|推出|班|课|坛)\s*$"
)
# An upper bound is no target.
_AT_MOST = regex(r"(?:不超过|不得超过|不多于|不高于|最多|至多|控制在|不大于)(?:全年|每年)?\s*$")
_FROM = regex(r"(?:由|从)[^,;。:\d]{0,8}$")
_FALLS_TO = regex(r"[^,;。:\d]{0,6}(?:至|到|为)")


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
    found += [
        FoundQuota(match.start("n"), match.end(), quota)
        for match, quota in english_amounts(text, start, end)
        if not hidden[match.start("n")]
    ]
    found += [other for quota in found for other in _with_its_unit(text, quota, start)]
    return sorted(found, key=lambda quota: quota.start)


def _with_its_unit(text: str, quota: FoundQuota, start: int) -> Iterator[FoundQuota]:
    before = _SHARED_UNIT.search(text[start : quota.start])
    for match in _OTHER_NUMBER.finditer(before["numbers"]) if before is not None else ():
        at = start + before.start("numbers") + match.start() if before is not None else start
        if value := number(match[0].strip()):
            yield FoundQuota(at, at + len(match[0]), quota.quota.having(value=value))


def about_numbers(found: Sequence[FoundQuota], cell: str) -> list[Doubt]:
    """What is told of the numbers of one duty: that the first is no exact one, and that the others do not count."""
    doubts: list[Doubt] = []
    first = found[0]
    if not first.exact:
        doubts.append(
            Doubt(
                "inexact_quota",
                "note",
                f"“{cell[first.start : first.end]}”不是确数，按{first.quota.value}{first.quota.unit}计。",
            )
        )
    for other in found[1:]:
        text = f"一项里有几个数量，只按“{cell[first.start : first.end]}”计数，没有计“{cell[other.start : other.end]}”。"
        doubts.append(Doubt("more_quotas", "note", text))
    return doubts


def declared_no_target(text: str, at: int, start: int, end: int) -> bool:
    """Whether a number with its unit is no target by a declared form: an ordinal, a bound, a set that exists."""
    match = _QUOTA.match(text, at, end)
    before = text[start:at]
    if match is not None and match["unit"] != "%":
        return _quota(text, match, start, end) is None
    return bool(_DONE_BEFORE.search(before) or _AT_MOST.search(before))


def _no_amount(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a number belongs to a name, to a set that exists already, or to another word."""
    printed = match["n"].strip()
    if _DAY_NAME.fullmatch(printed) or _OTHER_WORD.match(text, match.start("unit")):
        return True
    if _DONE_BEFORE.search(before) or _AT_MOST.search(before):
        return True
    if match["unit"] == "期" and not printed.isdigit() and not HELD_SO_OFTEN.search(before):
        # `启动二期`: the second phase.
        return True
    if _FROM.search(before) and _FALLS_TO.match(text, match.end()):
        # `由30项减至20项`
        return True
    if printed in ("一", "1") and _NEW_ROUND.search(before):
        return True
    return match["unit"] != "%" and _SET_BEFORE.search(before) is not None


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
    if _no_amount(text, match, before):
        return None
    lower = _RANGE_BEFORE.search(before)
    if lower is not None:
        before, value = before[: lower.start()], int(lower["n"]) or value
    if unit == "%":
        return _found(match, value, "%", exact=lower is None)
    # `分四次` divides into sessions, `分9个领域` only describes.
    parts = before.rstrip().endswith("分") and unit in ("次", "期", "场", "批次")
    titled = _TITLE_AFTER.match(after) is not None and not _HELD_BEFORE.search(before)
    if (_ORDINAL_BEFORE.search(before) and not parts) or titled or _FOLLOWED.match(after):
        return None
    if _IDIOM_TAILS.match(text[match.start() : end]) or (unit == "期" and _PHASE_AFTER.match(after)):
        return None
    if printed == "一" and not _AFTER_ONE.match(unit):
        return None
    segment = re.split(r"[,;。:]", before)[-1]
    if _EACH_VERB_BEFORE.search(segment[-10:]):
        return None
    area = _AREA_BEFORE.search(segment)
    if area is not None and area["lead"] is None:
        return None
    if (
        unit not in _MEASURES
        and _NOUN_OF_WORK.match(after)
        and not _LATER_VERB.search(re.split(r"[,;。:]", after)[0])
        and unit not in "期场次"
    ):
        return None
    exact = lower is None and match["more"] is None
    return _found(match, value, unit, exact=exact)


def _found(match: re.Match[str], value: int, unit: str, *, exact: bool = True) -> FoundQuota:
    # A number beyond every bound is most likely misprinted: the largest one stands for it, and somebody must look.
    quota = Quota(value=min(value, MOST), unit=unit)
    return FoundQuota(match.start(), match.end(), quota, exact=exact and value <= MOST)
