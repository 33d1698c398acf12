"""A notice becomes a plan: its lists are found, rows become projects, doubts findings; it is accounted for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.markings import must_bear_no_mark
from domain.notice.accounting import accounted
from domain.notice.clauses import without_number
from domain.notice.coverage import Coverage
from domain.notice.departments import first_leads, lead_mark, with_mark_spelt
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.english_points import first_of_dates
from domain.notice.festivals import Festivals
from domain.notice.findings import Ruling
from domain.notice.folding import fold
from domain.notice.front_matter import FrontMatter, front_matter, year_in_heading, year_in_text
from domain.notice.handed_on import assigns
from domain.notice.item_numbers import item_level
from domain.notice.keepable import kept_as_read
from domain.notice.listed import Lacking, ListedTable, ProjectRow
from domain.notice.look_alikes import look_alike_findings
from domain.notice.only_changes import only_changes
from domain.notice.patterns import regex
from domain.notice.plan import Plan
from domain.notice.projects import ProjectCompiler
from domain.notice.prose import prose_list
from domain.notice.quoted_mail import without_quoted_mail
from domain.notice.refusals import NoProjectsError, NoTableError, NoYearError, TwoYearsError
from domain.notice.rulings import settled
from domain.notice.shared_limit import give_shared_limit, limits_beside
from domain.notice.standing_duties import standing_duties
from domain.notice.tables import Given, Lists, listed_tables
from domain.notice.time_cells import holds_a_time
from domain.notice.trail import Trail
from domain.notice.windows import TimeContext
from domain.rules.calendar import WorkingCalendar

_YEAR = regex(r"(?<!\d)((?:19|20)\d{2})(?=\s*年|[-./]\d{1,2}(?!\d)|$|\D)")

# A month or how often without a year before it.
_MONTH_ALONE = regex(
    r"(?<![年\d])(?<!年度)(?:\d{1,2}|[一二三四五六七八九十]{1,2})月|(?<![年\d])第?[一二三四]季度|(?<!年)[上下]半年|每|(?<![\d今明本当])年[底末]"
)
_PLANNING_BEGINS = 8
# `2021—2022学年`, without the term that says which of the two years it is.
_TWO_YEARS = regex(
    r"(?P<first>20\d\d)\s*年?\s*-+\s*(?P<second>20\d\d)\s*学年度?(?!\s*(?:第?[一二12]学期|[上下]学期|[上下]期|[春秋]|[(]春))"
)


def _must_be_open(document: NoticeDocument) -> None:
    """Refuse a notice with a classification mark, in whatever part of the file, before anything of it is kept.

    Raises:
        ClassifiedError: it bears one.
    """
    where = f"文件“{document.name}”"
    for text in document.texts():
        must_bear_no_mark(text, where)
    for left in document.left_out:
        must_bear_no_mark(left.text, where)


@dataclass(frozen=True, slots=True)
class Compilation:
    """What a notice was compiled to, and the account of what was taken and what was left."""

    plan: Plan
    coverage: Coverage


def compile_notice(
    document: NoticeDocument,
    *,
    year: int | None = None,
    issued_on: date | None = None,
    rulings: Sequence[Ruling] = (),
    festivals: Festivals | None = None,
) -> Plan:
    """The plan of a notice; `year` and `issued_on` stand above what the notice prints, `rulings` are applied.

    Raises:
        InputError: the notice as a whole cannot be read (see `domain.notice.refusals`).
    """
    return compilation(document, year=year, issued_on=issued_on, rulings=rulings, festivals=festivals).plan


def compilation(
    document: NoticeDocument,
    *,
    year: int | None = None,
    issued_on: date | None = None,
    rulings: Sequence[Ruling] = (),
    festivals: Festivals | None = None,
    given: Given | None = None,
    calendar: WorkingCalendar | None = None,
) -> Compilation:
    """The plan of a notice and the account of its places; `given` is the operator's word on the list's layout.

    `calendar` has the years whose working days can be counted.

    Raises:
        InputError: the notice as a whole cannot be read (see `domain.notice.refusals`).
    """
    _must_be_open(document)
    document = without_quoted_mail(document)
    trail = Trail()
    lists = _lists(document, trail, given or Given())
    outside = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    chosen, list_year, lacking = _of_one_year(lists.tables, document, outside, year)
    head = _head(chosen, outside)
    issued = issued_on or head.issued_on
    context = TimeContext.of(
        list_year, issued, festivals, first_of_date=first_of_dates(document.texts()), calendar=calendar
    )
    rows = [row for table in chosen for row in table.rows]
    if (mark := lead_mark(document.texts())) is not None:
        for row in rows:
            row.lead = with_mark_spelt(row.lead, mark)
    for number, table in enumerate(chosen):
        for row in table.rows:
            row.list_number = number
    if not rows:
        raise NoProjectsError(name=document.name)
    with kept_as_read(document.name):
        compiler = ProjectCompiler(document.name, context, first_leads(document.texts()))
        projects = compiler.projects(rows)
        titles = [*_above_the_list(document), *(line for table in chosen for line in table.heading)]
        said = [*outside, *(words for row in rows for words in (row.title, row.schedule))]
        of_tables = (lack for table in chosen for lack in table.lacking)
        of_years = _of_two_years(rows, list_year, titles, asked=year)
        for lack in [*lacking, *of_tables, *only_changes(titles, said), *of_years]:
            compiler.lacks(lack)
        if issued is None:
            compiler.doubt_issue_date(list_year)
        elif year is None and (other := _issued_in_another_year(rows, list_year, issued)) is not None:
            compiler.lacks(other)
        if issued is not None and issued_on is None and head.issue_words:
            compiler.lacks(_issue_supposed(issued, head.issue_words))
        scheduled = [words for row in rows if (words := _bare(row.schedule).rstrip("。；"))]
        standing = [
            duty
            for duty in standing_duties(outside, context)
            if not _in_the_list(_bare(without_number(duty.source.text)), rows, scheduled)
        ]
        for finding in [*look_alike_findings(projects), *standing]:
            compiler.add(finding)
        plan = Plan(
            document_number=head.document_number,
            title=head.title or document.name.rsplit(".", 1)[0],
            issuer=head.issuer,
            issued_on=issued or date(list_year, 1, 1),
            year=list_year,
            projects=tuple(projects),
            findings=tuple(compiler.findings),
            rulings=tuple(rulings),
        )
        coverage, findings = accounted(document, trail, plan, lists.unread, compiler.understood)
        for finding in findings:
            compiler.add(finding)
        plan = plan.having(findings=tuple(compiler.findings))
    return Compilation(settled(plan, context), coverage)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _in_the_list(sentence: str, rows: Iterable[ProjectRow], scheduled: Iterable[str]) -> bool:
    """Whether a sentence of running text is an item's own: its schedule, or what begins with its title."""
    own = any(words in sentence or sentence in words for words in scheduled)
    return own or any(row.title and sentence.startswith(_bare(row.title)) for row in rows)


