"""Attacks on who acted: an attestation edited, dropped, swapped between acts, signed by a key of another time, or none.

The forger has the log's own key; of the doors' keys he has those of today.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from adapters.ledger.signed_notes import read_key
from domain.acts.attestation import attestation_bytes, attestation_file, bytes_to_sign
from domain.canonical_json import canonical_json
from tests.verifier.forger import Forger, Subject, rewritten

Attack = Callable[[random.Random], tuple[str, dict[str, bytes], frozenset[str]]]


class AttestedAttacks:
    """Attacks on the attestations of one year; each answers its name, the files, and one reason that must be given."""

    def __init__(self, year: Subject, forger: Forger, files: dict[str, bytes], kept: int) -> None:
        self._folder = year.folder
        self._forger = forger
        self._files = files
        self._leaves = forger.leaves
        events = [json.loads(leaf)["event"] for leaf in self._leaves[:kept]]
        self._at = [
            at for at, event in enumerate(events) if event["data"].get("attested") and event["stream"] != "log/issued"
        ]
        self._issued = [at for at, event in enumerate(events) if event["stream"] == "log/issued"]
        self._closed = next((at for at, event in enumerate(events) if event["type"] == "door.closed"), 0)
        self._events = events

    def all(self) -> Sequence[Attack]:
        """Every attack; none on a year in which nobody attested anything."""
        if not self._at:
            return ()
        attacks: list[Attack] = [self.edited, self.dropped, self.swapped, self.without, self.rehashed]
        attacks += [self.of_another_time, self.of_nobody] if self._before_the_change() else []
        attacks += [self.another_successor] if self._closed else []
        return [*attacks, self.unissued] if self._issued else attacks

    def another_successor(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """A door's key was closed without anybody's word, for another reason, or for another key than was opened."""
        leaves, data = list(self._leaves), self._events[self._closed]["data"]
        change = chance.choice([{"attested": None}, {"reason": "例行"}, {"new": "0" * 64}])
        data = {name: value for name, value in (data | change).items() if value is not None}
        blobs = self._events[self._closed]["blobs"] if "attested" in data else []
        leaves[self._closed] = rewritten(leaves[self._closed], data=data, blobs=blobs)
        return "door closed otherwise", self._forger.bundle(leaves), frozenset(
            {"acts.office_act_unattested", "acts.act_of_another", "acts.door_not_named"}
        )  # fmt: skip

    def edited(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The file says something else."""
        files, name = dict(self._files), self._file_of(chance.choice(self._at))
        files[name] = files[name].replace(b'"how":"', b'"how":"x', 1)
        self._forger.sign_manifest(files)
        return "attestation edited", files, frozenset({"acts.attestation_changed"})

    def dropped(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The file is gone."""
        files = dict(self._files)
        del files[self._file_of(chance.choice(self._at))]
        self._forger.sign_manifest(files)
        return "attestation dropped", files, frozenset({"acts.attestation_missing"})

    def swapped(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """An act has the attestation of another one."""
        at = chance.choice(self._at)
        own = self._events[at]["data"]["attested"]
        other = chance.choice([each for each in self._at if self._events[each]["data"]["attested"] != own])
        leaves = list(self._leaves)
        blobs = [blob for blob in self._events[at]["blobs"] if blob["name"] != "attestation.json"]
        theirs = [blob for blob in self._events[other]["blobs"] if blob["name"] == "attestation.json"]
        data = self._events[at]["data"] | {"attested": self._events[other]["data"]["attested"]}
        leaves[at] = rewritten(leaves[at], data=data, blobs=[*blobs, *theirs])
        return "attestation swapped", self._forger.bundle(leaves), frozenset({"acts.act_of_another"})

    def without(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """An act has none any more."""
        at = chance.choice(self._at)
        event = self._events[at]
        data = {name: value for name, value in event["data"].items() if name != "attested"}
        blobs = [blob for blob in event["blobs"] if blob["name"] != "attestation.json"]
        leaves = list(self._leaves)
        leaves[at] = rewritten(leaves[at], data=data, blobs=blobs)
        return (
            "attestation taken out",
            self._forger.bundle(leaves),
            frozenset({"acts.act_unattested", "acts.office_act_unattested"}),
        )

    def rehashed(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """The file says another account, under its new hash: the door did not sign that."""
        at = chance.choice(self._at)
        said = json.loads(self._files[self._file_of(at)]) | {"account": "password:别人"}
        return "attestation rehashed", self._named_anew(at, canonical_json(said)), frozenset(
            {"acts.attestation_signature"}
        )  # fmt: skip

    def of_another_time(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """Signed anew, for another account, with the key that the door has now and had not then."""
        at = chance.choice(self._before_the_change())
        files = self._signed_anew(at, {"account": "password:别人"})
        return "attestation of another time", files, frozenset({"acts.door_not_open"})

    def of_nobody(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """Signed anew, with the key that the door had then, for somebody whom the directory does not know so."""
        at = chance.choice([each for each in self._at if each > self._closed] or self._at)
        made_up: dict[str, Any] = chance.choice(
            [
                {"account": "password:别人"},
                {"person_id": "P0099"},
                {"name": "别人"},
                {"login": {"at": "2018-05-01T01:00:00Z", "how": "local-os-user", "issuer": None}},
            ]
        )
        files = self._signed_anew(at, made_up)
        return "attestation of nobody", files, frozenset({"acts.account_of_another", "acts.person_unknown"})

    def unissued(self, chance: random.Random) -> tuple[str, dict[str, bytes], frozenset[str]]:
        """What was issued was something else than what the project was opened with."""
        at = chance.choice(self._issued)
        leaves = list(self._leaves)
        digest = base64.b16encode(chance.randbytes(32)).decode().lower()
        leaves[at] = rewritten(leaves[at], data=self._events[at]["data"] | {"opening": digest})
        return "start not issued", self._forger.bundle(leaves), frozenset({"acts.start_not_issued"})

    def _signed_anew(self, at: int, said_otherwise: dict[str, Any]) -> dict[str, bytes]:
        """The bundle in which an entry's attestation says something else, signed with the desk's key of today."""
        key = read_key(self._folder / "keys" / "door-desk.key")
        opened = next(
            event["data"]["key"]
            for event in reversed([json.loads(leaf)["event"] for leaf in self._leaves])
            if event["type"] == "door.opened" and event["data"]["door"] == "desk"
        )
        said = json.loads(self._files[self._file_of(at)])
        said = {name: value for name, value in said.items() if name != "signature"}
        said |= {"door": {"kind": "desk", "key": opened}} | said_otherwise
        return self._named_anew(at, attestation_bytes(said, key.private.sign(bytes_to_sign(said))))

    def _before_the_change(self) -> list[int]:
        return [at for at in self._at if at < self._closed]

    def _file_of(self, at: int) -> str:
        (blob,) = [blob for blob in self._events[at]["blobs"] if blob["name"] == "attestation.json"]
        return f"blobs/{blob['sha256']}"

    def _named_anew(self, at: int, data: bytes) -> dict[str, bytes]:
        file, event = attestation_file(data), self._events[at]
        blobs: list[dict[str, Any]] = [blob for blob in event["blobs"] if blob["name"] != "attestation.json"]
        leaves = list(self._leaves)
        blobs.append(file.model_dump())
        leaves[at] = rewritten(leaves[at], data=event["data"] | {"attested": str(file)}, blobs=blobs)
        files = self._forger.bundle(leaves)
        files[f"blobs/{file.sha256}"] = data
        self._forger.sign_manifest(files)
        return files
