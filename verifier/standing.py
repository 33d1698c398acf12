"""What stood in a project before an entry, where an act is held against it: who led, who had a duty, whose deputy was
who on which days.

An entry of an act says less than this where the project knew it already: of the lead no department, and of a deputy who
is dismissed the name under which he was appointed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from verifier.directory import office_day
from verifier.words import key_of

_GIVES_DUTIES: Final = frozenset(
    {
        "AssigningDepartmentChanged",
        "DisputeRuled",
        "DutyDecomposed",
        "DutyHandedOver",
        "LeadReassigned",
        "MilestoneAdded",
        "MilestoneAmended",
        "ParticipantReplaced",
        "ProjectAmended",
        "ProjectDocketed",
        "SubDutiesHandedOver",
        "SubDutyReassigned",
    }
)
PROJECTS: Final = "key-project/"
_THE_LEADS: Final = frozenset(
    {"AnswerDirective", "AnswerInspection", "ReportRectification", "RequestExtension", "SupplementExtension"}
)
"""What only the department that leads does."""
_OWN_DEPUTY: Final = frozenset({"AppointDeputy", "DismissDeputy"})
_LAST_DAYS: Final = 16
"""So long before its end a year may be closed by one person, where the policy says nothing else."""
_NO_MANDATE: Final = "mandate_not_had", "办理人那天没有受所说的委托人委托，不能在这个项目代他办理"
_NOT_ITS_PRINCIPAL: Final = "mandate_of_another", "委托或终止委托的，不是委托人自己"
_NO_DUTY: Final = "duty_not_had", "办理的部门那时在这个项目里没有任务"
_ONE_PERSON: Final = "one_person", "提前年终、收回年终或撤项须另有一人确认，而没有，或确认的就是办理人"
_UNREADABLE: Final = "attestation_unreadable", "证明里的人读不懂"


def stream_of(project_id: Any) -> str:
    """The stream of a project."""
    year, _, serial = str(project_id).partition("-")
    return f"{PROJECTS}{year}/{serial}"


@dataclass
class _Mandate:
    """A deputy as he was appointed: between which two entries he stood."""

    told: dict[str, Any]
    since: int
    until: int | None = None

    def stands(self, position: int, day: str) -> bool:
        ended = self.until is not None and self.until < position
        return self.since < position and not ended and self.told["from_on"] <= day <= self.told["until_on"]


class Standing:
    """Follows the projects of a log in order of their entries, and keeps what stood where it is asked for."""

    KINDS = _GIVES_DUTIES | {"DeputyAppointed", "DeputyDismissed"}

    def __init__(self) -> None:
        self._leads: defaultdict[str, list[tuple[int, Any]]] = defaultdict(list)
        """By project: from which entry on who leads."""
        self._mandates: defaultdict[str, list[_Mandate]] = defaultdict(list)
        self._named: defaultdict[str, dict[str, int]] = defaultdict(dict)
        """By project: from which entry on a name, or any other text, stands in what gives duties."""
        self._rules: dict[str, dict[str, Any]] = {}

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of these kinds."""
        data, stream, kind = event["data"], event["stream"], event["type"]
        if kind in _GIVES_DUTIES:
            for text in set(_texts(data.get("project", data))):
                self._named[stream].setdefault(key_of(text), position)
        if kind == "ProjectDocketed":
            self._leads[stream].append((position, data["project"]["lead_department"]))
            self._rules[stream] = data.get("policy", {}).get("mass_acts") or {}
        elif kind == "LeadReassigned":
            self._leads[stream].append((position, data["after"]))
        elif kind == "DeputyAppointed":
            self._mandates[stream].append(_Mandate(data, position))
        elif kind == "DeputyDismissed":
            for each in self._mandates[stream]:
                if each.until is None and all(each.told[name] == data[name] for name in ("principal", "deputy")):
                    each.until = position

    def fits(self, position: int, event: dict[str, Any], command: dict[str, Any]) -> bool:
        """Whether an entry is about whom its act named: the one who led, the two who were appointed."""
        data, act = event["data"], command.get("type")
        if (act, event["type"]) == ("Urge", "UrgeIssued"):
            named = command.get("department")
            return data.get("department") is not None or named is None or self._leads_then(named, position, event)
        if (act, event["type"]) == ("DismissDeputy", "DeputyDismissed"):
            # Two of one name may have been appointed: one of them is meant.
            ended = [each.told for each in self._mandates[event["stream"]] if each.until == position]
            two = ("principal", "deputy")
            return any(all(_is(command.get(name), None, one, name) for name in two) for one in ended)
        return True

    def fault(self, position: int, event: dict[str, Any], command: dict[str, Any]) -> tuple[str, str] | None:
        """Why the project let nobody do that who is said to have given an act; none where it did."""
        data, principal = event["data"], command.get("on_behalf_of")
        try:
            day, mandates = office_day(event["decided"]), self._mandates[event["stream"]]
            theirs = (each.told for each in mandates if each.stands(position, day))
            if principal is not None and not any(_stands_in(command, data, told) for told in theirs):
                return _NO_MANDATE
            if command["type"] in _OWN_DEPUTY and not _is_the_principal(command, data):
                return _NOT_ITS_PRINCIPAL
            department = (principal or command["by"]).get("department")
            if department is not None and not self._has_a_duty(department, position, event, command["type"]):
                return _NO_DUTY
            return _ONE_PERSON if self._needs_two(event, day) and not _is_confirmed(command, data) else None
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            return _UNREADABLE

    def _leads_then(self, department: Any, position: int, event: dict[str, Any]) -> bool:
        led = [lead for since, lead in self._leads[event["stream"]] if since < position]
        return key_of(department) == key_of(led[-1] if led else None)

    def _has_a_duty(self, department: Any, position: int, event: dict[str, Any], act: str) -> bool:
        if act in _THE_LEADS:
            return self._leads_then(department, position, event)
        return self._named[event["stream"]].get(key_of(department), position) < position

    def _needs_two(self, event: dict[str, Any], day: str) -> bool:
        """Whether a year's end needs a second person: before its last days, or to take it back."""
        rules, year = self._rules.get(event["stream"], {}), int(event["stream"].split("/")[1])
        last_days = timedelta(days=rules.get("close_year_days_before_end", _LAST_DAYS))
        early = event["type"] == "YearClosed" and day < (date(year, 12, 31) - last_days).isoformat()
        return bool(rules.get("two_persons", True)) and (early or event["type"] == "ProjectReopened")


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _kept(person: dict[str, Any]) -> str:
    """A person as entries keep him."""
    name, department = person.get("name"), person.get("department")
    if department is None:
        return f"{person.get('role')}:{name}"
    return f"department:{department}" + (f":{name}" if name != department else "")


