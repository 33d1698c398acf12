"""The notice of 2018 as issued: counted, dated and doubted exactly as its rules say."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Table
from domain.notice.folding import fold
from domain.notice.plan import Plan
from domain.project import Milestone

_NOTICE = Path(__file__).parents[3] / "examples" / "2018-key-projects.txt"
_SEPARATORS = " ;。,:、\n"


@pytest.fixture(scope="module")
def document() -> NoticeDocument:
    return read_notice(_NOTICE)


@pytest.fixture(scope="module")
def plan(document: NoticeDocument) -> Plan:
    return compile_notice(document)


def _milestones(plan: Plan) -> list[Milestone]:
    return [milestone for project in plan.projects for milestone in project.milestones]


def test_the_head_of_the_notice_is_read(plan: Plan) -> None:
    """Number, title, issuer, day of issue and year stand as printed."""
    assert plan.document_number == "团浙办〔2018〕3号"
    assert plan.title == "2018年浙江省共青团“改革攻坚在基层”专项行动重点项目清单"
    assert plan.issuer == "共青团浙江省委办公室"
    assert (plan.issued_on, plan.year) == (date(2018, 4, 25), 2018)


def test_every_row_is_a_project_with_its_text_untouched(plan: Plan, document: NoticeDocument) -> None:
    """Serial, title, content, lead, participants and schedule equal the printed cells."""
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    printed = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    read = [
        [
            project.serial,
            project.title,
            project.main_content,
            project.lead_department,
            " ".join(project.participating_departments),
            project.schedule_text,
        ]
        for project in plan.projects
    ]
    assert read == printed


def test_the_repeated_serial_gets_letters_and_stays_as_printed(plan: Plan) -> None:
    """Serial 5 is printed twice: the identities differ, the serial stays data."""
    fifth = [(project.project_id, project.serial) for project in plan.projects if project.serial == "5"]
    assert fifth == [("2018-05a", "5"), ("2018-05b", "5")]
    assert len(plan.projects) == 17


def test_the_milestones_are_counted_by_the_rules(plan: Plan) -> None:
    """87 milestones: 81 printed windows, 4 inherited, 2 embedded."""
    assigned = [milestone.assigned for milestone in _milestones(plan)]
    assert {kind: assigned.count(kind) for kind in set(assigned)} == {"window": 81, "inherited": 4, "embedded": 2}


def test_the_inherited_and_the_embedded_ones_are_the_right_ones(plan: Plan) -> None:
    """Four deliverables have no label of their own; two windows hide inside a clause."""
    told = {m.milestone_id: (m.window_text, m.due_on) for m in _milestones(plan) if m.assigned != "window"}
    assert told == {
        "2018-02-09": ("12月", date(2018, 12, 31)),
        "2018-06-08": ("全年", date(2018, 12, 31)),
        "2018-11-05": ("上半年", date(2018, 6, 30)),
        "2018-12-02": ("4月", date(2018, 4, 30)),
        "2018-12-05": ("上半年", date(2018, 6, 30)),
        "2018-12-07": ("全年", date(2018, 12, 31)),
    }


def test_seven_duties_are_ongoing(plan: Plan) -> None:
    """What only continues is ongoing; what makes something is not."""
    ongoing = [milestone.milestone_id for milestone in _milestones(plan) if milestone.ongoing]
    assert ongoing == [
        "2018-01-02",
        "2018-05b-02",
        "2018-05b-05",
        "2018-11-04",
        "2018-12-07",
        "2018-14-05",
        "2018-15-05",
    ]


def test_three_duties_come_back(plan: Plan) -> None:
    """2 + 6 + 6 sessions, every two months where the notice says so."""
    told = {m.milestone_id: (m.recurrence.count, m.recurrence.every_months) for m in _milestones(plan) if m.recurrence}
    assert told == {"2018-02-05": (2, None), "2018-09-01": (6, 2), "2018-13-05": (6, None)}


def test_twelve_milestones_have_a_quota(plan: Plan) -> None:
    """Numbers that must be delivered are quotas; ordinals, names and descriptions are not."""
    told = {m.milestone_id: f"{m.quota.value}{m.quota.unit}" for m in _milestones(plan) if m.quota}
    assert told == {
        "2018-01-05": "300家",
        "2018-02-05": "2期",
        "2018-05a-04": "100%",
        "2018-06-03": "20个",
        "2018-06-08": "30场",
        "2018-09-01": "6次",
        "2018-10-02": "11个",
        "2018-11-05": "7个",
        "2018-12-04": "1次",
        "2018-13-05": "6期",
        "2018-14-03": "1次",
        "2018-15-04": "1次",
    }


def test_nine_milestones_are_born_late(plan: Plan) -> None:
    """What was over before 25 April 2018 opens as a report to be made, not as an alarm."""
    late = [milestone.milestone_id for milestone in _milestones(plan) if milestone.born_late]
    assert late == [
        "2018-01-01",
        "2018-02-01",
        "2018-02-02",
        "2018-06-01",
        "2018-08-01",
        "2018-11-01",
        "2018-13-01",
        "2018-14-01",
        "2018-15-01",
    ]


def test_only_the_doubtful_readings_are_findings(plan: Plan) -> None:
    """The repeated serial and the year's target inside a last-quarter clause; no false alarm on the rest."""
    told = [(finding.code, finding.severity, finding.project_id) for finding in plan.findings]
    assert told == [("repeated_serial", "ruling", "2018-05b"), ("window_within_window", "ruling", "2018-06")]
    assert plan.unruled == plan.findings


def test_no_character_of_a_schedule_is_lost(plan: Plan) -> None:
    """What stands outside every source span is only the marks that end a clause."""
    for project in plan.projects:
        covered = [False] * len(project.schedule_text)
        for milestone in project.milestones:
            for at in range(milestone.source.start, milestone.source.end):
                covered[at] = True
            assert milestone.description in project.schedule_text[milestone.source.start : milestone.source.end]
        left = {char for char, seen in zip(fold(project.schedule_text), covered, strict=True) if not seen}
        assert left <= set(_SEPARATORS)


def test_the_notice_compiles_in_under_a_second_of_cpu(document: NoticeDocument) -> None:
    """The promise is one second; measured here without start-up."""
    begin = time.process_time()
    compile_notice(document)
    assert time.process_time() - begin < 1.0
