"""Heads: who signed and saw them, and whether each is the beginning of the log as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.generations import Restoration, lost
from verifier.notes import Checkpoint, UnreadableNoteError, checkpoint_from, key_from, signed_by
from verifier.policy import Policy
from verifier.proofs import consistency_from, inclusion_from
from verifier.succession import has_false_succession, successors
from verifier.tree import Tree, extends, includes

_CLOCKS_DIFFER = timedelta(minutes=5)
_LATEST = int(datetime(9998, 12, 31, tzinfo=UTC).timestamp())
_HEADS = "checkpoints/"
_PROOFS = "proofs/"
_LATER = "later/"

Keys = Sequence[tuple[int, str]]
"""Which key signs from which entry on, as the entries themselves say."""


@dataclass(frozen=True)
class Seen:
    """What the entries of the bundle give to compare heads with."""

    tree: Tree
    keys: Keys
    lasts: Mapping[str, int]
    """Where each stream's last entry stands."""
    restored: Sequence[Restoration] = ()
    """Where the log was taken up again from a backup."""
    whole: bool = False
    """Whether this is all that the log has now, and no older export of it."""


def check_head(step: Step, policy: Policy, head: Checkpoint, keys: Keys) -> None:
    """Whether the bundle's head is this log's, signed with the key of its time, and seen by enough witnesses."""
    place = "log/checkpoint"
    if head.origin not in {key.name for key in policy.log_keys}:
        step.fail("origin_differs", place, f"校验值属于台账 {head.origin}，策略认可的是 {policy.log_keys[-1].name}")
    if not _is_signed(policy, head, keys):
        step.fail("head_signature", place, "校验值没有当时的台账密钥的签名，或有一行签名是假的")
    seen = policy.cosignatures(head.note)
    if not policy.is_met(seen):
        step.miss(
            "quorum",
            place,
            f"见证人的签名不够策略要求的数（有 {len(seen)} 个）：请督查室取得见证后重新导出"
            "（duban audit witness request，见证人签名，duban audit witness answer，duban audit export）",
        )
    witnessed = f"{len(seen)} 个见证人签过这个校验值" if seen else "没有见证人签过这个校验值，只有台账自己的签名"
    step.note = witnessed + step.note


def _is_signed(policy: Policy, head: Checkpoint, keys: Keys) -> bool:
    if policy.has_false_signature(head.note) or has_false_succession(head.note, policy.log_keys):
        return False
    current = [vkey for position, vkey in keys if position < head.size][-1:]
    trusted = {str(key): key for key in policy.log_keys}
    if not current:
        return any(key.name == head.origin and signed_by(head.note, key) for key in policy.log_keys)
    try:
        key = trusted.get(str(key_from(current[0])))
    except UnreadableNoteError:
        return False
    # The name of the key is the log's name in that generation.
    return key is not None and key.name == head.origin and signed_by(head.note, key)


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
                step.fail("head_name", name, f"文件名与校验值的条数 {older.size} 不符")
            if not _is_signed(policy, older, seen.keys):
                step.fail("head_signature", name, "这个校验值没有当时的台账密钥的签名，或有一行签名是假的")
            _check_prefix(step, name, older, head, seen)
    expected = {f"{_PROOFS}{at}.tlog-proof" for stream, at in seen.lasts.items() if stream.startswith("key-project/")}
    expected |= {f"{_PROOFS}{name.removeprefix(_HEADS)}-{head.size}.consistency" for name in _under(bundle, _HEADS)}
    for name in sorted(expected - bundle.names):
        step.miss("proof_missing", name, "每个旧校验值、每个项目的最后一条都应有证明，这一份不在包里：请重新导出")
    for name in _under(bundle, _PROOFS):
        _check_proof(step, name, bundle, head, seen)
    later = _later_heads(step, bundle, policy, head)
    for name, data in kept.items():
        older = _read_head(step, name, data)
        if older is not None:
            _check_kept(step, name, older, policy, head, seen, later)
    step.note = f"包内 {count} 个旧校验值，核验人留存 {len(kept)} 个"
    if later:
        step.note += f"；此后还有 {len(later)} 个校验值，到 {max(later)} 条，其后的条目不在此包"
    if not kept:
        step.note += "；没有留存的校验值，持有全部密钥的人改写台账便看不出来"


