"""A real engine behind mutual TLS: who has the right certificate is let in, everybody else reads what is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from temporalio.testing import WorkflowEnvironment

from application.engine_room.embedded import engine_program
from application.engine_room.runtime import build_worker
from application.settings import Settings
from domain.errors import EngineUnreachableError, InputError
from entrypoints.bootstrap import reach_engine
from entrypoints.bootstrap.engine_access import EngineAccess

NAME = "temporal.office.example"
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Authority:
    """Whoever signs certificates: what it made lies in its folder."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def opened(cls, folder: Path, name: str) -> Authority:
        """A new authority, with its own certificate."""
        authority = cls(folder, name, ec.generate_private_key(ec.SECP256R1()))
        authority.issue("ca", ca=True, key=authority.key)
        return authority

    def issue(
        self, what: str, *, ca: bool = False, days: int = 1, key: ec.EllipticCurvePrivateKey | None = None
    ) -> tuple[Path, Path]:
        """A certificate and its key, valid for so many days from yesterday's yesterday on."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name if ca else what)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        names = [x509.DNSName(NAME), x509.IPAddress(IPv4Address("127.0.0.1"))] if what == "server" else []
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=9))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate, private = self.folder / f"{self.name}-{what}.pem", self.folder / f"{self.name}-{what}.key"
        certificate.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        private.write_bytes(key.private_bytes(*pem))
        return certificate, private

    @property
    def trusted(self) -> str:
        """The file by which it is trusted."""
        return str(self.folder / f"{self.name}-ca.pem")


@asynccontextmanager
async def in_front_of(address: str, certificate: tuple[Path, Path], trusted: str, port: int = 0) -> AsyncIterator[str]:
    """What ends TLS before an engine: it asks each client for a certificate that the authority signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.load_verify_locations(trusted)
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["h2"])
    host, _, behind = address.rpartition(":")

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()

    async def both_ways(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, int(behind))
        await asyncio.gather(passed(reader, far_writer), passed(far_reader, writer))

    server = await asyncio.start_server(both_ways, "127.0.0.1", port, ssl=context)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest_asyncio.fixture(scope="module")
