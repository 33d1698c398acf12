"""Every option and argument of every act at edge values: one sentence and an exit status, and nothing to obey."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from rich.table import Table

from entrypoints.cli import session
from entrypoints.cli.main import duban as group
from entrypoints.cli.session import DAY, INSTANT
from tests.domain.edges import DAYS, TEXTS
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN

ELSEWHERE = {
    "audit",
    "backup",
    "restore",
    "evidence",
    "engine",
    "run",
    "start",
    "rehearse",
    "plan",
    "doctor",
    "status",
    "compile",
    "window",
}
TO_OBEY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
GOOD = {"--by": "李", "--reason": "因故", "--leader": "张", "--basis": "变更"}


def acts() -> list[tuple[str, ...]]:
    """The commands that a person gives to projects, those in groups too."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        if name not in ELSEWHERE:
            subs = getattr(group.get_command(context, name), "commands", None)
            found += [(name, sub) for sub in subs] if subs else [(name,)]
    assert len(found) > 30
    return found


def _command(path: tuple[str, ...]) -> click.Command:
    command: click.Command = group
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


def calls(path: tuple[str, ...], place: int) -> list[tuple[str, ...]]:
    """Calls of an act, each with one value at an edge; which edge each value gets goes round from act to act."""
    params = [p for p in _command(path).params if p.name not in ("data", "as_json", "help")]
    good: dict[str, list[str]] = {
        str(p.name): [*([p.opts[0]] if isinstance(p, click.Option) else []), _good(p)]
        for p in params
        if isinstance(p, click.Argument) or p.required or p.opts[0] in ("--reason", "--by")
    }
    made: list[tuple[str, ...]] = []
    for n, param in enumerate(params):
        if isinstance(param, click.Option) and param.is_flag:
            continue
        edges = DAYS if param.type in (DAY, INSTANT) else TEXTS
        # No shell can hand a NUL over.
        texts = [text for text in edges.values() if isinstance(text, str) and "\0" not in text]
        for step in range(2):
            value = texts[(place * 5 + n * 3 + step * 7) % len(texts)]
            given = {**good, str(param.name): [*([param.opts[0]] if isinstance(param, click.Option) else []), value]}
            options = [part for each in given.values() if each[0].startswith("--") for part in each]
            made.append((*path, *options, "--", *(each[0] for each in given.values() if not each[0].startswith("--"))))
    return made


def _good(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return "2018-12-28" if param.type in (DAY, INSTANT) else GOOD.get(param.opts[0], "宣传部")
    return {"project": "2018-01", "milestone": "1", "year": "2018"}.get(str(param.name), "已办")


@pytest.mark.parametrize("path", acts(), ids=" ".join)
def test_every_value_of_an_act_at_its_edges_is_one_sentence(
    path: tuple[str, ...], duban: Duban, somewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, no control character in the answer, a status that says what it was."""
    monkeypatch.setattr(session, "_SETTLE_SECONDS", 0)
    for call in calls(path, acts().index(path)):
        answer = duban(*call[: len(path)], "--data", str(somewhere), *call[len(path) :])
        assert answer.status in (1, 2, 3), call
        assert "Traceback" not in answer.err
        assert not TO_OBEY.search(answer.out + answer.err), repr(answer.err)
        assert answer.err.strip(), call


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if isinstance(text, str)])
def test_a_plan_file_with_such_a_title_is_compiled_or_refused_and_never_obeyed(
    name: str, duban: Duban, tmp_path: Path
) -> None:
    """What a hand has written into a plan reaches no terminal as it is."""
    assert duban("compile", str(PLAN), "-o", str(tmp_path / "计划.yaml")).status in (0, 1)
    text = (tmp_path / "计划.yaml").read_text(encoding="utf-8")
    changed = re.sub(r"^title: .*$", lambda _: f"title: {json.dumps(TEXTS[name])}", text, count=1, flags=re.MULTILINE)
    assert changed != text
    (tmp_path / "计划.yaml").write_text(changed, encoding="utf-8")
    answer = duban("compile", str(tmp_path / "计划.yaml"))
    assert answer.status in (0, 1, 2)
    assert not TO_OBEY.search(answer.out + answer.err)


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if isinstance(text, str) and len(text) < 5_000])
def test_a_time_with_such_a_text_is_read_or_not_and_never_obeyed(text: str, duban: Duban) -> None:
    """The reading of one expression says what it is, whatever stands in it."""
    answer = duban("window", "--year", "2018", "--", f"6月底前：{text}")
    assert answer.status == 0
    assert not TO_OBEY.search(answer.out + answer.err)


def test_what_stands_in_brackets_or_between_colons_is_said_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence and in a table, to whoever reads answers and to whoever reads remarks: no text is markup."""
    written = "甲[red]乙[/red] [/] :x: :warning:"
    table = Table("编号")
    table.add_row(written)
    for console in (session.out(), session.err()):
        console.print(written)
        console.print(table)
    said = capsys.readouterr()
    assert [said.out.count(written), said.err.count(written)] == [2, 2]


@pytest.mark.parametrize("column", ["lead_department", "main_content"])
def test_what_start_needs_is_looked_at_before_anything_is_started(
    column: str, duban: Duban, tmp_path: Path, somewhere: Path
) -> None:
    """A row that no entry can hold is refused by compile, plan and start alike, with its project and its field."""
    file = tmp_path / "计划.yaml"
    duban("compile", str(PLAN), "-o", str(file))
    text = file.read_text(encoding="utf-8")
    wrong = {"lead_department": "部" * 81, "main_content": "长" * 19_000}[column]
    changed = re.sub(rf"^( +{column}: ).*$", lambda m: f"{m[1]}{wrong}", text, count=1, flags=re.MULTILINE)
    if column == "main_content":
        changed = re.sub(r"^( +schedule_text: ).*$", lambda m: f"{m[1]}{wrong}", changed, count=1, flags=re.MULTILINE)
    file.write_text(changed, encoding="utf-8")
    for command in ("compile", "plan", "start", "rehearse"):
        answer = duban(command, str(file), *(() if command in ("compile", "rehearse") else ("--data", str(somewhere))))
        assert answer.status == 2, answer
        assert ("2018-01" in answer.err) or ("lead_department" in answer.err), answer.err
    assert not somewhere.exists()
