"""The alert rules, held against a page of metrics: the small part of Prometheus' language that they use."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.architecture.tree import ROOT

RULES: Mapping[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in YAML(typ="safe").load((ROOT / "deploy/watch/alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
_EXPRESSION = re.compile(
    r"^(?P<age>time\(\) - )?(?P<metric>\w+)(?P<of>\{[^}]*\})? (?P<sign>==|>|<) (?P<limit>[0-9.]+)"
    r"(?: or absent\((?P=metric)(?P=of)\))?$"
)
_SAMPLE = re.compile(r"^(?P<metric>\w+)(?:\{[^}]*\})? (?P<value>\S+)$", re.MULTILINE)
_SIGNS = {"==": operator.eq, ">": operator.gt, "<": operator.lt}


def metric_of(alert: str) -> str:
    """The one metric that a rule looks at."""
    return _read(alert)["metric"]


def firing(page: str | None, now: float, limits: Mapping[str, float] | None = None) -> set[str]:
    """The alerts whose condition holds on a page of metrics at an instant; without a page nobody answered.

    `limits` shortens the wait of a rule whose figure only time can raise.
    """
    samples = [("up", 0.0 if page is None else 1.0)]
    samples += [(found["metric"], float(found["value"])) for found in _SAMPLE.finditer(page or "")]
    return {alert for alert in RULES if _holds(alert, samples, now, (limits or {}).get(alert))}


def _holds(alert: str, samples: list[tuple[str, float]], now: float, limit: float | None) -> bool:
    rule = _read(alert)
    against = float(rule["limit"]) if limit is None else limit
    return any(
        _SIGNS[rule["sign"]](now - value if rule["age"] else value, against)
        for metric, value in samples
        if metric == rule["metric"]
    )


def _read(alert: str) -> re.Match[str]:
    found = _EXPRESSION.match(str(RULES[alert]["expr"]))
    assert found, f"{alert}: a rule is one metric against one limit"
    return found
