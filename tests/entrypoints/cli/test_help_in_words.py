"""The help of every command is in the language of the caller's locale, with the names of its places."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from entrypoints.cli.help_words import english, paragraphs, place_name
from entrypoints.cli.main import duban
from tests.entrypoints.installation import ROOT

SOURCES = sorted((ROOT / "entrypoints" / "cli").glob("*.py"))
_CHINESE = re.compile("[\u4e00-\u9fff]")
_TYPED = re.compile(r"“[^”]*”|\[[^\]\s]*\|[^\]]*\]|[\u4e00-\u9fff]+:[\u4e00-\u9fff]+|default: [^\]]+\]")
"""What one types as it is in either language: values in quotes, choices."""
_LIBRARY = re.compile(
    r"Usage|Options|Commands|Arguments|Show this|Show the|\[required|default:|"
    r"\b(?:TEXT|FILE|FILES|FOLDER|DIRECTORY|PATH|INTEGER|RANGE|BOOLEAN|OPTIONS|COMMAND|ARGS|PROJECT|MILESTONE|PLAN|"
    r"PERSON|NAME|ACCOUNT|ROLE|YEAR|MONTH|PERIOD|POINT|NOTICE|BUNDLE|INSTANT|EVENT_ID|VKEY|PLACE|STEP|TO|FROM)\b"
)


def _walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _walk(inner, click.Context(inner, info_name=name, parent=context))


def _all() -> list[tuple[click.Command, click.Context]]:
    return list(_walk(duban, click.Context(duban, info_name="duban", terminal_width=2_000, max_content_width=2_000)))


def test_the_help_of_every_command_is_chinese_in_a_chinese_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """No word of the command-line library, and no English name of a place, stands in any help."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    found = {context.command_path: _LIBRARY.findall(command.get_help(context)) for command, context in _all()}
    assert len(found) > 140
    assert {path: words for path, words in found.items() if words} == {}


def test_the_help_of_every_command_is_english_in_an_english_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Chinese stands in any help but for what one types as it is."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    found = {
        context.command_path: [
            line for line in command.get_help(context).splitlines() if _CHINESE.search(_TYPED.sub("", line))
        ]
        for command, context in _all()
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_help_names_a_department_only_where_it_may_give_the_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the section alone gives (a directive, the ruling on a dispute) is not said to be a department's too."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = {context.command_path: "部门:姓名" in command.get_help(context) for command, context in _all()}
    assert told["duban accept"]
    assert told["duban reassign"]
    assert not any(told[path] for path in ("duban order", "duban rule dispute", "duban bulletin publish"))


def test_the_english_catalogue_has_what_the_commands_say_and_nothing_else() -> None:
    """Every sentence of every help has its English, and no English is left of a sentence or a word that is gone."""
    said: set[str] = {title for title, _ in getattr(duban, "sections", ())}
    for command, _ in _all():
        said.update(paragraphs(command.help) if command.help else ())
        said.update(each.help for each in command.params if isinstance(each, click.Option) and each.help)
    ours = {sentence for sentence in said if _CHINESE.search(sentence)}
    assert ours - set(english()) == set()
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert sorted(each for each in set(english()) - ours if f'"{each}' not in sources) == []


@pytest.mark.parametrize("given", ["", "C.UTF-8", "zh_CN.UTF-8", "de_DE.UTF-8"])
def test_any_locale_but_english_has_the_chinese_help(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese is the language of the product; English is for whoever's locale says so."""
    monkeypatch.setenv("LC_ALL", given)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.delenv("LANG", raising=False)
    assert place_name("[MILESTONE] TEXT") == "[节点] 文字"


def test_no_line_of_the_help_is_cut_or_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command says of itself all that it does; a Chinese letter takes two columns."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for command, context in _all():
        formatter = context.make_formatter()
        formatter.width = 80
        command.format_help(context, formatter)
        listed = [line for line in formatter.getvalue().split("\n") if line.startswith("  ") and "  " in line.strip()]
        assert not [line for line in listed if line.endswith("…")]
        assert "<=" not in formatter.getvalue()
