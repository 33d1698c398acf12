"""The cluster's manifests are what the compose file is: valid under Kubernetes' own schema, closed, without secrets."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from application.engine_room.namespace import RETENTION
from tests.architecture.tree import ROOT
from tests.production.test_compose import PASSWORDS, SERVICES, image_of

FOLDER = ROOT / "deploy/kubernetes"
KUBERNETES = "1.33"
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((FOLDER / "duban.yaml").read_text("utf-8")))
VALUES: dict[str, Any] = yaml.safe_load((FOLDER / "temporal-values.yaml").read_text("utf-8"))
NAMES = [f"{manifest['kind']}/{manifest['metadata']['name']}" for manifest in MANIFESTS]
BY_NAME = dict(zip(NAMES, MANIFESTS, strict=True))
PODS = {name: BY_NAME[name]["spec"]["template"]["spec"] for name in NAMES if name.startswith(("Deployment", "Job"))}


def environment(name: str) -> dict[str, str]:
    """What the one container of a pod has in its environment."""
    (container,) = PODS[name]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": "duban"}}]
    own: dict[str, str] = {each["name"]: each["value"] for each in container.get("env", [])}
    return {**BY_NAME["ConfigMap/duban"]["data"], **own}


@pytest.mark.parametrize("manifest", MANIFESTS, ids=NAMES)
def test_every_manifest_follows_kubernetes_schema(manifest: dict[str, Any]) -> None:
    """Each one is valid under the strict schema of its kind: no field is missing, misspelt or of another type."""
    import kubernetes_validate  # noqa: PLC0415 - it loads a second of grammars

    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_a_misspelt_field_would_be_seen() -> None:
    """The schema is the strict one: a field that there is not is an error."""
    import kubernetes_validate  # noqa: PLC0415 - as above

    wrong = {**BY_NAME["Deployment/worker"], "replica": 2}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


@pytest.mark.parametrize(
    ("pod", "service"),
    [("Deployment/worker", "worker"), ("Deployment/desk", "desk"), ("Job/ledger-database", "ledger-database")],
)
def test_a_pod_has_the_image_and_the_environment_of_its_service(pod: str, service: str) -> None:
    """Image and variables are the compose file's; values differ where a place has another name."""
    (container,) = PODS[pod]["containers"]
    assert container["image"] == image_of(SERVICES[service])
    there = {name for name in environment(pod) if name.startswith(("DUBAN_", "TEMPORAL_"))}
    assert there >= set(SERVICES[service]["environment"]) - {"TMPDIR"}
    assert there - set(SERVICES[service]["environment"]) <= set(BY_NAME["ConfigMap/duban"]["data"])


@pytest.mark.parametrize("pod", PODS)
def test_every_pod_is_closed_and_bounded(pod: str) -> None:
    """A user without rights, a file system that cannot be written, no token of the cluster, limits, an exact image."""
    (container,) = PODS[pod]["containers"]
    assert PODS[pod]["automountServiceAccountToken"] is False
    assert PODS[pod]["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {"cpu", "memory"} == set(container["resources"]["limits"])
    secrets = [name for name in environment(pod) if PASSWORDS.search(name)]
    assert all(environment(pod)[name].startswith("/run/secrets/") for name in secrets)


def test_workers_and_desks_are_two_and_replaced_one_by_one() -> None:
    """A new one comes before an old one goes, one always stays, and all share one data folder."""
    for name in ("worker", "desk"):
        spec = BY_NAME[f"Deployment/{name}"]["spec"]
        assert spec["replicas"] == 2
        assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        assert BY_NAME[f"PodDisruptionBudget/{name}"]["spec"]["minAvailable"] == 1
        claims = [volume["persistentVolumeClaim"]["claimName"] for volume in PODS[f"Deployment/{name}"]["volumes"][:1]]
        assert claims == ["duban-data"]
    assert BY_NAME["PersistentVolumeClaim/duban-data"]["spec"]["accessModes"] == ["ReadWriteMany"]


def test_the_chart_s_values_are_the_compose_file_s() -> None:
    """Versions, shards, retention and dynamic settings of Temporal are the same on a cluster."""
    server, config = VALUES["server"], VALUES["server"]["config"]
    named = {
        "temporal": server["image"],
        "temporal-schema": VALUES["admintools"]["image"],
        "temporal-ui": VALUES["web"]["image"],
    }
    assert {name: f"{image['repository']}:{image['tag']}" for name, image in named.items()} == {
        name: image_of(SERVICES[name]) for name in named
    }
    assert str(config["persistence"]["numHistoryShards"]) == SERVICES["temporal"]["environment"]["NUM_HISTORY_SHARDS"]
    (namespace,) = config["namespaces"]["namespace"]
    assert namespace == {"name": "duban", "retention": f"{RETENTION.days * 24}h"}
    dynamic = yaml.safe_load((ROOT / "deploy/temporal/dynamic-config.yaml").read_text("utf-8"))
    assert server["dynamicConfig"] == dynamic
    stores = config["persistence"]["datastores"]
    assert {store["sql"]["databaseName"] for store in stores.values()} == {"temporal", "temporal_visibility"}
    assert not any("password" in store["sql"] for store in stores.values())


def test_the_door_of_the_cluster_takes_what_the_desk_takes_and_logs_no_secret() -> None:
    """The same files go through as with the compose file, and a calendar's address or a link stands in no log."""
    said = BY_NAME["Ingress/desk"]["metadata"]["annotations"]
    door = (ROOT / "deploy/proxy/Caddyfile").read_text("utf-8")
    assert f"max_size {said['nginx.ingress.kubernetes.io/proxy-body-size'].upper()}B" in door
    assert said["nginx.ingress.kubernetes.io/enable-access-log"] == "false"
