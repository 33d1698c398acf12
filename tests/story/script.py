"""One project of the real 2018 list through its whole year: who does what, when. Nothing here says what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from adapters.calendar.state_council import state_council_calendar
from domain.actors import Actor, department, operator
from domain.acts.commands import (
    AcceptCompletion,
    AnswerDirective,
    AnswerInspection,
    AnyCommand,
    AppointDeputy,
    ChangeCalendar,
    CheckRectification,
    CloseYear,
    ConcludeInspection,
    DeclineAssignment,
    IssueDirective,
    PublishBulletin,
    RaiseDispute,
    RecordFinding,
    ReplaceParticipant,
    ReportProgress,
    ReportRectification,
    RequestCompletion,
    RequestExtension,
    ReturnForRework,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    SignReceipt,
    SilenceNotices,
    StrikeOff,
    SupplementExtension,
    Suspend,
    Urge,
)
from domain.rules.calendar import CalendarYear, WorkingCalendar
from tests.domain.samples import CALENDAR, at

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "2018-key-projects.yaml"
PROJECT = "2018-01"
"""推广落实“党建带群建、区域化群建、群团共建”基层群团改革试点经验: led by 组织部, with 基层工作部."""
MARCH, ONGOING, MAY_JUNE, JULY, QUOTA, OCTOBER = (f"{PROJECT}-{number:02d}" for number in range(1, 7))

LEAD, GRASSROOTS, SCHOOLS = department("组织部"), department("基层工作部"), department("学校部")
LI, WANG, ZHAO = operator("李明"), operator("王芳"), operator("赵敏")


def _as_published_in_2017() -> WorkingCalendar:
    # The last weekend of 2018 became a working one by the notice for 2019 only.
    (year,) = CALENDAR.years
    off, worked = (
        tuple(day for day in days if day < date(2018, 12, 1)) for days in (year.days_off, year.makeup_working_days)
    )
    return WorkingCalendar(years=(CalendarYear(year=2018, days_off=off, makeup_working_days=worked),))


ISSUED_CALENDAR = _as_published_in_2017()
NEXT_CALENDAR = state_council_calendar(range(2018, 2020))


@dataclass(frozen=True, slots=True)
class Act:
    """One act; `refused` names the rule that it breaks."""

    at: datetime
    command: AnyCommand
    refused: str | None = None


_numbers = count(1)


def _act(when: str, command: type[Any], by: Actor, milestone_id: str | None = None, **facts: Any) -> Act:
    named = {"milestone_id": milestone_id} if "milestone_id" in command.model_fields else {}
    return Act(at(when), command(request_id=f"q{next(_numbers):02d}", by=by, **named, **facts))


def _refused(rule: str, act: Act) -> Act:
    return replace(act, refused=rule)


ACTS: tuple[Act, ...] = (
    # Receipts: one in time, one late; an assignment is sent back, and given to another department.
    _act("04-26 10:00", SignReceipt, GRASSROOTS),
    _act("04-27 15:00", DeclineAssignment, GRASSROOTS, MAY_JUNE, reason="配合省委办公厅的工作不属本部门职责"),
    _act("05-02 14:00", SignReceipt, LEAD),
    _act(
        "05-03 10:00", ReplaceParticipant, WANG, MAY_JUNE, department="基层工作部", to="学校部", reason="退回理由成立"
    ),
    _act("05-04 09:40", SignReceipt, SCHOOLS),
    # What was over before the list was issued.
    _act("05-04 15:00", RequestCompletion, LEAD, MARCH, text="蹲点调研报告已报省委", done_on=date(2018, 3, 28)),
    _act("05-07 10:00", AcceptCompletion, LI, MARCH),
    _act("05-07 15:00", StrikeOff, WANG, MARCH),
    # A dispute that the supervision section decides too late.
    _act("05-14 10:00", RaiseDispute, SCHOOLS, MAY_JUNE, against="组织部", text="方案应由牵头部门起草"),
    _act("05-23 11:00", RuleOnDispute, WANG, MAY_JUNE, responsible="学校部", reason="学校部熟悉试点高校情况"),
    # A directive that is answered late, and notices that are held back.
    _act("06-04 09:40", IssueDirective, WANG, leader="省委副书记", text="试点经验要抓紧总结。"),
    _act("06-11 10:00", SilenceNotices, LI, MAY_JUNE, reason="防汛期间停发通知", until=date(2018, 6, 22)),
    _act("06-21 15:00", AnswerDirective, LEAD, text="已形成总结初稿"),
    # A deputy for two weeks; a period without a report, caught up; a completion sent back.
    _act(
        "06-25 10:00",
        AppointDeputy,
        LI,
        principal=LI,
        deputy=ZHAO,
        from_on=date(2018, 7, 2),
        until_on=date(2018, 7, 13),
        reason="年休假",
    ),
    _act(
        "07-05 10:00",
        ReportProgress,
        LEAD,
        ONGOING,
        text="二季度指导试点120家",
        period=1,
        forecast_on=date(2018, 12, 28),
    ),
    _act("07-09 16:00", RequestCompletion, SCHOOLS, MAY_JUNE, text="高校部分已办"),
    _act("07-10 10:00", RequestCompletion, LEAD, MAY_JUNE, text="推进工作已完成"),
    _act("07-11 15:00", ReturnForRework, ZHAO, MAY_JUNE, on_behalf_of=LI, reason="缺省委办公厅的会议纪要。"),
    _act("07-17 10:00", RequestCompletion, LEAD, MAY_JUNE, text="已补会议纪要", evidence=("会议纪要",)),
    _refused("appointed_deputy", _act("07-18 10:00", AcceptCompletion, ZHAO, MAY_JUNE, on_behalf_of=LI)),
    _act("07-18 10:30", AcceptCompletion, LI, MAY_JUNE),
    _refused("two_persons", _act("07-19 10:00", StrikeOff, LI, MAY_JUNE)),
    _act("07-19 10:30", StrikeOff, WANG, MAY_JUNE),
    # The first extension: granted, less than asked for, and ruled on too late.
    _act(
        "07-20 10:00",
        RequestExtension,
        LEAD,
        JULY,
        reason="台风影响会场",
        new_due_on=date(2018, 8, 31),
        progress="会议方案已定",
    ),
    _act("07-23 10:00", ReviewExtension, LI, JULY, recommended_due_on=date(2018, 8, 20), opinion="理由成立，宜缩短"),
    _act(
        "07-27 15:00",
        RuleOnExtension,
        WANG,
        JULY,
        ruling="grant",
        new_due_on=date(2018, 8, 20),
        reason="会期可延，不宜过长",
    ),
    _act("08-01 10:00", ReportProgress, LEAD, JULY, text="会场改在室内"),
    # The second extension: more is asked for, then refused.
    _act(
        "08-13 10:00",
        RequestExtension,
        LEAD,
        JULY,
        reason="参会代表未定",
        new_due_on=date(2018, 9, 14),
        progress="已发预通知",
    ),
    _act("08-14 10:00", ReviewExtension, LI, JULY, opinion="理由不足"),
    _act("08-15 10:00", RuleOnExtension, WANG, JULY, ruling="ask_more", reason="请说明未定的代表名额"),
    _act("08-16 10:00", SupplementExtension, LEAD, JULY, text="尚缺两市代表"),
    _act("08-17 10:00", ReviewExtension, LI, JULY, opinion="两市名额不影响会期"),
    _act("08-17 15:00", RuleOnExtension, WANG, JULY, ruling="refuse", reason="名额不足以影响召开"),
    # Late: urged, ordered, inspected. The participant's silence is its own.
    _act("08-27 10:00", Urge, LI, JULY, reason="分管领导要求本周报会期", department="基层工作部"),
    _act("08-28 15:00", ReportProgress, LEAD, QUOTA, text="已督查60家", quantity=60),
    _act("08-29 10:00", RequestCompletion, GRASSROOTS, JULY, text="参会组织工作已办"),
    _act("09-03 15:00", RecordFinding, LI, JULY, text="会议通知迟发两周", evidence=("收文登记",)),
    _act("09-05 10:00", ConcludeInspection, LI, JULY, conclusion="会务责任不清。", rectify_by=date(2018, 9, 19)),
    _act("09-07 16:00", RequestCompletion, LEAD, JULY, text="现场推进会已召开"),
    _act("09-10 10:00", AcceptCompletion, LI, JULY),
    _act("09-10 15:00", AnswerInspection, LEAD, JULY, text="结论属实，已明确会务专人"),
    _act("09-11 10:00", StrikeOff, WANG, JULY),
    _act("09-12 10:00", PublishBulletin, WANG, JULY, kind="criticism", department="组织部", text="现场推进会逾期召开"),
    _act("09-14 15:00", ReportProgress, LEAD, QUOTA, text="已督查240家", quantity=240),
    _act("09-18 15:00", ReportRectification, LEAD, JULY, text="已订会务规程"),
    _act(
        "09-20 10:00",
        CheckRectification,
        LI,
        JULY,
        holds=False,
        note="规程未报备。",
        rectify_by=date(2018, 9, 28),
    ),
    _act("09-21 10:00", ReportProgress, LEAD, ONGOING, text="三季度指导试点110家"),
    # A suspension over the National Day holiday, ended by its day.
    _act("09-25 10:00", Suspend, LI, QUOTA, reason="机构改革集中办公", until=date(2018, 10, 8)),
    _act("09-27 15:00", ReportRectification, LEAD, JULY, text="规程已报备并印发"),
    _act("09-28 10:00", CheckRectification, LI, JULY, holds=True, note="整改到位。"),
    _act("10-11 10:00", RequestCompletion, GRASSROOTS, QUOTA, text="配合督查已完成"),
    _act("10-12 10:00", RequestCompletion, LEAD, QUOTA, text="300家全部督查", quantity=300),
    _act("10-15 10:00", AcceptCompletion, LI, QUOTA),
    _act("10-16 10:00", StrikeOff, WANG, QUOTA),
    _act("10-26 10:00", RequestCompletion, GRASSROOTS, OCTOBER, text="经验材料已编印"),
    _act("10-29 10:00", RequestCompletion, LEAD, OCTOBER, text="推广宣传已完成"),
    _act("10-30 10:00", AcceptCompletion, LI, OCTOBER),
    _act("10-31 10:00", StrikeOff, WANG, OCTOBER),
    _act("11-05 10:00", PublishBulletin, WANG, OCTOBER, kind="praise", department="基层工作部", text="经验推广扎实"),
    # Next year's calendar, and the end of the year.
    _act("12-07 10:00", ChangeCalendar, WANG, reason="国务院办公厅公布2019年节假日安排", calendar=NEXT_CALENDAR),
    _act("12-29 15:00", CloseYear, WANG, reason="试点工作跨年度", to_year=2019),
)
"""All acts of the year, in order."""
