"""Loading a program: nobody looks for garbage in what is imported, and what nobody will use is not read."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# The engine's library names them when it is loaded, and never uses them here: a tenth of what it takes.
_ONLY_NAMED = frozenset({"google.protobuf.internal.python_message", "temporalio.api.cloud.cloudservice.v1"})


class _WhenUsed(MetaPathFinder):
    """Finds what is only named; its code runs when somebody takes something out of it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module where it is one of these; else the others look for it."""
        found = PathFinder.find_spec(fullname, path, target) if fullname in _ONLY_NAMED else None
        if found is not None and found.loader is not None:
            found.loader = LazyLoader(found.loader)
        return found


@contextmanager
def importing() -> Iterator[None]:
    """Let the collector rest, for an import leaves next to no garbage, and pass over what is there when it goes on: it
    takes a sixth of a start, and would make up for half of that at once."""
    rested = gc.isenabled()
    gc.disable()
    when_used = _WhenUsed()
    sys.meta_path.insert(0, when_used)
    try:
        yield
    finally:
        sys.meta_path.remove(when_used)
        if rested:
            gc.freeze()
            gc.enable()
