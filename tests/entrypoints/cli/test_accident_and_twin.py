"""A running year that is closed by accident and reopened, beside a twin that was left alone, by the shell alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from application.settings import load_settings
from domain.record.recorded_projects import recorded_events
from entrypoints.bootstrap import open_records
from tests.entrypoints.cli.conftest import Answer, Duban
from tests.entrypoints.installation import DUBAN, Home, part_of_the_plan

_CLOSE = ("close-year", "2018", "--to-year", "2019", "--reason", "年终", "--by", "李")
_FORCED = (*_CLOSE, "--despite-period", "以为到了年底", "--confirmed-by", "周")
_BACK = ("reopen", "2018", "--reason", "误办", "--by", "周", "--confirmed-by", "李")
BEFORE = (
    ("receipt", "2018-01", "--by", "组织部"),
    ("report", "2018-01", "1", "已完成初稿", "--by", "组织部"),
    ("complete", "2018-02", "1", "--by", "组织部", "--done-on", "2018-02-20"),
    (
        "extend",
        "2018-01",
        "3",
        "--to",
        "2018-07-31",
        "--reason",
        "场地未定",
        "--progress",
        "完成一半",
        "--by",
        "组织部",
    ),
)
AFTER = (
    ("accept", "2018-02", "1", "--by", "李"),
    ("strike-off", "2018-02", "1", "--by", "王"),
    ("rule", "extension-review", "2018-01", "3", "--recommend", "2018-07-31", "--opinion", "属实", "--by", "李"),
    ("rule", "extension", "2018-01", "3", "--grant", "2018-07-31", "--reason", "属实", "--by", "王"),
    ("report", "2018-01", "3", "已开始", "--by", "组织部"),
)
OF_THE_ACCIDENT = frozenset({"YearClosed", "ProjectReopened"})
PROJECTS = ("2018-01", "2018-02")
LATER = "2018-06-05"
"""A day by which both projects have been reminded of, urged and ordered: what was due in April and May is not done."""
_MINUTE, _NUMBER = re.compile(r"(\d{4}-\d\d-\d\d)[T ][\d:.+]+Z?"), re.compile(r"〔2018〕\d+号")


def alike(found: Any) -> Any:
    """An answer without what differs between two installations in any case: times of day, numbers and hashes."""
    match found:
        case dict():
            left_out = {"events", "digest", "as_of", "key", "event_id"}
            return {name: alike(value) for name, value in found.items() if name not in left_out}
        case list():
            return [alike(value) for value in found]
        case str():
            return _NUMBER.sub("号", _MINUTE.sub(r"\1", found))
        case _:
            return found


class Office:
    """An installation that goes through a year's days by commands."""

    def __init__(self, folder: Path, duban: Duban, patch: pytest.MonkeyPatch) -> None:
        self.home, self._duban, self._patch = Home(folder), duban, patch

    def begun(self) -> Office:
        """Two projects under `duban run`."""
        child = self.home.start(*DUBAN, "run", str(part_of_the_plan(self.home.folder, 2)), "--as-of", "2018-04-25")
        child.shows("按 Ctrl-C 停止")
        return self

    def __call__(self, *command: str) -> Answer:
        for name, value in self.home.settings.items():
            self._patch.setenv(name, value)
        return self._duban(*command)

    def does(self, *commands: tuple[str, ...]) -> None:
        """Give commands that must all be done."""
        for command in commands:
            answer = self(*command)
            assert answer.status == 0, (command, answer.sentence)

    def events(self, project: str) -> list[dict[str, Any]]:
        """The record of a project."""
        found: list[dict[str, Any]] = self("audit", "history", project, "--json").document["events"]
        return found

    def told(self, project: str) -> Any:
        """What the record tells of the year, without the accident."""
        events = self.events(project)
        accident = {event["decided_at"] for event in events if event["type"] in OF_THE_ACCIDENT}
        names = ("type", "actor", "milestone_id", "decided_at", "what")
        return alike([[event[name] for name in names] for event in events if event["decided_at"] not in accident])

    def later(self) -> Path:
        """A rehearsal copy of the installation, some weeks on."""
        copy = self.home.folder / "copy"
        self.does(("rehearsal", "copy", str(copy)), ("rehearsal", "jump", LATER, "--data", str(copy)))
        return copy


def papers(data: Path) -> tuple[list[Any], list[Any]]:
    """The papers of an installation as their readers have them, without those of the accident; and these."""
    with open_records(load_settings({}, data=data)) as records:
        events = [event for project in PROJECTS for event in recorded_events(records.ledger, project)]
        accident = {event.decided_at for event in events if event.type in OF_THE_ACCIDENT}
        found: tuple[list[Any], list[Any]] = ([], [])
        for paper in (numbered.paper for numbered in records.outbox.papers()):
            day = paper.send_from.date().isoformat()
            as_read = (day, paper.kind, paper.level or "", paper.to, paper.copies_to, str(paper.due_on), paper.body)
            found[paper.issued_at in accident].append(as_read)
    return sorted(found[0]), sorted(found[1])


@pytest.fixture
def both(tmp_path: Path, duban: Duban, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Office, Office]]:
    """The office of the accident, and its twin."""
    offices = [Office(tmp_path / name, duban, monkeypatch) for name in ("accident", "twin")]
    for each in offices:
        each.home.folder.mkdir(exist_ok=True)
    try:
        yield offices[0].begun(), offices[1].begun()
    finally:
        for each in offices:
            each.home.close()


def test_a_year_closed_by_accident_and_reopened_is_its_twin_s(both: tuple[Office, Office]) -> None:
    """Refused to one person; forced and taken back, register, record, score and papers are the twin's, weeks on too."""
    office, twin = both
    for each in both:
        each.does(*BEFORE)
    assert "--despite-period" in office(*_CLOSE).out
    assert {each["stage"] for each in office("status", "--json").document["projects"]} == {
        each["stage"] for each in twin("status", "--json").document["projects"]
    }
    office.does(_FORCED, _BACK)
    for each in both:
        each.does(*AFTER)
    for project in PROJECTS:
        assert alike(office("status", project, "--json").document) == alike(twin("status", project, "--json").document)
        assert office.told(project) == twin.told(project)
        assert {event["type"] for event in office.events(project)} >= {"YearClosed", "ProjectReopened"}
    assert alike(office("score", "table", "2018", "--json").document) == alike(
        twin("score", "table", "2018", "--json").document
    )
    year_told = (
        each("bulletin", "yearly", "2018", "-o", str(each.home.folder / "年报.xlsx"), "--json") for each in both
    )
    assert alike(next(year_told).document) == alike(next(year_told).document)
    for check in (("audit", "reconcile"), ("audit", "replay", "2018-01"), ("engine", "preflight")):
        assert office(*check).status == 0, office(*check).out
    for data, data_of_twin in ((office.home.data, twin.home.data), (office.later(), twin.later())):
        (sent, of_the_accident), (sent_by_twin, nothing) = papers(data), papers(data_of_twin)
        assert sent == sent_by_twin
        assert nothing == []
        assert {kind for _, kind, *_ in of_the_accident} == {"closing_notice", "status_notice"}
    kinds = {kind for _, kind, *_ in papers(twin.home.folder / "copy")[0]}
    assert {"reminder", "urge", "escalation_order", "inspection_notice"} <= kinds
