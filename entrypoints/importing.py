"""Loading a program: nobody looks for garbage in what is imported, for an import leaves next to none, and stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def importing() -> Iterator[None]:
    """Let the collector rest, and pass over what is there when it goes on: it takes a sixth of a start, and would make
    up for half of that at once."""
    rested = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if rested:
            gc.freeze()
            gc.enable()
