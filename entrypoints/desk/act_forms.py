"""The forms of acts, made of the core's commands: what each asks, and the command that a filled-in form is."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import ValidationError

from domain.actors import Actor
from domain.acts.commands import ANY_COMMAND, AnyCommand
from domain.acts.commands.command import About, Command, Who
from domain.bounds import whole_number
from domain.confidence import STEP_WORDS
from domain.given_values import NO_DAY, fault_of
from domain.ids import MilestoneId
from entrypoints.desk.act_words import ACTS, CHOICES, FIELDS, NOT_ASKED, YES_OR_NO, Words

Kind = Literal["text", "day", "number", "yes", "choice", "files", "department", "names", "directive"]
_DEPARTMENTS: Final = frozenset({"against", "department", "to", "responsible"})
_BETWEEN_NAMES: Final = re.compile(r"[\n、，,；;]")
_SAID: Final = "已按安排推进"
"""What somebody might write: a report that says nothing is refused, and what is asked is whether the act is open."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form."""

    name: str
    label: str
    kind: Kind
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form of one act."""

    command: type[Command]
    path: str
    words: Words
    fields: tuple[FormField, ...]
    about: About

    @property
    def who(self) -> Who:
        """Who may give it."""
        return self.command.who

    @property
    def of_a_department(self) -> bool:
        """Whether departments give it."""
        return self.who in ("lead", "department")


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a form cannot be taken as it is: a sentence for each field."""

    faults: Mapping[str, str]


@cache
def act_forms() -> Mapping[str, ActForm]:
    """All forms, by their place in addresses."""
    forms = [_form(command, words) for command, words in ACTS.items()]
    return {form.path: form for form in forms}


@cache
def form_of(command: type[Command]) -> ActForm:
    """The form of one act."""
    return next(form for form in act_forms().values() if form.command is command)


def filled(
    form: ActForm,
    given: Mapping[str, str],
    request_id: str,
    by: Actor,
    about: MilestoneId | None,
    evidence: tuple[str, ...],
    on_behalf_of: Actor | None = None,
) -> AnyCommand | Unusable:
    """The command that a filled-in form is, or what is wrong with it."""
    values: dict[str, Any] = {"type": form.command.__name__, "request_id": request_id, "by": by}
    values |= {"on_behalf_of": on_behalf_of} if on_behalf_of is not None else {}
    if form.about != "project":
        values["milestone_id"] = about
    for each in form.fields:
        text = given.get(each.name, "")
        if each.kind == "files":
            values[each.name] = evidence
        elif each.kind == "yes":
            values |= {each.name: True} if text == "yes" else {}
        elif each.kind == "names":
            values[each.name] = tuple(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip())
        elif text:
            number = whole_number(text) if each.kind in ("number", "choice", "directive") else None
            values[each.name] = text if number is None else number
    faults = {each.name: "不能为空" for each in form.fields if each.required and not given.get(each.name)}
    # The library takes a number for the seconds or milliseconds since 1970: nobody writes a day so.
    faults |= {each.name: NO_DAY for each in form.fields if each.kind == "day" and given.get(each.name, "").isdigit()}
    try:
        command = ANY_COMMAND.validate_python(values, strict=False)
    except ValidationError as error:
        faults = {**_faults(error), **faults}
    else:
        if not faults:
            return command
    in_order = [each.name for each in form.fields if each.name in faults]
    return Unusable({name: faults[name] for name in dict.fromkeys((*in_order, *faults))})


def plausible(
    form: ActForm,
    by: Actor,
    about: MilestoneId | None,
    today: date,
    given: Mapping[str, Any],
    on_behalf_of: Actor | None = None,
) -> AnyCommand:
    """A command as somebody might give it: what the core says of it tells whether the act is open now."""
    values: dict[str, Any] = {"type": form.command.__name__, "request_id": "is-it-open", "by": by, "own_key": "signed"}
    values |= {"on_behalf_of": on_behalf_of} if on_behalf_of is not None else {}
    if form.about != "project":
        values["milestone_id"] = about
    samples: dict[Kind, Any] = {"text": _SAID, "day": today, "number": None, "yes": False, "files": (), "names": ("…",)}
    for each in form.fields:
        if each.name in given:
            values[each.name] = given[each.name]
        elif each.kind == "choice":
            values[each.name] = each.choices[0][0]
        elif each.required:
            values[each.name] = samples.get(each.kind, _SAID)
    return ANY_COMMAND.validate_python(values, strict=False)


def _faults(error: ValidationError) -> dict[str, str]:
    faults: dict[str, str] = {}
    for details in error.errors():
        named = [part for part in details["loc"] if isinstance(part, str)]
        field = next((part for part in reversed(named) if part in FIELDS), "text")
        # What is wrong with one of several stands in front: that too few are left comes of it.
        faults.setdefault(field, fault_of(details))
    return faults


def _form(command: type[Command], words: Words) -> ActForm:
    asked = [name for name in command.model_fields if name not in NOT_ASKED]
    return ActForm(
        command, path_of(command.__name__), words, tuple(_field(command, name) for name in asked), command.about()
    )


def _field(command: type[Command], name: str) -> FormField:
    info = command.model_fields[name]
    base = bare(info.annotation)
    choices: tuple[tuple[str, str], ...] = ()
    kind: Kind = "text"
    if name == "evidence":
        kind = "files"
    elif name in _DEPARTMENTS:
        kind = "department"
    elif name == "directive":
        kind = "directive"
    elif get_origin(base) is Literal:
        kind, choices = "choice", tuple((value, CHOICES[value]) for value in get_args(base))
    elif name == "step":
        kind, choices = "choice", tuple((str(step), CHOICES[step]) for step in sorted(STEP_WORDS, reverse=True))
    elif get_origin(base) is tuple:
        kind = "names"
    elif base is bool:
        # What must be said is chosen: a box that nobody ticked would say no.
        kind, choices = ("choice", tuple(YES_OR_NO[name].items())) if info.is_required() else ("yes", ())
    elif base is int:
        kind = "number"
    elif base is date:
        kind = "day"
    return FormField(name, FIELDS[name], kind, info.is_required() or kind == "directive", choices)


def bare(annotation: Any) -> Any:
    """A type without what surrounds it: neither optional nor annotated."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return bare(next(each for each in get_args(annotation) if each is not type(None)))
    return annotation


def path_of(name: str) -> str:
    """The place of an act in addresses (`sign-receipt`), of its name."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
