"""SM2 certificates and signatures, checked by the `openssl` command: the cryptography library has no SM2."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from domain.os_faults import os_fault
from domain.ports.certificates import Certificate, UnusableCertificateError

SM2: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""How the public half of an SM2 key begins; the two coordinates (64 bytes) come after it."""
_SIGNED_BY: Final = "1.2.156.10197.1.501"
"""SM2 with SM3: an authority of RSA may sign an SM2 key as well, and is none of ours."""
_IDENTITY: Final = ("-pkeyopt", "distid:1234567812345678")
_WITHIN_SECONDS: Final = 10
_MOST_BYTES: Final = 20_000


class OpensslCertificates:
    """The port `Certificates`; `authorities` is a file with the certificates (PEM) of those who may issue."""

    def __init__(self, authorities: Path | None) -> None:
        self._authorities = authorities

    def must_count(self, at: datetime) -> int:
        if self._authorities is None:
            return 0
        place = str(self._authorities)
        try:
            found = x509.load_pem_x509_certificates(self._authorities.read_bytes())
        except OSError as error:
            raise UnusableCertificateError(
                f"发证机构的证书文件 {place} 读不出来（{os_fault(error)}），不能登记证书："
                "请核对 DUBAN_SM2_AUTHORITIES。"
            ) from error
        except ValueError as error:
            raise UnusableCertificateError(
                f"发证机构的证书文件 {place} 里没有 PEM 格式的证书，不能登记证书：请核对 DUBAN_SM2_AUTHORITIES。"
            ) from error
        # Each must have it all: one that counts and another that may issue are no authority together.
        found = [each for each in found if _may_issue(each)]
        if not found:
            raise UnusableCertificateError(
                f"发证机构的证书文件 {place} 里没有发证机构的证书，只有个人或网站的证书，不能登记证书："
                "请核对 DUBAN_SM2_AUTHORITIES。"
            )
        found = [each for each in found if SM2 in each.tbs_certificate_bytes]
        if not found:
            raise UnusableCertificateError(
                f"发证机构的证书文件 {place} 里的发证机构证书都不是 SM2 证书，不能登记证书："
                "请向发证机构另取国密证书，并核对 DUBAN_SM2_AUTHORITIES。"
            )
        if not any(each.not_valid_before_utc <= at <= each.not_valid_after_utc for each in found):
            begins = min(each.not_valid_before_utc for each in found)
            ends = max(each.not_valid_after_utc for each in found)
            raise UnusableCertificateError(
                f"发证机构的证书文件 {place} 里的证书都不在有效期内（最早的自 {begins:%Y-%m-%d} 起，"
                f"最晚的到 {ends:%Y-%m-%d}），不能登记证书：请核对 DUBAN_SM2_AUTHORITIES。"
            )
        if shutil.which("openssl") is None:
            raise UnusableCertificateError("找不到 openssl 程序，不能核对国密证书和签名：请管理员安装 openssl。")
        found = [each for each in found if self._is_issued(each, at)]
        if not found:
            raise UnusableCertificateError(
                f"发证机构的证书文件 {place} 里的证书接不到一张根证书，不能登记证书："
                "请向发证机构另取上级（根）证书，一并写进这个文件。"
            )
        return len(found)

    def read(self, data: bytes, at: datetime) -> Certificate:
        if self._authorities is None:
            raise UnusableCertificateError(
                "没有设置发证机构，不能登记证书：请在 DUBAN_SM2_AUTHORITIES 写明其证书文件。"
            )
        read = _parsed(data)
        tbs = read.tbs_certificate_bytes
        at_key = tbs.find(SM2)
        public = tbs[at_key : at_key + len(SM2) + 64]
        by = read.signature_algorithm_oid.dotted_string
        if at_key < 0 or tbs.count(SM2) != 1 or len(public) != len(SM2) + 64 or by != _SIGNED_BY:
            raise UnusableCertificateError("不是 SM2 证书，不能登记：请换用国密证书。")
        if not read.not_valid_before_utc <= at <= read.not_valid_after_utc:
            raise UnusableCertificateError(
                f"证书只在 {read.not_valid_before_utc:%Y-%m-%d} 至 "
                f"{read.not_valid_after_utc:%Y-%m-%d} 之间有效：请换用有效的证书。"
            )
        if not self._is_issued(read, at):
            self.must_count(at)  # first of all those that are set must be able to issue any
            raise UnusableCertificateError("证书不是所设发证机构签发的，不能登记：请核对证书和 DUBAN_SM2_AUTHORITIES。")
        der = read.public_bytes(Encoding.DER)
        return Certificate(der, public, read.subject.rfc4514_string(), read.not_valid_after_utc)

    def _is_issued(self, certificate: x509.Certificate, at: datetime) -> bool:
        assert self._authorities is not None
        with tempfile.TemporaryDirectory(prefix="duban-sm2-") as folder:
            place = Path(folder) / "certificate.pem"
            place.write_bytes(certificate.public_bytes(Encoding.PEM))
            moment = ("-attime", str(int(at.timestamp())), "-no-CApath", "-no-CAstore")
            return _openssl("verify", *moment, "-CAfile", str(self._authorities), str(place))


def sm2_has_signed(public_key: bytes, content: bytes, signature: bytes) -> bool:
    """Whether a signature (SM2 with SM3) of a content is the key's."""
    with tempfile.TemporaryDirectory(prefix="duban-sm2-") as folder:
        places = [Path(folder) / name for name in ("key", "content", "signature")]
        for place, data in zip(places, (public_key, content, signature), strict=True):
            place.write_bytes(data)
        key, text, signed = map(str, places)
        how = ("-rawin", "-digest", "sm3", *_IDENTITY)
        return _openssl(
            "pkeyutl", "-verify", "-pubin", "-inkey", key, "-keyform", "DER", *how, "-in", text, "-sigfile", signed
        )


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return certificate.issuer == certificate.subject  # an old one that says nothing of it


def _parsed(data: bytes) -> x509.Certificate:
    if len(data) > _MOST_BYTES:
        raise UnusableCertificateError("证书文件太大，读不懂：请给出一个人的证书。")
    try:
        return (
            x509.load_pem_x509_certificate(data)
            if data.lstrip().startswith(b"-----")
            else x509.load_der_x509_certificate(data)
        )
    except ValueError as error:
        raise UnusableCertificateError("证书读不懂：请给出 PEM 或 DER 格式的证书。") from error


def _openssl(*arguments: str) -> bool:
    program = shutil.which("openssl")
    if program is None:
        return False
    try:
        done = subprocess.run([program, *arguments], capture_output=True, check=False, timeout=_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
