"""A bar that counts what is done of how many, where a person looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from entrypoints.cli.in_locale import told
from entrypoints.cli.session import err


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
