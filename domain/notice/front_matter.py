"""What stands around the table: the document number, the title, the issuer, the day of issue, the year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.notice.english_points import MONTHS
from domain.notice.folding import fold
from domain.notice.numerals import number
from domain.notice.patterns import regex

_NUMBER = regex(r"[一-鿿A-Za-z]{1,20}[〔\[【(（]\s*(?:19|20)\d{2}\s*[〕\]】)）]\s*第?\s*\d{1,5}\s*号")
_LIST_WORDS = (
    r"清单|任务分解|分解表|要点|计划|安排|行事历|日程表|[交督]办[表单]|通知单|任务表|矩阵|汇编|台账|台帐|一览表|项目表|任务书|责任表|进度表|汇总表|分工|方案"
    r"|list|plan|projects|programme|program|schedule"
)
_LIST_TITLE = regex(_LIST_WORDS, re.IGNORECASE)
_NAMED = regex(rf"《([^《》]*(?:{_LIST_WORDS})[^《》]*)》", re.IGNORECASE)
# `关于印发2026年重点工作责任分解的通知`, without title marks.
_ISSUED_WITH = regex(r"关于(?:印发|下发|公布|发布|转发|下达|分解下达)([^《》]{4,60}?)的(?:通知|函|通报|意见)")
_ABOUT = regex(r"关于([^《》]{4,60}?)的(?:通知|函|意见)")
_YEAR_IN_TITLE = regex(
    r"(?<![\d.-])((?:19|20)\d{2}|[一二][〇零九O0][〇零O0一二三四五六七八九]{2})(?:\s*年|\s*-\s*(?:19|20)\d{2}\s*年)"
    # A time by which something is due is no list's year.
    r"(?!\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月|\s*(?:[上下]半年|第?[一二三四1-4]季度)?[初中底末]?(?<!年)[前内]|[底末])"
)
# `2025—2026学年度第二学期` is the spring of 2026.
_TERM = regex(
    r"(?P<first>20\d\d)\s*(?:年)?\s*-+\s*(?P<second>20\d\d)\s*学年度?\s*(?:(?P<later>第?[二2]学期|下学期|下期|春[季期]|[(]春[)])|第?[一1]学期|上学期|上期|秋)"
)
_ENGLISH_YEAR = regex(r"(?<![\d./-])((?:19|20)\d{2})(?![\d./-])")
_DATE = regex(
    r"(?P<y>(?:19|20)\d{2}|[一二][〇零九O0][〇零O0一二三四五六七八九]{2})\s*(?:年|[-./])\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:月|[-./])\s*(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?"
)
_DATE_LINE = regex(
    rf"^[(]?\s*(?:(?:印发|发文|发布|签发|成文|issued(?:\s+on)?|date)\s*(?:日期|时间)?\s*[:,]?\s*)?{_DATE.pattern}\s*(?:印发?|发布|签发)?\s*[)]?[。]?$",
    re.IGNORECASE,
)
_DATE_AT_END = regex(rf"{_DATE.pattern.replace('?P<y>', '?P<y>')}\s*(?:印发?|发布)\s*$")
_ENGLISH_DATE = regex(
    r"(?<!\w)(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m>[A-Za-z]{3,9})|(?P<m2>[A-Za-z]{3,9})\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?)\s+(?P<y>(?:19|20)\d{2})"
)
_ENGLISH_DATE_LINE = regex(
    rf"^(?:(?:issued|published|approved|adopted)(?:\s+on)?|date[d]?)?\s*:?\s*{_ENGLISH_DATE.pattern}\.?$", re.IGNORECASE
)
# Words around a date that make it an end, a start or another event, and no day of issue.
_OTHER_BEFORE = regex(
    r"(?:截[至止](?:日期|时间)?|[至到自从在]|(?<!更新|编制|修订|印发|发布|通过|成文|签发|制定)于|会议|召开|实施|生效|完成|开始|结束|起止|[-~]|"
    r"\b(?:by|before|until|till|from|due|to|between|ends?|starts?|effective|deadline|review|"
    r"next \w+))"
    r"(?:日期|时间|时限|date)?\s*(?:on)?\s*[:(]?\s*$",
    re.IGNORECASE,
)
_OTHER_BEHIND = regex(r"\s*(?:[前底止起至到~-]|之前|以前|之后|以后|开始|召开|完成|实施|生效|to\b|until\b|onwards)")
_SAYS_ISSUED = regex(r"(?:印发|发文|发布|公布|签发|成文|issued|published|adopted|approved)", re.IGNORECASE)
_NUMBER_AND_DATE = regex(rf"\s*[(（][^()（）]*(?:{_NUMBER.pattern}|{_DATE.pattern})[^()（）]*[)）]\s*$")
_ISSUER = regex(r"^(?P<issuer>[^\s:,。;《》]{2,40})文件$")
_ISSUER_LABEL = regex(
    r"^(?:发文(?:机关|单位)|印发单位|制表单位|填报单位|issuer|issued\s+by)\s*:\s*(?P<issuer>.{2,60}?)\s*(?:$|\s{2}|[;,。]|\s[^\s:]{2,8}:)",
    re.IGNORECASE,
)
# `青川市人民政府办公室关于印发《…》的通知`
_ISSUER_IN_TITLE = regex(r"^(?P<issuer>[一-鿿（）()、\s]{3,40}?)\s*关于[^。；;]{4,90}(?:通知|意见|函|通报|决定)$")
# `关于研究南湖新城建设有关问题的会议纪要`: the title of a paper that holds its duties in its own text.
_TITLED = regex(r"关于[^。；;]{4,80}(?:通知|纪要|函|通报|意见|决定|批复|报告)$")
_SENTENCE = regex(r"^(?:现将|各|为|根据|请)|印发给你们|[。;]$")
_LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a notice, as far as it is written.

    `issue_words` is the line that the day of issue was read from, where it does not say itself that it is that day.
    """

    document_number: str | None
    title: str | None
    issuer: str | None
    issued_on: date | None
    issue_words: str = ""


