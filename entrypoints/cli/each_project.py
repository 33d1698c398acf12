"""Acts over all projects of a year, as a person sees them: what would be done, the progress, each project's result.

What became of many projects, as a person reads it: what is alike once, with the projects that it is about.

A bar that counts what is done of how many, where a person looks on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from application.office.every_project import AskedBy, Result, Told
from application.office.named_givers import must_be_no_department
from application.office.office import Office
from application.office.starting import Started
from application.settings import Settings
from domain.actors import Actor, operator
from entrypoints.cli.acting import actor_given, principal_given
from entrypoints.cli.in_locale import told
from entrypoints.cli.next_commands import next_command
from entrypoints.cli.session import err, out, print_json, run_async
from entrypoints.cli.signing import giving_office


@dataclass(frozen=True, slots=True)
class CountedBar:
    """The bar of one piece of work."""

    shown: Progress
    task: TaskID

    def expect(self, total: int) -> None:
        """So many are to be done."""
        self.shown.update(self.task, total=total)

    def advance(self, *_: object) -> None:
        """One more is done."""
        self.shown.advance(self.task)


@contextmanager
def counted_bar(what: str) -> Iterator[CountedBar]:
    """A bar under the name of what is done; it goes when all is done."""
    console = err()
    columns = (TextColumn(told(what)), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield CountedBar(shown, shown.add_task(what, total=None))


def grouped(results: Sequence[Result | Started], words: Mapping[str, str]) -> Iterator[str]:
    """A line for each outcome and each reason: whose it is, then the reason once, with what to type for it."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for result in results:
        named, shared = _parted(result)
        rule = getattr(result, "rule", "")
        groups.setdefault((result.outcome, shared, rule), []).append((named, result.text))
    for (outcome, shared, rule), members in groups.items():
        reason = shared if len(members) > 1 else members[0][1]
        yield f"{words[outcome]}：{'、'.join(named for named, _ in members)}" + (f"：{reason}" if reason else "")
        if (command := next_command(rule)) is not None:
            yield f"    {command}"


def _parted(result: Result | Started) -> tuple[str, str]:
    """What a reason is about, the project or a milestone of it, and the reason without that."""
    about = re.search(
        rf"(?<=项目|节点) ?({re.escape(result.project_id)}(?:-\d{{2,}})?)(?![0-9A-Za-z_-]) ?", result.text
    )
    if about is None:
        return result.project_id, result.text
    return about[1], result.text[: about.start()] + result.text[about.end() :]


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
