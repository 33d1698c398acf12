"""Lines of the log in a command that has not set it up yet: standard output has answers alone."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest

from tests.architecture.tree import PACKAGES, parsed, python_files, shown

SET_UP = {"application/log_lines.py", "entrypoints/log_setup.py"}


def test_the_first_line_of_a_command_goes_to_standard_error_whole() -> None:
    """As `duban engine repair --json` of a missing mailbox writes one: it had stood before the document."""
    code = (
        "from entrypoints.first_line import log_when_needed\n"
        "log_when_needed('json', 'info')\n"
        "from application.engine_room import mailboxes\n"
        "for number in range(2):\n"
        "    mailboxes._log.info('mailbox_opened', addressee='组织部', number=number)\n"
        "print('{}')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout.decode() == "{}\n"
    lines = [json.loads(line) for line in ran.stderr.decode().splitlines()]
    assert [(line["event"], line["addressee"], line["number"], line["level"]) for line in lines] == [
        ("mailbox_opened", "组织部", number, "info") for number in range(2)
    ]


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_nobody_takes_a_log_that_prints_to_standard_output(package: str) -> None:
    """The library's own, before it is set up, does: each module takes its log from the one place."""
    takers = [
        shown(path)
        for path in python_files(package)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "get_logger" and shown(path) not in SET_UP
    ]
    assert takers == []
