"""Time stamps of an authority (RFC 3161) over the log's heads, checked offline and in plain Python.

A stamp proves that a head was there at its time: whoever has every key of the log cannot make it for another past. The
entry `head.stamped` names the file; what it covers is computed from the entries, so a stamp of another head is none.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from verifier.bundle import Bundle
from verifier.certificates import HASHES, Certificate, certificate_from, leads_to
from verifier.der import INTEGER, OCTETS, SEQUENCE, SET, Piece, UnreadableDerError, piece, pieces
from verifier.findings import Step
from verifier.public_keys import has_signed
from verifier.tree import Tree

STREAM: Final = "log/stamps"
STAMPED: Final = "head.stamped"
CLOCKS_DIFFER: Final = timedelta(minutes=5)
_SIGNED_DATA, _STAMP = "2a864886f70d010702", "2a864886f70d0109100104"
_CONTENT_TYPE, _DIGEST = "2a864886f70d010903", "2a864886f70d010904"
_SIGNER, _SIGNER_V2 = "2a864886f70d010910020c", "2a864886f70d010910022f"
_PLAIN: Final = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}
_BARE: Final = {"2a864886f70d010101"}
"""RSA without a hash: the hash is the one of the digest."""
_ZERO, _SHA1 = 0xA0, "sha1"
_MOST_CERTIFICATES: Final = 16


class UnreadableStampError(ValueError):
    """A file is no time stamp, or its signature does not hold."""


@dataclass(frozen=True)
class Stamp:
    """A time stamp whose own signature holds: what it covers, when, by whom, and the certificates that came along."""

    imprint: bytes
    at: datetime
    nonce: int | None
    signer: Certificate
    others: tuple[Certificate, ...]

    def is_by(self, trusted: Sequence[Certificate]) -> bool:
        """Whether an authority that is trusted made it, with a certificate for time stamps that was valid then."""
        return self.signer.stamps_only and leads_to(self.signer, self.others, trusted, self.at)


def stamp_from(data: bytes) -> Stamp:
    """A time stamp (the token, DER).

    Raises:
        UnreadableStampError: it is none, or its signature does not hold.
    """
    try:
        kind, content = piece(data).must_be(SEQUENCE).parts()
        if kind.object != _SIGNED_DATA:
            raise UnreadableStampError("not signed data")
        return _signed(piece(content.content).must_be(SEQUENCE).parts())
    except (UnreadableDerError, ValueError, IndexError, KeyError) as error:
        raise UnreadableStampError(str(error) or "not a time stamp") from error


def _signed(parts: Sequence[Piece]) -> Stamp:
    _, _, inside, *more, signers = parts
    kind, packed = inside.parts()
    told = piece(packed.content).must_be(OCTETS).content
    if kind.object != _STAMP:
        raise UnreadableStampError("not a time stamp")
    others = [certificate_from(each.whole) for part in more if part.tag == _ZERO for each in pieces(part.content)]
    if len(others) > _MOST_CERTIFICATES:
        raise UnreadableStampError("more certificates than any authority sends")
    (one,) = signers.must_be(SET).parts()
    signer = _signer(one.parts(), told, others)
    facts = piece(told).must_be(SEQUENCE).parts()
    algorithm, imprint = facts[2].parts()
    if _PLAIN[algorithm.parts()[0].object] != "sha256":
        raise UnreadableStampError("another hash than SHA-256 of the head")
    numbers = [each.number for each in facts[5:] if each.tag == INTEGER]
    return Stamp(imprint.must_be(OCTETS).content, facts[4].instant, next(iter(numbers), None), signer, tuple(others))


def _signer(parts: Sequence[Piece], told: bytes, certificates: Sequence[Certificate]) -> Certificate:
    _, identity, algorithm, attributes, kind, signature = parts[:6]
    issuer, serial = identity.must_be(SEQUENCE).parts()
    (signer,) = [each for each in certificates if (each.issuer, each.serial) == (issuer.whole, serial.number)]
    name = _PLAIN[algorithm.parts()[0].object]
    if attributes.tag != _ZERO:
        raise UnreadableStampError("nothing is signed")
    said = {each.parts()[0].object: piece(each.parts()[1].must_be(SET).content) for each in pieces(attributes.content)}
    if said[_CONTENT_TYPE].object != _STAMP or said[_DIGEST].content != hashlib.new(name, told).digest():
        raise UnreadableStampError("the signature is about something else")
    if not _names(said, signer):
        raise UnreadableStampError("the signature is of another certificate")
    how = kind.parts()[0].object
    hashed = name if how in _BARE else HASHES[how]
    if not has_signed(signer.public_key, b"\x31" + attributes.whole[1:], signature.must_be(OCTETS).content, hashed):
        raise UnreadableStampError("the signature does not hold")
    return signer


def _names(said: Mapping[str, Piece], signer: Certificate) -> bool:
    """Whether the signed attributes name the certificate, so that no other one of the same key can take its place."""
    if _SIGNER_V2 in said:
        (first, *_) = said[_SIGNER_V2].parts()[0].parts()
        parts = first.parts()
        name = "sha256" if parts[0].tag == OCTETS else _PLAIN[parts[0].parts()[0].object]
        return (parts[0] if parts[0].tag == OCTETS else parts[1]).content == hashlib.new(name, signer.whole).digest()
    (first, *_) = said[_SIGNER].parts()[0].parts()
    return first.parts()[0].content == hashlib.new(_SHA1, signer.whole, usedforsecurity=False).digest()


def head_text(origin: str, size: int, root: bytes) -> bytes:
    """What a stamp covers: the text of the head, as it is signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


