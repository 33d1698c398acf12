"""Attacks on what was erased, stamped and reported stolen, by one who has the log's key and every door's."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from domain.evidence import EvidenceFile
from tests.verifier.forger import Forger, Subject, rewritten
from tests.verifier.past_stamps import PastAuthority
from verifier.bundle import sha256_of
from verifier.stamps import head_text
from verifier.tree import Tree, leaf_hash

Attacked = tuple[str, dict[str, bytes], frozenset[str]]
Attack = Callable[[random.Random], Attacked]
_ACT = frozenset({"acts.act_of_another"})


@runtime_checkable
class Stamped(Subject, Protocol):
    """A year whose heads are stamped by the first of these authorities."""

    authorities: Sequence[PastAuthority]


class EvidenceAttacks:
    """Attacks on three kinds of entries; each answers its name, the files, and one reason that must be given."""

    def __init__(self, year: Stamped, forger: Forger) -> None:
        self._forger, self._leaves, self._files = forger, forger.leaves, year.files()
        self._authorities = year.authorities
        self._events = [json.loads(leaf)["event"] for leaf in self._leaves]
        self._erased = self._of("evidence.erased")
        self._stamps = self._of("head.stamped")
        self._stolen = self._of("key.stolen")

    def _of(self, kind: str) -> list[int]:
        return [at for at, event in enumerate(self._events) if event["type"] == kind]

    def all(self) -> Sequence[Attack]:
        """Every attack on what there is in the year."""
        attacks: list[Attack] = []
        if self._erased:
            attacks += [self.erased_by_one, self.proof_erased, self.erasure_edited, self.erasure_unsaid]
        if self._stamps:
            attacks += [self.stamp_moved, self.stamp_forged, self.stamp_of_a_stranger, self.past_under_a_stamp]
            attacks += [self.stamp_of_another_time]
        if len(self._stamps) > 1:
            attacks.append(self.stamp_swapped)
        return [*attacks, self.window_edited] if self._stolen else attacks

    def erased_by_one(self, chance: random.Random) -> Attacked:
        """The one who erased confirmed it himself."""
        at = chance.choice(self._erased)
        data = self._events[at]["data"]
        return "erased by one", self._said(at, {"confirmed_by": data["by"]}), frozenset({"attachments.erased_by_one"})

    def proof_erased(self, chance: random.Random) -> Attacked:
        """An attestation is gone, and the ledger says that it was erased by order."""
        at = chance.choice(self._erased)
        (blob,) = [
            blob for blob in self._events[chance.choice(self._acts())]["blobs"] if blob["name"] == "attestation.json"
        ]
        files = self._said(at, {"sha256": blob["sha256"]})
        files.pop(f"blobs/{blob['sha256']}", None)
        self._forger.sign_manifest(files)
        return "proof erased", files, frozenset({"attachments.erased_no_evidence"})

    def _acts(self) -> list[int]:
        return [
            at
            for at, event in enumerate(self._events)
            if event["data"].get("attested") and event["stream"].startswith("key-project/")
        ]

    def erasure_edited(self, chance: random.Random) -> Attacked:
        """By another order, of another file, by others, or by nobody's word."""
        at = chance.choice(self._erased)
        change: dict[str, Any] = chance.choice(
            [{"order": "〔2018〕1号函"}, {"by": "赵六"}, {"confirmed_by": "赵六"}, {"attested": None}]
        )
        return "erasure edited", self._said(at, change), _ACT | {"acts.office_act_unattested"}

    def erasure_unsaid(self, chance: random.Random) -> Attacked:
        """The file is gone and nothing says so: the entry is made one about another thing."""
        at = chance.choice(self._erased)
        leaves = list(self._leaves)
        event = self._events[at]
        named = f"log/notes#{event['seq']}"
        facts = {"stream": "log/notes", "id": named, "type": "note.kept", "data": {}, "blobs": []}
        leaves[at] = rewritten(leaves[at], **facts)
        # Its attestation stands in no entry any more.
        files = self._forger.bundle(leaves)
        return "erasure unsaid", files, frozenset({"attachments.file_missing"})

    def stamp_moved(self, chance: random.Random) -> Attacked:
        """The stamp is said to be of another head."""
        at = chance.choice(self._stamps)
        size = chance.choice([each for each in range(1, at + 9) if each != self._events[at]["data"]["size"]])
        return (
            "stamp moved",
            self._said(at, {"size": size}),
            frozenset({"stamps.stamp_moved", "stamps.stamp_misplaced"}),
        )

    def stamp_swapped(self, chance: random.Random) -> Attacked:
        """The stamp of another head stands in its place."""
        at, other = chance.sample(self._stamps, 2)
        leaves = list(self._leaves)
        leaves[at] = rewritten(leaves[at], blobs=self._events[other]["blobs"])
        return "stamp swapped", self._forger.bundle(leaves), frozenset({"stamps.stamp_moved"})

    def stamp_forged(self, chance: random.Random) -> Attacked:
        """A bit of the stamp is another one, and the entry names the file so."""
        at = chance.choice(self._stamps)
        data = bytearray(self._token(at))
        # The last bytes are the signature.
        data[-chance.randrange(1, 200)] ^= 1 << chance.randrange(8)
        return "stamp forged", self._with_token(at, bytes(data)), frozenset({"stamps.stamp_forged"})

    def stamp_of_a_stranger(self, chance: random.Random) -> Attacked:
        """Another authority stamps the very head at the very time."""
        at = chance.choice(self._stamps)
        data = self._events[at]["data"]
        token = self._authorities[1].stamp(self._head(at), datetime.fromisoformat(data["at"]))
        return "stamp of a stranger", self._with_token(at, token), frozenset({"stamps.stamp_untrusted"})

    def stamp_of_another_time(self, chance: random.Random) -> Attacked:
        """The authority stamps the head months later, for an entry that stands earlier."""
        at = chance.choice(self._stamps)
        token = self._authorities[0].stamp(self._head(at), datetime.fromisoformat("2019-03-01T00:00:00Z"))
        return "stamp of another time", self._with_token(at, token), frozenset({"stamps.stamp_out_of_time"})

    def past_under_a_stamp(self, chance: random.Random) -> Attacked:
        """An entry under a stamp says something else; heads and proofs are made anew."""
        at = chance.choice(self._stamps)
        leaves, place = list(self._leaves), chance.randrange(self._events[at]["data"]["size"])
        leaves[place] = rewritten(leaves[place], actor="operator:另一人")
        return "past under a stamp", self._forger.bundle(leaves), frozenset({"stamps.stamp_moved"})

    def window_edited(self, chance: random.Random) -> Attacked:
        """The window of doubt is another one, of another key, or nobody's word."""
        at = chance.choice(self._stolen)
        change: dict[str, Any] = chance.choice(
            [{"since": "2018-12-30T00:00:00.000000Z"}, {"key": "0" * 64}, {"whose": "api"}, {"attested": None}]
        )
        return "window of doubt edited", self._said(at, change), _ACT | {"acts.office_act_unattested"}

    def _head(self, at: int) -> bytes:
        said, hashes = self._events[at]["data"], [leaf_hash(leaf) for leaf in self._leaves]
        return head_text(said["origin"], said["size"], Tree(hashes).root(said["size"]))

    def _token(self, at: int) -> bytes:
        return self._files[f"blobs/{self._events[at]['blobs'][0]['sha256']}"]

    def _with_token(self, at: int, token: bytes) -> dict[str, bytes]:
        leaves, name = list(self._leaves), self._events[at]["blobs"][0]["name"]
        leaves[at] = rewritten(leaves[at], blobs=[EvidenceFile.of(name, token).model_dump()])
        files = self._forger.bundle(leaves)
        files[f"blobs/{sha256_of(token)}"] = token
        self._forger.sign_manifest(files)
        return files

    def _said(self, at: int, change: dict[str, Any]) -> dict[str, bytes]:
        """The entry says something else; what it says no more has no file either."""
        leaves, event = list(self._leaves), self._events[at]
        data = {name: value for name, value in (event["data"] | change).items() if value is not None}
        blobs = event["blobs"] if data.get("attested") or "attested" not in event["data"] else []
        leaves[at] = rewritten(leaves[at], data=data, blobs=blobs)
        return self._forger.bundle(leaves)
