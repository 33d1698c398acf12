"""What signals bring: a command, or something that is refused on record."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

from domain.acts.commands import AnyCommand
from domain.acts.rejections import UnreadableCommandError
from workflows.inputs import CommandMessage
from workflows.message_names import COMMAND


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
        raise UnreadableCommandError(problem=" ".join(str(error).split())[:500]) from error
    if not isinstance(message, CommandMessage):
        # Plain bytes come through the converter as they are, whatever type is asked for.
        raise UnreadableCommandError(problem=f"收到的不是 JSON，而是{type(message).__name__}。")
    return message.root


def as_text(name: str, args: Sequence[RawValue]) -> str:
    """What a signal brought, as it is kept beside its refusal."""
    return f"{name}: " + " ".join(arg.payload.data.decode("utf-8", "replace") for arg in args)
