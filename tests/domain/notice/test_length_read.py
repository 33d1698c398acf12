"""How much of one cell is read."""

from __future__ import annotations

from datetime import date

from domain.notice.length_read import LONGEST, longest_read
from domain.notice.window_reading import read_window

_SENTENCE = "3月底前完成摸底；推进各项改革任务落实到位，"


def test_what_is_over_the_bound_is_named_and_asked_about() -> None:
    """A text of a hundred thousand characters is read as far as a cell may go, and the rest waits for somebody."""
    text = _SENTENCE + "深入推进各项工作落实到位" * 8_000
    read = read_window(text, 2027, date(2027, 1, 20))
    (asked,) = [finding for finding in read.findings if finding.code == "too_long"]
    assert asked.needs_ruling
    assert f"{len(text)}字" in asked.text
    assert [str(window.due_on) for window in read.windows][:1] == ["2027-03-31"]


def test_a_cell_is_cut_behind_a_sentence_and_a_shorter_one_not_at_all() -> None:
    """No time is torn in two where a sentence ends before the bound."""
    assert longest_read("3月底前") == len("3月底前")
    assert longest_read("字" * LONGEST) == LONGEST
    assert longest_read("字" * 3_000 + "；" + "字" * 3_000) == 3_001
    assert longest_read("字" * 9_000) == LONGEST
