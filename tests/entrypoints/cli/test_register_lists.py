"""The register's lists in the shell: filtered, sorted, page by page, and made anew."""

from __future__ import annotations

from typing import Any

import click
import pytest

from domain.colours import WORST_LAST
from entrypoints.cli.main import duban as group
from tests.domain.edges import DAYS, NUMBERS, TEXTS
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.cli.test_edges import TO_OBEY


def projects(running: Duban, *options: str) -> list[dict[str, Any]]:
    """The rows that a call answers."""
    answer = running("status", "--json", *options)
    assert answer.status == 0, answer.err
    rows: list[dict[str, Any]] = answer.document["projects"]
    return rows


def test_every_filter_leaves_what_it_says_in_the_order_of_the_whole(running: Duban) -> None:
    """Lead, participant, light, stage, dates, two characters, year: those of the whole list of which it is true."""
    whole = projects(running)
    one, dates = whole[3], sorted(row["next_due_on"] for row in whole if row["next_due_on"])
    taking_part = next(p["department"] for row in whole for m in row["milestones"] for p in m["participants"])
    lead, title, day = one["lead_department"], one["title"][:2], dates[len(dates) // 2]

    def takes_part(row: dict[str, Any]) -> bool:
        return any(part["department"] == taking_part for m in row["milestones"] for part in m["participants"])

    def has(row: dict[str, Any]) -> bool:
        told = [row["title"], row["lead_department"], *(m["description"] for m in row["milestones"])]
        told += [part["department"] for m in row["milestones"] for part in m["participants"]]
        return any(title in text for text in told)

    cases: list[tuple[list[str], Any]] = [
        (["--lead", lead], lambda row: row["lead_department"] == lead),
        (["--participant", taking_part], takes_part),
        (["--light", "黄", "--light", "red"], lambda row: row["light"] in {"yellow", "red"}),
        (["--stage", "已交办"], lambda row: row["stage"] == "assigned"),
        (["--due-until", day], lambda row: row["next_due_on"] is not None and row["next_due_on"] <= day),
        (["--due-from", day], lambda row: row["next_due_on"] is not None and row["next_due_on"] >= day),
        (["--text", title], has),
        (["--year", "2018"], lambda _: True),
        (["--year", "2017"], lambda _: False),
        (["--lead", lead, "--text", title], lambda row: row["lead_department"] == lead and has(row)),
    ]
    for options, wanted in cases:
        expected = [row["project_id"] for row in whole if wanted(row)]
        assert [row["project_id"] for row in projects(running, *options)] == expected, options
    assert 0 < len(projects(running, "--lead", lead)) < len(whole)


def test_lists_are_sorted_as_asked_and_read_page_by_page(running: Duban) -> None:
    """The worst light first, the next date first, reversed; four pages of five are the whole."""
    lights = [row["light"] for row in projects(running, "--sort", "灯")]
    assert lights == sorted(lights, key=lambda light: -WORST_LAST.index(light))
    due = [row["next_due_on"] or "9999" for row in projects(running, "--sort", "时限")]
    assert due == sorted(due)
    names = [row["project_id"] for row in projects(running)]
    assert [row["project_id"] for row in projects(running, "--descending")] == names[::-1]
    pages = [projects(running, "--rows", "5", *(["--after", names[at - 1]] if at else [])) for at in (0, 5, 10, 15)]
    assert [row["project_id"] for page in pages for row in page] == names
    told = running("status", "--rows", "5", "--after", names[4]).out
    assert f"第 6 至 10 项，共 17 个项目；接着列：--after {names[9]}。" in told
    assert len([line for line in told.splitlines() if line.startswith("│ 2018-")]) == 5


def test_a_page_says_how_far_the_register_has_come(running: Duban) -> None:
    """A reader has what was recorded before it asked: nothing is behind, nothing waits for the day."""
    assert running("status", "--json", "--rows", "2").document["register"] == {
        "count": 17,
        "next": projects(running)[1]["project_id"],
        "behind": 0,
        "due": 0,
    }


def test_a_department_s_duties_are_those_of_the_register(running: Duban) -> None:
    """Lead and participating duties apart, the next date first; what is counted is what is listed."""
    name = projects(running)[0]["lead_department"]
    expected = {
        (milestone["milestone_id"], "lead", milestone["light"])
        for row in projects(running, "--lead", name)
        for milestone in row["milestones"]
    }
    led = running("duties", "--department", name, "--role", "牵头", "--json").document
    assert {(duty["milestone_id"], duty["role"], duty["light"]) for duty in led["duties"]} == expected
    dates = [duty["answer_by"] or "9999" for duty in led["duties"]]
    assert dates == sorted(dates)
    assert led["register"] == {"count": len(expected), "next": None, "behind": 0, "due": 0}
    every = running("duties", "--rows", "1000", "--json").document["duties"]
    counted = running("duties", "--counts", "--json").document["departments"]
    assert sum(row["duties"] for row in counted) == len(every)
    for row in counted:
        listed = [d for d in every if (d["department"], d["role"]) == (row["department"], row["role"])]
        assert sum(duty["light"] == row["light"] for duty in listed) == row["duties"]
    page = running("duties", "--department", name, "--rows", "1").out
    assert f"第 1 至 1 项，共 {len([d for d in every if d['department'] == name])} 个节点" in page
    assert name in running("duties", "--counts").out
    assert all(not duty["signed"] and duty["open"] for duty in _unsigned(running))


def _unsigned(running: Duban) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running("duties", "--unsigned", "--open", "--json").document["duties"]
    assert found
    return found


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--light", "蓝"], "没有“蓝”，应是：灰、绿、黄、红。"),
        (["--due-from", "2018-06-01", "--due-until", "2018-05-01"], "早于"),
        (["2018-01", "--light", "红"], "筛选、排序和分页只用于现在的登记簿"),
        (["--as-of", "2018-05-01", "--after", "2018-05a"], "筛选、排序和分页只用于现在的登记簿"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(running: Duban, options: list[str], told: str) -> None:
    """Wrong usage: status 2, and what to write."""
    answer = running("status", *options)
    assert answer.status == 2
    assert told in answer.sentence


@pytest.mark.parametrize("command", ["status", "duties"])
def test_every_filter_at_its_edges_is_a_list_or_a_sentence(running: Duban, command: str) -> None:
    """Each option of the lists, whatever is written there (which edge it gets goes round): a list, or one sentence."""
    found = group.get_command(click.Context(group), command)
    assert found is not None
    options = [
        param
        for param in found.params
        if isinstance(param, click.Option) and not param.is_flag and param.name not in ("data", "as_of")
    ]
    assert len(options) > 8
    texts = [str(value) for value in {**TEXTS, **DAYS, **NUMBERS}.values() if value is not None]
    for place, option in enumerate(options):
        for text in texts[place % 7 :: 7]:
            answer = running(command, option.opts[-1], text)
            assert answer.status in (0, 2), (option.name, text, answer.err)
            assert "Traceback" not in answer.err
            assert not TO_OBEY.search(answer.out + answer.err), (option.name, text)
            assert answer.status == 0 or answer.err.rstrip().endswith(("。", "？")), (option.name, text, answer.err)


def test_nothing_found_says_so(running: Duban) -> None:
    """No table without rows."""
    assert "没有符合条件的项目" in running("status", "--text", "无此项目").out
    assert (
        running("duties", "--department", "无此部门").out.strip()
        == "没有符合条件的节点。部门名称请照抄 duban duties --counts 所列的。"
    )


def test_a_page_behind_the_last_is_told_as_one(running: Duban) -> None:
    """With how many there are: nobody takes it for an empty register."""
    assert running("status", "--after", "2019-01").out.strip() == "这里往后没有了：共 17 个项目。"
    assert "这里往后没有了" in running("duties", "--after", "9999-12-31 2019-01 1").out
    refused = running("duties", "--after", "2018-05-31 2018-05a 甲")
    assert (refused.status, "不是这张清单里的位置" in refused.err) == (2, True)


def test_the_register_made_anew_is_the_same(running: Duban) -> None:
    """Dropped and derived again from the ledger, while the worker goes on: the same rows, and the doctor is content."""
    before = projects(running)
    assert running("engine", "rebuild-register", "--json").document == {"projects": 17}
    assert projects(running) == before
    checks = {check["name"]: check for check in running("doctor", "--json").document["checks"]}
    assert (checks["register"]["ok"], checks["register"]["text"]) == (True, "登记簿与台账同步")


def test_a_day_that_has_not_come_is_told_as_foretold(running: Duban) -> None:
    """Nobody takes the red lights of a year that nobody has lived for what departments have missed."""
    for asked in (("--as-of", "2019-01-15"), ("2018-01", "--as-of", "2019-01-15")):
        assert "这一天还没有到：以下是推算" in running("status", *asked).out
        document = running("status", *asked, "--json")
        assert "这一天还没有到：以下是推算" in document.err
        assert "as_of" in document.document
    for more in ((), ("2018-01",), ("--json",)):
        assert "这一天还没有到：以下是推算" in running("audit", "as-of", "2019-01-15", *more).err
    assert "推算" not in running("status", "--as-of", "2018-04-25").out
    assert "推算" not in running("audit", "as-of", "2018-04-25").err
