"""Whoever acts for the section, or confirms, is a person: no department is one, with a directory or without."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

import pytest

from application.office.erasing import MAY_ERASE
from domain.accounts.desk_items import ByTwo
from entrypoints.api.table import table
from entrypoints.cli.main import duban as shell
from entrypoints.desk.pages import PAGES
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.cli.test_named_options import text_parameters
from tests.entrypoints.installation import PLAN

_WHY: Final = ("--reason", "核对", "--by", "李")
_FALSE: Final = ("2018-01#1", "--milestone", "2018-01-01", "--department", "组织部", *_WHY)
_ORDER: Final = ("--order", "某文〔2018〕3号", "--by", "李")
_CONFIRMED: Final = "--confirmed-by"
_CONFIRM: Final = "/confirm"


class Doors(NamedTuple):
    """How two persons do one thing: the shell's command and what else it asks, and where it is confirmed elsewhere."""

    command: str = ""
    asked: tuple[str, ...] = ()
    desk: str = ""
    api: str = ""


BY_TWO: Final[dict[ByTwo | str, Doors]] = {
    "year_end": Doors(
        "close-year", ("2018", "--to-year", "2019", *_WHY, "--despite-period", "误"), "/year-end/{key}/confirm"
    ),
    "reopening": Doors("reopen", ("2018", *_WHY), "/whole-lists/{key}/confirm"),
    "withdrawal": Doors("withdraw-list", ("2018", *_WHY), "/whole-lists/{key}/confirm"),
    "correction": Doors(
        "score correct",
        ("2018-03", "x", "--points", "0", *_WHY),
        "/scores/corrections/{key}/confirm",
        "/scores/acts/confirm",
    ),
    "false_report": Doors("score falsified", _FALSE, "/scores/corrections/{key}/confirm", "/scores/acts/confirm"),
    "name_erasure": Doors(
        "directory erase",
        ("张三", *_ORDER),
        "/directory/erasures/{key}/confirm",
        "/directory/erasures/{key}/confirm",
    ),
    "list_start": Doors("start", (str(PLAN), "--yes", "--by", "李"), "/plans/{key}/confirm", "/plans/{key}/confirm"),
    "an erasure of evidence": Doors("evidence erase", ("0" * 64, *_ORDER)),
}
"""Everything that two persons do, by each way in."""
STARTS_TOO: Final = {"run"}
"""They start the list that they are given as `start` does, and then go on."""


def test_everything_that_two_persons_do_stands_in_the_table() -> None:
    """Each kind that is prepared, each command with a second name, each route that confirms: a new one fails here."""
    doors = BY_TWO.values()
    assert set(get_args(ByTwo)) <= BY_TWO.keys()
    named = {place for place, _, _ in text_parameters(shell) if place.endswith(_CONFIRMED)}
    assert {place.removesuffix(f" {_CONFIRMED}") for place in named} == {each.command for each in doors} | STARTS_TOO
    assert {page.path for page in PAGES if page.path.endswith(_CONFIRM)} == {each.desk for each in doors if each.desk}
    assert {route.path for route in table() if route.path.endswith(_CONFIRM)} == {
        each.api for each in doors if each.api
    }


def test_nobody_signed_in_for_a_department_confirms_anything() -> None:
    """Desk and API open what two persons do to the section, and an erasure also to those who keep the names."""
    opened = [(page.path, page.who) for page in PAGES] + [(route.path, route.who) for route in table()]
    confirming = {path: who for path, who in opened if path.endswith(_CONFIRM)}
    for path, who in confirming.items():
        assert isinstance(who, frozenset), path
        assert who <= set(MAY_ERASE if "erasures" in path else ("operator",)), path


@pytest.mark.parametrize("what", BY_TWO)
def test_an_act_of_two_persons_is_not_done_on_the_word_of_a_department(running: Duban, what: str) -> None:
    """Refused as a whole, before a preview and before anything is recorded, in any spelling of the name."""
    doors = BY_TWO[what]
    for named in ("组织部", "基层工作部", "宣 传部"):
        refused = running(*doors.command.split(), *doors.asked, _CONFIRMED, named)
        assert "是承办部门，不能办理这一项：请督查人员以本人姓名办理" in refused.sentence


@pytest.mark.parametrize(
    "command",
    [
        ("close-year", "2018", "--to-year", "2019", "--reason", "年终", "--by", "组织部", "--preview"),
        ("score", "publish", "2018-Q1", "--reason", "季度", "--by", "组织部"),
        ("start", str(PLAN), "--yes", "--by", "组织部"),
        ("evidence", "erase", "0" * 64, "--order", "某文〔2018〕3号", "--by", "组织部", _CONFIRMED, "李"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_an_act_of_the_section_is_not_given_by_a_department(running: Duban, command: tuple[str, ...]) -> None:
    """Nor is it looked at in its name."""
    assert "是承办部门" in running(*command).sentence
