"""What `duban run` says last: where one begins."""

from __future__ import annotations

import re
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final

import pytest
from rich.cells import cell_len

from application.engine_room.unavailable import Unavailable
from domain.clock import OFFICE_TIME
from entrypoints.cli.register_table import short_register
from entrypoints.cli.tables import SCREEN
from tests.entrypoints.installation import Home

NOW: Final = datetime(2018, 4, 25, 9, tzinfo=OFFICE_TIME)
ROW: Final = {
    "project_id": "2018-08",
    "title": "健全权益维护重点工作机制，推进青少年权益工作的创新" * 3,
    "lead_department": "青少年社会参与和权益维护部",
    "light": "green",
    "explanation": "没有到期的节点",
    "stage": "assigned",
    "next_due_on": date(2018, 4, 30),
    "unsigned": 3,
    "undecided": 0,
}


def _rows(**given: object) -> list[Any]:
    return [SimpleNamespace(**{**ROW, **given})]


def test_the_link_is_the_last_line_and_stands_apart(home: Home) -> None:
    """Behind an empty line the desk, what is to be done, and the link alone: no screen breaks it, whoever copies it."""
    said = home.children[0].said.split("\n")
    last = next(place for place, line in enumerate(said) if "/set-up/" in line)
    lines = said[: last + 1]
    assert not any("http" in line for line in said[last + 1 :])  # behind it stands only what goes out meanwhile
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/set-up/[\w-]+", lines[-1])
    assert cell_len(lines[-1]) <= 80
    assert lines[-2].startswith("第一次使用：")
    assert re.fullmatch(r"督办台：http://127\.0\.0\.1:\d+/", lines[-3])
    assert not lines[-4]
    assert lines[-5].startswith("按 Ctrl-C 停止")


@pytest.mark.parametrize("columns", ["80", "120"])
def test_a_project_is_a_line_on_any_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str
) -> None:
    """Its number, light, dates whole; a long title is cut, and no line is longer than the screen."""
    monkeypatch.setenv("COLUMNS", columns)
    SCREEN.show(short_register(NOW, _rows() * 17, {}))
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("│")]
    assert len(rows) == 17
    assert all("2018-08" in row and "2018-04-30" in row and "…" in row for row in rows)
    assert max(map(cell_len, lines)) <= int(columns)


def test_a_project_that_waits_for_a_person_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could not be decided, or does not go on, stands there with what to do."""
    monkeypatch.setenv("COLUMNS", "400")
    sick = {"2018-08": Unavailable(reason="stuck", text="请管理员修复。")}
    SCREEN.show(short_register(NOW, _rows(), sick))
    SCREEN.show(short_register(NOW, _rows(undecided=2), {}))
    said = capsys.readouterr().out
    assert "请管理员修复。" in said
    assert "2项没有办成" in said
