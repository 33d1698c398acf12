"""In an English locale the shell tells refusals, and what it makes of a list, in English; elsewhere in Chinese."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from domain.acts.rejections import UnknownProjectError
from domain.papers.paper import LEVEL_WORDS, titled
from entrypoints.cli.in_locale import shown, told
from entrypoints.cli.main import called
from entrypoints.cli.next_commands import next_command, told_with_command
from entrypoints.core_sentences import is_chinese
from entrypoints.next_steps import NEXT_STEPS

NOTICE: Final = Path(__file__).parents[3] / "examples" / "2018-key-projects.txt"
_THEIRS: Final = re.compile(r"“(?:[^“”]|“[^“”]*”)*”|--rule '[^']*'|团浙办〔2018〕3号")
"""Words of the notice, and what one types as it is."""


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller's locale is English."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        (
            ("compile", str(NOTICE)),
            1,
            "2 questions are open; the list can be started when they are ruled on",
        ),
        (("compile", str(NOTICE), "--rule", "a=b"), 2, "There is no open question a"),
        (("compile", "nowhere.docx"), 2, "There is no file nowhere.docx; check the path."),
        (("compile", "--schemas"), 2, "There is no option --schemas; is --schema meant?"),
        (("window", "Q3", "--year", "2018"), 0, "with a time, 2018-07-01 to 2018-09-30"),
        (
            ("window", "x", "--year", "soon"),
            2,
            "The value of --year cannot be used: “soon” is no number: write digits",
        ),
        (("window",), 2, "TEXT is missing."),
        (("window", "Q3"), 2, "--year is missing (Year of the list)."),
    ],
    ids=lambda value: " ".join(value[:1]) if isinstance(value, tuple) else None,
)
def test_what_is_made_of_a_list_is_told_in_english(
    line: tuple[str, ...], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Findings, assumptions, choices, the account of the notice, wrong use: no Chinese but the list's own words."""
    assert called(line) == status
    said = "".join(capsys.readouterr())
    assert says in said
    assert [each for each in said.splitlines() if is_chinese(_THEIRS.sub("", each))] == []


def test_elsewhere_the_same_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The notice's findings and its account, word for word."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert called(["compile", str(NOTICE)]) == 1
    said = capsys.readouterr().out
    assert "还有2处待裁定，裁定后才能启动：再运行一次，加上所选的 --rule 和 --by 姓名。" in said
    assert "读取情况：读了表格1张，行18行" in said
    assert "    暂按：编号为2018-05b" in said


@pytest.mark.usefixtures("in_english")
def test_a_refusal_and_its_line_to_type_are_told_in_english() -> None:
    """Of every rule that offers a line: places by their English names."""
    assert told_with_command(UnknownProjectError(project_id="2018-99")).splitlines()[1] == "Look: duban status"
    lines = [line for rule in NEXT_STEPS if (line := next_command(rule)) is not None]
    assert len(lines) > 30
    assert [line for line in lines if is_chinese(line)] == []
    assert told("没有督办中的项目 2018-99：请核对编号，全部项目见登记簿。").startswith("No project 2018-99")


@pytest.mark.usefixtures("in_english")
def test_the_colours_of_orders_are_told_in_english() -> None:
    """In a table of papers as beside one."""
    assert [shown(titled("escalation_order", level)) for level in LEVEL_WORDS] == [
        "Escalation order (blue)",
        "Escalation order (yellow)",
        "Escalation order (red)",
    ]
    assert [shown(word) for word in LEVEL_WORDS.values()] == ["blue", "yellow", "red"]