def _lists(document: NoticeDocument, trail: Trail, given: Given) -> Lists:
    """The lists in the notice's tables, or else in its running text."""
    lists = listed_tables(document, trail, given)
    if not lists.tables:
        prose = prose_list(document, trail, given)
        if prose is None:
            raise NoTableError(name=document.name, heads=[table.heads for table in lists.unread])
        lists.tables.append(prose)
    elif len(lists.tables) == 1:
        (listed,) = lists.tables
        give_shared_limit(listed, limits_beside(document, listed.remarks), trail)
    return lists


def _head(chosen: Sequence[ListedTable], outside: Sequence[str]) -> FrontMatter:
    remarks = [line for table in chosen for line in table.remarks]
    head = front_matter([line for table in chosen for line in table.heading] or outside, [*remarks, *outside])
    if head.issued_on is not None and head.document_number is not None and head.issuer is not None:
        return head
    whole = front_matter(outside, ())
    return FrontMatter(
        head.document_number or whole.document_number,
        head.title or whole.title,
        head.issuer or whole.issuer,
        head.issued_on or whole.issued_on,
        head.issue_words if head.issued_on is not None else whole.issue_words,
    )


def _issue_supposed(issued_on: date, words: str) -> Lacking:
    """The day of issue is read from a line that does not say so (`填报日期：…`)."""
    text = f"印发日期按“{words}”理解；不是的话请写明印发日期，再读一次。"
    return Lacking("issue_date_supposed", "issue_date_supposed", "note", text, str(issued_on), text=words)


