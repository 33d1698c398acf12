"""Tables that a web page or a PDF gave away a cell a line: a run of heads, then rows that their serials count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.notice.column_heads import role_of

_FEWEST_HEADS = 3
_SERIAL = re.compile(r"\d{1,3}[.、．]?")


def with_rows_on_lines(text: str) -> str | None:
    """A text with each row of its table on the first of the row's lines, the others left blank; else `None`.

    Rows are whole: where one has more or fewer cells than there are heads nobody can say which of them is missing.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    written = [at for at, line in enumerate(lines) if line.strip()]
    if "\t" in text:
        return None
    for first, at in enumerate(written):
        if role_of(lines[at].strip()) != "serial":
            continue
        width = _heads([lines[each].strip() for each in written[first:]])
        begin, count = first + width, 0
        rows = [written[first:begin]] if width else []
        while rows and (row := written[begin : begin + width]) and _counts(lines[row[0]], count + 1):
            if len(row) < width or any(_counts(lines[each], count + 2) for each in row[1:]):
                return None
            rows.append(row)
            begin, count = begin + width, count + 1
        if count:
            for row in rows:
                lines[row[0]] = "\t".join(lines[each].strip() for each in row)
                for each in row[1:]:
                    lines[each] = ""
            return "\n".join(lines)
    return None


def _heads(lines: Sequence[str]) -> int:
    """How many heads of columns stand below each other, a title and who or by when among them."""
    roles = []
    for line in lines:
        if _SERIAL.fullmatch(line):
            break
        roles.append(role_of(line))
    known = {role for role in roles if role is not None}
    full = len(roles) >= _FEWEST_HEADS and "title" in known and bool(known & {"lead", "due", "schedule"})
    return len(roles) if full and len(known) + 1 >= len(roles) else 0


def _counts(line: str, number: int) -> bool:
    return _SERIAL.fullmatch(line.strip()) is not None and int(line.strip().rstrip(".、．")) == number
