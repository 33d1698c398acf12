"""Points of the calendar joined: ranges, lists, and several months or quarters that share one word."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from domain.notice.each_of_a_range import each_of
from domain.notice.numerals import number
from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.points import BEGINNING, CLOCK, CLOCK_BEHIND, CLOSE, MONTH_NUMBER, NOT_MONTH, point_at
from domain.notice.range_ends import end_of_range, short_point
from domain.notice.windows import Choice, Doubt, TimeContext, day_choice, last_of_month, span_choice

_RANGE = regex(
    rf"(?P<clock>{CLOCK})\s*(?:\((?:启动|开始|开工|起|始)\)\s*)?(?:(?:份|之日)?(?:起|开始)\s*,?\s*(?=[-至到直]))?(?:-{{1,4}}|至|到|直到|一(?=\d)|——)\s*(?:到|至)?(?:次年|翌年)?"
)
_LIST = regex(r"\s*(?:[、,/和及与或&+]|以及)?\s*")
# A mark that lists times of one kind only: a comma, a stroke, a blank.
_WEAK = regex(r"\s*[,/]\s*|\s+")
_LONGEST_LIST = 24
_COMPOUND = regex(
    r"(?:(?P<year>(?:19|20)\d{2})\s*[年.]\s*|(?P<spoken>今年|本年|当年|明年|次年)\s*)?"
    rf"(?P<items>(?:第)?{MONTH_NUMBER}(?:\s*(?:-{{1,4}}|至|到|[、,/和及与])\s*(?:第)?{MONTH_NUMBER})+)"
    rf"\s*(?:(?P<month>月)(?:份(?!额)|{NOT_MONTH})\s*(?P<part>上旬|中旬|下旬|{CLOSE}|末|{BEGINNING})?|个?季度(?P<end>末|{CLOSE})?)"
)
# `二三季度`, `七八月`: digits side by side without a mark name neighbours; so does `Q1/2`.
_SIDE_BY_SIDE = regex(
    r"(?:(?P<year>(?:19|20)\d{2}|[今明本当次])年?\s*)?(?:Q(?P<first>[1-4])\s*[/-]\s*(?P<last>[1-4])(?:\s+(?P<later>20\d{2}))?(?![\d/])|第?(?P<digits>一二三四|一二三|二三四|一二|二三|三四|四五|五六|六七|七八|八九)"
    rf"(?P<unit>个?季度|月)(?:份(?!额)|(?<=度)|{NOT_MONTH}))\s*(?P<part>{CLOSE}|末)?"
)
_HALVES = regex(r"(?P<year>(?:(?:19|20)\d{2}|[今明次]|本)年)?上(?:半年度?)?[、,/和及与]?下半年度?(?![末底初])")
_YEARS = regex(
    r"(?P<first>(?:19|20)\d{2})\s*年?\s*(?:-{1,4}|至|到)\s*(?P<last>(?:19|20)\d{2})\s*年?(?!级|度?学|[\d./-])"
)
_IN_ONE_MONTH = regex(
    rf"(?P<month>(?:(?:(?:19|20)\d{{2}}|[今明本当次])年\s*)?{MONTH_NUMBER}\s*月)\s*"
    r"(?:(?P<tenths>[上中下]旬?(?:[、,/和及][上中下]旬?)+)(?<!旬)旬(?=各|分别)|(?P<days>\d{1,2}(?:[、,/和及]\d{1,2})+)\s*[日号])"
)
# `3、6、9、12月25日前`, `3月、6月的25日前`: months that share a day.
_ONE_DAY = regex(
    rf"(?P<year>(?:(?:19|20)\d{{2}}|[今明本当次])年\s*)?(?P<months>{MONTH_NUMBER}(?P<apart>月)?(?:[、,/和及与]{MONTH_NUMBER}(?(apart)月))+)"
    r"(?(apart)份?的|月份?的?)\s*(?P<day>\d{1,2}\s*[日号]|(?<=的)月?底)"
)
_LISTED_YEARS = regex(r"20\d{2}(?:[、,和及]20\d{2})+\s*年(?:度(?=\s*(?:$|[,;。])))?(?!度|级|[\d])")
_ITEM = regex(rf"(?P<sep>-+|至|到|[、,/和及与])?\s*(?:第)?(?P<n>{MONTH_NUMBER})\s*")
_QUARTERS = 4
_PHASE = regex(r"(?:每年)?(?:[春夏秋冬](?:季|天)?|主?汛期|旱季|雨季|旺季|淡季|防火期|采暖期|供暖期|学期初|学期末)\s*\(")
_CLOSING = regex(r"\s*\)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A point or a range of points, before the words around it are read."""

    end: int
    first: Point
    last: Point
    doubts: tuple[Doubt, ...] = ()
    name: str = ""
    """What the day or the month is called, where the name is printed right behind it (`11月9日消防日`)."""

    @property
    def span(self) -> tuple[date, date]:
        """Its first and its last day."""
        return self.first.first, self.last.last


