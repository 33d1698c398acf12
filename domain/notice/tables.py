"""Which tables of a notice are its list, and what their columns hold; what lacks is assumed aloud, never refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.notice.cards import card, handed_out, is_form
from domain.notice.column_heads import ASIDE, Role, plain_head, role_of
from domain.notice.columns import Columns, columns_of, named, with_further, with_months
from domain.notice.columns_by_content import completed
from domain.notice.days_of_months import months_filled_down
from domain.notice.document import NoticeDocument, Paragraph, Row, Table
from domain.notice.first_times import times_from_content
from domain.notice.heads import HeadRows, Heads, head_rows, without_heads
from domain.notice.listed import Lacking, ListedTable
from domain.notice.marks import Part as MarkedPart
from domain.notice.marks import legend_in, marked_offices
from domain.notice.over_its_rows import lead_over_rows, times_over_rows
from domain.notice.persons import head_tells_persons
from domain.notice.refusals import LeadIsListedError, NoSuchColumnError
from domain.notice.rows import Taking, is_ordinal
from domain.notice.telling_apart import tell_apart, tell_whole_names
from domain.notice.time_cells import begins_with_a_time, holds_a_time
from domain.notice.trail import RowView, Trail, row_views
from domain.notice.units import all_persons, all_units, heads_its_part, names_persons, unit_in


@dataclass(frozen=True, slots=True)
class Given:
    """The operator's word on a list's layout: who leads where no column says so, and what columns hold.

    `columns` pairs a column's number from 1 or its head with a role; `None` says that it is not read.
    """

    lead: str | None = None
    columns: tuple[tuple[str, Role | None], ...] = ()


_NAMED: Mapping[str, str] = {"title": "项目名称", "lead": "牵头部门", "schedule": "工作进度安排"}


@dataclass(slots=True)
class UnreadTable:
    """A table that is not taken, and whether its columns look like those of a list."""

    block: int
    place: str
    heads: tuple[str, ...]
    rows: int
    like_a_list: bool
    column: str = ""
    """What of it is taken all the same, once its head is `lacks`."""
    lacks: str = ""


@dataclass(slots=True)
class Lists:
    """The lists of a notice, and the tables that are none."""

    tables: list[ListedTable] = field(default_factory=list)
    unread: list[UnreadTable] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    """A table with its heads and columns; `heads` is absent for one without any."""

    block: int
    table: Table
    views: list[RowView]
    headed: HeadRows | None
    columns: Columns

    @property
    def heads(self) -> Heads:
        return self.headed.heads if self.headed is not None else ()

    def head(self, role: Role) -> str:
        """The lowest head over the column of a role; empty where there is none."""
        at = self.columns.at(role)
        return self.heads[at][-1] if at is not None and self.heads[at] else ""

    @property
    def full(self) -> bool:
        columns = self.columns
        return columns.has_schedule and columns.at("title") is not None and columns.tells_who


def listed_tables(document: NoticeDocument, trail: Trail, given: Given) -> Lists:
    """The lists of a notice; a table without a head goes on with the one before it.

    Raises:
        NoSuchColumnError, LeadIsListedError: the operator's word on the layout does not fit the notice.
    """
    seen = _all_seen(document, given, 2)
    if all(table.headed is None for table in seen.values()):
        # Where no table has two heads that are known, one is enough: the rest is told by elimination.
        seen = _all_seen(document, given, 1)
    _must_name_columns(document.name, seen.values(), given)
    finder = _Finder(document.name, trail, given, seen.values())
    for block, content in enumerate(document.blocks):
        if isinstance(content, Paragraph):
            finder.heading.append(content.text)
        elif (table := seen.get(block)) is not None:
            finder.table(table)
    lists = finder.lists
    for number, listed in enumerate(lists.tables, 1):
        tell_apart(listed, number)
        tell_whole_names(listed, number)
    if given.lead is not None and lists.tables and all(table.led for table in lists.tables):
        raise LeadIsListedError(name=document.name, lead=given.lead)
    return lists


class _Finder:
    """Goes through a notice's tables in their order; `heading` has the lines since the last list."""

    def __init__(self, name: str, trail: Trail, given: Given, seen: Collection[_Seen]) -> None:
        self._name = name
        self._trail = trail
        self._given = given
        self._any_full = any(table.full for table in seen)
        # One worksheet for each office: its name says whose the duties are.
        offices = {name for table in seen if all_units(name := table.table.name.strip())}
        self._offices = offices if len(offices) > 1 else set()
        self._current: tuple[Taking, int] | None = None
        self.lists = Lists()
        self.heading: list[str] = []

    def table(self, table: _Seen) -> None:
        """Take a table: a list of its own, the rest of the list before it, or none."""
        rows = table.table.rows
        if _is_list(table, self._given, any_full=self._any_full) and table.headed is not None:
            self._list(table, table.headed)
        elif table.headed is None and self._current is not None and _goes_on(table, self._current):
            self._current[0].rows(table.views, goes_on=True)
            self.heading = []
        else:
            self.heading.extend(_texts(rows))
            self.lists.unread.append(_unread(table, self._trail))

    def _list(self, table: _Seen, headed: HeadRows) -> None:
        content = table.table
        name = [content.name] if content.name else []
        lines = [*self.heading, *name, *_texts(content.rows[: headed.first]), *handed_out(table.views)]
        for view in table.views[: headed.first]:
            self._trail.take_row(view, "heading")
        for view in table.views[headed.first : headed.end]:
            self._trail.take_row(view, "head")
        above = next((line for line in reversed(lines) if line.strip()), "")
        sheet = content.name.strip()
        over = heads_its_part(above) or (sheet if sheet in self._offices else None)
        table.columns = _office_over_persons(table, lines, over)
        again = self._current is not None and not lines and self._current[0].heads == table.heads
        if self._current is None or not again:
            listed = ListedTable(lines)
            self.lists.tables.append(listed)
            taking = Taking(self._name, table.columns, table.heads, listed, self._trail)
            self._current = (taking, len(content.rows[0].cells))
        taking = self._current[0]
        taking.rows(table.views[headed.end :], goes_on=again)
        if not again:
            _lacks(table, taking.listed, self._given, len(self.lists.tables), over)
        elif not table.columns.has_schedule:
            times_from_content(taking.listed)
        self.heading = []


