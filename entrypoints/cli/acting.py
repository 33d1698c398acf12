"""How a command reaches a project: names as people write them, the engine's answer as people read it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import click
from pydantic import ValidationError

from application.office.acts import Act, Done, Told, first_mail_of, give, new_addressee_of, told_of
from application.office.named_givers import must_be_no_department
from application.settings import Settings
from domain.actors import Actor, department, operator
from domain.acts.commands import AnyCommand
from domain.acts.commands.command import About, Command
from domain.errors import InputError
from domain.given_values import fault_of
from domain.ids import (
    MilestoneId,
    ProjectId,
    is_milestone,
    milestone_id_for,
    project_of,
    record_name,
    supervised_project_id,
    supervision_workflow_id,
)
from domain.rungs.ladder import LIST_REQUEST
from domain.seeing.stage_words import stage_word
from entrypoints.cli.help_words import place_name
from entrypoints.cli.own_folder import typed
from entrypoints.cli.session import replied, run_async, say, usual_options
from entrypoints.cli.showing import shown_files
from entrypoints.cli.signing import giving_office

_GIVEN_BY = {  # an option, or what stands in the usage for an argument, where none of the command is named as the field
    "name": "--by",
    "text": "TEXT",
    "question": "TEXT",
    "conclusion": "TEXT",
    "milestone_id": "MILESTONE",
}
_WHO = ("name", "department")
SECTION: Final = "督查"
"""What stands before a person of the supervision section, where a department may be named too."""
_PARTS = 2
BY_OPERATOR: Final = "办理人姓名"
_BY_SUPERVISOR: Final = "办理人姓名；分解任务由分解它的部门办理，写 部门:姓名"
_BY_DEPARTMENT: Final = "办理部门，如 组织部 或 组织部:张三"
_BY_PRINCIPAL: Final = "由谁指定：部门（组织部 或 组织部:张三），或督查人员（督查:李明）"

on_behalf_of_option = click.option("--on-behalf-of", help="代谁办理（须已由其 duban deputy appoint 指定代办）")


class UnusableValueError(InputError, rule="usable_value"):
    """A value of a command cannot be used; the sentence says which one, and what is allowed."""


@contextmanager
def as_given(**options: str) -> Iterator[None]:
    """Make a command from what a person typed in this block; `options` say which option gives a field, where neither
    its value nor the option itself has the field's name.

    Raises:
        UnusableValueError: a value is empty, too long or unreadable.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        named = [str(part) for part in first["loc"] if isinstance(part, str)]
        field = named[-1] if named else "by"
        option = options.get(field) or _option_of(field)
        raise UnusableValueError(f"{place_name(option)} 的值不可用：{fault_of(first)}。", option=option) from error


def _option_of(field: str) -> str:
    context = click.get_current_context(silent=True)
    params = () if context is None else context.command.params
    named = (each.opts[0] for each in params if isinstance(each, click.Option) and each.name == field)
    return next(named, None) or _GIVEN_BY.get(field, f"--{field.replace('_', '-')}")


def actor_given(actor_of: Callable[[str], Actor], text: str, option: str = "--by") -> Actor:
    """The actor that an option names; `督查:姓名` is a person of the section in each (raises as `as_given`)."""
    with as_given(**dict.fromkeys(_WHO, option)):
        name = _name_in_the_section(text)
        return actor_of(text) if name is None else operator(name)


def department_actor(by: str) -> Actor:
    """The actor that `--by` names: `组织部`, or `组织部:张三` for a person of it."""
    parts = by.replace("：", ":").split(":", 1)
    person = parts[1].strip() if len(parts) == _PARTS else None
    return department(parts[0].strip(), person or None)


def _supervisor(by: str) -> Actor:
    """The one who supervises, as `--by` names him: a person of the section, or `部门:姓名` for the department that gave
    a sub-duty."""
    return department_actor(by) if ":" in by.replace("：", ":") else operator(by)


