"""Acts signed by the key of an SM2 certificate: enrolled, heard, refused, let go, and verified offline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from click.testing import CliRunner

from adapters.accounts.sm2_certificates import OpensslCertificates, sm2_has_signed
from application.accounts.asked_signatures import ask_signature
from application.accounts.certificates import enrol_certificate, let_certificate_go
from application.accounts.own_keys import KeysDesk, options_for_acts, recorded_keys
from application.office.attesting import How, ask, local_giver, prepared_act
from domain.accounts.refusals import AccountClosedError, OnlyCertificateError, UnknownSessionError
from domain.accounts.webauthn import Site, in_base64url
from domain.actors import operator
from domain.acts.act_digest import act_digest, act_document
from domain.acts.attestation import OwnKeyProof
from domain.acts.commands import StrikeOff
from domain.acts.own_key import certificate_content, challenge_of_acts, key_name_of
from domain.acts.rejections import OwnKeyForgedError, OwnKeyMissingError
from domain.ports.certificates import UnusableCertificateError
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.cli.main import duban
from tests.application.accounts.certificates import SoftwareCertificate, openssl
from tests.entrypoints.desk.own_key_office import KeyOffice, key_office, own_keys_step
from tests.entrypoints.desk.small_office import PASSWORD
from tests.entrypoints.desk.test_signing_together import WANG_FANG, send
from tests.plain_http import PLAIN


@dataclass(frozen=True)
class Signing:
    """An office, an authority, and 王芳's certificate, which is enrolled."""

    office: KeyOffice
    desk: KeysDesk
    authority: SoftwareCertificate
    certificate: SoftwareCertificate
    reader: OpensslCertificates

    def proof(self, content: bytes, by: SoftwareCertificate | None = None) -> OwnKeyProof:
        """What a certificate's key signs, under the name of the enrolled one."""
        signature = (by or self.certificate).sign(content)
        return OwnKeyProof(key=key_name_of(self.certificate.public), signature=in_base64url(signature))

    async def strike(self, project_id: str, proof: OwnKeyProof | None = None) -> Any:
        """Strike off for 王芳 through the shell."""
        return await ask(self._owner, project_id, self._command(project_id), How(own_key=proof))

    def content(self, project_id: str) -> bytes:
        """What is to be signed of that."""
        act = prepared_act(self._owner, project_id, self._command(project_id), How())
        return certificate_content(challenge_of_acts((act_digest(act),)))

    @property
    def _owner(self) -> Any:
        return replace(self.office.small.office, giver=local_giver(engine_now()))

    def _command(self, project_id: str) -> Any:
        return StrikeOff(request_id=f"sm2-{project_id}", by=operator("王芳"), milestone_id=f"{project_id}-01")


@pytest_asyncio.fixture
async def signing(tmp_path: Path) -> AsyncIterator[Signing]:
    """Made by the openssl command, enrolled by the owner."""
    authority = SoftwareCertificate(tmp_path, "某市发证机构")
    certificate = SoftwareCertificate(tmp_path, "王芳", authority)
    async with key_office(tmp_path) as office:
        desk = KeysDesk(office.accounts, attestor_of(office.small.office.settings))
        reader = OpensslCertificates(authority.path)
        made = Signing(office, desk, authority, certificate, reader)
        owner, pem = local_giver(engine_now()), certificate.path.read_bytes()
        key, read = await enrol_certificate(desk, owner, "wangfang", pem, reader, engine_now())
        assert (key.person_id, key.public, read.subject) == ("P0002", certificate.public, "CN=王芳")
        yield made


async def test_an_act_signed_by_a_certificate_is_heard_and_verified_offline(signing: Signing, tmp_path: Path) -> None:
    """Refused without; heard with the signature of this very act; the verifier checks it in plain Python."""
    with pytest.raises(OwnKeyMissingError):
        await signing.strike("2018-05a")
    await signing.strike("2018-05a", signing.proof(signing.content("2018-05a")))
    step = await own_keys_step(signing.office, tmp_path / "bundle.tar")
    assert (step.verdict, step.findings) == ("passed", [])
    assert "1 项有本人设备的签名；登记了 1 把密钥，1 人" in step.note


