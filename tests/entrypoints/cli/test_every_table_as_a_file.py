"""Whatever the shell prints as a table can be had as a file, cell by cell: every command with tables, csv and xlsx."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import openpyxl
import pytest

from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.main import duban as group
from entrypoints.cli.tables import Table, TableFile, Tables
from tests.entrypoints.cli.conftest import Duban, supervised
from tests.entrypoints.cli.test_account_commands import OFFICE
from tests.entrypoints.desk.said_in_layers import ROOT
from tests.entrypoints.installation import Home

SHELL: Final = ROOT / "entrypoints" / "cli"
WHOLE: Final = "2018-14"
ASKED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "audit as-of": (("2018-04-25T10:00",), ("2018-04-25T10:00", WHOLE), ("2017-01-01",)),
    "audit history": ((WHOLE,), (WHOLE, "--refusals")),
    "burden": ((), ("--month", "2018-04")),
    "channel check": ((),),
    "duties": (("--rows", "1000"), ("--counts",), ("--department", "没有部"), ("--role", "参与", "--light", "绿")),
    "score table": (("2018",), ("2018-03",)),
    "status": ((), (WHOLE,), ("2018-05a",), ("--as-of", "2018-04-25T10:00"), ("--year", "2017"), ("--sort", "灯")),
    "sub-duties": ((WHOLE,), ("2018-01",)),
}
"""What a command is asked for, where it has to be told something or shows more than one kind of table."""
AT_A_DESK: Final = ("account", "channel", "directory")
"""Commands of an office of its own, with persons and no project."""
NO_ANSWER: Final = {
    "running.py": "a year that goes on; `duban status` answers with the same table",
    "rehearsing.py": "its folder has them: test_tables_and_their_files.py compares",
}
"""Who shows a table on the screen alone, and why."""


def _commands(at: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(at)
    for name in at.list_commands(context):
        command = at.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


WITH_TABLES: Final = {
    words: command
    for words, command in _commands(group)
    if any(isinstance(option.type, TableFile) for option in command.params)
}
CALLS: Final = [(*words.split(), *given) for words in WITH_TABLES for given in ASKED.get(words, ((),))]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """An office of its own: what is given in parts here is counted by nobody else."""
    yield from supervised(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office's persons, of a wide file of channels, and of its data."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "名册.csv").write_text(OFFICE, encoding="utf-8")
    (folder / "key").write_text("secret", encoding="utf-8")
    readers = "".join(f"  {name}: {{reads: [{reads}], to: [{{channel: sms}}]}}\n" for name, reads in READERS.items())
    sms = "channels:\n  sms: {kind: webhook, url: 'http://127.0.0.1:9', secret_file: key}\n"
    (folder / "channels.yaml").write_text(f"{sms}readers:\n{readers}", encoding="utf-8")
    return folder


READERS: Final = {"联络员": "组织部", "值班室": "组织部, 宣传部"}


@pytest.fixture
def asked(running: Duban, office: Path, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """Call a command where it finds something to show."""
    monkeypatch.setenv("COLUMNS", "4000")
    monkeypatch.delenv("LC_ALL", raising=False)
    data = ("--data", str(office / "data"))
    if not (office / "data").exists():
        sheet = str(office / "名册.csv")
        assert running(*data, "directory", "import", sheet, "--apply", "--by", "李红").status == 0
        assert running(*data, "account", "open", "王伟", "wangwei", "--by", "李红").status == 0
        token = ("account", "token", "wangwei", "=报送程序", "--department", "组织部", "--until", "2027-01-31")
        assert running(*data, *token, "--by", "李红").status in {0, 2}
    if running("sub-duties", WHOLE, "--json").document["sub_duties"] == []:
        parts = ("--to", "甲县", "--to", "=乙县")
        assert running("decompose", WHOLE, "5", "--by", "学校部", *parts).status == 0

    def call(*words: str) -> Any:
        if words[0] not in AT_A_DESK:
            return running(*words)
        monkeypatch.setenv("DUBAN_CHANNELS", str(office / "channels.yaml"))
        return running(*data, *words)

    return call


def _drawn(text: str) -> list[list[list[str]]]:
    """The tables that were printed, each with its heads as the first row."""
    tables: list[list[list[str]]] = []
    for line in text.splitlines():
        if line[:1] in {"┃", "│"}:
            cells = [cell.strip() for cell in line[1:-1].split(line[0])]
            tables += [[cells]] if line[0] == "┃" else []
            tables[-1] += [cells] if line[0] == "│" else []
    return tables


def _in_csv(file: Path) -> list[list[list[str]]]:
    tables: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"))):
        tables += [[]] if not row else []
        tables[-1] += [[cell.strip().removeprefix("'") for cell in row]] if row else []
    named = len(tables) > 1
    assert not named or all(len(table[0]) == 1 for table in tables)
    return [table[1:] if named else table for table in tables]


def _in_xlsx(file: Path) -> list[list[list[str]]]:
    sheets = openpyxl.load_workbook(file).worksheets
    assert all(cell.data_type != "f" and cell.hyperlink is None for sheet in sheets for row in sheet for cell in row)
    return [[["" if cell is None else str(cell).strip() for cell in row] for row in sheet.values] for sheet in sheets]


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_what_is_printed_is_what_stands_in_the_file(
    asked: Duban, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heads, rows, cells, in their order, in Chinese and in English; where nothing is printed the file has no row."""
    for language, file, read in (("zh", tmp_path / "表.csv", _in_csv), ("en", tmp_path / "t.XLSX", _in_xlsx)):
        monkeypatch.setenv("LC_ALL", f"{language}_XX.UTF-8")
        printed, written = asked(*words), asked(*words, "-o", str(file))
        assert (printed.status, written.status) == (0, 0), written.err
        assert str(file) in written.out
        assert not _drawn(written.out)
        tables = _drawn(printed.out)
        in_file = read(file)
        if tables:
            assert in_file == tables
        else:
            assert {len(table) for table in in_file} == {1}
            assert printed.out.strip() in written.out
    assert sorted(each.name for each in tmp_path.iterdir()) == ["t.XLSX", "表.csv"]


