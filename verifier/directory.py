"""Persons, departments and roles, from the leaves alone: who was who on which day, and who changed that.

Days are texts `YYYY-MM-DD`, whose order as text is their order in time; no last day is `None`. What was taken on its
last day itself ended in that instant: whatever comes later on that day is without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.plain_json import plain_json
from verifier.words import key_of

STREAM = "directory"
_ACTOR = "administrator:"
_MAY_LACK = ("until_on", "department_id", "principal_id")
_OFFICE = timedelta(hours=8)
_KNOWN = {
    "PersonOpened", "PersonRenamed", "PersonClosed", "AccountGiven", "AccountTaken", "DepartmentOpened",
    "DepartmentRenamed", "DepartmentClosed", "AliasGiven", "AliasTaken", "RoleGiven", "RoleTaken",
}  # fmt: skip


_NAMES = {"PersonOpened": ("name",), "PersonRenamed": ("before", "after")}
"""In which fields the names of persons stand: each as the file that has it, with a salt."""
_FILE = re.compile(r"sha256:(?P<sha256>[0-9a-f]{64}) .{1,120} \([0-9]{1,15} bytes\)")
_LEAST_SALT = 16


def office_day(instant: str) -> str:
    """The day of the office at an instant as the ledger writes it."""
    return (datetime.fromisoformat(instant) + _OFFICE).date().isoformat()


class Directory:
    """Folds the directory's events, in order. Events of types that it does not know are kept by name."""

    def __init__(self) -> None:
        self.persons: dict[str, dict[str, Any]] = {}
        self.departments: dict[str, dict[str, Any]] = {}
        self.grants: dict[int, dict[str, Any]] = {}
        self.unknown: set[str] = set()
        self.strange: list[tuple[str, str]] = []
        """The requests by somebody who was no administrator then: the first event of each, and its actor."""
        self.committed: dict[str, str] = {}
        """Whose name each file has that an entry commits to, by its hash."""
        self.opened: dict[str, str] = {}
        """The names in these files, by their hashes, once they were read."""
        self._asked: tuple[str, str, str] | None = None
        self._first = ""
        self._position = 0
        self._before: set[str] = set()

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of the directory's stream, which stands at this place of the log."""
        _must_be_texts(event["data"])
        self._commit(event)
        asked = (str(event["data"].get("cause")), event["actor"], office_day(event["decided"]))
        if asked != self._asked:
            self.end()
            self._asked, self._first, self._before = asked, event["id"], self.holders("administrator", asked[2])
        if event["type"] not in _KNOWN:
            self.unknown.add(event["type"])
            return
        self._position = position
        self._take(event["seq"], event["type"], event["data"], office_day(event["decided"]))

    def end(self) -> None:
        """Judge the last request: whoever asked was an administrator before it, or the first one after it."""
        if self._asked is None:
            return
        _, actor, day = self._asked
        allowed = self._before or self.holders("administrator", day)
        if not actor.startswith(_ACTOR) or actor.removeprefix(_ACTOR) not in allowed:
            self.strange.append((self._first, actor))
        self._asked = None

    def holders(self, role: str, day: str) -> set[str]:
        """The numbers of those who have a role on a day."""
        return {grant["person"] for grant in self.grants.values() if grant["role"] == role and _covers(grant, day)}

    def roles(self, person: str, day: str) -> set[tuple[str, str | None, str | None]]:
        """The roles of a person on a day, each with the department or the principal that it is about."""
        return {
            (grant["role"], grant["department"], grant["principal"])
            for grant in self.grants.values()
            if grant["person"] == person and _covers(grant, day)
        }

    def name(self, person: str, day: str) -> str:
        """The name that a person had on a day; the number where nobody has it, or it cannot be read."""
        names = self.persons.get(person, {}).get("names", [])
        known = [name for since, name in names if since <= day] or [name for _, name in names[:1]]
        return self.opened.get(known[-1], person) if known else person

    def _take(self, seq: int, kind: str, data: dict[str, Any], day: str) -> None:
        match kind:
            case "PersonOpened" | "DepartmentOpened":
                self._opened(kind, data)
            case "PersonRenamed" | "DepartmentRenamed":
                self._entry(data)["names"].append((data["from_on"], _hash_of(kind, data["after"])))
                self._call(data, kind, data["after"])
            case "PersonClosed" | "DepartmentClosed":
                self._closed(data, day)
            case "AccountGiven":
                held = {"account": data["account"], **self._period(data["from_on"])}
                self.persons[data["person_id"]]["accounts"].append(held)
            case "AccountTaken":
                accounts = self.persons[data["person_id"]]["accounts"]
                until = data["until_on"]
                his = (each for each in accounts if each["account"] == data["account"] and _covers(each, until))
                self._end(his, _last_had(until, day))
            case "AliasGiven":
                self.departments[data["department_id"]]["aliases"].append(data["alias"])
                self._call(data, kind, data["alias"])
            case "AliasTaken":
                self.departments[data["department_id"]]["aliases"].remove(data["alias"])
            case "RoleGiven":
                self.grants[seq] = {
                    "person": data["person_id"],
                    "role": data["role"],
                    "department": data["department_id"],
                    "principal": data["principal_id"],
                    **self._period(data["from_on"], data["until_on"]),
                }
            case "RoleTaken":
                self._end([self.grants[data["given"]]], _last_had(data["until_on"], day))

    def _commit(self, event: dict[str, Any]) -> None:
        """Whose names the event's files have; a name in clear, or without its file, is no entry's."""
        data = event["data"]
        said = [text for text in (data.get("attested"),) if text]
        for name in _NAMES.get(event["type"], ()):
            self.committed[_hash_of(event["type"], data[name])] = data["person_id"]
            said.append(data[name])
        blobs = {f"sha256:{blob['sha256']} {blob['name']} ({blob['size']} bytes)" for blob in event["blobs"]}
        if event["type"] in _NAMES and blobs != set(said):
            raise ValueError("the files are not those of the names")

    def _period(self, from_on: str, until: str | None = None) -> dict[str, Any]:
        """A period that is told here; each of its ends stands with the place at which it was told."""
        ends = [] if until is None else [(self._position, until)]
        return {"from": from_on, "until": until, "told": self._position, "ends": ends}

    def _end(self, periods: Iterable[dict[str, Any]], until: str) -> None:
        for period in list(periods):
            if period["until"] is None or period["until"] > until:
                period["until"] = until
                period["ends"].append((self._position, until))

    def _call(self, data: dict[str, Any], kind: str, name: str) -> None:
        """Note a name by which a department was ever called."""
        if kind not in _NAMES:
            self.departments[data["department_id"]].setdefault("called", set()).add(key_of(name))

    def _entry(self, data: dict[str, Any]) -> dict[str, Any]:
        return self.persons[data["person_id"]] if "person_id" in data else self.departments[data["department_id"]]

    def _opened(self, kind: str, data: dict[str, Any]) -> None:
        if kind == "PersonOpened":
            entry = self.persons.setdefault(data["person_id"], {"names": [], "periods": [], "accounts": []})
        else:
            entry = self.departments.setdefault(data["department_id"], {"names": [], "periods": [], "aliases": []})
            self._call(data, kind, data["name"])
        name = _hash_of(kind, data["name"])
        if not entry["names"] or entry["names"][-1][1] != name:
            entry["names"].append((data["from_on"], name))
        entry["periods"].append(self._period(data["from_on"]))

    def _closed(self, data: dict[str, Any], day: str) -> None:
        entry, until = self._entry(data), _last_had(data["until_on"], day)
        self._end([entry["periods"][-1]], data["until_on"])
        self._end(entry.get("accounts", []), until)
        if "person_id" in data:
            number = data["person_id"]
            self._end((each for each in self.grants.values() if number in (each["person"], each["principal"])), until)
        else:
            self._end((each for each in self.grants.values() if each["department"] == data["department_id"]), until)


