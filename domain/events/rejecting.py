"""The record of a command that came without anybody to tell."""

from __future__ import annotations

from typing import Literal

from domain.events.event import ProjectEvent


class CommandRejected(ProjectEvent):
    """A command that came by signal broke a rule; a signal has no caller to tell, so the record tells."""

    type: Literal["CommandRejected"] = "CommandRejected"
    rule: str
    text: str
    received: str

    def words(self) -> str:
        return f"指令不予办理：{self.text}"


RejectingEvent = CommandRejected
