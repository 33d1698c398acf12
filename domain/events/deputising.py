"""Deputies: who may act for whom, for a period."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.actors import spoken
from domain.events.event import ProjectEvent
from domain.frozen import added_later
from domain.state import Deputy, ProjectState
from domain.state.change import Change


class DeputyAppointed(ProjectEvent):
    """`deputy` may act on behalf of `principal` in this project from the first to the last day, both included."""

    type: Literal["DeputyAppointed"] = "DeputyAppointed"
    principal: str
    deputy: str
    from_on: date
    until_on: date
    reason: str
    principal_person: str | None = added_later()
    deputy_person: str | None = added_later()

    @property
    def appointed(self) -> Deputy:
        """The deputy as the project has him from then on."""
        return Deputy(
            principal=self.principal,
            deputy=self.deputy,
            from_on=self.from_on,
            until_on=self.until_on,
            principal_person=self.principal_person,
            deputy_person=self.deputy_person,
        )

    def change(self, state: ProjectState) -> Change:
        return {"deputies": (*state.deputies, self.appointed)}

    def words(self) -> str:
        return f"{spoken(self.principal)}委托{spoken(self.deputy)}代办，{self.from_on}至{self.until_on}：{self.reason}"


class DeputyDismissed(ProjectEvent):
    """A deputy may no longer act on behalf of a principal."""

    type: Literal["DeputyDismissed"] = "DeputyDismissed"
    principal: str
    deputy: str
    reason: str

    def change(self, state: ProjectState) -> Change:
        pair = (self.principal, self.deputy)
        return {"deputies": tuple(each for each in state.deputies if (each.principal, each.deputy) != pair)}

    def words(self) -> str:
        return f"{spoken(self.principal)}终止{spoken(self.deputy)}的代办：{self.reason}"


DeputisingEvent = DeputyAppointed | DeputyDismissed
