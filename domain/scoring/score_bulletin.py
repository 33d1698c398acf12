"""The bulletin of a published score: what was published, by which rules, how to appeal, and what was corrected.

Its figures are those of one publication for ever: a later correction is told beside them and never changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.bounds import Day
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.rules.score_rules import ScoreRules
from domain.scoring.elsewhere import corrected_elsewhere
from domain.scoring.period import Period
from domain.scoring.refusals import BulletinOnceError, BulletinOutdatedError, NothingToTellError, TableMovedError
from domain.scoring.score_acts import (
    AppealRuled,
    ReportFalsified,
    ScoreBook,
    ScoreBulletinPublished,
    ScoreCorrected,
    ScorePublished,
)
from domain.scoring.table import DepartmentScore, ScoreTable


class ScoreChange(Frozen):
    """A point that a ruling, a correction or a finding changed after the first publication of its period.

    `counted` says whether the figures of the bulletin have it already; `was` is none where the point is a new one.
    """

    on: Day
    department: DepartmentId
    point: str
    how: str
    was: int | None
    becomes: int
    by: str
    reason: str
    counted: bool


class CorrectedWithin(Frozen):
    """A point that was corrected in a period within that of the bulletin, which counts it by the record."""

    department: DepartmentId
    point: str
    period: str
    holds: int


class ScoreBulletin(Frozen):
    """What the bulletin of one publication says; `told_on` and `told_by` are none as long as it is a draft."""

    title: str
    period: Period
    publication: int
    published_on: Day
    published_by: str
    appeal_until: Day
    rules: ScoreRules
    table: str
    text: str
    departments: tuple[DepartmentScore, ...]
    changes: tuple[ScoreChange, ...]
    within: tuple[CorrectedWithin, ...] = ()
    told_on: Day | None = None
    told_by: str | None = None

    def of(self, *names: DepartmentId) -> ScoreBulletin:
        """The same bulletin as it is for one department, of these names: the figures and changes of others are not its
        business."""
        rows = tuple(row for row in self.departments if any(row.is_of(name) for name in names))
        changes = tuple(each for each in self.changes if each.department in names)
        within = tuple(each for each in self.within if any(row.is_of(each.department) for row in rows))
        return self.having(departments=rows, changes=changes, within=within)


def score_bulletin(
    said: ScorePublished, publication: int, table: ScoreTable, book: ScoreBook, now: ScoreTable
) -> ScoreBulletin:
    """The bulletin of a publication: `table` is what was published, `now` what holds today.

    Raises:
        ScoreRefusedError: no department has a score, or the table is not the one that was published.
    """
    if table.digest() != said.table:
        raise TableMovedError(period=said.period)
    if not table.departments:
        raise NothingToTellError(period=said.period)
    told = book.bulletin(said.period, publication)
    return ScoreBulletin(
        title=_title(table.period),
        period=table.period,
        publication=publication,
        published_on=said.on,
        published_by=said.by.name,
        appeal_until=said.on + timedelta(days=said.rules.appeal_within_days),
        rules=said.rules,
        table=said.table,
        text=told.text if told else _opening(table),
        departments=table.departments,
        changes=tuple(_changes(said, book, now)),
        within=tuple(
            CorrectedWithin(
                department=each.point.department, point=each.point.key, period=each.period, holds=each.holds
            )
            for each in corrected_elsewhere(ScoreBook(book.acts[: book.acts.index(said)]), table)
        ),
        told_on=told.on if told else None,
        told_by=told.by.name if told else None,
    )


def bulletin_published(book: ScoreBook, act: ScoreBulletinPublished) -> ScoreBulletinPublished:
    """The publication of a bulletin as its person worded it.

    Raises:
        ScoreRefusedError: the table was published again since the draft, or has its bulletin.
    """
    if act.publication != len(book.publications(act.period)):
        raise BulletinOutdatedError(period=act.period, number=act.publication)
    before = book.bulletin(act.period, act.publication)
    if before is not None:
        raise BulletinOnceError(period=act.period, number=act.publication, on=before.on)
    return act


def _title(period: Period) -> str:
    year, _, part = period.name.partition("-")
    if part.startswith("Q"):
        return f"关于{year}年第{part[1:]}季度考核得分的通报"
    if part.startswith("H"):
        return f"关于{year}年上半年考核得分的通报" if part == "H1" else f"关于{year}年下半年考核得分的通报"
    return f"关于{year}年{int(part)}月考核得分的通报" if part else f"关于{year}年度考核得分的通报"


def _opening(table: ScoreTable) -> str:
    points = [point.holds for row in table.departments for point in row.points]
    added, deducted = sum(each > 0 for each in points), sum(each < 0 for each in points)
    return (
        f"{table.period.from_on}至{table.period.to_on}，有得分的部门{len(table.departments)}个（见附表1），"
        f"加分{added}项，扣分{deducted}项（见附表2）。各部门按名称排列，不排名次。"
    )


def _changes(said: ScorePublished, book: ScoreBook, now: ScoreTable) -> Iterator[ScoreChange]:
    """What changed the period's points since it was first published, in order; `said` has what was before it."""
    first = book.acts.index(book.publications(said.period)[0])
    own = next(place for place, act in enumerate(book.acts) if act is said)
    held: dict[str, int] = {}
    for place, act in enumerate(book.acts):
        counted = place < own
        if isinstance(act, ReportFalsified):
            if place > first and now.period.has(act.on):
                key, less = f"{act.event_id}/falsified", -said.rules.falsified
                yield _change(act, act.department, key, "认定不实", None, less, counted=counted)
            continue
        if not isinstance(act, AppealRuled | ScoreCorrected) or act.period != said.period or act.points is None:
            continue
        if (point := now.point(act.point)) is not None and place > first:
            how = "申诉裁定" if isinstance(act, AppealRuled) else "更正"
            was = held.get(act.point, point.points)
            yield _change(act, point.department, act.point, how, was, act.points, counted=counted)
        held[act.point] = act.points


def _change(
    act: AppealRuled | ScoreCorrected | ReportFalsified,
    department: DepartmentId,
    key: str,
    how: str,
    was: int | None,
    becomes: int,
    *,
    counted: bool,
) -> ScoreChange:
    return ScoreChange(
        on=act.on,
        department=department,
        point=key,
        how=how,
        was=was,
        becomes=becomes,
        by=act.by.name,
        reason=act.reason,
        counted=counted,
    )
