"""The rules about scores that a person can break, one error each. A point is named as the score table shows it."""

from __future__ import annotations

from datetime import date

from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, MilestoneId, ProjectId


class ScoreRefusedError(BrokenRuleError):
    """An act about scores breaks a rule."""


class PeriodNotOverError(ScoreRefusedError, rule="period_is_over"):
    """What is not over yet is not published."""

    says = "{period} 到 {to_on} 才结束，今天是 {today}：请期满再公布，此前可以看得分表。"
    period: str
    to_on: date
    today: date


class PublishedAlreadyError(ScoreRefusedError, rule="published_once"):
    """A table is published again only after something was said about it."""

    says = "{period} 的得分已于 {on} 公布，此后没有裁定或更正：不必再公布。"
    period: str
    on: date


class OtherRulesError(ScoreRefusedError, rule="rules_of_the_publication"):
    """A published period is scored by the rules of its publication."""

    says = "{period} 的得分已于 {on} 按另一份规则公布，此后一直按那一份计：请不给规则文件；换规则的结果请另行试算。"
    period: str
    on: date


class NotPublishedError(ScoreRefusedError, rule="score_is_published"):
    """Rulings, corrections and bulletins are about a table that was published."""

    says = "{period} 的得分还没有公布：请先公布。"
    period: str


class NothingToAppealYetError(ScoreRefusedError, rule="appeal_after_publication"):
    """A department appeals against what was published, and does not publish."""

    says = "{period} 的得分还没有公布，不能申诉：请等督查室公布以后再申诉。"
    period: str


class UnknownPublicationError(ScoreRefusedError, rule="known_publication"):
    """A period has as many publications as it was published."""

    says = "{period} 的得分公布过{times}次，没有第{number}次：请写 1 到 {times}，或不写（最近一次）。"
    period: str
    times: int
    number: int


class NothingToTellError(ScoreRefusedError, rule="bulletin_tells_scores"):
    """A bulletin tells the scores of departments."""

    says = "{period} 没有部门有得分，没有可以通报的：请核对考核期。"
    period: str


class TableMovedError(ScoreRefusedError, rule="bulletin_tells_what_was_published"):
    """The figures of a bulletin are those that were published."""

    says = "公布 {period} 得分的同时有新的记录入账，重算与公布的不一致：请再次公布，然后起草通报。"
    period: str


class BulletinOnceError(ScoreRefusedError, rule="bulletin_once"):
    """A publication is made known as a bulletin once."""

    says = "{period} 第{number}次公布的得分已于 {on} 通报，不必再发：此后有裁定或更正的，请再次公布后起草通报。"
    period: str
    number: int
    on: date


class BulletinOutdatedError(ScoreRefusedError, rule="bulletin_of_last_publication"):
    """What is made known is the last publication."""

    says = "{period} 的得分此后又公布过，草稿是第{number}次公布的：请按最近一次公布重新起草。"
    period: str
    number: int


class AppealTooLateError(ScoreRefusedError, rule="appeal_in_time"):
    """An appeal has a limit."""

    says = "{period} 的得分 {on} 公布，申诉截止 {until}，今天是 {today}：如有差错，请督查室更正。"
    period: str
    on: date
    until: date
    today: date


class NotYourPointError(ScoreRefusedError, rule="own_point"):
    """A department appeals against its own points."""

    says = "{point} 是{department}的得分，只能由{department}申诉。"
    point: str
    department: DepartmentId


class AppealedAlreadyError(ScoreRefusedError, rule="appealed_once"):
    """A point is appealed against once."""

    says = "{point} 已经申诉过，一项只申诉一次：仍有差错的，请督查室更正。"
    point: str


class NoAppealError(ScoreRefusedError, rule="appeal_to_rule_on"):
    """Only an appeal that is open is ruled on."""

    says = "{period} 没有待裁定的申诉 {point}：已裁定的不必再办，否则请照抄得分表所列的编号。"
    period: str
    point: str


class SecondPersonToRuleError(ScoreRefusedError, rule="second_person_to_rule"):
    """Who published a table does not rule on an appeal against it."""

    says = "{period} 的得分由{person}公布，申诉须由另一人裁定。"
    period: str
    person: str


class PointsMissingError(ScoreRefusedError, rule="ruling_has_points"):
    """A ruling that grants an appeal says what the point becomes."""

    says = "同意 {point} 的申诉，请写明改为多少分。"
    point: str


class PointsOfRefusedError(ScoreRefusedError, rule="refusal_has_no_points"):
    """A ruling that refuses an appeal changes no points."""

    says = "不同意 {point} 的申诉，这一项不变，却写了改为 {given} 分：请去掉分数，或者同意申诉。"
    point: str
    given: int


class UnknownPointError(ScoreRefusedError, rule="known_point"):
    """The table has no such point."""

    says = "{period} 没有得分项 {point}：请照抄得分表所列的编号。"
    period: str
    point: str


class NotOfTheSectionError(ScoreRefusedError, rule="by_the_section"):
    """Rulings, corrections and findings are the supervision section's."""

    says = "{name}不是督查人员，不能办理：请由督查人员以本人姓名办理。"
    name: str


class SecondPersonToCorrectError(ScoreRefusedError, rule="second_person_to_correct"):
    """A correction is made by one person and confirmed by another."""

    says = "更正得分须两人，{name}不能自己确认：请写另一位督查人员为确认人。"
    name: str


class NotItsDutyError(ScoreRefusedError, rule="department_had_the_duty"):
    """A report is found to be false of a department that has, or had, a duty in the project."""

    says = "部门“{department}”没有承办过项目 {project_id}：请照抄项目所列的部门名称。"
    department: DepartmentId
    project_id: ProjectId


class NotItsRecordError(ScoreRefusedError, rule="record_of_the_department"):
    """What is found to be false is what the department itself had recorded, about this very milestone."""

    says = (
        "记录 {record} 不是{department}就节点 {milestone_id} 办理的，没有认定："
        "请照抄办理经过里这个部门在这个节点的记录编号。"
    )
    record: str
    department: DepartmentId
    milestone_id: MilestoneId


class FoundFalseAlreadyError(ScoreRefusedError, rule="found_false_once"):
    """A record is found to be false once: it costs its points once."""

    says = "记录 {record} 已于 {on} 认定不实，一条记录只认定一次，没有再扣分：不必再认定。"
    record: str
    on: date


class SamePointsError(ScoreRefusedError, rule="correction_changes_points"):
    """A correction says other points than those that hold."""

    says = "{point} 现在就是 {points} 分，没有更正：不必再办，确有差错的请写另外的分数。"
    point: str
    points: int


class GrantedForWorseError(ScoreRefusedError, rule="granted_appeal_helps"):
    """An appeal that is granted leaves the department with more than it appealed against."""

    says = (
        "{point} 现在是 {points} 分，同意申诉须改为更高的分数，给出的是 {given}："
        "不同意的请裁定不同意，少扣了的请另行更正。"
    )
    point: str
    points: int
    given: int


class DeductionAddsError(ScoreRefusedError, rule="deduction_adds_nothing"):
    """What is deducted is corrected to fewer points off, or to none; it never brings any."""

    says = "{point} 是扣分项，不能改为加 {given} 分：请改写，扣分写负数，不扣写 0。"
    point: str
    given: int


class AdditionDeductsError(ScoreRefusedError, rule="addition_deducts_nothing"):
    """What is added is corrected to other points added, or to none; it never costs any."""

    says = "{point} 是加分项，不能改为 {given} 分：请改写，加分写正数，不加写 0。"
    point: str
    given: int