def _issued_in_another_year(rows: Iterable[ProjectRow], year: int, issued_on: date) -> Lacking | None:
    """`2027年预算编制安排` of July 2026, `2025年度审计整改清单` of 2026: what a list is about may be another year.

    A list for the year that follows is issued in the last months of the one before it.
    """
    usual = issued_on.year == year or (issued_on.year == year - 1 and issued_on.month > _PLANNING_BEGINS)
    if usual or not any(_MONTH_ALONE.search(fold(part.text)) for row in rows for part in row.parts):
        return None
    text = (
        f"标题里写的是{year}年，印发却在{issued_on.year}年，没有写年份的时限按{year}年理解；"
        "不是的话请写明年份，再读一次。"
    )
    choices = (("确认", f"是{year}年的时限"),)
    return Lacking("issued_in_another_year", "issued_in_another_year", "ruling", text, f"{year}年", choices)


def _of_two_years(
    rows: Iterable[ProjectRow], year: int, titles: Iterable[str], *, asked: int | None
) -> Iterator[Lacking]:
    """`2021—2022学年重点工作`: a month without its year may be the second year's."""
    named = next((found for line in titles if (found := _TWO_YEARS.search(fold(line))) is not None), None)
    if asked is not None or named is None or (int(named["first"]), int(named["second"])) != (year, year + 1):
        return
    if any(_MONTH_ALONE.search(fold(part.text)) for row in rows for part in row.parts):
        text = (
            f"标题里写的是{year}年和{year + 1}年，没有写年份的时限按{year}年理解；"
            f"有{year + 1}年的请写明年份，再读一次。"
        )
        choices = (("确认", f"都是{year}年的时限"),)
        yield Lacking("of_two_years", "of_two_years", "ruling", text, f"{year}年", choices)


def _of_one_year(
    tables: list[ListedTable], document: NoticeDocument, outside: Iterable[str], asked: int | None
) -> tuple[list[ListedTable], int, list[Lacking]]:
    """The tables of one year's list, that year, and a question where only the list's dates say which."""
    years: list[int | None] = []
    for table in tables:
        year = year_in_heading(table.heading)
        years.append(year if year is not None else (years[-1] if years else None))
    distinct = sorted({year for year in years if year is not None})
    if asked is not None:
        of_year = [table for table, year in zip(tables, years, strict=True) if year == asked]
        return of_year or tables, asked, []
    if len(distinct) > 1:
        raise TwoYearsError(name=document.name, years=distinct)
    if distinct:
        return tables, distinct[0], []
    lines = [*outside, *(line for table in tables for line in table.heading)]
    head = front_matter(lines, ())
    found = year_in_heading([*_above_the_list(document), *(line for table in tables for line in table.heading)])
    found = found or year_in_text(lines) or (head.issued_on.year if head.issued_on else None)
    # An export says what it is in its name alone (`2026年信访积案台账.csv`).
    found = found or year_in_heading([document.name.rsplit(".", 1)[0]]) or year_in_heading(lines)
    if found is not None:
        return tables, found, []
    return (tables, *_year_of_dates(tables, document.name))


def _above_the_list(document: NoticeDocument) -> Iterator[str]:
    """The lines in which a notice says what it is: those above its first table, and headings; no item says that."""
    counted = False
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            return
        for line in block.text.split("\n"):
            level = item_level(line)
            counted = counted or level is not None
            if not counted or (level == 0 and not assigns(line) and not holds_a_time(line)):
                yield line


def _year_of_dates(tables: Sequence[ListedTable], name: str) -> tuple[int, list[Lacking]]:
    """The year that most times of the list print, offered as a ruling."""
    texts = [fold(row.schedule) for table in tables for row in table.rows]
    printed = Counter(int(year) for text in texts for year in _YEAR.findall(text))
    if not printed:
        raise NoYearError(name=name)
    year = max(printed, key=lambda candidate: (printed[candidate], -candidate))
    text = f"标题里没有年份，时限里多写{year}年，按{year}年的清单读；不是的话请写明年份，再读一次。"
    lacking = Lacking("year_by_dates", "year_by_dates", "ruling", text, f"{year}年", (("确认", f"是{year}年的清单"),))
    return year, [lacking]
