"""The console of the shell: it draws tables, and shows nothing that a terminal would obey."""

from __future__ import annotations

import os
from typing import Any

from rich.console import Console
from rich.text import Text

from entrypoints.cli.session import as_shown


class SafeConsole(Console):
    """Shows texts in the reader's language, and none that a terminal would obey, whoever wrote it: a project's title, a
    file's name, a reason. What somebody wrote in brackets or between colons stands as he wrote it."""

    def __init__(self, **how: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **how)

    def render_str(self, text: str, **how: Any) -> Text:
        """A text as it is shown."""
        return super().render_str(as_shown(text), **how)

    def on_broken_pipe(self) -> None:
        """Go on without a reader (`| head`, a pager): what is said goes nowhere, and what was asked for is done.

        The library would end the process from wherever it speaks; a running year then stood still for ever.
        """
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)
