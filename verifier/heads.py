"""Heads: who signed and saw them, and whether each is the beginning of the log as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.notes import Checkpoint, UnreadableNoteError, checkpoint_from, key_from, signed_by
from verifier.policy import Policy
from verifier.proofs import consistency_from, inclusion_from
from verifier.tree import Tree, extends, includes

_CLOCKS_DIFFER = timedelta(minutes=5)
_HEADS = "checkpoints/"
_PROOFS = "proofs/"

Keys = Sequence[tuple[int, str]]
"""Which key signs from which entry on, as the entries themselves say."""


@dataclass(frozen=True)
class Seen:
    """What the entries of the bundle give to compare heads with."""

    tree: Tree
    keys: Keys
    lasts: Mapping[str, int]
    """Where each stream's last entry stands."""


def check_head(step: Step, policy: Policy, head: Checkpoint, keys: Keys, place: str = "log/checkpoint") -> None:
    """Whether a head is this log's, signed with the key of its time, and seen by enough witnesses."""
    if head.origin != policy.origin:
        step.fail("origin_differs", place, f"头属于账本 {head.origin}，策略认可的是 {policy.origin}")
    if not _is_signed(policy, head, keys):
        step.fail("head_signature", place, "头没有当时的账本密钥的签名，或有一行签名是假的")
    if not policy.is_met(policy.cosignatures(head.note)):
        step.fail("quorum", place, "见证人的签名不够策略要求的数")
    if place == "log/checkpoint":
        step.note = f"{len(policy.cosignatures(head.note))} 个见证人签过这个头"


def _is_signed(policy: Policy, head: Checkpoint, keys: Keys) -> bool:
    if policy.has_false_signature(head.note):
        return False
    current = [vkey for position, vkey in keys if position < head.size][-1:]
    trusted = {str(key): key for key in policy.log_keys}
    if not current:
        return any(signed_by(head.note, key) for key in policy.log_keys)
    try:
        key = trusted.get(str(key_from(current[0])))
    except UnreadableNoteError:
        return False
    return key is not None and signed_by(head.note, key)


def check_prefixes(
    step: Step, bundle: Bundle, policy: Policy, head: Checkpoint, seen: Seen, kept: Mapping[str, bytes]
) -> None:
    """Whether the bundle's older heads, its proofs and the auditor's kept heads all fit the log as it is."""
    count = 0
    for name in _under(bundle, _HEADS):
        count += 1
        older = _read_head(step, name, bundle.read(name))
        if older is not None:
            if name != f"{_HEADS}{older.size}":
                step.fail("head_name", name, f"文件名与头的条数 {older.size} 不符")
            if older.origin != policy.origin or not _is_signed(policy, older, seen.keys):
                step.fail("head_signature", name, "这个头没有当时的账本密钥的签名，或有一行签名是假的")
            _check_prefix(step, name, older, head, seen)
    expected = {f"{_PROOFS}{at}.tlog-proof" for stream, at in seen.lasts.items() if stream.startswith("key-project/")}
    expected |= {f"{_PROOFS}{name.removeprefix(_HEADS)}-{head.size}.consistency" for name in _under(bundle, _HEADS)}
    for name in sorted(expected - bundle.names):
        step.fail("proof_missing", name, "每个旧头、每个项目的最后一条都应有证明，这一份不在包里")
    for name in _under(bundle, _PROOFS):
        _check_proof(step, name, bundle, head, seen)
    for name, data in kept.items():
        older = _read_head(step, name, data)
        if older is not None:
            if older.origin != policy.origin or not any(signed_by(older.note, key) for key in policy.log_keys):
                step.fail("kept_head_signature", name, "留存的头不是这个账本签的")
            _check_prefix(step, name, older, head, seen, kept=True)
    step.note = f"包内 {count} 个旧头，核验人留存 {len(kept)} 个"
    if not kept:
        step.note += "；没有留存的头，持有全部密钥的人改写账本便看不出来"


