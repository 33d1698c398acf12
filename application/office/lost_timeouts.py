"""A task or an activity that was begun and whose end nobody watches: an engine can lose the timer of its timeout, too.

A signal does not reach such a workflow. What stays begun all through several looks, each minutes after the one before,
has no worker any more: a task has ten seconds, an activity a minute. It is repaired as by hand (docs/adr/0244).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from application.log_lines import log_lines
from domain.errors import DubanError

LOOKS: Final = 4
"""In how many looks one after another the same thing must have been under way. They are counted, and no clock is read:
one that jumps makes nothing old, and while the machine or the engine is suspended nobody looks."""
_log = log_lines("duban.overdue")


class LostTimeouts:
    """Has what was begun and never ends repaired: `repair` does it for one workflow and says what it did."""

    def __init__(self, repair: Callable[[str], Awaitable[str]]) -> None:
        self._repair = repair
        self._seen: dict[tuple[str, datetime], int] = {}

    async def look(self, begun: Mapping[str, datetime]) -> None:
        """One look: which overdue workflows have something under way, and since when."""
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