async def engine() -> AsyncIterator[str]:
    """The address of a real engine."""
    program = engine_program("temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=program) as environment:
        yield environment.client.service_client.config.target_host


Reach = Callable[..., Awaitable[None]]


@pytest.fixture
def reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reach:
    """Reach an engine by Temporal's own variables, as every command does."""

    async def reached(address: str, **given: str) -> None:
        monkeypatch.setenv("TEMPORAL_ADDRESS", address)
        for name, value in given.items():
            monkeypatch.setenv(f"TEMPORAL_TLS_{name.upper()}", value)
        found, _ = await reach_engine(Settings(data=tmp_path / "data"))
        assert await found.runs("key-project/2018/05a") is None

    return reached


@dataclass(frozen=True)
class Site:
    """An authority, another one, and an engine whose certificate the first has signed."""

    ours: Authority
    others: Authority
    engine: str

    def behind(self, days: int = 1) -> contextlib.AbstractAsyncContextManager[str]:
        """The engine behind TLS, with a certificate that ends in so many days."""
        return in_front_of(self.engine, self.ours.issue("server", days=days), self.ours.trusted)


@pytest.fixture
def site(tmp_path: Path, engine: str) -> Site:
    """A site of one test."""
    return Site(Authority.opened(tmp_path, "ours"), Authority.opened(tmp_path, "others"), engine)


def shown(pair: tuple[Path, Path]) -> dict[str, str]:
    """The variables that show a certificate of one's own."""
    return {"client_cert_path": str(pair[0]), "client_key_path": str(pair[1])}


async def test_the_right_certificate_reaches_the_engine(site: Site, reach: Reach) -> None:
    """Both sides show one, and the name is the one that was expected."""
    async with site.behind() as address:
        pair = site.ours.issue("worker")
        await reach(address, server_ca_cert_path=site.ours.trusted, server_name=NAME, **shown(pair))


async def test_without_a_certificate_nobody_comes_in(site: Site, reach: Reach) -> None:
    """The sentence names the variables that are missing."""
    async with site.behind() as address:
        with pytest.raises(EngineUnreachableError, match="TEMPORAL_TLS_CLIENT_CERT_PATH"):
            await reach(address, server_ca_cert_path=site.ours.trusted, server_name=NAME)


@pytest.mark.parametrize("wrong", ["foreign", "expired"])
async def test_a_wrong_certificate_of_one_s_own_is_told(site: Site, reach: Reach, wrong: str) -> None:
    """Somebody else's authority signed it, or its time is over."""
    pair = site.others.issue("worker") if wrong == "foreign" else site.ours.issue("worker", days=-1)
    async with site.behind() as address:
        with pytest.raises(EngineUnreachableError, match="TEMPORAL_TLS_CLIENT_CERT_PATH"):
            await reach(address, server_ca_cert_path=site.ours.trusted, server_name=NAME, **shown(pair))


async def test_a_server_whose_certificate_has_ended_is_told_as_such(site: Site, reach: Reach) -> None:
    """A certificate that somebody forgot to renew is the commonest fault: the sentence says so."""
    async with site.behind(days=-1) as address:
        with pytest.raises(EngineUnreachableError, match="证书已过期"):
            await reach(
                address, server_ca_cert_path=site.ours.trusted, server_name=NAME, **shown(site.ours.issue("worker"))
            )


async def test_a_server_of_another_authority_or_name_is_not_trusted(site: Site, reach: Reach) -> None:
    """Whoever stands between gets nothing."""
    async with site.behind() as address:
        own = shown(site.ours.issue("worker"))
        with pytest.raises(EngineUnreachableError, match="不是所信任的机构签发的"):
            await reach(address, server_ca_cert_path=site.others.trusted, server_name=NAME, **own)
        with pytest.raises(EngineUnreachableError, match="不是发给这个名字的"):
            await reach(address, server_ca_cert_path=site.ours.trusted, server_name="another.example", **own)


async def test_plain_speech_to_a_server_with_tls_is_told(site: Site, reach: Reach) -> None:
    """Nobody waits for ever."""
    async with site.behind() as address:
        with pytest.raises(EngineUnreachableError, match="TEMPORAL_TLS=true"):
            await reach(address)


async def test_a_certificate_that_is_no_file_is_told(site: Site, reach: Reach, tmp_path: Path) -> None:
    """A wrong path, or a file with something else in it."""
    torn = tmp_path / "torn.pem"
    torn.write_text("nothing", encoding="utf-8")
    async with site.behind() as address:
        with pytest.raises(EngineUnreachableError, match="连接"):
            await reach(address, server_ca_cert_path=site.ours.trusted, **shown((tmp_path / "none.pem", torn)))
        with pytest.raises(EngineUnreachableError, match="TEMPORAL_TLS_"):
            await reach(address, server_ca_cert_path=site.ours.trusted, **shown((torn, torn)))


@pytest.mark.parametrize("kept", [None, " \n"], ids=["missing", "empty"])
async def test_a_token_s_file_with_nothing_in_it_is_told(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str | None
) -> None:
    """The sentence names the setting and the file, and nobody is asked without the token."""
    file = tmp_path / "token"
    if kept is not None:
        file.write_text(kept, encoding="utf-8")
    monkeypatch.setenv("TEMPORAL_ADDRESS", site.engine)
    with pytest.raises(InputError, match=r"DUBAN_ENGINE_TOKEN_FILE.*token"):
        await reach_engine(Settings(data=tmp_path / "data", engine_token_file=file))


async def test_a_renewed_certificate_lets_a_process_in_again_that_began_with_another(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that starts again and trusts another authority: the worker and the engine that it has go on."""
    settings, server = Settings(data=tmp_path / "data"), site.ours.issue("server")
    certificate, key = (tmp_path / "own.pem", tmp_path / "own.key")

    def given(pair: tuple[Path, Path]) -> None:
        certificate.write_bytes(pair[0].read_bytes())
        key.write_bytes(pair[1].read_bytes())

    given(site.ours.issue("worker"))
    for name, value in {"server_ca_cert_path": site.ours.trusted, **shown((certificate, key))}.items():
        monkeypatch.setenv(f"TEMPORAL_TLS_{name.upper()}", value)
    async with in_front_of(site.engine, server, site.ours.trusted) as address:
        monkeypatch.setenv("TEMPORAL_ADDRESS", address)
        engine, _ = await reach_engine(settings)
        worker = build_worker(engine.client, task_queue=settings.task_queue, activities=[])
        access, before = EngineAccess(settings, engine, worker), engine.client
        await access.look()
        assert engine.client is before
    async with in_front_of(site.engine, server, site.others.trusted, port=int(address.rpartition(":")[2])):
        given(site.ours.issue("worker"))
        with pytest.raises(EngineUnreachableError):
            await access.look()
        assert engine.client is worker.client is before
        given(site.others.issue("worker"))
        await access.look()
        assert engine.client is worker.client is not before
        assert await engine.runs("key-project/2018/05a") is None
