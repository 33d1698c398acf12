"""The register as a table for people, and what is to be said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING, TypeAlias

from application.engine_room.unavailable import SHORT_WORDS, Unavailable
from application.office.present_register import behind
from domain.ids import ProjectId
from domain.paging import Stretch
from domain.ports.register import Standing
from domain.ports.register_lines import ProjectRow
from domain.seeing.stage_words import light_mark, sign_off_word, stage_word
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.session import err, out
from entrypoints.cli.tables import Table

if TYPE_CHECKING:
    from domain.seeing.views import ProjectView

    Shown: TypeAlias = ProjectRow | ProjectView
    """A project as a row shows it: from the register, or derived from the ledger."""


def tell_the_missing_worker(*, nobody_works: bool) -> None:
    """Say that nobody works, where it is so."""
    if nobody_works:
        err().print("没有督办程序在运行，系统到期应自动办理的都停着：请管理员运行 duban run 或 python worker.py。")


def tell_the_rest(lies: Stretch, rows: int, count: int, what: str) -> None:
    """Say which rows of how many were shown, where there are more, and how the next ones are asked for."""
    if not rows and count:
        out().print(f"这里往后没有了：共 {count} {what}。")
    elif rows < count:
        on = lies.next(rows, count)
        more = "" if on is None else f"；接着列：--after {quote(on)}"
        out().print(f"第 {lies.before + 1} 至 {lies.before + rows} 项，共 {count} {what}{more}。")


def tell_the_lag(standing: Standing) -> None:
    """Say how far the register has come where it is behind."""
    if told := behind(standing):
        err().print(told)


def register_table(
    as_of: datetime,
    projects: Sequence[Shown],
    sick: Mapping[ProjectId, Unavailable] | None = None,
    *,
    strangers: bool = True,
) -> Table:
    """All projects, one a row; one whose supervision does not go on shows that in the light's place, and what to do.

    With `strangers`, what does not go on and stands on no row has one of its own.
    """
    sick = sick or {}
    heads = ("编号", "灯", "项目", "牵头部门", "签收", "状态", "最近时限", "说明")
    title = f"重点项目登记簿（截至 {as_of:%Y-%m-%d %H:%M}）"
    table = Table("登记簿", heads, title, whole={"编号", "灯", "最近时限"})
    for project in projects:
        unavailable = sick.get(project.project_id)
        table.add(
            project.project_id,
            _mark(unavailable) if unavailable else light_mark(project.light),
            OwnWords(project.title),
            OwnWords(project.lead_department),
            sign_off_word(project.unsigned, project.stage),
            stage_word(project.stage, signed=not project.unsigned),
            str(project.next_due_on or "—"),
            unavailable.text if unavailable else f"{_undecided(project)}{project.explanation}",
        )
    shown = {project.project_id for project in projects}
    for project_id, unavailable in sick.items():
        if strangers and project_id not in shown:
            table.add(project_id, _mark(unavailable), "—", "—", "—", "—", "—", unavailable.text)
    return table


def short_register(as_of: datetime, projects: Sequence[Shown], sick: Mapping[ProjectId, Unavailable]) -> Table:
    """All projects, a line for each also on a narrow screen; the whole table where one of them waits for a person."""
    table = register_table(as_of, projects, sick)
    if sick or any(map(_undecided, projects)):
        return table
    kept = [place for place, head in enumerate(table.heads) if head not in {"签收", "说明"}]
    heads, rows = (
        tuple(table.heads[place] for place in kept),
        [tuple(row[place] for place in kept) for row in table.rows],
    )
    return replace(table, heads=heads, rows=rows, short={"项目", "牵头部门", "状态"})


def _undecided(project: Shown) -> str:
    """What waits for a person because time brought it and it could not be decided; empty where there is nothing."""
    count = project.undecided if isinstance(project.undecided, int) else len(project.undecided)
    return (
        f"⚠系统到期应自动办理的{count}项没有办成，请督查人员查看后人工办理（duban status {project.project_id}）。"
        if count
        else ""
    )


def _mark(unavailable: Unavailable) -> str:
    return f"⚠{SHORT_WORDS[unavailable.reason]}"
