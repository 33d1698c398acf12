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
from application.settings import Settings
from entrypoints.desk.guards import FORM_BYTES, MEGABYTE
from entrypoints.desk.pages import PAGES
from tests.architecture.tree import PACKAGES, ROOT

COMPOSE_FILE = ROOT / "docker-compose.yml"
PASSWORDS = re.compile(r"password|passwd|_pwd|secret|token|api_key|private", re.IGNORECASE)
EXACT_VERSION = re.compile(r"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?(@sha256:[0-9a-f]{64})?$")
COMPOSE: dict[str, Any] = YAML(typ="safe").load(COMPOSE_FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {name for name, service in SERVICES.items() if str(service.get("restart")).startswith("on-failure")}
OURS = {"worker", "ledger-database", "desk"}
"""What runs the image that is built here."""
BEYOND = {"desk": {"desk", "proxy"}, "watch": {"prometheus", "grafana"}}
"""What comes up only with a profile."""
LASTING = SERVICES.keys() - JOBS
SECRET_IN_A_PATH = re.compile(r"\{(link|secret)\}")


def image_of(service: dict[str, Any]) -> str:
    """The image of a service, as it is without anything in .env."""
    return re.sub(r"\$\{\w+:-([^}]+)\}", r"\1", service["image"])


def inline_secrets(environment: dict[str, object]) -> list[str]:
    """The variables that seem to carry a secret itself instead of the file it stands in."""
    return [
        name
        for name, value in environment.items()
        if value
        and PASSWORDS.search(name)
        and not (name.endswith(("_FILE", "__FILE")) and str(value).startswith("/run/secrets/"))
    ]


def test_compose_file_follows_the_compose_specification() -> None:
    """The file is valid under the Compose specification's own schema, checked without a network."""
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    ran = subprocess.run([*checker, str(COMPOSE_FILE)], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_cast_is_complete() -> None:
    """Five services last, three jobs run before them; desk and proxy, Prometheus and Grafana come with profiles."""
    always = {"postgresql", "temporal", "temporal-ui", "temporal-ui-door", "worker"}
    assert set(LASTING) == always | BEYOND["desk"] | BEYOND["watch"]
    for profile, names in BEYOND.items():
        assert {name for name, service in SERVICES.items() if service.get("profiles") == [profile]} == names
    assert {name for name, service in SERVICES.items() if "profiles" not in service} == always | JOBS
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
    assert EXACT_VERSION.match(image_of(SERVICES[name]))


def test_one_service_builds_our_image() -> None:
    """The tag is built once; whoever else runs it neither builds nor pulls it."""
    assert {name for name, service in SERVICES.items() if "build" in service} == {"worker"}
    assert {SERVICES[name]["image"] for name in OURS} == {SERVICES["worker"]["image"]}
    assert all(SERVICES[name]["pull_policy"] == "never" for name in OURS - {"worker"})


def test_a_digest_may_stand_behind_every_version() -> None:
    """Every image that is not ours can be named with its digest in .env, and such a name is an exact version."""
    for name in SERVICES.keys() - OURS:
        assert re.fullmatch(r"\$\{DUBAN_IMAGE_\w+:-[^}]+\}", SERVICES[name]["image"]), name
    assert EXACT_VERSION.match("postgres:16.11-bookworm@sha256:" + "0" * 64)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_can_take_the_whole_machine(name: str) -> None:
    """Every service has a limit of processors, memory and processes."""
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert float(limits["cpus"]) > 0
    assert re.fullmatch(r"\d+[mg]", limits["memory"])
    assert limits["pids"] >= 100


def test_the_engine_is_one_release() -> None:
    """Server and admin tools are the same release, so that the schema job fits the server."""
    images = {name: image_of(SERVICES[name]).rpartition(":") for name in ("temporal", *(JOBS - OURS))}
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
        ("temporal-ui-door", {"temporal-ui": "service_healthy"}),
        ("desk", {"worker": "service_healthy"}),
        (
            "worker",
            {
                "temporal": "service_healthy",
                "temporal-namespace": "service_completed_successfully",
                "ledger-database": "service_completed_successfully",
            },
        ),
        ("proxy", {"desk": "service_healthy"}),
        ("grafana", {"prometheus": "service_healthy"}),
    ],
)
def test_nothing_starts_before_what_it_needs(name: str, needs: dict[str, str]) -> None:
    """Database, schema, server, namespace, worker: each waits for the health or the success of the one before."""
    assert {other: needed["condition"] for other, needed in SERVICES[name]["depends_on"].items()} == needs


def test_only_three_doors_are_reachable_and_only_from_this_host() -> None:
    """The Web UI's door, proxy and Grafana alone publish a port, on the loopback unless the operator says otherwise."""
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "temporal-ui-door": ["${DUBAN_UI_ADDRESS:-127.0.0.1:8080}:8080"],
        "proxy": ["${DUBAN_SITE_ADDRESS:-127.0.0.1:8443}:443"],
        "grafana": ["${DUBAN_GRAFANA_ADDRESS:-127.0.0.1:3000}:3000"],
    }


