"""The tables of docs/ that are made from the code. `make docs` writes them; a test compares them.

A table stands between two comments, `<!-- made from the code: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from application.settings import PREFIX, Settings
from domain import directory, events
from domain.accounts.tokens import TokenRole
from domain.acts import commands
from tests.architecture.tree import ROOT

DOCS = ROOT / "docs"
_PLACE = re.compile(r"(?<=<!-- made from the code: )(\w+)( -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = (head, tuple("---" for _ in head), *rows)
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in cells)


def models_of(module: ModuleType, root: type[BaseModel]) -> list[type[BaseModel]]:
    """The kinds of a root model that a package defines, in their order in the union that it gives them in."""
    families = f"{module.__name__}."
    return [
        kind
        # A family of one is the same class under two names.
        for kind in dict.fromkeys(each for each in vars(module).values() if inspect.isclass(each))
        if issubclass(kind, root) and "type" in kind.model_fields and kind.__module__.startswith(families)
    ]


def _kinds(module: ModuleType, root: type[BaseModel]) -> str:
    return _table(
        ("name", "says", "carries"),
        (
            (
                f"`{kind.__name__}`",
                (kind.__doc__ or "").strip().partition("\n")[0],
                " ".join(f"`{name}`" for name in kind.model_fields if name not in {*root.model_fields, "type"}),
            )
            for kind in models_of(module, root)
        ),
    )


def _bounds(field: FieldInfo) -> str:
    """Between which numbers a setting may be, as its model says."""
    least, most = (
        next((value for each in field.metadata if (value := getattr(each, name, None)) is not None), None)
        for name in ("ge", "le")
    )
    if least is None or most is None:
        return ""
    return f" ({least} to {most})"


def _settings() -> str:
    return _table(
        ("variable", "default", "meaning"),
        (
            (
                f"`{PREFIX}{name.upper()}`",
                "none" if field.default is None else f"`{field.default}`",
                f"{field.description or ''}{_bounds(field)}",
            )
            for name, field in Settings.model_fields.items()
        ),
    )


def _api() -> str:
    from entrypoints.api.table import ROOT as root  # noqa: N811, PLC0415 - loaded for this one table
    from entrypoints.api.table import table  # noqa: PLC0415 - as above

    # A leader reads in the desk: no token stands for one.
    bound = {"department", *get_args(TokenRole)}
    return _table(
        ("address", "whose", "as of", "says"),
        (
            (
                f"`{route.method} {root}{route.path}`",
                "every token" if isinstance(route.who, str) else ", ".join(sorted(route.who & bound)),
                "yes" if route.is_as_of else "",
                route.sentence,
            )
            for route in table()
        ),
    )


TABLES: dict[str, Callable[[], str]] = {
    "events": lambda: _kinds(events, events.Event),
    "directory": lambda: _kinds(directory, events.Event),
    "commands": lambda: _kinds(commands, commands.Command),
    "settings": _settings,
    "api": _api,
}


def brought_up_to_date(text: str) -> str:
    """A document with its tables as the code has them now."""
    return _PLACE.sub(lambda place: place[1] + place[2] + TABLES[place[1]](), text)


def documents() -> list[Path]:
    """The documents that hold a table made from the code."""
    return sorted(path for path in DOCS.rglob("*.md") if _PLACE.search(path.read_text(encoding="utf-8")))


def main() -> None:
    """Write the tables into the documents."""
    for path in documents():
        path.write_text(brought_up_to_date(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
