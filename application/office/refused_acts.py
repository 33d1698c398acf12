"""Acts that a door itself refuses, because what was brought as their person's signature is none: kept as refusals are.

What reaches the engine is refused by the worker, which keeps it. These never get there, and whoever tries another's
signature must be seen all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from application.records import Records
from domain.errors import DubanError
from domain.ids import supervision_workflow_id
from domain.markings import TYPED, must_bear_no_mark, texts_in
from domain.ports.ledger import Refusal


async def keep_refused_acts(
    records: Records, acts: Sequence[Mapping[str, Any]], error: DubanError, engine_now: datetime
) -> None:
    """Keep that these acts, as their documents say them, were refused, and why: each with its own stream.

    Raises:
        ClassifiedError: a text of one bears a classification mark; nothing of it is kept.
    """
    for act in acts:
        for text in texts_in(act["command"]):
            must_bear_no_mark(text, TYPED)
        stream = act["stream"] if "stream" in act else supervision_workflow_id(act["project_id"])
        refusal = Refusal(
            refused_at=records.clock.supervised(engine_now),
            stream=stream,
            rule=error.rule,
            text=error.text,
            command={**act["command"], "account": act["account"]},
        )
        await records.ledger.refuse(refusal)
