"""`duban` whose worker measures its installation each second: what fires an alarm does not depend on how often."""

from __future__ import annotations

from unittest.mock import patch

from entrypoints.cli.main import main

if __name__ == "__main__":
    with patch("entrypoints.at_work.WATCHED_EVERY_SECONDS", 1.0):
        main()
