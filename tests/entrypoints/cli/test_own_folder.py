"""The lines that a person copies from the screen work where he is: they name the folder, and the port in use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from application.accounts.opening import MadeLink
from application.engine_room.desk_address import DESK_ADDRESS, telling_address, told_address
from application.settings import Settings
from domain.clock import OFFICE_TIME
from entrypoints.bootstrap import ledger_place
from entrypoints.cli.accounts import _tell_link
from entrypoints.cli.command_table import COMMANDS
from entrypoints.cli.own_folder import in_folder, in_own_folder, name_folder
from entrypoints.core_sentences import core_said, is_chinese
from tests.entrypoints.cli.conftest import Duban


@pytest.mark.parametrize("name", [each.name for section in COMMANDS for each in section.commands])
def test_each_command_is_told_with_its_folder(name: str) -> None:
    """Whatever command a sentence names, it names the folder once."""
    told = in_folder(f"请运行 duban {name} 查看；或 duban {name}。", Path("my folder"))
    assert told == f"请运行 duban --data 'my folder' {name} 查看；或 duban --data 'my folder' {name}。"
    assert in_folder(told, Path("other")) == told


def test_what_names_a_folder_or_is_no_command_stays() -> None:
    """A line with a folder of its own, a path and a word that begins alike are left alone."""
    for text in ("duban run --data copy 打开副本", "/opt/duban run", "duban running", "duban 命令"):
        assert in_folder(text, Path("mine")) == text


@pytest.fixture
def mine() -> Iterator[str]:
    """The caller named a folder: what is told before a command."""
    name_folder(Path("mine"))
    yield "duban --data mine "
    name_folder(None)


def test_what_people_wrote_stays(mine: str) -> None:
    """A title, a reason or a report that names a command is shown as it was written, beside our own words."""
    report = "我们运行 duban status 看过，再请运行 duban run"
    assert in_own_folder(f"反馈进展：{report}。") == f"反馈进展：{report}。"
    told = in_own_folder(
        f"项目“{report}”：⚠系统到期应自动办理的1项没有办成，请督查人员查看后人工办理（duban status 2018-03）。"
    )
    assert (
        told == f"项目“{report}”：⚠系统到期应自动办理的1项没有办成，请督查人员查看后人工办理（{mine}status 2018-03）。"
    )


def test_what_is_typed_elsewhere_has_no_folder_of_the_caller(mine: str) -> None:
    """An auditor is not told his own folder in what the audited office is to type, nor is another machine's."""
    said = "请督查室从备份恢复，或趁引擎还在运行 duban audit keep，然后重新导出。"
    for told in (said, core_said("en", said)):
        assert in_own_folder(told) == told
    copied = (
        "数据目录 a 是从 b 复制来的，未作任何改动：两处用同一把签名密钥记账，审计时只能判为伪造。要在另一台机器上接续，"
        "请用 duban backup 和 duban restore；原目录确已停用、这里就是搬来的新址，请运行 duban engine adopt 后再启动。"
    )
    for told in (copied, core_said("en", copied)):
        assert in_own_folder(told) == told.replace("duban engine", f"{mine}engine")


def _said_in_code() -> Iterator[tuple[str, str]]:
    """Every Chinese text of the code with its place, but for helps: they say how a command is called, in any folder."""
    for root in ("domain", "application", "adapters", "entrypoints/bootstrap", "entrypoints/cli"):
        for file in Path(root).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            helps = {id(part) for node in ast.walk(tree) for part in _helps(node)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in helps:
                    yield f"{file}:{node.lineno}", node.value


def _helps(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], ast.Expr):
        yield node.body[0].value
    if isinstance(node, ast.keyword) and node.arg == "help":
        yield from ast.walk(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Named":
        yield from node.args


def test_every_command_that_the_code_names_is_told_with_the_folder(mine: str) -> None:
    """No line to type is missed, wherever in the program its sentence stands, but for those that begin with it."""
    said = {place: text for place, text in _said_in_code() if is_chinese(text) and not text.startswith("duban ")}
    named = {place: text for place, text in said.items() if in_folder(text, Path("mine")) != text}
    assert len(named) > 80
    missed = [place for place, text in named.items() if in_own_folder(text) != in_folder(text, Path("mine"))]
    assert [place for place in missed if "另一台机器" not in named[place]] == []


def test_a_program_reads_the_same_with_a_folder(duban: Duban, tmp_path: Path) -> None:
    """What a refused program is told in JSON has no folder in it."""
    refused = duban("receipt", "2018-01", "--by", "组织部", "--json", "--data", str(tmp_path / "mine"))
    assert "duban" in refused.err
    assert "--data" not in refused.out


def test_a_refusal_is_answered_in_the_folder_that_was_named(duban: Duban, tmp_path: Path) -> None:
    """The line under an error carries the caller's `--data`, and none where the next call names none."""
    mine = tmp_path / "mine"
    refused = duban("account", "list", "--data", str(mine))
    assert f"duban --data {mine} run" in refused.err
    assert "--data" not in duban("compile").err


def test_a_plan_that_was_written_tells_what_comes_next(duban: Duban, tmp_path: Path) -> None:
    """After `compile` two lines can be copied, with the file's name as a shell takes it."""
    notice, plan = tmp_path / "list.csv", tmp_path / "my plan.yaml"
    notice.write_text(
        "关于印发2018年重点项目清单的通知\n2018年4月25日\n序号,项目名称,牵头部门,参与部门,工作进度安排\n"
        "92,座谈会,组织部,,6月底前：召开座谈会\n",
        encoding="utf-8",
    )
    told = duban("compile", str(notice), "-o", str(plan))
    assert told.status == 0
    assert f"duban run '{plan}'" in told.err


def test_the_ledger_is_named_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For whoever stands in another folder than the one that named it."""
    monkeypatch.chdir(tmp_path)
    assert ledger_place(Settings(data=Path("office"))) == str(tmp_path / "office" / "ledger.db")


def test_a_link_is_made_to_the_port_in_use(tmp_path: Path) -> None:
    """Another process learns where the desk of the folder answers, and nothing once it has ended."""
    with telling_address(tmp_path, "http://127.0.0.1:8603/"):
        assert told_address(tmp_path) == "http://127.0.0.1:8603"
    assert told_address(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_desk_that_was_killed_has_no_address(tmp_path: Path) -> None:
    """What it left behind is told to nobody; the next desk of the folder puts its own there, and keeps it."""
    said = "import os, pathlib; from application.engine_room.desk_address import telling_address as t"
    killed = f"{said}; desk = t(pathlib.Path({str(tmp_path)!r}), 'http://x/'); desk.__enter__(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    assert (tmp_path / DESK_ADDRESS).exists()
    assert told_address(tmp_path) is None
    with telling_address(tmp_path, "http://127.0.0.1:8604/"):
        with telling_address(tmp_path, "http://127.0.0.1:8605/"):
            pass
        with telling_address(tmp_path, "http://127.0.0.1:8606/"):
            assert told_address(tmp_path) == "http://127.0.0.1:8606"


def test_a_link_without_a_desk_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Whoever makes a link where no desk runs is told to run one; where one does, the link is its own."""
    made, settings = (
        MadeLink("the-secret", "zhangsan", datetime(2018, 4, 25, tzinfo=OFFICE_TIME)),
        Settings(data=tmp_path),
    )
    _tell_link(made, settings)
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8600/set-up/the-secret" in told
    assert "请先运行 duban run" in told
    with telling_address(tmp_path, "http://127.0.0.1:8603/"):
        _tell_link(made, settings)
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8603/set-up/the-secret" in told
    assert "请先运行" not in told
