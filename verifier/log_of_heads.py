"""A log of heads: one log whose entries are the signed heads of others, so that an auditor keeps one head for them all.

What is checked: a signed head of the bundle's log stands in the log of heads, under the head that the auditor kept or
that his policy of the log of heads trusts, and it is the beginning of what the bundle has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verifier.findings import Step
from verifier.notes import Checkpoint, UnreadableNoteError, VerificationKey, checkpoint_from, signed_by
from verifier.plain_json import plain_json
from verifier.policy import Policy, UnreadablePolicyError, policy_from
from verifier.proofs import InclusionProof, inclusion_from
from verifier.succession import successors
from verifier.tree import Tree, includes, leaf_hash
from verifier.trusted import keys_of

_TAKEN = "head.taken"
_PROOF, _KEPT, _POLICY = "heads-proof", "heads-kept", "heads-policy"


@dataclass(frozen=True)
class Above:
    """What the auditor has of a log of heads: the proof that he was given, his policy of it, the head that he kept."""

    proof: bytes
    policy: bytes | None = None
    kept: bytes | None = None


def above_in(proof: Path | None, kept: Path | None, policy: Path | None) -> Above | None:
    """What the auditor's files hold; nothing where he has no proof."""
    if proof is None:
        return None
    return Above(proof.read_bytes(), policy.read_bytes() if policy else None, kept.read_bytes() if kept else None)


def check(step: Step, above: Above, keys: Sequence[VerificationKey], head: Checkpoint, tree: Tree) -> None:
    """Check the proof and what it proves beside the bundle's entries; `keys` are those that its log's policy trusts."""
    try:
        proof = inclusion_from(above.proof)
        kept = checkpoint_from(above.kept) if above.kept is not None else None
        policy = policy_from(above.policy) if above.policy is not None else None
    except (UnreadableNoteError, UnreadablePolicyError) as error:
        step.fail("proof_unreadable", _PROOF, f"总账的证明、校验值或策略读不懂（{error}）")
        return
    _check_head_above(step, proof.checkpoint, kept, policy)
    taken = _taken(step, proof)
    if taken is None:
        return
    known = (*keys, *successors(taken.note, keys))
    if not any(key.name == taken.origin and signed_by(taken.note, key) for key in known):
        step.fail("another_log", _PROOF, f"总账所收的校验值属于 {taken.origin}，不是这本台账的密钥签的")
    elif taken.origin != head.origin:
        text = f"总账所收的校验值属于另一代（{taken.origin}），此包是 {head.origin}：请另要同一代的证明或审计包"
        step.miss("other_generation", _PROOF, text)
    elif taken.size > head.size:
        text = (
            f"总账收过算到第 {taken.size} 条的校验值，此包只到第 {head.size} 条："
            "请督查室重新导出（duban audit export）后再核"
        )
        step.miss("bundle_older", _PROOF, text)
    elif taken.size > len(tree.levels[0]) or tree.root(taken.size) != taken.root:
        step.fail(
            "forked",
            _PROOF,
            f"总账所收的校验值（算到第 {taken.size} 条）与此包前 {taken.size} 条算出的不同：有两本内容不同的台账",
        )
    else:
        step.note = (
            f"总账 {proof.checkpoint.origin} 的第 {proof.index} 条收有本台账前 {taken.size} 条的校验值" + step.note
        )


def _check_head_above(step: Step, head: Checkpoint, kept: Checkpoint | None, policy: Policy | None) -> None:
    """Whether the proof's head is the one that the auditor kept, and one that his policy trusts."""
    if kept is not None and (kept.origin, kept.size) == (head.origin, head.size):
        if kept.root != head.root:
            step.fail("heads_forked", _KEPT, f"总账在 {head.size} 条处签过两个不同的校验值：总账自己被改写了")
    elif kept is not None:
        text = f"证明是对总账 {head.size} 条的校验值作的，您留存的是 {kept.origin} {kept.size} 条的："
        step.miss("other_head", _KEPT, text + f"请要对它的证明（duban heads prove --under {kept.size}）")
    if policy is not None:
        if not any(key.name == head.origin and signed_by(head.note, key) for key in keys_of(policy, head.note)):
            step.fail("heads_signature", _POLICY, "总账的校验值没有策略认可的密钥的签名")
        elif not policy.is_met(policy.cosignatures(head.note)):
            step.miss("heads_quorum", _POLICY, "总账的校验值，见证人的签名不够：请取得见证后重新要证明")
    if kept is None and policy is None:
        step.note = "；总账的校验值未经核对：请给出您留存的（--heads-kept）或它的策略（--heads-policy）"


def _taken(step: Step, proof: InclusionProof) -> Checkpoint | None:
    """The head that the proven entry says was taken."""
    above = proof.checkpoint
    if proof.entry is None or not includes(
        leaf=leaf_hash(proof.entry), index=proof.index, size=above.size, proof=proof.hashes, root=above.root
    ):
        step.fail("inclusion", _PROOF, f"证明不了这一条算在总账 {above.size} 条的校验值之内")
        return None
    try:
        event = plain_json(proof.entry)["event"]
        if event["type"] != _TAKEN:
            raise ValueError(event["type"])
        taken = checkpoint_from(event["data"]["note"].encode())
    except (UnreadableNoteError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        step.fail("not_a_head", _PROOF, f"总账的这一条不是收下的校验值（{error}）")
        return None
    return taken
