"""A witness: the audit office's own record of the heads that it saw, and its signature that it saw them.

It checks each new head against the full signed head that it kept, stores before it answers, and answers one line.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from verifier.ed25519 import public_key, sign
from verifier.notes import (
    WITNESS_KEY,
    Checkpoint,
    UnreadableNoteError,
    VerificationKey,
    checkpoint_from,
    cosigned_message,
    key_from,
    key_id_of,
    signed_by,
)
from verifier.proofs import consistency_from
from verifier.succession import successors
from verifier.tree import EMPTY_ROOT, extends

_KEY = "witness.key"
_LOG_KEYS = "log-keys"
_HEAD = "kept-head"
_SEED_BYTES = 32
_RESTORED = (
    "这份请求出自恢复过的台账：督查室已说明是用备份恢复、并有记录的，"
    "请让他们用 duban audit witness request --since 0 出请求，再用 cosign --restored 签，"
    "留存的旧校验值会另存一份；没有说明的，不要签。"
)


class WitnessRefusedError(ValueError):
    """A head is not cosigned; the message says why."""


@dataclass(frozen=True)
class Witness:
    """The witness's folder: its key (mode 0600), the log's public keys, the last head that it saw."""

    folder: Path

    def create(self, name: str, log_vkeys: list[str]) -> VerificationKey:
        """Make the witness's key and keep the keys of the log that it watches.

        Raises:
            WitnessRefusedError: there is a witness here already, or the name is none that a key can have.
            UnreadableNoteError: a key of the log cannot be read.
        """
        if not name.isprintable() or not name or any(each.isspace() or each == "+" for each in name):
            raise WitnessRefusedError(
                "见证人的名称不能为空，不能含空格、加号或看不见的字符，没有生成密钥："
                "请改用如 audit-office.example/witness 的名称。"
            )
        keys = [key_from(vkey) for vkey in log_vkeys]
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / _KEY
        if path.exists():
            raise WitnessRefusedError(f"“{path}”已有见证人密钥，不能覆盖。")
        seed = secrets.token_bytes(_SEED_BYTES)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{name}\n{base64.b64encode(seed).decode()}\n")
        (self.folder / _LOG_KEYS).write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")
        return self.key()

    def key(self) -> VerificationKey:
        """The witness's public key."""
        name, seed = self._secret()
        public = public_key(seed)
        return VerificationKey(name, key_id_of(name, WITNESS_KEY, public), WITNESS_KEY, public)

    def kept_head(self) -> Checkpoint | None:
        """The last head that the witness saw."""
        path = self.folder / _HEAD
        return checkpoint_from(path.read_bytes()) if path.exists() else None

    def cosign(self, request: bytes, now: int, *, restored: bool = False) -> str:
        """Check a request (a consistency proof with a head) and answer the signature line; `now` in seconds since 1970.

        A key for which a known one vouches takes its place. With `restored`, whoever runs the witness has heard that
        the log was restored from a backup and lost what the kept head covers: that head stays beside the new one.

        Raises:
            WitnessRefusedError: the head is not the log's, or does not extend the one that was kept.
        """
        try:
            asked = consistency_from(request)
        except UnreadableNoteError as error:
            raise WitnessRefusedError(
                "这份文件不是见证请求，或者残缺，读不懂，未签名："
                "请管理台账的一方运行 duban audit witness request -o 文件，把新的请求整个送来。"
            ) from error
        head, kept = asked.checkpoint, self.kept_head()
        keys = self._keys_for(head)
        given_up = kept is not None and kept.origin != head.origin and restored
        old_size, old_root = (kept.size, kept.root) if kept and not given_up else (0, EMPTY_ROOT)
        if asked.old_size != old_size:
            raise WitnessRefusedError(
                f"未签名：本见证人留存的校验值算到第 {old_size} 条，这份请求从第 {asked.old_size} 条起；"
                f"请管理台账的一方运行 duban audit witness request --since {old_size}，把新的请求再送来。"
                + (_RESTORED if kept and kept.origin != head.origin else "")
            )
        if not extends(old_size=old_size, old_root=old_root, size=head.size, root=head.root, proof=asked.hashes):
            raise WitnessRefusedError(
                f"未签名：送来的校验值与留存的校验值（算到第 {old_size} 条）接不上，台账可能被改写过；"
                "请保存这份请求作为证据，交审计人员。" + (_RESTORED if kept and kept.origin != head.origin else "")
            )
        name, seed = self._secret()
        if kept is not None and kept.origin != head.origin:
            (self.folder / _HEAD).replace(self.folder / f"{_HEAD}.{kept.size}")
        _write_whole(self.folder / _LOG_KEYS, "".join(f"{key}\n" for key in keys).encode())
        self._keep(asked.note)
        message = cosigned_message(head.note.text, now)
        payload = self.key().key_id + now.to_bytes(8, "big") + sign(seed, message)
        return f"— {name} {base64.b64encode(payload).decode()}\n"

    def _keys_for(self, head: Checkpoint) -> list[VerificationKey]:
        """The log's keys, as they are known once this head is taken.

        Raises:
            WitnessRefusedError: neither a known key nor one that they vouch for signed it.
        """
        known = [key_from(line) for line in (self.folder / _LOG_KEYS).read_text(encoding="utf-8").split()]
        newer = successors(head.note, known)
        # A key that was changed signs no head alone any more: whoever stole the old one gets nothing by it.
        current = newer[-1:] or known
        if not any(key.name == head.origin and signed_by(head.note, key) for key in current):
            raise WitnessRefusedError("这个校验值不是所见证的台账签的，未签名。")
        return current

    def _secret(self) -> tuple[str, bytes]:
        path = self.folder / _KEY
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise WitnessRefusedError(f"“{path}”别的用户也能读到：请执行 chmod 600 后再用。")
        try:
            name, packed = path.read_text(encoding="utf-8").split()
            seed = base64.b64decode(packed, validate=True)
        except ValueError:
            name, seed = "", b""
        if len(seed) != _SEED_BYTES:
            raise WitnessRefusedError(f"“{path}”不是见证人的密钥，未签名：请从备份取回它。")
        return name, seed

    def _keep(self, note: bytes) -> None:
        _write_whole(self.folder / _HEAD, note)


def _write_whole(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
