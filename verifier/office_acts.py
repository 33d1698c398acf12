"""Acts about the office itself: who changed its directory and its keys has an attestation, about this very change."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from verifier.findings import Step
from verifier.plain_json import canonical
from verifier.times import is_dated_back

DIRECTORY = "directory"
PERSON_KEYS = "log/person-keys"
STOLEN_KEYS = "log/stolen-keys"
DOORS = "log/doors"
ERASURES = "log/erasures"
OFFICE_STREAMS = frozenset({DIRECTORY, PERSON_KEYS, STOLEN_KEYS, DOORS, ERASURES})
_HEADER = frozenset(
    {"v", "cause", "on_behalf_of", "request_digest", "attested", "own_key", "by_person", "for_person", "seen"}
)
_SAID = {
    STOLEN_KEYS: ("ReportStolenKey", "whose", "key", "since"),
    ERASURES: ("EraseEvidence", "sha256", "order", "by", "confirmed_by"),
    DOORS: ("ChangeDoorKey", "door", "key", "new", "reason"),
}
"""What the act about an entry of these streams says, each thing as the entry has it."""
_KEYS = {"person-key.enrolled": "EnrolKey", "person-key.revoked": "RevokeKey"}
_Told = tuple[int, dict[str, Any]]


class Reader(Protocol):
    """Reads the attestation that an entry names; knows the clocks of the starts that were attested."""

    clocks: dict[str, list[Any]]

    def attestation_of(self, position: int, event: dict[str, Any]) -> dict[str, Any] | None:
        """What it says, where it holds by itself and by its door; what is wrong is said."""

    def must_be_able(self, position: int, event: dict[str, Any], said: dict[str, Any]) -> None:
        """Say of an act that is on record since an entry why the one who is said to have given it could not."""


def judge_office(
    step: Step, events: Sequence[_Told], reader: Reader, first_door: int | None, *, all_clocks: bool = True
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Judge every change of the directory and of keys; answer those whose attestation holds, each with its place and
    what is attested. Without `all_clocks` nobody can say when a change of the directory was, of a year that has its own
    clock."""
    held, successors, used = [], dict[str, str](), set[str]()
    kinds = set[str]()
    for told in _requests(events):
        position, event = told[0]
        place, data = f"entry {position}", event["data"]
        if event["type"] == "door.opened":
            _check_opened(step, place, data, successors, kinds)
            continue
        if event["type"] == "door.closed":
            successors[str(data.get("door"))] = str(data.get("new"))
        if not event["data"].get("attested"):
            if first_door is not None and first_door < position:
                step.fail("office_act_unattested", place, "名册、密钥的这次变更，或这次删除，没有证明是谁办的")
            continue
        said = reader.attestation_of(position, event)
        if said is None:
            continue
        # What somebody may is told in the very change that makes him the first administrator.
        reader.must_be_able(told[-1][0], event, said)
        about = _is_directory_s(said, told) if event["stream"] == DIRECTORY else _is_key_s(said, event)
        if said["act"].get("stream") != event["stream"] or not about:
            step.fail("act_of_another", place, "所附的证明是另一次变更的，不是这一次")
        elif event["stream"] == DIRECTORY and not _is_by(said, event["actor"]):
            step.fail("act_by_another", place, "证明所说的办理人与名册变更所记的不同")
        elif any(_is_dated_back(said, each, reader, all_clocks=all_clocks) for _, each in told):
            step.fail("act_backdated", place, "事件所记的办理时间早于受理端收到它的时间，是倒填的")
        elif event["data"]["attested"] in used:
            step.fail("act_repeated", place, "同一项办理前面已经记过，又记了一次")
        else:
            used.add(event["data"]["attested"])
            held.append((position, event, said))
    return held


def _is_dated_back(said: dict[str, Any], event: dict[str, Any], reader: Reader, *, all_clocks: bool) -> bool:
    """Whether a change is said to be of an earlier time: the directory's are of the supervised year once there is one,
    all others are the ledger's own."""
    of_the_year = event["stream"] == DIRECTORY
    if of_the_year and not all_clocks:
        return False
    clocks = [{}, *(clock for each in reader.clocks.values() for clock in each if of_the_year)]
    received, decided = str(said["received_at"]), event["decided"]
    return event["occurred"] != decided or all(is_dated_back(received, decided, clock) for clock in clocks)


def _check_opened(step: Step, place: str, data: dict[str, Any], successors: dict[str, str], kinds: set[str]) -> None:
    """The first key of a door is opened where there may be none yet that could attest it; each later one is named by
    the attested closing of the one before."""
    kind, key = str(data.get("door")), data.get("key")
    if kind in kinds and kind not in successors:
        text = "受理端另启用了一把密钥，而前一把没有停用，也没有证明是谁办的：请督查室书面说明"
        step.miss("door_opened_beside", place, text)
    elif successors.pop(kind, key) != key:
        step.fail("door_not_named", place, "启用的不是更换密钥时所说的那一把")
    kinds.add(kind)


def _requests(events: Iterable[_Told]) -> list[list[_Told]]:
    """The entries of each change together: those of one request stand one after the other."""
    found: list[list[_Told]] = []
    for position, event in events:
        one = (event["stream"], event["data"].get("cause"), event["data"].get("attested"))
        last = found[-1][0][1] if found else None
        same = last is not None and one == (last["stream"], last["data"].get("cause"), last["data"].get("attested"))
        if same and event["stream"] == DIRECTORY:
            found[-1].append((position, event))
        else:
            found.append([(position, event)])
    return found


def _is_directory_s(said: dict[str, Any], told: Sequence[_Told]) -> bool:
    changes = [
        {"type": event["type"], **{n: v for n, v in event["data"].items() if n not in _HEADER}} for _, event in told
    ]
    request_id = str(told[0][1]["data"].get("cause", "")).removeprefix("request:")
    command = said["act"]["command"]
    return bool(
        command.get("changes") == hashlib.sha256(canonical(changes)).hexdigest()
        and said["act"]["nonce"] == hashlib.sha256(request_id.encode()).hexdigest()
    )


def _is_key_s(said: dict[str, Any], event: dict[str, Any]) -> bool:
    command, data = said["act"]["command"], event["data"]
    if event["stream"] in _SAID:
        kind, *names = _SAID[event["stream"]]
        return bool(command == {"type": kind, **{name: data.get(name) for name in names}})
    if command.get("key") != data.get("key"):
        return False
    if "certificate" in data:
        return _is_certificate_s(command, data)
    if command["type"] != _KEYS.get(event["type"]):
        return False
    if event["type"] == "person-key.revoked":
        return (data.get("by"), data.get("reason")) == (said["account"], command.get("reason"))
    own = (said["account"], said["person_id"], command.get("rp_id"))
    return bool(own == (data.get("account"), data.get("person_id"), data.get("rp_id")))


def _is_certificate_s(command: dict[str, Any], data: dict[str, Any]) -> bool:
    named = {name: data.get(name) for name in ("key", "person_id", "account")}
    try:
        digest = hashlib.sha256(base64.b64decode(data["certificate"], validate=True)).hexdigest()
    except (ValueError, TypeError):
        return False
    return command == {"type": "EnrolCertificate", **named, "certificate": digest}


def _is_by(said: dict[str, Any], actor: str) -> bool:
    # The owner of the installation changes the directory through its shell for the administrator whom he names.
    return bool(said["login"]["how"] == "local-os-user" or actor == f"administrator:{said['person_id']}")
