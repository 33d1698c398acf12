"""Whoever acts for the section, or confirms, is a person: no department is one, with a directory or without."""

from __future__ import annotations

import pytest

from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN

_WHY = ("--reason", "核对", "--by", "李")
_FALSE = ("score", "falsified", "2018-01#1", "--milestone", "2018-01-01", "--department", "组织部", *_WHY)


@pytest.mark.parametrize(
    "command",
    [
        ("close-year", "2018", "--to-year", "2019", *_WHY, "--despite-period", "误", "--confirmed-by", "组织部"),
        ("close-year", "2018", "--to-year", "2019", "--reason", "年终", "--by", "组织部", "--preview"),
        ("withdraw-list", "2018", *_WHY, "--confirmed-by", "宣传部"),
        ("reopen", "2018", *_WHY, "--confirmed-by", "宣 传部"),
        ("score", "correct", "2018-03", "x", "--points", "0", *_WHY, "--confirmed-by", "组织部"),
        ("score", "publish", "2018-Q1", "--reason", "季度", "--by", "组织部"),
        (*_FALSE, "--confirmed-by", "基层工作部"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_an_act_of_two_persons_is_not_done_on_the_word_of_a_department(
    running: Duban, command: tuple[str, ...]
) -> None:
    """Refused as a whole, before a preview and before anything is recorded."""
    assert "是承办部门：这项办理须由督查人员以本人姓名进行" in running(*command).sentence


def test_no_department_starts_a_list_or_confirms_one(running: Duban) -> None:
    """A list that takes projects away needs two persons of the section."""
    for named in (("--by", "组织部"), ("--by", "李", "--confirmed-by", "组织部")):
        assert "是承办部门" in running("start", str(PLAN), "--yes", *named).sentence