def _check_prefix(step: Step, name: str, older: Checkpoint, head: Checkpoint, seen: Seen, code: str = "") -> None:
    if older.size > head.size:
        text = f"那时已有 {older.size} 条，现在只有 {head.size} 条，后面的被截掉了"
        step.fail(f"{code}rolled_back", name, text)
    elif not _is_prefix(older, seen):
        step.fail(f"{code}forked", name, f"现在这本台账的前 {older.size} 条与那时签名的不同，历史被改写了")


def _is_prefix(older: Checkpoint, seen: Seen) -> bool:
    return older.size <= len(seen.tree.levels[0]) and seen.tree.root(older.size) == older.root


def _check_kept(
    step: Step,
    name: str,
    kept: Checkpoint,
    policy: Policy,
    head: Checkpoint,
    seen: Seen,
    later: Mapping[int, bytes],
) -> None:
    """What a head that the auditor kept says of the log as it is: of its generation, or of one that was given up."""
    keys = (*policy.log_keys, *successors(kept.note, policy.log_keys))
    if not any(key.name == kept.origin and signed_by(kept.note, key) for key in keys):
        step.fail("kept_head_signature", name, "留存的校验值不是这本台账签的")
        return
    ended = [each for each in seen.restored if each.old_origin == kept.origin]
    if ended and kept.size > ended[0].old_size:
        step.miss("restored", name, lost(ended[0], kept.size))
    elif not ended and kept.origin != head.origin:
        _check_other_generation(step, name, kept, policy, head, seen)
    elif kept.size in later:
        if later[kept.size] != kept.root:
            step.fail("kept_head_forked", name, f"台账在 {kept.size} 条处另签过一个不同的校验值，历史被改写了")
    elif kept.size <= head.size or seen.whole:
        _check_prefix(step, name, kept, head, seen, code="kept_head_")
    else:
        text = (
            f"此包只到 {head.size} 条，比您留存的校验值（{kept.size} 条）旧："
            "请督查室重新导出（duban audit export）后再核"
        )
        step.miss("kept_head_beyond", name, text)


def _check_other_generation(
    step: Step, name: str, kept: Checkpoint, policy: Policy, head: Checkpoint, seen: Seen
) -> None:
    given_up = [each for each in seen.restored if each.known_origin == kept.origin]
    current = [key for key in policy.log_keys if key.name == head.origin]
    newer = {key.name for key in successors(kept.note, current)}
    if given_up:
        step.miss("restored", name, lost(given_up[0], kept.size))
    elif kept.origin in newer:
        text = f"此包属于恢复之前的一代，您留存的校验值属于其后的一代（{kept.origin}）：请督查室重新导出后再核"
        step.miss("kept_head_beyond", name, text)
    else:
        text = f"留存的校验值属于同一本台账的另一支（{kept.origin}），此包没有提到它：同一段历史有了两份"
        step.fail("kept_head_other_generation", name, text)


def _later_heads(step: Step, bundle: Bundle, policy: Policy, head: Checkpoint) -> dict[int, bytes]:
    """The heads that were signed after the bundle's own, each with the proof that it extends that one."""
    found: dict[int, bytes] = {}
    for name in _under(bundle, _LATER):
        try:
            proof = consistency_from(bundle.read(name))
        except UnreadableNoteError as error:
            step.fail("proof_unreadable", name, f"证明读不懂（{error}）")
            continue
        newer = proof.checkpoint
        keys = (*policy.log_keys, *successors(newer.note, policy.log_keys))
        if name != f"{_LATER}{newer.size}.consistency" or proof.old_size != head.size:
            step.fail("proof_head", name, "证明不是对这两个校验值的")
        elif not any(key.name == newer.origin and signed_by(newer.note, key) for key in keys):
            step.fail("head_signature", name, "这个校验值没有台账密钥的签名")
        elif policy.has_false_signature(newer.note) or has_false_succession(newer.note, keys):
            step.fail("head_signature", name, "这个校验值有一行签名是假的")
        elif not extends(old_size=head.size, old_root=head.root, size=newer.size, root=newer.root, proof=proof.hashes):
            step.fail("consistency", name, "证明不了后来的校验值是这个校验值的延续")
        else:
            found[newer.size] = newer.root
    return found


