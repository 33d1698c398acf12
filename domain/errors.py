"""Everything that Duban refuses, in one tree. Each error names the rule it enforces and keeps the ids it is about.

DubanError
├── InputError                what was given cannot be read (exit status 2)
│   ├── UnreadableIdError
│   └── ... one per kind of input, beside the reader that raises it
├── RejectedError             a command breaks a rule of supervision (exit status 1)
│   └── ... one per rule, in domain/acts/rejections.py
├── EngineUnreachableError    the engine cannot be reached (exit status 3)
│   └── NoWorkerError         the engine is there and no worker answers
├── ProjectUnavailableError   one project's supervision does not answer, the others do (exit status 1)
├── ProjectBusyError          one project has so much to do that a command was not taken (exit status 1)
└── LedgerError               the ledger refuses or cannot keep an entry
    ├── LedgerConflictError   an event's identity is taken by another event: never retried
    └── LedgerUnavailableError  the store does not answer: tried again until it does
"""

from __future__ import annotations


class DubanError(Exception):
    """What Duban refuses, as one sentence for a person."""

    rule: str = "duban"

    def __init__(self, text: str, /, **ids: object) -> None:
        super().__init__(text)
        self.text = text
        self.ids = ids


class InputError(DubanError):
    """Something that was given cannot be read: the sentence says what, where and what is allowed."""

    rule = "readable_input"


class UnreadableIdError(InputError):
    """A text is not the identity that was expected."""

    rule = "readable_identity"

    def __init__(self, *, text: str, expected: str) -> None:
        super().__init__(f"“{text}”不是{expected}。", text=text)


class RejectedError(DubanError):
    """A command breaks a rule of supervision; nothing was changed."""

    rule = "supervision"


class EngineUnreachableError(DubanError):
    """The engine does not answer at the address where it was looked for."""

    rule = "engine_reachable"


class NoWorkerError(EngineUnreachableError):
    """The engine answers, but no worker does: nobody supervises."""

    rule = "worker_answers"

    def __init__(self, *, task_queue: str) -> None:
        super().__init__(
            f"引擎在运行，但没有督办进程应答（任务队列 {task_queue}）：请运行 duban run 或 python worker.py。",
            task_queue=task_queue,
        )


class ProjectUnavailableError(DubanError):
    """One project's supervision does not answer; the others do."""

    rule = "project_available"


class ProjectBusyError(DubanError):
    """One project was given so much at once that a command was not taken; it may be given again."""

    rule = "project_takes_commands"


class LedgerError(DubanError):
    """The ledger refuses or cannot keep an entry."""

    rule = "ledger"


class LedgerConflictError(LedgerError):
    """An event's identity is already taken by an event with other content; trying again cannot help."""

    rule = "one_event_per_identity"


class LedgerUnavailableError(LedgerError):
    """The store does not answer or has no room; the same append may be tried again."""

    rule = "ledger_available"
