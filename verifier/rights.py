"""For whom an account could act: account, person and role of an attestation, held against the directory as the ledger
had it at some moment from when its door received the act until it was recorded.

The owner of the installation acts through its shell for whomever he names: he has no account there, and whom he names
is somebody of the directory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from verifier import directory
from verifier.directory import Directory
from verifier.times import days_between, in_the_year
from verifier.words import key_of

_CLOCKS_DIFFER: Final = timedelta(minutes=2)
_PROJECTS: Final = "key-project/"
_NEVER: Final = "9999"
_LEADERS: Final = frozenset({"leader_in_charge", "principal_leader"})
_OF_DEPARTMENTS_ALONE: Final = frozenset({"department", "head", "liaison"})
_ACCOUNT = "account_of_another", "证明所说的账号那时在名册里不是这个人的"
_SHELL = "account_of_another", "本机用户只能在命令行办理，而这份证明是别的受理端的"
_PERSON = "person_unknown", "办理人那时不在名册里，或姓名不是名册里这个人的"
_UNREADABLE = "attestation_unreadable", "证明里的人、账号、职务或时间读不懂"
_ROLE = "role_not_had", "办理人那时在名册里没有办这件事所须的任职"


@dataclass(frozen=True)
class Moment:
    """When an act was given: by which entry it is on record, what of the directory its door knew for sure, and the days
    of the office from the first to the last that it may have been."""

    position: int
    known: str
    first: str
    last: str


class Rights:
    """Holds attestations against a directory that was read to its end."""

    def __init__(self, directory: Directory, appended: Sequence[str], *, all_clocks: bool) -> None:
        self._directory = directory
        self._appended = appended
        self._all_clocks = all_clocks
        self.clocks: dict[str, list[Any]] = {}
        """The clocks with which each project was started, as it was attested; without `all_clocks` there are others."""
        self._different: list[Any] = [{}]

    def start(self, stream: str, clock: Any) -> None:
        """Take the clock of a start that was issued."""
        self.clocks.setdefault(stream, []).append(clock)
        if clock not in self._different:
            self._different.append(clock)

    def fault(self, position: int, event: dict[str, Any], said: dict[str, Any]) -> tuple[str, str] | None:
        """Why the one who is said to have given an act could not; none where he could."""
        fault: tuple[str, str] | None = _UNREADABLE
        try:
            received = datetime.fromisoformat(str(said["received_at"])).astimezone(UTC) - _CLOCKS_DIFFER
            known = received.isoformat(timespec="microseconds").replace("+00:00", "Z")
            for first, last in self._days(position, event, str(said["received_at"])):
                if (fault := self._fault(Moment(position, known, first, last), said)) is None:
                    return None
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, IndexError):
            return _UNREADABLE
        return fault

    def _days(self, position: int, event: dict[str, Any], received_at: str) -> Iterator[tuple[str, str]]:
        """From which day to which it may have been, by each clock that it may have been given by."""
        if event["stream"].startswith(_PROJECTS) or event["stream"] == directory.STREAM:
            for clock in self.clocks.get(event["stream"], [None]):
                yield days_between(received_at, event["decided"], clock)
        elif not self._all_clocks:
            yield "", _NEVER
        else:
            # The ledger's own entries have the ledger's clock, and the directory that of the supervised year.
            for clock in self._different:
                yield days_between(received_at, in_the_year(self._appended[position], clock), clock)

    def _fault(self, when: Moment, said: dict[str, Any]) -> tuple[str, str] | None:
        command, number = said["act"]["command"], said["person_id"]
        by = command.get("by") if isinstance(command.get("by"), dict) else {}
        if said["login"]["how"] == "local-os-user":
            return _SHELL if said["door"]["kind"] != "shell" else self._fault_of_the_named(when, by, command)
        accounts = self._directory.persons.get(number, {}).get("accounts", [])
        if not any(each["account"] == said["account"] and self._is_had(each, when) for each in accounts):
            return _ACCOUNT
        names = [said["name"], *([by["name"]] if by and by.get("name") != by.get("department") else [])]
        if not all(self._is_his(name, number) for name in names):
            return _PERSON
        return _ROLE if by and not self._may(when, said, by) else None

    def _fault_of_the_named(self, when: Moment, by: dict[str, Any], command: dict[str, Any]) -> tuple[str, str] | None:
        number, operators = by.get("person_id"), by.get("role") == "operator"
        if number is None:
            grants = self._directory.grants.values()
            there = (
                each for each in grants if each["role"] == "operator" and self._appended[each["told"]] < when.known
            )
            return _PERSON if operators and any(self._is_had(each, when) for each in there) else None
        periods = self._directory.persons.get(number, {}).get("periods", [])
        if not any(self._is_had(each, when) for each in periods) or not self._is_his(by.get("name"), number):
            return _PERSON
        if not operators or command.get("on_behalf_of") is not None:
            return None
        ever = any(each["person"] == number for each in self._directory.grants.values())
        roles = {each["role"] for each in self._roles(number, when)}
        return _ROLE if ever and roles <= _OF_DEPARTMENTS_ALONE else None

    def _may(self, when: Moment, said: dict[str, Any], by: dict[str, Any]) -> bool:
        """Whether he has the role in which he acts, and his login stood for it."""
        grants = [each for each in self._roles(said["person_id"], when) if each["role"] in said["roles"]]
        if by.get("department") is not None:
            called = key_of(by["department"])
            theirs = (each["department"] for each in grants if each["role"] == "department")
            return any(called in self._directory.departments.get(each, {}).get("called", ()) for each in theirs)
        principal = (said["act"]["command"].get("on_behalf_of") or {}).get("person_id")
        own = _LEADERS if said["act"]["command"].get("type") == "IssueDirective" else frozenset()
        return any(
            each["role"] == "operator"
            or each["role"] in own
            or (each["role"] == "deputy" and each["principal"] == principal and self._is_operator(principal, when))
            for each in grants
        )

    def _is_operator(self, person: Any, when: Moment) -> bool:
        return any(each["role"] == "operator" for each in self._roles(person, when))

    def _roles(self, person: Any, when: Moment) -> list[dict[str, Any]]:
        grants = self._directory.grants.values()
        return [each for each in grants if each["person"] == person and self._is_had(each, when)]

    def _is_had(self, period: dict[str, Any], when: Moment) -> bool:
        """Whether a period has one of the days: begun by the act's entry, and not known to be over before."""
        ends = (until for told, until in period["ends"] if self._appended[told] < when.known)
        return (
            period["told"] <= when.position and period["from"] <= when.last and when.first <= min(ends, default=_NEVER)
        )

    def _is_his(self, name: Any, number: str) -> bool:
        """Whether a name is one that a person had; of one whose names cannot all be read nobody knows."""
        names = [each for _, each in self._directory.persons[number]["names"]]
        opened = [self._directory.opened[each] for each in names if each in self._directory.opened]
        return name in opened or len(opened) < len(names) or key_of(name) in map(key_of, opened)