def stretches_at(text: str, at: int, context: TimeContext) -> list[Stretch]:
    """The points and ranges that the folded text lists from an offset on."""
    found: list[Stretch] = []
    while len(found) < _LONGEST_LIST:
        separator = _LIST.match(text, at) if found else None
        begin = separator.end() if separator is not None else at
        if found and found[-1].last.year_given:
            # `2019年3月、6月`: the year is printed once for the whole list.
            context = replace(context, year=found[-1].last.first.year)
        whole = _explained(text, begin, context) or _compound(text, begin, context) or _range(text, begin, context)
        following = whole or (_shortened(text, begin, found[-1].last, context) if found else [])
        if not following:
            break
        if separator is not None and _is_no_list(separator.group(), whole, following[0], found[-1]):
            break
        if separator is not None and not separator.group().strip():
            if "\n" in separator.group() and not _named(following[0], found[-1]):
                # Times on lines of their own (`1-3月`, `7月起`) are stacked, not listed.
                break
            if _named(following[0], found[-1]):
                at = following[0].end
                found[-1] = replace(found[-1], end=at, name=text[following[0].first.start : at])
                continue
            if (other := _another_day(following[0], found[-1])) is not None:
                at = following[0].end
                name = text[following[0].first.start : at]
                found[-1] = replace(found[-1], end=at, name=name, doubts=(*found[-1].doubts, other))
                continue
            if _narrows(following[0], found[-1]):
                found.pop()
                if following[0].first.unit == "festival":
                    following = [replace(following[0], name=text[following[0].first.start : following[0].end])]
        found.extend(following)
        at = found[-1].end
    return _each_in(text, _joined(found))


def _each_in(text: str, found: list[Stretch]) -> list[Stretch]:
    """`3-5月各开展1次`: a stretch for each month."""
    each = each_of(text, found[0].end, found[0].first, found[0].last) if len(found) == 1 else []
    return [replace(found[0], first=point, last=point) for point in each] or found


def _named(stretch: Stretch, before: Stretch) -> bool:
    """`11月9日消防日`, `10月1日至7日国庆假期`: the name of the day or the days that were just written."""
    inside = before.span[0] <= stretch.span[0] and stretch.span[1] <= before.span[1]
    return stretch.first.unit == "festival" and before.last.unit in ("day", "festival") and inside


def _is_no_list(mark: str, whole: list[Stretch], stretch: Stretch, before: Stretch) -> bool:
    """Whether a time behind a mark is none of a list that the one before it began."""
    if "," in mark and _narrows(stretch, before):
        # `2024-2026年，2025年完成40%`: a part of the time is no second one.
        return True
    if "," in mark and whole and _of_its_own(stretch, before):
        return True
    # `4月 5月15日前`, `5月/9月15日前`: times of two kinds are no list.
    two_kinds = stretch.first.unit != before.last.unit and _WEAK.fullmatch(mark) is not None
    return two_kinds and not _narrows(stretch, before) and not _named(stretch, before)


def _of_its_own(stretch: Stretch, before: Stretch) -> bool:
    """`9月3日—4日，8月30日前…`: a day that goes back, or what is no range beside one, begins another duty."""
    ranges = {
        each.first is not each.last or (each.first.unit == "day" and each.span[0] != each.span[1])
        for each in (stretch, before)
    }
    return len(ranges) > 1 or (stretch.first.unit == "day" and stretch.span[1] < before.span[0])


