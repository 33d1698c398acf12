"""The lines that a refusal offers can be typed: the commands are there, with these options and all they require."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from entrypoints.cli.main import duban
from entrypoints.cli.next_commands import BY_HAND, by_hand, next_command
from entrypoints.next_steps import NEXT_STEPS

_LINE = re.compile(r"duban (?:\"[^\"]*\"|[^，；（）])*")
_OFFERED = (*(step.command for step in NEXT_STEPS.values()), *map(by_hand, (*BY_HAND, "urge")))
LINES = sorted({line for text in _OFFERED for line in _LINE.findall(text)})


def _named(line: str) -> tuple[click.Command, list[str]]:
    """The command that a line names, and what stands behind its name."""
    words: list[str] = shlex.split(line)[1:]
    command: click.Command = duban
    while isinstance(command, click.Group) and words:
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, line
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("line", LINES)
def test_a_line_to_type_is_a_whole_command(line: str) -> None:
    """Its options are the command's, each that is required is there, and so is each place."""
    command, words = _named(line)
    options = {word for word in words if word.startswith("--")}
    known = {name for param in command.params for name in param.opts}
    assert options <= known
    required = [param for param in command.params if param.required]
    assert [param.opts for param in required if isinstance(param, click.Option) and not options & set(param.opts)] == []
    places = next((number for number, word in enumerate(words) if word.startswith("--")), len(words))
    assert places >= sum(isinstance(param, click.Argument) for param in required)


@pytest.mark.parametrize("line", LINES)
def test_a_line_to_type_quotes_as_shells_do(line: str) -> None:
    """What stands in other quotes would come as many words, its marks among them."""
    assert not set("“”‘’") & set(line)


def test_the_lines_are_found() -> None:
    """Most refusals that offer anything offer a whole line."""
    assert len(LINES) > 20


@pytest.mark.parametrize(
    ("rule", "ids", "line"),
    [
        ("own_duty", {"project_id": "2018-01", "milestone_id": "2018-01-03"}, "查看：duban status 2018-01"),
        ("own_duty", {"project_id": "2018-01", "milestone_id": None}, "查看：duban status 2018-01"),
        ("known_milestone", {"project_id": "2018-02", "milestone_id": "2018-99-99"}, "查看：duban status 2018-02"),
        ("strike_off_before_closing", {"milestone_id": "2018-05a-12"}, "命令：duban strike-off 2018-05a 12 --by 姓名"),
        ("strike_off_before_closing", {"milestone_id": "x"}, "命令：duban strike-off 项目 节点 --by 姓名"),
        ("second_person", {"year": 2018}, "命令：再加 --confirmed-by 姓名"),
    ],
)
def test_a_line_to_type_has_what_the_refusal_is_about(rule: str, ids: dict[str, object], line: str) -> None:
    """Project and milestone stand in their places, so that it can be typed; a line that only shows says so."""
    assert next_command(rule, ids) == line
