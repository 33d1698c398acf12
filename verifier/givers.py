"""Whose act an entry says it is, and what it says was done, held against what its attestation says."""

from __future__ import annotations

from typing import Any

from verifier.directory import office_day
from verifier.kinds import BRINGS, OR_KNOWN, SAYS
from verifier.words import is_the_same, key_of, says_the_same


def brings(command: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether an event is what a command makes happen: of a kind that it brings, with the words that were given."""
    act, kind, data = str(command.get("type")), event["type"], event["data"]
    if kind in BRINGS and act not in BRINGS[kind]:
        return False
    if not says_the_same(command, event):
        return False
    if act == "RequestCompletion" and command.get("done_on") is None and not _is_done_today(event):
        return False
    kinds, names = SAYS.get(act, ("", ""))
    if kind not in kinds.split():
        return True
    said = [(command.get(name), data.get(name)) for name in names.split()]
    said += [(command[name], data[name]) for name in OR_KNOWN.get(act, ()) if {name} <= command.keys() & data.keys()]
    return all(is_the_same(given, recorded) for given, recorded in said)


def _is_done_today(event: dict[str, Any]) -> bool:
    """Of a completion without a day, whether the one that is recorded is the day on which it was asked for."""
    done_on = event["data"].get("done_on")
    return done_on is None or done_on == office_day(event["decided"])


def acts_as(said: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether an entry names the one who gave the act, and on whose behalf, as the attested act does."""
    command, data = said["act"]["command"], event["data"]
    by, principal = command.get("by"), command.get("on_behalf_of")
    if not isinstance(by, dict) or not _is(by, event["actor"], data.get("by_person")):
        return False
    if principal is None:
        return data.get("on_behalf_of") is None and data.get("for_person") is None
    named = data.get("on_behalf_of"), data.get("for_person")
    return isinstance(principal, dict) and isinstance(named[0], str) and _is(principal, named[0], named[1])


def _is(person: dict[str, Any], actor: str, number: Any) -> bool:
    department, name = person.get("department"), person.get("name")
    # A shell's act may name nobody's number: the ledger's is the directory's then.
    if person.get("person_id") not in (None, number):
        return False
    if person.get("role") == "operator":
        return actor == f"operator:{name}"
    kind, _, rest = actor.partition(":")
    theirs, _, who = rest.partition(":")
    if kind != "department" or key_of(department) != key_of(theirs):
        return False
    return who == name or (not who and key_of(name) == key_of(department))


def is_by_the_person(said: dict[str, Any], number: Any) -> bool:
    """Whether an entry has the number of who was signed in."""
    # The owner of the installation acts through its shell for whom he names: the attestation has no number of his.
    return bool(said["login"]["how"] == "local-os-user" or number == said["person_id"])
