"""What the shell tells in the language of the caller's locale: refusals, and what `compile` and `window` say of a list.

The English is the desk's: one catalogue has it by sentence. What other commands answer is Chinese, as the record is.
"""

from __future__ import annotations

from entrypoints.cli.help_words import language
from entrypoints.desk.core_sentences import core_said


def told(sentence: str) -> str:
    """A sentence as the caller reads it."""
    return core_said(language(), sentence)
