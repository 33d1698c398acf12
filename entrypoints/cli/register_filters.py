"""The options that filter, sort and page the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, get_args

import click
from pydantic import ValidationError

from domain.colours import WORST_LAST
from domain.frozen import Frozen
from domain.given_values import fault_of
from domain.paging import Part
from domain.ports.register import ProjectQuery, ProjectSort, must_run_forward
from domain.seeing.stage_words import stage_word
from domain.state import ProjectStage
from entrypoints.cli.session import DAY

ROWS_OF_A_PAGE = 100
NAMES = "部门名称请照抄 duban duties --counts 所列的。"
"""What is said where nothing is found under a department's name: it may be written otherwise."""
LIGHTS = dict(zip(("灰", "绿", "黄", "红"), WORST_LAST, strict=True)) | {light: light for light in WORST_LAST}
_STAGES = {stage_word(stage): stage for stage in get_args(ProjectStage)} | {s: s for s in get_args(ProjectStage)}
_SORTS: dict[str, ProjectSort] = {
    "编号": "project",
    "项目": "title",
    "部门": "lead",
    "灯": "light",
    "状态": "stage",
    "时限": "due",
    "逾期": "overdue",
    **{sort: sort for sort in get_args(ProjectSort)},
}
_PAGING = ("after", "rows")
F = TypeVar("F", bound=Callable[..., Any])
Query = TypeVar("Query", bound=Frozen)


class Word(click.ParamType[str]):
    """One of a few words, in Chinese or as programs write it."""

    def __init__(self, name: str, words: Mapping[str, str]) -> None:
        self.name = name
        self._words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The words, as the help shows them."""
        return f"[{'|'.join(word for word in self._words if not word.isascii())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a word."""
        if value not in self._words:
            known = "、".join(word for word in self._words if not word.isascii())
            self.fail(f"没有“{value}”，应是：{known}。", param, ctx)
        return self._words[value]


AFTER = click.option("--after", help="从哪一项之后列起（照抄上一页末尾所列的）")
_OPTIONS = (
    click.option("--year", type=int, help="只列某年的清单"),
    click.option("--lead", help="只列某部门牵头的"),
    click.option("--participant", help="只列某部门参与的"),
    click.option("--light", "lights", type=Word("灯", LIGHTS), multiple=True, help="只列某种灯的（可重复）"),
    click.option("--stage", "stages", type=Word("状态", _STAGES), multiple=True, help="只列某种状态的（可重复）"),
    click.option("--due-from", type=DAY, help="最近时限不早于这一天"),
    click.option("--due-until", type=DAY, help="最近时限不晚于这一天"),
    click.option("--text", help="项目、节点、部门或责任领导中有这些字"),
    click.option("--category", help="只列某一类别的"),
    click.option("--source", help="只列某一来源的"),
    click.option("--leader", help="只列某位责任领导的"),
    click.option("--overdue", is_flag=True, default=None, help="只列有节点逾期的"),
    click.option("--undecided", is_flag=True, default=None, help="只列系统到期应自动办理而没有办成、待人工办理的"),
    click.option("--with-sub-duties", is_flag=True, default=None, help="连同各部门分解给下级单位的任务"),
    click.option("--sort", type=Word("排序", _SORTS), help="按哪一项排序（灯：红灯在前；逾期：最多的在前）"),
    click.option("--descending", is_flag=True, default=None, help="倒序"),
    AFTER,
    click.option(
        "--rows", type=click.IntRange(1, 100_000), help=f"每页几行（默认 {ROWS_OF_A_PAGE}，--json 和 -o 默认全部）"
    ),
)

_OF_PAGES_ALONE = frozenset({"limit", "after", "before", "among", "directed", "leads", "participants"})
"""What a query says that is no option of the shell."""


def filtered(command: F) -> F:
    """Give a command the options of the register; it takes what was asked for as `asked`."""
    names = [*ProjectQuery.model_fields.keys() - _OF_PAGES_ALONE, *_PAGING]

    @wraps(command)
    def with_query(*args: Any, **options: Any) -> Any:
        given = {name: options.pop(name) for name in names}
        asked = {name: value for name, value in given.items() if value not in (None, ())}
        return command(*args, asked=asked, **options)

    for option in reversed(_OPTIONS):
        with_query = option(with_query)
    return with_query  # type: ignore[return-value]  # the same command, with more options


def asked_query(kind: type[Query], **asked: Any) -> Query:
    """A question of one kind.

    Raises:
        click.UsageError: a value is none that anything could have, such as a name that nobody can read.
    """
    try:
        return kind(**asked)
    except ValidationError as error:
        details = error.errors()[0]
        named = str(details["loc"][0])
        option = {"limit": "rows"}.get(named, named.replace("_", "-"))
        raise click.UsageError(f"--{option} 的值不能用：{fault_of(details)}。") from error


def query_of(asked: Mapping[str, Any], *, whole: bool) -> ProjectQuery:
    """The query that was asked for; with `whole`, all rows where no page was.

    Raises:
        click.UsageError: the days are the wrong way round, or a value is none that anything could have.
    """
    must_run_forward(asked.get("due_from"), asked.get("due_until"))
    rows = asked.get("rows", None if whole and "after" not in asked else ROWS_OF_A_PAGE)
    named = {n: v for n, v in asked.items() if n != "rows"}
    return asked_query(ProjectQuery, **named, limit=rows)


def narrows(query: ProjectQuery) -> bool:
    """Whether a query leaves projects out, apart from those on other pages."""
    order = {"sort", "descending", *Part.model_fields}
    return query.model_dump(exclude=order) != ProjectQuery().model_dump(exclude=order)
