"""The rules that keep an act on a whole year from being an accident."""

from __future__ import annotations

from datetime import date

from domain.errors import BrokenRuleError
from domain.ids import ProjectId


class YearEndTooEarlyError(BrokenRuleError, rule="plausible_year_end"):
    """A year is closed in its last days or later, unless there is a reason."""

    says = (
        "今天是 {today}，{year} 年的年终结转一般不早于 {opens_on}：请核对年份和日期；"
        "确要提前办理，请写明提前的理由，并由另一人确认。"
    )
    year: int
    today: date
    opens_on: date


class SecondPersonError(BrokenRuleError, rule="second_person"):
    """What closes a year before its time needs two persons."""

    says = "{opens_on} 之前办理 {year} 年的年终结转须两人：请写明确认人，确认人不能是办理人或其委托人。"
    year: int
    opens_on: date


class NothingToReopenError(BrokenRuleError, rule="ended_to_reopen"):
    """Only what was closed with its year, or withdrawn as a whole, can be reopened."""

    says = (
        "项目 {project_id} 没有办理过年终结转或整体撤销，不能收回；全部销号而归档的项目没有可恢复的节点，"
        "确需再办的请由清单重新列入。"
    )
    project_id: ProjectId


class ReopenTooLateError(BrokenRuleError, rule="reopen_in_time"):
    """What was ended is reopened within the days that the policy gives, unless there is a reason."""

    says = (
        "项目 {project_id} 于 {ended_on} 结束，收回一般不晚于 {until}；确要收回，请写明超过期限的理由，并由另一人确认。"
    )
    project_id: ProjectId
    ended_on: date
    until: date


class SecondPersonToReopenError(BrokenRuleError, rule="second_person_to_reopen"):
    """What reopens a closed project needs two persons where closing it early does."""

    says = "收回项目 {project_id} 的结转或撤销须两人：请写明确认人，确认人不能是办理人或其委托人。"
    project_id: ProjectId


class CalendarPeriodError(BrokenRuleError, rule="plausible_calendar"):
    """A calendar is applied for this year and the next, unless there is a reason."""

    years: list[int]
    today: date

    def _sentence(self) -> str:
        named = "、".join(map(str, self.years))
        return (
            f"今天是 {self.today}，这份放假安排改动了 {named} 年：一般只启用当年和下一年的安排，请核对文件；"
            "确要启用，请写明理由。"
        )
