"""The production engine lets in who has a certificate of its authority and a token, and each may do what he must."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID
from cryptography.x509.verification import PolicyBuilder, Store
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from bench.closed_engine import forged
from tests.architecture.tree import ROOT
from tests.production.test_compose import SERVICES
from tests.production.test_kubernetes import BY_NAME, VALUES
from workflows.search_attributes import ALL_KEYS

CALLERS = {"worker": "worker", "desk": "worker", "temporal-namespace": "jobs", "temporal-ui": "page"}
"""Whose certificate a service shows."""
RIGHTS = {"worker": ["duban:write"], "jobs": ["temporal-system:admin"], "page": ["temporal-system:read"]}


def made(folder: Path) -> Path:
    """The secrets of an installation."""
    environment = {"DUBAN_SECRETS": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", str(ROOT / "deploy/make-secrets.sh")], check=True, env=environment, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secrets of one installation."""
    return made(tmp_path_factory.mktemp("office") / "secrets")


def certificate(secrets: Path, who: str) -> x509.Certificate:
    """A certificate of an installation."""
    return x509.load_pem_x509_certificate((secrets / f"engine_{who}").read_bytes())


def signers(secrets: Path) -> KeySet:
    """The keys by which the server knows a token."""
    return KeySet.import_key_set(yaml.safe_load((secrets / "engine_signers").read_text("utf-8")))


def token(secrets: Path, who: str) -> str:
    """The token of a caller."""
    return (secrets / f"engine_{who}_token").read_text("utf-8")


@pytest.mark.parametrize("who", RIGHTS)
def test_a_token_allows_what_its_caller_must_do(secrets: Path, who: str) -> None:
    """It names the caller and one right, and the server's file of keys shows who signed it."""
    read = jwt.decode(token(secrets, who), signers(secrets), algorithms=["RS256"])
    assert read.claims == {"sub": who, "permissions": RIGHTS[who]}
    assert read.header["kid"] == "duban"


def test_no_token_of_another_office_and_none_that_was_changed_passes(secrets: Path, tmp_path: Path) -> None:
    """Each installation has a signer of its own; more rights under the old signature are none."""
    for wrong in (token(made(tmp_path / "other"), "worker"), forged(token(secrets, "page"))):
        with pytest.raises(BadSignatureError):
            jwt.decode(wrong, signers(secrets), algorithms=["RS256"])


def test_the_server_s_certificate_is_for_the_name_that_callers_ask_for(secrets: Path) -> None:
    """The authority signed it, for the one name of the compose file."""
    asked = SERVICES["worker"]["environment"]["TEMPORAL_TLS_SERVER_NAME"]
    trusted = Store([certificate(secrets, "ca")])
    PolicyBuilder().store(trusted).build_server_verifier(x509.DNSName(asked)).verify(
        certificate(secrets, "server_certificate"), []
    )


@pytest.mark.parametrize("who", RIGHTS)
def test_a_caller_s_certificate_never_passes_for_the_server_s(secrets: Path, who: str) -> None:
    """It is for callers alone and has no name of a server."""
    shown = certificate(secrets, f"{who}_certificate")
    usage: Any = shown.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert ExtensionOID.SUBJECT_ALTERNATIVE_NAME not in [each.oid for each in shown.extensions]
    shown.verify_directly_issued_by(certificate(secrets, "ca"))


def test_no_service_reads_a_key_that_makes_certificates_or_tokens() -> None:
    """Both can be taken away from the machine."""
    given = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert not given & {"engine_ca_key", "engine_signer_key"}


@pytest.mark.parametrize(("service", "who"), CALLERS.items())
def test_who_calls_the_engine_shows_his_own_certificate_and_token(service: str, who: str) -> None:
    """Each service has what is his of the secrets and nobody else's."""
    named = {
        text for text in map(str, SERVICES[service]["environment"].values()) if text.startswith("/run/secrets/engine")
    }
    given = {f"/run/secrets/{name}" for name in SERVICES[service]["secrets"] if name.startswith("engine_")}
    assert named == given
    mine = {f"engine_{who}_certificate", f"engine_{who}_key", "engine_ca"}
    assert {Path(name).name for name in given} - {f"engine_{who}_token"} == mine


def test_every_service_that_calls_the_engine_is_looked_at() -> None:
    """Whoever is given the engine's address is one of the callers."""
    assert {name for name, each in SERVICES.items() if "TEMPORAL_ADDRESS" in each.get("environment", {})} == set(
        CALLERS
    )


def test_the_server_asks_for_both_and_the_web_ui_s_door_adds_the_token_that_looks() -> None:
    """Certificates and tokens are asked for, not only taken."""
    server = SERVICES["temporal"]["environment"]
    assert server["TEMPORAL_TLS_REQUIRE_CLIENT_AUTH"] == "true"
    assert (server["TEMPORAL_AUTH_AUTHORIZER"], server["TEMPORAL_AUTH_CLAIM_MAPPER"]) == ("default", "default")
    assert SERVICES["temporal-ui-door"]["secrets"] == ["engine_page_token"]
    door = (ROOT / "deploy/proxy/WebUI.Caddyfile").read_text("utf-8")
    assert 'header_up Authorization "Bearer {file./run/secrets/engine_page_token}"' in door
    assert "reverse_proxy temporal-ui:8080" in door


def test_the_job_registers_every_search_attribute_that_the_code_has() -> None:
    """A worker may not: it is no administrator."""
    script = (ROOT / "deploy/temporal/set-up-namespace.sh").read_text("utf-8")
    kinds = {"INT": "Int", "KEYWORD": "Keyword", "DATETIME": "Datetime", "BOOL": "Bool"}
    assert [
        (key.name, key.indexed_value_type.name) for key in ALL_KEYS if key.indexed_value_type.name not in kinds
    ] == []
    for key in ALL_KEYS:
        assert f"--name {key.name} --type {kinds[key.indexed_value_type.name]}" in script


def test_the_cluster_s_engine_is_closed_as_the_compose_file_s() -> None:
    """The chart's values say of certificates and tokens what the environment of the server says."""
    server, config = SERVICES["temporal"]["environment"], VALUES["server"]["config"]
    for part, name in (("internode", "SERVER"), ("frontend", "FRONTEND")):
        given = config["tls"][part]
        assert given["server"]["requireClientAuth"] is True
        assert given["server"]["certFile"] == server[f"TEMPORAL_TLS_{name}_CERT"]
        assert given["server"]["keyFile"] == server[f"TEMPORAL_TLS_{name}_KEY"]
        assert given["server"]["clientCaFiles"] == [server["TEMPORAL_TLS_CLIENT1_CA_CERT"]]
        assert given["client"]["rootCaFiles"] == [server["TEMPORAL_TLS_SERVER_CA_CERT"]]
        assert given["client"]["serverName"] == server["TEMPORAL_TLS_FRONTEND_SERVER_NAME"]
    authorization = config["authorization"]
    assert authorization["authorizer"] == authorization["claimMapper"] == server["TEMPORAL_AUTH_AUTHORIZER"]
    assert authorization["jwtKeyProvider"]["keySourceURIs"] == [server["TEMPORAL_JWT_KEY_SOURCE1"]]
    assert VALUES["server"]["internal-frontend"] == {"enabled": True}
    pods = BY_NAME["ConfigMap/duban"]["data"]
    assert {
        name: text for name, text in SERVICES["worker"]["environment"].items() if "engine_" in text
    }.items() <= pods.items()