def _check_prefix(
    step: Step, name: str, older: Checkpoint, head: Checkpoint, seen: Seen, *, kept: bool = False
) -> None:
    if older.size > head.size:
        code, text = "rolled_back", f"那时已有 {older.size} 条，现在只有 {head.size} 条，后面的被截掉了"
    elif older.size <= len(seen.tree.levels[0]) and seen.tree.root(older.size) == older.root:
        return
    else:
        code, text = "forked", f"现在账本的前 {older.size} 条与那时签名的不同，历史被改写了"
    step.fail(f"kept_head_{code}" if kept else code, name, text)


def _check_proof(step: Step, name: str, bundle: Bundle, head: Checkpoint, seen: Seen) -> None:
    try:
        if name.endswith(".tlog-proof"):
            proof = inclusion_from(bundle.read(name))
            if name != f"{_PROOFS}{proof.index}.tlog-proof" or (proof.checkpoint.size, proof.checkpoint.root) != (
                head.size,
                head.root,
            ):
                step.fail("proof_head", name, "证明不是对这一条、这个头的")
            elif proof.checkpoint.note != head.note:
                step.fail("proof_head", name, "证明里的头与包里的头不是同一份")
            elif proof.index >= len(seen.tree.levels[0]) or not includes(
                leaf=seen.tree.levels[0][proof.index],
                index=proof.index,
                size=head.size,
                proof=proof.hashes,
                root=head.root,
            ):
                step.fail("inclusion", name, f"证明不了第 {proof.index} 条在这个头之下")
        elif name.endswith(".consistency"):
            _check_extension(step, name, bundle, head)
        else:
            step.fail("proof_unreadable", name, "不认识的证明")
    except UnreadableNoteError as error:
        step.fail("proof_unreadable", name, f"证明读不懂（{error}）")


def _check_extension(step: Step, name: str, bundle: Bundle, head: Checkpoint) -> None:
    proof = consistency_from(bundle.read(name))
    older_name = f"{_HEADS}{proof.old_size}"
    if name != f"{_PROOFS}{proof.old_size}-{head.size}.consistency" or proof.checkpoint.note != head.note:
        step.fail("proof_head", name, "证明不是对这两个头的")
    elif older_name not in bundle.names:
        step.fail("head_missing", older_name, "证明所说的旧头不在包里")
    elif not extends(
        old_size=proof.old_size,
        old_root=checkpoint_from(bundle.read(older_name)).root,
        size=head.size,
        root=head.root,
        proof=proof.hashes,
    ):
        step.fail("consistency", name, f"证明不了账本只是从第 {proof.old_size} 条往后加的")


def check_windows(step: Step, bundle: Bundle, policy: Policy, head: Checkpoint, appended: Sequence[str]) -> None:
    """Whether no entry claims to be younger than the moment at which a witness saw it in the log."""
    for name, data in [("log/checkpoint", None), *((name, bundle.read(name)) for name in _under(bundle, _HEADS))]:
        try:
            seen = head if data is None else checkpoint_from(data)
        except UnreadableNoteError:
            continue
        for witness, at in policy.cosignatures(seen.note).items():
            latest = datetime.fromtimestamp(at, UTC) + _CLOCKS_DIFFER
            last = appended[min(seen.size, len(appended)) - 1] if seen.size and appended else ""
            if last > latest.strftime("%Y-%m-%dT%H:%M:%S.%fZ"):
                step.fail("witnessed_window", name, f"见证人 {witness} 签名时，第 {seen.size - 1} 条的记入时间还没有到")


def _under(bundle: Bundle, folder: str) -> Iterable[str]:
    return sorted(name for name in bundle.names if name.startswith(folder))


def _read_head(step: Step, name: str, data: bytes) -> Checkpoint | None:
    try:
        return checkpoint_from(data)
    except UnreadableNoteError as error:
        step.fail("head_unreadable", name, f"这个头读不懂（{error}）")
        return None
