"""Words that may change a duty or its time and that no form has read: asked about, so that none is dropped.

A duty's own words are free, so that not every character of a cell can belong to a form. What can bear on its time is
a short list, though: a negation, a condition, an exception, an alternative, a limit's word without a limit, the rest of
a time that was cut off. Each of them is read by a form, or stands among the harmless ones, or becomes a question here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.notice.cadences import SEASONS
from domain.notice.deliverables import Deliverable
from domain.notice.findings import CONFIRM
from domain.notice.patterns import regex
from domain.notice.recurrences import period_at
from domain.notice.windows import Choice, Doubt, spoken

Place = tuple[int, int]

_PART = r"(?:^|(?<=[,;。:(\s、]))"
_IF = (
    r"(?:如果|倘若|假如|一旦|只要|除非|若(?!干)|如(?![期下实何数意此皋同东约愿火法]|上(?=[,。所])))[^,;。:()]{2,24}"
    r"(?:,|的|则|,?可|即|时|[^,;。:()]$)"
)
_CONDITION = regex(
    rf"{_PART}{_IF}"
    # What the duty waits for.
    r"|(?<![重监巡电影忽透近歧直正审检珍])视(?![频察觉力听野障窗线角点])[^,;。:()]{0,12}(?:情况|情形|进展|进度|需要?|条件|实际|资金|天气|疫情|结果|安排|通知|部署|情|而定)"
    r"|(?:取决|有赖|依赖)于|(?:条件|时机|资金|要素)[^,;。:()]{0,4}(?:成熟|具备|允许|许可)(?:的|后|时|情况|,)"
    r"|另行(?:通知|安排|确定|明确|部署|研究)|(?:时间|日期|时限|具体)[^,;。:()]{0,4}(?:待定|未定|不定|待确定|待明确)"
    r"|根据[^,;。:()]{1,14}(?:情况|结果|进展|进度)(?:再|另行|研究)*(?:确定|决定|而定|另定|安排)(?=\s*(?:$|[,;。)]))"
    # A place for a duty that says nothing but that it is not known.
    r"|(?:^|(?<=[:;\n]))\s*(?:待定|未定|待明确|待确定|尚未确定|暂未确定|t\.?b\.?[acd]\.?)\s*(?=$|[;。\n])"
    r"|(?:必要时|根据需要|酌情)(?=[于在到]?(?:\d|[一二三四五六七八九十第上下年]))"
    r"|(?:^|(?<=[,;。:]))否则(?!,?(?:予以|给予|将|一律|视为|取消|按)*(?:约谈|通报|问责|扣|追责|收回|处理|不予))"
    r"|(?:有|具备)条件的(?!.{0,12}(?:推广|支持|鼓励))[^,;。:()]{0,8}(?=\d|[一二三四五六七八九十]{1,2}月|[今本当]年|年[底内末]|[上下]半年|可|提前|率先|先行)"
    r"|(?:^|(?<=[,;:(]))遇(?!节假日|周末|法定)[^,;。:()]{1,12}(?:顺延|延期|推迟|延后)"
    r"|(?<=\()(?!.{0,6}(?:节假日|假日|周末))[^()可]{1,10}?(?:顺延|延期|推迟|延后)(?=\))"
    r"|提前(?:\d{1,3}|[一二两三四五六七八九十半]+)(?:个(?:月|季度)|天|周)(?=[^,;。:()]{0,2}(?:完成|建成|竣工|投用|通车|办结|实现))"
    r"|有效期限?截?[至到]|(?:改为|调整为|变更为)(?=[每按逐])|农历|阴历|旧历|(?:争取|力争|力求|可)提前(?:到|至)(?=\d|[一二三四五六七八九十上下年])"
    r"|暂(?:按|以|列|拟)|(?:延期|顺延|推迟|延后|延长)[^,;。:()至到为]{0,2}(?:\d{1,3}|[一二两三四五六七八九十半]+)(?:个(?:月|工作日|季度)|天|周)"
    r"|(?:任意一?|任选一?|任一|其中一|某)个?(?:周|天|月|日|季度)|[二三]选一|择(?:一|其一)(?=[,;。)]|$)"
    r"|(?<![可能])以[^,;。:()]{1,16}为准(?![则绳])"
    r"|\b(?:subject\s+to|if|unless|pending|depend(?:ing|ent|s)\s+(?:on|upon)|contingent|provided\s+(?:that|funding)|assuming)\b"
    r"|\bnot\s+(?:required|needed|due|applicable|until|during|in\s+(?=Q[1-4]|H[12]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)))|\bat\s+the\s+earliest\b|\bor\s+(?:later|earlier|sooner)\b|\bwhichever\b"
    r"|\b(?:first|second|third|fourth|last)(?:\s+and\s+\w+)?\s+(?:week|fortnight|half)\s+of\s+(?:each|every)\b",
    re.IGNORECASE,
)
_EXCEPTION = regex(
    r"(?:除|不含|不包括|不包含|剔除)(?=[^,;。:()]{0,12}(?:月|季度|年|周|日|假|节|汛期|期间))[^,;。:()]{1,14}?(?:以外|之外|外(?![地来部出省市事])|假期?|期间|(?=[,;。:()]|$))"
    r"|[^,;。:()]{1,14}除外"
    r"|\b(?:except|excluding|other\s+than|apart\s+from)\b",
    re.IGNORECASE,
)
# `面积达20万亩，其中三季度末16万亩`: the time is that of a part, and the whole has none.
_WHOLE_OF_WHICH = regex(r"\d[^;。:(]*,\s*(?P<part>其中)[,:]?\s*$")
# Before the time alone: a duty that only some have, or only after something else.
_OPENS = regex(
    r"(?:^|(?<=[,;。:(]))\s*(?:(?:对|凡)?(?:未|没有|逾期|尚未)[^,;。:()]{1,18}的,|待[^,;。:()遇岗业]{1,20}(?:后|再)[^,;。:()]{0,4},"
    r"|非[^,;。:()]{1,8}不|无[^,;。:()]{1,8}(?:不|的,))"
)
# Before another time: what only those have to do who have not done it yet.
_OF_SOME = regex(r"(?<=[,;。:(])\s*(?:(?:对|凡)?(?:未|没有|逾期|尚未|不能)[^,;。:()]{1,18}的,?$)")
# `已建成的加强管护`: a state, with what goes on of it and no time of its own.
_STATE = regex(
    r"(?:^|(?<=[,;。:(]))\s*(?:对|凡)?已(?:经)?[^,;。:()]{1,12}(?:的|部分|项目),?(?:要|应|须|需)?"
    r"(?:持续|继续|长期|加强|强化|巩固|抓好|做好|严格|加快|抓紧)[^,;。:()\d]*(?=[,;。]|$)"
)
_NOT = (
    r"(?:仍|暂|尚|一律|原则上|前)?(?:不得(?![少低小]于|超过|[晚迟高]于)|不再|不予|暂不|暂缓|暂停|不能|不应|不可|不允许|不宜|不作|不做|禁止|严禁"
    r"|无需|无须|不需|不必|未|没有|不(?=(?:开|启|实|举|召|组|进|完|建|出|印|发|报|推)[一-鿿]))"
)
_NEGATION = regex(rf"\s*[,:]?\s*{_NOT}")
# `2026年内不作要求`: no duty in a stretch, either.
_NOT_ASKED_FOR = regex(r"\s*[之以]?内?[,:]?\s*(?:暂|仍|尚)?(?:不(?:作|做|予)?(?:要求|考核|安排)|无需|无须|不必)")
_CUT_OFF = regex(
    # `6月低前`, `9月未前`: an end of the month that is typed wrong.
    r"\s*(?:低|地|抵|未)(?:之|以)?前|"
    r"\s*(?:直?[至到])(?!\d|[一二三四五六七八九十]+月|[年季月])[^,;。:()\d]{2,12}?(?:完成|结束|销号|清零|到位|竣工|为止)(?:为止|时)?(?=\s*(?:$|[,;。]))"
    # `4月15日至`, `3月至待定`: an end that nobody wrote.
    r"|\s*[至到](?:待定|未定|不定|另行[^,;。:()]{1,4}|尚未[^,;。:()]{1,4})?(?=\s*(?:$|[,;。)\n]))"
    r"|\s*(?:的|份)?\s*\d{1,2}\s*[日号](?=\s*(?:$|[,;。)]|[之以]?前|起|[开召举报完提]))|\s*(?:或者?|或是|抑或)\s*|\s*[(]?(?:左右|上下(?!半))"
    r"|\s*[/~-]\s*\d{1,4}(?![\d月.])"
    # `每月上、下旬`, `每月初和月中`, `8月第一、三周`, `（或印发后30日内）`.
    r"|\s*\(\s*或|\s*(?:[春秋]季|第?[一二12上下])?学期(?:结束|期?末|初|开学)|\s*[上中下]旬?[、和及][上中下]旬|\s*[、和及]\s*月?(?:[上中下]旬|[初中底末])(?![级期步小学])|\s*第?[一二三四五1-5][、和及]第?[一二三四五1-5]个?(?:周|星期)"
)
# `国庆节前10天`: how long before, and not by the eve.
_SO_LONG_A_TIME = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})\s*(?:个?工作日|个?小时|个?星期|个月|天|周|日)"
_SO_LONG_BEFORE = regex(rf"\s*(?:的)?{_SO_LONG_A_TIME}(?!内)")
_BARE_LIMIT = regex(
    r"(?:最迟|最晚|至迟|不得?[晚迟]于)(?!的)"
    r"|(?<![\d月])\d{1,2}[日号](?:之|以)?前|(?<![\d一二三四五六七八九十个半每当本次同该上下末首])月[底末](?:之|以)?前"
    rf"|{_PART}[^,;。:()\d]{{2,12}}(?<![之以])(?:之前|以前|前)(?=,|(?:全面|全部)?(?:完成|办结|到位|结束)(?:$|[,;。]))"
    r"|\b(?:before|not\s+later|no\s+later|not\s+before)\b",
    re.IGNORECASE,
)
# `4座主汛期前完成`, `暑运前5条`, `台风来临前开放`, `5月助残日前表彰`: by something whose day nobody has written.
_BEFORE_A_SEASON = regex(
    r"(?:[一-鿿]{0,6}(?:来临|到来)|主?汛期?|[暑春]运|雨季|供暖季?|采暖季?|入冬|入夏|放假|(?:[春秋]季(?:学期)?)?开学|台风季?"
    r"|(?:[一-鿿](?<![年月日号底末旬季度])){1,10}(?:(?<!工作)(?<![假节近次当今每生之即后])日|(?<![环细季调过])节)"
    r")(?:之|以)?前(?![期后(])"
)
# `开幕前一周复查`, `验收前10天报送`: so long before something whose day nobody has written.
_SO_LONG_BEFORE_AN_EVENT = regex(
    r"(?<![一-鿿])(?:并|须|需|应|要|于|在|至少)?[一-鿿]{1,8}?(?<![之以提目此年月季度日号旬周期])(?<!半年)前(?:至少|不少于)?"
    rf"{_SO_LONG_A_TIME}(?:之?前|以前)?(?!内|年|来)|(?:开学|开工|开幕|放假)(?:后|的)?第[一二三四五两\d]个?(?:周|星期|天|日|个?月)"
)
# `节前加密一次`, `重要节假日前各排查一遍`: once more before days that are not named.
_BEFORE_FEASTS = regex(
    r"(?<![春日五年明秋庆旦阳午宵一])(?:重[大要]|法定|国家|各|主要|每逢)*(?:节假日|节日|假日|节|长假|小长假)(?:之|以)?前(?:夕|后)?(?=[^,;。:()]{0,6}(?:\d{1,2}|[一两二三四])[次遍轮])"
)
_NOTHING_MORE = regex(r"(?:之?前|全面|全部|完成|办结)*[\s,;。]*$")
_TO_THE_LIMIT = regex(r"(?:不超过|不得?[晚迟]于|于|在|到|至)+\s*")
# `6月30日前、最迟7月15日前`: two limits of one duty, of which only one can hold.
_AT_THE_LATEST = regex(r"(?<=[、和或])\s*(?:最迟|至迟|最晚|确保|务必|不得?[晚迟]于)")
# `6月3O日前`, `l2月`, `30曰前`: a letter that stands for a figure, a character for another that looks like it.
_LOOKS_LIKE_A_TIME = regex(r"(?<![A-Za-z])(?:\d[OoIl]|[OIl]\d?)(?=\s*[日号月年])|\d{1,2}\s*曰")
# `“双十一”期间`: days that only their name says.
_NAMED_DAYS = regex(rf"{_PART}[并在于]?[“\"][^“”\"]{{2,12}}[”\"](?:节|日|周|月)?(?:期间|当天|当日)")
# `by Easter 2027`, `before the summer recess`: by something whose day nobody has written.
_BY_AN_EVENT = regex(
    r"\b(?:by|before|until|till|no later than)\s+(?:the\s+)?(?:end\s+of\s+)?(?:the\s+)?(?:(?:early|late)\s+)?"
    r"(?:Easter|Christmas|Thanksgiving|Ramadan|Eid|Diwali|summer|autumn|winter|spring|AGM|annual general meeting|recess"
    r"|half[- ]term|term|year[- ]end close)\b(?:\s+(?:recess|break|holidays?|term))?(?:\s+20\d\d)?"
    r"|\b(?:spring|summer|autumn|winter|Easter)\s+20\d\d(?=\s*(?:$|[,;。.]))",
    re.IGNORECASE,
)
_EVERY = regex(
    rf"{SEASONS}|"
    r"每(?!个(?!月|季)|次|户|村|人|家|位|名|项|校|镇|县|区)|季末(?=通报|上报|报送|报告|汇总|考核|评估|总结|点评|督查|检查)|(?:(?<![一-鿿\d])|(?<=[和及]))(?:月度|季度|半年度|年度)(?=\s*(?:$|[/、和及])|[一-鿿]{2})"
)
# `月度、年度`: how often in several ways, and nothing that is done.
_UNITS_ALONE = regex(r"(?:月度|季度|半年度?|年度)(?:\s*[/、和及与]\s*(?:月度|季度|半年度?|年度))+\s*(?=$|[,;。\n])")
_HARMLESS = regex(
    r"此前|目前|当前|(?<!\d)日前|提前|以前|之前|超前|空前|先前|面前|眼前|史前|学前|产前|婚前|庭前|诉前|前置|前期|事前|会前|岗前|售前|源头前|(?:走|排|居|位居|力争)[^,]{0,6}前"
)


def words_beside(
    text: str, titles: Sequence[bool], read: Sequence[Place], drafts: Sequence[Deliverable]
) -> Iterator[tuple[int, Place, Doubt]]:
    """For each deliverable by its number, the words in it that may change it and that nothing has read."""
    for number, draft in enumerate(drafts):
        inside = [place for place in read if draft.start <= place[0] < max(draft.end, draft.start + 1)]
        bodies = [other.body for other in drafts if other is not draft]
        for start, end in _found(text, draft, inside, bodies):
            if end > start and not (titles[start] and titles[end - 1]):
                yield number, (start, end), _doubt(text[start:end].strip(" ,;:("), draft)
                break


def _found(text: str, draft: Deliverable, read: Sequence[Place], others: Sequence[int]) -> Iterator[Place]:
    begin, end = draft.start, draft.end
    for pattern in (_LOOKS_LIKE_A_TIME, _CONDITION, _EXCEPTION, _STATE):
        match = pattern.search(text, begin, end)
        # `其中一季度200个` may be one of the quarters, or the first, where that was read.
        named = match is not None and (pattern is _EXCEPTION or match.group().startswith("其中"))
        own = named and match is not None and any(match.start() < a < match.end() for a, _ in read)
        if match is not None and not own:
            yield match.span()
    if (units := _UNITS_ALONE.search(text, begin, end)) is not None:
        yield units.span()
    second = _second_period(text, begin, end) if draft.window.recurrence is not None else None
    if second is not None and second[0] not in others:
        yield second
    first = min((place[0] for place in read if place[0] < place[1]), default=draft.body)
    if (match := _OPENS.match(text, begin, max(first, begin))) is not None:
        yield match.span()
    if (rest := _OF_SOME.search(text, begin, end)) is not None:
        yield rest.span()
    for _, stop in read:
        if (match := _CUT_OFF.match(text, stop, end) or _NOT_ASKED_FOR.match(text, stop, end)) is not None:
            yield match.span()
        single = draft.window.recurrence is None and text[:stop].endswith("前")
        if single and (match := _SO_LONG_BEFORE.match(text, stop, end)) is not None:
            yield match.span()
        if draft.window.starts_on is None and (match := _NEGATION.match(text, stop, end)) is not None:
            # A ban may hold through a stretch; by a limit it is the opposite of a duty.
            yield match.span()
    if (whole := _WHOLE_OF_WHICH.search(text, begin, max(first, begin))) is not None:
        yield whole.span("part")
    yield from _named_only(text, begin, end, read)
    yield from _limits(text, begin, end, read)


def _named_only(text: str, begin: int, end: int, read: Sequence[Place]) -> Iterator[Place]:
    """Times that only a name says: `“双十一”期间`, `台风来临前`."""
    for named in _NAMED_DAYS.finditer(text, begin, end):
        if not any(a < named.end() and named.start() < b for a, b in read):
            yield named.span()
    for pattern in (_SO_LONG_BEFORE_AN_EVENT, _BEFORE_FEASTS, _BY_AN_EVENT):
        for event in pattern.finditer(text, begin, end):
            # A year behind an event is read as a time of its own.
            whole = any(a <= event.start() and event.end() <= b for a, b in read)
            if whole or (pattern is not _BY_AN_EVENT and any(a < event.end() and event.start() < b for a, b in read)):
                continue
            yield event.span()
    for season in _BEFORE_A_SEASON.finditer(text, begin, end):
        # `5月底前，汛期前完成`, `5月31日前（汛期前）`: another word for the limit that stands right before it.
        apart = text[season.start() - 1 : season.start()] in (",", "(", " ")
        again = apart and any(a < b <= season.start() and not text[b : season.start()].strip(" ,(") for a, b in read)
        if not again and not any(a < season.end() and season.start() < b for a, b in read):
            yield season.span()


def _limits(text: str, begin: int, end: int, read: Sequence[Place]) -> Iterator[Place]:
    """A limit's word without a limit, and a second limit in one reading."""
    for start, stop in read:
        if (latest := _AT_THE_LATEST.search(text, start, stop)) is not None:
            yield latest.start(), stop
    for limit in _BARE_LIMIT.finditer(text, begin, end):
        if any(a < limit.end() and limit.start() < b for a, b in read):
            continue
        own = [b for a, b in read if limit.end() <= a and _TO_THE_LIMIT.fullmatch(text, limit.end(), a) is not None]
        # `9月底前完成，最晚不超过11月`: a second limit of the same duty.
        second = limit.start() == begin and text[:begin].strip() and own and _NOTHING_MORE.match(text, own[0], end)
        if own and not second:
            # `最迟不超过7月底`
            continue
        if _HARMLESS.search(limit.group()) is None:
            yield limit.span()


def _second_period(text: str, begin: int, end: int) -> Place | None:
    """How often a second time, where it is another one (`每月5日和每季度末`): a milestone comes back in one way."""
    periods = [
        found for match in _EVERY.finditer(text, begin, end) if (found := period_at(text, match.start())) is not None
    ]
    if not periods:
        return None
    first = (periods[0].months, periods[0].days, periods[0].day)
    # `各镇街每月5日前、部门每月10日前报送`: by another day is another one, too.
    others = [each for each in periods[1:] if (each.months, each.days, each.day or first[2]) != first]
    return (others[0].start, others[0].end) if others else None


def _doubt(words: str, draft: Deliverable) -> Doubt:
    window = draft.window
    assumed = spoken((window,)) if window.due_on is not None else None
    choices = (Choice(key=CONFIRM, text="照所写的时间督办"), Choice(key="M月D日前", text="写明到期日"))
    words = words.replace("“", "‘").replace("”", "’")
    sentence = f"“{words}”可能改变这一项的时限，也可能表示有条件或不办，没有读进去。"
    return Doubt("words_beside", "ruling", sentence, assumed, choices)
