"""Tables that are drawn with characters: what is told of them names the line of the file."""

from __future__ import annotations

from adapters.readers.plain_text import text_document
from domain.notice.document import Table

DRAWN = """\
2026年重点任务
+------+----------+--------+
| 序号 | 任务     | 时限   |
+------+----------+--------+
| 1    | 建成     | 6月底  |
|      | 污水厂   | 前     |
+------+----------+--------+
| 2    | 修订章程 | 9月底  |
+------+----------+--------+
特此通知
"""


def test_each_row_of_a_drawn_table_has_the_number_of_its_line() -> None:
    """A row of several lines has that of its first one; rules count as lines, and nothing is added behind the last."""
    document = text_document(DRAWN, "a.txt")
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [(row.place, row.cells[1].text) for row in table.rows] == [
        ("第3行", "任务"),
        ("第5行", "建成污水厂"),
        ("第8行", "修订章程"),
    ]
