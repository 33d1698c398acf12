"""The desk's sentences as they stand in its sources: `python -m tests.entrypoints.desk.catalogue` adds what is new to
the English catalogue, where a person then writes the translation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from application.office.planning import ACTION_WORDS
from application.office.starting import OUTCOME_WORDS
from domain.confidence import STEP_WORDS
from domain.directory.ids import ROLE_WORDS
from domain.papers.delivery_words import STATE_WORDS
from domain.papers.paper import PAPER_TITLES
from domain.rungs.limits import LIMIT_WORDS
from domain.scoring.points import RULE_WORDS
from domain.seeing.stage_words import PART_WORDS, STAGE_WORDS
from entrypoints.next_steps import NEXT_STEPS

DESK: Final = Path(__file__).parents[3] / "entrypoints" / "desk"
API: Final = DESK.with_name("api")
ENGLISH: Final = DESK / "locale" / "en.po"
_MARKS: Final = frozenset({"_", "later", "say", "told"})


def sentences() -> dict[str, str]:
    """Every sentence that a page shows in the language of the visit, each with the first place where it stands."""
    found: dict[str, str] = {}
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in sorted((DESK / "templates").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        for line, _function, message in environment.extract_translations(text):  # type: ignore[attr-defined]  # i18n's
            sentence = message[0] if isinstance(message, tuple) else message
            if isinstance(sentence, str):  # what a value names is marked where it stands
                found.setdefault(sentence, f"{path.name}:{line}")
    for path in (*sorted(DESK.glob("*.py")), *sorted(API.glob("*.py"))):
        for line, message in _marked(path):
            found.setdefault(message, f"{path.name}:{line}")
    in_layers = (PAPER_TITLES, RULE_WORDS, ACTION_WORDS, OUTCOME_WORDS)
    for words in (ROLE_WORDS, LIMIT_WORDS, STAGE_WORDS, PART_WORDS, STEP_WORDS, STATE_WORDS, *in_layers):
        for word in words.values():
            found.setdefault(word, "domain")
    for step in NEXT_STEPS.values():
        for opened in step.pages:
            found.setdefault(opened.words, "next_steps")
    return found


def _marked(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _MARKS:
            for each in node.args:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.lineno, each.value


def english() -> Catalog:
    """The catalogue as it stands."""
    return read_po(BytesIO(ENGLISH.read_bytes()), locale="en") if ENGLISH.exists() else Catalog(locale="en")


def written() -> bytes:
    """The catalogue with every sentence of the sources and no other, in the order of the sources."""
    before, made = english(), Catalog(locale="en", fuzzy=False)
    for sentence in sentences():
        known = before.get(sentence)
        # One that is counted has a singular and a plural in English; in Chinese it has one form.
        made.add((sentence, sentence) if known and known.pluralizable else sentence, known.string if known else "")
    out = BytesIO()
    write_po(out, made, omit_header=True, width=0)
    return b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n' + out.getvalue()


if __name__ == "__main__":
    ENGLISH.write_bytes(written())
