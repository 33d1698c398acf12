"""The persons' own keys: what a device signed of an act is that act, by the key of its person, which counted then; and
what the policy asks a signature for has one.

The public halves stand in the ledger's own stream, each with its person. What is checked here nobody could make who has
the log's key and the doors' keys alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from verifier.findings import Step
from verifier.plain_json import plain_json
from verifier.public_keys import has_signed

STREAM = "log/person-keys"
WEIGHTS = {
    "StrikeOff": "strike_off",
    "RuleOnExtension": "ruling",
    "GrantGrace": "ruling",
    "InsistOnAssignment": "ruling",
    "ReassignLead": "ruling",
    "ReplaceParticipant": "ruling",
    "ChangeAssigningDepartment": "ruling",
    "RuleOnDispute": "ruling",
    "Withdraw": "withdrawal",
    "CloseYear": "year_end",
    "ReopenProject": "year_end",
    "AmendProject": "mass_act",
    "ChangeCalendar": "mass_act",
    "score.published": "mass_act",
    "score.ruled": "ruling",
    "score.corrected": "ruling",
    "score.falsified": "ruling",
}
"""The weight that a policy gives or takes each act by."""
BY_DEFAULT: Mapping[str, Any] = {
    "asked_of": "holders",
    "acts": ["strike_off", "ruling", "withdrawal", "year_end", "mass_act"],
}
"""The rules of a policy that says nothing of own keys."""
_ORIGIN = re.compile(r"https?://(?P<host>[a-z0-9.-]+)(?::[0-9]{1,5})?")
_PRESENT_AND_VERIFIED = 0x05
_AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedAct:
    """An act as its attestation tells it: the place of its first event, and the two together."""

    position: int
    event: dict[str, Any]
    said: dict[str, Any]
    act_id: str


class Attested(Protocol):
    """The acts and the changes of keys whose attestation holds."""

    attested: list[SignedAct]
    key_changes: list[SignedAct]


@dataclass
class _Key:
    person_id: str
    public: bytes
    rp_id: str
    enrolled: int
    certificate: bytes = b""
    revoked: int | None = None

    def counts(self, position: int) -> bool:
        return self.enrolled < position and (self.revoked is None or position < self.revoked)


class OwnKeys:
    """The keys and the policies of a log, told in order of its entries; the acts are judged at the end."""

    def __init__(self) -> None:
        self._keys: dict[str, _Key] = {}
        self._rules: dict[str, Mapping[str, Any]] = {}
        self._unreadable: list[int] = []

    def open(self, event: dict[str, Any]) -> None:
        """Take the policy with which a project was opened."""
        self._rules[event["stream"]] = event["data"]["policy"].get("own_key") or BY_DEFAULT

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of the stream of persons' keys."""
        data = event["data"]
        try:
            name = str(data["key"])
            if event["type"] == "person-key.revoked":
                self._keys[name].revoked = self._keys[name].revoked or position
                return
            public = base64.b64decode(data["public"], validate=True)
            certificate = base64.b64decode(data.get("certificate", ""), validate=True)
            foreign = bool(certificate) and public not in certificate
            if hashlib.sha256(public).hexdigest() != name or name in self._keys or foreign:
                raise ValueError(name)
            self._keys[name] = _Key(str(data["person_id"]), public, str(data["rp_id"]), position, certificate)
        except (KeyError, ValueError, TypeError):
            self._unreadable.append(position)

    def check(self, step: Step, told: Attested, appended: Sequence[str]) -> None:
        """Judge what devices signed of the acts and of the changes of keys, and which of them lack it."""
        acts = told.attested
        for position in self._unreadable:
            step.fail("key_unreadable", f"entry {position}", "登记本人密钥的记录不是台账的写法")
        signed = 0
        for act in acts:
            proof = act.said.get("own_key")
            if proof is not None:
                signed += not step.hold(f"entry {act.position}", self._fault(act, proof))
            elif act.event["data"].get("own_key") == "signed":
                text = "事件说有本人密钥的签名，证明里没有：被拿掉了"
                step.fail("proof_dropped", f"entry {act.position}", text)
            elif self._is_asked_for(act, appended):
                text = "这项办理按规则须有本人密钥的签名，没有"
                step.fail("proof_required", f"entry {act.position}", text)
        for act in told.key_changes:
            self._check_change(step, act, appended)
        held = len({key.person_id for key in self._keys.values()})
        step.note = f"{len(acts)} 项办理中 {signed} 项有本人设备的签名；登记了 {len(self._keys)} 把密钥，{held} 人"
        step.is_empty = not signed and not self._keys

    def _check_change(self, step: Step, act: SignedAct, appended: Sequence[str]) -> None:
        """Judge a change of keys: whoever has one enrols another, or lets somebody else's go, by its signature."""
        proof, person_id = act.said.get("own_key"), act.said["person_id"]
        if proof is not None:
            step.hold(f"entry {act.position}", self._fault(act, proof))
            return
        key = self._keys.get(str(act.event["data"].get("key")))
        own = act.event["type"] == "person-key.revoked" and key is not None and key.person_id == person_id
        if person_id is not None and not own and self._had_a_key(act, person_id, appended, on_a_device=True):
            text = "这次变更须有办理人已有密钥的签名，没有"
            step.fail("key_change_unsigned", f"entry {act.position}", text)

    def _fault(  # noqa: PLR0911 - one for each fault
        self, act: SignedAct, proof: Any
    ) -> tuple[str, str] | None:
        try:
            key = self._keys.get(proof["key"])
            if key is not None and key.certificate:
                return self._fault_of_a_certificate(act, key, proof)
            client_data, data = _bytes(proof["client_data"]), _bytes(proof["authenticator_data"])
            signature, told = _bytes(proof["signature"]), plain_json(client_data, fractions=True)
            challenge, found = _bytes(told["challenge"]), _ORIGIN.fullmatch(str(told["origin"]))
            signed = _signed_together(act, proof.get("acts"))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return "proof_unreadable", "本人密钥的签名读不懂"
        if key is None:
            return "key_unknown", "签名所用的密钥不是台账登记的"
        if (fault := _fault_of_the_key(act, key)) is not None:
            return fault
        if not signed or challenge != signed or told.get("type") != "webauthn.get":
            return "proof_of_another", "本人密钥签的是另一项办理，不是这一项"
        if not has_signed(key.public, data + hashlib.sha256(client_data).digest(), signature):
            return "proof_signature", "签名不是这把密钥的"
        host = found["host"] if found else ""
        ours = host == key.rp_id or host.endswith(f".{key.rp_id}")
        verified = len(data) >= 37 and data[32] & _PRESENT_AND_VERIFIED == _PRESENT_AND_VERIFIED
        if not ours or data[:32] != hashlib.sha256(key.rp_id.encode()).digest() or not verified:
            return "proof_elsewhere", "签名不是在本单位督办台作出的，或设备没有验证是本人"
        return None

    @staticmethod
    def _fault_of_a_certificate(act: SignedAct, key: _Key, proof: Any) -> tuple[str, str] | None:
        """What is wrong with the signature of a certificate's key (raises as unreadable ones do)."""
        signed, signature = _signed_together(act, proof.get("acts")), _bytes(proof["signature"])
        if (fault := _fault_of_the_key(act, key)) is not None:
            return fault
        if not signed or not has_signed(key.public, b"duban-act/v1\n" + signed.hex().encode() + b"\n", signature):
            return "proof_of_another", "证书的密钥签的不是这一项办理"
        return None

    def _is_asked_for(self, act: SignedAct, appended: Sequence[str]) -> bool:
        rules = self._rules.get(act.event["stream"], BY_DEFAULT)
        weight = WEIGHTS.get(act.said["act"]["command"]["type"])
        if weight not in rules["acts"] or rules["asked_of"] == "nobody":
            return False
        return rules["asked_of"] == "everybody" or self._had_a_key(act, _named_in(act), appended)

    def _had_a_key(self, act: SignedAct, person_id: Any, appended: Sequence[str], *, on_a_device: bool = False) -> bool:
        received = datetime.fromisoformat(str(act.said["received_at"]))
        return any(
            key.person_id == person_id
            and not (on_a_device and key.certificate)
            and key.counts(act.position)
            # What was enrolled at this very moment the door may not have known yet.
            and datetime.fromisoformat(appended[key.enrolled]) + _AT_ONCE < received
            for key in self._keys.values()
        )


