"""Lists that are at hand whole, page by page: on and back, in either order, while rows come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from domain.paging import Part, Stretch, latest_first, part_of_all

ROWS = [f"{number:02d}" for number in range(23)]
Cut = Callable[[Sequence[str], Part, Callable[[str], str]], tuple[Sequence[str], Stretch]]


@pytest.mark.parametrize(("cut", "rows"), [(part_of_all, ROWS), (latest_first, ROWS[::-1])])
def test_pages_on_and_back_have_every_row_once(cut: Cut, rows: list[str]) -> None:
    """By fives, from the first page and from the last one; each page says how many rows stand before it."""
    on, back = list[str](), list[str]()
    page, lies = cut(rows, Part(limit=5), str)
    while page:
        assert lies == Stretch(len(on), page[0], page[-1])
        on += page
        page, lies = cut(rows, Part(limit=5, after=lies.last), str)
    assert lies.before == len(rows)
    page, lies = cut(rows, Part(limit=5, before=""), str)
    while page:
        back[:0] = page
        assert lies.before == len(rows) - len(back)
        page, lies = cut(rows, Part(limit=5, before=lies.first), str)
    assert (on, back) == (rows, rows)
    assert cut(rows, Part(), str)[0] == rows


@pytest.mark.parametrize(("cut", "rows"), [(part_of_all, ROWS), (latest_first, ROWS[::-1])])
def test_a_row_that_went_is_a_place_still(cut: Cut, rows: list[str]) -> None:
    """The page goes on behind where the row stood, and ends before it on the way back."""
    left = [row for row in rows if row != rows[4]]
    assert cut(left, Part(limit=3, after=rows[4]), str)[0] == rows[5:8]
    assert cut(left, Part(limit=3, before=rows[4]), str)[0] == rows[1:4]
