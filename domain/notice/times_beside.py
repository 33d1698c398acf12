"""Times that a cell prints and that no window was read from: told, so that none is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.notice.festivals import FESTIVAL_NAMES
from domain.notice.patterns import regex
from domain.notice.points import MONTH_NUMBER
from domain.notice.recurrences import period_at, periods_in
from domain.notice.short_times import NUMBERED
from domain.notice.what_follows import opens_a_duty
from domain.notice.windows import Doubt

_MONTHS = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_M = MONTH_NUMBER
# A day, a month's end, or a time at the end of a part of the sentence is a limit by its own words; another time is told
# where a part of the sentence opens with it, and only describes anywhere else (`总结上半年工作`).
_LASTING = (
    r"(?:(?:为期|历时|工期(?:为)?)(?:\d{1,3}|[一二两三四五六七八九十半]+)(?:个?(?:月|周|工作日|星期|学期)|天|日|年)"
    r"|(?<=[一-鿿])(?<![每隔前近后第一二两三四五六七八九十])(?:\d{1,2}|[一二两三四五六七八九十]{1,2})个月(?=\s*(?:$|[,;。])))"
)
# A year that no list can mean, right before the month of a limit: `2150年6月底前`, `218年6月底前`.
_NO_YEAR = rf"(?<!\d)(?!(?:1949|19[5-9]\d|20\d\d)年)\d{{3,5}}年(?=\s*{_M}月)"
# What a chain of times leaves out of one: `5月上旬报名、中旬初赛、月底决赛`.
_SHORTENED = (
    r"(?:^|(?<=[,、;:>→/\s()]))(?:(?:[同当次]月)?[上中下]旬|[同当次]?月[底末初中](?!数)|季[末初](?!数)|开年|半年(?![度一底末])"
    rf"|\d{{1,2}}[日号](?!(?:之|以)?内|(?:以|之)?后|左右|[游报]|{NUMBERED}))(?=[一-鿿]{{2}})"
    r"|(?<=\()[上中下]旬(?=\))"
    # `考试期间安排应急发电车`, `采暖季每周报告一次`
    r"|(?:^|(?<=[,;:。]))在?(?!做好|抓好|加强|强化|保障|确保|落实|开展|完成)[一-鿿]{2,8}(?:(?<!其)(?<!在此)期间(?=,?[一-鿿]{2})|(?:(?<![定日周长短近中前后早学])期|季)内?(?=,?每))|(?:^|(?<=[,;:。]))(?:主?汛期|[春夏秋冬]{1,4}季节?)(?:内|期间)?(?=,?每)"
    r"|(?<=每年)[春夏秋冬]{1,2}季(?!学期|度)"
    # `本季度做好值守，每周研判一次`
    r"|(?:^|(?<=[,;:。]))[全本当](?:季度|月|学期)(?![第前中末底初内])(?=[一-鿿]{2}|,[每逐按])"
    # `开通：12.26`: a day behind its duty, and no amount, for it has no unit.
    r"|(?<=[一-鿿]:)(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?=\s*(?:$|[;。\n]))"
)
_TIME = regex(
    rf"(?P<limit>(?P<lasting>{_LASTING})|{_NO_YEAR}|{_SHORTENED}|[春夏秋冬]{{2,4}}[两二三四]季|(?:^|(?<=[,、;:]))学期[初末](?=[一-鿿]{{2}})"
    # `评价结果6月兑付`: what is done then, behind what is done to.
    rf"|(?<=[一-鿿]{{2}})(?<!总结|通报|分析|汇总|报送|上报|审核|核对|召开|举办|组织|开展|完成|做好|落实|编制|发放|筹备){_M}月(?=(?!经验|例会|会议|工作|计划|报告|情况|数据|考试|活动|任务|目标|进度|课程|报表|预算|月报|份)[一-鿿]{{2}}\s*(?:$|[,;。]))"
    rf"|(?<![\d.-]){_M}月(?:份?[底末]|\d{{1,2}}[日号])|\d{{1,2}} {_MONTHS}(?![a-z])|年[底末](?=前)"
    rf"|(?<![A-Za-z])(?:in|by|until|before)\s+(?:(?:the\s+)?end\s+(?:of\s+)?)?{_MONTHS}(?:\s+20\d{{2}})?(?![a-z]))"
    rf"|(?:(?<![\d.-])(?:{_M}\s*[-至到]\s*)?{_M}月(?!{_M}月)(?:份|[上中下]旬)?|第?[一二三四]季度[底末]?|[上下]半年[底末]?"
    r"|(?<![A-Za-z])(?:Q[1-4]|H[12])(?![A-Za-z\d]))(?P<closing>(?:之?前)?(?:完成)?(?=\)|\s*(?:[,;。/\n(]|->|→|、(?!\d)|$)))"
    rf"|(?:^|(?<=[,、;:>→/\s()])|(?<=随后)|(?<=然后)|(?<=同时)|(?<=最后)|(?<=[并再]))(?:(?:19|20)\d{{2}}年)?(?:{_M}(?:\s*[-至到]\s*{_M})?月(?!{_M}|份?[底末])|第?[一二三四]季度|[上下]半年|年(?:[初底末终尾]|中(?!国))|(?:Q[1-4]|H[12])(?![A-Za-z\d]))"
    r"|(?:^|(?<=[,、;:>→/\s()]))(?:[到至])?(?:19|20)\d{2}年?(?:-(?:19|20)\d{2}年|(?<=年))(?!度|\d|第|已|[一二三四上下底末初内])"
    rf"|(?:^|(?<=[,、;:>→/\s()])|(?<=每年))(?:{'|'.join(FESTIVAL_NAMES)}|两会|主?汛期|防火期|采暖期|供暖期|寒暑假|寒假|暑假|暑期|开学(?=[前后])|农[忙闲]|春[耕播]|夏收|麦收|秋[收播种])(?:节|期间)?(?=(?:前|后|期间)(?!\()|[一-鿿]{{2}})"
    rf"|(?<![\d.-])(?:{_M}月[、和及])*{_M}月(?=(?:等|[两三四]个)?(?:关键|重要|时间)?(?:节点|时段))"
    r"|(?:^|(?<=[,、;:>→/\s()]))[春夏秋冬]季(?=(?:全部|基本|全面|累计|继续)?(?:完成|开展|实施|启动|组织|举办|进行|建成|达到?|补[植种栽]|栽|种|造))"
    r"|[春夏秋冬](?:季(?!学期|度)(?=\s*(?:[、,;。和及与各前后期]|$))|(?=[、,;](?:[夏秋冬]季?)))"
)


_SEASON = regex(r"两会|主?汛期|防火期|采暖期|供暖期|寒暑假|寒假|暑假|暑期|开学")
_BOTH_ENDS = regex(r"[-至到]")
# How often something comes back, where a part of the sentence opens with it.
_OFTEN = regex(
    r"(?:^|[,、;:>→/\n])\s*(?:[一-鿿]{2,4}(?:时间|时段|汛期|期间?|单位|部门)|非[一-鿿]{1,3}期)?"
    r"(?=[每逐按一日周旬月季半年])"
)


# On which days a duty that comes back is done: its sessions do not keep that.
# `对4月底前未完成的`: what was not done by then.
_UNMET = regex(r"前?(?:仍|尚)?(?:未|没有)")
_ONLY_ON = regex(
    r"(?:每?周[一二三四五六日]\s*(?:至|到|-)\s*周?[一二三四五六日]|(?<!个)(?<!\d)工作日|周末|节假日|除[^,;。:()]{1,12}外)(?=[^,;。:]{0,3}每)"
)


def times_beside(
    text: str, hidden: Sequence[bool], read: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Doubt]]:
    """The times of a folded cell outside quotations and outside what was `read`, with what is told of each."""
    for match in _TIME.finditer(text):
        if hidden[match.start()] or any(start < match.end() and match.start() < end for start, end in read):
            continue
        if match.group()[-1] in "日号" and any(
            a <= match.start() < b for a, b in periods_in(text, hidden, 0, len(text))
        ):
            continue
        sentence = f"“{match.group()}”没有读作时限；如是时限，请写明。"
        unmet = _UNMET.match(text, match.end()) is not None
        said = match["limit"] is not None or match["closing"] is not None
        # `一、二、三季度总结`: the last of several that only describe.
        listed = text[match.start() - 1 : match.start()] == "、"
        # `5月底前，汛期前完成`: another word for the limit that stands right before it.
        again = any(stop <= match.start() and not text[stop : match.start()].strip(" ,") for _, stop in read)
        # `4月至6月开展为期三个月的整治`: a range says how long, too.
        ranged = match["lasting"] is not None and any(_BOTH_ENDS.search(text, *span) for span in read)
        # `5月31日前（汛期前）`: why a limit is set, where its day stands before the bracket.
        reason = _SEASON.match(match.group()) is not None and any(
            stop <= match.start() and text[stop : match.start()].strip() == "(" for _, stop in read
        )
        severe = not (unmet or ranged or reason) and (
            said or (not listed and not again and opens_a_duty(text, match.end()))
        )
        yield match.start(), match.end(), Doubt("time_beside", "ruling" if severe else "note", sentence)
    for day in _ONLY_ON.finditer(text):
        if not hidden[day.start()]:
            yield (
                day.start(),
                day.end(),
                Doubt("detail_not_kept", "note", f"“{day.group()}”没有编入节点，只按每期督办。"),
            )
    for opening in _OFTEN.finditer(text):
        period = period_at(text, opening.end()) if not hidden[opening.end()] else None
        if period is None or any(start < period.end and opening.end() < end for start, end in read):
            continue
        sentence = f"“{text[opening.end() : period.end].strip()}”没有读作定期；如要定期督办，请写明。"
        yield opening.end(), period.end, Doubt("time_beside", "note", sentence)