def read_names(step: Step, bundle: Bundle, directory: Directory) -> None:
    """Read the names in the files that entries commit to, those that are there: their hashes are checked as every
    attachment's."""
    for sha256 in sorted(directory.committed):
        if (place := f"blobs/{sha256}") not in bundle.names:
            continue
        try:
            said = plain_json(bundle.read(place))
            name, salt = said["name"], said["salt"]
            if type(name) is not str or len(bytes.fromhex(salt[: 2 * _LEAST_SALT])) < _LEAST_SALT:
                raise ValueError("no name with its salt")
        except (ValueError, TypeError, KeyError, RecursionError):
            step.fail("name_unreadable", place, f"{directory.committed[sha256]} 的姓名文件不是姓名和足够长的随机数")
        else:
            directory.opened[sha256] = name


def check_directory(step: Step, directory: Directory) -> None:
    """Say how many persons and departments there are, and by whom the directory was changed who might not."""
    directory.end()
    for place, actor in directory.strange:
        who = directory.name(actor.removeprefix(_ACTOR), "9999")
        step.fail(
            "directory_actor", place, f"名册的这次变更由 {who}（{actor}）办理，而他那天不是管理员：不是由管理员更改的"
        )
    if directory.persons or directory.departments:
        step.note += f"；名册 {len(directory.persons)} 人、{len(directory.departments)} 个部门"
    if directory.unknown:
        step.note += f"；名册有本核验程序不认识的事件（{'、'.join(sorted(directory.unknown))}），请用新版核验程序"


def _hash_of(kind: str, text: str) -> str:
    """The hash by which an entry names the file of a person's name; a department's name stands there itself."""
    if kind not in _NAMES:
        return text
    match = _FILE.fullmatch(text)
    if match is None:
        raise ValueError("a person's name in clear")
    return match["sha256"]


def _must_be_texts(data: dict[str, Any]) -> None:
    for name, value in data.items():
        if name not in ("v", "given") and type(value) is not str and not (value is None and name in _MAY_LACK):
            raise TypeError(name)


def _covers(period: dict[str, Any], day: str) -> bool:
    return bool(period["from"] <= day and (period["until"] is None or day <= period["until"]))


def _last_had(until: str, said_on: str) -> str:
    """The last day of which somebody has the whole, where `until` was said to be the last one."""
    return until if until != said_on else (date.fromisoformat(until) - timedelta(days=1)).isoformat()
