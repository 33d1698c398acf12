"""docker-compose.yml is fit for production: valid, pinned, watched, without secrets, kept for ten years."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from ruamel.yaml import YAML

from application.engine_room.namespace import RETENTION
from tests.architecture.tree import PACKAGES, ROOT

COMPOSE_FILE = ROOT / "docker-compose.yml"
PASSWORDS = re.compile(r"password|passwd|_pwd|secret|token|api_key|private", re.IGNORECASE)
EXACT_VERSION = re.compile(r"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?(@sha256:[0-9a-f]{64})?$")
COMPOSE: dict[str, Any] = YAML(typ="safe").load(COMPOSE_FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {name for name, service in SERVICES.items() if str(service.get("restart")).startswith("on-failure")}
OURS = {"worker", "desk", "ledger-database"}
"""What runs the image that is built here."""
LASTING = SERVICES.keys() - JOBS


def inline_secrets(environment: dict[str, object]) -> list[str]:
    """The variables that seem to carry a secret itself instead of the file it stands in."""
    return [
        name
        for name, value in environment.items()
        if value and PASSWORDS.search(name) and not (name.endswith("_FILE") and str(value).startswith("/run/secrets/"))
    ]


def test_compose_file_follows_the_compose_specification() -> None:
    """The file is valid under the Compose specification's own schema, checked without a network."""
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    ran = subprocess.run([*checker, str(COMPOSE_FILE)], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_cast_is_complete() -> None:
    """PostgreSQL, Temporal, its Web UI, worker and desk last; schema, namespace, ledger database are jobs."""
    assert set(LASTING) == {"postgresql", "temporal", "temporal-ui", "worker", "desk"}
    assert {"temporal-schema", "temporal-namespace", "ledger-database"} == JOBS


@pytest.mark.parametrize("name", sorted(LASTING))
def test_every_lasting_service_is_watched_and_restarted(name: str) -> None:
    """A service that lasts has a health check with limits and comes back after a fall or a reboot."""
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    check = service["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert len(check["test"]) > 1
    assert {"interval", "timeout", "retries", "start_period"} <= check.keys()
    assert not check.get("disable")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_stands_in_the_file(name: str) -> None:
    """No environment carries a password; secrets come as files that are not in the repository."""
    environment = SERVICES[name].get("environment", {})
    assert isinstance(environment, dict)
    assert inline_secrets(environment) == []


def test_an_inline_secret_is_seen() -> None:
    """The check above sees a password given as a value and accepts one given as a secret's file."""
    assert inline_secrets({"POSTGRES_PWD": "temporal", "TEMPORAL_API_KEY": "x"}) == ["POSTGRES_PWD", "TEMPORAL_API_KEY"]
    assert inline_secrets({"POSTGRES_PASSWORD_FILE": "/run/secrets/postgres_password"}) == []


def test_secrets_come_from_ignored_files() -> None:
    """Every secret is a file outside the repository, and git is told to leave its folder alone."""
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    asked = ["git", "check-ignore", "secrets/postgres_password", ".env"]
    ignored = subprocess.run(asked, cwd=ROOT, check=False, capture_output=True, text=True).stdout.split()
    assert ignored == ["secrets/postgres_password", ".env"]


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - OURS))
def test_every_image_is_an_exact_version(name: str) -> None:
    """No image floats: each names a full version, never latest or a bare major."""
    assert EXACT_VERSION.match(SERVICES[name]["image"])


def test_the_engine_is_one_release() -> None:
    """Server and admin tools are the same release, so that the schema job fits the server."""
    images = {name: SERVICES[name]["image"].rpartition(":") for name in ("temporal", *(JOBS - OURS))}
    assert {version for _, _, version in images.values()} == {"1.32.0"}


def test_histories_are_kept_for_ten_years() -> None:
    """The namespace job runs before any worker and sets the very retention that the worker and the doctor ask for."""
    hours = re.fullmatch(r"(\d+)h", SERVICES["temporal-namespace"]["environment"]["RETENTION"])
    assert hours
    assert timedelta(hours=int(hours[1])) == RETENTION
    script = (ROOT / "deploy/temporal/set-up-namespace.sh").read_text(encoding="utf-8")
    assert script.count('--retention "$RETENTION"') == 2


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("temporal-schema", {"postgresql": "service_healthy"}),
        ("temporal", {"temporal-schema": "service_completed_successfully"}),
        ("ledger-database", {"postgresql": "service_healthy"}),
        ("temporal-namespace", {"temporal": "service_healthy"}),
        ("temporal-ui", {"temporal-namespace": "service_completed_successfully"}),
        ("desk", {"worker": "service_healthy"}),
        (
            "worker",
            {
                "temporal": "service_healthy",
                "temporal-namespace": "service_completed_successfully",
                "ledger-database": "service_completed_successfully",
            },
        ),
    ],
)
def test_nothing_starts_before_what_it_needs(name: str, needs: dict[str, str]) -> None:
    """Database, schema, server, namespace, worker: each waits for the health or the success of the one before."""
    assert {other: needed["condition"] for other, needed in SERVICES[name]["depends_on"].items()} == needs


def test_only_pages_are_reachable_and_only_from_this_host() -> None:
    """No ports but the Web UI's and the desk's are published, on the loopback unless the operator says otherwise."""
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "temporal-ui": ["${DUBAN_UI_ADDRESS:-127.0.0.1:8080}:8080"],
        "desk": ["${DUBAN_DESK_AT:-127.0.0.1:8600}:8600"],
    }


def test_the_worker_s_ledger_has_a_database_and_a_login_of_its_own() -> None:
    """The job and the worker name the same database, not the engine's, and only the job knows the administrator."""
    worker, job = SERVICES["worker"], SERVICES["ledger-database"]
    url = worker["environment"]["DUBAN_LEDGER_URL"]
    assert url == job["environment"]["DUBAN_LEDGER_URL"] == "postgresql://duban@postgresql:5432/duban"
    assert worker["secrets"] == ["ledger_password"]
    assert set(job["secrets"]) == {"ledger_password", "postgres_password"}


def test_the_worker_and_the_desk_have_no_rights() -> None:
    """Both run as a user without rights on a read-only file system; only the data folder can be written."""
    for service in (SERVICES["worker"], SERVICES["desk"]):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(set(bases)) == 1
    assert all(EXACT_VERSION.match(base) for base in bases)


def test_every_variable_of_the_file_is_explained() -> None:
    """What may be changed from outside has a default in the file and a line in .env.example."""
    text = COMPOSE_FILE.read_text(encoding="utf-8")
    variables = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    assert set(re.findall(r"(?<!\$)\$\{(\w+):-[^}]+\}", text)) == variables
    explained = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert explained == variables


def test_the_image_holds_every_package() -> None:
    """What the image is built from includes every package of the project and both start scripts."""
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept[0] == "*"
    assert {
        f"!{name}"
        for name in (*PACKAGES, "worker.py", "starter.py", "deploy/worker_health.py", "deploy/set_up_ledger.py")
    } <= set(kept)
