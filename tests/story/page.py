"""The page that tells the story: docs/a-project-year.md. `make docs` writes the timeline into it; a test compares it.

The timeline stands between two comments, `<!-- printed by duban audit history -->` and `<!-- end -->`.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from tests.story.year import ROOT, told_year

PAGE = ROOT / "docs" / "a-project-year.md"
_PLACE = re.compile(r"(?<=<!-- printed by duban audit history -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)


def with_timeline(text: str, timeline: str) -> str:
    """The page with the timeline as it was printed."""
    return _PLACE.sub(lambda _: f"```text\n{timeline}\n```\n", text)


def main() -> None:
    """Let the year go by and write its timeline into the page."""
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(told_year(Path(folder)))
    PAGE.write_text(with_timeline(PAGE.read_text(encoding="utf-8"), told.timeline), encoding="utf-8")


if __name__ == "__main__":
    main()