def person_given(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    """The name that an option gives for a person of the section, also where `督查:` stands before it."""
    return text if text is None else _name_in_the_section(text) or text


def _name_in_the_section(text: str) -> str | None:
    role, colon, name = text.replace("：", ":").partition(":")
    return name.strip() if colon and role.strip() == SECTION else None


def principal_given(actor_of: Callable[[str], Actor], text: str | None) -> Actor | None:
    """The one for whom a deputy asks; none where nobody is named (raises as `as_given`)."""
    if text is None:
        return None
    principal = actor_given(actor_of, text, "--on-behalf-of")
    # A deputy acts for a department, whichever person of it is named.
    return department(principal.department) if principal.department else principal


@dataclass(frozen=True, slots=True)
class CommonFields:
    """Who asks for what: the fields that every command has; `milestone_id` is none for the whole project."""

    request_id: str
    by: Actor
    on_behalf_of: Actor | None
    milestone_id: MilestoneId | None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields as a command about a milestone (or the whole project) takes them."""
        return {**self.of_a_project, "milestone_id": self.milestone_id}

    @property
    def of_a_project(self) -> dict[str, Any]:
        """The fields as a command takes them that is always about the whole project."""
        return {"request_id": self.request_id, "by": self.by, "on_behalf_of": self.on_behalf_of}


CommandOf = Callable[..., Callable[[Callable[..., Any]], click.Command]]
"""What makes a function a command of the shell, or of a group of it."""


def asking(
    kind: type[Command],
    name: str | None = None,
    *,
    of: CommandOf = click.command,
    about: About | None = None,
    words: str = "",
) -> Callable[[Callable[..., AnyCommand]], click.Command]:
    """Make a shell command of a function that makes a command to a project: it is given the `CommonFields` and the
    options of its own. The `kind` that it makes says who may ask and, unless it is said here, about what; the last
    argument is a text where `words` names the option that it is."""
    actor_of, by = _who_asks(kind)
    about = about or kind.about()

    def decorate(function: Callable[..., AnyCommand]) -> click.Command:
        @of(name)
        @click.argument("project")
        @_arguments(about, words)
        @click.option("--by", required=True, help=by)
        @on_behalf_of_option
        @click.option("--request-id", help="请求编号：同一编号重复提交只算一次")
        @usual_options
        @wraps(function)
        def asked(
            settings: Settings,
            /,
            *,
            project: str,
            by: str,
            on_behalf_of: str | None,
            request_id: str | None,
            **own: Any,
        ) -> None:
            milestone = _milestone_of(own, about, words)
            shown = shown_files(settings, own.get("evidence", ()))
            if "evidence" in own:
                own["evidence"] = tuple(piece.text for piece in shown)
            actor = actor_given(actor_of, by)
            principal = principal_given(actor_of, on_behalf_of)
            with as_given():
                milestone_id = milestone_named(project, milestone) if milestone else None
                command = function(CommonFields(request_id_given(request_id), actor, principal, milestone_id), **own)
            files = tuple(piece.file for piece in shown if piece.file is not None)
            nonce = None if request_id else command.request_id
            act(settings, Act(project_named(project), command, files), nonce)

        return asked

    return decorate


def plainly(
    kind: type[AnyCommand], name: str | None = None, *, of: CommandOf = click.command, words: str = ""
) -> Callable[[Callable[[], None]], click.Command]:
    """The same for an act that is asked field by field: its options are named as the fields of the command of this
    `kind`, and the function says what the act is and has no body."""

    def decorate(function: Callable[[], None]) -> click.Command:
        @asking(kind, name, of=of, words=words)
        @wraps(function)
        def made(asked: CommonFields, **own: Any) -> AnyCommand:
            return kind(**asked.fields, **own)

        return made

    return decorate


def _who_asks(kind: type[Command]) -> tuple[Callable[[str], Actor], str]:
    """How `--by` is read where this is asked, and described."""
    match kind.who:
        case "operator":
            return _supervisor, _BY_SUPERVISOR if kind.of_the_assigning else BY_OPERATOR
        case "principal":
            return department_actor, _BY_PRINCIPAL
        case _:
            return department_actor, _BY_DEPARTMENT


def _arguments(about: About, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    if about == "either" and words:
        return click.argument("given", nargs=-1, required=True, metavar="[MILESTONE] TEXT")
    if about == "project":
        return lambda function: function
    milestone = click.argument("milestone", required=about == "milestone")
    if not words:
        return milestone
    text = click.argument(words, metavar="TEXT")
    return lambda function: milestone(text(function))


def _milestone_of(own: dict[str, Any], about: About, words: str) -> str | None:
    """Take the milestone out of what was typed; where it may be left out before a text, the text stays behind."""
    if about == "either" and words:
        given: tuple[str, ...] = own.pop("given")
        if len(given) > 2:
            raise click.UsageError("节点之后只能有一段文字：请用引号括起来。")
        if len(given) == 1 and (given[0].isdigit() or is_milestone(given[0])):
            raise click.UsageError(f"“{given[0]}”像是节点：请在它后面写明文字。")
        own[words] = given[-1]
        return given[0] if len(given) == 2 else None
    milestone: str | None = own.pop("milestone", None)
    return milestone


def reason_of(argument: str | None, option: str | None) -> str:
    """The reason, as an argument or an option gives it."""
    reason = (option or argument or "").strip()
    if not reason:
        raise click.UsageError("请写明理由：--reason “……”。")
    return reason


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


def act(settings: Settings, given: Act, nonce: str | None) -> None:
    """Give an act and say what it made happen; with a nonce its own id is the request's."""

    async def asked() -> tuple[Done, Told | None, bool]:
        async with giving_office(settings) as office:
            named = [value for _, value in given.command if isinstance(value, Actor)]
            await must_be_no_department(office.records, *named)
            done = await give(office, given, nonce=nonce)
            to = new_addressee_of(done.command)
            unheard_of = to is not None and await first_mail_of(office, given.project_id, to)
            return done, await told_of(office, given.project_id, done), unheard_of

    done, told, unheard_of = run_async(asked())
    if unheard_of:
        say(unheard(str(new_addressee_of(done.command))), err=True)
    if not replied(done.outcome):
        say(said_of(given, done, told))


def unheard(name: str) -> str:
    """What is asked about a department that is given its first paper."""
    return f"注意：{name}此前没有收到过其他项目的文书，已为其开设收文；若名称有误，请再改一次。"


def said_of(given: Act, done: Done, told: Told | None) -> str:
    """What a person hears of an act that was accepted: what was done, how it stands now, what is next, until when."""
    ids = records_in_short(done.outcome.event_ids)
    about = getattr(given.command, "milestone_id", None) or given.project_id
    stage = stage_word(done.outcome.stage, signed=told is not None and told.signed)
    if told is None:
        return f"已办理：{about} 现为“{stage}”（{ids or '此前已办理'}）。"
    happened = "；".join(dict.fromkeys(told.happened)) if ids else "此前已办理，这次没有再办"
    done_and_said = f"{happened}。{about}" if happened else about
    said = f"已办理：{done_and_said} 现为“{stage}”。下一步：{told.next}" + (f"（记录 {ids}）" if ids else "")
    return "\n".join((said, *_sub_duties(given.project_id, done, told)))


def _sub_duties(project_id: ProjectId, done: Done, told: Told) -> Iterator[str]:
    """What became of the parts that were given to units, and what comes next for them."""
    started = [each.project_id for each in done.below if each.outcome == "started"]
    withdrawn = [each.project_id for each in done.below if each.outcome == "withdrawn"]
    if started:
        seen = f"{typed('duban sub-duties ')}{project_id}"
        yield f"已分给{len(started)}个单位，督查通知单已发出。"
        if told.units_sign_by is None:
            yield f"下一步：各单位签收；办到哪里，见 {seen}。"
        else:
            yield f"下一步：各单位于 {told.units_sign_by} 前签收；办到哪里，见 {seen}。"
    if withdrawn:
        yield f"分给各单位的{len(withdrawn)}个分解任务随之撤销，各单位不须再办，已经通知。"
    if moved := [each.project_id for each in done.below if each.outcome == "amended"]:
        yield f"有{len(moved)}个分解任务改由接办部门督办，承担的单位照办，已经通知；这里不用再做什么。"
    for each in done.below:
        if each.outcome == "failed":
            yield f"没有办成：{each.project_id}：{each.text}（处理后再办一次，或运行 duban start 补上）"


def request_id_given(given: str | None) -> str:
    """The request's own id: the one that a person gives, or a new one."""
    if (given or "").startswith(LIST_REQUEST):
        raise click.UsageError(f"--request-id 不能以 {LIST_REQUEST} 开头：那是清单变更的编号。")
    return given or str(uuid.uuid4())


def records_in_short(event_ids: Sequence[str]) -> str:
    """Records of one project, as people name them: the first one whole, of the last one its number."""
    if len(event_ids) < 2:
        return "".join(map(record_name, event_ids))
    return f"{record_name(event_ids[0])} 至 #{event_ids[-1].rpartition('#')[2]}"
