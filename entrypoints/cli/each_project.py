"""Acts over all projects of a year, as a person sees them: what would be done, the progress, each project's result."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Generic

import click
from rich.progress import BarColumn, Progress, TextColumn

from application.office.every_project import AskedBy, OverAYear, Preview, Preview_co, Result, Told
from application.office.named_givers import must_be_no_department
from application.office.office import Office
from application.settings import Settings
from domain.actors import Actor, operator
from entrypoints.bootstrap import must_have_ledger
from entrypoints.cli.acting import BY_OPERATOR, actor_given, on_behalf_of_option, principal_given
from entrypoints.cli.in_locale import told
from entrypoints.cli.results import grouped
from entrypoints.cli.session import err, out, replied, run_async, usual_options
from entrypoints.cli.signing import giving_office

_OUTCOME_WORDS = {"done": "已办理", "unchanged": "没有变化", "closed": "已结束", "failed": "没有办成"}
_ONLY_COUNTED = re.compile(r"\d+条记录")
_TO_DO_AGAIN = "改正后再执行一次：已办理的不会重复办理。"
_NONE_DONE = "一项也没有办成：请按上面说的改正后再执行一次。"
_NOTHING_TO_DO = "不必再办。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What every command over a year is given: who asks and why, who confirms it, and the settings of the call."""

    asking: AskedBy
    confirmed_by: Actor | None
    settings: Settings


@dataclass(frozen=True, slots=True)
class Shown(Generic[Preview_co]):
    """An act over a year as a person is told of it: what it would do, what comes next, and what is done after it."""

    act: OverAYear[Preview_co]
    in_words: Callable[[Preview_co], str]
    next_step: Callable[[Preview_co], str]
    then: Callable[[Office, list[Result]], Awaitable[int]] | None = None
    """Answers the exit status where all was done."""


def over_a_year(
    *, reason: str, preview: str, confirmed_by: str | None = None
) -> Callable[[Callable[..., Shown[Any]]], Callable[..., int]]:
    """Make a shell command of a function that makes an act over a year: it is given what is `Asked` and the options of
    its own. The common options are described in the words of the act; without words for it nobody confirms it."""

    def decorate(function: Callable[..., Shown[Any]]) -> Callable[..., int]:
        @click.option("--reason", required=True, help=reason)
        @click.option("--by", required=True, help=BY_OPERATOR)
        @on_behalf_of_option
        @click.option("--preview", "only_preview", is_flag=True, help=preview)
        @usual_options
        @wraps(function)
        def asked(
            settings: Settings,
            /,
            *,
            reason: str,
            by: str,
            on_behalf_of: str | None,
            only_preview: bool,
            confirmed_by: str | None = None,
            **own: Any,
        ) -> int:
            asking = AskedBy(actor_given(operator, by), principal_given(operator, on_behalf_of), reason)
            second = None if confirmed_by is None else actor_given(operator, confirmed_by, "--confirmed-by")
            shown = function(Asked(asking, second, settings), **own)
            must_have_ledger(settings)
            return run_async(_given(settings, shown, only_preview=only_preview))

        return click.option("--confirmed-by", help=confirmed_by)(asked) if confirmed_by else asked

    return decorate


async def _given(settings: Settings, shown: Shown[Preview], *, only_preview: bool) -> int:
    """Say what an act over a year would do and, unless only that is asked for, give it; answer the exit status."""
    act = shown.act
    async with giving_office(settings) as office:
        await must_be_no_department(office.records, act.asking.by, act.asking.on_behalf_of, act.confirmed_by)
        foreseen = await act.preview(office)
        if not only_preview:
            err().print(f"{shown.in_words(foreseen)}以上是预计，还没有办理；接着逐项办理，办成了哪些以逐项结果为准。")
            with _showing_progress() as told:
                results = await act.give(office, told)
            status = _tell_results(results, shown.next_step(foreseen))
            return (await shown.then(office, results) if shown.then is not None else 0) or status
    if replied(foreseen):
        return 0
    missing = (
        "--despite-period 理由" if foreseen.needs_reason and act.despite_period is None else "",
        "--confirmed-by 姓名" if foreseen.second_person and act.confirmed_by is None else "",
    )
    more = " ".join(filter(None, missing))
    adding = f"这只是预览，没有办理；确要办理，请去掉 --preview，并加 {more}。"
    ending = adding if more else "这只是预览，没有办理；确要办理，请去掉 --preview。"
    out().print(f"{shown.in_words(foreseen)}{ending}")
    return 0


def with_sub_duties(count: int) -> str:
    """What a preview adds to its number of projects, so that it is the number of results."""
    return f"和{count}个分解任务" if count else ""


@contextmanager
def _showing_progress() -> Iterator[Told]:
    """What is told of each project while they are gone through."""
    console = err()
    columns = (TextColumn(told("办理")), BarColumn(), TextColumn("{task.completed}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("办理", total=None)
        yield lambda _: bar.advance(task)


def _tell_results(results: Sequence[Result], next_step: str) -> int:
    """Say what became of each project, and what comes next; answer the exit status."""
    counts = Counter(result.outcome for result in results)
    rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
    if not replied({"projects": rows}):
        console = out()
        for line in grouped([_in_short(result) for result in results], _OUTCOME_WORDS):
            console.print(line)
        summary = "，".join(f"{_OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())
        again = _NONE_DONE if counts["failed"] == len(results) else _TO_DO_AGAIN
        ending = again if counts["failed"] else next_step if counts["done"] else _NOTHING_TO_DO
        console.print(f"共{len(results)}项：{summary}。{ending}" if results else ending)
    return 1 if counts["failed"] else 0


def _in_short(result: Result) -> Result:
    """A result without the count of its records, which differs by project and tells a person nothing."""
    return replace(result, text="") if _ONLY_COUNTED.fullmatch(result.text) else result
