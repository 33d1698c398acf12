"""The words of the help: what the command-line library says in English in Chinese, what our commands say in English.

The language is that of the caller's locale (`LC_ALL`, `LC_MESSAGES`, `LANG`): English where that is English, Chinese
otherwise. What commands answer has both too (`in_locale.py`); the record and the papers are Chinese.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from inspect import cleandoc
from typing import Any, Final, Literal
from unicodedata import east_asian_width

import click

from entrypoints.sentence_files import english_of

Language = Literal["zh", "en"]

_HEADINGS: Final = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
_PLACES: Final = {
    "ACCOUNT": "账号",
    "ALIAS": "别名",
    "ANSWER": "回答文件",
    "ARGS": "参数",
    "BUNDLE": "审计包",
    "COMMAND": "命令",
    "DEPARTMENT": "部门",
    "DIRECTORY": "目录",
    "EVENT_ID": "记录",
    "FILE": "文件",
    "FILES": "文件",
    "FOLDER": "文件夹",
    "FROM": "备份文件",
    "INSTANT": "时刻",
    "INTEGER": "数",
    "INTEGER RANGE": "数",
    "LOG": "台账",
    "MILESTONE": "节点",
    "MONTH": "月份",
    "NAME": "名称",
    "NOTICE": "通知文件",
    "NUMBER": "编号",
    "OPTIONS": "选项",
    "PATH": "路径",
    "PERIOD": "考核期",
    "PERSON": "人员",
    "PLACE": "位置",
    "PLAN": "计划文件",
    "POINT": "得分项",
    "PROJECT": "项目",
    "ROLE": "角色",
    "RULES": "规则文件",
    "STEP": "级",
    "TEXT": "文字",
    "TO": "去处",
    "VKEY": "公钥",
    "YEAR": "年份",
}
"""What stands for a value, by the library's name for it or by ours."""
_IN_ENGLISH: Final = {
    "日期或时刻": "DAY-OR-INSTANT",
    "日期": "DAY",
    "月份": "MONTH",
    "编号=裁定": "NUMBER=RULING",
    "栏=含义": "COLUMN=MEANING",
    "项目|目录": "PROJECT|FOLDER",
    "台账=来源…": "LOG=SOURCE...",
    "文件|摘要": "FILE|DIGEST",
    "收件人": "READER",
    "通道": "CHANNEL",
    "目录": "FOLDER",
}
_LIBRARY: Final = {
    "Show this message and exit.": "显示这份说明。",
    "Show the version and exit.": "显示版本。",
}
_NOTES: Final = {
    "zh": (
        (r"required", "必填"),
        (r"default: ", "默认："),
        (r"(-?\d+)<=x<=(-?\d+)", r"\1 到 \2"),
        (r"x>=(-?\d+)", r"不小于 \1"),
        (r"x<=(-?\d+)", r"不大于 \1"),
        (r"; ", "；"),
    ),
    "en": ((r"(-?\d+)<=x<=(-?\d+)", r"\1 to \2"), (r"x>=(-?\d+)", r"at least \1"), (r"x<=(-?\d+)", r"at most \1")),
}
_PLACE = re.compile(
    "|".join(rf"(?<![A-Za-z_-]){name}(?![A-Za-z_-])" for name in sorted(_PLACES, key=len, reverse=True))
)
_NAMED_IN_CHINESE = re.compile("|".join(map(re.escape, sorted(_IN_ENGLISH, key=len, reverse=True))))
_CHOICES = re.compile(r"[\[{][^\[\]{} ]*\|[^\[\]{} ]*[\]}]")
_LEAST_ROOM: Final = 20
_PIECES = re.compile(r"\[[^\[\]]*\]|[\x21-\x7e]+|.")
"""What a line may end behind: a note in brackets, a word in Latin letters, or any other letter."""
_NO_FIRST: Final = frozenset("，。；：、！？）”》」.,;:!?)")
"""What no line begins with."""
_BEHIND = re.compile(r"(?s)(?P<text>.*?)(?:  \[(?P<notes>[^\[\]]*)\])?")


