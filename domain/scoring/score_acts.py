"""What people say about scores: a table is published, a point is appealed against, ruled on, corrected, and a report is
found to be false. Each is an entry of the ledger's own stream; the table itself is never stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import ClassVar, get_args

from domain.actors import Actor
from domain.bounds import Day, Points
from domain.events.event import ProjectEvent
from domain.evidence import EvidenceFile
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, record_name
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.leaf import SCORES_STREAM
from domain.record.own_entries import OwnEntry, attested_entry, said_by
from domain.rules.score_rules import ScoreRules
from domain.scoring.other_points import must_change, must_stay_of_its_kind
from domain.scoring.point_names import point_name
from domain.scoring.points import ScorePoint
from domain.scoring.refusals import (
    AppealedAlreadyError,
    AppealTooLateError,
    FoundFalseAlreadyError,
    GrantedForWorseError,
    NoAppealError,
    NothingToAppealYetError,
    NotOfTheSectionError,
    NotPublishedError,
    NotYourPointError,
    PeriodNotOverError,
    PointsMissingError,
    PointsOfRefusedError,
    PublishedAlreadyError,
    SecondPersonToCorrectError,
    SecondPersonToRuleError,
    UnknownPointError,
)
from domain.scoring.reported_record import ReportedRecord, must_be_its_own
from domain.scoring.table import ScoreTable
from domain.texts import Line, Text


class ScoreAct(Frozen):
    """What every one of them says: who, why, on which day of the supervised year."""

    kind: ClassVar[str]
    by: Actor
    reason: Text
    on: Day

    def entry(self, attested: EvidenceFile, decided_on: int | None = None) -> OwnEntry:
        """What says it in the ledger; `decided_on` is how many acts there were when it was decided."""
        data = self.model_dump(mode="json", exclude_none=True)
        return attested_entry(SCORES_STREAM, self.kind, data, attested, decided_on)


class PublishedScore(Frozen):
    """The score of a department as it was published, in hundredths."""

    department: DepartmentId
    score: int
    formerly: tuple[DepartmentId, ...] | None = added_later()


class ScorePublished(ScoreAct):
    """A table was published: its period, its rules, the digest of all that it says, and each score."""

    kind: ClassVar[str] = "score.published"
    period: Line
    from_on: Day
    to_on: Day
    until: Day
    rules: ScoreRules
    table: str
    scores: tuple[PublishedScore, ...]

    @property
    def names(self) -> dict[DepartmentId, DepartmentId]:
        """By a name that a department had before the one under which it was published."""
        return {former: each.department for each in self.scores for former in each.formerly or ()}


class ScoreBulletinPublished(ScoreAct):
    """A publication of a table was made known as a bulletin: which one of its period, its digest, the edited text."""

    kind: ClassVar[str] = "score.bulletin_published"
    period: Line
    publication: int
    table: str
    text: Text


class ScoreAppealed(ScoreAct):
    """A department asks that one of its points is looked at again."""

    kind: ClassVar[str] = "score.appealed"
    period: Line
    department: DepartmentId
    point: Line


class AppealRuled(ScoreAct):
    """An appeal was granted, with the points that hold instead, or refused."""

    kind: ClassVar[str] = "score.ruled"
    period: Line
    point: Line
    granted: bool
    points: Points | None = None


class ScoreCorrected(ScoreAct):
    """Two persons of the supervision section corrected a point."""

    kind: ClassVar[str] = "score.corrected"
    period: Line
    point: Line
    points: Points
    confirmed_by: Actor


class ReportFalsified(ScoreAct, ReportedRecord):
    """Two persons of the supervision section found that what an event says is false."""

    kind: ClassVar[str] = "score.falsified"
    confirmed_by: Actor


AnyScoreAct = ScorePublished | ScoreBulletinPublished | ScoreAppealed | AppealRuled | ScoreCorrected | ReportFalsified
_KINDS: dict[str, type[AnyScoreAct]] = {each.kind: each for each in get_args(AnyScoreAct)}
_CHANGES_NOTHING = (ScoreAppealed, ScoreBulletinPublished)


def score_act_of(entry: LedgerEntry) -> AnyScoreAct:
    """An act from the entry that has it."""
    return said_by(entry, _KINDS[entry.type])


class ScoreBook:
    """All that was said about scores, in order."""

    def __init__(self, acts: Iterable[AnyScoreAct]) -> None:
        self.acts = tuple(acts)

    def published(self, period: str) -> ScorePublished | None:
        """The last publication of a period; none where it was not published."""
        found = self.publications(period)
        return found[-1] if found else None

    def publications(self, period: str) -> list[ScorePublished]:
        """Every publication of a period, in order."""
        return [act for act in self.acts if isinstance(act, ScorePublished) and act.period == period]

    def bulletin(self, period: str, publication: int) -> ScoreBulletinPublished | None:
        """The bulletin of a publication of a period, the first one being 1; none where there is none yet."""
        told = (act for act in self.acts if isinstance(act, ScoreBulletinPublished))
        return next((act for act in told if (act.period, act.publication) == (period, publication)), None)

    def bulletin_is_out(self, period: str) -> bool:
        """Whether the last publication of a period was made known as a bulletin."""
        return self.bulletin(period, len(self.publications(period))) is not None

    def open_appeals(self, period: str) -> list[ScoreAppealed]:
        """The appeals of a period that nobody has ruled on."""
        ruled = {act.point for act in self.acts if isinstance(act, AppealRuled) and act.period == period}
        return [act for act in self._appeals(period) if act.point not in ruled]

    def was_appealed(self, period: str, point: str) -> bool:
        """Whether an appeal about a point was made."""
        return any(act.point == point for act in self._appeals(period))

    def appealed_against(self, period: str, point: str) -> ScorePublished | None:
        """The publication that an appeal about a point is against: the last one before it."""
        last = None
        for act in self.acts:
            if isinstance(act, ScorePublished) and act.period == period:
                last = act
            elif isinstance(act, ScoreAppealed) and (act.period, act.point) == (period, point):
                return last
        return None

    def _appeals(self, period: str) -> list[ScoreAppealed]:
        return [act for act in self.acts if isinstance(act, ScoreAppealed) and act.period == period]

    def corrections(self, period: str) -> dict[str, int]:
        """By the key of a point what holds instead: what granted appeals and corrections said, the last one."""
        found: dict[str, int] = {}
        for act in self.acts:
            if not isinstance(act, ScoreCorrected | AppealRuled) or act.period != period or act.points is None:
                continue
            if isinstance(act, ScoreCorrected) or act.granted:
                found[act.point] = act.points
        return found

    def falsified(self, rules: ScoreRules) -> list[ScorePoint]:
        """The points of false reports."""
        return [
            ScorePoint(
                department=act.department,
                project_id=act.project_id,
                milestone_id=act.milestone_id,
                rule="falsified",
                points=-rules.falsified,
                event_id=act.event_id,
                on=act.on,
            )
            for act in self.acts
            if isinstance(act, ReportFalsified)
        ]

    def found_false(self, event_id: str) -> ReportFalsified | None:
        """What was found about a record; none where nobody has found it to be false."""
        found = (act for act in self.acts if isinstance(act, ReportFalsified) and act.event_id == event_id)
        return next(found, None)

    def changed_since_published(self, period: str) -> bool:
        """Whether anything of a period was said since it was published, or ever where it was not."""
        said = self.published(period)
        places = [place for place, act in enumerate(self.acts) if act is said]
        since = self.acts[places[-1] + 1 :] if places else self.acts

        def concerns(act: AnyScoreAct) -> bool:
            if isinstance(act, ReportFalsified):
                return said is None or said.from_on <= act.on <= said.to_on
            return act.period == period and not isinstance(act, _CHANGES_NOTHING)

        return any(map(concerns, since))


def recorded_scores(ledger: Ledger) -> ScoreBook:
    """What the ledger has about scores."""
    return ScoreBook(map(score_act_of, ledger.entries(SCORES_STREAM)))


def published(book: ScoreBook, table: ScoreTable, act_by: Actor, reason: str, today: date) -> ScorePublished:
    """The publication of a table.

    Raises:
        ScoreRefusedError: its period is not over, or it is published, nothing was said since and it comes to the same.
    """
    period = table.period
    if today <= period.to_on:
        raise PeriodNotOverError(period=period.name, to_on=period.to_on, today=today)
    before = book.published(period.name)
    same = before is not None and before.table == table.digest()
    if before is not None and same and not book.changed_since_published(period.name):
        raise PublishedAlreadyError(period=period.name, on=before.on)
    return ScorePublished(
        by=act_by,
        reason=reason,
        on=today,
        period=period.name,
        from_on=period.from_on,
        to_on=period.to_on,
        until=table.until,
        rules=table.rules,
        table=table.digest(),
        scores=tuple(
            PublishedScore(department=row.department, score=row.score, formerly=row.formerly)
            for row in table.departments
        ),
    )


def appealed(
    book: ScoreBook, table: ScoreTable, act: ScoreAppealed, names: Collection[DepartmentId] = ()
) -> ScoreAppealed:
    """An appeal of a department; `names` are all under which it goes.

    Raises:
        ScoreRefusedError: nothing is published, the limit is over, the point is none of the department's, or it was
            appealed against already.
    """
    before = book.published(act.period)
    if before is None:
        raise NothingToAppealYetError(period=act.period)
    until = before.on + timedelta(days=before.rules.appeal_within_days)
    if act.on > until:
        raise AppealTooLateError(period=act.period, on=before.on, until=until, today=act.on)
    point = _must_be_a_point(table, act.point)
    row = next(each for each in table.departments if point in each.points)
    if act.by.role != "department" or not any(map(row.is_of, (act.by.department or "", *names))):
        raise NotYourPointError(point=point_name(act.point), department=row.department)
    if book.was_appealed(act.period, act.point):
        raise AppealedAlreadyError(point=point_name(act.point))
    return act


def ruled(book: ScoreBook, table: ScoreTable, act: AppealRuled) -> AppealRuled:
    """A ruling on an appeal, by another person than the one who published what it is against.

    Raises:
        ScoreRefusedError: no such appeal is open, the one who rules is no other person, or it is granted without more
            points for the department, or refused with some.
    """
    _must_be_published(book, act.period)
    if not any(each.point == act.point for each in book.open_appeals(act.period)):
        raise NoAppealError(period=act.period, point=point_name(act.point))
    _must_be_operator(act.by)
    against = book.appealed_against(act.period, act.point)
    if against is not None and act.by.known.is_same(against.by.known):
        raise SecondPersonToRuleError(period=act.period, person=against.by.name)
    if act.granted:
        if act.points is None:
            raise PointsMissingError(point=point_name(act.point))
        point = table.point(act.point)
        if point is not None and act.points <= point.holds:
            raise GrantedForWorseError(point=point_name(act.point), points=point.holds, given=act.points)
        if point is not None:
            must_stay_of_its_kind(point, act.points)
    elif act.points is not None:
        raise PointsOfRefusedError(point=point_name(act.point), given=act.points)
    return act


def corrected(book: ScoreBook, table: ScoreTable, act: ScoreCorrected) -> ScoreCorrected:
    """A correction of a point by two persons.

    Raises:
        ScoreRefusedError: nothing is published, there is no such point, nobody else confirms it, or it changes nothing.
    """
    must_be_correctable(book, table, act.point, act.points)
    _must_be_two(act.by, act.confirmed_by)
    return act


def must_be_correctable(book: ScoreBook, table: ScoreTable, point: str, points: int) -> None:
    """Refuse a correction before anybody confirms it (raises as `corrected`)."""
    _must_be_published(book, table.period.name)
    must_change(_must_be_a_point(table, point), points)


def falsified(
    book: ScoreBook, act: ReportFalsified, record: ProjectEvent, names: Collection[DepartmentId]
) -> ReportFalsified:
    """A finding that a report was false, by two persons; `names` are all under which the department goes.

    Raises:
        ScoreRefusedError: nobody else confirms it, the record is another's or of another milestone, or it was found
            to be false before.
    """
    _must_be_two(act.by, act.confirmed_by)
    must_be_findable(book, act, record, names)
    return act


def must_be_findable(
    book: ScoreBook, named: ReportedRecord, record: ProjectEvent, names: Collection[DepartmentId]
) -> None:
    """Refuse a finding before anybody confirms it (raises as `falsified`)."""
    must_be_its_own(named, record, names)
    before = book.found_false(named.event_id)
    if before is not None:
        raise FoundFalseAlreadyError(record=record_name(named.event_id), on=before.on)


def by_others(act: AnyScoreAct) -> AnyScoreAct:
    """An act, once the directory said who is named in it: two people of other names may be one person.

    Raises:
        ScoreRefusedError: the one who confirms it is the one who gives it.
    """
    if isinstance(act, ScoreCorrected | ReportFalsified):
        _must_be_two(act.by, act.confirmed_by)
    return act


def _must_be_published(book: ScoreBook, period: str) -> ScorePublished:
    found = book.published(period)
    if found is None:
        raise NotPublishedError(period=period)
    return found


def _must_be_a_point(table: ScoreTable, key: str) -> ScorePoint:
    point = table.point(key)
    if point is None:
        raise UnknownPointError(period=table.period.name, point=point_name(key))
    return point


def _must_be_operator(by: Actor) -> None:
    if by.role != "operator":
        raise NotOfTheSectionError(name=by.name)


def _must_be_two(by: Actor, confirmed_by: Actor) -> None:
    _must_be_operator(by)
    if confirmed_by.role != "operator" or confirmed_by.known.is_same(by.known):
        raise SecondPersonToCorrectError(name=by.name)
