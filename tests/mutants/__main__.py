"""`python -m tests.mutants make COPY PATH…`, then in the copy `python -m tests.mutants try …`: docs/mutations.md."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from tests.mutants.making import make


def main() -> int:
    """Make mutants, or try them."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    ways = parser.add_subparsers(dest="way", required=True)
    making = ways.add_parser("make", help="copy the tree and mutate modules in the copy; needs mutmut")
    making.add_argument("copy", type=Path)
    making.add_argument("of", nargs="+", help="modules by the beginning of their path")
    trying = ways.add_parser("try", help="in the copy: try what has no result yet")
    trying.add_argument("results", type=Path)
    trying.add_argument(
        "--of", nargs="+", required=True, help="modules by the beginning of their path, first ones first"
    )
    trying.add_argument("--tests", nargs="+", required=True, help="what pytest is given")
    trying.add_argument("--names", type=Path, help="a file of mutants' names: only these, each on a line")
    trying.add_argument("--seconds", type=float, default=10, help="CPU seconds for a mutant")
    trying.add_argument("--longest", type=float, default=1.5, help="CPU seconds of a test that takes part")
    trying.add_argument("--processes", type=int, default=2)
    trying.add_argument(
        "--engine", action="store_true", help="tests with an engine: learn in forks, without the sandbox"
    )
    args = parser.parse_args()
    if args.way == "make":
        made = make(args.copy, args.of)
        print(sum(len(mutated["mutants"]) for mutated in made.values()), "mutants of", len(made), "modules")
        return 0
    return _tried(args)


def _tried(args: argparse.Namespace) -> int:
    from tests.mutants.switching import install  # noqa: PLC0415  # the environment that makes has no pytest

    install()
    import pytest  # noqa: PLC0415
    from temporalio.worker import UnsandboxedWorkflowRunner, Worker  # noqa: PLC0415

    from application.engine_room import runtime  # noqa: PLC0415
    from tests.mutants.trying import Limits, Tried  # noqa: PLC0415

    if args.engine:
        # A replay's sandbox loads the workflows once more, where no mutant can be switched on.
        vars(runtime)["sandbox"] = UnsandboxedWorkflowRunner
        # A mutant that raises ends its workflow, or its task would be tried again for as long as a test waits.
        vars(runtime)["Worker"] = partial(Worker, workflow_failure_exception_types=[Exception])
    names = frozenset(args.names.read_text(encoding="utf-8").split()) if args.names else frozenset()
    limits = Limits(args.seconds, args.longest, args.processes, args.engine)
    plugins = [f"-pno:{name}" for name in ("cacheprovider", "xdist", "unraisableexception", "threadexception")]
    options = ["-q", "-s", "--assert=plain", "--tb=no", "--hypothesis-profile=campaign", *plugins]
    return int(pytest.main([*args.tests, *options], plugins=[Tried(args.of, args.results, limits, names)]))


if __name__ == "__main__":
    sys.exit(main())
