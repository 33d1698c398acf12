"""What went wrong in an activity, told to the engine: whether trying again can help, and why in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from domain.errors import DubanError, LedgerConflictError
from domain.os_faults import os_fault
from domain.record.ledger_errors import LeafRefusedError

FINAL: tuple[type[DubanError], ...] = (LedgerConflictError, LeafRefusedError)
"""What no repeat can mend: the history and the record disagree, or an event has no form in the record."""


def application_error(error: DubanError) -> ApplicationError:
    """A refusal as the engine keeps it: the sentence, the rule and the ids; its type is the error's own name."""
    return ApplicationError(
        error.text,
        {"rule": error.rule, **{name: str(value) for name, value in error.ids.items()}},
        type=type(error).__name__,
        non_retryable=isinstance(error, FINAL),
    )


@contextmanager
def told_to_the_engine() -> Iterator[None]:
    """Let what fails inside reach the engine in its form; anything unforeseen goes through as it is, to be retried.

    Raises:
        ApplicationError: a rule of ours refused, or the machine did.
    """
    try:
        yield
    except DubanError as error:
        raise application_error(error) from error
    except OSError as error:
        where = f"“{error.filename}”" if error.filename else "文件"
        raise ApplicationError(
            f"{where}不能读写（{os_fault(error)}）：请检查磁盘空间和权限，恢复后会自动重试。",
            type=type(error).__name__,
        ) from error
