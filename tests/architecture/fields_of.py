"""What mypy is told of `**update: FieldsOf[Model]`: it takes the fields of a model, each of which may be left out."""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import ARG_NAMED_OPT
from mypy.plugin import FunctionSigContext, MethodSigContext, Plugin
from mypy.types import CallableType, FunctionLike, Instance, Type, TypeVarType, UnionType, get_proper_type

_STANDS_FOR_FIELDS = "domain.frozen.FieldsOf"


class FieldsOfAModel(Plugin):
    """Looks at every call of a function of the core or the application, and at every `having`."""

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return _with_fields if fullname.startswith(("domain.", "application.")) else None

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return _with_fields if fullname.endswith(".having") else None


def _with_fields(context: FunctionSigContext | MethodSigContext) -> CallableType:
    called = context.default_signature
    last = get_proper_type(called.arg_types[-1]) if called.arg_types else None
    if not isinstance(last, Instance) or last.type.fullname != _STANDS_FOR_FIELDS:
        return called
    fields = _fields_of(last.args[0])
    return called.copy_modified(
        arg_types=[*called.arg_types[:-1], *fields.values()],
        arg_kinds=[*called.arg_kinds[:-1], *[ARG_NAMED_OPT] * len(fields)],
        arg_names=[*called.arg_names[:-1], *fields],
    )


def _fields_of(model: Type) -> dict[str, Type]:
    """What the constructor of a model takes; of one of several models, what those of all take."""
    model = get_proper_type(model)
    if isinstance(model, TypeVarType):
        return _fields_of(model.upper_bound)
    if isinstance(model, UnionType):
        first, *others = map(_fields_of, model.items)
        return {name: kind for name, kind in first.items() if all(other.get(name) == kind for other in others)}
    made = model.type.get_method("__init__") if isinstance(model, Instance) else None
    given = made.type if made is not None else None
    assert isinstance(given, CallableType), f"{model} is no model"
    return {name: kind for name, kind in zip(given.arg_names[1:], given.arg_types[1:], strict=True) if name is not None}


def plugin(_: str) -> type[Plugin]:
    """What mypy asks for."""
    return FieldsOfAModel
