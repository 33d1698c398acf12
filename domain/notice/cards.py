"""Forms, one for each project: labels, and beside each what it labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from domain.notice.column_heads import ASIDE, Role, plain_head, role_of
from domain.notice.columns import Columns, columns_of
from domain.notice.document import Cell, Row, Table
from domain.notice.heads import HeadRows
from domain.notice.patterns import regex
from domain.notice.trail import RowView, Spot, row_views

_FEWEST = 3
_LONGEST = 12

_LABEL = regex(
    r"[一-鿿]{2,6}(?:编号|文号|时间|日期|单位|部门|电话|方式|意见|情况|要求|批示|事项|时限|期限|结果)|(?:联系|经办|承办|签收|签发|审核|填表)人"
)
_HANDED_OUT = regex(r"(?:交办|立项|下达|印发|发文|签发|填表|制表)(?:时间|日期)")
_Places = tuple[Cell, Spot]
"""A place of the table, and where it stands."""


@dataclass(frozen=True, slots=True)
class CardView(RowView):
    """A row made of one column of a card; each of its places is somewhere else in the table."""

    spots: tuple[Spot, ...] = ()

    def spot(self, column: int) -> Spot:
        """The place of a text in the table as it is printed."""
        return self.spots[column]


def card(block: int, table: Table) -> tuple[HeadRows, list[RowView]] | None:
    """The heads and the projects of a form (`任务名称 | 修订章程`, `牵头单位 | 甲局`), each as two rows of a table.

    Several forms may stand under each other in one table; a label that is not known is a column that is not read.
    """
    above, down = _lines_above(table), _regions_down(table)
    rows = [
        cells
        for number, row in enumerate(table.rows)
        if number >= above and (cells := _apart(block, number, row, down)) is not None and len(cells) > 1
    ]
    forms = [_Form.of(form) for form in _one_by_one(rows)]
    if not forms or any(form is None for form in forms):
        return None
    first = forms[0]
    if first is None or any(form is None or form.names != first.names for form in forms):
        return None
    paths = tuple((cell.text.strip(),) if cell.text.strip() else () for cell, _ in first.heads)
    columns = _with_a_title(columns_of(paths))
    if columns.at("title") is None or columns.known < _FEWEST:
        return None
    place = table.rows[above].place
    views: list[RowView] = [
        CardView(
            block, above + number, Row(tuple(cell for cell, _ in cells), place), {}, tuple(spot for _, spot in cells)
        )
        for number, cells in enumerate(side for form in forms if form is not None for side in (form.heads, form.values))
    ]
    return HeadRows(above, above + 1, paths, columns), [*row_views(block, table)[:above], *views]


def is_form(table: Table) -> bool:
    """Whether labels and what they label alternate in a table, so that none of its rows heads columns."""
    down = _regions_down(table)
    rows = [cells for number, row in enumerate(table.rows) if (cells := _apart(0, number, row, down)) is not None]
    labelled = [
        cells
        for cells in rows
        if len(cells) > 1
        and all(_is_head(cell.text) for cell, _ in cells[::2])
        and not any(_is_head(cell.text) for cell, _ in cells[1::2] if cell.text.strip())
    ]
    return len(labelled) >= _FEWEST and len(labelled) * 2 > len(rows)


def _lines_above(table: Table) -> int:
    """How many rows at the top hold one line each, as a heading does."""
    above = 0
    for row in table.rows[:-1]:
        texts = {cell.text.strip() for cell in row.cells} - {""}
        alone = len(texts) == 1 and row.cells[0].text.strip() and not _is_head(row.cells[0].text)
        merged = len({cell.region for cell in row.cells}) == 1 and row.cells[0].region is not None
        if not texts or (alone and (merged or not any(cell.text.strip() for cell in row.cells[1:]))):
            above += 1
        else:
            break
    return above


@dataclass(frozen=True, slots=True)
class _Form:
    """The labels of one form and what stands beside each."""

    heads: list[_Places]
    values: list[_Places]

    @property
    def names(self) -> list[str]:
        return [plain_head(cell.text) for cell, _ in self.heads]

    @classmethod
    def of(cls, rows: list[list[_Places]]) -> _Form | None:
        """A form, where most labels are known and what stands beside them is no label."""
        form = cls([], [])
        for cells in rows:
            if len(cells) % 2:
                return None
            form.heads.extend(cells[::2])
            form.values.extend(cells[1::2])
        names = form.names
        if len(names) < _FEWEST or len(set(names)) < len(names) or any(len(name) > _LONGEST for name in names):
            return None
        known = sum(_is_head(cell.text) for cell, _ in form.heads)
        labels_beside = sum(_is_head(cell.text) for cell, _ in form.values if cell.text.strip())
        return form if known * 3 >= len(names) * 2 and labels_beside * 4 <= len(names) else None


def handed_out(views: Sequence[RowView]) -> list[str]:
    """What a form says of the day on which it was handed out (`交办时间`), as a line of a heading."""
    form = [view for view in views if isinstance(view, CardView)]
    if not form:
        return []
    pairs = zip(form[0].row.cells, form[1].row.cells, strict=True)
    return [
        f"{head.text.strip()}：{value.text.strip()}" for head, value in pairs if _HANDED_OUT.match(head.text.strip())
    ]


def _one_by_one(rows: list[list[_Places]]) -> list[list[list[_Places]]]:
    """The forms of a table: each begins with the label that the first one begins with."""
    forms: list[list[list[_Places]]] = []
    for cells in rows:
        begins = not forms or plain_head(cells[0][0].text) == plain_head(forms[0][0][0][0].text)
        if begins:
            forms.append([])
        forms[-1].append(cells)
    return forms


def _with_a_title(columns: Columns) -> Columns:
    """The columns of a form, where what is to be done (`督办内容`) stands for a title that has no label."""
    content = columns.at("content")
    if columns.at("title") is not None or content is None:
        return columns
    places: dict[Role, int] = {role: at for role, at in columns.places.items() if role != "content"}
    return replace(columns, places=places | {"title": content})


def _regions_down(table: Table) -> frozenset[int]:
    """The merged places that reach over several rows."""
    rows = Counter(region for row in table.rows for region in {cell.region for cell in row.cells} if region is not None)
    return frozenset(region for region, number in rows.items() if number > 1)


def _apart(block: int, number: int, row: Row, down: Collection[int | None]) -> list[_Places] | None:
    """The places of a row, merged ones once; without blank ones at its end, nor what heads several rows of labels."""
    found: list[_Places] = []
    seen: set[int] = set()
    for column, cell in enumerate(row.cells):
        if cell.region is None or cell.region not in seen:
            found.append((cell, (block, number, column)))
        if cell.region is not None:
            seen.add(cell.region)
    if len(found) % 2 and len(found) > 1 and found[0][0].region in down:
        del found[0]
    while len(found) > 2 and not found[-1][0].text.strip() and not found[-2][0].text.strip():
        del found[-2:]
    return found if any(cell.text.strip() for cell, _ in found) else None


def _is_head(text: str) -> bool:
    """Whether a text heads something that is known, or ends as labels of forms do (`交办时间`, `领导批示`)."""
    plain = plain_head(text)
    return role_of(text) is not None or any(known.fullmatch(plain) for known in (ASIDE, _LABEL))
