"""What a command's refusal by the engine is told as: a rule of ours, a project that has ended, a store that is away."""

from __future__ import annotations

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from application.engine_room.engine_answers import RefusedByRuleError, refusal_of, unavailable
from domain.errors import DubanError, LedgerUnavailableError
from entrypoints.cli.next_commands import next_command
from entrypoints.core_sentences import core_said, is_chinese
from tests.domain.samples import PROJECT


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (ApplicationError("须由另一人销号。", {"n": 1}, type="two_persons"), RefusedByRuleError),
        (ApplicationError("workflow execution already completed"), RefusedByRuleError),
        (ApplicationError("台账写不进。", type="LedgerUnavailableError"), LedgerUnavailableError),
        (ApplicationError("something else", type="KeyError"), DubanError),
    ],
)
def test_each_end_of_a_command_is_told_as_what_it_is(cause: ApplicationError, told: type[DubanError]) -> None:
    """A store that does not answer is no rule that refuses: the same command may be sent again."""
    assert type(refusal_of(WorkflowUpdateFailedError(cause))) is told


def test_a_refusal_by_the_engine_names_what_the_line_to_type_is_about() -> None:
    """The project that refused, and the milestone that was asked about: without them one types `项目 节点`."""
    kept = {"stream": "key-project/2018/05a", "command": {"milestone_id": "2018-05a-03"}}
    cause = ApplicationError("须由另一人销号。", kept, type="strike_off_before_closing")
    error = refusal_of(WorkflowUpdateFailedError(cause))
    assert next_command(error.rule, error.ids) == "命令：duban strike-off 2018-05a 3 --by 姓名"


def test_a_project_that_does_not_answer_is_told_for_what_it_may_be() -> None:
    """It may be sick alone, or its worker frozen: nobody is told that the others go on, and both ways are named."""
    told = unavailable(PROJECT).text
    assert f"duban engine repair {PROJECT}" in told
    assert "请重新启动督办程序" in told
    assert "照常" not in told
    assert not is_chinese(core_said("en", told))
