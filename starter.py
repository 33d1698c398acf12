"""Start a year's workflows: `python starter.py PLAN`, the same call as `duban start`."""

import sys

from entrypoints.cli.main import main

if __name__ == "__main__":
    main(["start", *sys.argv[1:]])
