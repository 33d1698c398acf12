"""Each command line of operations.md, upgrading.md and runbook.md is run by a test, or it is said here why not."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT
from tests.production.commands_of_the_pages import BLOCKS, PAGES, TYPED_HERE, duban_in, fence_under, typed

RUN = {
    r"pip install duban-.*\.whl": ("tests/production/test_wheel.py", '"install"'),
    r"pip install --require-hashes .*": ("bench/production_check.py", '"--require-hashes"'),
    r"deploy/make-secrets\.sh": ("tests/production/test_alerts.py", "deploy/make-secrets.sh"),
    r"python -m worker": ("tests/production/test_upgrade.py", '"-m", "worker"'),
    r"python deploy/set_up_ledger\.py": ("tests/production/test_upgrade.py", "deploy/set_up_ledger.py"),
    r"export DUBAN_LEDGER_ADMINISTRATOR=.*": ("tests/production/test_upgrade.py", "DUBAN_LEDGER_ADMINISTRATOR="),
    r"export DUBAN_LEDGER_ADMINISTRATOR_PASSWORD_FILE=.*": ("bench/production_check.py", "ledger-database"),
    r"temporal operator namespace create .*": ("bench/production_check.py", "set-up-namespace.sh"),
    r"DUBAN_EVIDENCE.*": ("tests/adapters/evidence", "DUBAN_EVIDENCE|endpoint"),
    r"make wheel": ("tests/production/test_wheel.py", "deploy/build_wheel.py"),
    r"docker compose exec -T postgresql pg_dump .*": ("bench/production_check.py", "cluster.dump"),
}
"""What is no command of `duban`: where it is run, and by which words."""
NOT_RUN = {
    r"docker compose .*": "there is no container engine here; `make production-check` does the same steps without one",
    r"mkdir -m 1777 backups": "it serves the containers of the line after it",
    r"with\(\) .*": "it serves the lines after it",
    r"(kubectl|helm) .*": "there is no cluster here; the manifests are checked by Kubernetes' own schema",
    r"export TEMPORAL_.*": "an engine of somebody's own, with certificates; the engine's tests read these settings",
    r"make production-check": "minutes of a whole machine; run by hand, its parts in test_production_check.py",
    r"make run": "`duban run` under another name",
    r"python -m bench .*": "a measurement",
}
"""What no test runs, and why."""
TESTS = "\n".join(
    path.read_text(encoding="utf-8") for path in [*ROOT.glob("tests/**/test_*.py"), ROOT / "bench/production_check.py"]
)


TYPED = {*TYPED_HERE, *(line for heading in BLOCKS for line in fence_under(heading))}
"""What is typed as it stands."""
OF_A_GROUP = {
    "account": "tests/entrypoints/cli/test_account_commands.py",
    "channel": "tests/entrypoints/cli/test_channel_commands.py",
    "directory": "tests/entrypoints/cli/test_directory_commands.py",
    "audit": "tests/verifier/test_ledger_commands.py",
}
"""The tests that call the commands of one group alone, without its name."""


def _called(words: tuple[str, ...]) -> bool:
    """Whether a test calls a command in these words."""

    def told(words: tuple[str, ...]) -> str:
        return r",\s*".join(rf'"{re.escape(word)}"' for word in words)

    if re.search(told(words), TESTS):
        return True
    group, *rest = words
    return bool(rest) and bool(re.search(told(tuple(rest)), (ROOT / OF_A_GROUP[group]).read_text(encoding="utf-8")))


@pytest.mark.parametrize("line", typed())
def test_each_line_is_run_or_it_is_said_why_not(line: str) -> None:
    """A command of `duban` is called by a test in these words; any other line stands in one of the two tables."""
    words = duban_in(line)
    if words is not None:
        assert line in TYPED or _called(words), words
    elif not any(re.fullmatch(pattern, line) for pattern in NOT_RUN):
        (evidence,) = [each for pattern, each in RUN.items() if re.fullmatch(pattern, line)]
        place = ROOT / evidence[0]
        files = place.glob("*.py") if place.is_dir() else [place]
        assert any(re.search(evidence[1], file.read_text(encoding="utf-8")) for file in files), evidence


def test_no_line_of_the_tables_is_of_yesterday() -> None:
    """Each row of both tables is about a line that is still on a page."""
    lines = typed()
    assert [pattern for pattern in {**RUN, **NOT_RUN} if not any(re.fullmatch(pattern, line) for line in lines)] == []


def test_the_pages_say_what_was_not_run() -> None:
    """Whoever follows the page knows that no container engine and no cluster has run these lines."""
    assert "no container engine" in PAGES["operations"]
    assert "no cluster has run" in PAGES["operations"].replace("\n", " ")
