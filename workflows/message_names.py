"""The names by which a supervision is spoken to, and the answers that mean “a moment later”: API, never changed."""

from __future__ import annotations

COMMAND = "command"
"""The update, and the signal, that takes a command."""
LOOK_AT_THE_CLOCK = "look_at_the_clock"
"""The signal that says no more than: see whether something is due (docs/adr/0244)."""
NOT_RECORDED_YET = "the docketing is being recorded"
"""The answer to a question that comes before there is anything to tell."""
BEFORE_ITS_TASK = "the question came before the task that goes on: ask again"
"""The answer to a question that shows what no task has brought yet (docs/adr/0199)."""
ASK_AGAIN = "a decision is being recorded: ask again"
"""The answer to a command that comes while a decision is being recorded: with the record's number as long as that goes
on, with none where other things come first."""
BEHIND_ITS_RECORD = "the ledger has more of this project: have it look, and ask again"
"""What stands in the record's number's place where the run knows only a part of its record (docs/adr/0262)."""
