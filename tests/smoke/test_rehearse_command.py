"""`duban rehearse` as a real process: one document for each behaviour, and nothing else on standard output."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.documents.official_layout import document_bytes
from domain.notice.compiling import compilation
from domain.papers.paper import DOCUMENT_KINDS, NumberedPaper
from entrypoints.bootstrap.plan_files import read_notice, write_plan
from tests.adapters.documents.checklist import CONTACT, ISSUER, faults_of
from tests.entrypoints.installation import Home, part_of_the_plan
from tests.examples.sixty_projects import notice


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


def _part_of_the_second_list(folder: Path, projects: int) -> Path:
    listed, part = folder / "notice.txt", folder / "part.yaml"
    listed.write_text(notice(), encoding="utf-8")
    plan = compilation(read_notice(listed)).plan
    write_plan(plan.model_copy(update={"projects": plan.projects[:projects], "findings": (), "rulings": ()}), part)
    return part


@pytest.mark.parametrize("of_the_list", [part_of_the_plan, _part_of_the_second_list])
def test_a_mixed_year_has_every_kind_of_document_and_each_stands_the_checklist(
    home: Home, of_the_list: Callable[[Path, int], Path]
) -> None:
    """Four rows of a list are enough: what an office will ever sign is there, and none of it would be sent back."""
    plan, folder = str(of_the_list(home.folder, 4)), home.folder / "mixed"
    answered = home.call("rehearse", plan, "--behaviour", "mixed", "-o", str(folder), "--documents", "--json")
    assert answered.returncode == 0, answered.stderr
    counts = json.loads(answered.stdout)["counts"]
    assert {kind.partition("/")[0] for kind in counts} >= DOCUMENT_KINDS
    assert {file.parent.name for file in folder.glob("papers/20*/*/*.docx")} == DOCUMENT_KINDS
    told = [json.loads(file.read_text("utf-8")) for file in folder.glob("papers/20*/*/*.json")]
    numbered = [NumberedPaper.model_validate(each["paper"]) for each in told]
    made = [(each, document_bytes(each, ISSUER, CONTACT)) for each in numbered if each.paper.kind in DOCUMENT_KINDS]
    assert len(made) > len(DOCUMENT_KINDS)
    assert [f"{each.number}：{fault}" for each, content in made for fault in faults_of(each, content)] == []


def test_a_rehearsal_tells_people_the_papers_the_burden_and_the_lights(home: Home) -> None:
    """The tables on the screen, and one file for each in the folder that is named."""
    folder = home.folder / "rehearsed"
    answered = home.call("rehearse", str(part_of_the_plan(home.folder, 3)), "-o", str(folder))
    assert answered.returncode == 0, answered.stderr
    for title in ("按收文方", "每月收文", "全部文书"):
        assert title in answered.stdout
    tables = {"addressees.csv", "burden.csv", "days.csv", "lights.csv", "papers.csv"}
    assert {file.name for file in folder.iterdir()} == {*tables, "rehearsal.json"}
    with (folder / "lights.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *lights = csv.reader(file)
    assert head == ["日期", "项目", "节点", "参与部门", "灯", "说明"]
    assert any(light == "红灯" and "已逾期" in said for *_, light, said in lights)
    with (folder / "burden.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ["组织部", "2018-05"] in [row[:2] for row in csv.reader(file)]
