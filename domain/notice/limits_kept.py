"""Every limit that a row prints is some milestone's, or a finding names it: checked without the grammar."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence

from domain.notice.expressions import dated_at
from domain.notice.festivals import FESTIVAL_NAMES
from domain.notice.folding import fold, in_titles
from domain.notice.numerals import number
from domain.notice.patterns import regex
from domain.notice.recurrences import find_period
from domain.notice.schedule import read_schedule
from domain.notice.time_cells import holds_a_time
from domain.notice.windows import Basis, TimeContext, last_of_month
from domain.project import KeyProject, Milestone

_LIMIT = regex(
    r"(?<![\d.、/和至到-])(?P<said>(?P<month>1[0-2]|[1-9])月(?:(?P<day>[12]\d|3[01]|[1-9])[日号]|[底末]))(?:之|以)?前"
)
_LEAP = 2000
_ANY_YEAR = TimeContext.of(_LEAP)
# `1.9月底前…`: what counts an item is no part of its limit.
_COUNT = regex(
    r"(?:^|(?<=[;。,:(\n]))\s*(?:\d{1,2}[.、]|\(\d{1,2}\)|[①-⑳]|[一二三四五六七八九]是)(?=(?:\d{1,2}|[一二三四五六七八九十]{1,2})月)"
)
# Beside a schedule a limit is told without `前`, in Chinese figures and of longer periods, too; `截至` says what was.
_MONTH = r"(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
_BESIDE = regex(
    r"(?<![\d一二三四五六七八九十.、/和至到-])(?<!截至)(?<!截止)"
    rf"(?:{_MONTH}(?:(?P<day>[12]\d|3[01]|[1-9])[日号](?![至到-]|印发|发布|施行|起|会议|讲话|批)|份?[底末])|第?(?P<quarter>[一二三四1-4])季度[底末]"
    r"|(?P<half>上半年)|(?<![\d每去上历往])年[底末])(?:(?:之|以)?前)?"
)
# `3月开工，7月1日启动`: what a part of the content opens with is when it is done, unless that is over.
_OPENS = regex(
    r"(?:^|(?<=[,;。、:(\n】]))\s*(?:于|在)?"
    rf"(?=(?:{'|'.join(FESTIVAL_NAMES)})(?:之|以)?前|第?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(?:[-至到]\d{{1,2}})?(?:月|季度)|[上下]半年|20\d\d年)"
)
# `2026年完成30%、2027年完成70%`: a year alone is a limit where it says how much.
_TO_REACH = regex(r"(?<=年)(?:底|末)?(?:累计)?(?:完成|达到?|实现|建成|新增)[^,;。、:()\d]{0,8}\d")
_YEAR = regex(r"20\d\d")
_YEAR_BEFORE = regex(r"(?<!\d)(?P<year>20\d\d)年$")
_NEXT_YEAR = regex(r"[明次翌]年")
_IS_OVER = regex(r"[^,;。\n]*(?:已|截[至止]|原)")
# `每季度通报` comes back; `提升至每日500份` is how much.
COMES_BACK = frozenset("每逐按")
# `逢节假日前专项检查`: whenever that is.
_WHENEVER = regex(r"每?逢[一-鿿\d、]{1,8}?(?:[前日节月季]|期间|(?:周|星期)[一二三四五六日天])(?:前|后|期间)?")
_REACHES = ("至", "到", "达", "为")
# A limit that leans on what is done before it: `次月10日前公示`, `每次演练后5个工作日内总结`.
_LEANS = regex(
    r"次月的?(?:\d{1,2}[日号]|[上中下]旬|[底末])(?:之|以)?前"
    r"|[一-鿿]{2,10}(?:之日起|后|前)的?(?:\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?:工作日|自然日|日|天|周|月)(?:之|以)?内"
)


def unkept_limits(
    project: KeyProject, named: Sequence[str], asked: Container[str | None] = ()
) -> Iterator[tuple[int, int]]:
    """Where a project's schedule prints a limit (`6月底前`, `9月15日前`) on which no milestone is due in any year.

    `named` are the sentences and words of what was told of it, `asked` the milestones about which something is asked.
    They are left out, and so is what comes back on days of its own.
    """
    waiting = [
        (each.source.start, each.source.end)
        for each in project.milestones
        if each.milestone_id in asked or _waits_or_comes_back(each)
    ]
    for match in _unkept(project.schedule_text, project):
        if any(start <= match.start() < end for start, end in waiting) or _told(match["said"], named):
            continue
        yield match.span()
    yield from _swallowed(project, named, asked)


def _swallowed(project: KeyProject, named: Sequence[str], asked: Container[str | None]) -> Iterator[tuple[int, int]]:
    """The times that open a part of what a milestone is about, and how often it comes back, that none keeps."""
    schedule = fold(project.schedule_text)
    every = Counter(milestone.description for milestone in project.milestones)
    for milestone in project.milestones:
        if milestone.milestone_id in asked or every[milestone.description] > 1:
            continue
        for said in (*_steps_in(milestone.description, project), *_often_in(milestone)):
            if (at := schedule.find(said)) != -1 and not _told(said, named):
                yield at, at + len(said)


def _steps_in(description: str, project: KeyProject) -> Iterator[str]:
    year = int(project.project_id[:4])
    unkept = [set(_steps(description, project, TimeContext.of(each))) for each in (year, year + 1)]
    yield from sorted(set.intersection(*unkept))


def _often_in(milestone: Milestone) -> Iterator[str]:
    text = fold(milestone.description)
    yield from (match.group() for match in _WHENEVER.finditer(text))
    often = find_period(text, in_titles(text), 0, len(text)) if milestone.recurrence is None else None
    if often is not None and text[often.start] in COMES_BACK and not text.endswith(_REACHES, 0, often.start):
        yield text[often.start : often.end].strip()


def times_in_content(project: KeyProject) -> list[str]:
    """What the content beside a schedule says of by when, or how often, that no milestone keeps."""
    if project.main_content in ("", project.schedule_text) or not project.schedule_text:
        return []
    text = fold(project.main_content)
    leaning = [found.group() for found in _LEANS.finditer(text) if found.group() not in fold(project.schedule_text)]
    limits = [*limits_beside(project.main_content, project), *_steps_beside(project.main_content, project), *leaning]
    return [*limits, *_how_often(text, project)]


def times_in_title(project: KeyProject) -> list[str]:
    """What a title says of by when that no milestone keeps: what it begins with is the list's year, or its own name."""
    if not project.schedule_text:
        return []
    often = [said for said in _how_often(fold(project.title), project) if said not in fold(project.schedule_text)]
    return [*limits_beside(project.title, project), *_steps_beside(project.title, project, since=1), *often]


