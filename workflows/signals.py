"""What signals bring: a command, a look at the clock, or something that is refused on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue

from domain.acts.arrivals import Arrival, CommandGiven, RefusedArrival, TimePassed
from domain.acts.commands import AnyCommand
from domain.acts.rejections import UnreadableCommandError
from domain.errors import DubanError, RejectedError
from domain.given_values import fault_of
from workflows.inputs import CommandMessage
from workflows.message_names import COMMAND, LOOK_AT_THE_CLOCK

_NO_JSON: Final = "内容不是本系统能读的 JSON。"
_OF_NO_KIND: Final = ("union_tag_not_found", "dict_type")
_LONGEST_NAME: Final = 60


def arrival_by_signal(key: str, name: str, args: Sequence[RawValue]) -> Arrival:
    """What a signal brings, under its name in this run."""
    if name == LOOK_AT_THE_CLOCK:
        # An engine can lose a timer: whoever sees that something is overdue asks (docs/adr/0244).
        return TimePassed(key)
    received = as_text(name, args)
    try:
        return CommandGiven(key, command_of(name, args), received)
    except RejectedError as error:
        return RefusedArrival(key, error.rule, error.text, received)


def command_of(name: str, args: Sequence[RawValue]) -> AnyCommand:
    """The command that a signal brings.

    Raises:
        UnreadableCommandError: it brings none.
    """
    if name != COMMAND:
        raise UnreadableCommandError(problem=f"没有名为“{name}”的信号，只有“{COMMAND}”。")
    if len(args) != 1:
        raise UnreadableCommandError(problem=f"信号“{COMMAND}”应带一条指令，收到{len(args)}条。")
    try:
        message = workflow.payload_converter().from_payload(args[0].payload, CommandMessage)
    except Exception as error:
        # Whatever a sender can put into a payload ends here, or a stranger's bytes would stop the supervision.
        raise UnreadableCommandError(problem=_problem_of(error)) from error
    if not isinstance(message, CommandMessage):
        # Plain bytes come through the converter as they are, whatever type is asked for.
        raise UnreadableCommandError(problem=f"收到的不是 JSON，而是{type(message).__name__}。")
    return message.root


def _problem_of(error: Exception) -> str:
    """Why no command was read, by its kind: a library's words are no sentence for whoever reads the record.

    A refusal may be worded otherwise than its run recorded it: no decision depends on its words.
    """
    if isinstance(error, DubanError):
        return error.text
    if not isinstance(error, ValidationError):
        return _NO_JSON
    first = error.errors()[0]
    if first["type"] in _OF_NO_KIND and not first["loc"]:
        return "没有写明是哪一种指令（type），各种指令见 docs/events.md。"
    if first["type"] == "union_tag_invalid" and not first["loc"]:
        return f"没有名为“{str(first['ctx']['tag'])[:_LONGEST_NAME]}”的指令，各种指令见 docs/events.md。"
    if len(first["loc"]) < 2:
        return _NO_JSON
    kind, *field = map(str, first["loc"])
    return f"指令 {kind} 的 {'.'.join(field)[:_LONGEST_NAME]}：{fault_of(first)}。"


def as_text(name: str, args: Sequence[RawValue]) -> str:
    """What a signal brought, as it is kept beside its refusal."""
    return f"{name}: " + " ".join(arg.payload.data.decode(errors="replace") for arg in args)
