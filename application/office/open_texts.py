"""What is given is looked through before anything of it is kept or sent to the engine: for classification marks, and
for reasons and answers that say nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import BinaryIO

from application.office.text_of_files import readings
from application.records import Records
from domain.acts.commands import ReportProgress, RequestCompletion
from domain.errors import BrokenRuleError
from domain.evidence import evidence_files
from domain.frozen import Frozen
from domain.markings import TYPED, ClassifiedError, must_be_named_openly, must_bear_no_mark, texts_in

_SAYING = frozenset(
    {"reason", "despite_period", "despite_cap", "basis", "opinion", "conclusion", "progress", "note", "text"}
)
"""Where people say why, or what was done or found."""
_WITH_RULE_OF_THEIR_OWN = (ReportProgress, RequestCompletion)


class SaysNothingError(BrokenRuleError, rule="words_are_said"):
    """A reason or an answer has at least a word: a dot or a dash on record would be none."""

    says = "填写的“{given}”只有标点或符号，没有内容：请写明理由或情况。"
    given: str


def must_be_fit(given: Frozen, refused: Sequence[str]) -> None:
    """Refuse what somebody gives where a text of it bears a mark or a refused word, or says nothing.

    Raises:
        ClassifiedError: it has one.
        SaysNothingError: a reason or an answer of it has no word.
    """
    must_be_open(given, refused)
    if isinstance(given, _WITH_RULE_OF_THEIR_OWN):
        return
    for name, value in given:
        if name in _SAYING and isinstance(value, str):
            must_say_something(value)


def must_say_something(text: str) -> None:
    """Refuse a reason or an answer without a word.

    Raises:
        SaysNothingError: it has none.
    """
    if not any(map(str.isalnum, text)):
        raise SaysNothingError(given=text)


def must_be_open(given: Frozen, refused: Sequence[str]) -> None:
    """Refuse what somebody gives with a mark, or a refused word, in any of its texts.

    Raises:
        ClassifiedError: it has one.
    """
    for text in texts_in(given.model_dump(mode="json")):
        must_bear_no_mark(text, TYPED, refused)
    for file in evidence_files(getattr(given, "evidence", ())):
        # It may be shown under another name than it was kept under.
        must_be_named_openly(file.name, f"文件“{file.name}”", refused)


def must_be_an_open_file(name: str, file: BinaryIO, refused: Sequence[str]) -> None:
    """Refuse a file with a mark, or a refused word, in its name or its text: plain text, Word (older ones, too), Excel,
    OpenDocument, archives of these, and the names in them.

    The text of a PDF or a picture is not read: whoever shows it answers for it.

    Raises:
        ClassifiedError: it has one.
    """
    where = f"文件“{name}”"
    must_be_named_openly(name, where, refused)
    for lines in readings(file):
        found = _mark(lines, where, refused)
        if found is not None:
            raise found


def _mark(lines: Iterable[str], where: str, refused: Sequence[str]) -> ClassifiedError | None:
    """The first mark of a text; none where it cannot be read to its end: it is no text of this kind."""
    first: ClassifiedError | None = None
    try:
        for text in lines:
            try:
                must_bear_no_mark(text, where, refused)
            except ClassifiedError as error:
                first = first or error
    except UnicodeDecodeError:
        return None
    return first


async def must_be_open_here(records: Records, texts: Collection[str | None]) -> None:
    """Refuse texts with a classification mark, or with a word that any policy on record refuses.

    Raises:
        ClassifiedError: one has one.
    """

    def looked_through() -> None:
        refused = records.refused_words.of_all()
        for text in texts:
            must_bear_no_mark(text or "", TYPED, refused)

    await asyncio.to_thread(looked_through)