def front_matter(lines_before: Sequence[str], lines_after: Sequence[str]) -> FrontMatter:
    """The head of a notice, from the lines before its table and after it."""
    before = [line.strip() for line in lines_before if line.strip()]
    after = [line.strip() for line in lines_after if line.strip()]
    found = next((match for line in [*before, *after] if (match := _NUMBER.search(line))), None)
    issued_on, words = _issued_on(before, after), ""
    if issued_on is None:
        issued_on, words = _supposed_issue(before)
    return FrontMatter(
        document_number=re.sub(r"\s+", "", found.group()) if found else None,
        title=_title(before),
        issuer=_issuer(before) or _issuer(after),
        issued_on=issued_on,
        issue_words=words,
    )


def _title(lines: Sequence[str]) -> str | None:
    for line in reversed(lines):
        if (
            _LIST_TITLE.search(line)
            and len(line) <= _LONGEST_TITLE
            and not _SENTENCE.search(line)
            and not line.endswith("通知")
        ):
            return _NUMBER_AND_DATE.sub("", re.sub(r"^附件?\s*\d*\s*[:：]\s*", "", line)) or line
    for line in reversed(lines):
        headed = _YEAR_IN_TITLE.search(fold(line)) is not None and date_line(line) is None
        if headed and len(line) <= _LONGEST_TITLE and not _SENTENCE.search(line) and not line.endswith("通知"):
            return line
    for pattern in (_NAMED, _ISSUED_WITH, _ABOUT):
        if (named := next((found for line in lines if (found := pattern.search(line))), None)) is not None:
            return named.group(1)
    return next((line for line in lines if _TITLED.match(line) and len(line) <= _LONGEST_TITLE), None)


