"""Marks that stand for what is written above (`同上`, `〃`) or in another row (`同第7项`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from domain.notice.document import Row
from domain.notice.folding import fold
from domain.notice.listed import Lacking, ListedTable
from domain.notice.node import Node
from domain.notice.patterns import regex
from domain.notice.trail import RowView, Spot

_AS_ABOVE = regex(
    r"(?:同上|同前|同上行|同上一?[项条行]|上同|[〃″“”\"]|''|-\"-|do\.?|ditto|as above|same as above)", re.IGNORECASE
)
_AS_ANOTHER = regex(r"(?:同|与)(?:第|序号)?\s*(?P<serial>\d{1,3})\s*(?:项|号|条)?(?:任务|问题)?(?:相同|一致)?")

_SAID_BEHIND_A_LABEL = regex(
    rf"(?<=[:：])\s*(?:{_AS_ABOVE.pattern}|{_AS_ANOTHER.pattern})(?=\s*(?:[;；,，。]|$))", re.IGNORECASE
)


def without_dittos(text: str) -> str:
    """A line without the words behind its labels that stand for those of another item."""
    return _SAID_BEHIND_A_LABEL.sub("", text)


@dataclass(slots=True)
class Dittos:
    """What stands for other places is read as they are; `read` has each such place of the row in hand as it is read."""

    _above: dict[int, str] = field(default_factory=dict)
    _by_serial: dict[str, dict[int, str]] = field(default_factory=dict)
    read: dict[Spot, str] = field(default_factory=dict)

    def resolved(self, row: RowView, serial: int | None) -> RowView:
        """The row with the words that its dittos stand for; the serial never is one."""
        self.read = {}
        cells = list(row.row.cells)
        for column in row.columns():
            meant = self._meant(row.text(column), column) if column != serial else None
            if meant:
                cells[column] = replace(cells[column], text=meant)
                self.read[row.spot(column)] = meant
            self._above[column] = cells[column].text
        if number := row.text(serial):
            self._by_serial[fold(number)] = dict(self._above)
        return replace(row, row=Row(tuple(cells), row.row.place)) if self.read else row

    def in_running_text(self, nodes: Iterable[Node]) -> list[str]:
        """Have labels of items that stand for others say what those say, and answer that."""
        found: list[str] = []
        for node in nodes:
            for at, role in enumerate(("lead", "participants", "due", "schedule")):
                said = getattr(node.given, role)
                if meant := self._meant(said, at):
                    setattr(node.given, role, meant)
                    node.lines = [(spot, meant if words == said else words) for spot, words in node.lines]
                    found.append(meant)
                if said:
                    self._above[at] = meant or said
            if (number := re.search(r"\d+", node.marker)) is not None:
                self._by_serial[number.group()] = dict(self._above)
        return found

    def _meant(self, text: str, column: int) -> str | None:
        plain = fold(text).strip().rstrip("。;,")
        if _AS_ABOVE.fullmatch(plain):
            return self._above.get(column)
        another = _AS_ANOTHER.fullmatch(plain)
        there: Mapping[int, str] = self._by_serial.get(another["serial"], {}) if another is not None else {}
        return there.get(column)


def ask_of_dittos(listed: ListedTable, meanings: Collection[str]) -> None:
    """Ask once for the list whether its dittos stand for what they were read as."""
    if meanings and all(lacking.code != "dittos" for lacking in listed.lacking):
        asked = "有几处写与别处相同，按所指的一处理解，请核对。"
        choices = (("确认", "就按所指的一处"),)
        listed.lacking.append(Lacking("dittos", "dittos", "ruling", asked, "按所指的一处", choices))
