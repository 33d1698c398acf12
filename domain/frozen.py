"""Values that never change: what every model of the core, of commands and of events is made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Model = TypeVar("Model")


class FieldsOf(Generic[Model]):
    """As the type of `**update`: the fields of a model, each of which may be left out. The type checker knows them
    (`tests/architecture/fields_of.py`), so that a misspelt one, or a value of another type, fails there."""


class Frozen(BaseModel):
    """A value that is never changed once made, and refuses fields that it does not know.

    A model is made ready when it is first used: a command of the shell uses a tenth of those that it loads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def having(self, **update: FieldsOf[Self]) -> Self:
        """The same with other values."""
        return self.model_copy(update=update)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same with other values, as pydantic copies it; a value without private parts needs none of its detours,
        which take a quarter of the time of folding a record."""
        if deep or update is None:
            return super().model_copy(update=update, deep=deep)
        copied = type(self).__new__(type(self))
        object.__setattr__(copied, "__dict__", {**self.__dict__, **update})
        object.__setattr__(copied, "__pydantic_fields_set__", {*self.__pydantic_fields_set__, *update})
        object.__setattr__(copied, "__pydantic_extra__", None)
        object.__setattr__(copied, "__pydantic_private__", None)
        return copied


Value = TypeVar("Value", bound=Frozen)


def shared(value: Value) -> Value:
    """The one copy of equal values in this process: what is looked up by rules finds itself, and compares no fields."""
    copy: Value = _shared(value)
    return copy


@lru_cache(maxsize=1_024)
def _shared(value: Frozen) -> Any:
    return value


SHARED = AfterValidator(shared)
"""For a field whose value becomes the shared copy as soon as it is read."""


def says_nothing(value: object) -> bool:
    """Whether a field is to be left out."""
    return value is None


def added_later() -> Any:
    """A field that a recorded value got after the first ones of its type were recorded: absent where it says nothing,
    so that every earlier one keeps its bytes and every kept history computes the same ones (ADR 0050)."""
    return Field(default=None, exclude_if=says_nothing)


def make_ready(kind: type[Frozen] = Frozen) -> None:
    """Make every model ready that is loaded: for a process that lives long, whose first decision is not to wait."""
    for each in kind.__subclasses__():
        each.model_rebuild()
        make_ready(each)
