"""Scores: the table of a period from the record, and what people say about it, attested and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date

from application.office.office import Office
from application.office.office_acts import signed_office_act
from application.office.open_texts import must_be_fit, must_say_something
from application.records import Records
from domain.actors import Actor
from domain.acts.spelling import departments_in
from domain.bounds import FIRST_DAY, LAST_DAY
from domain.directory.every_name import every_name, present_names
from domain.directory.naming import with_persons
from domain.errors import InputError
from domain.events.event import ProjectEvent
from domain.evolution import fold
from domain.ids import DepartmentId, ProjectId, event_id_for, record_name, supervision_workflow_id
from domain.markings import TYPED, must_bear_no_mark
from domain.names import same_name
from domain.ports.ledger import Ledger
from domain.record.leaf import SCORES_STREAM
from domain.record.ledger_errors import StreamMovedError
from domain.record.recorded_projects import recorded_events, recorded_streams
from domain.rules.changed_rules import change_between, told_apart
from domain.rules.score_rules import ScoreRules
from domain.scoring import score_acts
from domain.scoring.elsewhere import CorrectedElsewhere, corrected_elsewhere
from domain.scoring.period import Period
from domain.scoring.refusals import NotItsDutyError, OtherRulesError
from domain.scoring.reported_record import ReportedRecord
from domain.scoring.score_acts import (
    AnyScoreAct,
    AppealRuled,
    ReportFalsified,
    ScoreAppealed,
    ScoreBook,
    ScoreCorrected,
    recorded_scores,
)
from domain.scoring.table import Names, ScoreRuleEffect, ScoreTable, effect_of, score_table

_QUARTERS = {f"Q{number}": (3 * number - 2, 3 * number) for number in range(1, 5)}
_HALVES = {"H1": (1, 6), "H2": (7, 12)}
_DECEMBER = 12


class UnknownRecordError(InputError, rule="known_record"):
    """The ledger has no record of the name that is given."""


class UnknownPeriodError(InputError, rule="known_period"):
    """A period is written as a year, a half, a quarter or a month."""


def period_of(text: str) -> Period:
    """The period that a name stands for: `2018`, `2018-H1`, `2018-Q2`, `2018-06`.

    Raises:
        UnknownPeriodError: it stands for none.
    """
    year, _, part = text.strip().upper().partition("-")
    months = {**_QUARTERS, **_HALVES, "": (1, _DECEMBER), **{f"{n:02d}": (n, n) for n in range(1, _DECEMBER + 1)}}
    known = year.isascii() and year.isdigit() and FIRST_DAY.year <= int(year) <= LAST_DAY.year
    if not (known and part in months):
        raise UnknownPeriodError(f"“{text}”不是考核期：请写 2018、2018-H1、2018-Q2 或 2018-06。")
    first, last = months[part]
    to_on = date(int(year) + last // _DECEMBER, last % _DECEMBER + 1, 1)
    return Period(
        name=f"{year}-{part}" if part else year,
        from_on=date(int(year), first, 1),
        to_on=date.fromordinal(to_on.toordinal() - 1),
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """A period's table, and what was said about scores."""

    table: ScoreTable
    book: ScoreBook
    names: Names

    @property
    def is_published(self) -> bool:
        """Whether the period was published."""
        return self.book.published(self.table.period.name) is not None

    @property
    def elsewhere(self) -> dict[str, CorrectedElsewhere]:
        """By their keys the points that were corrected in a period within this one, and not in it."""
        return {each.point.key: each for each in corrected_elsewhere(self.book, self.table)}


async def scored(records: Records, period: Period, rules: ScoreRules | None, today: date) -> Scored:
    """The table of a period as it holds now.

    A published period is scored by the rules of its publication, and with the corrections since; another one by the
    rules that are given, or by the default.

    Raises:
        ScoreRefusedError: it was published by other rules than those that are given.
    """
    return await asyncio.to_thread(_scored_in, records, period, rules, today)


def _scored_in(records: Records, period: Period, rules: ScoreRules | None, today: date) -> Scored:
    return scored_in(records.ledger, period, rules, today, present_names(records.persons.now(), today))


