"""The register for people and programs, and what the doctor says of an installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.entrypoints.cli.conftest import Duban


def test_status_is_one_document_of_the_interface_s_shape(running: Duban) -> None:
    """The register of all seventeen, and one project's milestones."""
    # Another list may have been started in this installation by another test.
    register = running("status", "--year", "2018", "--json").document
    assert len(register["projects"]) == 17
    assert {"project_id", "title", "lead_department", "light", "stage", "next_due_on", "milestones"} <= set(
        register["projects"][0]
    )
    milestone = running("status", "2018-01", "--json").document["projects"][0]["milestones"][0]
    wanted = {"milestone_id", "stage", "light", "baseline_due_on", "approved_due_on", "forecast_due_on"}
    assert wanted | {"breaches", "progress"} <= set(milestone)


@pytest.mark.parametrize("columns", [80, 200])
def test_the_register_is_readable_at_any_width(running: Duban, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No line is wider than the screen, and the identity, the light and the date stay whole in one row."""
    monkeypatch.setenv("COLUMNS", str(columns))
    told = running("status").out
    rows = [line for line in told.splitlines() if "2018-05a" in line]
    assert len(rows) == 1
    assert "2018-04-30" in rows[0]
    assert max(cell_len(line) for line in told.splitlines()) <= columns


def test_a_piped_register_keeps_each_project_in_one_line(running: Duban) -> None:
    """Where there is no screen there is nothing to fold for: 17 projects, 17 rows."""
    told = running("status", "--year", "2018").out
    assert len([line for line in told.splitlines() if line.startswith("│ 2018-")]) == 17
    assert len([line for line in told.splitlines() if line.startswith("│")]) == 17


def test_a_healthy_installation_has_nothing_for_the_doctor(running: Duban) -> None:
    """All checks good, status 0 - the worker, the retention and the outbox among them."""
    answer = running("doctor", "--json")
    checks = {check["name"]: check["ok"] for check in answer.document["checks"]}
    assert all(checks[name] for name in ("retention", "worker", "policy", "disk", "temporal"))
    assert {"retention", "worker", "outbox", "disk", "policy"} <= set(checks)


def test_the_doctor_says_what_is_wrong(duban: Duban, somewhere: Path) -> None:
    """An engine that is not there, each with what to do; status 1."""
    somewhere.mkdir()
    answer = duban("doctor", "--data", str(somewhere), "--json")
    assert answer.status == 1
    wrong = {check["name"]: check["text"] for check in answer.document["checks"] if not check["ok"]}
    assert set(wrong) == {"engine"}
    assert "duban run" in wrong["engine"]