def _issuer(lines: Sequence[str]) -> str | None:
    for line in lines:
        folded = fold(line)
        if (match := _ISSUER.match(folded) or _ISSUER_LABEL.match(folded)) is not None:
            return line[match.start("issuer") : match.end("issuer")].strip()
    for index, line in enumerate(lines[1:], start=1):
        if date_line(line) is not None and re.fullmatch(r"[一-鿿（）()、]{3,40}", lines[index - 1]):
            return lines[index - 1]
    titles = (_ISSUER_IN_TITLE.match(line) for line in lines if not _SENTENCE.search(line))
    return next((match["issuer"] for match in titles if match), None)


def _issued_on(before: Sequence[str], after: Sequence[str]) -> date | None:
    for lines in (before, after):
        dates = [found for line in lines if (found := date_line(line)) is not None]
        if dates:
            return dates[-1]
    for line in [*before, *after]:
        if (match := _DATE_AT_END.search(fold(line))) is not None and (found := _date(match)) is not None:
            return found
    return None


def _supposed_issue(lines: Sequence[str]) -> tuple[date | None, str]:
    """The one day that the heading prints in whatever form (`填报日期：…`, `校办 …`, `Updated …`), and its line."""
    found = {day: line for line in lines for day in days_in(line)}
    if len(found) != 1:
        return None, ""
    ((day, line),) = found.items()
    return day, "" if _SAYS_ISSUED.search(line) else line


def days_in(line: str) -> list[date]:
    """The days that a heading's line prints, but for those that say by when, from when, or when something else is."""
    folded = fold(line)
    if len(line) > _LONGEST_TITLE or _SENTENCE.search(line):
        return []
    found: list[date] = []
    for match in [*_DATE.finditer(folded), *_ENGLISH_DATE.finditer(folded)]:
        other = _OTHER_BEFORE.search(folded[: match.start()]) or _OTHER_BEHIND.match(folded, match.end())
        if other is None and (day := _date(match) if "m2" not in match.re.groupindex else _english_date(match)):
            found.append(day)
    return list(dict.fromkeys(found))


def date_line(line: str) -> date | None:
    """The date that a line consists of, with or without a word such as `印发`."""
    folded = fold(line).strip()
    if (match := _DATE_LINE.match(folded)) is not None:
        return _date(match)
    if (match := _ENGLISH_DATE_LINE.match(folded)) is not None:
        return _english_date(match)
    return None


def _english_date(match: re.Match[str]) -> date | None:
    word = (match["m"] or match["m2"]).lower()
    months = [index for index, name in enumerate(MONTHS, 1) if name.startswith(word[:3])]
    return _real_date(int(match["y"]), months[0], int(match["d"] or match["d2"])) if months else None


def _date(match: re.Match[str]) -> date | None:
    year, month, day = (number(match[name]) for name in "ymd")
    return _real_date(year, month, day)


def _real_date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def year_in_heading(lines: Iterable[str]) -> int | None:
    """The year in the heading of a list: the last line that names a year together with a list, a plan, a project."""
    for line in reversed([fold(line).strip() for line in lines]):
        if date_line(line) is not None or len(line) > _LONGEST_TITLE or _SENTENCE.search(line):
            continue
        if (term := _TERM.search(line)) is not None:
            return int(term["second" if term["later"] else "first"])
        match = _YEAR_IN_TITLE.search(line) or (_ENGLISH_YEAR.search(line) if _LIST_TITLE.search(line) else None)
        if match is not None and (year := number(match.group(1))) is not None:
            return year
    return None


def year_in_text(lines: Iterable[str]) -> int | None:
    """The year that a notice's own title or number gives, where no list has a heading of its own."""
    for line in lines:
        folded = fold(line)
        if (match := re.search(r"[〔\[【(]\s*((?:19|20)\d{2})\s*[〕\]】)]\s*第?\s*\d{1,5}\s*号", folded)) is not None:
            return int(match.group(1))
    return None
