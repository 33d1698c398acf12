"""Edge values for every field of a model, made from the model's own schema: a new field is in it by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

Path = tuple[str | int, ...]

TEXTS: dict[str, Any] = {
    "empty": "",
    "blank": " \u3000",
    "4,000 wide characters": "𠮷" * 4_000,
    "4,001 characters": "长" * 4_001,
    "100,000 characters": "长" * 100_000,
    "NUL": "文\x00字",
    "escape": "红\x1b[2J",
    "bell": "宣传部\x07",
    "C1": "文\x85\x9b字",
    "turned round": "甲\u202e乙",
    "isolated": "\u2066甲",
    "nothing to see": "\u200b\u2060",
    "not seen within": "宣\u200b传部",
    "lone surrogate": "甲\ud800",
    "no character": "甲\ufffe\U0010ffff",
    "lines": "甲\r\n乙\n丙\t丁",
    "return": "甲\r乙",
    "separators": "甲\u2028乙\u2029",
    "quotes": "\"'\\{}[]:#&*!|>%@`" * 20,
    "markup": "[red]甲[/red]{lead}{department}",
    "a number": 7,
    "nothing": None,
}
DAYS: dict[str, Any] = {
    "before the first day": "1948-12-31",
    "the first day": "1949-01-01",
    "today": "2018-05-09",
    "a leap day": "2020-02-29",
    "the last day": "2199-12-31",
    "after the last day": "2200-01-01",
    "year 9999": "9999-12-31",
    "year 1": "0001-01-01",
    "no day": "2018-02-30",
    "a number": 253_402_214_400,
    "nothing": None,
}
NUMBERS: dict[str, Any] = {
    "0": 0,
    "1": 1,
    "negative": -1,
    "a thousand million": 10**9,
    "one more": 10**9 + 1,
    "2^31": 2**31,
    "2^53": 2**53,
    "2^64": 2**64,
    "ten to the thirtieth": 10**30,
    "a half": 0.5,
    "infinite": float("inf"),
    "yes": True,
    "a text": "１",
    "nothing": None,
}
OTHERS: dict[str, Any] = {"a text": "\x1b", "a number": 2**53, "nothing": None, "a list": [], "an object": {}}
MANY = 1_500


Answer = TypeVar("Answer")
Refusal = TypeVar("Refusal", bound=Exception)


def tried(ask: Callable[[], Answer], refusal: type[Refusal]) -> Answer | Refusal:
    """What is answered, or the refusal; whatever else is raised is a fault."""
    try:
        return ask()
    except refusal as error:
        return error


@dataclass(frozen=True, slots=True)
class Edge:
    """A document with one value replaced: where, by what, and the document."""

    path: Path
    name: str
    document: Any

    def __str__(self) -> str:
        """How a test names it."""
        return f"{'.'.join(map(str, self.path))}: {self.name}"


def edges(schema: dict[str, Any], base: Any) -> Iterator[Edge]:
    """The base document of a schema with each of its fields, written or not, at each edge value in turn."""
    for path, name, value in _places(schema, schema, base, ()):
        yield Edge(path, name, _with(base, path, value))


def _places(root: dict[str, Any], schema: dict[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    forms = [form for form in _forms(root, schema) if form.get("type") != "null"]
    for form in forms:
        kind = form.get("type")
        if "properties" in form:
            if len(forms) > 1 and not _fits(form, value):
                continue
            given = value if isinstance(value, dict) else {}
            for name, inner in form["properties"].items():
                yield from _places(root, inner, given.get(name), (*path, name))
        elif kind == "object":
            yield from _keys(root, form, value, path)
        elif kind == "array":
            items = value if isinstance(value, list) else []
            yield path, "empty list", []
            if items:
                yield path, "many", items * MANY
                yield path, "twice", [*items, items[0]]
                yield from _places(root, form.get("items", {}), items[0], (*path, 0))
        elif "enum" not in form and "const" not in form:
            values = NUMBERS if kind in ("integer", "number") else _texts(form) if kind == "string" else OTHERS
            yield from ((path, name, edge) for name, edge in values.items())
        else:
            yield from ((path, name, edge) for name, edge in OTHERS.items())


def _keys(root: dict[str, Any], form: dict[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    given = value if isinstance(value, dict) else {}
    for name, text in TEXTS.items():
        if isinstance(text, str):
            yield path, f"key {name}", {text: next(iter(given.values()), {})}
    for key, inner in list(given.items())[:1]:
        forms = [form.get("additionalProperties"), *form.get("patternProperties", {}).values()]
        for each in forms:
            if isinstance(each, dict):
                yield from _places(root, each, inner, (*path, key))


def _texts(form: dict[str, Any]) -> dict[str, Any]:
    return DAYS if form.get("format") == "date" else TEXTS


def _forms(root: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return _forms(root, root["$defs"][schema["$ref"].rpartition("/")[2]])
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    return [form for each in several for form in _forms(root, each)] if several else [schema]


def _fits(form: dict[str, Any], value: Any) -> bool:
    kind = form["properties"].get("type", {}).get("const")
    return kind is None or (isinstance(value, dict) and value.get("type") == kind)


def _with(document: Any, path: Path, value: Any) -> Any:
    """The document with another value at a place; what does not lie on the way there is the same one, and stays."""
    if not path:
        return value
    step, *rest = path
    if document is None:
        document = [] if isinstance(step, int) else {}
    changed = copy.copy(document)
    here = document.get(step) if isinstance(document, dict) else document[step]
    changed[step] = _with(here, tuple(rest), value)
    return changed
