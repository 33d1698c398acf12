"""Reading events: each by the model of its own type, so that only the models are made ready that occur."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Generic, TypeVar, get_args

from domain.events.event import Event

_E = TypeVar("_E")


class EventKinds(Generic[_E]):
    """The events of one kind of stream, as their annotated union names them."""

    def __init__(self, union: Any) -> None:
        kinds: tuple[type[Event], ...] = get_args(get_args(union)[0])
        self._kinds: dict[str, Any] = {kind.model_fields["type"].default: kind for kind in kinds}

    def read(self, fields: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> _E:
        """The event that these fields are.

        Raises:
            KeyError: no event of this kind of stream has this type.
            ValidationError: one has, and these are not its fields.
        """
        event: _E = self._kinds[str(fields["type"])].model_validate(fields, strict=False, context=context)
        return event

    def read_json(self, text: str | bytes, context: Mapping[str, Any] | None = None) -> _E:
        """The event that a JSON document is (raises as `read`)."""
        event: _E = self._kinds[str(json.loads(text)["type"])].model_validate_json(text, context=context)
        return event
