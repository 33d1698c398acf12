"""The scripts of deploy/ do what the compose file relies on."""

from __future__ import annotations

import importlib.util
import os
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from ruamel.yaml import YAML

from tests.architecture.tree import ROOT, files

DEPLOY = ROOT / "deploy"
SCRIPTS = sorted(path for path in files() if path.is_relative_to(DEPLOY) and path.suffix == ".sh")
LISTENING = """# TYPE temporal_num_pollers gauge
temporal_num_pollers{namespace="duban",poller_type="activity_task",service_name="temporal-core-sdk"} 16
temporal_num_pollers{namespace="duban",poller_type="sticky_workflow_task",service_name="temporal-core-sdk"} 15
temporal_num_pollers{namespace="duban",poller_type="workflow_task",service_name="temporal-core-sdk"} 1
"""


@pytest.fixture(scope="module")
def health() -> ModuleType:
    """The health check, loaded from its path as the container runs it."""
    spec = importlib.util.spec_from_file_location("worker_health", DEPLOY / "worker_health.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def metrics_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A port where the metrics given by the test are served."""
    text: str = request.param

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Metrics) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stop_at_the_first_failure(script: Path) -> None:
    """Each script can be run, parses in a plain shell, and stops when a step fails or a variable is missing."""
    assert script.stat().st_mode & stat.S_IXUSR
    assert "\nset -eu\n" in script.read_text(encoding="utf-8")
    subprocess.run(["sh", "-n", str(script)], check=True)


@pytest.mark.parametrize(
    ("apart", "anew"), [("engine_ca_key", "engine_worker_certificate"), ("engine_signer_key", "engine_worker_token")]
)
def test_nothing_is_signed_without_the_key_that_is_kept_apart(tmp_path: Path, apart: str, anew: str) -> None:
    """Who took it to its safe place, as the page says, is told to put it back, and nothing is made or changed."""
    folder, kept = tmp_path / "secrets", tmp_path / "safe"
    command, environment = (
        ["sh", str(DEPLOY / "make-secrets.sh")],
        {"DUBAN_SECRETS": str(folder), "PATH": "/usr/bin:/bin"},
    )
    subprocess.run(command, check=True, env=environment, capture_output=True)
    (folder / apart).rename(kept)
    subprocess.run(command, check=True, env=environment, capture_output=True)
    (folder / anew).unlink()
    there = {each.name: each.read_bytes() for each in folder.iterdir()}

    ran = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)

    assert ran.returncode == 1
    assert f"{apart} is not there" in ran.stderr
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == there
    kept.rename(folder / apart)
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert (folder / anew).stat().st_size > 0


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """Making the secrets again changes nothing, and only the folder's owner can enter it."""
    folder = tmp_path / "secrets"
    command = ["sh", str(DEPLOY / "make-secrets.sh")]
    environment = {"DUBAN_SECRETS": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    passwords = ("postgres_password", "ledger_password", "grafana_password")
    names = (*passwords, "tls_certificate", "tls_key")
    first = [(folder / name).read_text(encoding="ascii") for name in names]
    assert all(len(secret) == 64 and set(secret) <= set("0123456789abcdef") for secret in first[: len(passwords)])
    assert len(set(first)) == len(names)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in whole if not name.startswith("engine_")} == set(names)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(folder / names[3], folder / names[4])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole


@pytest.mark.parametrize(
    ("removed", "left"), [("engine_ca", "engine_server_certificate"), ("engine_signers", "engine_worker_token")]
)
def test_what_another_authority_or_other_signers_signed_is_named(tmp_path: Path, removed: str, left: str) -> None:
    """Who made them anew and left what the old ones signed would be let in by nobody; nothing is replaced unasked."""
    command = ["sh", str(DEPLOY / "make-secrets.sh")]
    environment = {"DUBAN_SECRETS": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    before = (tmp_path / left).read_bytes()
    (tmp_path / removed).unlink()
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"{left} was not signed by" in done.stderr
    assert (tmp_path / left).read_bytes() == before


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    """A secret is drawn for each installation."""
    for name in ("one", "other"):
        environment = {"DUBAN_SECRETS": str(tmp_path / name), "PATH": "/usr/bin:/bin"}
        subprocess.run(["sh", str(DEPLOY / "make-secrets.sh")], check=True, env=environment, capture_output=True)
    assert len({(tmp_path / name / "postgres_password").read_bytes() for name in ("one", "other")}) == 2


def test_dynamic_configuration_is_what_the_server_reads() -> None:
    """Each dynamic setting is a list of values, as the server expects, and principals are recorded."""
    settings = YAML(typ="safe").load((DEPLOY / "temporal/dynamic-config.yaml").read_text(encoding="utf-8"))
    assert all([set(entry) for entry in entries] == [{"value"}] for entries in settings.values())
    assert settings["frontend.enablePrincipalPropagation"] == [{"value": True}]


def test_a_worker_that_polls_for_everything_is_healthy(health: ModuleType) -> None:
    """Pollers for workflow tasks and for activity tasks make a worker healthy."""
    assert health.deaf_kinds(LISTENING) == []


@pytest.mark.parametrize("kind", ["workflow_task", "activity_task"])
def test_a_worker_that_does_not_poll_is_ill(health: ModuleType, kind: str) -> None:
    """A kind of task with no poller, or whose pollers went to zero, makes a worker ill."""
    missing = "\n".join(line for line in LISTENING.splitlines() if f'"{kind}"' not in line)
    assert health.deaf_kinds(missing) == [kind]
    stopped = "\n".join(
        line.rpartition(" ")[0] + " 0" if f'"{kind}"' in line else line for line in LISTENING.splitlines()
    )
    assert health.deaf_kinds(stopped) == [kind]


@pytest.mark.parametrize("metrics_port", [LISTENING], indirect=True)
def test_the_health_check_asks_the_port_of_the_settings(
    health: ModuleType, metrics_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check reads the metrics from the port that DUBAN_METRICS names, and is silent when all is well."""
    monkeypatch.setenv("DUBAN_METRICS", f"0.0.0.0:{metrics_port}")
    assert health.complaint() is None


def test_a_worker_that_does_not_answer_is_ill(health: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose metrics do not answer is ill, in one sentence that names the port."""
    monkeypatch.setenv("DUBAN_METRICS", "0.0.0.0:1")
    assert "port 1" in str(health.complaint())


def test_setting_up_the_ledger_without_its_administrator_says_what_is_missing() -> None:
    """One sentence that names the setting and how it is written, and no traceback."""
    done = subprocess.run(
        [sys.executable, "deploy/set_up_ledger.py"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DUBAN_LEDGER_ADMINISTRATOR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "DUBAN_LEDGER_ADMINISTRATOR：请写" in done.stderr
    assert "Traceback" not in done.stderr