def _another_day(stretch: Stretch, before: Stretch) -> Doubt | None:
    """`5月5日五四青年节`: the day that was just written is not that of the name behind it."""
    single = before.last.unit == "day" and before.span[0] == before.span[1]
    if not single or stretch.first.unit != "festival" or stretch.first is not stretch.last or stretch.first.doubts:
        return None
    days = (before.last.last, stretch.last.last)
    text = f"写的是{days[0]}，“{stretch.first.word}”却是{days[1]}，有一个写错了。"
    return Doubt("another_day", "ruling", text, f"{days[0]}", tuple(map(day_choice, days)))


def _narrows(stretch: Stretch, before: Stretch) -> bool:
    """`上半年6月底前`, `三季度9月`: a smaller time right behind the larger one that holds it says when in it."""
    first, last = before.span
    return first <= stretch.span[0] and stretch.span[1] <= last and stretch.span != before.span


def _joined(found: list[Stretch]) -> list[Stretch]:
    """A list in which a later month is smaller (`11月、1月`) may mean next year."""
    result: list[Stretch] = []
    for printed in found:
        stretch = printed
        if (
            result
            and stretch.span[1] < result[-1].span[0]
            and not stretch.first.year_given
            and stretch.first.unit == "month"
        ):
            later = replace(
                stretch.first,
                first=stretch.first.first.replace(year=stretch.first.first.year + 1),
                last=last_of_month(stretch.first.last.year + 1, stretch.first.last.month),
            )
            choices = (span_choice(later.first, later.last), span_choice(*stretch.span))
            doubt = Doubt("crossing_year", "ruling", "后面的月份比前面的小，可能指下一年。", choices[0].text, choices)
            stretch = replace(stretch, first=later, last=later, doubts=(*stretch.doubts, doubt))
        result.append(stretch)
    if len(result) > 1 and all(s.first is s.last and s.first.unit == "month" for s in result):
        following = all(b.span[0] - a.span[1] == timedelta(days=1) for a, b in pairwise(result))
        if following:
            joined = span_choice(result[0].span[0], result[-1].span[1])
            apart = Choice(key="分开", text="每个月各一次")
            doubt = Doubt(
                "adjacent_months",
                "ruling",
                "相邻月份并列，可能是一段时间，也可能各有一次。",
                "各有一次",
                (joined, apart),
            )
            result[0] = replace(result[0], doubts=(*result[0].doubts, doubt))
    return result


def _compound(  # noqa: PLR0911 - one exit for each form
    text: str, at: int, context: TimeContext
) -> list[Stretch]:
    """Several months or quarters that share one word: `3-5月`, `3、4月`, `一至三季度`."""
    if (years := _YEARS.match(text, at)) is not None:
        first, last = int(years["first"]), int(years["last"])
        if first < last:
            point = Point(at, years.end(), date(first, 1, 1), date(last, 12, 31), "year", True, word=years.group())
            return [Stretch(years.end(), point, point)]
    if listed := _days_or_tenths(text, at, context) or _years_listed(text, at):
        return listed
    if (halves := _HALVES.match(text, at)) is not None:
        points = [point_at(f"{halves['year'] or ''}{name}", 0, context) for name in ("上半年", "下半年")]
        placed = [replace(point, start=at, end=halves.end()) for point in points if point is not None]
        return [Stretch(halves.end(), point, point) for point in placed]
    match = _COMPOUND.match(text, at)
    if match is None:
        neighbours = _neighbours(text, at, context)
        return [neighbours] if neighbours is not None else []
    if "/" in match["items"] and re.search(r"[-至到]", match["items"]):
        # `3/4-5/6月`: nobody can say which of them are joined.
        return []
    year = int(match["year"]) if match["year"] else context.year + (match["spoken"] in ("明年", "次年"))
    given = bool(match["year"] or match["spoken"])
    monthly = match["month"] is not None
    groups: list[list[int]] = []
    for item in _ITEM.finditer(match["items"]):
        value = number(item["n"])
        if value is None or value < 1 or value > (12 if monthly else _QUARTERS):
            return []
        if groups and item["sep"] and item["sep"][0] in "-至到":
            if len(groups[-1]) > 1 and groups[-1][0] != groups[-1][-1]:
                return []
            groups[-1] = [groups[-1][0], value]
        else:
            groups.append([value, value])
    return _stretches_of(match, groups, year, given, context)


