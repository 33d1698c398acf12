"""What `make production-check` runs is what the compose file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.production_postgres import Cluster
from bench.production_site import SERVICES, Site, free_port, server_version


@pytest.mark.parametrize("name", ["worker", "ledger-database", "temporal-schema", "temporal-namespace", "temporal"])
def test_a_service_has_its_environment_with_the_places_of_this_machine(name: str, tmp_path: Path) -> None:
    """Every variable of the service is handed on, and no name or folder of a container is left in one."""
    with Cluster("made-up", SERVICES["postgresql"], free_port()) as cluster:
        given = Site(tmp_path, tmp_path / "secrets", cluster).engine_environment(name)
    assert SERVICES[name]["environment"].keys() <= given.keys()
    places = ("postgresql:5432", "temporal:7233", "/run/", "/var/lib/duban", "0.0.0.0", "${")  # noqa: S104 - looked for
    assert {key for key, value in given.items() if any(place in value for place in places)} == set()


def test_the_server_that_is_built_is_the_image_s() -> None:
    """The version of the module is the version of the image, whole."""
    assert f"temporalio/server:{server_version().removeprefix('v')}" in SERVICES["temporal"]["image"]


def test_no_port_is_given_twice_and_none_that_the_server_cannot_note() -> None:
    """The server keeps its ports in tables that take none above 32767."""
    ports = [free_port() for _ in range(30)]
    assert len(set(ports)) == 30
    assert max(ports) < 32_768
