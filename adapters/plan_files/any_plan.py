"""Chooses the form of a plan file by its name."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from adapters.plan_files import yaml_plan
from domain.notice.plan import Plan

_YAML = (".yaml", ".yml")
_XLSX = ".xlsx"


def is_plan_file(path: Path) -> bool:
    """Whether a file is a plan already, not a notice."""
    suffix = path.suffix.lower()
    return suffix in _YAML or (suffix == _XLSX and _xlsx().is_xlsx_plan(path))


def read_plan(path: Path) -> Plan:
    """The plan that a file holds.

    Raises:
        UnreadablePlanError: the file holds no plan.
    """
    return _xlsx().read_plan(path) if path.suffix.lower() == _XLSX else yaml_plan.read_plan(path)


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan, whole or not at all; comments of a YAML file that is written over are kept.

    Raises:
        UnreadablePlanError: the name is no plan's, the place cannot be written, or what stands there is no plan.
    """
    suffix = path.suffix.lower()
    if suffix == _XLSX:
        _xlsx().write_plan(plan, path)
    elif suffix in _YAML:
        yaml_plan.write_plan(plan, path)
    else:
        raise yaml_plan.UnreadablePlanError(f"计划文件 {path.name} 应以 .yaml 或 .xlsx 结尾。")


def _xlsx() -> ModuleType:
    # What reads spreadsheets is large, and most plans are YAML.
    from adapters.plan_files import xlsx_plan

    return xlsx_plan
