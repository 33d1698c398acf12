"""The examples that come with Duban: a real list, as printed and as a plan, and a policy with comments.

They lie beside the packages, in a clone, in an image and in an installed wheel alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

FOLDER = "examples"
_PACKAGED = Path(__file__).resolve().parents[1] / FOLDER


def example_files() -> Sequence[Path]:
    """Every example, by name."""
    return sorted(path for path in _PACKAGED.iterdir() if path.is_file())


def file_or_example(path: Path) -> Path:
    """The file that was named; the example of that name, where `examples/NAME` was said and no such file is here."""
    if not path.exists() and path.parent == Path(FOLDER):
        packaged = _PACKAGED / path.name
        if packaged.is_file():
            return packaged
    return path
