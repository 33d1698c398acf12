"""From the rows of a table to the projects of a list: sections, page breaks, merged cells, blank-below cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in
from domain.notice.below_rows import is_below
from domain.notice.broken_names import with_whole_names
from domain.notice.column_heads import Role
from domain.notice.columns import Columns
from domain.notice.continuing import Below, helps_by_remark, is_a_remark, tells_measures_apart, who_in
from domain.notice.departments import departments, leading, parts_of, without_mark
from domain.notice.dittos import Dittos, ask_of_dittos
from domain.notice.heads import Heads, heads_anew, repeats_head
from domain.notice.listed import Lacking, ListedTable, Part, ProjectRow, Remark, one_line
from domain.notice.patterns import STROKES, regex
from domain.notice.refusals import FaultyCellError
from domain.notice.row_times import row_times
from domain.notice.time_cells import TimeCells, begins_with_a_time, is_a_time
from domain.notice.totals import is_amount, is_total
from domain.notice.trail import BELOW, RowView, Spot, Trail
from domain.notice.units import all_units

_NO_WORDS = regex(STROKES)
_NUMBER = regex(r"[\d\s.,%()分-]*")
_PART_OF_THE_YEAR = regex(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?|[一二三四]季度|[上下]半年")
_CHINESE_ORDINAL = regex(r"^[(（]?[一二三四五六七八九十]+[)）、.．]*$")
_OPENS_A_PART = regex(
    r"[(（]?[一二三四五六七八九十]+[)）、.．]|第[一二三四五六七八九十]+[章节部篇]|附|[A-Z]\.|[IVX]+\."
)
_MORE: tuple[Role, ...] = ("category", "priority", "source", "leader")
_LONGEST_SUB = 60
_ASKED = ("times_not_paired", "step_without_time", "no_end", "day_or_amount", "zero_lost", "offices_in_times")


@dataclass(slots=True)
class Taking:
    """The taking of one table's rows into its list."""

    name: str
    columns: Columns
    heads: Heads
    listed: ListedTable
    trail: Trail
    dittos: Dittos = field(default_factory=Dittos)
    above: RowView | None = None
    """The row that was taken last."""
    parted: bool = False
    _torn: dict[Spot, str] = field(default_factory=dict)
    """The places of helpers that were torn and put together, with what they say together."""

    def rows(self, rows: Sequence[RowView], *, goes_on: bool) -> None:
        """Take the rows; `goes_on` says that the first one may go on with a row of the page before."""
        page_break = goes_on
        self.parted = self.parted or tells_measures_apart(rows, self.columns, self.heads)
        for row in rows:
            if row.row.blank:
                continue
            if repeats_head(row.row, self.heads):
                self.trail.take_row(row, "head again")
                page_break = True
                continue
            if (anew := heads_anew(row.row, self.heads)) is not None:
                # Other heads further down the same sheet: what stands below them is read by them.
                self.trail.take_row(row, "head")
                (self.heads, self.columns), page_break = anew, False
                continue
            torn_off = page_break and self._is_torn_off(row)
            if torn_off or not self._aside(row):
                resolved = self.dittos.resolved(row, self.columns.at("serial"))
                self._take(resolved, page_break=page_break, torn_off=torn_off)
            page_break = False

    def _aside(self, row: RowView) -> bool:
        """A row that names a part of the list, a total, or a remark: nobody leads it and it has no time."""
        texts = list(dict.fromkeys(row.text(at) for at in row.columns()))
        if not texts:
            return False
        serial = row.text(self.columns.at("serial"))
        words = [text for text in texts if not _NUMBER.fullmatch(text) and text != serial]
        if is_total(texts[:2]) and all(is_amount(text) for text in texts if not is_total([text])):
            self.trail.leave_row(row, "合计行")
            return True
        if is_below(texts):
            self.listed.remarks.extend(line for text in texts for line in text.split("\n"))
            self.trail.leave_row(row, BELOW)
            return True
        if texts == [serial] and not words and not _is_words(serial):
            self.trail.leave_row(row, "只有序号的空行")
            return True
        if not self._is_section(row, texts, words, serial):
            return False
        self.listed.remarks.extend(line for text in texts for line in text.split("\n") if line.strip())
        if named := words or [text for text in texts if _is_words(text)]:
            # A merged row holds its words in the place of the serial, too.
            self.listed.section = named[0].replace("\n", "")
        self.trail.take_row(row, "section")
        return True

    def _is_section(self, row: RowView, texts: list[str], words: list[str], serial: str) -> bool:
        filled = list(row.columns())
        if len(texts) == 1:
            if filled == [self.columns.at("serial")]:
                return True
            merged = len(filled) > 1 and len({row.spot(at) for at in filled}) == 1
            if len(filled) == 1 and filled[0] in self._who and self._previous is not None and all_units(texts[0]):
                # An office alone in the column of offices is one more for the project above.
                return False
            return merged or not self.columns.timed.intersection(filled)
        # `一、交通（2项）` in the place of the serial, beside its sums.
        opens = _OPENS_A_PART.match(serial) or serial == row.text(self.columns.at("title"))
        ordinal = not serial or bool(_CHINESE_ORDINAL.match(serial) or (opens and _is_words(serial)))
        rest = [at for at in filled if at != self.columns.at("serial")]
        if ordinal and len(rest) > 1 and len({row.spot(at) for at in rest}) == 1:
            # `一 | 项目建设`, merged over all columns behind its number.
            return True
        told = any(who_in(row, self.columns)) or any(row.text(at) for at in self.columns.timed)
        return not told and len(words) <= 1 and ordinal and self._title_of_its_own(row)

    def _is_torn_off(self, row: RowView) -> bool:
        """Whether the first row of a page is the rest of one place above: words alone, in a list without parts."""
        filled = list(row.columns())
        if len(filled) != 1 or self._previous is None or self.listed.section:
            return False
        text = row.text(filled[0])
        in_words = filled[0] in {self.columns.at("title"), self.columns.at("content")}
        return in_words and not (_OPENS_A_PART.match(text) or is_below([text]) or is_total([text]))

    @property
    def _who(self) -> set[int | None]:
        return {self.columns.at("lead"), *self.columns.helping}

    def _title_of_its_own(self, row: RowView) -> bool:
        """Whether a title stands in the row and is not the one of the row above."""
        return self.above is None or not row.shares(self.above, self.columns.at("title"))

    @property
    def _previous(self) -> ProjectRow | None:
        return self.listed.rows[-1] if self.listed.rows else None

    def _take(self, row: RowView, *, page_break: bool, torn_off: bool) -> None:
        columns = self.columns
        for column in columns.used:
            if (fault := row.cell(column).fault) is not None:
                raise FaultyCellError(name=self.name, place=row.place, fault=fault)
        times = row_times(row, columns, self.heads)
        taken = self._go_on(row, times, page_break=page_break, torn_off=torn_off) or self._new(row, times)
        if not taken.title:
            self.trail.leave_row(row, "没有项目名称，也没有时限")
            return
        if taken is not self._previous:
            self.listed.rows.append(taken)
        self.above = row
        self._claim(taken, row, times)
        for spot, whole in self._torn.items():
            self.trail.take(spot, "participants", taken, whole)
        self._torn = {}

    def _go_on(self, row: RowView, times: TimeCells, *, page_break: bool, torn_off: bool) -> ProjectRow | None:
        """The project of the row above with what the row adds to it, or the row's own duty of the same task."""
        if (previous := self._previous) is None or self.above is None:
            return None
        below = Below(row, self.above, previous, self.columns, times, self.parted)
        if below.is_the_rest:
            self._join(below)
            return previous
        if not torn_off and not below.goes_on:
            return None
        if not torn_off and below.is_a_duty(page_break=page_break):
            return self._new(row, times, of=previous)
        self._append(below, page_break=page_break)
        return previous

    def _new(self, row: RowView, times: TimeCells, of: ProjectRow | None = None) -> ProjectRow:
        """A project of its own; `of` is the one above where the row is about the same task."""
        columns, previous = self.columns, self._previous
        printed = row.text(columns.at("serial")) or (of.serial if of is not None else "")
        title = of.title if of is not None else row.text(columns.at("title"))
        name = one_line(title) or one_line(self._sub(row)) or one_line(self._content(row))
        told = one_line(times.text)[:_LONGEST_SUB]
        lead, participants = who_in(row, columns)
        has_lead = columns.at("lead") is not None
        said = Assignment() if has_lead else assignment_in(title)[1]
        more = {str(role): text for role in _MORE if (text := row.text(columns.at(role)))}
        if of is not None and not row.text(columns.at("title")):
            # Where the task is blank below its first row, so are its category and its leader.
            more = {**of.more, **more}
        taken = ProjectRow(
            serial=printed,
            title=name or told,
            content=self._content(row),
            lead=lead or times.lead or said.lead or (previous.lead if previous is not None and has_lead else ""),
            participants=participants or times.participants or said.participants,
            place=row.place,
            parts=[self._part(row, times, title)],
            lead_from_above=has_lead and not lead and previous is not None,
            numbered=bool(printed),
            of_task_above=of is not None,
            more=more,
            section=self.listed.section,
            further=self._further(row),
            goal="" if columns.goal is None else row.text(columns.goal),
        )
        if not name:
            sentence = f"{row.place}没有项目名称，暂用时限栏的文字；请改正通知后重新读入。"
            taken.remarks.append(Remark("no_title", "ruling", sentence, told))
        if name and _NUMBER.fullmatch(name):
            self._titles_are_numbers(name)
        if is_total([name]):
            sentence = f"{row.place}的“{name}”像是合计，但旁边写有别的内容；如不是项目，请从通知里删去后重新读入。"
            taken.remarks.append(Remark("total_in_doubt", "ruling", sentence, name))
        if columns.at("serial") is not None and not printed:
            sentence = f"{row.place}没有序号，另编一个；如是上一行的一部分或不是项目，请改正通知后重新读入。"
            taken.remarks.append(Remark("no_serial", "ruling", sentence, name))
        return taken

    def _titles_are_numbers(self, name: str) -> None:
        """Ask once where the column of titles holds numbers: another one may say what is to be done."""
        if all(lacking.code != "title_is_a_number" for lacking in self.listed.lacking):
            asked = f"项目名称一栏写的是数字（“{name}”），可能是数量；另有一栏是项目名称的，请在表头写明，再读一次。"
            choices = (("确认", "就是项目名称"),)
            self.listed.lacking.append(
                Lacking("title_is_a_number", "title_is_a_number", "ruling", asked, name, choices)
            )

    def _content(self, row: RowView) -> str:
        """What a row is about; a stroke in the place of words says nothing."""
        text = row.text(self.columns.at("content"))
        return "" if _NO_WORDS.fullmatch(text.strip()) else text

    def _sub(self, row: RowView) -> str:
        """The sub-task that a row is about; a level merged with the one above it says nothing of its own."""
        title = self.columns.at("title")
        seen = {row.spot(title)} if title is not None and row.text(title) else set()
        pieces: list[str] = []
        for level in self.columns.levels:
            text = row.text(level)
            if text and row.spot(level) not in seen:
                pieces.append(one_line(text))
                seen.add(row.spot(level))
        return "：".join(pieces)

    def _part(self, row: RowView, times: TimeCells, title: str) -> Part:
        sub = self._sub(row)
        return Part(times.text, sub if title.strip() else "", sub, self._content(row))

    def _append(self, below: Below, *, page_break: bool) -> None:
        columns, previous, row, times = self.columns, below.previous, below.row, below.times
        name = one_line(row.text(columns.at("title")))
        if name not in ("", previous.title) and not below.merged(columns.at("title")):
            previous.title = _joined(previous.title, name)
        content = self._content(row)
        before = previous.content
        # Behind a page break the rest of a cell goes on, unless both sides have a time of their own.
        page_break = page_break and not (is_a_time(times.text) and is_a_time(previous.parts[-1].text))
        if content and content != previous.content:
            previous.content = _joined(before, content) if page_break else f"{before}\n{content}".strip()
        previous.further += [said for said in self._further(row) if said not in previous.further]
        self._append_departments(below)
        for role in _MORE:
            more = row.text(columns.at(role))
            if more and more not in previous.more.get(role, ""):
                previous.more[role] = "；".join(filter(None, (previous.more.get(role), more)))
        self._append_times(previous, row, times, (before, content), page_break=page_break)

    def _join(self, below: Below) -> None:
        """Put the halves of torn places together."""
        columns, previous, row = self.columns, below.previous, below.row
        _, participants = who_in(row, columns)
        last, part = previous.parts[-1], self._part(row, below.times, previous.title)
        last.text, last.sub, last.content = f"{last.text}{part.text}", last.sub + part.sub, last.content + part.content
        previous.title = _joined(previous.title, one_line(row.text(columns.at("title"))))
        previous.content = _joined(previous.content, row.text(columns.at("content")))
        previous.participants = _joined(previous.participants, participants)
        helpers = columns.at("participants")
        self._torn = {
            each.spot(helpers): previous.participants
            for each in (below.above, row)
            if helpers is not None and each.text(helpers)
        }

    def _further(self, row: RowView) -> list[str]:
        """What other columns say of what is to be done (`完成标志`, `计划投资`), each with its head."""
        return [self._labelled(at, text) for at in self.columns.further if (text := row.text(at))]

    def _labelled(self, column: int, text: str) -> str:
        return f"{one_line(self.heads[column][-1])}：{text}"

    def _append_departments(self, below: Below) -> None:
        """Each department once, in the role in which the project names it first; another lead is asked about."""
        previous, own = below.previous, not below.merged(self.columns.at("lead"))
        lead_text, participants = who_in(below.row, self.columns)
        lead_text, participants = lead_text or below.times.lead, participants or below.times.participants
        first = leading(lead_text) if own else None
        apart = first is not None and first != leading(previous.lead)
        if first is not None and apart:
            previous.other_leads = tuple(dict.fromkeys((*previous.other_leads, first)))
        told = bool(parts_of(previous.lead).leads)
        for name in departments(lead_text) if own else ():
            if _is_new(name, previous):
                if apart or told:
                    previous.participants = f"{previous.participants}、{without_mark(name)}".strip("、")
                else:
                    previous.lead = f"{previous.lead}、{name}".strip("、")
        for name in departments(participants):
            if _is_new(name, previous):
                previous.participants = f"{previous.participants}、{name}".strip("、")

    def _append_times(
        self, previous: ProjectRow, row: RowView, times: TimeCells, contents: tuple[str, str], *, page_break: bool
    ) -> None:
        """A source row with a time of its own is read by itself; the rest of a cell goes on with it."""
        part = self._part(row, times, previous.title)
        last = previous.parts[-1]
        before, content = contents
        if part.sub and not part.text:
            previous.parts.append(part)
            return
        if not part.text or (part.text == last.text and part.sub == last.sub and (not content or content == before)):
            return
        begins = begins_with_a_time(part.text)
        if part.sub or (begins and not page_break):
            part.content = content or last.content
            previous.parts.append(part)
            return
        ended = last.text.rstrip()[-1:] in ("；", ";", "。", "")
        last.text += ("\n" if begins and not ended else "") + part.text

    def _claim(self, taken: ProjectRow, row: RowView, times: TimeCells) -> None:
        """Say what became of every place of the row."""
        for role, column in self.columns.places.items():
            if row.text(column) and column not in self.columns.timed and role != "measure":
                self.trail.take(row.spot(column), role, taken, self.dittos.read.get(row.spot(column)))
        for part, columns in (("level", self.columns.levels), ("participants", self.columns.helpers)):
            for column in filter(row.text, columns):
                self.trail.take(row.spot(column), part, taken)
        self.listed.made_whole += [name for at in self._who for name in with_whole_names(row.text(at))[1]]
        for column, as_read in times.taken.items():
            meant = self.dittos.read.get(row.spot(column)) if as_read is None else as_read
            self.trail.take(row.spot(column), "schedule", taken, meant)
        self._claim_further(taken, row)
        for column, why in times.left.items():
            self.trail.leave(row.spot(column), why)
        for column in row.columns():
            if column not in self.columns.used and not self._helps_by_remark(taken, row, column):
                self.trail.leave(row.spot(column), _COLUMN_NOT_READ)
        for code, text, sentence in times.remarks:
            taken.remarks.append(Remark(code, "ruling" if code in _ASKED else "note", sentence, text))

    def _helps_by_remark(self, taken: ProjectRow, row: RowView, column: int) -> bool:
        """Take whom a remark names as a helper, and nothing else; whether it does."""
        said, is_remark = row.text(column), column < len(self.heads) and is_a_remark(self.heads[column])
        if not is_remark or not (who := helps_by_remark(said)):
            taken.said_beside += [said] if said else []
            return False
        new = [name for name in departments(who) if _is_new(name, taken)]
        taken.participants = "、".join(filter(None, (taken.participants, *new)))
        self.trail.take(row.spot(column), "participants", taken, who)
        return True

    def _claim_further(self, taken: ProjectRow, row: RowView) -> None:
        """Say what became of marks, of columns that say more of the duty, and of what stands for other places."""
        if self.columns.marked is not None:
            for column, office, part in self.columns.marked.claimed(row):
                self.trail.take(row.spot(column), part, taken, office)
        for column in self.columns.further:
            if text := row.text(column):
                self.trail.take(row.spot(column), "content", taken, self._labelled(column, text))
        ask_of_dittos(self.listed, self.dittos.read.values())
        for meant in self.dittos.read.values():
            sentence = f"{row.place}有一格写与别处相同，按“{one_line(meant)}”理解。"
            taken.remarks.append(Remark("ditto", "note", sentence, meant))


_COLUMN_NOT_READ = "这一栏不读"


def is_ordinal(text: str) -> bool:
    """Whether a text only counts (`一、`, `（二）`)."""
    return _CHINESE_ORDINAL.match(text) is not None


def _is_new(name: str, row: ProjectRow) -> bool:
    """Whether a project does not name a department yet, in whatever part."""
    named = (*departments(row.lead), *departments(row.participants))
    return without_mark(name) not in map(without_mark, named)


def _is_words(text: str) -> bool:
    words = len(text) > 3 or _PART_OF_THE_YEAR.fullmatch(text)
    return not _NUMBER.fullmatch(text) and not _CHINESE_ORDINAL.match(text) and bool(words)


def _joined(one: str, other: str) -> str:
    return f"{one}{other}" if not one or not one[-1].isascii() else f"{one} {other}"
