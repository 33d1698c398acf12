"""The directory as a table that people keep in a spreadsheet: one row says one thing, and says what it is about.

| 类别 | 编号 | 名称 | 别名 | 账号 | 角色 | 部门 | 代谁办理 | 自 | 至 |

A `部门` row is a department, a `人员` row a person (one row for each time that he was there), a `任职` row a role of
the person in `编号` or `名称`. Without a number the name tells who is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast

from domain.bounds import DAY_BOUNDS, is_day
from domain.directory.directory import Department, Directory, Entry, Grant, Named, Period, Person
from domain.directory.ids import ROLE_WORDS, SEPARATORS, DirectoryId, DirectoryRole, role_named

HEADS: Final = ("类别", "编号", "名称", "别名", "账号", "角色", "部门", "代谁办理", "自", "至")
"""The columns, in order."""
NEEDED_HEADS: Final = ("类别", "名称")
MOST_ROWS: Final = 5_000

Kind = Literal["部门", "人员", "任职"]
_BELONG: Mapping[str, frozenset[str]] = {
    "部门": frozenset({"类别", "编号", "名称", "别名", "自", "至"}),
    "人员": frozenset({"类别", "编号", "名称", "账号", "自", "至"}),
    "任职": frozenset({"类别", "编号", "名称", "角色", "部门", "代谁办理", "自", "至"}),
}
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as a file has it: where it stands, and its cells by their heads."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DirectoryTable:
    """What a file holds: its rows, and sentences about what was not taken (a column nobody knows, another sheet)."""

    name: str
    rows: tuple[TableRow, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one row says, read."""

    place: str
    kind: Kind
    number: DirectoryId | None
    name: str | None
    names: tuple[str, ...]
    """Aliases of a department, accounts of a person."""
    role: DirectoryRole | None
    department: str | None
    principal: str | None
    from_on: date | None
    until_on: date | None


class RowFaultError(Exception):
    """A row cannot be taken; the sentence says why, without its place."""


def said_by(row: TableRow) -> Said:
    """What a row says.

    Raises:
        RowFaultError: it says nothing that the directory understands.
    """
    cells = {head: text.strip() for head, text in row.cells.items() if text.strip()}
    kind = cells.get("类别", "")
    if kind not in _BELONG:
        raise RowFaultError(f"“类别”写的是“{kind}”：应是 部门、人员 或 任职")
    if strange := next((head for head in HEADS if head in cells and head not in _BELONG[kind]), None):
        hint = "，任职请另起一行，类别写“任职”" if strange == "角色" else ""
        raise RowFaultError(f"{kind}一行不写“{strange}”{hint}")
    if "编号" not in cells and "名称" not in cells:
        raise RowFaultError("“编号”和“名称”都是空的：至少写一项")
    role = role_named(cells["角色"]) if "角色" in cells else None
    if kind == "任职" and role is None:
        words = "、".join(ROLE_WORDS.values())
        raise RowFaultError(f"“角色”写的是“{cells.get('角色', '')}”：应是 {words} 之一")
    return Said(
        place=row.place,
        kind=cast(Kind, kind),
        number=cells.get("编号"),
        name=cells.get("名称"),
        names=_several(cells.get("别名" if kind == "部门" else "账号", "")),
        role=role,
        department=cells.get("部门"),
        principal=cells.get("代谁办理"),
        from_on=_day(cells, "自"),
        until_on=_day(cells, "至"),
    )


def rows_of(directory: Directory) -> list[dict[str, str]]:
    """The directory as rows: departments, persons, roles. What a row cannot say is told by `not_in_rows`."""
    rows = [_department_row(each, period) for each in directory.departments.values() for period in each.periods]
    rows += [_person_row(each, period) for each in directory.persons.values() for period in each.periods]
    return rows + [_role_row(directory, grant) for grant in directory.grants]


def not_in_rows(directory: Directory) -> tuple[str, ...]:
    """What stands in the ledger and not in the rows."""
    entries: list[Person | Department] = [*directory.persons.values(), *directory.departments.values()]
    former = sum(len(entry.names) - 1 for entry in entries)
    ended = sum(held.period.until_on is not None for each in directory.persons.values() for held in each.accounts)
    told = ((former, "曾用名"), (ended, "已停用的账号"))
    return tuple(f"{count} 个{what}只在台账里，不在文件中" for count, what in told if count)


def _department_row(department: Department, period: Period) -> dict[str, str]:
    row = {"类别": "部门", "编号": department.number, "名称": department.name, "别名": _joined(department.aliases)}
    return _row(row, period)


def _person_row(person: Person, period: Period) -> dict[str, str]:
    held = (each.account for each in person.accounts if each.period.until_on is None and period.until_on is None)
    return _row({"类别": "人员", "编号": person.number, "名称": person.name, "账号": _joined(tuple(held))}, period)


def _role_row(directory: Directory, grant: Grant) -> dict[str, str]:
    row = {"类别": "任职", "编号": grant.person_id, "名称": directory.persons[grant.person_id].name}
    row["角色"] = ROLE_WORDS[grant.role]
    if grant.department_id is not None:
        row["部门"] = _told(directory.department_named, directory.departments[grant.department_id], grant)
    if grant.principal_id is not None:
        row["代谁办理"] = _told(directory.person_named, directory.persons[grant.principal_id], grant)
    return _row(row, grant.period)


def _told(named: Callable[[str, date], Named[Entry]], entry: Entry, grant: Grant) -> str:
    """By name where a reader finds the one who is meant; another one may have borne it on these days."""
    return entry.name if named(entry.name, grant.period.from_on).one == entry else entry.number


def _row(cells: Mapping[str, str], period: Period) -> dict[str, str]:
    days = {"自": str(period.from_on), "至": str(period.until_on) if period.until_on else ""}
    return {head: {**cells, **days}.get(head, "") for head in HEADS}


def _joined(names: tuple[str, ...]) -> str:
    return SEPARATORS[0].join(names)


def _several(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(f"[{SEPARATORS}\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _day(cells: Mapping[str, str], head: str) -> date | None:
    text = cells.get(head)
    if text is None:
        return None
    match = _DAY.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        if head == "至":
            raise RowFaultError(f"“至”写的“{text}”不是日期：应写作 2018-04-25，没有止日的留空")
        raise RowFaultError(f"“{head}”写的“{text}”不是日期：应写作 2018-04-25")
    if not is_day(day):
        raise RowFaultError(f"“{head}”写的“{text}”不可用：{DAY_BOUNDS}")
    return day
