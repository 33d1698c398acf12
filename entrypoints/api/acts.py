"""The acts of the interface, made of the commands of the core: what each asks, and how one is given.

Nothing is listed here: a command that the core gains has its address at once, unless it stands among those that a
program cannot give, with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, get_args

from fastapi import Header
from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from application.accounts.brought_proofs import counted, must_go_on
from application.office.acts import Act, give, told_of
from domain.actors import Actor
from domain.actors import department as for_department
from domain.actors import operator as as_operator
from domain.acts import commands as c
from domain.acts.attestation import OwnKeyProof
from domain.acts.commands import ANY_COMMAND, AnyCommand
from domain.acts.commands.command import Command
from domain.acts.rejections import OwnKeyForgedError
from domain.bounds import Place
from domain.directory.ids import DirectoryRole
from domain.errors import UnusableInputError
from domain.ids import ProjectId
from entrypoints.api.answers import ActAnswer, AskedBody
from entrypoints.api.calls import Call
from entrypoints.api.json_types import as_json_says
from entrypoints.api.problems import NothingThereError, UnusableActError, language_of
from entrypoints.core_sentences import core_said
from entrypoints.desk.act_forms import path_of
from entrypoints.desk.reading import Known
from entrypoints.desk.routing import DEPARTMENTS, OFFICE

NOT_BY_PROGRAM: Final[Mapping[type[Command], str]] = {
    c.AmendProject: "a project is amended by a list that a person reads anew and rules on",
    c.ChangeAssigningDepartment: "it follows from what is decided of the whole",
    c.NoteSubDuty: "it follows from what was done with the part",
    c.ChangeCalendar: "the calendar comes from a file and concerns every project",
    c.CloseYear: "the year is closed for every project at once, after a preview, by two persons",
}
"""The commands that no program gives, each with the reason."""
_FOLLOWS: Final = frozenset({"type", "request_id", "by", "attested", "own_key", "principal"})
"""What no caller says: it follows from the address, from the token, or from the record."""
_BESIDE: Final = frozenset({"seen", "own_key"})
"""What is attested with the act and stands in no command."""

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=64,
        pattern=r"^[!-~]+$",
        description="The caller's own name of this act. The same act under the same key is one act and has the same"
        " answer, however often it is sent; another act under a used key is refused with 409. A key is the account's,"
        " and counts within the project of the address, or within the directory: elsewhere it is another act's",
    ),
]


class NotSeenError(UnusableInputError, rule="seen_has_come"):
    """What is attested as seen is there."""

    project_id: ProjectId
    seen: int
    events: int

    def _sentence(self) -> str:
        return (
            f"项目 {self.project_id} 只有{self.events}条记录，seen 却写了 {self.seen}："
            "请写所见的条数（GET …/acts 的 seen），或不写。"
        )


@dataclass(frozen=True, slots=True)
class ActRoute:
    """One act: its command, its place in addresses, what it asks, whose it is."""

    command: type[Command]
    path: str
    body: type[BaseModel]
    who: frozenset[DirectoryRole]


@cache
def act_routes() -> Mapping[str, ActRoute]:
    """Every act that a program can give, by its place in addresses."""
    routes = [_route(command) for command in all_commands() if command not in NOT_BY_PROGRAM]
    return {route.path: route for route in routes}


@cache
def all_commands() -> tuple[type[Command], ...]:
    """Every command of the core, in the order of its families."""
    return get_args(get_args(AnyCommand)[0])


async def give_act(call: Call, route: ActRoute, project_id: ProjectId, asked: BaseModel, key: str) -> ActAnswer:
    """Give an act as the one for whom the token stands, with what the interface's door attests of it.

    Raises:
        NothingThereError: there is no such project, or it is none of the department's business.
        DubanError: it is refused (see `give`).
    """
    command = await command_of(call, route, project_id, asked, key)
    given = Act(project_id, command)
    seen, own_key = getattr(asked, "seen", 0), getattr(asked, "own_key", None)
    if own_key is not None:
        try:
            await must_go_on(call.premises.accounts, call.caller, own_key)
        except OwnKeyForgedError as error:
            await call.office.keep_refusal(project_id, command, error)
            raise
    done = await give(call.office, given, call.caller, door="api", seen=seen, own_key=own_key)
    if own_key is not None:
        await counted(call.premises.accounts, call.caller, own_key, call.premises.clock())
    told, asked_in = await told_of(call.office, project_id, done), language_of(call.request)
    return ActAnswer(
        as_of=call.as_of,
        project_id=project_id,
        request_id=done.command.request_id,
        event_ids=done.outcome.event_ids,
        stage=done.outcome.stage,
        happened=tuple(core_said(asked_in, each) for each in told.happened) if told else (),
        next=core_said(asked_in, told.next) if told else "",
    )


async def command_of(call: Call, route: ActRoute, project_id: ProjectId, asked: BaseModel, key: str) -> AnyCommand:
    """The command that an act of a caller is.

    Raises:
        NothingThereError: there is no such project, or it is none of the department's business.
        NotSeenError: more is said to have been seen than there is.
        UnusableActError: its fields are together no command.
    """
    known = await call.project(project_id)
    if (seen := getattr(asked, "seen", 0)) > len(known.events):
        raise NotSeenError(project_id=project_id, seen=seen, events=len(known.events))
    given = {name: getattr(asked, name) for name in type(asked).model_fields if name not in _BESIDE}
    by = giver_of(call, known)
    request_id = request_id_of(call.caller.account, key)
    if given.get("on_behalf_of") is not None and given["on_behalf_of"].department is not None:
        # A deputy acts for a department, whichever person of it is named.
        given["on_behalf_of"] = for_department(given["on_behalf_of"].department)
    values: dict[str, Any] = {**given, "type": route.command.__name__, "request_id": request_id, "by": by}
    if "principal" in route.command.model_fields:
        values["principal"] = by if by.department is None else for_department(by.department)
    try:
        return ANY_COMMAND.validate_python(values)
    except ValidationError as error:
        raise UnusableActError(error) from error


def giver_of(call: Call, known: Known) -> Actor:
    """The one who acts on a project: the token's person, for its department or for the supervision section.

    Raises:
        NothingThereError: it is none of the department's business.
    """
    if not call.names:
        return as_operator(call.caller.name)
    name = call.name_in(known)
    if name is None:
        raise NothingThereError
    return for_department(name, call.caller.name)


def request_id_of(account: str, key: str) -> str:
    """The request's own id: keys of two accounts are never one."""
    named = hashlib.sha256(f"{account}\n{key}".encode()).hexdigest()
    return f"api-{named[:40]}"


def _route(command: type[Command]) -> ActRoute:
    apart = _FOLLOWS | command.counted
    fields: dict[str, Any] = {name: _field(info) for name, info in command.model_fields.items() if name not in apart}
    fields["seen"] = (
        as_json_says(Place),
        Field(default=0, description="How many events of the project the caller had seen; attested with the act"),
    )
    fields["own_key"] = (
        as_json_says(OwnKeyProof | None),
        Field(default=None, description="What the own key of the token's person signed of this act (`…/challenge`)"),
    )
    body = create_model(command.__name__, __base__=AskedBody, __doc__=command.__doc__, **fields)
    return ActRoute(command, path_of(command.__name__), body, _who(command))


def _field(info: FieldInfo) -> tuple[Any, Any]:
    annotation = as_json_says(info.rebuild_annotation())
    if info.is_required():
        return annotation, ...
    return annotation, Field(default=info.default)


def _who(command: type[Command]) -> frozenset[DirectoryRole]:
    match command.who:
        case "lead" | "department":
            return DEPARTMENTS
        case "operator":
            return DEPARTMENTS | OFFICE if command.of_the_assigning else OFFICE
        case "principal":
            return DEPARTMENTS | OFFICE
