"""One task over several rows: which of them are duties of their own, who owes them, and what they are called."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan

_MEASURES = "序号|工作任务|具体措施|牵头单位|配合单位|完成时限"
_SUBTASKS = "序号|重点任务|子任务|牵头单位|配合单位|完成时限"
_PROBLEMS = "序号|存在问题|整改措施|责任单位|责任人|整改时限"


def _compiled(heads: str, *rows: str) -> Plan:
    """The plan of a table; `^` goes on with the place above it, as merged places do."""
    width = len(heads.split("|"))
    body: list[list[Cell]] = []
    for number, row in enumerate(rows):
        texts = row.split("|")
        cells = [Cell(text, region=number * width + at) for at, text in enumerate(texts)]
        body.append([body[-1][at] if text == "^" else cells[at] for at, text in enumerate(texts)])
    shown = [Row(tuple(cells), f"第{number}行") for number, cells in enumerate(body, 2)]
    table = Table((Row(tuple(map(Cell, heads.split("|"))), "第1行"), *shown))
    lines = [Paragraph(line) for line in ("某市2024年重点工作清单", "2024年2月20日")]
    return compilation(NoticeDocument("list", (*lines, table))).plan


def _read(plan: Plan) -> list[str]:
    """Each project on a line: title, lead, helpers, limits."""
    return [
        "|".join(
            (
                project.title,
                project.lead_department,
                "、".join(project.participating_departments),
                " ".join(f"{m.due_on:%m%d}" if m.due_on else "?" for m in project.milestones),
            )
        )
        for project in plan.projects
    ]


def _asked(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings if finding.needs_ruling]


@pytest.mark.parametrize(
    ("heads", "rows", "duties"),
    [
        pytest.param(
            _MEASURES,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "^|^|组织实施|乙局|甲局|9月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|乙局|甲局|0930"],
            id="each measure has its own lead and helpers",
        ),
        pytest.param(
            _SUBTASKS,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "^|^|组织实施|甲局|乙局|9月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|甲局|乙局|0930"],
            id="one lead, told with each sub-task, and other helpers",
        ),
        pytest.param(
            _MEASURES,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "^|^|组织实施|^|乙局|9月底前", "^|^|总结评估|^||12月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|甲局|乙局|0930", "任务甲：总结评估|甲局||1231"],
            id="one lead over all, helpers of their own or none",
        ),
        pytest.param(
            _MEASURES,
            ["1|任务甲|制定方案|甲局|丙局|9月底前", "^|^|组织实施|乙局|丁局|^"],
            ["任务甲：制定方案|甲局|丙局|0930", "任务甲：组织实施|乙局|丁局|0930"],
            id="one limit over all",
        ),
        pytest.param(
            _MEASURES,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "||组织实施|乙局||9月底前", "||总结评估|甲局|乙局|12月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|乙局||0930", "任务甲：总结评估|甲局|乙局|1231"],
            id="blank below the task",
        ),
        pytest.param(
            _MEASURES,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "||组织实施||乙局|9月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|甲局|乙局|0930"],
            id="the lead blank below the task, helpers of its own",
        ),
        pytest.param(
            _MEASURES,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "1|任务甲|组织实施|乙局||9月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|乙局||0930"],
            id="serial and task said again in each row",
        ),
        pytest.param(
            _PROBLEMS,
            [
                "1|问题甲|1.制定办法|甲局|李明|3月底前",
                "^|^|2.清退到位|甲局|^|9月底前",
                "2|问题乙|追回资金|乙局|王强|5月底前",
                "^|^|立案查处|丙局|王强|6月底前",
            ],
            [
                "问题甲：制定办法|甲局||0331",
                "问题甲：清退到位|甲局||0930",
                "问题乙：追回资金|乙局||0531",
                "问题乙：立案查处|丙局||0630",
            ],
            id="a problem over several measures, the numbers not in the title",
        ),
        pytest.param(
            _PROBLEMS,
            [
                "1|问题甲|（1）制定办法|甲局||3月底前",
                "^|^|（2）清退到位|乙局||9月底前",
                "^|^|③ 长效管理|丙局||12月底前",
            ],
            ["问题甲：制定办法|甲局||0331", "问题甲：清退到位|乙局||0930", "问题甲：长效管理|丙局||1231"],
            id="measures counted in brackets and circles",
        ),
        pytest.param(
            _SUBTASKS,
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "^|^|组织实施|乙局||4月底前启动，9月底前完成"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|乙局||0430 0930"],
            id="two limits of one sub-task",
        ),
        pytest.param(
            "序号|工作任务|具体措施|甲局|乙局|丙局|完成时限",
            ["1|任务甲|制定方案|★|○||3月底前", "^|^|组织实施||★|○|9月底前"],
            ["任务甲：制定方案|甲局|乙局|0331", "任务甲：组织实施|乙局|丙局|0930"],
            id="marks say who leads",
        ),
        pytest.param(
            "任务|具体措施|牵头单位|配合单位|完成时限",
            ["任务甲|制定方案|甲局|丙局|3月底前", "^|组织实施|乙局||9月底前", "任务乙|开展培训|丙局||6月底前"],
            ["任务甲：制定方案|甲局|丙局|0331", "任务甲：组织实施|乙局||0930", "任务乙|丙局||0630"],
            id="no serials",
        ),
        pytest.param(
            "No.|Task|Measures|Lead|Support|Due",
            [
                "1|Task A|Draft the plan|Chief Nurse|Estates|31 March 2024",
                "|||Estates||",
                "^|^|Run it|Medical Director||30 June 2024",
            ],
            ["Task A：Draft the plan|Chief Nurse|Estates|0331", "Task A：Run it|Medical Director||0630"],
            id="in English, with one more helper in a row of its own",
        ),
    ],
)
def test_a_measure_with_its_own_who_and_when_is_a_duty_of_its_own(
    heads: str, rows: list[str], duties: list[str]
) -> None:
    """Who answers for one measure is no helper of another; each duty says task and measure, and nobody is asked."""
    plan = _compiled(heads, *rows)
    assert _read(plan) == duties
    assert [code for code in _asked(plan) if code != "marks_assumed"] == []


@pytest.mark.parametrize(
    ("rows", "projects"),
    [
        pytest.param(
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "^|^|组织实施|^|^|9月底前"],
            ["任务甲|甲局|丙局|0331 0930"],
            id="who is merged over all measures",
        ),
        pytest.param(
            ["1|任务甲|食堂|甲局||3月底前", "^|^|宿舍|甲局||9月底前", "2|任务乙|采购|乙局||5月底前"],
            ["任务甲|甲局||0331 0930", "任务乙|乙局||0531"],
            id="one lead is told with each sub-task of a list that has no other",
        ),
        pytest.param(
            ["1|任务甲|制定方案|甲局|丙局|3月底前", "||组织实施|||9月底前"],
            ["任务甲|甲局|丙局|0331 0930"],
            id="who is blank below the first measure",
        ),
        pytest.param(
            ["1|任务甲|制定方案|甲局||3月底前", "^|^|组织实施|^||9月底前", "^|^|总结评估|乙局||12月底前"],
            ["任务甲|甲局||0331 0930", "任务甲：总结评估|乙局||1231"],
            id="two measures of one lead, a third of another",
        ),
    ],
)
def test_measures_that_share_who_answers_stay_milestones_of_one_task(rows: list[str], projects: list[str]) -> None:
    """A lead that holds for several measures has one project with a milestone for each."""
    plan = _compiled(_SUBTASKS, *rows)
    assert _read(plan) == projects
    assert _asked(plan) == []


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["1|任务甲|制定方案|甲局||3月底前", "^|^|^|乙局||9月底前"], id="one measure, two leads"),
        pytest.param(["1|任务甲|制定方案|甲局||3月底前", "|||乙局||9月底前"], id="no measure in the second row"),
        pytest.param(["1|任务甲|制定方案|甲局||3月底前", "||组织实施|乙局||"], id="no time, and no merged place"),
        pytest.param(
            ["1|任务甲|制定方案并组|市自然资源||2024年", "||织实施|规划局||9月底前"], id="a name broken over lines"
        ),
    ],
)
def test_a_second_lead_without_a_measure_and_a_time_of_its_own_is_asked_about(rows: list[str]) -> None:
    """Where nobody can be certain what the second lead owes, one project is kept and the question stays."""
    plan = _compiled(_MEASURES, *rows)
    assert len(plan.projects) == 1
    assert "several_leads" in _asked(plan)


def test_a_measure_without_a_limit_asks_for_its_own() -> None:
    """A blank limit beside merged places is none: the duty stands by itself and somebody says by when."""
    plan = _compiled(_MEASURES, "1|任务甲|制定方案|甲局||3月底前", "^|^|组织实施|乙局||")
    assert _read(plan) == ["任务甲：制定方案|甲局||0331", "任务甲：组织实施|乙局||?"]
    assert _asked(plan) == ["no_schedule"]


def test_the_duties_of_one_task_share_its_serial_unasked() -> None:
    """A serial that is merged over several duties is no repeated one, and their identities differ."""
    plan = _compiled(
        _MEASURES,
        *("1|任务甲|制定方案|甲局||3月底前", "^|^|组织实施|乙局||9月底前", "2|任务乙|开展培训|丙局||6月底前"),
    )
    assert [project.project_id for project in plan.projects] == ["2024-01a", "2024-01b", "2024-02"]
    assert "serials_restart" not in [finding.code for finding in plan.findings]