def _fault_of_the_key(act: SignedAct, key: _Key) -> tuple[str, str] | None:
    if _persons(act) != {key.person_id}:
        return "key_of_another", "签名所用的密钥是别人的，不是这项办理的人的"
    if not key.counts(act.position):
        return "key_not_open", "签名所用的密钥那时还没有登记，或已经停用"
    return None


def _persons(act: SignedAct) -> set[Any]:
    """Whom an act names as the one who gives it, in its event and in its attestation: each must be the key's person."""
    in_event = () if act.event["stream"] == STREAM else (_named_in(act),)
    owner = act.said["login"]["how"] == "local-os-user"
    return {*in_event, *(() if owner else (act.said["person_id"],))}


def _named_in(act: SignedAct) -> Any:
    """The number of the one who gives an act, as its event has it."""
    by = act.event["data"].get("by")
    # What is said about scores has the actor whole.
    return by.get("person_id") if isinstance(by, dict) else act.event["data"].get("by_person")


def _signed_together(act: SignedAct, acts: Any) -> bytes:
    """What a device signs of an act: its hash, or that of a list of acts which has it; nothing where it does not."""
    own = act.act_id.removeprefix("act-sha256-")
    if acts is None:
        return bytes.fromhex(own)
    if not isinstance(acts, list) or own not in acts:
        return b""
    return hashlib.sha256(json.dumps({"acts": acts, "v": 1}, separators=(",", ":")).encode()).digest()


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str) or not text.isascii():
        raise ValueError(text)
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
