"""Everything that Duban refuses, in one tree. Each error names the rule it enforces and keeps the ids it is about.

    DubanError
    ├── InputError                what was given cannot be read (exit status 2)
    │   ├── UnreadableIdError
    │   └── ... (one per kind of input)
    ├── RejectedError             a command breaks a rule of supervision (exit status 1)
    │   └── ... (one per rule, in domain/rejections.py)
    └── EngineUnreachableError    the engine cannot be reached (exit status 3)
"""

from __future__ import annotations


class DubanError(Exception):
    """What Duban refuses, as one sentence for a person."""

    rule: str = "duban"

    def __init__(self, text: str, **ids: object) -> None:
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
        super().__init__(f"{text!r} is not {expected}.", text=text)
