"""What an auditor trusts: the log's keys, the witnesses' keys, and how many witnesses must have seen a head.

log VKEY                    one line for each key of the log, in order; its name is the log's origin in that generation
witness NAME VKEY           a witness under a short name
group NAME K MEMBER...      met when K of its members (witnesses or groups) are; K may be `any` or `all`
quorum NAME|none            what must be met
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from verifier.notes import (
    LOG_KEY,
    WITNESS_KEY,
    Note,
    UnreadableNoteError,
    VerificationKey,
    cosigned_at,
    key_from,
    signed_by,
)


class UnreadablePolicyError(ValueError):
    """A policy's line cannot be read."""


@dataclass(frozen=True)
class Policy:
    """The trusted keys and the quorum."""

    log_keys: tuple[VerificationKey, ...]
    witnesses: Mapping[str, VerificationKey]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str | None

    def cosignatures(self, note: Note) -> dict[str, int]:
        """Which witnesses cosigned a checkpoint, and when (seconds since 1970)."""
        found = {name: cosigned_at(note, key) for name, key in self.witnesses.items()}
        return {name: at for name, at in found.items() if at is not None}

    def has_false_signature(self, note: Note) -> bool:
        """Whether a line under a trusted key's name and id is not that key's signature."""
        keys = {(key.name, key.key_id): key for key in (*self.log_keys, *self.witnesses.values())}
        lines = [(line.name, line.key_id) for line in note.signatures]
        return any(
            not (signed_by(note, keys[line]) if keys[line].kind == LOG_KEY else cosigned_at(note, keys[line]))
            for line in lines
            if line in keys
        )

    def is_met(self, witnesses: Mapping[str, int]) -> bool:
        """Whether these witnesses are enough."""
        return self.quorum is None or self._met(self.quorum, witnesses)

    def _met(self, name: str, witnesses: Mapping[str, int]) -> bool:
        if name in self.witnesses:
            return name in witnesses
        needed, members = self.groups[name]
        return sum(self._met(member, witnesses) for member in members) >= needed


class _Reader:
    def __init__(self) -> None:
        self.logs: list[VerificationKey] = []
        self.witnesses: dict[str, VerificationKey] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.quorum: str | None = None

    def read(self, words: list[str]) -> None:
        match words:
            case ["log", vkey]:
                self.logs.append(self._key(vkey, LOG_KEY))
            case ["witness", name, vkey] if self._is_free(name):
                self.witnesses[name] = self._key(vkey, WITNESS_KEY)
            case ["group", name, needed, *members] if self._is_free(name) and members:
                self.groups[name] = self._needed(needed, len(members)), tuple(self._known(m) for m in members)
            case ["quorum", name]:
                self.quorum = None if name == "none" else self._known(name)
            case _:
                raise UnreadablePolicyError("not a line of a policy")

    def policy(self) -> Policy:
        if not self.logs:
            raise UnreadablePolicyError("a policy names the keys of a log")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)

    def _key(self, vkey: str, kind: int) -> VerificationKey:
        try:
            key = key_from(vkey)
        except UnreadableNoteError as error:
            raise UnreadablePolicyError(str(error)) from error
        if key.kind != kind:
            raise UnreadablePolicyError("a key of the wrong kind")
        return key

    def _is_free(self, name: str) -> bool:
        return name not in self.witnesses and name not in self.groups and name != "none"

    def _known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise UnreadablePolicyError(f"no witness or group is named {name!r} above")
        return name

    def _needed(self, text: str, members: int) -> int:
        needed = {"any": "1", "all": str(members)}.get(text, text)
        if not needed.isascii() or not needed.isdigit() or not 1 <= int(needed) <= members:
            raise UnreadablePolicyError(f"a group of {members} cannot need {text!r}")
        return int(needed)


def policy_from(data: bytes) -> Policy:
    """A policy.

    Raises:
        UnreadablePolicyError: a line cannot be read; the message says which.
    """
    reader = _Reader()
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadablePolicyError("not UTF-8") from error
    for number, line in enumerate(lines, start=1):
        words = line.split("#", 1)[0].split()
        if words:
            try:
                reader.read(words)
            except UnreadablePolicyError as error:
                raise UnreadablePolicyError(f"line {number}: {error}") from error
    return reader.policy()
