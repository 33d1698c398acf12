"""The document of the interface: OpenAPI 3.1, made of the routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from entrypoints.api.problems import Problem

_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = (
    "Acts and readings of a Duban installation. Every answer says as of which instant it is; what is refused is told"
    " as problem details (RFC 9457) with the rule's name. An act has an `Idempotency-Key`: the same act under the same"
    " key is one act."
)


def document_of(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The document of the interface's routes."""
    document = get_openapi(title="Duban", version="1", openapi_version="3.1.0", description=_ABOUT, routes=routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=_REF)
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document