def language() -> Language:
    """The language of the caller's locale."""
    named = next(filter(None, (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if named.lower().startswith("en") else "zh"


@cache
def english() -> dict[str, str]:
    """The English of what our commands say of themselves, by paragraph."""
    return english_of("entrypoints.cli", "en.po")


def place_name(metavar: str) -> str:
    """What stands for a value, in the reader's language; choices are what one types, and stay."""
    if _CHOICES.fullmatch(metavar) and metavar[1:-1] not in _IN_ENGLISH:
        return metavar
    if language() == "en":
        return _NAMED_IN_CHINESE.sub(lambda found: _IN_ENGLISH[found[0]], metavar)
    return _PLACE.sub(lambda found: _PLACES[found[0]], metavar)


def said(paragraph: str) -> str:
    """A paragraph of ours, or of the library's, in the reader's language."""
    if language() == "en":
        return english().get(paragraph, paragraph)
    return _LIBRARY.get(paragraph, paragraph)


class HelpInWords(click.HelpFormatter):
    """Writes the help in the reader's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called, its places by their names."""
        super().write_usage(prog, place_name(args), prefix or ("Usage: " if language() == "en" else "用法："))

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(said(heading) if language() == "en" else _HEADINGS.get(heading, heading))

    def write_text(self, text: str) -> None:
        """Write what a command says of itself."""
        super().write_text("\n\n".join(map(said, paragraphs(text))))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of options or commands, whole: click counts letters, and a Chinese one takes two columns."""
        told = [(_named(first), _told(second)) for first, second in rows]
        indent = " " * self.current_indent
        column = min(max((_width(first) for first, _ in told), default=0), col_max) + col_spacing
        room = max(self.width - len(indent) - column, _LEAST_ROOM)
        for first, second in told:
            lines = list(_folded(second, room))
            beside = _width(first) <= column - col_spacing
            head = f"{indent}{first}{' ' * (column - _width(first))}{lines.pop(0)}" if beside else f"{indent}{first}"
            for line in (head, *(f"{indent}{' ' * column}{each}" for each in lines)):
                self.write(f"{line.rstrip()}\n")


class WordedGroup(click.Group):
    """A group whose help has the first paragraph of what each of its commands says of itself."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with the first paragraph of what it says of itself."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first(self.get_command(ctx, name))) for name in self.list_commands(ctx)])


def paragraphs(text: str) -> list[str]:
    """The paragraphs of what a command says of itself."""
    return [" ".join(each.split("\n")) for each in cleandoc(text).split("\n\n")]


def _first(command: click.Command | None) -> str:
    return paragraphs(command.help)[0] if command is not None and command.help else ""


def _named(declared: str) -> str:
    """An option with what stands for its value."""
    option, blank, metavar = declared.rpartition(" ")
    head, range_, _ = declared.partition(" INTEGER RANGE")
    if range_:
        option, blank, metavar = head, " ", "INTEGER RANGE" if language() == "zh" else "INTEGER"
    return f"{option}{blank}{place_name(metavar)}" if blank else declared


def _told(text: str) -> str:
    """What an option is for, with the library's notes behind it."""
    found = _BEHIND.fullmatch(text)
    assert found is not None
    words, notes = said(found["text"]), found["notes"]
    if not notes:
        return words
    for theirs, ours in _NOTES[language()]:
        notes = re.sub(theirs, ours, notes)
    return f"{words}  [{notes}]"


def _folded(text: str, room: int) -> Iterator[str]:
    """A text in lines of so many columns."""
    line = ""
    for piece in _PIECES.findall(text):
        if line and piece not in _NO_FIRST and _width(line) + _width(piece) > room:
            yield line.rstrip()
            line = ""
        line += piece if line or piece != " " else ""
    yield line.rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def in_words(**settings: Any) -> dict[str, Any]:
    """The context's settings of a command line that helps in the reader's language."""
    click.Context.formatter_class = HelpInWords
    return settings
