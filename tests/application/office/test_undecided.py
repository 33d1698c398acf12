"""What time brought and could not be decided is told by the doctor and by the register, with what to do."""

from __future__ import annotations

import asyncio
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.examination import undecided_check
from application.office.register import RegisterDesk
from domain.acts.commands import Urge
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Decision
from domain.ports.register import ProjectQuery
from domain.rungs import due_dates
from domain.seeing.views import view_of
from entrypoints.cli.project_page import open_matters
from entrypoints.cli.register_table import register_table
from tests.domain.samples import PROJECT, WHOLE_LIFE, Desk, at, lone, milestone, request
from workflows.details_page import details_page


def a_project_with_an_undecided_urge(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Its urge met a mistake in a rule; everything after it went on."""
    take = due_dates.take

    def failing_once(recorder: Any, due: Any, later: Any, now: Any) -> None:
        if due.rung.kind == "urge":
            raise ZeroDivisionError("没有算出来")
        take(recorder, due, later, now)

    monkeypatch.setattr(due_dates, "take", failing_once)
    desk = lone(milestone(1))
    desk.run_until("06-10 10:00")
    return desk


def told(tmp_path: Path, desk: Desk) -> tuple[bool, str, str, list[str]]:
    """Whether the doctor is content, what it says, the register as a table, and what `--undecided` finds."""

    async def looked() -> tuple[bool, str, str, list[str]]:
        ledger = SqliteLedger.open(tmp_path / f"{len(desk.events)}.sqlite", lambda: at("04-25"))
        try:
            await ledger.record(Decision(stream=supervision_workflow_id(PROJECT), events=tuple(desk.events)))
            register = RegisterDesk(ledger, ledger.register(), lambda: desk.now)
            listed = await register.listed(ProjectQuery())
            check = await undecided_check(register)
            console = Console(width=400, record=True, file=StringIO())
            console.print(register_table(listed.as_of, listed.page.rows).drawn())
            found = (await register.projects(ProjectQuery(undecided=True))).rows
            return check.ok, check.text, console.export_text(), [row.project_id for row in found]
        finally:
            ledger.close()

    return asyncio.run(looked())


def test_the_doctor_and_the_register_say_what_waits_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The milestone, the paper, the problem and the command; the row says how many, and the filter finds it."""
    desk = a_project_with_an_undecided_urge(monkeypatch)
    ok, text, table, found = told(tmp_path, desk)
    assert not ok
    assert "2018-05a-01催办" in text
    assert "ZeroDivisionError" in text
    assert "请核对日期，人工催办" in text
    assert f"⚠系统到期应自动办理的1项没有办成，请督查人员查看后人工办理（duban status {PROJECT}）" in table
    assert found == [PROJECT]


def test_what_the_cap_held_back_is_in_the_register_and_no_fault(tmp_path: Path) -> None:
    """The row says that it waits for a person, and the filter finds it; the doctor has nothing to say of it."""
    desk = Desk(*(milestone(n) for n in (1, 2, 3)), policy=WHOLE_LIFE)
    desk.run_until("06-08 12:00")
    ok, text, table, found = told(tmp_path, desk)
    assert (ok, text) == (True, "系统到期应自动办理的都已办成")
    assert "⚠系统到期应自动办理的1项没有办成，请督查人员查看后人工办理" in table
    assert found == [PROJECT]


def test_what_was_done_by_hand_is_told_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the urge by hand the doctor is content and the row is as any other."""
    desk = a_project_with_an_undecided_urge(monkeypatch)
    desk.ask(request(Urge, reason="核对后人工催办"))
    ok, _, table, found = told(tmp_path, desk)
    assert ok
    assert "⚠" not in table
    assert found == []


def test_the_project_s_page_and_the_engine_s_page_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`duban status PROJECT` and the Web UI's page say the same sentence; the shell adds what to type."""
    desk = a_project_with_an_undecided_urge(monkeypatch)
    (waits,) = view_of(desk.state, desk.now).undecided
    (told,) = (line for line in open_matters(view_of(desk.state, desk.now)) if waits.text in line)
    assert told == f"待人工处理：{waits.text}（命令：duban urge 项目 节点 --reason 理由 --by 姓名）"
    assert waits.text in details_page(desk.state, desk.now)
