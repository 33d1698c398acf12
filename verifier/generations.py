"""The generations of a log: whoever restores it from a backup begins a new one, under a name and a key of its own.

The first entry of a new generation (`log.restored`) says which head it continues from, when and from which backup, and
the longest head of the old one that was known. What an auditor kept of an old generation is compared with that.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verifier.findings import Step
from verifier.notes import UnreadableNoteError, hash_from
from verifier.tree import Tree


@dataclass(frozen=True)
class Restoration:
    """One taking up again: where it stands, the new generation, and the head of the old one that it continues from."""

    position: int
    at: str
    origin: str
    vkey: str
    old_origin: str
    old_size: int
    old_root: bytes
    backup_of: str
    known_origin: str
    known_size: int


def restoration_in(position: int, event: dict[str, Any]) -> Restoration | None:
    """What an entry `log.restored` says; none where it is not written as the ledger writes it."""
    data = event["data"]
    try:
        known = data.get("known") or {"origin": "", "size": 0}
        found = Restoration(
            position=position,
            at=event["occurred"],
            origin=data["origin"],
            vkey=data["vkey"],
            old_origin=data["from"]["origin"],
            old_size=data["from"]["size"],
            old_root=hash_from(data["from"]["root"]),
            backup_of=data["backup"]["made"],
            known_origin=known["origin"],
            known_size=known["size"],
        )
    except (KeyError, TypeError, AttributeError, UnreadableNoteError):
        return None
    texts = (found.origin, found.vkey, found.old_origin, found.backup_of, found.known_origin)
    numbers = (found.old_size, found.known_size)
    return found if all(type(t) is str for t in texts) and all(type(n) is int and n >= 0 for n in numbers) else None


def check_restorations(step: Step, restored: Sequence[Restoration], tree: Tree, opened: str) -> None:
    """Whether each generation continues from what the log had, and from the generation before it."""
    origin = opened
    for each in restored:
        place = f"entry {each.position}"
        kept = each.old_size <= each.position <= len(tree.levels[0])
        if not kept or tree.root(each.old_size) != each.old_root:
            text = f"恢复时所接的校验值（{each.old_size} 条，{base64.b64encode(each.old_root).decode()}）不是这些条目的"
            step.fail("restored_head", place, text)
        if each.old_origin != origin:
            step.fail("restored_origin", place, f"恢复时所接的台账 {each.old_origin} 不是前一代 {origin}")
        origin = each.origin


def told(restored: Sequence[Restoration]) -> str:
    """The generations in a sentence, for the step's note; empty where the log was never restored."""
    return "".join(
        f"；台账曾于 {each.at[:10]} 用 {each.backup_of[:16]} 的备份恢复，接第 {each.old_size} 条，"
        f"已知缺 {max(each.known_size - each.old_size, 0)} 条"
        for each in restored
    )


def lost(each: Restoration, size: int) -> str:
    """What a later kept head of the old generation means."""
    known = max(each.known_size, each.old_size) if each.known_origin == each.old_origin else each.old_size
    beyond = f"其中 {size - known} 条恢复时还不知道；" if size > known else ""
    return (
        f"台账于 {each.at[:10]} 用 {each.backup_of[:16]} 的备份恢复过，接第 {each.old_size} 条；"
        f"您留存的校验值算到第 {size} 条，旧一代的 {size - each.old_size} 条已缺失，"
        f"{beyond}请保存这个校验值，向督查室索取恢复的说明，并以各部门手中的文书核对这段时间"
    )
