"""Everything that Duban refuses, in one tree. Each error names the rule it enforces and keeps the ids it is about.

A refusal with a sentence of its own is declared by its fields and `says` (see `PhrasedError`); one whose sentence
depends on the place that refuses is raised with the sentence.

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

from typing import TYPE_CHECKING, ClassVar, dataclass_transform


class DubanError(Exception):
    """What Duban refuses, as one sentence for a person; the rule that it enforces is named where it is declared."""

    rule: str = "duban"

    def __init__(self, text: str, /, **ids: object) -> None:
        super().__init__(text)
        self.text = text
        self.ids = ids

    def __init_subclass__(cls, *, rule: str | None = None) -> None:
        super().__init_subclass__()
        if rule is not None:
            cls.rule = rule


@dataclass_transform(kw_only_default=True, eq_default=False)
class PhrasedError(DubanError):
    """A refusal that is declared whole: its annotated fields are its ids, and `says` is its sentence around them.

    Where the sentence depends on the fields, `_sentence` says it. The type checker holds every place that raises it to
    the fields, and a test holds `says` to them.
    """

    says: ClassVar[str]

    if TYPE_CHECKING:

        def __init__(self) -> None: ...
    else:

        def __init__(self, **fields: object) -> None:
            vars(self).update(fields)
            super().__init__(self._sentence(), **fields)

    def _sentence(self) -> str:
        return self.says.format_map(vars(self))


class InputError(DubanError, rule="readable_input"):
    """Something that was given cannot be read: the sentence says what, where and what is allowed."""


class UnusableInputError(PhrasedError, InputError):
    """Something that was given cannot be used; the refusal is declared whole."""


class UnreadableIdError(UnusableInputError, rule="readable_identity"):
    """A text is not the identity that was expected."""

    says = "“{given}”不是{expected}，请核对编号。"
    given: str
    expected: str


class RejectedError(DubanError, rule="supervision"):
    """A command breaks a rule of supervision; nothing was changed."""


class BrokenRuleError(PhrasedError, RejectedError):
    """A command breaks a rule; the refusal is declared whole."""


class EngineUnreachableError(DubanError, rule="engine_reachable"):
    """The engine does not answer at the address where it was looked for."""


class NoWorkerError(PhrasedError, EngineUnreachableError, rule="worker_answers"):
    """The engine answers, but no worker does: nobody supervises."""

    says = "引擎在运行，但没有督办程序应答（任务队列 {task_queue}）：请管理员运行 duban run 或 python worker.py。"
    task_queue: str


class ProjectUnavailableError(DubanError, rule="project_available"):
    """One project's supervision does not answer; the others do."""


class ProjectBusyError(DubanError, rule="project_takes_commands"):
    """One project was given so much at once that a command was not taken; it may be given again."""


class LedgerError(DubanError, rule="ledger"):
    """The ledger refuses or cannot keep an entry."""


class LedgerConflictError(LedgerError, rule="one_event_per_identity"):
    """An event's identity is already taken by an event with other content; trying again cannot help."""


class LedgerUnavailableError(LedgerError, rule="ledger_available"):
    """The store does not answer or has no room; the same append may be tried again."""
