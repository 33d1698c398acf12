"""What holds of the patterns that are compiled when they are first used."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import domain.notice
from domain.notice.patterns import regex

ROOT = Path(__file__).parents[3]
MODULES = [module.name for module in pkgutil.iter_modules(domain.notice.__path__, "domain.notice.")]


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if type(value) is type(regex("")):
        yield value
    elif isinstance(value, dict):
        yield from _among(value.values())
    elif isinstance(value, tuple | list):
        yield from _among(value)


def _among(values: Iterable[object]) -> Iterator[re.Pattern[str]]:
    for value in values:
        yield from _patterns(value)


def test_every_pattern_of_the_notice_compiles() -> None:
    """A slip in an expression fails here, and not with the first list that meets it."""
    found = [pattern for module in MODULES for pattern in _among(vars(import_module(module)).values())]

    assert len(found) > 300
    assert all(pattern.groups >= 0 for pattern in found)


def test_reading_no_notice_compiles_no_pattern() -> None:
    """What imports the reader of notices and reads none waits for none of its expressions."""
    code = (
        "import gc, domain.notice.compiling\n"
        "from domain.notice.patterns import regex\n"
        "found = [each for each in gc.get_objects() if type(each) is type(regex(''))]\n"
        "compiled = [each for each in found if len(vars(each)) > 2]\n"
        "assert len(found) > 300 and not compiled, compiled"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_no_match_is_asked_for_the_identity_of_its_pattern() -> None:
    """A match knows the pattern that was compiled, which is never the one that stands in the module."""
    sources = {path.name: path.read_text() for path in (ROOT / "domain" / "notice").glob("*.py")}

    assert len(sources) > 50
    assert [name for name, source in sources.items() if re.search(r"\.re (?:is|==)", source)] == []