def scored_in(
    ledger: Ledger, period: Period, rules: ScoreRules | None, today: date, names: Names | None = None
) -> Scored:
    """The same, read from a ledger; a published period has the `names` of its publication."""
    book = recorded_scores(ledger)
    published = book.published(period.name)
    if published is not None:
        if rules not in (None, published.rules):
            raise OtherRulesError(period=period.name, on=published.on)
        rules, today, names = published.rules, published.until, published.names
    rules = rules or ScoreRules()
    table = score_table(
        recorded_streams(ledger),
        rules,
        period,
        today,
        book.corrections(period.name),
        book.falsified(rules),
        names or {},
    )
    return Scored(table, book, names or {})


@dataclass(frozen=True, slots=True)
class ForeseenScores:
    """The table of a period as it is and as other rules would make it, and what each changed rule does alone."""

    was: ScoreTable
    would_be: ScoreTable
    by_rule: list[ScoreRuleEffect]


async def foreseen(records: Records, period: Period, other: ScoreRules, today: date) -> ForeseenScores:
    """What other rules would make of a period's table."""
    own = await scored(records, period, None, today)
    was = own.table

    def by(rules: ScoreRules) -> ScoreTable:
        corrections = own.book.corrections(period.name)
        streams = recorded_streams(records.ledger)
        return score_table(streams, rules, period, was.until, corrections, own.book.falsified(rules), own.names)

    def compared() -> ForeseenScores:
        would_be = by(other)
        change = change_between(was.rules, other)
        apart = told_apart([change])
        by_rule = [
            effect_of(
                tuple(".".join(path) for path in paths),
                was,
                by(change.alone(paths)) if len(apart) > 1 else would_be,
            )
            for paths in apart
        ]
        return ForeseenScores(was, would_be, by_rule)

    return await asyncio.to_thread(compared)


Decision = Callable[[Scored], AnyScoreAct]
"""What somebody says about a table, or the refusal."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is said about scores, about which projects, and how much had been said before when it was decided."""

    said: AnyScoreAct
    about: Collection[ProjectId]
    after: int | None = None


async def say(office: Office, period: Period, decision: Decision, rules: ScoreRules | None = None) -> AnyScoreAct:
    """Say something about the table of a period: decided on the record, attested and kept.

    Raises:
        ScoreRefusedError: a rule refuses it.
        StreamMovedError: by what somebody else said meanwhile it comes to something else; nothing was recorded.
        ActNotAttestedError: nobody is signed in here.
        ClassifiedError: a text of it bears a classification mark, or a word that the lists' policies refuse.
        SaysNothingError: its reason has no word.
    """

    async def decided() -> Decided:
        found = await scored(office.records, period, rules, office.now().date())
        return Decided(decision(found), found.table.projects, len(found.book.acts))

    return await keep(office, decided)


async def publish(office: Office, period: Period, by: Actor, reason: str, rules: ScoreRules | None) -> AnyScoreAct:
    """Publish the table of a period (raises as `say`)."""
    today = office.now().date()

    def decision(found: Scored) -> AnyScoreAct:
        return score_acts.published(found.book, found.table, by, reason, today)

    return await say(office, period, decision, rules)


async def appeal(office: Office, period: Period, by: Actor, reason: str, point: str) -> AnyScoreAct:
    """Appeal against a point of one's own department (raises as `say`)."""
    act = ScoreAppealed(
        by=by,
        reason=reason,
        on=office.now().date(),
        period=period.name,
        department=by.department or by.name,
        point=point,
    )
    names = every_name(act.department, office.records.persons.now(), act.on)
    return await say(office, period, lambda found: score_acts.appealed(found.book, found.table, act, names))


async def rule(
    office: Office, period: Period, by: Actor, reason: str, point: str, *, granted: bool, points: int | None
) -> AnyScoreAct:
    """Rule on an appeal: what is granted holds with so many `points`, what is refused has none (raises as `say`)."""
    act = AppealRuled(
        by=by,
        reason=reason,
        on=office.now().date(),
        period=period.name,
        point=point,
        granted=granted,
        points=points,
    )
    return await say(office, period, lambda found: score_acts.ruled(found.book, found.table, act))


