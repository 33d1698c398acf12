"""Whether a row goes on with the task of the row above it, and whether what it says of it is a duty of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.notice.assignments import assignment_in
from domain.notice.broken_names import with_whole_names
from domain.notice.column_heads import plain_head
from domain.notice.columns import Columns
from domain.notice.departments import departments, is_group, without_mark
from domain.notice.folding import fold
from domain.notice.heads import Heads, repeats_head
from domain.notice.listed import ProjectRow, one_line
from domain.notice.patterns import regex
from domain.notice.time_cells import TimeCells, begins_with_a_time, is_a_time
from domain.notice.trail import RowView
from domain.notice.units import all_units

_COUNTED = regex(r"\s*\(?(?P<number>\d{1,2})(?P<mark>[.、)])(?!\d)")
_REMARK = regex(r"备注|说明|附注|remarks?|notes?")


@dataclass(frozen=True, slots=True)
class Below:
    """A row below another one, `above`, that was taken into the project `previous`."""

    row: RowView
    above: RowView
    previous: ProjectRow
    columns: Columns
    times: TimeCells
    parted: bool
    """Whether the measures of some task of the list are told apart by who answers for each."""

    def merged(self, column: int | None) -> bool:
        """Whether one place of a column holds for both rows."""
        return self.row.shares(self.above, column)

    @property
    def is_the_rest(self) -> bool:
        """Whether every place of the row goes on in the middle of the one above: only both together say by when."""
        before, text = self.previous.parts[-1].text, self.times.text
        blank = not self.row.text(self.columns.at("serial")) and not self.row.text(self.columns.at("lead"))
        return blank and bool(text) and not is_a_time(before) and is_a_time(f"{before}{text}")

    @property
    def goes_on(self) -> bool:
        """Whether the row is about the task above: a page break, or one task over several rows."""
        row, columns = self.row, self.columns
        serial, title = columns.at("serial"), columns.at("title")
        printed, name = row.text(serial), row.text(title)
        if self.merged(title) and (self.merged(serial) or serial is None or not printed):
            return True
        if serial is None:
            return not name
        if not printed and not name:
            return True
        if printed:
            return self._said_again
        free = row.cell(serial).region is None and not row.text(columns.at("lead"))
        return free and not begins_with_a_time(self.times.text)

    def is_a_duty(self, *, page_break: bool) -> bool:
        """Whether a row that goes on says itself what is to be done, who does it, and by when.

        Where neither a merged place nor the task, said again, shows that the row belongs to it, its places may be the
        rest of those above, broken over lines: names and times must be whole on both sides.
        """
        if not self._says_what or not self._says_who:
            return False
        columns, text = self.columns, self.times.text
        if (self._said_again or self.merged(columns.at("title"))) and not page_break:
            return True
        names = (*departments(self.previous.lead), *departments(self.row.text(columns.at("lead"))))
        if not all(map(_is_whole, names)) or self.row.text(columns.at("title")) not in ("", self.previous.title):
            return False
        whole = is_a_time(text) and is_a_time(self.previous.parts[-1].text)
        return not columns.has_schedule or whole or (bool(text) and self._counts_on)

    @property
    def _counts_on(self) -> bool:
        """Whether the row's measure has the number behind that of the row above: no rest of a line has."""
        for at in (*self.columns.levels, self.columns.at("content"), self.columns.at("measure")):
            above, own = (_COUNTED.match(fold(row.text(at))) for row in (self.above, self.row))
            if above is not None and own is not None and above["mark"] == own["mark"]:
                return int(own["number"]) == int(above["number"]) + 1
        return False

    @property
    def _said_again(self) -> bool:
        """Whether the row prints the serial and the title of the row above."""
        serial, title = (self.row.text(self.columns.at(role)) for role in ("serial", "title"))
        return bool(serial) and serial == self.previous.serial and one_line(title) == self.previous.title

    @property
    def _says_what(self) -> bool:
        places = (*self.columns.levels, self.columns.at("content"), self.columns.at("measure"))
        return any(self._differs(at) for at in places if self.row.text(at))

    @property
    def _says_who(self) -> bool:
        """Whether another lead or other helpers answer for the row, or, in a list of such rows, a lead of its own."""
        if names_others(self.above, self.row, self.columns):
            return True
        lead = self.columns.at("lead")
        return self.parted and bool(self.row.text(lead)) and not self.merged(lead)

    def _differs(self, column: int | None) -> bool:
        return not self.merged(column) and self.row.text(column) != self.above.text(column)


def tells_measures_apart(rows: Sequence[RowView], columns: Columns, heads: Heads) -> bool:
    """Whether the measures of some task of a table have different leads or helpers."""
    title = columns.at("title")
    return any(
        below.text(title) in ("", above.text(title)) and names_others(above, below, columns)
        for above, below in pairwise(row for row in rows if not repeats_head(row.row, heads))
    )


def names_others(above: RowView, row: RowView, columns: Columns) -> bool:
    """Whether a row names another lead than the one above, or other helpers.

    A blank names nobody else, but for helpers beside a lead that is one place for both rows: then it says that nobody
    helps.
    """
    at = columns.at("lead")
    (lead, helpers), (lead_above, helpers_above) = who_in(row, columns), who_in(above, columns)
    if lead and lead != lead_above:
        return True
    return helpers != helpers_above and (bool(helpers) or row.shares(above, at))


def who_in(row: RowView, columns: Columns) -> tuple[str, str]:
    """Who leads and who helps, as a row's cells or the marks under its offices say."""
    lead, _ = with_whole_names(row.text(columns.at("lead")))
    others = "；".join(dict.fromkeys(with_whole_names(text)[0] for at in columns.helping if (text := row.text(at))))
    if columns.marked is None:
        return lead, others
    others = "、".join(filter(None, (columns.marked.who(row, "participants"), others)))
    return columns.marked.who(row, "lead") or lead, others


def is_a_remark(heads: Sequence[str]) -> bool:
    """Whether remarks stand under a head."""
    return bool(heads) and _REMARK.fullmatch(plain_head(heads[-1])) is not None


def helps_by_remark(text: str) -> str:
    """Who helps by a remark that says nothing else (`县农业农村局配合`)."""
    # Something has to be left where the offices are taken out.
    rest, said = assignment_in(f"a，{text.strip().rstrip('。；;')}。")
    return "" if said.lead or rest.removeprefix("a").strip("，、。") else said.participants


def _is_whole(name: str) -> bool:
    """Whether a name is one, and no piece of one (`和规划局` is taken for one, `市自然资源` is not)."""
    plain = without_mark(name)
    return plain.isascii() or is_group(plain) or all_units(plain)
