"""Attacks on the persons' own keys by one who has the log's key, the doors' keys of today, and a lost device."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from adapters.ledger.signed_notes import read_key
from domain.acts.attestation import attestation_bytes, attestation_file, attestation_from, bytes_to_sign
from tests.application.accounts.authenticator import Device
from tests.verifier.forger import Forger, Subject, rewritten
from tests.verifier.rehearsed_year import proof_of

Attack = Callable[[random.Random], tuple[str, dict[str, bytes], frozenset[str]]]


@runtime_checkable
class Signed(Subject, Protocol):
    """A year whose acts of weight are signed by devices, the first of which was lost."""

    devices: list[Device]


class OwnKeyAttacks:
    """Attacks on what devices signed; each answers its name, the files, and one reason that must be given."""

    def __init__(self, year: Signed, forger: Forger, kept: int) -> None:
        self._forger, self._leaves = forger, forger.leaves
        events = [json.loads(leaf)["event"] for leaf in self._leaves]
        self._events = events[:kept]
        self._key = read_key(year.folder / "keys" / "door-desk.key")
        self._files = year.files()
        self._devices = year.devices
        # With the key of today he signs for what was attested since the door was opened with it.
        opened = max((at for at, event in enumerate(events) if event["type"] == "door.opened"), default=0)
        self._at = [
            at for at, event in enumerate(self._events) if event["data"].get("own_key") == "signed" and at > opened
        ]
        self._enrolled = [at for at in self._enrolments() if "own_key" in self._said(at) and at > opened]
        revoked = [at for at, event in enumerate(self._events) if event["type"] == "person-key.revoked"]
        self._after_the_loss = [at for at in self._at if revoked and at > revoked[0]]

    def _enrolments(self) -> list[int]:
        return [at for at, event in enumerate(self._events) if event["type"] == "person-key.enrolled"]

    def all(self) -> Sequence[Attack]:
        """Every attack; none on a year in which no device signed anything."""
        if len(self._at) < 2:
            return ()
        attacks: list[Attack] = [self.edited, self.dropped, self.dropped_whole, self.swapped, self.by_another_key]
        attacks += [self.altered_act, self.put_into_a_list] if self._listed() else [self.altered_act]
        attacks += [self.enrolled_unsigned] if self._enrolled else []
        return [*attacks, *([self.by_a_lost_key] if self._after_the_loss else [])]

    def edited(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """A character of the signature is another one."""

        def change(said: dict[str, Any]) -> None:
            text = said["own_key"]["signature"]
            at = chance.randrange(20, len(text) - 4)
            said["own_key"]["signature"] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]

        return "own key edited", self._anew(chance.choice(self._at), change), frozenset({"own_keys.proof_signature"})

    def dropped(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The proof is gone, and the event still tells of it."""
        files = self._anew(chance.choice(self._at), lambda said: said.pop("own_key"))
        return "own key dropped", files, frozenset({"own_keys.proof_dropped"})

    def dropped_whole(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The proof is gone, and nothing tells of it any more."""
        files = self._anew(chance.choice(self._at), lambda said: said.pop("own_key"), told=False)
        return "own key dropped whole", files, frozenset({"own_keys.proof_required"})

    def swapped(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """An act has the proof of another one, which was not signed together with it."""
        at = chance.choice(self._at)
        proofs = [self._said(other)["own_key"] for other in self._at if other != at]
        theirs = chance.choice([each for each in proofs if self._hash(at) not in (each.get("acts") or ())])
        files = self._anew(at, lambda said: said.update(own_key=theirs))
        return "own key swapped", files, frozenset({"own_keys.proof_of_another", "own_keys.key_not_open"})

    def by_another_key(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """A device of the forger's signs the very act."""
        at = chance.choice(self._at)
        return "own key of nobody", self._by(at, Device()), frozenset({"own_keys.key_unknown"})

    def by_a_lost_key(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The lost device signs an act after its key was let go."""
        at = chance.choice(self._after_the_loss)
        return "own key lost", self._by(at, self._devices[0]), frozenset({"own_keys.key_not_open"})

    def altered_act(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The door attests that she had seen more of the project than she signed."""

        def change(said: dict[str, Any]) -> None:
            said["act"]["seen"] += 1

        return "signed act altered", self._anew(chance.choice(self._at), change), frozenset(
            {"own_keys.proof_of_another"}
        )  # fmt: skip

    def put_into_a_list(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """An act that was not signed is put into the list of those that were, or its device's list is taken for it."""
        theirs = self._said(chance.choice(self._listed()))["own_key"]
        others = [at for at in self._at if self._hash(at) not in theirs["acts"]]
        if not others:  # a short year: all that was signed was signed as one list
            return self.altered_act(chance)
        at = chance.choice(others)
        if chance.random() < 0.5:
            theirs = theirs | {"acts": [*theirs["acts"], self._hash(at)]}
        files = self._anew(at, lambda said: said.update(own_key=theirs))
        return "signed list stretched", files, frozenset({"own_keys.proof_of_another", "own_keys.key_not_open"})

    def enrolled_unsigned(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """Another key is enrolled for her without the signature of the one that she has, or with that of an act."""
        at = chance.choice(self._enrolled)
        theirs = self._said(chance.choice(self._at))["own_key"]
        if chance.random() < 0.5:
            files = self._anew(at, lambda said: said.pop("own_key"))
            return "key enrolled unsigned", files, frozenset({"own_keys.key_change_unsigned"})
        files = self._anew(at, lambda said: said.update(own_key=theirs))
        return "key enrolled by an act", files, frozenset({"own_keys.proof_of_another", "own_keys.key_not_open"})

    def _listed(self) -> list[int]:
        return [at for at in self._at if self._said(at)["own_key"].get("acts")]

    def _hash(self, at: int) -> str:
        return self._act_id(at).removeprefix("act-sha256-")

    def _by(self, at: int, device: Device) -> dict[str, bytes]:
        act_id = self._act_id(at)
        proof = proof_of(device, act_id).model_dump(mode="json")
        return self._anew(at, lambda said: said.update(own_key=proof))

    def _act_id(self, at: int) -> str:
        return attestation_from(self._files[self._file_of(at)]).act_id

    def _said(self, at: int) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._files[self._file_of(at)])
        return {name: value for name, value in said.items() if name != "signature"}

    def _file_of(self, at: int) -> str:
        (blob,) = [blob for blob in self._events[at]["blobs"] if blob["name"] == "attestation.json"]
        return f"blobs/{blob['sha256']}"

    def _anew(self, at: int, change: Callable[[dict[str, Any]], object], *, told: bool = True) -> dict[str, bytes]:
        """The attestation of one request changed, signed anew by the desk, and named so by all its events."""
        said, event = self._said(at), self._events[at]
        change(said)
        data = attestation_bytes(said, self._key.private.sign(bytes_to_sign(said)))
        file, old = attestation_file(data), event["data"]["attested"]
        leaves = list(self._leaves)
        for each, other in enumerate(self._events):
            if other["data"].get("attested") != old:
                continue
            facts = other["data"] | {"attested": str(file)}
            facts = facts if told else {name: value for name, value in facts.items() if name != "own_key"}
            blobs = [blob for blob in other["blobs"] if blob["name"] != "attestation.json"]
            leaves[each] = rewritten(leaves[each], data=facts, blobs=[*blobs, file.model_dump()])
        files = self._forger.bundle(leaves)
        files[f"blobs/{file.sha256}"] = data
        self._forger.sign_manifest(files)
        return files
