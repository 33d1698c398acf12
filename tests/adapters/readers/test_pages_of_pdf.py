"""PDF pages: the words that stand close to a ruled table, above and below it."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from adapters.readers.any_notice import read_notice
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.file_text import missing_text

_ROWS = [
    ["序号", "任务", "牵头单位", "完成时限"],
    ["1", "修订章程", "甲局", "6月底前"],
    ["2", "培训干部", "乙局", "9月底前"],
]
_TOP, _HEIGHT, _WIDTH = 600, 20, 100


@pytest.mark.parametrize("gap", [-2.0, -0.5, 0.0, 0.5, 3.0])
def test_a_line_that_touches_a_ruled_table_is_read(gap: float, tmp_path: Path) -> None:
    """Letters may reach over the rule of the table above or below them; the line they stand in is still read."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    path = tmp_path / "list.pdf"
    canvas = Canvas(str(path), pagesize=(600, 800))
    canvas.setFont("STSong-Light", 10)
    bottom = _TOP - _HEIGHT * len(_ROWS)
    canvas.grid([50 + _WIDTH * at for at in range(5)], [_TOP - _HEIGHT * at for at in range(len(_ROWS) + 1)])
    for number, row in enumerate(_ROWS, 1):
        for at, text in enumerate(row):
            canvas.drawString(55 + _WIDTH * at, _TOP - _HEIGHT * number + 6, text)
    canvas.drawString(50, _TOP + gap + 2, "某市2026年重点工作清单")
    canvas.drawString(50, bottom - gap - 9, "注：请于每月28日前报送进展。")
    canvas.save()
    document = read_notice(path)
    lines = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert lines == ["某市2026年重点工作清单", "注：请于每月28日前报送进展。"]
    assert missing_text(document) == (0, [])


def test_the_line_that_is_lost_is_named_first() -> None:
    """A line that goes through several cells was read; the one of which nothing was handed over is named before it."""
    cells = Row(tuple(map(Cell, ("1", "修订章程并公布", "甲局", "6月底前"))), "第1行")
    held = ("1修订章甲局6月底前", "程并公布", "注：乙镇报送进展")
    document = NoticeDocument("list.pdf", (Table((cells,)),), held=held, held_in_order=False)
    assert missing_text(document)[1][0] == "注：乙镇报送进展"