def _days_or_tenths(text: str, at: int, context: TimeContext) -> list[Stretch]:
    """`9月15、30日前`, `9月上、中、下旬各1次`, `3、6月25日前`: days or tenths that share their word, or their month."""
    if (shared := _ONE_DAY.match(text, at)) is not None:
        months = [month.removesuffix("月") for month in re.split(r"[、,/和及与]", shared["months"])]
        days = [
            point_at(f"{shared['year'] or ''}{month}月{shared['day'].removeprefix('月')}", 0, context)
            for month in months
        ]
        places = [replace(day, start=at, end=shared.end()) for day in days if day is not None]
        return [Stretch(shared.end(), day, day) for day in places] if len(places) == len(months) else []
    match = _IN_ONE_MONTH.match(text, at)
    if match is None:
        return []
    word = "旬" if match["tenths"] else "日"
    names = re.findall(r"[上中下]" if match["tenths"] else r"\d{1,2}", match["tenths"] or match["days"])
    points = [point_at(f"{match['month']}{name}{word}", 0, context) for name in names]
    placed = [replace(point, start=at, end=match.end()) for point in points if point is not None]
    return [Stretch(match.end(), point, point) for point in placed] if len(placed) == len(names) else []


def _years_listed(text: str, at: int) -> list[Stretch]:
    """`2024、2025年各完成50%`: years that share their word."""
    match = _LISTED_YEARS.match(text, at)
    if match is None:
        return []
    years = [int(year) for year in re.findall(r"\d{4}", match.group())]
    points = [Point(at, match.end(), date(y, 1, 1), date(y, 12, 31), "year", True, word=f"{y}年") for y in years]
    return [Stretch(match.end(), point, point) for point in points]


def _neighbours(text: str, at: int, context: TimeContext) -> Stretch | None:
    match = _SIDE_BY_SIDE.match(text, at)
    if match is None:
        return None
    said = match["year"] or match["later"]
    year, unit = f"{said}年" if said else "", (match["unit"] or "季度").replace("个", "")
    first = point_at(f"{year}{match['first'] or match['digits'][0]}{unit}", 0, context)
    last = point_at(f"{year}{match['last'] or match['digits'][-1]}{unit}{match['part'] or ''}", 0, context)
    if first is None or last is None:
        return None
    end = match.start() + len(match.group().rstrip())
    return Stretch(end, replace(first, start=at, end=end), replace(last, start=at, end=end))


def _stretches_of(
    match: re.Match[str], groups: list[list[int]], year: int, given: bool, context: TimeContext
) -> list[Stretch]:
    monthly = match["month"] is not None
    # The optional part behind a blank takes the blank along when it is not there.
    end = match.start() + len(match.group().rstrip())
    found: list[Stretch] = []
    for first, last in groups:
        doubts: tuple[Doubt, ...] = ()
        last_year = year
        if last < first:
            last_year += 1
        a = first if monthly else first * 3 - 2
        b = last if monthly else last * 3
        one = Point(
            match.start(),
            end,
            date(year, a, 1),
            last_of_month(year, a if monthly else a + 2),
            "month" if monthly else "quarter",
            given,
        )
        tail = (match["part"] or "") if monthly else (match["end"] or "")
        label = f"{last_year}年{b}月{tail}"
        other = point_at(label, 0, context)
        if other is None:
            return []
        two = replace(other, start=match.start(), end=end, unit=one.unit if not tail else other.unit, year_given=given)
        if last_year != year:
            choices = (span_choice(one.first, two.last), span_choice(date(year, b, 1), last_of_month(year, a)))
            text = "后面的月份比前面的小，可能指到下一年，也可能写反了。"
            doubts = (Doubt("crossing_year", "ruling", text, choices[0].text, choices),)
        # `4、7、10月底前`: each month of the list has the word behind the last of them.
        found.append(
            Stretch(end, two if first == last and tail else one, two if first != last or tail else one, doubts)
        )
    each = match.string[match.end() :].lstrip().startswith(("各", "分别"))
    singles = all(first == last for first, last in groups) and not each
    adjacent = all(b[0] - a[1] == 1 for a, b in pairwise(groups))
    if len(found) > 1 and singles and adjacent:
        opening = replace(
            found[0].first, first=date(year, groups[0][0] if monthly else groups[0][0] * 3 - 2, 1), end_only=False
        )
        return [Stretch(end, opening, found[-1].last)]
    return found


