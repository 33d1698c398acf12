"""A point corrected, or a report found to be false, by two persons at the desk or through the API: one prepares it,
another one confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from application.accounts.accounts import Accounts
from application.desk_work import by_two
from application.office import scoring
from application.office.office import Office
from domain.accounts.desk_items import ByTwo, PreparedByTwo
from domain.actors import operator
from domain.directory.signed_in import SignedIn
from domain.scoring.period import Period
from domain.scoring.reported_record import ReportedRecord
from domain.scoring.score_acts import AnyScoreAct, must_be_correctable

KINDS: Final[Sequence[ByTwo]] = ("correction", "false_report")


async def prepare_correction(
    office: Office,
    accounts: Accounts,
    period: Period,
    reason: str,
    by: SignedIn,
    now: datetime,
    *,
    point: str,
    points: int,
) -> PreparedByTwo:
    """Prepare that a point is corrected; nothing is. The same asked again by the same person is one.

    Raises:
        ScoreRefusedError: it cannot be corrected so.
        ClassifiedError: the reason bears a classification mark, or a word that the lists' policies refuse.
    """
    found = await scoring.scored(office.records, period, None, office.now().date())
    must_be_correctable(found.book, found.table, point, points)
    await scoring.must_be_sayable(office.records, found.table.projects, reason)
    key = by_two.key_of("correction", by.account, period.name, point, str(points), reason)
    return await by_two.prepare(
        accounts, "correction", reason, by, now, key, period=period.name, point=point, points=points
    )


async def prepare_finding(
    office: Office, accounts: Accounts, named: ReportedRecord, reason: str, by: SignedIn, now: datetime
) -> PreparedByTwo:
    """Prepare that a record is found to be false; nothing is (raises as `scoring.must_be_findable`)."""
    await scoring.must_be_findable(office, named, reason)
    key = by_two.key_of("false_report", by.account, named.model_dump_json(), reason)
    return await by_two.prepare(accounts, "false_report", reason, by, now, key, record=named)


async def confirm(office: Office, accounts: Accounts, prepared: PreparedByTwo, by: SignedIn) -> AnyScoreAct:
    """Say what another person prepared, for the one who confirms it and is the giver of this office.

    Raises:
        NothingPreparedError: nothing of these kinds was.
        DubanError: as `scoring.correct` and `scoring.find_false`.
    """
    first, second = operator(prepared.by), operator(by.name)
    if prepared.record is not None:
        said = await scoring.find_false(office, prepared.record, second, prepared.reason, first)
    elif prepared.period is not None and prepared.point is not None and prepared.points is not None:
        period = scoring.period_of(prepared.period)
        said = await scoring.correct(
            office, period, second, prepared.reason, prepared.point, points=prepared.points, confirmed_by=first
        )
    else:
        raise by_two.NothingPreparedError(by_two.NOTHING_PREPARED)
    await by_two.give_up(accounts, prepared.key, (prepared.what,))
    return said
