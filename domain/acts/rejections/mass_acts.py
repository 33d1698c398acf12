"""The rules that keep an act on a whole year from being an accident."""

from __future__ import annotations

from datetime import date

from domain.errors import RejectedError
from domain.ids import ProjectId

__all__ = [
    "CalendarPeriodError",
    "NothingToReopenError",
    "ReopenTooLateError",
    "SecondPersonError",
    "SecondPersonToReopenError",
    "YearEndTooEarlyError",
]


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


class NothingToReopenError(RejectedError):
    """Only what was closed with its year, or withdrawn as a whole, can be reopened."""

    rule = "ended_to_reopen"

    def __init__(self, *, project_id: ProjectId) -> None:
        text = (
            f"项目 {project_id} 没有办理过年终结转或整体撤销，不能撤回；全部销号而归档的项目没有可恢复的节点，"
            "确需再办的请由清单重新列入。"
        )
        super().__init__(text, project_id=project_id)


class ReopenTooLateError(RejectedError):
    """What was ended is reopened within the days that the policy gives, unless there is a reason."""

    rule = "reopen_in_time"

    def __init__(self, *, project_id: ProjectId, ended_on: date, until: date) -> None:
        text = (
            f"项目 {project_id} 于 {ended_on} 结束，撤回一般不晚于 {until}；确要撤回，请用 --despite-period 写明理由，"
            "并由另一人确认（--confirmed-by 姓名）。"
        )
        super().__init__(text, project_id=project_id, ended_on=ended_on, until=until)


class SecondPersonToReopenError(RejectedError):
    """What reopens a closed project needs two persons where closing it early does."""

    rule = "second_person_to_reopen"

    def __init__(self, *, project_id: ProjectId) -> None:
        text = (
            f"撤回项目 {project_id} 的结转或撤销须两人：请用 --confirmed-by 写明确认人，确认人不能是办理人或其委托人。"
        )
        super().__init__(text, project_id=project_id)


class CalendarPeriodError(RejectedError):
    """A calendar is applied for this year and the next, unless there is a reason."""

    rule = "plausible_calendar"

    def __init__(self, *, years: list[int], today: date) -> None:
        named = "、".join(map(str, years))
        text = (
            f"今天是 {today}，这份放假安排改动了 {named} 年：一般只启用当年和下一年的安排，请核对文件；"
            "确要启用，请用 --despite-period 写明理由。"
        )
        super().__init__(text, today=today)