def from_the_first(point: Point) -> Point:
    """`3月初` as the start of a range: however long the beginning lasts, it begins on the first."""
    if point.first.day != 1 or point.word.endswith("中"):
        return point
    return replace(point, doubts=tuple(doubt for doubt in point.doubts if doubt.code != "vague_time"))


def _shortened(text: str, at: int, before: Point, context: TimeContext) -> list[Stretch]:
    point = short_point(text, at, before, context)
    return [Stretch(point.end, point, point)] if point is not None else []


def _explained(text: str, at: int, context: TimeContext) -> list[Stretch]:
    """`春季（3-4月）`: brackets behind a season or a phase say when it is."""
    name = _PHASE.match(text, at)
    if name is None:
        return []
    found = _compound(text, name.end(), context) or _range(text, name.end(), context)
    closing = _CLOSING.match(text, found[-1].end) if found else None
    return [*found[:-1], replace(found[-1], end=closing.end())] if closing is not None else []


def _range(text: str, at: int, context: TimeContext) -> list[Stretch]:
    first = point_at(text, at, context)
    if first is None:
        return []
    separator = _RANGE.match(text, first.end)
    if separator is not None:
        wrap = 1 if "次年" in separator.group() or "翌年" in separator.group() else 0
        inner = replace(context, year=first.first.year + wrap)
        last = end_of_range(text, separator.end(), first, point_at(text, separator.end(), inner), context)
        if last is not None:
            if separator["clock"].strip() and (detail := CLOCK_BEHIND.match(text, last.end)) is not None:
                last = replace(last, end=detail.end())
            return [_ranged(text, from_the_first(first), last, bool(wrap), context)]
    return [Stretch(first.end, first, first)]


def _ranged(text: str, first: Point, last: Point, wrapped: bool, context: TimeContext) -> Stretch:
    doubts: tuple[Doubt, ...] = ()
    if not first.year_given and last.year_given and not wrapped and last.first.year != first.first.year:
        earlier = point_at(text, first.start, replace(context, year=last.first.year - 1))
        if first.first > last.last and earlier is not None:
            first = earlier
            choice = span_choice(first.first, last.last)
            doubts = (Doubt("crossing_year", "ruling", "起始月份没有写明年份，可能指上一年。", choice.text, (choice,)),)
    if first.end_only and text.startswith(("前", "之前", "以前"), last.end):
        # `5月底—6月底前`: an end for a start, or two limits.
        choices = (span_choice(first.first, last.last), span_choice(first.last, last.last))
        doubts = (*doubts, Doubt("vague_time", "ruling", "起点写的是“底”，没有确切的日期。", choices[0].text, choices))
    if last.last < first.first:
        if last.year_given:
            choice = span_choice(min(first.first, last.first), max(first.last, last.last))
            first = replace(first, first=min(first.first, last.first))
            last = replace(last, last=max(first.last, last.last))
            doubts = (Doubt("backward_range", "ruling", "起止日期前后颠倒。", choice.text, (choice,)),)
        else:
            later = point_at(text, last.start, replace(context, year=first.first.year + 1))
            if later is not None:
                swapped = span_choice(last.first, first.last)
                last = later
                choices = (span_choice(first.first, last.last), swapped)
                reason = "后面的日期比前面的早，可能指到下一年，也可能写反了。"
                doubts = (Doubt("crossing_year", "ruling", reason, choices[0].text, choices),)
    return Stretch(last.end, first, last, doubts)
