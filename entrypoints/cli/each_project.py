"""Acts over all projects of a year, as a person sees them: what would be done, the progress, each project's result."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel
from rich.progress import BarColumn, Progress, TextColumn

from application.office.every_project import AskedBy, Result, Told
from application.office.named_givers import must_be_no_department
from application.office.office import Office
from application.settings import Settings
from domain.actors import Actor, operator
from entrypoints.cli.acting import actor_given, principal_given
from entrypoints.cli.in_locale import told
from entrypoints.cli.results import grouped
from entrypoints.cli.session import err, out, print_json, run_async
from entrypoints.cli.signing import giving_office

Preview = TypeVar("Preview", bound=BaseModel)

_OUTCOME_WORDS = {"done": "已办理", "unchanged": "没有变化", "closed": "已结束", "failed": "没有办成"}
_ONLY_COUNTED = re.compile(r"\d+条记录")
_TO_DO_AGAIN = "改正后再执行一次：已办理的不会重复办理。"
_NONE_DONE = "一项也没有办成：请按上面说的改正后再执行一次。"
_NOTHING_TO_DO = "不必再办。"
CONFIRMED = "--confirmed-by 姓名"
DESPITE = "--despite-period 理由"


def asking_given(by: str, on_behalf_of: str | None, reason: str) -> AskedBy:
    """Who asks, for whom, and why, as the options name them."""
    return AskedBy(actor_given(operator, by), principal_given(operator, on_behalf_of), reason)


def confirmed_given(confirmed_by: str | None) -> Actor | None:
    """The second person, where the option names one."""
    return None if confirmed_by is None else actor_given(operator, confirmed_by, "--confirmed-by")


def over_a_year(
    settings: Settings,
    look: Callable[[Office], Awaitable[Preview]],
    in_words: Callable[[Preview], str],
    give: Callable[[Office, Preview], Awaitable[int]],
    *,
    only_preview: bool,
    as_json: bool,
    named: tuple[Actor | None, ...],
    needs: Callable[[Preview], str] | None = None,
) -> int:
    """Say what an act over a year would do and, unless only that is asked for, give it; answer the exit status. What
    the act itself `needs` beside the options that were given is said with the preview. Who is `named` for the section
    is no department."""

    async def given() -> int:
        async with giving_office(settings) as office:
            await must_be_no_department(office.records, *named)
            foreseen = await look(office)
            if not only_preview:
                err().print(f"{in_words(foreseen)}以上是预计，还没有办理；接着逐项办理，办成了哪些以逐项结果为准。")
                return await give(office, foreseen)
        if as_json:
            print_json(foreseen)
        else:
            more = needs(foreseen) if needs is not None else ""
            adding = f"这只是预览，没有办理；确要办理，请去掉 --preview，并加 {more}。"
            ending = adding if more else "这只是预览，没有办理；确要办理，请去掉 --preview。"
            out().print(f"{in_words(foreseen)}{ending}")
        return 0

    return run_async(given())


def with_sub_duties(count: int) -> str:
    """What a preview adds to its number of projects, so that it is the number of results."""
    return f"和{count}个分解任务" if count else ""


@contextmanager
def showing_progress() -> Iterator[Told]:
    """What is told of each project while they are gone through."""
    console = err()
    columns = (TextColumn(told("办理")), BarColumn(), TextColumn("{task.completed}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("办理", total=None)
        yield lambda _: bar.advance(task)


def tell_results(results: Sequence[Result], next_step: str, *, as_json: bool) -> int:
    """Say what became of each project, and what comes next; answer the exit status."""
    counts = Counter(result.outcome for result in results)
    if as_json:
        rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
        print_json({"projects": rows})
    else:
        console = out()
        for line in grouped([_in_short(result) for result in results], _OUTCOME_WORDS):
            console.print(line)
        summary = "，".join(f"{_OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())
        again = _NONE_DONE if counts["failed"] == len(results) else _TO_DO_AGAIN
        ending = again if counts["failed"] else next_step if counts["done"] else _NOTHING_TO_DO
        console.print(f"共{len(results)}项：{summary}。{ending}")
    return 1 if counts["failed"] else 0


def _in_short(result: Result) -> Result:
    """A result without the count of its records, which differs by project and tells a person nothing."""
    return replace(result, text="") if _ONLY_COUNTED.fullmatch(result.text) else result
