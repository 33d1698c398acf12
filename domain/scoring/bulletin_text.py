"""What the bulletin of a score says in words: paragraphs and tables, the same for page, document and workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from domain.ids import record_name
from domain.papers.wording import Say, capital
from domain.rules.score_rules import ScoreRules
from domain.scoring.point_names import point_name
from domain.scoring.points import RULE_WORDS, ScorePoint
from domain.scoring.score_bulletin import ScoreBulletin, ScoreChange
from domain.scoring.table import DepartmentScore, in_points

Cell = str | int | date
WHO_COUNTS: Final = (
    "有事项在本期到期的项目计基础分：时限在期内（提前办结的也算），或者持续、定期推进的工作在期内；中止期间不算到期。"
    "其他项目不计基础分，只计它的加分和扣分。"
)
"""Which projects count in a period, as page, shell and bulletin say it."""


class BulletinTable(NamedTuple):
    """A table of a bulletin, worded: page, document and workbook show these very cells."""

    name: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def standing_told(bulletin: ScoreBulletin) -> str:
    """Whether it is a draft, or when and by whom it was made known."""
    if bulletin.told_on is None:
        return "（草稿，由督查室审定后印发）"
    return f"（{bulletin.told_on}由{bulletin.told_by}发布）"


def rules_told(rules: ScoreRules) -> tuple[str, ...]:
    """The rules in short: what a department begins with, what is added, what is deducted."""
    deducted = (
        f"扣分：违期{rules.breach}分，违期每天{rules.breach_day}分（一次至多{rules.breach_days_at_most}分），"
        f"缺报{rules.missing_report}分，逾期签收{rules.late_receipt}分，退办{rules.returned}分，"
        f"通报批评{rules.criticised}分，弄虚作假{rules.falsified}分。"
    )
    return (
        f"每个项目从{rules.base}分起，最低{rules.lowest}分，最高{rules.highest}分，加分合计至多{rules.added_at_most}分。",
        f"牵头项目权数{rules.lead_weight}，参与项目权数{rules.participant_weight}，部门得分是各项目的加权平均。",
        WHO_COUNTS,
        f"加分：提前{rules.early_days}天以上完成{rules.early}分，佐证齐全{rules.evidenced}分，通报表扬{rules.praised}分。",
        deducted,
        "依规停止计时的天数不扣分。" if rules.excuse_stopped_days else "停止计时的天数照样扣分。",
    )


def appeals_told(bulletin: ScoreBulletin) -> tuple[str, ...]:
    """Until when and how a department appeals."""
    return (
        f"得分于{bulletin.published_on}公布，部门可在{bulletin.appeal_until}以前（含当日）就本部门的得分申诉，每项一次。",
        "申诉在督办台“本部门得分”页提出，写明得分编号和理由；由公布人以外的督查人员裁定。",
    )


def changes_told(bulletin: ScoreBulletin) -> tuple[str, ...]:
    """How many points were corrected, and whether the figures have that already."""
    counted = sum(each.counted for each in bulletin.changes)
    since = len(bulletin.changes) - counted
    told = []
    if counted:
        told.append(f"此前公布以后裁定、更正或认定{counted}项（见附表3），以上得分已经计入。")
    if since:
        told.append(f"本次公布以后又裁定、更正或认定{since}项（见附表3），以上得分是公布时的，没有计入。")
    told = told or ["公布以后没有更正。"]
    if bulletin.within:
        named = "、".join(f"{point_name(each.point)}（{each.period}：{each.holds}）" for each in bulletin.within)
        told.append(
            f"另有{len(bulletin.within)}项得分在本期之内的另一期改过（申诉或更正），本期没有改，仍按记录计：{named}。"
        )
    return tuple(told)


def sections(bulletin: ScoreBulletin, say: Say) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each heading with its paragraphs; a text that a person edited stays as it was written."""
    text = say(bulletin.text) if bulletin.told_on is None else bulletin.text
    told = (
        ("二、计分规则", rules_told(bulletin.rules)),
        ("三、申诉", appeals_told(bulletin)),
        ("四、更正", changes_told(bulletin)),
    )
    opening = (say("一、总体情况"), tuple(text.split("\n")))
    return (opening, *((say(head), tuple(capital(say(each)) for each in lines)) for head, lines in told))


def tables(bulletin: ScoreBulletin, say: Say) -> tuple[BulletinTable, ...]:
    """The scores, the points and what was corrected; departments in the order of the published table."""
    rows = [(row, row.points) for row in bulletin.departments]
    made = (
        _table(
            "附表1",
            "各部门得分",
            ("部门", "得分", "牵头项目", "参与项目", "加分", "扣分"),
            map(_score_row, bulletin.departments),
            say,
        ),
        _table(
            "附表2",
            "每一分出自哪条记录",
            ("部门", "日期", "项目或节点", "因何", "天数", "分值", "记录编号"),
            (_point_row(row, point, say) for row, points in rows for point in points),
            say,
        ),
        _table(
            "附表3",
            "公布以后的更正",
            ("日期", "部门", "得分编号", "办法", "原为", "改为", "办理人", "理由", "计入"),
            (_change_row(each, say) for each in bulletin.changes),
            say,
        ),
    )
    return made if bulletin.changes else made[:2]


def _table(
    name: str, caption: str, heads: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], say: Say
) -> BulletinTable:
    return BulletinTable(say(name), capital(say(caption)), tuple(capital(say(each)) for each in heads), tuple(rows))


def _score_row(row: DepartmentScore) -> tuple[Cell, ...]:
    holds = [point.holds for point in row.points]
    added, deducted = sum(each for each in holds if each > 0), sum(each for each in holds if each < 0)
    return row.department, in_points(row.score), row.leads, row.takes_part, added, deducted


def _point_row(row: DepartmentScore, point: ScorePoint, say: Say) -> tuple[Cell, ...]:
    about = point.milestone_id or point.project_id
    days = "" if point.days is None else point.days
    word = say(RULE_WORDS[point.rule])
    return row.department, point.on, about, word, days, point.holds, record_name(point.event_id)


def _change_row(each: ScoreChange, say: Say) -> tuple[Cell, ...]:
    counted = say("已计入") if each.counted else say("未计入")
    was = "" if each.was is None else each.was
    point = point_name(each.point)
    return each.on, each.department, point, say(each.how), was, each.becomes, each.by, each.reason, counted