class Stamps:
    """The stamps that a log's entries name, told in order."""

    def __init__(self) -> None:
        self.named: list[tuple[int, dict[str, Any]]] = []

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of the stream of stamps."""
        if event["type"] == STAMPED:
            int(event["data"]["size"]), str(event["data"]["origin"]), str(event["blobs"][0]["sha256"])
            self.named.append((position, event))

    def check(
        self, step: Step, bundle: Bundle, tree: Tree, appended: Sequence[str], trusted: Sequence[Certificate] | None
    ) -> None:
        """Check every stamp against the head that the entries themselves give, and against those who are trusted."""
        latest: datetime | None = None
        covered = 0
        for position, event in self.named:
            stamp = self._stamp(step, bundle, position, event)
            if stamp is None or not _fits(step, position, event, stamp, tree, appended):
                continue
            if trusted is not None and not stamp.is_by(trusted):
                step.fail("stamp_untrusted", f"entry {position}", "时间戳不是您所信任的机构签发的，或其证书当时已失效")
                continue
            latest, covered = stamp.at, max(covered, int(event["data"]["size"]))
        if not self.named:
            step.find_nothing("台账没有取过时间戳")
            return
        step.note = f"{len(self.named)} 个时间戳"
        if latest is not None:
            step.note += f"，最近的是 {latest:%Y-%m-%d %H:%M:%S} UTC，那时已有前 {covered} 条"
        if trusted is None:
            step.note += "；签发机构未经核对：请用 --stamp-authority 给出您所信任的机构的证书（PEM）"

    def _stamp(self, step: Step, bundle: Bundle, position: int, event: dict[str, Any]) -> Stamp | None:
        name = f"blobs/{event['blobs'][0]['sha256']}"
        if name not in bundle.names:
            return None  # the attachments' step says so
        try:
            return stamp_from(bundle.read(name))
        except UnreadableStampError as error:
            step.fail("stamp_forged", f"entry {position}", f"时间戳读不懂，或签名不成立（{error}）")
            return None


def _fits(step: Step, position: int, event: dict[str, Any], stamp: Stamp, tree: Tree, appended: Sequence[str]) -> bool:
    place, size = f"entry {position}", int(event["data"]["size"])
    if not 0 < size <= position:
        step.fail("stamp_misplaced", place, f"时间戳所说的校验值算到第 {size} 条，而它自己是第 {position} 条")
        return False
    text = head_text(str(event["data"]["origin"]), size, tree.root(size))
    if stamp.imprint != hashlib.sha256(text).digest():
        step.fail("stamp_moved", place, f"时间戳盖的不是前 {size} 条的校验值：条目被改过，或这是另一个校验值的时间戳")
        return False
    last, named = (datetime.fromisoformat(appended[at]) for at in (size - 1, position))
    if not last - CLOCKS_DIFFER <= stamp.at <= named + CLOCKS_DIFFER:
        step.fail("stamp_out_of_time", place, f"时间戳的时间 {stamp.at:%Y-%m-%d %H:%M:%S} UTC 与台账所写的时间对不上")
        return False
    return True
