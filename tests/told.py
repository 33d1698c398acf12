"""What a module's log was told, whatever the logging of the process is set to by then."""

from __future__ import annotations

from typing import Any


class Told:
    """Stands in for a module's logger and keeps what it hears."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def error(self, event: str, **facts: Any) -> None:
        self.lines.append({"event": event, **facts})

    warning = info = error

    def events(self) -> list[str]:
        """What happened, in order."""
        return [str(line["event"]) for line in self.lines]
