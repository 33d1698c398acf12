"""Reading events: each by the model of its own type, so that only the models are made ready that occur."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, get_args

from pydantic_core import InitErrorDetails, ValidationError

from domain.events.event import Event

_E = TypeVar("_E")


class EventKinds(Generic[_E]):
    """The events of one kind of stream, as their annotated union names them."""

    def __init__(self, union: Any) -> None:
        kinds: tuple[type[Event], ...] = get_args(get_args(union)[0])
        self._kinds: dict[object, Any] = {kind.model_fields["type"].default: kind for kind in kinds}

    def read(self, fields: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> _E:
        """The event that these fields, as JSON has them, are.

        Raises:
            ValidationError: no event of this kind of stream has this type, or one has, and these are not its fields.
        """
        named = fields.get("type")
        kind = self._kinds.get(named) if isinstance(named, str) else None
        if kind is None:
            told = {"discriminator": "type", "tag": str(named), "expected_tags": ", ".join(map(str, self._kinds))}
            wrong = InitErrorDetails(type="union_tag_invalid", loc=(), input=named, ctx=told)
            raise ValidationError.from_exception_data("Event", [wrong])
        event: _E = kind.model_validate(fields, strict=False, context=context)
        return event
