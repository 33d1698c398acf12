"""What comes next after an act that holds something up, or begins an inspection: said to whoever gave it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.acts.commands import ConcludeInspection, OpenInspection, SilenceNotices, Suspend
from domain.seeing.what_is_next import what_is_next
from tests.domain.samples import FIRST, Desk, attentive, request


@pytest.mark.parametrize("where", [FIRST, None])
@pytest.mark.parametrize(
    ("until", "says"),
    [(date(2018, 5, 20), "2018-05-20 后恢复"), (None, "由人恢复")],
)
def test_a_suspension_says_what_stands_still_and_until_when(where: str | None, until: date | None, says: str) -> None:
    """Of a milestone and of the whole project, with a day and without."""
    desk = attentive()
    desk.ask(request(Suspend, where, until=until), "05-09 10:00")
    assert f"中止期间不计时、不催办，{says}" in what_is_next(desk.state, where, None)


def test_held_notices_say_until_when_and_that_the_clock_runs() -> None:
    """Nobody takes a silence for a suspension."""
    desk = attentive()
    desk.ask(request(SilenceNotices, until=date(2018, 5, 20)), "05-09 10:00")
    assert "至 2018-05-20 不发通知，照常计逾期" in what_is_next(desk.state, FIRST, None)


def test_an_inspection_says_what_the_supervisors_do_next() -> None:
    """First findings and a conclusion; then the department's answer, which has its limit."""
    desk: Desk = attentive()
    desk.ask(request(OpenInspection), "05-09 10:00")
    assert "督查室登记发现的问题，作出督查结论" in what_is_next(desk.state, FIRST, None)
    desk.ask(request(ConcludeInspection, rectify=False), "05-10 10:00")
    told = what_is_next(desk.state, FIRST, None)
    assert "登记发现的问题" not in told
    assert "组织部于 2018-05-17 前办理" in told
