"""The rules that keep an act on a whole year from being an accident."""

from __future__ import annotations

from datetime import date

from domain.errors import RejectedError

__all__ = ["SecondPersonError", "YearEndTooEarlyError"]


class YearEndTooEarlyError(RejectedError):
    """A year is closed in its last days or later, unless there is a reason."""

    rule = "plausible_year_end"

    def __init__(self, *, year: int, today: date, opens_on: date) -> None:
        text = (
            f"今天是 {today}，{year} 年的年终结转一般不早于 {opens_on}：请核对年份和日期；"
            "确要提前办理，请用 --despite-period 写明理由，并由另一人确认（--confirmed-by 姓名）。"
        )
        super().__init__(text, year=year, today=today)


class SecondPersonError(RejectedError):
    """What closes a year before its time needs two persons."""

    rule = "second_person"

    def __init__(self, *, year: int, opens_on: date) -> None:
        text = (
            f"{opens_on} 之前办理 {year} 年的年终结转须两人：请用 --confirmed-by 写明确认人，"
            "确认人不能是办理人或其委托人。"
        )
        super().__init__(text, year=year)
