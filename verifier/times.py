"""When an act was decided, held against when its door received it: nobody's report is dated back under its attestation.

The clock of the supervised year is the start's, which is attested: from an instant of the engine's on, so many times as
fast. Without one it is the engine's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

_CLOCKS_DIFFER: Final = timedelta(minutes=2)


def is_dated_back(received_at: str, decided: str, clock: Any) -> bool:
    """Whether an act is said to be decided before its door had it; of instants and clocks that are none, it is."""
    try:
        earliest = datetime.fromisoformat(received_at) - _CLOCKS_DIFFER
        if clock.get("engine_at") is None:
            return datetime.fromisoformat(decided) < earliest
        began, speed = datetime.fromisoformat(clock["engine_at"]), int(clock.get("speed", 1))
        passed = (datetime.fromisoformat(decided) - datetime.fromisoformat(clock["supervised_at"])) / speed
        return began + passed < earliest
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return True
