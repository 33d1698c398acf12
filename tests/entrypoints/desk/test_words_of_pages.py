"""No word of another language on any page, for anybody: all pages as each role, and every refusal, in English."""

from __future__ import annotations

import ast
import html
import importlib
import inspect
import pkgutil
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

import domain.accounts
import domain.acts
import domain.directory
import domain.lists
from domain.errors import PhrasedError
from entrypoints.core_sentences import core_said, is_chinese
from entrypoints.desk.act_forms import act_forms
from entrypoints.desk.pages import PAGES
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import PEOPLE
from tests.entrypoints.desk.test_access import path_of

ROOT: Final = Path(__file__).parents[3]
NUMBERED: Final = re.compile(r"(催办|提醒|超报|时提|督通)〔2018〕\d+号")
NAMES: Final = frozenset(name for name, _, _ in PEOPLE.values()) | {
    *("组织部", "宣传部", "教务处", "Head of 组织部", "Head of 宣传部", "Head of 教务处"),
    *("张副市长", "改革", "市委常委会"),
}
"""Names, and what a list says: they stand as they were written."""
READERS: Final = [account for account in PEOPLE if account != "head"]
"""Those whose pages are read: a liaison's say all that a head's do."""
_NAMED: Final = re.compile("|".join(sorted(map(re.escape, NAMES), key=len, reverse=True)))
LATIN: Final = frozenset(
    {
        "English",
        "csv",
        "xlsx",
        "yaml",
        "Word",
        "Excel",
        "PDF",
        "key-project",
        "DUBAN",
        "CHANNELS",
        "examples",
        "channels",
    }
    | {"duban account token"}
)
"""Latin words on Chinese pages: formats, programs, settings, and the beginning of an event's number."""
MORE: Final = (
    *("/reports?of=2018-05", "/scores?period=2018-05&department=组织部", "/year-end?year=2018"),
    *(
        "/whole-lists?what=withdrawal&year=2018",
        "/hand-over?department=宣传部&to=组织部",
        "/many?act=urge&item=2018-05a",
        "/many?act=strike-off&item=2018-05a-01",
    ),
    "/confirmations/2018-05a/3",
)
ADDRESSES: Final = (
    *(path_of(page) for page in PAGES if page.method == "GET"),
    *(f"/projects/2018-05a/acts/{form.path}?milestone=2018-05a-02" for form in act_forms().values()),
    *(f"/duties/2018-05a-02/{form.path}" for form in act_forms().values()),
    *MORE,
)
_UNSHOWN: Final = re.compile(r"<html[^>]*>|<(script|style|svg|head)\b.*?</\1>", re.DOTALL)
_WRITTEN: Final = re.compile(r'<(\w+)\b[^>]*\blang="zh-CN"[^>]*>(?:(?!<\1\b).)*?</\1>', re.DOTALL)
_TOLD: Final = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')


def words_of(page: str) -> list[str]:
    """What a page says, line by line, without what it marks as somebody's own text."""
    text = _UNSHOWN.sub("", page)
    while (less := _WRITTEN.sub(" ", text)) != text:
        text = less
    lines = [*re.sub(r"<[^>]+>", "\n", text).splitlines(), *_TOLD.findall(text)]
    return [line for each in lines if (line := html.unescape(each).strip(" ·\t"))]


@pytest.mark.parametrize("account", READERS)
async def test_an_english_page_has_no_chinese_word_but_names(seen: Browsers, account: str) -> None:
    """Every page, or its refusal, as each role."""
    left = [
        (path, line)
        for path, lines in [(path, lines) async for path, lines in _crawled(seen, account, "en")]
        for line in lines
        if is_chinese(_NAMED.sub("", line)) and NUMBERED.fullmatch(line) is None
    ]
    assert left == []


@pytest.mark.parametrize("account", READERS)
async def test_a_chinese_page_has_no_latin_word_but_those_of_formats(seen: Browsers, account: str) -> None:
    """No name of a class, a field or a state of the program's own stands on a page."""
    left = {
        (path, word)
        for path, lines in [(path, lines) async for path, lines in _crawled(seen, account, "zh")]
        for line in lines
        for word in re.findall(r"[A-Za-z]{3,}[A-Za-z -]*", line)
        if word.strip() not in LATIN
    }
    assert left == set()


async def _crawled(seen: Browsers, account: str, language: str) -> AsyncIterator[tuple[str, list[str]]]:
    browser = await seen.of(account)
    await browser.post("/language", {"language": language, "here": "/"})
    for path in ADDRESSES:
        answer = await browser.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            yield path, words_of(answer.text)


def declared() -> dict[str, str]:
    """Every refusal that is declared by its sentence, with likely values in it."""
    for package in (domain.acts, domain.accounts, domain.directory, domain.lists):
        _import_all(package)
    for module in ("domain.markings", "domain.notice.refusals"):
        importlib.import_module(module)
    found = {}
    kinds = list(PhrasedError.__subclasses__())
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        says = vars(kind).get("says")
        if says and re.match(r"domain\.(acts|accounts|directory|lists|markings|notice)\b", kind.__module__):
            fields = {name: of for each in reversed(kind.__mro__) for name, of in inspect.get_annotations(each).items()}
            found[kind.__name__] = re.sub(r"\{([^}]*)\}", partial(_likely, fields), says)
    return found


def _import_all(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def _likely(fields: dict[str, str], field: re.Match[str]) -> str:
    name = field[1].partition(":")[0]
    if name in ("milestone_id", "project_id", "whole"):
        return "2018-05a-01" if name == "milestone_id" else "2018-05a"
    kind = str(fields.get(name.partition(".")[0], ""))
    if kind == "ProjectId":
        return "2018-05a"
    if name.endswith(("_on", "_at")) or kind in ("date", "datetime") or name in ("today", "earliest", "on"):
        return "2018-06-01"
    return "7" if kind in ("int", "timedelta") else "Xu"


def raised() -> dict[str, str]:
    """Every sentence that is raised where the desk works, with a number where a value stands."""
    found: dict[str, str] = {}
    for folder in ("application/desk_work", "application/accounts", "domain/accounts", "entrypoints/desk"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    why = [each.value for each in node.exc.keywords if each.arg == "why"]
                    for said in (*node.exc.args, *why):
                        found.setdefault(_sentence(said), path.name)
    return {said: place for said, place in found.items() if is_chinese(said)}


def _sentence(said: ast.expr) -> str:
    if isinstance(said, ast.Constant):
        return str(said.value)
    parts = said.values if isinstance(said, ast.JoinedStr) else []
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in parts)


def test_every_refusal_is_told_in_english() -> None:
    """Of acts, of logins, of the directory, of lists, and whatever the desk refuses by itself: no Chinese is left."""
    said = {**{sentence: name for name, sentence in declared().items()}, **raised()}
    assert len(said) > 140
    assert {place: sentence for sentence, place in said.items() if is_chinese(core_said("en", sentence))} == {}
