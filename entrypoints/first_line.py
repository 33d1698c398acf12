"""The log of a command that most likely writes none: it is set up with its first line, for what writes it is heavy."""

from __future__ import annotations

import logging


class FirstLine(logging.Handler):
    """Stands where the log will be, and sets it up when something is written."""

    until_set_up = True
    """Setting up the log takes this handler away."""

    def __init__(self, log_format: str, level: str) -> None:
        super().__init__()
        self._wanted = (log_format, level)

    def emit(self, record: logging.LogRecord) -> None:
        """Set up the log in this handler's place, and let it have the line."""
        from entrypoints.log_setup import configure_logging

        configure_logging(*self._wanted)
        logging.getLogger().handle(record)


def log_when_needed(log_format: str, level: str) -> None:
    """Let everything that this process logs go to standard error in that form, from the first line on."""
    root = logging.getLogger()
    for earlier in [known for known in root.handlers if isinstance(known, FirstLine)]:
        root.removeHandler(earlier)
    root.addHandler(FirstLine(log_format, level))
    root.setLevel(logging.getLevelNamesMapping()[level.upper()])
