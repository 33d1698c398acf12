"""Seeded mutations of a bundle: each file kind, each class of attack, and the reasons that must be given."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.memory_bundle import MemoryBundle
from tests.verifier.attested_mutations import AttestedAttacks
from tests.verifier.evidence_mutations import EvidenceAttacks, Stamped
from tests.verifier.forger import Forger, Subject, rewritten, stream_of
from tests.verifier.own_key_mutations import OwnKeyAttacks, Signed
from verifier.findings import Report
from verifier.tiles import entries_in
from verifier.verify import verify

MANIFEST = ("manifest.json", "manifest.note")


@dataclass(frozen=True)
class Mutation:
    """A changed bundle. One reason of each group of `reasons` must be given."""

    name: str
    files: dict[str, bytes]
    reasons: tuple[frozenset[str], ...]


def _any(*codes: str) -> frozenset[str]:
    return frozenset(codes)


_KINDS: dict[str, tuple[Callable[[str], bool], frozenset[str]]] = {
    "entries": (
        lambda name: name.startswith("log/tile/entries/"),
        _any("tree.root_differs", "tree.entries_unreadable", "tree.entries_missing"),
    ),
    "tile": (
        lambda name: name.startswith("log/tile/") and "entries" not in name,
        _any("tree.tile_differs", "tree.tile_missing"),
    ),
    "checkpoint": (
        lambda name: name == "log/checkpoint",
        # The line of a witness whom the policy no longer counts is missed by the proofs that have the head in them.
        _any(
            *(f"checkpoint.head_{c}" for c in ("missing", "unreadable", "signature")),
            *("checkpoint.quorum", "checkpoint.origin_differs", "prefixes.proof_head"),
        ),
    ),
    "inclusion proof": (
        lambda name: name.endswith(".tlog-proof"),
        _any("prefixes.inclusion", "prefixes.proof_head", "prefixes.proof_unreadable", "prefixes.proof_missing"),
    ),
    "consistency proof": (
        lambda name: name.endswith(".consistency"),
        _any("prefixes.consistency", "prefixes.proof_head", "prefixes.proof_unreadable", "prefixes.proof_missing"),
    ),
    "history": (
        lambda name: name.startswith("histories/"),
        _any("attachments.hash_differs", "attachments.file_missing"),
    ),
    "blob": (lambda name: name.startswith("blobs/"), _any("attachments.hash_differs", "attachments.file_missing")),
    "papers and refusals": (
        lambda name: name.startswith("rows/"),
        _any("attachments.row_differs", "attachments.rows_missing"),
    ),
    "policy": (lambda name: name == "policy", _any("checkpoint.policy_differs", "checkpoint.policy_missing")),
    "state": (
        lambda name: name == "report/state.json",
        _any("state.state_differs", "state.state_unreadable", "state.streams_differ"),
    ),
    "timeline": (lambda name: name == "report/timeline.csv", _any("state.timeline_differs", "state.timeline_missing")),
}
"""The kinds of files whose content something else in the bundle proves."""
_ONLY_LISTED = ("README.txt", "code/versions.json", "report/verification.txt")
_CHANGED = _any("bundle.file_changed")
_DASH, _KEY_IN_BASE64 = b"\xe2\x80\x94 ", 6
"""So many letters of a signature's line name its key."""
_MANIFEST_REASONS = _any(
    *(f"bundle.{code}" for code in ("manifest_unreadable", "manifest_note", "manifest_signature", "manifest_head"))
)
_FORKED, _BACK, _QUORUM = (
    _any("prefixes.kept_head_forked"),
    _any("prefixes.kept_head_beyond", "prefixes.kept_head_other_generation"),
    _any("checkpoint.quorum"),
)


