"""How long tests and campaigns wait for what must come: in one place, and generous.

A limit costs nothing while all is well, for what is waited for ends the wait. A narrow one turns a busy machine into a
failure. The time that pytest gives a test (`pyproject.toml`) is longer, so that a wait ends with its own sentence.
"""

from __future__ import annotations

PATIENCE_SECONDS = 300.0