def _how_often(text: str, project: KeyProject) -> list[str]:
    """How often a text beside the schedule says, where no milestone comes back."""
    often = find_period(text, in_titles(text), 0, len(text))
    comes_back = any(milestone.recurrence is not None for milestone in project.milestones)
    return [text[often.start : often.end].strip()] if often is not None and not comes_back else []


def limits_beside(printed: str, project: KeyProject) -> list[str]:
    """The limits that a text beside a project's schedule prints, and on which no milestone is due."""
    text, years = _uncounted(printed), _years_of(printed, project)
    hidden, schedule = in_titles(text), fold(project.schedule_text)
    found: list[str] = []
    for match in _BESIDE.finditer(text):
        own = _YEAR_BEFORE.search(text, 0, match.start())
        said = text[own.start() if own is not None else match.start() : match.end()]
        days = _days_due(project, years if own is None else {int(own["year"])})
        if not hidden[match.start()] and said not in schedule and _last_day(match) not in days:
            found.append(said)
    return found


def _steps_beside(printed: str, project: KeyProject, *, since: int = 0) -> Iterator[str]:
    """Such times of a text beside a schedule that stand not in the schedule, too."""
    schedule = fold(project.schedule_text)
    yield from (said for said in _steps(printed, project, _ANY_YEAR, since=since) if said not in schedule)