def _check_proof(step: Step, name: str, bundle: Bundle, head: Checkpoint, seen: Seen) -> None:
    try:
        if name.endswith(".tlog-proof"):
            proof = inclusion_from(bundle.read(name))
            if name != f"{_PROOFS}{proof.index}.tlog-proof" or (proof.checkpoint.size, proof.checkpoint.root) != (
                head.size,
                head.root,
            ):
                step.fail("proof_head", name, "证明不是对这一条、这个校验值的")
            elif proof.checkpoint.note != head.note:
                step.fail("proof_head", name, "证明里的校验值与包里的校验值不是同一份")
            elif proof.index >= len(seen.tree.levels[0]) or not includes(
                leaf=seen.tree.levels[0][proof.index],
                index=proof.index,
                size=head.size,
                proof=proof.hashes,
                root=head.root,
            ):
                step.fail("inclusion", name, f"证明不了第 {proof.index} 条算在这个校验值之内")
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
        step.fail("proof_head", name, "证明不是对这两个校验值的")
    elif older_name not in bundle.names:
        step.fail("head_missing", older_name, "证明所说的旧校验值不在包里")
    elif not extends(
        old_size=proof.old_size,
        old_root=checkpoint_from(bundle.read(older_name)).root,
        size=head.size,
        root=head.root,
        proof=proof.hashes,
    ):
        step.fail("consistency", name, f"证明不了台账只是从第 {proof.old_size} 条往后加的")


def check_windows(
    step: Step,
    bundle: Bundle,
    policy: Policy,
    head: Checkpoint,
    appended: Sequence[str],
    steps: Iterable[tuple[str, str]],
) -> None:
    """Whether no entry claims to be younger than the moment at which a witness saw it in the log.

    A writer's clock that ran ahead does that too; the ledger says where it was put right (`clock.step`).
    """
    ahead: set[str] = set()
    explained = list(steps)
    for name, data in [("log/checkpoint", None), *((name, bundle.read(name)) for name in _under(bundle, _HEADS))]:
        try:
            seen = head if data is None else checkpoint_from(data)
        except UnreadableNoteError:
            continue
        last = appended[min(seen.size, len(appended)) - 1] if seen.size and appended else ""
        for witness, at in policy.cosignatures(seen.note).items():
            latest = (datetime.fromtimestamp(min(at, _LATEST), UTC) + _CLOCKS_DIFFER).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            if last <= latest:
                continue
            if any(back_from >= last and back_to <= latest for back_from, back_to in explained):
                ahead.add(last)
                continue
            text = (
                f"见证人 {witness} 签名时，第 {seen.size - 1} 条的记入时间（{last}）还没有到："
                "写入者的时钟当时可能走快了，这些条目的记入时间不能作准；请校正时钟，台账会记下这一步（clock.step），然后重新导出"
            )
            step.miss("witnessed_window", name, text)
    if ahead:
        step.note += f"写入者的时钟曾走快到 {max(ahead)}，台账记有校正；到那时为止的条目，记入时间不能作准"


def _under(bundle: Bundle, folder: str) -> Iterable[str]:
    return sorted(name for name in bundle.names if name.startswith(folder))


def _read_head(step: Step, name: str, data: bytes) -> Checkpoint | None:
    try:
        return checkpoint_from(data)
    except UnreadableNoteError as error:
        step.fail("head_unreadable", name, f"这个校验值读不懂（{error}）")
        return None
