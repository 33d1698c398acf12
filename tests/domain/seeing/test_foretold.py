"""What time will bring is what it brings: the papers foretold are those that are issued when nobody acts."""

from __future__ import annotations

import pytest

from domain.seeing.foretold import foretold_papers
from tests.domain.samples import Desk, at


@pytest.mark.parametrize("until", ["05-20 18:00", "06-15 18:00", "12-31 18:00"])
def test_the_papers_foretold_are_those_that_time_brings(until: str) -> None:
    """From any day on to any later one: the same papers in the same order, with the same words."""
    desk = Desk()
    desk.run_until(at("05-10 10:00"))
    before, state = len(desk.papers), desk.state
    foretold = foretold_papers(state, desk.now, at(until))
    desk.run_until(at(until))
    assert list(foretold) == desk.papers[before:]
    assert foretold or until.startswith("05-20")


def test_nothing_is_foretold_of_what_is_over() -> None:
    """An instant that has passed brings nothing."""
    desk = Desk()
    desk.run_until(at("05-10 10:00"))
    assert foretold_papers(desk.state, desk.now, at("05-10 10:00")) == ()
