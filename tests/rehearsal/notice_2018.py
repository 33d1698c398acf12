"""The real notice of 2018, written down by hand: who leads what, and the window of each clause in the text's order.

Nothing here comes from the notice compiler: a rehearsed year and what is expected of it rest on what people read.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from domain.ids import milestone_id_for, project_id_for
from domain.project import KeyProject, Milestone, ProjectList, Quota, Recurrence, SourceSpan

ISSUED_ON = date(2018, 4, 25)

_LAST_DAYS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}

# Serial, letter, title, lead, participants, windows. `4` is April, `5-6` May and June, `4+` from April on (to the
# year's end), `H1` the first half, `Y` the whole year, `E` the year's end; `Y*` goes on the whole year.
_ROWS = (
    ("1", "", "基层群团改革试点", "组织部", "基层工作部", "3 4+ 5-6 7 8-9 10"),
    ("2", "", "双百双提升", "组织部", "基层工作部 学校部", "2 3 4 5 6 7 10 12 12"),
    ("3", "", "网上共青团", "宣传部", "组织部 少年部 省团校", "4 7 10 10"),
    ("4", "", "青年发展规划", "办公室", "", "4 6"),
    ("5", "a", "挂兼职干部", "组织部", "", "4 5 6 12"),
    ("5", "b", "从严治团", "组织部", "", "4 4+ 5-10 10 Y*"),
    ("6", "", "婚恋交友", "宣传部", "省青少所", "1-3 4 4-6 5-6 7-9 10 10-12 Y"),
    ("7", "", "创业创新", "基层工作部", "", "4 5 6 7 8 10"),
    ("8", "", "权益维护", "青少年社会参与和权益维护部", "", "3 4 5-7 8 9-10 11 12"),
    ("9", "", "社会化转型", "办公室", "", "Y E"),
    ("10", "", "特色小镇团建", "组织部", "宣传部 基层工作部", "4-5 6-7 10"),
    ("11", "", "青联改革", "统战部", "组织部", "3 8-12 9 Y* H1"),
    ("12", "", "学联学生会改革", "学校部", "组织部", "4 4 5-6 H1 H1 Y Y*"),
    ("13", "", "少先队改革", "少年部", "组织部", "3 3-5 4-5 H1 Y"),
    ("14", "", "中学共青团改革", "学校部", "组织部", "3 4-5 H1 9 Y*"),
    ("15", "", "高校共青团改革", "学校部", "组织部", "3 4-5 5 H1 Y*"),
    ("16", "", "省团校改革", "省团校", "办公室 组织部", "3-4 4 5 9-11"),
)

BORN_LATE = frozenset({
    "2018-01-01", "2018-02-01", "2018-02-02", "2018-06-01", "2018-08-01", "2018-11-01", "2018-13-01", "2018-14-01",
    "2018-15-01",
})  # fmt: skip
"""The nine clauses whose window was over on the day of issue, read off the notice."""

QUOTAS = {
    "2018-01-05": (300, "家"),
    "2018-02-05": (2, "期"),
    "2018-05a-04": (100, "%"),
    "2018-06-03": (20, "个"),
    "2018-06-08": (30, "场"),
    "2018-09-01": (6, "次"),
    "2018-10-02": (11, "个"),
    "2018-11-05": (7, "个"),
    "2018-12-04": (1, "次"),
    "2018-13-05": (6, "期"),
    "2018-14-03": (1, "次"),
    "2018-15-04": (1, "次"),
}
"""What is to be counted, by clause, read off the notice."""
RECURRENCES: dict[str, tuple[int, int | None]] = {
    "2018-02-05": (2, None),
    "2018-09-01": (6, 2),
    "2018-13-05": (6, None),
}
"""How often work comes back, and every how many months where the notice says so (`每两个月`)."""


def window_of(label: str) -> tuple[date | None, date]:
    """The first and the last day of a window; the year's end alone (`年底`) has no first day."""
    match label:
        case "Y" | "Y*":
            first, last = 1, 12
        case "H1":
            first, last = 1, 6
        case "E":
            return None, date(2018, 12, 31)
        case _ if label.endswith("+"):
            first, last = int(label[:-1]), 12
        case _:
            months = label.split("-")
            first, last = int(months[0]), int(months[-1])
    return date(2018, first, 1), date(2018, last, _LAST_DAYS[last])


def _quota(milestone_id: str) -> Quota | None:
    if milestone_id not in QUOTAS:
        return None
    value, unit = QUOTAS[milestone_id]
    return Quota(value=value, unit=unit)


def _recurrence(milestone_id: str) -> Recurrence | None:
    if milestone_id not in RECURRENCES:
        return None
    count, months = RECURRENCES[milestone_id]
    return Recurrence(count=count, every_months=months)


def _project(serial: str, letter: str, title: str, lead: str, participants: str, windows: str) -> KeyProject:
    project_id = project_id_for(2018, serial, letter)
    milestones = []
    for ordinal, label in enumerate(windows.split(), start=1):
        starts_on, due_on = window_of(label)
        milestone_id = milestone_id_for(project_id, ordinal)
        milestones.append(
            Milestone(
                milestone_id=milestone_id,
                description=f"{title}第{ordinal}项",
                window_text=label,
                starts_on=starts_on,
                due_on=due_on,
                assigned="window",
                ongoing=label.endswith(("+", "*")),
                quota=_quota(milestone_id),
                recurrence=_recurrence(milestone_id),
                born_late=milestone_id in BORN_LATE,
                source=SourceSpan(start=0, end=1),
            )
        )
    return KeyProject(
        project_id=project_id,
        serial=serial,
        title=title,
        lead_department=lead,
        participating_departments=tuple(participants.split()),
        schedule_text=windows,
        milestones=tuple(milestones),
    )


@cache
def the_list() -> ProjectList:
    """The list of 2018 as issued."""
    return ProjectList(
        document_number="团浙办〔2018〕3号",
        title="2018年重点项目清单",
        issuer=None,
        issued_on=ISSUED_ON,
        year=2018,
        projects=tuple(_project(*row) for row in _ROWS),
    )
