"""The policy in a bundle against the entries, and against the policy that the auditor kept.

A key that was changed is vouched for by the older one, and a witness that was trusted stands in an entry: such a policy
differs from an older one and is no finding. What neither says is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from verifier.findings import Step
from verifier.notes import Note, UnreadableNoteError, VerificationKey, key_from
from verifier.policy import Policy, UnreadablePolicyError, policy_from
from verifier.succession import has_false_succession, is_in_the_name_of, successors

_POLICY = "policy"


def check_policy(
    step: Step, inside: bytes | None, trusted: bytes | None, note: Note, witnesses: Sequence[tuple[str, str]]
) -> None:
    """Compare the bundle's policy with the witnesses that the entries name, and with the auditor's own."""
    if inside is None:
        step.fail("policy_missing", _POLICY, "包内没有策略")
        return
    try:
        given = policy_from(inside)
    except UnreadablePolicyError as error:
        step.fail("policy_differs" if trusted else "policy_unreadable", _POLICY, f"包内的策略读不懂（{error}）")
        return
    held = {str(key) for key in given.witnesses.values()}
    for name, vkey in witnesses:
        if vkey not in held:
            step.fail("witness_dropped", _POLICY, f"台账登记过见证人 {name}，包内的策略却没有它的这把公钥")
    if witnesses and given.quorum is None:
        step.fail("quorum_dropped", _POLICY, "台账登记过见证人，包内的策略却不要求任何见证")
    if trusted is None or inside == trusted:
        return
    kept = policy_from(trusted)
    if why := _unfounded(given, kept, note, {vkey for _, vkey in witnesses}, inside):
        step.fail("policy_differs", _POLICY, f"包内的策略与您保存的不同：{why}")
    else:
        step.note += "；换过密钥或增减过见证人，台账中都有记录，请保存新的策略"


def _unfounded(given: Policy, kept: Policy, note: Note, witnesses: set[str], inside: bytes) -> str:
    """Why a policy does not follow from the auditor's, or nothing where it does."""
    known = {str(key) for key in (*kept.log_keys, *successors(note, kept.log_keys))}
    strange = [key.name for key in given.log_keys if str(key) not in known]
    if strange:
        return f"台账密钥 {'、'.join(strange)} 没有旧密钥为它作保"
    before = {str(key) for key in kept.witnesses.values()}
    now = {str(key) for key in given.witnesses.values()}
    if now - before - witnesses:
        return "有一个见证人，台账没有登记过"
    if {str(key) for key in given.log_keys} == {str(key) for key in kept.log_keys} and now == before:
        return "密钥和见证人相同，要求却不同"
    return "" if inside == as_the_office_writes(given) else "写法不是督办程序的写法"


def as_the_office_writes(policy: Policy) -> bytes:
    """The policy that an office gives out for these keys: more than half of the witnesses must have seen a head."""
    lines = [f"log {key}" for key in policy.log_keys]
    lines += [f"witness {name} {key}" for name, key in policy.witnesses.items()]
    if policy.witnesses:
        lines += [f"group witnesses {len(policy.witnesses) // 2 + 1} {' '.join(policy.witnesses)}", "quorum witnesses"]
    else:
        lines += ["quorum none"]
    return ("\n".join(lines) + "\n").encode()


def keys_of(policy: Policy, note: Note) -> tuple[VerificationKey, ...]:
    """The log's keys that the policy names, and those that they vouch for under a note."""
    return (*policy.log_keys, *successors(note, policy.log_keys))


def only_by(note: Note, policy: Policy, keys: Sequence[VerificationKey]) -> bool:
    """Whether no line in a known key's name is false: neither a signature of it nor a word for the key that follows."""
    return not policy.has_false_signature(note) and not has_false_succession(note, keys)


def has_a_strangers_line(note: Note, policy: Policy, recorded: Iterable[str]) -> bool:
    """Whether a line is in the name of no key of the log: neither of the policy's, nor of those that it recorded."""
    keys = list(policy.log_keys)
    for text in recorded:
        with suppress(UnreadableNoteError):
            keys.append(key_from(text))
    return not all(is_in_the_name_of(line, keys) for line in note.signatures)