def test_a_file_has_all_pages(asked: Duban, tmp_path: Path) -> None:
    """What the screen shows by pages a file has whole, but where a page is asked for."""
    count = asked("duties", "--json").document["register"]["count"]
    whole, page = tmp_path / "whole.csv", tmp_path / "page.csv"
    assert asked("duties", "-o", str(whole)).status == 0
    assert asked("duties", "--after", "2018-01-01", "-o", str(page)).status == 0
    assert [len(_in_csv(file)[0]) - 1 for file in (whole, page)] == [count, 100]
    assert count > 100


def test_most_calls_show_something(asked: Duban) -> None:
    """The comparison is none of empty tables."""
    empty = [words for words in CALLS if not any(len(table) > 1 for table in _drawn(asked(*words).out))]
    assert {" ".join(words) for words in empty} <= {
        *("account sessions", "account tries", "channel states", "audit as-of 2017-01-01", "score table 2018-03"),
        *("duties --department 没有部", "status --year 2017", "sub-duties 2018-01", "burden --month 2018-04"),
    }


def test_no_table_is_drawn_but_by_the_one_way() -> None:
    """A command that prints a table has been given its file by the option: nobody else draws, or makes a way to."""
    drawing, making, on_screen = set(), set(), set()
    for path in SHELL.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "rich.table":
                drawing.add(path.name)
            elif getattr(node, "attr", "") == "drawn" or getattr(getattr(node, "func", None), "id", "") == "Tables":
                making.add(path.name)
            elif getattr(node, "id", "") == "SCREEN" and path.name != "tables.py":
                on_screen.add(path.name)
    assert (drawing, making) == ({"tables.py"}, {"tables.py"})
    assert on_screen == set(NO_ANSWER)


def test_every_command_with_a_table_is_compared() -> None:
    """One that has to be told something says with what; nothing is named that has no table."""
    told = {words for words, command in WITH_TABLES.items() if any(each.required for each in command.params)}
    assert told <= set(ASKED) <= set(WITH_TABLES)
    assert len(WITH_TABLES) >= 13


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("t.docx", "应以 .xlsx 或 .csv 结尾"),
        ("t", "应以 .xlsx 或 .csv 结尾"),
        ("folder.csv", "是文件夹"),
        ("nowhere/t.csv", "所在的文件夹不存在"),
    ],
)
def test_a_file_that_cannot_be_is_refused_before_anything_is_read(
    duban: Duban, somewhere: Path, tmp_path: Path, file: str, says: str
) -> None:
    """One sentence, and nothing is there."""
    (tmp_path / "folder.csv").mkdir()
    answer = duban("burden", "-o", str(tmp_path / file), "--data", str(somewhere))
    assert (answer.status, says in answer.sentence) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["folder.csv"]


def test_a_table_is_a_file_or_one_document(running: Duban, tmp_path: Path) -> None:
    """JSON stays what it was, and nothing is written beside it."""
    answer = running("burden", "--json", "-o", str(tmp_path / "t.csv"))
    assert (answer.status, "只能取一个" in answer.sentence) == (2, True)
    assert not (tmp_path / "t.csv").exists()


HOSTILE: Final = (
    '=HYPERLINK("http://x")',
    "＝1+1",
    " @SUM(1)",
    "[red]重[/red]点",
    ":smile:",
    "http://example.invalid",
    "长" * 40_000,
    "控\x1b[31m制\x00",
)


def test_what_people_wrote_stays_a_text_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither formula nor link nor markup, in a cell of the screen, of csv and of xlsx; an old file is replaced."""
    table = Table("名[称]/:" * 9, ("编号", "文字"), numbers={"编号"})
    for number, text in enumerate(HOSTILE):
        table.add(number, OwnWords(text))
    for name in ("t.csv", "t.xlsx"):
        (tmp_path / name).write_text("old", encoding="utf-8")
        Tables(tmp_path / name).show(table, table)
    first, second = _in_csv(tmp_path / "t.csv")
    assert first == second
    assert [row[1] for row in first[1:3]] == ['=HYPERLINK("http://x")', "＝1+1"]
    raw = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_bytes().decode("utf-8-sig"))))
    assert all(row[1].startswith("'") for row in raw[2:5])
    book = _in_xlsx(tmp_path / "t.xlsx")
    assert [row[1] for row in book[0][1:]] == [
        cell.strip()[:32_767] for _, cell in table.told() if isinstance(cell, str)
    ]
    capsys.readouterr()
    Tables().show(table)
    said = capsys.readouterr().out
    assert all(each in said for each in ("[red]重[/red]点", ":smile:", "控�[31m制�"))
