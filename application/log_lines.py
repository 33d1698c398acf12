"""Who writes lines into the log: none of them ever goes to standard output, where answers stand.

What a command of the shell logs is set up with its first line (`entrypoints/first_line.py`). Until then the library
would print lines to standard output; so whoever may write the first one hands it to Python's own log, as all are that
follow.
"""

from __future__ import annotations

from typing import Any

ENGINE_LIBRARY = "temporalio.core"
"""Under which name the engine library's own core writes."""


def log_lines(name: str) -> Any:
    """Where a module writes its lines."""
    import structlog  # noqa: PLC0415 - an act of the shell asks this module for a name alone

    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.stdlib.filter_by_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
            cache_logger_on_first_use=False,
        )
    return structlog.get_logger(name)