class Campaign:
    """Mutations of one year's bundle; the same number always makes the same mutation."""

    def __init__(self, year: Subject) -> None:
        self._files = year.files()
        self._trust = year.trust()
        self._forger = Forger(year)
        self._leaves = self._forger.leaves
        self._kept_size = int(year.kept[-2].split(b"\n")[1])
        self._attacks = [self._of_a_kind] * 24 + [
            self._of_a_listed_file,
            self._of_the_manifest,
            self._added_file,
            self._added_file,
            self._older_head,
            self._swapped_entries,
            self._rewrite,
            self._edited_beside_the_projects,
            self._emptied_witnesses,
            self._removal,
            self._shortened_stream,
            self._insertion,
            self._reordering,
            self._roll_back,
            self._backdating,
            self._fork,
            self._second_use_of_an_identity,
        ]
        self._on_attestations = AttestedAttacks(year, self._forger, self._files, self._kept_size).all()
        self._attacks += [self._on_an_attestation] * (12 if self._on_attestations else 0)
        if isinstance(year, Signed):
            self._on_attestations = [
                *self._on_attestations,
                *OwnKeyAttacks(year, self._forger, self._kept_size).all(),
            ]

        if isinstance(year, Stamped):
            self._on_attestations = [*self._on_attestations, *EvidenceAttacks(year, self._forger).all()]

    def judge(self, mutation: Mutation) -> Report:
        """What the verifier says of a mutation, with the auditor's policy and kept heads."""
        return verify(MemoryBundle(mutation.files), self._trust)

    def mutation(self, number: int) -> Mutation:
        """The mutation of this number."""
        chance = random.Random(number)
        return chance.choice(self._attacks)(chance)

    def one_of_each(self, number: int) -> Iterator[Mutation]:
        """A mutation of each kind of file, by someone with and without the log's key, and one of each attack."""
        chance = random.Random(number)
        for kind in sorted(_KINDS):
            for insider in (False, True):
                yield self._of_this_kind(kind, chance, insider)
        by_chance = {self._of_a_kind, self._on_an_attestation}
        for attack in dict.fromkeys(self._attacks):
            if attack not in by_chance:
                yield attack(chance)
        for attack_on_one in self._on_attestations:
            name, files, reasons = attack_on_one(chance)
            yield Mutation(name, files, (reasons,))

    def _on_an_attestation(self, chance: random.Random) -> Mutation:
        name, files, reasons = chance.choice(self._on_attestations)(chance)
        return Mutation(name, files, (reasons,))

    def _of_a_kind(self, chance: random.Random) -> Mutation:
        return self._of_this_kind(chance.choice(sorted(_KINDS)), chance)

    def _of_this_kind(self, kind: str, chance: random.Random, insider: bool | None = None) -> Mutation:
        holds, reasons = _KINDS[kind]
        names = sorted(name for name in self._files if holds(name))
        files = dict(self._files)
        change = chance.choice(["flip", "truncate", "drop", "extend", "swap"])
        name = chance.choice(names)
        changed = _change(files, name, names, change, chance)
        if insider if insider is not None else chance.random() < 0.5:
            self._forger.sign_manifest(files)
            return Mutation(f"{kind} {changed} signed", files, (reasons,))
        listed = _any("bundle.file_missing") if changed == "drop" else _CHANGED
        return Mutation(f"{kind} {changed}", files, (reasons, listed))

    def _of_a_listed_file(self, chance: random.Random) -> Mutation:
        files = dict(self._files)
        change = chance.choice(["flip", "truncate", "drop", "extend"])
        changed = _change(files, chance.choice(_ONLY_LISTED), [], change, chance)
        return Mutation(
            f"listed {changed}", files, (_any("bundle.file_missing" if changed == "drop" else "bundle.file_changed"),)
        )

    def _of_the_manifest(self, chance: random.Random) -> Mutation:
        files = dict(self._files)
        changed = _change(
            files, chance.choice(MANIFEST), [], chance.choice(["flip", "truncate", "drop", "extend"]), chance
        )
        return Mutation(f"manifest {changed}", files, (_MANIFEST_REASONS,))

    def _added_file(self, chance: random.Random) -> Mutation:
        files = dict(self._files)
        places = {
            "log/tile/0/900": _any("tree.tile_added"),
            "log/tile/entries/900": _any("tree.tile_added"),
            "histories/key-project/2018/99/run.pb": _any("attachments.file_unknown"),
            "blobs/" + "0" * 64: _any("attachments.file_unknown"),
            "proofs/7.tlog-proof": _any("prefixes.proof_unreadable"),
            "checkpoints/7": _any("prefixes.head_unreadable"),
            "rows/secret.jsonl": _any("attachments.file_unknown"),
            "later/999999.consistency": _any("prefixes.proof_unreadable"),
            "notes.txt": _any("bundle.file_added"),
        }
        place = chance.choice(sorted(places))
        files[place] = chance.randbytes(chance.randint(0, 300))
        if place != "notes.txt" and chance.random() < 0.5:
            self._forger.sign_manifest(files)
            return Mutation("added file signed", files, (places[place],))
        return Mutation("added file", files, (places[place], _any("bundle.file_added")))

    def _older_head(self, chance: random.Random) -> Mutation:
        files = dict(self._files)
        name = chance.choice(sorted(name for name in files if name.startswith("checkpoints/")))
        # The witnesses' lines below belong to nobody who could be cheated by their absence.
        body = bytearray(files[name])
        end = files[name].index(b"\n", files[name].index(b"\n\n") + 2)
        place = _where_it_shows(files[name], chance.randrange(end))
        body[place] ^= 1 << chance.randrange(7)
        files[name] = bytes(body)
        self._forger.sign_manifest(files)
        reasons = ("head_unreadable", "head_signature", "forked", "rolled_back", "head_name", "consistency")
        return Mutation("older head signed", files, (_any(*(f"prefixes.{code}" for code in reasons)),))

    def _swapped_entries(self, chance: random.Random) -> Mutation:
        files = dict(self._files)
        name = chance.choice(sorted(name for name in files if name.startswith("log/tile/entries/")))
        width = int(name.rpartition("/")[2]) if ".p/" in name else 256
        entries = entries_in(files[name], width)
        first, second = chance.sample(range(width), 2)
        entries[first], entries[second] = entries[second], entries[first]
        files[name] = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
        self._forger.sign_manifest(files)
        return Mutation("entries swapped signed", files, (_any("tree.root_differs"), _any("tree.tile_differs")))

    def _rewrite(self, chance: random.Random) -> Mutation:
        leaves = list(self._leaves)
        place = chance.randrange(self._kept_size)
        leaves[place] = rewritten(leaves[place], actor="operator:另一人")
        return Mutation("rewrite", self._forger.bundle(leaves), (_FORKED, _QUORUM))

    def _edited_beside_the_projects(self, chance: random.Random) -> Mutation:
        """A paper's number, a digest's hash, the instant of a receipt, a refusal's hash, made to say something else."""
        edits: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "NoticeSent": lambda event: {"data": event["data"] | {"number": "催办〔2018〕999号"}},
            "NoticeWithheld": lambda event: {"occurred": "2018-01-01T00:00:00.000000Z"},
            "digest.sent": lambda event: {"data": event["data"] | {"files": [["outbox/x.txt", "0" * 64, 1]]}},
            "paper.kept": lambda event: {"data": event["data"] | {"sha256": ["0" * 64] * len(event["data"]["sha256"])}},
            "refusal.kept": lambda event: {"data": event["data"] | {"sha256": ["0" * 64]}},
        }
        events = [json.loads(leaf)["event"] for leaf in self._leaves[: self._kept_size]]
        kind = chance.choice(sorted(edits.keys() & {event["type"] for event in events}))
        place = chance.choice([at for at, event in enumerate(events) if event["type"] == kind])
        leaves = list(self._leaves)
        leaves[place] = rewritten(leaves[place], **edits[kind](events[place]))
        own = {"NoticeSent": (_any("attachments.number_differs"),)}.get(kind, ())
        own = (_any("attachments.row_differs"),) if kind == "paper.kept" else own
        return Mutation(f"edited {kind}", self._forger.bundle(leaves), (_FORKED, _QUORUM, *own))

    def _emptied_witnesses(self, chance: random.Random) -> Mutation:
        """The witnesses taken out of the policy, or only the demand that any of them saw the head."""
        lines = self._files["policy"].decode().splitlines(keepends=True)
        dropped = ("witness", "group", "quorum") if chance.random() < 0.5 else ("quorum",)
        policy = "".join(line for line in lines if not line.startswith(dropped)) + "quorum none\n"
        files = dict(self._files) | {"policy": policy.encode()}
        self._forger.sign_manifest(files)
        code = "witness_dropped" if len(dropped) > 1 else "quorum_dropped"
        return Mutation("emptied witnesses", files, (_any(f"checkpoint.{code}"),))

    def _shortened_stream(self, chance: random.Random) -> Mutation:
        """The last entries of a stream taken out after the day's end said how long it was."""
        said = [json.loads(leaf)["event"] for leaf in self._leaves]
        days = [
            event for event in said if event["type"] == "ledger.heads" and event["data"]["position"] < self._kept_size
        ]
        told_of = {name for day in days for name in day["data"]["streams"] if "mailbox" in name}
        if not told_of:
            return self._removal(chance)  # nothing went out by then
        stream = chance.choice(sorted(told_of))
        last = max(place for place, event in enumerate(said) if event["stream"] == stream)
        leaves = [leaf for place, leaf in enumerate(self._leaves) if place != last]
        told = any(
            event["data"]["position"] > last and stream in event["data"]["streams"] for event in self._days(said)
        )
        reasons = (_any("rules.said_head"), _QUORUM) if told else (_QUORUM,)
        return Mutation("shortened stream", self._forger.bundle(leaves), reasons)

    @staticmethod
    def _days(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [event for event in said if event["type"] == "ledger.heads"]

    def _removal(self, chance: random.Random) -> Mutation:
        leaves = list(self._leaves)
        place = chance.choice([n for n in range(self._kept_size) if not self._is_last_of_stream(n)])
        del leaves[place]
        return Mutation("removal", self._forger.bundle(leaves), (_any("rules.dense_stream"), _FORKED, _QUORUM))

    def _insertion(self, chance: random.Random) -> Mutation:
        leaves = list(self._leaves)
        place = chance.randrange(1, self._kept_size)
        event = {"stream": "department-mailbox/外部", "seq": 0, "id": "department-mailbox/外部#0"}
        leaves.insert(place, rewritten(leaves[place], **event))
        return Mutation("insertion", self._forger.bundle(leaves), (_FORKED, _QUORUM))

    def _reordering(self, chance: random.Random) -> Mutation:
        leaves = list(self._leaves)
        place = chance.randrange(self._kept_size - 1)
        leaves[place], leaves[place + 1] = leaves[place + 1], leaves[place]
        return Mutation("reordering", self._forger.bundle(leaves), (_FORKED, _QUORUM))

    def _roll_back(self, chance: random.Random) -> Mutation:
        size = chance.randrange(1, self._kept_size)
        return Mutation("roll-back", self._forger.bundle(self._leaves[:size]), (_BACK,))

    def _backdating(self, chance: random.Random) -> Mutation:
        last = json.loads(self._leaves[-1])["event"]
        stream, seq = last["stream"], last["seq"] + 1
        earlier = json.loads(self._leaves[chance.randrange(len(self._leaves) - 40)])["appended"]
        added = rewritten(self._leaves[-1], seq=seq, id=f"{stream}#{seq}", appended=earlier)
        return Mutation(
            "backdating", self._forger.bundle([*self._leaves, added]), (_any("rules.appended_back"), _QUORUM)
        )

    def _fork(self, chance: random.Random) -> Mutation:
        leaves = list(self._leaves)
        place = chance.randrange(self._kept_size, len(leaves))
        leaves[place] = rewritten(leaves[place], actor="operator:另一人")
        return Mutation("fork", self._forger.bundle(leaves), (_QUORUM,))

    def _second_use_of_an_identity(self, chance: random.Random) -> Mutation:
        again = self._leaves[chance.randrange(len(self._leaves))]
        added = rewritten(again, appended=json.loads(self._leaves[-1])["appended"])
        return Mutation("second use", self._forger.bundle([*self._leaves, added]), (_any("rules.unique_id"), _QUORUM))

    def _is_last_of_stream(self, place: int) -> bool:
        stream = stream_of(self._leaves[place])
        return all(stream_of(leaf) != stream for leaf in self._leaves[place + 1 :])


def _change(files: dict[str, bytes], name: str, others: list[str], change: str, chance: random.Random) -> str:
    """Change one file, and answer how: a swap of equal or absent files becomes a flip."""
    data = files[name]
    alike = [other for other in others if files[other] != data]
    if change == "swap" and alike:
        other = chance.choice(alike)
        files[name], files[other] = files[other], data
        return "swap"
    if change == "drop":
        del files[name]
    elif change == "truncate":
        files[name] = data[: chance.randrange(len(data))]
    elif change == "extend":
        files[name] = data + chance.randbytes(chance.randint(1, 40))
    else:
        flipped, place = bytearray(data), chance.randrange(len(data))
        place = _where_it_shows(data, place) if name == MANIFEST[1] else place
        flipped[place] ^= 1 << chance.randrange(8)
        files[name] = bytes(flipped)
        return "flip"
    return change


def _where_it_shows(note: bytes, place: int) -> int:
    """A place where another byte shows: a signer's line that names somebody else is nobody's, which proves nothing and
    hides nothing as long as the same signer has another line (of his other key); the text is changed then."""
    blank = note.index(b"\n\n")
    start = note.rfind(b"\n", 0, place) + 1
    name = note[start : note.find(b" ", start + len(_DASH)) + 1]
    is_named = place > blank and place - start < len(name) + _KEY_IN_BASE64
    return place % blank if is_named and note.count(b"\n" + name) > 1 else place
