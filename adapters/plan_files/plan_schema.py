"""The JSON Schema of a plan file, so that editors complete and check it."""

from __future__ import annotations

from typing import Any

from domain.notice.plan import Plan

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """The schema of the plan file, in the 2020-12 dialect."""
    return {"$schema": _DIALECT, **Plan.model_json_schema()}
