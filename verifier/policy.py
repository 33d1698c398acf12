"""What an auditor trusts: the log's keys, the witnesses' keys, and how many witnesses must have seen a head.

log VKEY                    one line for each key of the log, in order; its name is the log's origin in that generation
witness NAME VKEY           a witness under a short name
group NAME K MEMBER...      met when K of its members (witnesses or groups) are; K may be `any` or `all`
quorum NAME|none            what must be met
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

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

_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
_MARK = "\ufeff"
"""What some editors put before a text."""


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
        lines = [((line.name, line.key_id), line) for line in note.signatures]
        return any(
            not _has_signed(replace(note, signatures=(line,)), keys[name]) for name, line in lines if name in keys
        )

    def is_met(self, witnesses: Mapping[str, int]) -> bool:
        """Whether these witnesses are enough."""
        met = {name: name in witnesses for name in self.witnesses}
        keys = {name: key.public for name, key in self.witnesses.items()}
        # In their order, each once: a group stands after its members, and may be a member of many.
        for name, (needed, members) in self.groups.items():
            # One witness under two names, or named twice, is one.
            seen = {keys.get(member, member.encode()) for member in members if met[member]}
            met[name] = len(seen) >= needed
        return self.quorum is None or met[self.quorum]


def _has_signed(note: Note, key: VerificationKey) -> bool:
    return signed_by(note, key) if key.kind == LOG_KEY else bool(cosigned_at(note, key))


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
        if not needed.isascii() or not needed.isdigit() or len(needed) > 3 or not 1 <= int(needed) <= members:
            raise UnreadablePolicyError(f"a group of {members} cannot need {text!r}")
        return int(needed)


def _is_no_line(text: str) -> bool:
    """Whether something ends a line for a program and not for who reads it, or hides it."""
    return any(unicodedata.category(each) in _UNSEEN and each not in "\n\r\t" for each in text.removeprefix(_MARK))


def policy_from(data: bytes) -> Policy:
    """A policy.

    Raises:
        UnreadablePolicyError: a line cannot be read; the message says which.
    """
    reader = _Reader()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadablePolicyError("not UTF-8") from error
    if _is_no_line(text):
        raise UnreadablePolicyError("a character that people do not see")
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split("#", 1)[0].split()
        if words:
            try:
                reader.read(words)
            except UnreadablePolicyError as error:
                raise UnreadablePolicyError(f"line {number}: {error}") from error
    return reader.policy()
