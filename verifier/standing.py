"""What stood in a project before an entry, where an act is held against it: who led, and whose deputy was who.

An entry of an act says less than this where the project knew it already: of the lead no department, and of a deputy who
is dismissed the name under which he was appointed.
"""

from __future__ import annotations

from typing import Any

from verifier.words import key_of

_PERSONS = ("principal", "deputy")


class Standing:
    """Follows the projects of a log in order of their entries, and keeps what stood where it is asked for."""

    KINDS = frozenset({"ProjectDocketed", "LeadReassigned", "UrgeIssued", "DeputyAppointed", "DeputyDismissed"})

    def __init__(self) -> None:
        self._leads: dict[str, Any] = {}
        self._appointed: dict[tuple[str, Any, Any], list[dict[str, Any]]] = {}
        self._then: dict[int, Any] = {}

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of these kinds."""
        data, stream = event["data"], event["stream"]
        match event["type"]:
            case "ProjectDocketed":
                self._leads[stream] = data["project"]["lead_department"]
            case "LeadReassigned":
                self._leads[stream] = data["after"]
            case "UrgeIssued":
                self._then[position] = self._leads.get(stream)
            case "DeputyAppointed":
                self._appointed.setdefault((stream, data["principal"], data["deputy"]), []).append(data)
            case "DeputyDismissed":
                self._then[position] = self._appointed.pop((stream, data["principal"], data["deputy"]), [])

    def fits(self, position: int, event: dict[str, Any], command: dict[str, Any]) -> bool:
        """Whether an entry is about whom its act named: the one who led, the two who were appointed."""
        data, act, then = event["data"], command.get("type"), self._then.get(position)
        if (act, event["type"]) == ("Urge", "UrgeIssued"):
            named = command.get("department")
            return data.get("department") is not None or named is None or key_of(named) == key_of(then)
        if (act, event["type"]) == ("DismissDeputy", "DeputyDismissed"):
            # Two of one name may have been appointed: one of them is meant.
            return any(all(_is_meant(command.get(each), one, each) for each in _PERSONS) for one in then or ())
        return True


def _is_meant(given: Any, appointed: dict[str, Any], which: str) -> bool:
    """Whether one who is named was appointed: by his number where both have one, else by his name."""
    if not isinstance(given, dict):
        return False
    numbers = given.get("person_id"), appointed.get(f"{which}_person")
    if None not in numbers:
        return bool(numbers[0] == numbers[1])
    return key_of(str(appointed[which]).rpartition(":")[2]) == key_of(given.get("name"))
