"""`duban rehearse` as a real process: one document for each behaviour, and nothing else on standard output."""

from __future__ import annotations

import json

import pytest

from domain.papers.paper import DOCUMENT_KINDS
from tests.entrypoints.installation import Home, part_of_the_plan


@pytest.mark.parametrize("behaviour", ["on-time", "silent", "late:3", "silent:组织部"])
def test_a_rehearsal_is_one_document(home: Home, behaviour: str) -> None:
    """The interface's keys; the counts are those of the papers, and the behaviour shows in them."""
    answered = home.call("rehearse", str(part_of_the_plan(home.folder, 3)), "--behaviour", behaviour, "--json")
    assert answered.returncode == 0, answered.stderr
    document = json.loads(answered.stdout)
    assert set(document) == {"from", "to", "papers", "counts", "events", "seconds"}
    assert document["from"] == "2018-04-25"
    assert set(document["papers"][0]) == {"on", "kind", "to", "project_id", "milestone_id", "level"}
    assert sum(document["counts"].values()) == len(document["papers"])
    assert document["counts"]["supervision_order"] == 3
    assert ("urge" in document["counts"]) == (behaviour != "on-time")
    assert not home.data.exists()


def test_a_mixed_year_has_every_kind_of_document(home: Home) -> None:
    """Four rows of the real list are enough: what an office will ever sign is there to be looked at."""
    plan = str(part_of_the_plan(home.folder, 4))
    answered = home.call(
        "rehearse", plan, "--behaviour", "mixed", "-o", str(home.folder / "mixed"), "--documents", "--json"
    )
    assert answered.returncode == 0, answered.stderr
    counts = json.loads(answered.stdout)["counts"]
    assert {kind.partition("/")[0] for kind in counts} >= DOCUMENT_KINDS
    written = {file.parent.name for file in home.folder.glob("mixed/papers/20*/*/*.docx")}
    assert written == DOCUMENT_KINDS


def test_a_rehearsal_tells_people_the_papers_the_burden_and_the_lights(home: Home) -> None:
    """The tables on the screen, and one file for each in the folder that is named."""
    folder = home.folder / "rehearsed"
    answered = home.call("rehearse", str(part_of_the_plan(home.folder, 3)), "-o", str(folder))
    assert answered.returncode == 0, answered.stderr
    for title in ("按收文方", "每月收文", "全部文书"):
        assert title in answered.stdout
    assert {file.name for file in folder.iterdir()} == {"burden.csv", "lights.csv", "papers.csv", "rehearsal.json"}
    lights = (folder / "lights.csv").read_text("utf-8-sig").splitlines()
    assert lights[0] == "日期,项目,节点,参与部门,灯,说明"
    assert any(",red," in line and "已逾期" in line for line in lights)
    assert "组织部,2018-05," in (folder / "burden.csv").read_text("utf-8-sig")
