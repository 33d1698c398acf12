"""An answer to a directive says to which, where several wait: the oldest may be what a colleague answers now."""

from __future__ import annotations

from domain.acts.commands import AnswerDirective
from domain.acts.directing import directives_meant
from domain.errors import UnusableInputError
from domain.ids import ProjectId
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_state


class WhichDirectiveError(UnusableInputError, rule="one_directive"):
    """Several directives wait, and the answer names none of them."""

    says = "项目 {project_id} 等待反馈的领导批示有第 {numbers} 号，没有写明反馈哪一件，没有办理：请写明编号。"
    project_id: ProjectId
    numbers: str


def must_be_the_only_one(ledger: Ledger, project_id: ProjectId, command: AnswerDirective) -> None:
    """Ask which directive is answered, unless the answer was taken already: sent again it is the same request.

    Raises:
        WhichDirectiveError: it may be about several.
    """
    state = recorded_state(ledger, project_id)
    if state is None or command.request_id in state.applied:
        return
    meant = directives_meant(state, command.milestone_id)
    if len(meant) > 1:
        raise WhichDirectiveError(project_id=project_id, numbers="、".join(map(str, sorted(meant))))
