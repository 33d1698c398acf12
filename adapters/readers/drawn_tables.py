"""Tables drawn with characters (`│ 1 │ 修订章程 │`, `+---+`), as terminals, mails and old systems have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_UPRIGHT = "│┃║┆┊￨｜|"
_RULE = re.compile(r"\s*(?=[^\s]*[┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛+])[┌┬┐├┼┤└┴┘─━═╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛│┃║|+=\s-]+")
_ROW = re.compile(rf"\s*[{_UPRIGHT}](?P<cells>.*)[{_UPRIGHT}]\s*")
_BETWEEN = re.compile(rf"[{_UPRIGHT}]")
_FEWEST_RULES = 2
_HEADS_AND_ALL = 2
_FEWEST_CELLS = 3


def with_drawn_tables(text: str) -> str:
    """A text whose drawn tables have tabs between their places; without any the text itself.

    A row of several lines is one, and its other lines and the rules are empty: every line keeps its number.
    """
    lines = text.split("\n")
    if sum(_RULE.fullmatch(line) is not None for line in lines) < _FEWEST_RULES:
        return text
    return "\n".join(_parted(lines))


def _parted(lines: Sequence[str]) -> Iterator[str]:
    groups: list[list[list[str]]] = []
    for line in lines:
        row = _ROW.fullmatch(line)
        cells = [cell.strip() for cell in _BETWEEN.split(row["cells"])] if row is not None else []
        if _RULE.fullmatch(line):
            groups.append([])
        elif groups and len(cells) >= _FEWEST_CELLS:
            groups[-1].append(cells)
        else:
            yield from _rows(groups)
            groups = []
            yield line
    yield from _rows(groups)


def _rows(groups: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """Each rule and the rows below it: of several lines where a rule stands between every two, else a line each."""
    filled = [group for group in groups if group]
    ruled = len(filled) > _HEADS_AND_ALL
    for group in groups:
        yield ""
        if group and (ruled or group is filled[0]) and len({len(cells) for cells in group}) == 1:
            yield "\t".join("".join(pieces) for pieces in zip(*group, strict=True))
            yield from [""] * (len(group) - 1)
        else:
            yield from ("\t".join(cells) for cells in group)
