"""Chooses the form of a plan file by its name."""

from __future__ import annotations

from pathlib import Path

from adapters.plan_files.yaml_plan import read_plan as read_yaml_plan
from adapters.plan_files.yaml_plan import write_plan as write_yaml_plan
from domain.notice.plan import Plan

_YAML = (".yaml", ".yml")


def is_plan_file(path: Path) -> bool:
    """Whether a file is a plan already, not a notice."""
    return path.suffix.lower() in _YAML


def read_plan(path: Path) -> Plan:
    """The plan that a file holds.

    Raises:
        UnreadablePlanError: the file holds no plan.
    """
    return read_yaml_plan(path)


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan, whole or not at all; comments of a YAML file that is written over are kept."""
    over = path.read_text(encoding="utf-8-sig") if path.exists() else None
    write_yaml_plan(plan, path, over=over)
