"""The papers that supervision puts out: reminders, urges, orders, inspections, what was accepted and how a year ends.

A paper follows from one event and carries that event's identity, so
that it exists exactly once however often its recording is tried; its number is given by the ledger when it is
recorded, in sequence for each year and kind.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from pydantic import AwareDatetime

from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.names import Addressee
from domain.rules.ladder_rules import Level

PaperKind = Literal[
    "supervision_order",
    "reminder",
    "urge",
    "escalation_order",
    "inspection_notice",
    "inspection_record",
    "return_notice",
    "completion_notice",
    "strike_off_notice",
    "closing_notice",
    "limit_reminder",
    "limit_escalation",
    "pace_warning",
    "ruling",
    "inspection_conclusion",
    "directive",
    "bulletin",
    "status_notice",
]
PAPER_KINDS: tuple[PaperKind, ...] = get_args(PaperKind)
PaperLanguage = Literal["zh", "en"]
"""The language in which an office issues its papers."""
NotSentReason = Literal[
    "before_assignment",  # the rung's instant had passed when the project was assigned
    "stale",  # the engine was away, and a later reminder or the due date has overtaken this one
    "settled_before_sending",  # the milestone was settled between the decision and the morning's digest
    "superseded",  # several rungs came due at once after a pause; the highest stands for them
    "suspended",  # the milestone or the project is suspended
    "clock_stopped",  # an extension, a dispute or a declined assignment waits for its ruling
    "silenced",  # an operator holds notices back for a while
    "burden_cap",  # the addressee has had as many papers this month as the policy allows
    "amended",  # the milestone was amended: what was to be said of it does not hold any more
]
NOT_SENT_WORDS: dict[NotSentReason, str] = {
    "before_assignment": "交办前已过提醒日",
    "stale": "补发已无意义",
    "settled_before_sending": "发送前已办理",
    "suspended": "已中止",
    "clock_stopped": "计时已停止，等待裁定",
    "silenced": "停发通知期间",
    "burden_cap": "本月文书已达上限",
    "amended": "节点已变更",
    "superseded": "已由更高一级督办代替",
}
Overtaken = tuple[MilestoneId, NotSentReason, DepartmentId | None]
"""A milestone whose waiting papers say nothing any more, why, and of whom (none: of everybody)."""
HeldReason = Literal["outside_working_hours", "gathered_for_digest"]

DOCUMENT_KINDS: frozenset[PaperKind] = frozenset(
    {
        "supervision_order",
        "urge",
        "escalation_order",
        "inspection_notice",
        "inspection_record",
        "return_notice",
        "completion_notice",
        "strike_off_notice",
        "closing_notice",
        "limit_escalation",
        "ruling",
        "inspection_conclusion",
        "directive",
        "bulletin",
    }
)
"""The papers that are documents with a letterhead and a number of their own; the others are lines in a digest."""

PAPER_TITLES: dict[PaperKind, str] = {
    "supervision_order": "督查通知单",
    "reminder": "提醒",
    "urge": "催办单",
    "escalation_order": "督办单",
    "inspection_notice": "督查通知",
    "inspection_record": "督查记录",
    "return_notice": "退办通知",
    "completion_notice": "办结通知",
    "strike_off_notice": "销号通知",
    "closing_notice": "年终结转通知",
    "limit_reminder": "时限提醒",
    "limit_escalation": "超时上报单",
    "pace_warning": "进度预警",
    "ruling": "批复",
    "inspection_conclusion": "督查结论",
    "directive": "领导批示",
    "bulletin": "通报",
    "status_notice": "情况通知",
}
"""What each kind of paper is called."""
LEVEL_WORDS: dict[Level, str] = {"blue": "蓝色", "yellow": "黄色", "red": "红色"}


def titled(kind: PaperKind, level: Level | None) -> str:
    """What a paper of a kind is called, an order with its colour (`督办单（黄色）`)."""
    return PAPER_TITLES[kind] + (f"（{LEVEL_WORDS[level]}）" if kind == "escalation_order" and level else "")


Matter = Literal["延期申请", "逾期宽限", "退回交办意见", "职责争议"]
"""What a ruling is about."""


class DutyLine(Frozen):
    """One line of a table of duties: its number as the list has it, what is to be done, by whom, until when; at the end
    of a year, what becomes of it."""

    number: str
    what: str
    who: str
    due: str


class Paper(Frozen):
    """One paper to one addressee. `paper_id` is the identity of the event that it follows from.

    `year` is that of its issue, which its number carries: a list's last orders go out in the year after. `serial` is
    the row's number as the list prints it, `item` what the milestone says; `before` are the urges and orders that went
    out before an order, each with its day. `issuer` is the department in whose name it goes out, where it is not the
    office's.
    """

    paper_id: str
    kind: PaperKind
    year: int
    project_id: ProjectId
    project_title: str
    milestone_id: MilestoneId | None = None
    level: Level | None = None
    to: Addressee
    copies_to: tuple[Addressee, ...] = ()
    due_on: date | None = None
    issued_at: AwareDatetime
    send_from: AwareDatetime
    held_because: HeldReason | None = None
    """Why the paper does not go out at the instant it is issued; none when it may."""
    body: str
    """What the paper says, as one paragraph, in its language."""
    serial: str | None = added_later()
    item: str | None = added_later()
    duties: tuple[DutyLine, ...] | None = added_later()
    before: tuple[str, ...] | None = added_later()
    one_of: str | None = added_later()
    """Of a directive: what the same leader said in the same words on the same day bears one number in every row."""
    issuer: Addressee | None = added_later()
    matter: Matter | None = added_later()
    """What it is about, where its kind does not say so: its title does."""
    language: Literal["en"] | None = added_later()
    """The language in which it was issued, where that is not Chinese: on record, so that it is always shown in it."""

    @property
    def title(self) -> str:
        """What the paper is called; a paper in English has its English."""
        return titled(self.kind, self.level)


_NUMBER_WORDS: dict[PaperKind, str] = {
    "supervision_order": "督通",
    "reminder": "提醒",
    "urge": "催办",
    "escalation_order": "督办",
    "inspection_notice": "督查",
    "inspection_record": "督记",
    "return_notice": "退办",
    "completion_notice": "办结",
    "strike_off_notice": "销号",
    "closing_notice": "结转",
    "limit_reminder": "时提",
    "limit_escalation": "超报",
    "pace_warning": "预警",
    "ruling": "批复",
    "inspection_conclusion": "督结",
    "directive": "批示",
    "bulletin": "通报",
    "status_notice": "情况",
}
_ENGLISH_NUMBER_WORDS: dict[PaperKind, str] = {
    "supervision_order": "Supervision",
    "reminder": "Reminder",
    "urge": "Urge",
    "escalation_order": "Escalation",
    "inspection_notice": "Inspection",
    "inspection_record": "Inspection Record",
    "return_notice": "Return",
    "completion_notice": "Completion",
    "strike_off_notice": "Striking Off",
    "closing_notice": "Year-end",
    "limit_reminder": "Limit Reminder",
    "limit_escalation": "Limit Escalation",
    "pace_warning": "Pace Warning",
    "ruling": "Ruling",
    "inspection_conclusion": "Conclusion",
    "directive": "Directive",
    "bulletin": "Bulletin",
    "status_notice": "Status",
}
"""Numbers stand in the record, so their words are no catalogue's: they are never worded anew."""


def paper_number(kind: PaperKind, year: int, sequence: int, language: PaperLanguage | None = None) -> str:
    """The number that a paper carries (`催办〔2018〕3号`, `Urge [2018] No. 3`): in sequence from 1 for each year and
    kind, whatever the language."""
    if language == "en":
        return f"{_ENGLISH_NUMBER_WORDS[kind]} [{year}] No. {sequence}"
    return f"{_NUMBER_WORDS[kind]}〔{year}〕{sequence}号"


class NumberedPaper(Frozen):
    """A recorded paper with the number that the ledger gave it."""

    number: str
    sequence: int
    paper: Paper


class Withholding(Frozen):
    """Reminders and urges of a milestone that are recorded but not sent yet must not go out any more, and why.

    `by_event` is the event that overtook them, for instance the completion request; `addressee` limits it to those to
    one department, for instance a participant whose own part is done.
    """

    milestone_id: MilestoneId
    reason: NotSentReason
    by_event: str
    addressee: Addressee | None = None