def _all_seen(document: NoticeDocument, given: Given, fewest: int) -> dict[int, _Seen]:
    legend = legend_in(document.texts())
    return {
        block: _seen(block, table, given, fewest, legend)
        for block, table in enumerate(document.blocks)
        if isinstance(table, Table) and table.rows
    }


def _goes_on(table: _Seen, current: tuple[Taking, int]) -> bool:
    """Whether a table without heads is the rest of the list before it: as wide, numbers under the serial, times."""
    taking, width = current
    if len(table.table.rows[0].cells) != width:
        return False
    columns = taking.columns
    serials = [view.text(columns.at("serial")) for view in table.views if view.text(columns.at("serial"))]
    times = [view.text(at) for view in table.views for at in columns.timed if view.text(at)]
    if serials and not all(any(char.isdigit() for char in serial) or is_ordinal(serial) for serial in serials):
        return False
    return bool(serials) or any(begins_with_a_time(text) for text in times)


def _seen(block: int, table: Table, given: Given, fewest: int, legend: Mapping[str, MarkedPart]) -> _Seen:
    if not given.columns and (stood := card(block, table)) is not None:
        heads, views = stood
        return _Seen(block, table, views, heads, with_months(heads.columns, heads.heads))
    headed = head_rows(table, fewest) if given.columns or not is_form(table) else None
    if headed is None and given.columns:
        headed = _first_row_as_heads(table, given)
    if headed is None and fewest == 1 and not given.columns and (headless := without_heads(table)) is not None:
        headed = headless
    if headed is None:
        return _Seen(block, table, row_views(block, table), None, Columns())
    chosen = {at: role for word, role in given.columns if (at := named(headed.heads, word)) is not None}
    columns = columns_of(headed.heads, chosen) if chosen else headed.columns
    body = [[cell.text for cell in row.cells] for row in table.rows[headed.end :]]
    if columns.at("lead") is None or columns.at("participants") is None:
        led = columns.at("lead") is not None
        columns = replace(columns, marked=marked_offices(headed.heads, columns.used, body, legend, led=led))
    columns = with_months(completed(columns, headed.heads, body, begins_with_a_time, chosen), headed.heads)
    views = months_filled_down(row_views(block, table), headed.end, columns)
    return _Seen(block, table, views, headed, _with_further(columns, headed.heads, chosen, body))


def _with_further(
    columns: Columns, heads: Heads, chosen: Mapping[int, Role | None], body: Sequence[Sequence[str]]
) -> Columns:
    """The columns with those that say more of the duty; one that says by when as well is told, not taken."""
    found = with_further(columns, heads, chosen)
    timed = {at for at in found.further for row in body if at < len(row) and holds_a_time(row[at])}
    return replace(found, further=tuple(at for at in found.further if at not in timed))


