"""What a department reads whose part cannot be given: which unit and why, which day, which milestone."""

from __future__ import annotations

from datetime import date

import pytest

from domain.actors import department
from domain.acts.commands import DecomposeDuty
from tests.domain.acts.test_decomposing import CITIES, CITY, below, given, own
from tests.domain.acts.test_words_of_access import refused
from tests.domain.samples import FIRST, LEAD, SECOND, Desk, at, milestone, request


@pytest.mark.parametrize(
    ("units", "unit", "has"),
    [
        (("戊市", "戊 市"), "戊市", "这次写了两遍"),
        (("宣传部",), "宣传部", "它在本项目中已有任务"),
        (("乙市",), "乙市", "它已有分解任务 2018-05a_01_02"),
    ],
)
def test_a_unit_that_has_a_part_reads_which(units: tuple[str, ...], unit: str, has: str) -> None:
    """Named twice, in the project already, or given a part before: each in its words."""
    desk = Desk(milestone())
    given(desk)
    error = refused(desk, request(DecomposeDuty, by=LEAD, units=units))
    assert error.ids == {"milestone_id": FIRST, "unit": unit, "has": has}


def test_a_fourth_level_is_refused_with_the_milestone() -> None:
    """The one that cannot be given further."""
    desk = Desk(milestone())
    given(desk)
    city = below(desk)
    given(city, by=CITY, milestone_id=own(city), units=("东区",))
    district = below(city)
    command = request(DecomposeDuty, own(district), by=department("东区"), units=("一街道",))
    assert refused(district, command).ids == {"milestone_id": own(district)}


def test_a_part_that_would_end_after_its_whole_reads_both_days() -> None:
    """The milestone, the day that was asked for, and the last one that there is."""
    error = refused(
        Desk(milestone(1), milestone(2)), request(DecomposeDuty, SECOND, by=LEAD, units=CITIES, due_on=date(2018, 6, 1))
    )
    assert error.ids == {"milestone_id": SECOND, "due_on": date(2018, 6, 1), "answer_by": date(2018, 5, 31)}


def test_a_part_is_due_tomorrow_at_the_earliest() -> None:
    """Today is refused with the first day that can be written."""
    error = refused(Desk(milestone()), request(DecomposeDuty, by=LEAD, units=CITIES, due_on=date(2018, 4, 25)))
    assert error.ids == {"given": date(2018, 4, 25), "earliest": date(2018, 4, 26)}


def test_on_the_last_day_of_the_whole_its_parts_have_a_day_of_their_own() -> None:
    """There is none to take over any more, and the whole bounds them no more."""
    desk = Desk(milestone())
    desk.now = at("05-31 10:00")
    assert refused(desk, request(DecomposeDuty, by=LEAD, units=CITIES)).rule == "part_has_a_date"
    assert given(desk, due_on=date(2018, 6, 8)).sub_duties[0].due_on == date(2018, 6, 8)