def _steps(printed: str, project: KeyProject, context: TimeContext, *, since: int = 0) -> Iterator[str]:
    """The times that open a part of a text, are no limits by their words, and are kept by nobody."""
    text, days, end = _uncounted(printed), _days_due(project, _years_of(printed, project)), 0
    dates = {milestone.due_on for milestone in project.milestones}
    for opening in _OPENS.finditer(text, since):
        if opening.end() < end:
            continue
        read = dated_at(text, opening.end(), context)
        if read is None or _BESIDE.search(text, opening.end(), read.end) is not None:
            continue
        if read.basis is not Basis.DATED and _TO_REACH.match(text, read.end) is None:
            continue
        end = read.end
        ends = [window.due_on for window in read.windows if window.recurrence is None]
        said = text[opening.end() : read.end].strip()
        if _IS_OVER.match(text, read.end) is None:
            kept = all(
                due is not None and (due in dates if due.year != _LEAP else (due.month, due.day) in days)
                for due in ends
            )
            yield from () if kept else (said,)


def says_another_limit(printed: str, project: KeyProject | None) -> bool:
    """Whether a place beside a project's schedule says by when, and none of its milestones is due on that day."""
    if not holds_a_time(printed):
        return False
    windows = [step.window for step in read_schedule(printed, _ANY_YEAR).deliverables]
    ends = {(window.due_on.month, window.due_on.day) for window in windows if window.due_on is not None}
    due = [m.due_on for m in project.milestones if m.due_on is not None] if project is not None else []
    return not ends or not ends <= {(day.month, day.day) for day in due}


def _unkept(printed: str, project: KeyProject) -> Iterator[re.Match[str]]:
    text = _uncounted(printed)
    hidden, days = in_titles(text), _days_due(project)
    for match in _LIMIT.finditer(text):
        month = int(match["month"])
        day = int(match["day"] or last_of_month(_LEAP, month).day)
        if not hidden[match.start()] and (month, day) not in days:
            yield match


def _uncounted(printed: str) -> str:
    """The folded text with blanks for the numbers that count its items, as long as it was."""
    return _COUNT.sub(lambda count: " " * len(count.group()), fold(printed))


def _years_of(printed: str, project: KeyProject) -> set[int]:
    """The years that a text beside a schedule may mean: those it prints, the next where it says so, the list's."""
    year = int(project.project_id[:4])
    following = {year + 1} if _NEXT_YEAR.search(printed) is not None else set[int]()
    return {year, *following, *map(int, _YEAR.findall(fold(printed)))}


def _days_due(project: KeyProject, years: Container[int] | None = None) -> set[tuple[int, int]]:
    due = (m.due_on for m in project.milestones if m.due_on is not None)
    days = {(day.month, day.day) for day in due if years is None or day.year in years}
    return days | ({(2, 29)} if (2, 28) in days else set())


def _last_day(limit: re.Match[str]) -> tuple[int, int]:
    """The day of the year on which a limit ends."""
    if limit["half"] is not None:
        return 6, 30
    month = number(limit["month"] or "十二") or 12
    if limit["quarter"] is not None:
        month = 3 * (number(limit["quarter"]) or 4)
    return month, int(limit["day"] or last_of_month(_LEAP, month).day)


def _waits_or_comes_back(milestone: Milestone) -> bool:
    recurrence = milestone.recurrence
    return milestone.due_on is None or (recurrence is not None and recurrence.count > 1)


def _told(said: str, named: Sequence[str]) -> bool:
    return any(said in fold(words) for words in named)