def _is_same(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    """Whether two are one person: by their numbers, or by their names where a number is not known."""
    if None not in (one[1], other[1]):
        return bool(one[1] == other[1])
    return key_of(one[0]) == key_of(other[0])


def _is(person: Any, number: Any, told: dict[str, Any], name: str) -> bool:
    """Whether a person, whose number may be known otherwise, is the one who was appointed, or who appointed him."""
    if not isinstance(person, dict):
        return False
    known = _kept(person), person.get("person_id") or number
    return _is_same(known, (str(told[name]), told.get(f"{name}_person")))


def _stands_in(command: dict[str, Any], data: dict[str, Any], told: dict[str, Any]) -> bool:
    by, principal = command["by"], command["on_behalf_of"]
    # Any person of a department stands in where the department itself was appointed.
    of_it = by.get("department") is not None and key_of(told["deputy"]) == key_of(f"department:{by['department']}")
    is_deputy = of_it or _is(by, data.get("by_person"), told, "deputy")
    return is_deputy and _is(principal, data.get("for_person"), told, "principal")


def _is_the_principal(command: dict[str, Any], data: dict[str, Any]) -> bool:
    """Whether somebody appoints or dismisses his own deputy; any person of a department does for it."""
    by, principal = command["by"], command["principal"]
    if principal.get("department") is not None:
        return key_of(by.get("department")) == key_of(principal["department"])
    own = _kept(by), by.get("person_id") or data.get("by_person")
    return _is_same(own, (_kept(principal), principal.get("person_id")))


def _is_confirmed(command: dict[str, Any], data: dict[str, Any]) -> bool:
    """Whether another one than who gave an act confirmed it."""
    confirmed = command.get("confirmed_by")
    if confirmed is None or confirmed.get("role") != "operator":
        return False
    givers = [(command["by"], data.get("by_person")), (command.get("on_behalf_of"), data.get("for_person"))]
    theirs = [(_kept(each), each.get("person_id") or number) for each, number in givers if each is not None]
    return not any(_is_same(one, (_kept(confirmed), confirmed.get("person_id"))) for one in theirs)
