"""Acts over all projects of a year, as a person sees them: the progress, then each project's own result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn

from application.office.every_project import Result, Told
from entrypoints.cli.session import err, out, print_json

_OUTCOME_WORDS = {"done": "已办理", "unchanged": "没有变化", "closed": "已结束", "failed": "失败"}


@contextmanager
def showing_progress() -> Iterator[Told]:
    """What is told of each project while they are gone through."""
    console = err()
    columns = (TextColumn("办理"), BarColumn(), TextColumn("{task.completed}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("办理", total=None)
        yield lambda _: bar.advance(task)


def tell_results(results: Sequence[Result], *, as_json: bool) -> int:
    """Say what became of each project; answer the exit status."""
    counts = Counter(result.outcome for result in results)
    if as_json:
        rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
        print_json({"projects": rows})
    else:
        console = out()
        for result in results:
            console.print(f"{result.project_id} {_OUTCOME_WORDS[result.outcome]} {result.text}".rstrip(), markup=False)
        summary = "，".join(f"{_OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())
        console.print(f"共{len(results)}项：{summary}。")
    return 1 if counts["failed"] else 0
