"""The lines that a person copies from the screen work where he is: they name the folder, and the port in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.engine_room.data_folder import DESK_ADDRESS
from application.settings import Settings
from entrypoints.cli.accounts import _address
from entrypoints.cli.command_table import COMMANDS
from entrypoints.cli.own_folder import in_folder
from entrypoints.desk.opened import _telling
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


def test_a_link_is_made_to_the_port_in_use(tmp_path: Path) -> None:
    """Another process makes its links to where the desk of the folder says that it answers, else to what is set."""
    settings = Settings(data=tmp_path)
    with _telling(tmp_path / DESK_ADDRESS, "http://127.0.0.1:8603/"):
        assert _address(settings) == "http://127.0.0.1:8603"
    assert _address(settings) == "http://127.0.0.1:8600"