async def correct(
    office: Office, period: Period, by: Actor, reason: str, point: str, *, points: int, confirmed_by: Actor
) -> AnyScoreAct:
    """Correct a point of a published score, by two persons (raises as `say`)."""
    act = ScoreCorrected(
        by=by,
        reason=reason,
        on=office.now().date(),
        period=period.name,
        point=point,
        points=points,
        confirmed_by=confirmed_by,
    )
    return await say(office, period, lambda found: score_acts.corrected(found.book, found.table, act))


async def find_false(office: Office, named: ReportedRecord, by: Actor, reason: str, confirmed_by: Actor) -> AnyScoreAct:
    """Say that what an event says is false, by two persons.

    Raises:
        InputError: the record has no such event.
        ScoreRefusedError: a rule refuses it, or the department had no duty there.
    """
    record, names = await _reported(office, named)
    on = office.now().date()
    found = ReportFalsified(by=by, reason=reason, on=on, confirmed_by=confirmed_by, **named.model_dump())

    async def decided() -> Decided:
        book = await asyncio.to_thread(recorded_scores, office.records.ledger)
        return Decided(score_acts.falsified(book, found, record, names), {found.project_id}, len(book.acts))

    return await keep(office, decided)


async def must_be_findable(office: Office, named: ReportedRecord, reason: str) -> None:
    """Refuse a finding before another person confirms it (raises as `find_false`)."""
    record, names = await _reported(office, named)
    book = await asyncio.to_thread(recorded_scores, office.records.ledger)
    score_acts.must_be_findable(book, named, record, names)
    await must_be_sayable(office.records, {named.project_id}, reason)


async def _reported(office: Office, named: ReportedRecord) -> tuple[ProjectEvent, Collection[DepartmentId]]:
    """The record that is named, and every name of the department, which had a duty there (raises as `find_false`)."""
    ledger, stream = office.records.ledger, supervision_workflow_id(named.project_id)
    events = await asyncio.to_thread(lambda: list(recorded_events(ledger, named.project_id)))
    record = next((each for each in events if event_id_for(stream, each.seq) == named.event_id), None)
    if record is None:
        name = record_name(named.event_id)
        raise UnknownRecordError(
            f"项目 {named.project_id} 里没有记录 {name}：请照抄办理经过所列的记录编号，如 2018-05a#3。"
        )
    state = fold(events)
    had = (state.lead, *departments_in(state)) if state is not None else ()
    names = every_name(named.department, office.records.persons.now(), office.now().date())
    if not any(same_name(own, each) for own in names for each in had):
        raise NotItsDutyError(department=named.department, project_id=named.project_id)
    return record, names


async def keep(office: Office, decide: Callable[[], Awaitable[Decided]]) -> AnyScoreAct:
    """Attest and keep what is decided about some projects; what their policies refuse is in none of its texts.

    Where somebody else has said something by then it is decided once more, and kept if it comes to the same.

    Raises:
        DubanError: as `say`.
    """
    decided = await decide()
    said = await asyncio.to_thread(_of_persons, office, decided.said, decided.about)
    command = {"type": said.kind, **said.model_dump(mode="json", exclude_none=True)}
    await office.records.log.open()
    attested = await signed_office_act(office, SCORES_STREAM, command, said.by)
    while True:
        try:
            await office.records.own_streams.append_own(said.entry(attested, decided.after))
        except StreamMovedError:
            again = await decide()
            if again.said != decided.said:
                raise
            decided = again
        else:
            return said


async def must_be_sayable(records: Records, about: Collection[ProjectId], reason: str) -> None:
    """Refuse a reason that is kept before its act is given, as the act would be (raises as `keep`)."""

    def looked_through() -> None:
        must_bear_no_mark(reason, TYPED, records.refused_words.of_all(about))
        must_say_something(reason)

    await asyncio.to_thread(looked_through)


def _of_persons(office: Office, said: AnyScoreAct, about: Collection[ProjectId]) -> AnyScoreAct:
    """What was said, with the number of everybody whom it names; two whom it needs are two there (raises as `say`)."""
    must_be_fit(said, office.records.refused_words.of_all(about))
    own = office.giver.by.person_id if office.giver is not None else None
    directory = office.records.persons.now()
    return score_acts.by_others(with_persons(said, directory, office.now(), own))