async def test_who_has_a_certificate_alone_is_told_at_once_that_only_programs_can_sign(signing: Signing) -> None:
    """The shell waits for nobody; the desk asks no device; and the sentence names the way there is."""
    office = signing.office
    owner = replace(office.small.office, giver=local_giver(engine_now()))
    command: Any = StrikeOff(request_id="sm2", by=operator("王芳"), milestone_id="2018-05a-01")
    act = prepared_act(owner, "2018-05a", command, How())
    with pytest.raises(OnlyCertificateError, match="请经接口（API）"):
        await ask_signature(office.accounts, (act_document(act),), act.command.by.person_id, engine_now())
    site, who = Site("localhost", office.address), WANG_FANG
    with pytest.raises(OnlyCertificateError, match="请经接口（API）"):
        await options_for_acts(office.accounts, who, site, (act_digest(act),))
    async with httpx2.AsyncClient(base_url=office.address, **PLAIN) as client:
        await send(client, "/sign-in", {"account": "wangfang", "password": PASSWORD})
        refused = await send(client, "/projects/2018-05a/acts/strike-off", {"milestone": "2018-05a-01"})
        assert (refused.status_code, "请经接口（API）" in refused.text) == (400, True), refused.text
        many = {"act": "strike-off", "item": ["2018-05a-01", "2018-06-01"], "request_id": "desk-1"}
        assert "请经接口（API）" in (await send(client, "/many", many)).text
    assert (await office.small.known("2018-05a")).milestones["2018-05a-01"].stage != "struck_off"


async def test_what_a_certificate_did_not_sign_is_refused(signing: Signing, tmp_path: Path) -> None:
    """Of another act, by another certificate's key, dressed as a device's, after it was let go."""
    content, other = signing.content("2018-05a"), SoftwareCertificate(tmp_path, "李明")
    good = signing.proof(content)
    proofs = (
        signing.proof(signing.content("2018-06")),
        signing.proof(content, other),
        signing.proof(challenge_of_acts((f"act-sha256-{'0' * 64}",))),
        good.model_copy(update={"signature": good.signature[:20]}),
    )
    for proof in proofs:
        with pytest.raises(OwnKeyForgedError):
            await signing.strike("2018-05a", proof)
    gone = await let_certificate_go(signing.desk, local_giver(engine_now()), good.key[:12], "换证")
    assert not (await recorded_keys(signing.office.accounts))[gone.key].is_open
    with pytest.raises(OwnKeyForgedError, match="已停用"):
        await signing.strike("2018-05a", good)
    with pytest.raises(UnknownSessionError):
        await let_certificate_go(signing.desk, local_giver(engine_now()), good.key[:12], "换证")


async def test_only_a_certificate_that_counts_is_enrolled(signing: Signing, tmp_path: Path) -> None:
    """Not of a stranger's authority, over, of another kind, unreadable, known, of nobody, or without any authority."""
    foreign = SoftwareCertificate(tmp_path, "外人", SoftwareCertificate(tmp_path, "外来机构"))
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(tmp_path / "p.key"))
    curve = openssl("req", "-x509", "-new", "-key", str(tmp_path / "p.key"), "-subj", "/CN=x", "-days", "9")
    another = SoftwareCertificate(tmp_path, "新证", signing.authority).der
    rsa = SoftwareCertificate(tmp_path, "RSA机构", algorithm="RSA")
    by_rsa = SoftwareCertificate(tmp_path, "RSA所签", rsa).der
    owner, now, reader = local_giver(engine_now()), engine_now(), signing.reader
    for data, at, by, why in (
        (foreign.der, now, reader, "不是所设发证机构"),
        (another, now + timedelta(days=400), reader, "之间有效"),
        (curve, now, reader, "不是 SM2"),
        (by_rsa, now, OpensslCertificates(rsa.path), "不是 SM2"),
        (b"x", now, reader, "读不懂"),
        (b"x" * 30_000, now, reader, "太大"),
        (signing.certificate.der, now, reader, "已经登记过"),
        (another, now, OpensslCertificates(None), "没有设置发证机构"),
    ):
        with pytest.raises(UnusableCertificateError, match=why):
            await enrol_certificate(signing.desk, owner, "wangfang", data, by, at)
    with pytest.raises(AccountClosedError):
        await enrol_certificate(signing.desk, owner, "nobody", another, reader, now)
    assert len(await recorded_keys(signing.office.accounts)) == 1


async def test_the_owner_enrols_and_ends_one_in_the_shell(
    signing: Signing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the account's person, by the authorities of the settings; ended by the first digits of the key."""
    monkeypatch.setenv("DUBAN_SM2_AUTHORITIES", str(signing.authority.path))
    second = SoftwareCertificate(tmp_path, "新证", signing.authority)
    data = ("--data", str(signing.office.small.office.settings.data), "--json")

    async def said(*words: str) -> Any:
        done = await asyncio.to_thread(CliRunner().invoke, duban, ("account", "certificate", *words, *data))
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    key = key_name_of(second.public)
    assert await said("wangfang", str(second.path)) == {"key": key, "person_id": "P0002", "subject": "CN=新证"}
    assert (await recorded_keys(signing.office.accounts))[key].is_open
    assert await said("--let-go", key[:12]) == {"key": key}
    assert not (await recorded_keys(signing.office.accounts))[key].is_open


def test_without_the_command_no_signature_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can check SM2, nothing is taken for signed."""
    certificate = SoftwareCertificate(tmp_path, "王芳")
    signature = certificate.sign(b"act")
    assert sm2_has_signed(certificate.public, b"act", signature)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not sm2_has_signed(certificate.public, b"act", signature)