def _must_name_columns(name: str, seen: Iterable[_Seen], given: Given) -> None:
    """Hold that every column that the operator names is there."""
    tables = [table.heads for table in seen if table.headed is not None]
    for word, _ in given.columns:
        if all(named(heads, word) is None for heads in tables):
            listed = [path[-1] for path in tables[0] if path] if tables else []
            raise NoSuchColumnError(name=name, column=word, heads=listed)


def _first_row_as_heads(table: Table, given: Given) -> HeadRows | None:
    first = table.rows[0]
    if all(word.isdigit() for word, _ in given.columns) and not any(role_of(cell.text) for cell in first.cells):
        # Columns are named by their numbers, and the first row is a project like the others.
        return HeadRows(0, 0, ((),) * len(first.cells), Columns())
    for at, row in enumerate(table.rows):
        if len({cell.text.strip() for cell in row.cells if cell.text.strip()}) > 1:
            heads = tuple((cell.text.strip(),) if cell.text.strip() else () for cell in row.cells)
            return HeadRows(at, at + 1, heads, columns_of(heads))
    return None


def _is_list(table: _Seen, given: Given, *, any_full: bool) -> bool:
    """Whether a table is taken: beside a full list, one that lacks something only where its heads leave no doubt."""
    columns = table.columns
    if table.headed is None or columns.at("title") is None:
        return False
    if table.full:
        return True
    sure = "title" not in columns.assumed or columns.at("serial") is not None
    if columns.has_schedule:
        return sure or not any_full
    has_lead = columns.tells_who or given.lead is not None
    told = has_lead or columns.at("serial") is not None or bool(given.columns)
    if any(
        role is not None and not word.isdigit() and named(table.heads, word) is not None for word, role in given.columns
    ):
        # The operator has told what a column of it holds.
        return told
    return sure and told and (not any_full or (has_lead and _says_when_in_content(table)))


def _says_when_in_content(table: _Seen) -> bool:
    """Whether half the rows of a table or more tell by when in their content."""
    at, rows = table.columns.at("content"), table.views[table.headed.end if table.headed else 0 :]
    texts = [row.text(at) for row in rows if row.text(at)]
    return bool(texts) and sum(map(holds_a_time, texts)) * 2 >= len(texts)


def _lacks(table: _Seen, listed: ListedTable, given: Given, number: int, over: str | None) -> None:
    """Fill in what a list does not say, and say so."""
    columns, place = table.columns, table.table.rows[table.headed.first].place if table.headed else ""
    if table.headed is not None and table.headed.end == 0 and not given.columns:
        sentence = f"{place}起的表格没有表头，按各栏的内容认出项目、牵头部门和时限；不是的话请加上表头，再读一次。"
        listed.lacking.append(Lacking(f"no_heads@{number}", "no_heads", "ruling", sentence, "从第一行读起"))
    if "title" in columns.assumed and not given.columns and table.headed is not None and table.headed.end:
        at = columns.at("title") or 0
        head = table.head("title") or f"第{at + 1}栏"
        sentence = (
            f"{place}的表头里没有项目名称一栏，按“{head}”一栏理解；"
            "如是别的栏目，请在表头写明哪一栏是项目名称，再读一次。"
        )
        severity = "ruling" if columns.in_doubt else "note"
        listed.lacking.append(Lacking(f"title_assumed@{number}", "title_assumed", severity, sentence, head, text=head))
    if columns.marked is not None and not columns.marked.told:
        marks = "、".join(sorted(columns.marked.parts))
        sentence = f"{place}的表格里部门栏下只有符号（{marks}），没有写明含义：实心的按牵头、空心的按配合理解。"
        choices = (("确认", "实心的牵头，空心的配合"),)
        lacking = Lacking(f"marks_assumed@{number}", "marks_assumed", "ruling", sentence, marks, choices, marks)
        listed.lacking.append(lacking)
    if not columns.tells_who:
        lead_over_rows(listed, given.lead, place, number, over)
    elif "lead" in columns.assumed:
        head = table.head("lead")
        sentence = (
            f"{place}的表头里没有牵头部门一栏，按“{head}”一栏牵头；不是的话请在表头写明哪一栏是牵头部门，再读一次。"
        )
        _took(listed, "lead_column_assumed", number, sentence, head)
    if columns.at("lead") is not None:
        _persons(table, listed, place, number)
    for role in (role for role in ("due", "schedule") if role in columns.assumed):
        head = table.head(role)
        sentence = (
            f"{place}的表头里没有完成时限一栏，按“{head}”一栏理解；不是的话请在表头写明哪一栏是完成时限，再读一次。"
        )
        _took(listed, "due_column_assumed", number, sentence, head)
    if "start" in columns.assumed:
        head = table.head("start")
        sentence = (
            f"{place}的表头里没有开始时间一栏，按“{head}”一栏理解；不是的话请在表头写明哪一栏是开始时间，再读一次。"
        )
        _took(listed, "start_column_assumed", number, sentence, head)
    if "participants" in columns.assumed:
        head = table.head("participants")
        sentence = (
            f"{place}的表头里没有参与部门一栏，按“{head}”一栏理解；不是的话请在表头写明哪一栏是参与部门，再读一次。"
        )
        _took(listed, "participants_column_assumed", number, sentence, head)
    if not columns.has_schedule:
        times_over_rows(listed, place, number)


