"""Every field of a command that names a person or a department is looked up where acts are given, or is compared with
the project's own departments by the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from application.office.acts import LOOKED_UP
from domain.actors import Actor
from domain.acts.commands import AmendProject
from domain.acts.commands.command import Command
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.names import Name
from entrypoints.api.acts import all_commands
from tests.domain.test_edges import standings

AS_A_NAME = get_args(Name)[-1]
OF_ITS_PROJECT = {
    ("InsistOnAssignment", "department"),
    ("ReplaceParticipant", "department"),
    ("RaiseDispute", "against"),
    ("RuleOnDispute", "responsible"),
    ("Urge", "department"),
    ("PublishBulletin", "department"),
}
"""A department that has a duty there already: the core refuses any other one."""
OF_THE_RECORD = {("NoteSubDuty", "unit"), ("ChangeAssigningDepartment", "above")}
"""A name that the record gives, and no person: what is done with a part follows from what was done with its whole."""
OF_ANOTHER_KIND = {("AppointDeputy", "deputy"), ("IssueDirective", "leader")}
"""An actor, and a text that may say a post beside the name."""
AT_THE_START = {(AmendProject.__name__, "rulings")}
"""Who ruled on a doubtful reading: asked about with the list."""


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _names(field: FieldInfo, seen: tuple[type, ...] = ()) -> Iterator[str]:
    """What a field names, at any depth: an `actor` or a `name`."""
    parts = [*_parts(field.annotation), *field.metadata]
    for part in parts:
        if part is Actor:
            yield "actor"
        elif part is AS_A_NAME:
            yield "name"
        elif isinstance(part, type) and issubclass(part, BaseModel) and part not in seen:
            for each in part.model_fields.values():
                yield from _names(each, (*seen, part))


def _of(what: str) -> set[tuple[str, str]]:
    return {
        (command.__name__, name)
        for command in all_commands()
        for name, field in command.model_fields.items()
        if what in set(_names(field))
    }


def test_no_command_names_a_department_or_a_leader_unasked() -> None:
    """A field with a name in it that a command gains is looked up at the doors, is of the project's own, or fails."""
    looked_up = {(command.__name__, field) for command, field in LOOKED_UP.items()}
    assert looked_up >= OF_ANOTHER_KIND
    assert _of("name") == looked_up - OF_ANOTHER_KIND | OF_ITS_PROJECT | OF_THE_RECORD | AT_THE_START


def test_every_actor_is_resolved_where_acts_are_attested() -> None:
    """A person stands in a command's own field, where his number is found, and nowhere deeper; others are of those."""
    own = {name for command in all_commands() for name, field in command.model_fields.items() if _is_actor(field)}
    assert own == {"by", "on_behalf_of", "principal", "deputy", "confirmed_by"}
    assert {name for _, name in _of("actor")} == own


def _is_actor(field: FieldInfo) -> bool:
    return field.annotation is Actor or Actor in get_args(field.annotation)


@pytest.mark.parametrize(("kind", "field"), sorted(OF_ITS_PROJECT))
def test_a_department_without_a_duty_there_is_refused_by_the_core(kind: str, field: str) -> None:
    """Where the command was accepted, the same with a name that nobody has is not."""
    found: dict[str, type[Command]] = {command.__name__: command for command in all_commands()}
    state, command, now = standings()[found[kind]]
    assert decide(state, command, now)
    with pytest.raises(RejectedError):
        decide(state, command.model_copy(update={field: "孙虚乌有部", "request_id": "another"}), now)
