"""The accepted commands as they are kept beside the entries, held against what is attested and against the entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.plain_json import plain_json
from verifier.words import without_nothing

_ROWS = "rows/acceptance.jsonl"
_REQUEST = "request:"
_BESIDE = frozenset({"request_id", "attested", "own_key", "seen", "this_month"})
"""What stands in a command as it was recorded and no person asks for: its ids, and what the installation counts."""


class Accepted:
    """The accepted commands of a bundle; what is wrong with the lines themselves is said elsewhere."""

    def __init__(self, bundle: Bundle) -> None:
        self._commands: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._brought: list[tuple[int, str, int, int, str]] = []
        lines = bundle.read(_ROWS).split(b"\n") if _ROWS in bundle.names else []
        for number, line in enumerate(lines, start=1):
            try:
                row = plain_json(line, fractions=True)
                stream, request_id = str(row["stream"]), str(row["request_id"])
                self._commands[stream, request_id].append(_command_in(row["command"]))
                first = int(row["first"])
                self._brought.append((number, stream, first, first + int(row["events"]), request_id))
            except (ValueError, KeyError, TypeError, RecursionError):
                continue

    def ask(self, stream: str, request_id: str, command: Any) -> bool:
        """Whether what was accepted under a request, where it is kept, is what was attested."""
        return all(command == without_nothing(each) for each in self._commands.get((stream, request_id), ()))

    def check(self, step: Step, events: Iterable[dict[str, Any]]) -> None:
        """Say which accepted commands brought nothing where they say that they did: their entries were taken out."""
        places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for event in events:
            places[event["stream"], str(event["data"].get("cause"))].append(event["seq"])
        for number, stream, first, end, request_id in self._brought:
            # What fell due before an act was heard is recorded in front of it.
            if not any(first <= seq < end for seq in places[stream, f"{_REQUEST}{request_id}"]):
                text = "台账保存着这条已受理的指令，而它所说的条目不是它带来的：条目被拿掉或换过"
                step.fail("act_missing", f"{_ROWS}:{number}", text)


def _command_in(kept: Any) -> dict[str, Any]:
    """A command as its line has it, without what no person asks for: as the store's text, or as a value."""
    command = plain_json(kept.encode(), fractions=True) if isinstance(kept, str) else kept
    return {name: value for name, value in command.items() if name not in _BESIDE}