def _took(listed: ListedTable, code: str, number: int, sentence: str, head: str) -> None:
    """Tell which column was taken for one that no head names."""
    listed.lacking.append(Lacking(f"{code}@{number}", code, "note", sentence, head, text=head))


def _persons(table: _Seen, listed: ListedTable, place: str, number: int) -> None:
    """Where persons alone answer for what is to be done, papers would go to them and not to an office: asked once."""
    head = table.head("lead")
    announced = head_tells_persons(head) or head_tells_persons(table.head("participants"))
    for row in listed.rows:
        row.persons = "announced" if announced else "unannounced"
    leads = [row.lead for row in listed.rows if row.lead.strip()]
    if not (names_persons(head) and leads and all(map(all_persons, leads))):
        return
    sentence = (
        f"{place}的“{head}”一栏写的是人名，按由“{leads[0].split()[0][:12]}”等牵头理解；由单位牵头的，"
        "请把这一栏的表头改为责任领导，写明由哪个单位牵头，再读一次。"
    )
    for row in listed.rows:
        row.persons = "asked about"
    choices = (("确认", "由这些人牵头，文书写给他们"),)
    listed.lacking.append(
        Lacking(f"lead_is_a_person@{number}", "lead_is_a_person", "ruling", sentence, head, choices, head)
    )


def _office_over_persons(table: _Seen, lines: Sequence[str], over: str | None) -> Columns:
    """A table's columns; leaders lead no list over which an office's name stands, nor persons one that it heads."""
    columns, at = table.columns, table.columns.at("lead")
    led_by_leader = "lead" in columns.assumed and role_of(table.head("lead")) == "leader"
    office = unit_in(lines) if led_by_leader else over
    if at is None or office is None or not (led_by_leader or names_persons(table.head("lead"))):
        return columns
    persons = [view.text(at) for view in table.views[table.headed.end if table.headed else 0 :] if view.text(at)]
    if not all(map(all_persons, persons)):
        return columns
    places: dict[Role, int] = {role: place for role, place in columns.places.items() if role != "lead"}
    assumed = tuple(role for role in columns.assumed if role != "lead")
    return replace(columns, places=places | {"leader": at}, assumed=assumed)


def _unread(table: _Seen, trail: Trail) -> UnreadTable:
    for view in table.views:
        trail.leave_row(view, "不是清单的表格")
    columns = table.columns
    left = [path[-1] for at, path in enumerate(table.heads) if path and at not in columns.used]
    free = [head for head in left if not ASIDE.fullmatch(plain_head(head))]
    names = columns.at("title") is not None or (columns.at("serial") is not None and bool(free))
    like = names and (columns.at("lead") is not None or columns.has_schedule)
    row = table.table.rows[table.headed.first if table.headed else 0]
    heads = tuple(dict.fromkeys(cell.text.strip().replace("\n", "") for cell in row.cells if cell.text.strip()))
    lacks = next((role for role in ("title", "lead") if columns.at(role) is None), "schedule")
    column = (table.head("content") if lacks == "schedule" else "") or next(iter(free), "栏名")
    return UnreadTable(table.block, row.place, heads, len(table.table.rows), like, column, _NAMED[lacks])


def _texts(rows: Sequence[Row]) -> list[str]:
    texts: list[str] = []
    for row in rows:
        for text in dict.fromkeys(cell.text.strip() for cell in row.cells):
            texts.extend(line for line in text.split("\n") if line.strip())
    return texts
