"""The account of a cell's numbers and times: each is read, declared harmless, or told.

A duty's own words are free. Numbers, words of time and words of how often are not: they form closed classes, so that
whatever no form has taken of them is found without knowing the sentence, and is told or asked about here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.notice.deliverables import Deliverable
from domain.notice.duties import says_no_duty
from domain.notice.findings import CONFIRM
from domain.notice.numerals import number
from domain.notice.patterns import regex
from domain.notice.quotas import declared_no_target, find_quotas
from domain.notice.recurrences import periods_in
from domain.notice.windows import Choice, Doubt, spoken

Place = tuple[int, int]

_N = r"(?:\d+|[一二两三四五六七八九十]{1,3})"
_NUMBER = regex(
    r"(?<![\d.A-Za-z/:])(?P<digits>\d[\d,]*(?:\.\d+)?|\.\d+)(?P<unit>[百千万亿]*(?:[%‰]|平方公里|立方米|[一-鿿]{0,2}))"
)
# Numbers that are part of a name, a year that something is about, the hour, and what only says which one.
_NAMED = regex(
    # A month that nothing has read only describes; `times_beside` asks where it may be a limit.
    r"(?:\d{1,2}\s*[-至到、,/]\s*)?\d{1,2}月|\d+[〇零一二三四五六七八九]"
    r"|(?:19|20)\d\d(?:年|级|届|-20\d\d(?:学年|年)|\b)|\d{1,2}(?::\d{2}|点|时(?![间段]))|24小时|7[x×]\d|\d+(?=[A-Za-z+×x*])"
    r"|[\d.]+(?:号(?!前)|版|周年|届|千伏|岁|日龄|类地区|级(?!市|部门)|度电?|路(?:公交)?|国道|省道|县道)|\d{3,5}(?=热线|平台|电话|系统|政务|指挥|急救|消防|民警|报警|[一-鿿]{0,4}(?:热线|平台))"
)
_NAMED_BEFORE = regex(
    r"(?:第|附件|序号|附表|表|图|编号|条款|任务|项目|事项|节点|步骤|阶段|批次?|[A-Za-z][.-]?|\+|[No№]\.?|〔|phase|stage|step|lot|item|zone|tier|level|part|batch|annex)\s*$",
    re.IGNORECASE,
)
_TIME = regex(
    r"(?P<limit>[于在]?次月(?:的)?(?:\d{1,2}[日号]|[上中下]旬|[底末初])(?:(?:之|以)?前|内)?|(?:当[月日天周季]|次[日月]|翌日|即时|随时)(?=(?:办结|完成|整改|反馈|上报|报送|处置|处理|办理|答复)(?!的|情况|进[度展]|率|数|量|任务|项目|工作|台账|结果|清单))|(?<=[批期])\d{1,2}月(?!\d))"
    r"|(?P<partly>(?:平时|平常|其余(?:时间|时段|月份|季度|各月)|其他(?:时间|时段|月份|季度|各月)|非[一-鿿]{1,3}期)(?=[^,;。]{0,6}(?:每|[一-鿿]?按|逐|日|周|月|常态|持续|随机|不定期|正常|抽查|巡查)))"
    r"|(?P<told>(?:直至|直到|至)(?:全部|全面)?(?:办结|完成|销号|清零|化解|结束|整改到位|整改完成)(?:为止)?(?=\s*(?:$|[,;。)]))|随时|届时|翌日|次日|首次(?=[^,;。]{0,6}(?:时间|\d))|每逢|逢(?=[\d一二三四五六七八九十]|周|节|[单双])|周末|节假?日(?!活动)|(?<![春日五年明秋庆旦阳午宵一一-鿿])节前(?=[一-鿿])|(?:之|以)后(?=每|\d|,)"
    r"|(?:每|逐|按)(?:个?(?:月|季度?|周|旬|日|天|半年|学期)|[两三四五六七八九十\d]个?(?:月|季度|周|天|日|年|学期))(?!度?报(?:表|告)|末报告)(?![刊考票])"
    rf"|(?<![第首\d年届上下前]){_N}次(?!会议|全会|全国|性|要|数|党代|方案|[序级])"
    r"|(?:提前|推迟|延期|顺延|延后|后|前)\d+个?(?:月(?![底末前上中下\d])|天|日|工作日|周|小时|年)|学年(?!度)|[月季][初末](?=[^,;。]{0,4}前)|前后(?=$|[,;。])"
    r"|(?:雨|旺|淡|枯水|丰水)季|防汛期|主?汛期(?=[^,;。]{0,3}(?:不少于|每|至少|\d)))"
)
_EACH = regex(rf"(?:[各均][^,;。:()\d]{{0,6}}?)?(?P<n>{_N})\s*(?:次|场次?|期|轮|批)")
_ONLY_NAMES_IT = regex(r"\s*(?:的)?(?:工作)?(?:情况|进展|数据|报表|总结|小结|计划|任务|目标|统计|信息|台账|动态|重点)")
_RULE = regex(r"[^,;。:]{0,10}(?:制度|机制|台账|办法|公约)")
_AT_MOST = regex(r"(?:不超过|不多于|最多|至多)\Z")
_WITHOUT_WORDS = regex(
    r"[\s,;。:、()]*(?:\s|first|report|by|due|首次|其中|另|再|则|不少于|至少|不低于|报送|上报|时间|为|是|于|在|自|从|召开|开展|组织|举办|进行|各)*"
)


def closed_words(
    text: str, titles: Sequence[bool], read: Sequence[Place], drafts: Sequence[Deliverable]
) -> Iterator[tuple[int, Doubt]]:
    """For each deliverable by its number, what is told of a number or a time that nothing has taken."""
    for at, draft in enumerate(drafts):
        if any(doubt.severity != "note" for doubt in draft.doubts):
            continue
        taken = [*read, *_comes_back(text, titles, draft), *_counted(text, titles, draft, drafts)]
        times = list(_times(text, draft))
        within = [place for place, _ in times]
        numbers = ((at, doubt) for at, doubt in _numbers(text, draft) if not _inside(at, within))
        for place, doubt in (*numbers, *times):
            # `之后` right before a time that was read is part of it.
            stop = place[1] + (text[place[1] - 1] == "后")
            if titles[place[0]] or any(a < stop and place[0] < b for a, b in taken):
                continue
            if not any(text[slice(*place)].strip() in known.text for item in drafts for known in item.doubts):
                yield at, doubt
    yield from _second_regimes(text, drafts)


def _inside(place: Place, others: Sequence[Place]) -> bool:
    return any(begin <= place[0] and place[1] <= end for begin, end in others)


def _comes_back(text: str, titles: Sequence[bool], draft: Deliverable) -> Iterator[Place]:
    """Where a deliverable that comes back says how often."""
    if draft.window.recurrence is not None:
        yield from periods_in(text, list(titles), draft.start, draft.end)


def _counted(text: str, titles: Sequence[bool], draft: Deliverable, drafts: Sequence[Deliverable]) -> Iterator[Place]:
    """Where the numbers stand that are kept as targets."""
    kept = {item.window.quota.value * share for item in drafts if item.window.quota for share in (1, item.share[1])}
    kept |= {item.window.recurrence.count for item in drafts if item.window.recurrence is not None}
    for found in find_quotas(text, list(titles), draft.start, draft.end):
        if found.quota.value in kept:
            yield found.start, found.end
    # A milestone is due once.
    kept.add(1)
    for each in _EACH.finditer(text, draft.start, draft.end):
        # `各开展1次`: each of the times has as many.
        if number(each["n"]) in kept:
            yield each.span()


def _numbers(text: str, draft: Deliverable) -> Iterator[tuple[Place, Doubt]]:
    for match in _NUMBER.finditer(text, draft.start, draft.end):
        if _NAMED.match(text, match.start()) or _NAMED_BEFORE.search(text, max(0, match.start() - 8), match.start()):
            continue
        if not declared_no_target(text, match.start(), draft.start, draft.end):
            sentence = f"“{match.group().strip()}”没有编入节点，只写在任务里。"
            yield match.span("digits"), Doubt("number_beside", "note", sentence)


def _times(text: str, draft: Deliverable) -> Iterator[tuple[Place, Doubt]]:
    for match in _TIME.finditer(text, draft.start, draft.end):
        if match.group().startswith(("每", "逐", "按")) and _RULE.match(text, match.end()):
            continue
        if _ONLY_NAMES_IT.match(text, match.end()) or _AT_MOST.search(text, draft.start, match.start()):
            continue
        if match["told"] is not None:
            yield match.span(), Doubt("time_beside", "note", f"“{match.group()}”没有读作时限；如是时限，请写明。")
            continue
        yield match.span(), _asked(f"“{match.group()}”没有读作时限，可能另有时限或只在一段时间内有效。", draft)


def _second_regimes(text: str, drafts: Sequence[Deliverable]) -> Iterator[tuple[int, Doubt]]:
    """`每季度一次，第四季度两次`: a time inside what comes back, without a duty of its own, may change how often."""
    asked: set[int] = set()
    for first, outer in enumerate(drafts):
        recurrence = outer.window.recurrence
        if recurrence is None or recurrence.count < 2:
            continue
        inside = [at for at, draft in enumerate(drafts) if at > first and _only_a_time(text, outer, draft)]
        if len(inside) == recurrence.count:
            # `每半年一次，上半年6月底前，下半年12月底前`: these are the sessions.
            continue
        for at in inside:
            inner = drafts[at].window
            if inner.due_on == outer.window.due_on and inner.quota is None and not inner.ongoing:
                continue
            if at in asked:
                continue
            asked.add(at)
            said = drafts[at].window_text
            sentence = f"前面写了多久一次，“{said}”可能是其中一次，也可能改变这段时间的次数。"
            yield at, _asked(sentence, drafts[at])


def _only_a_time(text: str, outer: Deliverable, inner: Deliverable) -> bool:
    """Whether a time inside a stretch has no duty of its own."""
    first, last, due = outer.window.starts_on, outer.window.due_on, inner.window.due_on
    if inner.assigned != "embedded" or inner.window.recurrence or first is None or last is None or due is None:
        return False
    if not first <= due <= last:
        return False
    words = text[inner.start : inner.end].replace(inner.window_text, "")
    bare = _WITHOUT_WORDS.match(words)
    return says_no_duty(words, bare.end() if bare is not None else 0, len(words), None)


def _asked(sentence: str, draft: Deliverable) -> Doubt:
    assumed = spoken((draft.window,)) if draft.window.due_on is not None else None
    choices = (Choice(key=CONFIRM, text="照所写的时间督办"), Choice(key="M月D日前", text="写明到期日"))
    return Doubt("words_beside", "ruling", sentence, assumed, choices)
