"""What stands between whoever reaches the engine and the record: asked of acts, of starts, and of what mailboxes are
told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from application.engine_room.act_desk import OfficeActDesk
from application.engine_room.mail_rules import OfficeMailRules
from application.engine_room.start_desk import OfficeStartDesk
from application.records import Records
from domain.ports.doors import SignatureCheck


@dataclass(frozen=True, slots=True)
class Guards:
    """The outfit of an installation's worker; without it a worker hears everything."""

    acts: OfficeActDesk
    starts: OfficeStartDesk
    mail: OfficeMailRules


def guards_over(
    records: Records,
    is_signed: SignatureCheck,
    has_signed: SignatureCheck,
    now: Callable[[], datetime],
    heard_within: timedelta,
) -> Guards:
    """The guards over an installation's records; `is_signed` checks the doors' keys, `has_signed` the persons' own, and
    `now` is the clock that the records are dated by."""
    ledger = records.ledger
    acts = OfficeActDesk(
        ledger, records.evidence, is_signed, has_signed, now, heard_within, partial(records.log.fork, near=True)
    )
    return Guards(acts, OfficeStartDesk(ledger), OfficeMailRules(ledger))
