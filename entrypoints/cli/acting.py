"""How a command reaches a project: names as people write them, the engine's answer as people read it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError

from domain.actors import Actor
from domain.commands import AnyCommand
from domain.errors import InputError
from domain.ids import (
    MilestoneId,
    ProjectId,
    milestone_id_for,
    project_of,
    supervised_project_id,
    supervision_workflow_id,
)
from domain.rejections import UnknownProjectError
from entrypoints.bootstrap import open_office
from entrypoints.cli.session import data_option, json_option, out, print_json, run_async, settings_of
from entrypoints.cli.showing import Shown, shown_files
from workflows.details_page import stage_word

_GIVEN_BY = {
    "name": "--by",
    "department": "--by",
    "text": "说明",
    "milestone_id": "节点",
    "lead_department": "--to",
}
_FAULTS = {
    "string_too_short": "不能为空",
    "string_too_long": "最多 {max_length} 字",
    "string_pattern_mismatch": "须有可显示的文字，不能含控制字符",
    "too_long": "最多 {max_length} 项",
    "less_than_equal": "最大为 {le}",
}


class UnusableValueError(InputError):
    """A value of a command cannot be used; the sentence says which one, and what is allowed."""

    rule = "usable_value"


@contextmanager
def as_given() -> Iterator[None]:
    """Make a command from what a person typed in this block.

    Raises:
        UnusableValueError: a value is empty, too long or unreadable.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        named = [str(part) for part in first["loc"] if isinstance(part, str)]
        field = named[-1] if named else "by"
        option = _GIVEN_BY.get(field, f"--{field.replace('_', '-')}")
        fault = _FAULTS.get(first["type"], first["msg"]).format_map(first.get("ctx", {}))
        raise UnusableValueError(f"{option} 的值不可用：{fault}。", option=option) from error


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what: the fields that every command has; `milestone_id` is none for the whole project."""

    request_id: str
    by: Actor
    milestone_id: MilestoneId | None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields as a command takes them."""
        return {"request_id": self.request_id, "by": self.by, "milestone_id": self.milestone_id}


def asking(
    actor_of: Callable[[str], Actor], by: str, *, whole_project: bool = False
) -> Callable[[Callable[..., AnyCommand]], Callable[..., None]]:
    """Make a shell command of a function that makes a command to a project: it is given what is `Asked` and the options
    of its own. `by` describes who may ask; with `whole_project` the milestone may be left out."""

    def decorate(function: Callable[..., AnyCommand]) -> Callable[..., None]:
        @click.argument("project")
        @click.argument("milestone", required=not whole_project)
        @click.option("--by", required=True, help=by)
        @click.option("--request-id", help="请求编号：同一编号重复提交只算一次")
        @data_option
        @json_option
        @click.pass_context
        @wraps(function)
        def asked(
            context: click.Context,
            /,
            *,
            project: str,
            milestone: str | None,
            by: str,
            request_id: str | None,
            data: str | None,
            as_json: bool,
            **own: Any,
        ) -> None:
            shown = shown_files(settings_of(context, data=data), own.get("evidence", ()))
            if "evidence" in own:
                own["evidence"] = tuple(piece.text for piece in shown)
            with as_given():
                milestone_id = milestone_named(project, milestone) if milestone else None
                command = function(Asked(request_id or str(uuid.uuid4()), actor_of(by), milestone_id), **own)
            act(context, project_named(project), command, shown, data=data, as_json=as_json)

        return asked

    return decorate


def project_named(text: str) -> ProjectId:
    """The project that a person names: `2018-05a`, or the workflow's id.

    Raises:
        UnreadableIdError: it is neither.
    """
    text = text.strip()
    project_id = supervised_project_id(text) if "/" in text else text
    supervision_workflow_id(project_id)  # refuses what is not a project's identity
    return project_id


def milestone_named(project: str, text: str) -> MilestoneId:
    """The milestone that a person names: `3`, `03` or `2018-05a-03`.

    Raises:
        UnreadableIdError: it is none of these.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return milestone_id_for(project_named(project), int(text))
    project_of(text)  # refuses what is not a milestone's identity
    return text


def act(
    context: click.Context,
    project_id: ProjectId,
    command: AnyCommand,
    shown: Sequence[Shown] = (),
    *,
    data: str | None,
    as_json: bool,
) -> None:
    """Give a command to a project and say what it made happen; the files that it shows are kept before it is given."""
    settings = settings_of(context, data=data)

    async def give() -> None:
        async with open_office(settings) as office:
            for piece in shown:
                if piece.file is not None:
                    await office.records.evidence.keep(*piece.file)
            try:
                outcome = await office.engine.command(project_id, command)
            except UnknownProjectError as error:
                # No workflow is there to keep this refusal, so it is kept from here.
                await office.keep_refusal(project_id, command, error)
                raise
        if as_json:
            print_json(outcome)
            return
        console = out()
        done = "，".join(outcome.event_ids) or "此前已办理"
        about = getattr(command, "milestone_id", None) or project_id
        console.print(f"已办理：{about} 现为“{stage_word(outcome.stage)}”（{done}）。")

    run_async(give())
