"""A task or an activity that was begun and whose end nobody watches: an engine can lose the timer of its timeout, too.

A signal does not reach such a workflow. What stays begun all through several looks, each minutes after the one before,
has no worker any more: a task has ten seconds, an activity a minute. It is repaired as by hand (docs/adr/0244). Where
nothing is due nobody would ask about it: so a few open projects are looked at each time, in turn.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from application.log_lines import log_lines
from domain.errors import DubanError

LOOKS: Final = 4
"""In how many looks one after another the same thing must have been under way. They are counted, and no clock is read:
one that jumps makes nothing old, and while the machine or the engine is suspended nobody looks."""
IN_TURN: Final = 20
"""How many open projects are looked at each time: a list of a year in minutes, thousands within hours."""
_log = log_lines("duban.overdue")


class LostTimeouts:
    """Has what was begun and never ends repaired: `repair` does it for one workflow and says what it did."""

    def __init__(self, repair: Callable[[str], Awaitable[str]]) -> None:
        self._repair = repair
        self._seen: dict[tuple[str, datetime], int] = {}
        self._behind = ""

    def to_look_at(self, workflow_ids: Iterable[str]) -> list[str]:
        """Of all open projects those to be looked at this time: the next ones in turn, and what was begun before."""
        every = sorted(workflow_ids)
        first = bisect(every, self._behind)
        taken = (every[first:] + every[:first])[:IN_TURN]
        self._behind = taken[-1] if taken else ""
        return sorted({*taken, *(workflow_id for workflow_id, _ in self._seen if workflow_id in {*every})})

    async def look(self, begun: Mapping[str, datetime]) -> None:
        """One look: which workflows have had something under way for long, and since when."""
        self._seen = {each: self._seen.get(each, 0) + 1 for each in begun.items()}
        for (workflow_id, since), looks in self._seen.items():
            # Where a repair does not help, the next one waits twice as long: each is an incident of the ledger.
            times, rest = divmod(looks, LOOKS)
            if rest or times.bit_count() != 1:
                continue
            try:
                text = await self._repair(workflow_id)
            except DubanError as error:
                _log.error("lost_timeout_not_repaired", workflow=workflow_id, rule=error.rule, text=error.text)
            else:
                _log.warning("lost_timeout_repaired", workflow=workflow_id, since=since.isoformat(), text=text)
