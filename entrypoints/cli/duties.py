"""Lists of duties: what a department has to do, or how many duties of which light every department has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

import click

from application.office.register import RegisterDesk
from application.records import Records
from application.settings import Settings
from domain.colours import WORST_LAST, Colour
from domain.ports.register import DepartmentCount, DutyPage, DutyQuery, DutySort, Standing, must_run_forward
from domain.ports.register_lines import Role
from domain.seeing.stage_words import light_mark, part_word, stage_word
from domain.state import MilestoneStage, PartStage
from entrypoints.bootstrap import engine_now, open_records
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.register_filters import AFTER, LIGHTS, NAMES, ROWS_OF_A_PAGE, Word, asked_query
from entrypoints.cli.register_table import tell_the_lag, tell_the_rest
from entrypoints.cli.session import DAY, ledger_option, print_json, run_async, wants_json
from entrypoints.cli.tables import Table, Tables, tables_option

_ROLES: dict[str, Role] = {"牵头": "lead", "参与": "participant", **{role: role for role in get_args(Role)}}
_STAGES = {
    **{part_word(stage): stage for stage in get_args(PartStage)},
    **{stage_word(stage): stage for stage in get_args(MilestoneStage)},
    **{stage: stage for stage in (*get_args(MilestoneStage), *get_args(PartStage))},
}
_SORTS: dict[str, DutySort] = {
    "编号": "milestone",
    "部门": "department",
    "灯": "light",
    "状态": "stage",
    "时限": "due",
    **{sort: sort for sort in get_args(DutySort)},
}
_COUNTED = ("breaches", "early", "unsigned")
_WORDS: dict[Role, str] = {"lead": "牵头", "participant": "参与"}


@click.command()
@click.option("--department", help="只列某部门的")
@click.option("--role", type=Word("身份", _ROLES), help="只列牵头的或参与的")
@click.option("--light", "lights", type=Word("灯", LIGHTS), multiple=True, help="只列某种灯的（可重复）")
@click.option("--stage", "stages", type=Word("状态", _STAGES), multiple=True, help="只列某种状态的（可重复）")
@click.option("--open", is_flag=True, default=None, help="只列还须办理的")
@click.option("--unsigned", is_flag=True, help="只列还没有签收的")
@click.option("--due-from", type=DAY, help="时限不早于这一天")
@click.option("--due-until", type=DAY, help="时限不晚于这一天")
@click.option("--text", help="节点的文字中有这些字")
@click.option("--with-sub-duties", is_flag=True, help="连同各部门分解给下级单位的任务（写明部门时总是列出）")
@click.option("--sort", type=Word("排序", _SORTS), default="时限", help="按哪一项排序（默认时限；灯：红灯在前）")
@click.option("--descending", is_flag=True, help="倒序")
@AFTER
@click.option("--rows", type=click.IntRange(1, 100_000), help=f"每页几行（默认 {ROWS_OF_A_PAGE}，-o 默认全部）")
@click.option("--counts", is_flag=True, help="不列节点，只数各部门各种灯有几项")
@ledger_option
@tables_option
def duties(
    settings: Settings,
    /,
    *,
    tables: Tables,
    after: str | None,
    rows: int | None,
    unsigned: bool,
    counts: bool,
    **asked: Any,
) -> None:
    """各部门的节点：可筛选、排序、分页；只读登记簿，不需要引擎。"""
    must_run_forward(asked["due_from"], asked["due_until"])
    signed = False if unsigned else None
    limit = rows or (ROWS_OF_A_PAGE if tables.file is None or after is not None else None)
    query = asked_query(DutyQuery, **asked, signed=signed, limit=limit, after=after)

    async def read() -> tuple[DutyPage, Sequence[DepartmentCount], Standing]:
        with open_records(settings) as records:
            clock = records.clock
            desk = RegisterDesk(records.ledger, records.register, lambda: clock.supervised(engine_now()))
            standing = await desk.current()
            if counts:
                return DutyPage((), 0), await desk.departments(), standing
            return await desk.duties(_by_every_name(records, query)), (), standing

    found, departments, standing = run_async(read())
    if wants_json():
        named = {"departments": departments} if counts else {"duties": found.rows}
        rows_told = {name: [row.model_dump(mode="json") for row in told] for name, told in named.items()}
        count = len(departments) if counts else found.count
        on = found.lies.next(len(found.rows), found.count)
        how = {"count": count, "next": on, "behind": standing.behind, "due": standing.due}
        print_json({**rows_told, "register": how})
        return
    if counts:
        tables.show(_counts_table(departments))
    else:
        if found.rows or not found.count:
            tables.show(_table(found), nothing=f"没有符合条件的节点。{NAMES if query.department else ''}")
        tell_the_rest(found.lies, len(found.rows), found.count, "个节点")
    tell_the_lag(standing)


def _by_every_name(records: Records, query: DutyQuery) -> DutyQuery:
    if query.department is None:
        return query
    # As in the register: who names no department does not wait for the directory.
    from domain.clock import office_day  # noqa: PLC0415 - see above
    from domain.directory.every_name import duties_by_every_name  # noqa: PLC0415 - as above

    day = office_day(records.clock.supervised(engine_now()))
    return duties_by_every_name(query, records.persons.now(), day)


def _table(found: DutyPage) -> Table:
    heads = ("编号", "灯", "部门", "身份", "节点", "签收", "状态", "时限", "说明")
    table = Table("各部门的节点", heads, "各部门的节点", whole={"编号", "灯", "时限"})
    for duty in found.rows:
        word = (stage_word if duty.role == "lead" else part_word)(duty.stage, signed=duty.signed)
        table.add(
            duty.milestone_id,
            light_mark(duty.light),
            OwnWords(duty.department),
            _WORDS[duty.role],
            OwnWords(duty.description),
            "已签收" if duty.signed else "未签收",
            word,
            str(duty.answer_by or "—"),
            duty.explanation,
        )
    return table


def _counts_table(departments: Sequence[DepartmentCount]) -> Table:
    lights: tuple[Colour, ...] = WORST_LAST[::-1]
    counted = (*map(light_mark, lights), "违期", "提前", "未签收")
    table = Table("各部门的节点数", ("部门", "身份", *counted), "各部门的节点数", numbers=counted)
    numbers: Counter[tuple[str, Role, str]] = Counter()
    for each in departments:
        numbers[each.department, each.role, each.light] += each.duties
        for name in _COUNTED:
            numbers[each.department, each.role, name] += getattr(each, name)
    for department, role in dict.fromkeys((each.department, each.role) for each in departments):
        told = [numbers[department, role, name] for name in (*lights, *_COUNTED)]
        table.add(OwnWords(department), _WORDS[role], *(number or "" for number in told))
    return table
