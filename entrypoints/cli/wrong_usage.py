"""Wrong use of a command in Chinese sentences: what the command-line library says in English, said as we do."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from entrypoints.cli.help_words import place_name, said

_LIBRARY_SAYS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"Got unexpected extra arguments? \((.*)\)", r"多了“\1”；有空格的文字请加引号。"),
        (r"Missing command\.", "请写明要办的事（子命令）。"),
        (r"Option '(.*)' requires an argument\.", r"\1 后面须写一个值。"),
        (r"Option '(.*)' does not take a value\.", r"\1 后面不写值。"),
        (r"'(.*)' is not a valid (?:integer|integer range|float)\.", r"“\1”不是数：请写阿拉伯数字，如 5。"),
        (r"(.*) is not in the range (\S+?)<=x<=(\S+)\.", r"\1 不在范围内：请写 \2 到 \3 的数。"),
        (r"(.*) is not in the range x>=(\S+)\.", r"\1 太小：请写不小于 \2 的数。"),
        (r"(.*) is not in the range x<=(\S+)\.", r"\1 太大：请写不大于 \2 的数。"),
        (r"(.*) is not in the range (.*)\.", r"\1 不在允许的范围内：请写 \2 之内的数。"),
        (r"'(.*)' is not one of (.*)\.", r"“\1”不在可选的值之内：请写 \2 之一。"),
        (r"(?:File|Path|Directory) '(.*)' does not exist\.", r"找不到“\1”，请检查路径。"),
        (r"File '(.*)' is a directory\.", r"“\1”是文件夹，这里须是文件。"),
        (r"Directory '(.*)' is a file\.", r"“\1”是文件，这里须是文件夹。"),
    )
)
_FORMS = {"period": "2018-Q2"}
"""How an argument is written that has no help of its own, and no name that says it."""
_ANOTHER = "其他用法见 --help。"


def usage_sentences(error: click.ClickException) -> list[str]:
    """What is wrong and what to do, one sentence for each thing that is missing; what we said ourselves stays."""
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            return [f"缺少 {_name(each, error.ctx)}{_meaning(each)}。" for each in _missing(param, error.ctx)]
        case _:
            return [_usage_sentence(error)]


def _missing(first: click.Parameter, context: click.Context | None) -> list[click.Parameter]:
    """All that must be given and is not: the library names the first, having read whatever was given before it."""
    if context is None:
        return [first]
    return [each for each in context.command.params if each.required and each.name not in context.params] or [first]


def _usage_sentence(error: click.ClickException) -> str:
    match error:
        case click.BadParameter(param=click.Parameter() as param):
            return f"{_name(param, error.ctx)} 的值不可用：{_said(_with_meanings(error.message))}"
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}，{_near(_meant(error))}"
        case click.NoSuchCommand():
            return f"没有命令“{error.command_name}”，{_near(error.possibilities)}"
        case _:
            return _said(error.format_message())


def _name(param: click.Parameter, context: click.Context | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[0]
    return place_name(param.make_metavar(context)) if context is not None else str(param.name)


def _meaning(param: click.Parameter) -> str:
    text = getattr(param, "help", None)
    form = _FORMS.get(param.name or "")
    return f"（{said(text)}）" if text else f"，如 {form}" if form else ""


def _meant(error: click.NoSuchOption) -> list[str]:
    """Of what the library holds to be near, what is near without the strokes: `--reason` is no `--json`."""
    typed = error.option_name.strip("-")
    names = {each.strip("-"): each for each in error.possibilities or []}
    near = get_close_matches(typed, names, cutoff=0.7)
    return [each for name, each in names.items() if name in near or name.startswith(typed)]


def _near(possibilities: list[str] | None) -> str:
    if not possibilities:
        return _ANOTHER
    return f"是否要写{'或'.join(f' {each} ' for each in possibilities)}？"


def _with_meanings(message: str) -> str:
    """What the library says of a choice, each with what it means in the place of its quotation marks."""
    from entrypoints.cli.login_words import DOOR_WORDS

    meaning = {**{str(door): word for door, word in DOOR_WORDS.items()}, "ledger": "台账", "person": "本人"}
    head, one_of, choices = message.partition(" is not one of ")
    named = re.findall(r"'([^']*)'", choices)
    told = "、".join(f"{each}（{meaning[each]}）" if each in meaning else each for each in named)
    return f"{head}{one_of}{told}." if one_of else message


def _said(message: str) -> str:
    for pattern, sentence in _LIBRARY_SAYS:
        if (found := pattern.fullmatch(message)) is not None:
            return found.expand(sentence)
    return message