def test_the_desk_opens_sealed_contents_to_the_web_ui_of_the_same_file() -> None:
    """The origin that may ask at `/codec` is where the Web UI is published, unless the operator names another one."""
    (published,) = SERVICES["temporal-ui-door"]["ports"]
    origin = SERVICES["desk"]["environment"]["DUBAN_WEB_UI_ORIGIN"]
    address = published.removeprefix("${DUBAN_UI_ADDRESS:-").partition("}")[0]
    assert origin == f"${{DUBAN_WEB_UI_ORIGIN:-http://{address}}}"


@pytest.mark.parametrize("name", ["worker", "desk"])
def test_what_the_file_does_not_need_is_left_to_the_office_s_own_file(name: str) -> None:
    """What stands here goes before `duban.env`, also where it is empty: a setting there would be one for nothing."""
    assert SERVICES[name]["env_file"] == [COMPOSE["x-more"]]
    given = SERVICES[name]["environment"]
    assert [each for each, text in given.items() if re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text) == ""] == []


def test_whatever_drops_its_rights_keeps_the_one_that_its_program_asks_for() -> None:
    """The proxy's program bears `cap_net_bind_service` on its file: the system begins it only where it can be had."""
    proxies = {name for name, service in SERVICES.items() if image_of(service).startswith("caddy:")}
    assert proxies == {"proxy", "temporal-ui-door"}
    for name in proxies:
        assert (SERVICES[name]["cap_drop"], SERVICES[name]["cap_add"]) == (["ALL"], ["NET_BIND_SERVICE"]), name


def test_the_desk_is_behind_tls_with_the_office_s_certificate() -> None:
    """The proxy alone reaches the desk, with the TLS of today, logs no secret, and takes two files and their form."""
    door = (ROOT / "deploy/proxy/Caddyfile").read_text(encoding="utf-8")
    assert "tls /run/secrets/tls_certificate /run/secrets/tls_key" in door
    assert "protocols tls1.2 tls1.3" in door
    assert f"reverse_proxy desk:{SERVICES['desk']['environment']['DUBAN_DESK_PORT']}" in door
    assert "request>headers delete" in door
    assert "request>uri delete" in door.partition("https://")[0]  # of what fails while the desk is away
    # `query { delete * }` takes out a parameter of that name alone: the codes of logins and what was looked for stayed.
    assert 'request>uri regexp \\?.* ""' in door
    for page in PAGES:
        if SECRET_IN_A_PATH.search(page.path):
            assert f"log_skip {page.path.partition('{')[0]}*" in door, page.path
    settings = Settings()
    assert f"max_size {settings.evidence_megabytes * 2 + FORM_BYTES // MEGABYTE}MB" in door
    assert SERVICES["proxy"]["secrets"] == ["tls_certificate", "tls_key"]
    assert "ports" not in SERVICES["desk"]


def test_the_worker_s_ledger_has_a_database_and_a_login_of_its_own() -> None:
    """The job and the worker name the same database, not the engine's, and only the job knows the administrator."""
    worker, job = SERVICES["worker"], SERVICES["ledger-database"]
    url = worker["environment"]["DUBAN_LEDGER_URL"]
    assert url == job["environment"]["DUBAN_LEDGER_URL"] == "postgresql://duban@postgresql:5432/duban"
    assert "postgres_password" not in worker["secrets"]
    assert set(job["secrets"]) == {"ledger_password", "postgres_password"}


@pytest.mark.parametrize("name", ["worker", "desk"])
def test_worker_and_desk_have_no_rights(name: str) -> None:
    """They run as a user without rights on a read-only file system; only the data folder can be written."""
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]
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
    assert set(re.findall(r"(?<!\$)\$\{(\w+):-[^}]*\}", text)) == variables
    explained = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert explained == variables


def test_the_image_is_the_wheel_without_engines() -> None:
    """The image is the worker's lock and the wheel: no engine, nothing of a developer, and all sources are sent."""
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept[0] == "*"
    scripts = ("deploy/build_wheel.py", "deploy/worker_health.py", "deploy/set_up_ledger.py")
    sources = ("examples", "requirements", "pyproject.toml", "README.md", "LICENSE", "worker.py", "starter.py")
    assert {f"!{name}" for name in (*PACKAGES, *sources, *scripts)} <= set(kept)
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"-r requirements/(\w+)\.txt", dockerfile)) == {"build", "runtime"}
    last = dockerfile.rpartition("\nFROM ")[2]
    assert set(re.findall(r"--from=build (\S+)", last)) == {"/venv"}
