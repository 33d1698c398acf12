"""Lists that are generated come back as they were generated, whatever labels, widths, delimiters and order."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table

_YEAR = 2018
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
_CHINESE = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
_DUTIES = (
    "召开推进会",
    "制定实施方案，征求意见",
    "对试点单位进行督导，形成报告",
    "印发《关于加强工作的意见；试行》",
    "启动“青年先锋。”行动",
    "总结上半年工作",
    "完善（含试点）工作机制",
    "开展专题调研、座谈",
)
_HEADS = {
    "serial": ("序号", "编号"),
    "title": ("项目名称", "工作任务", "重点工作"),
    "content": ("主要内容", "工作目标"),
    "lead": ("牵头部门", "责任单位", "责任部门"),
    "participants": ("参与部门", "配合部门", "协办单位"),
    "schedule": ("工作进度安排", "时序进度", "完成时限"),
}
_DEPARTMENTS = ("组织部", "宣传部", "办公室", "学校部", "省团校")


@dataclass(frozen=True)
class _Label:
    text: str
    starts_on: date | None
    due_on: date
    ongoing: bool = False


def _last(month: int) -> date:
    return date(_YEAR, month, calendar.monthrange(_YEAR, month)[1])


@st.composite
def _labels(draw: st.DrawFn) -> _Label:
    month = draw(st.integers(1, 12))
    # January to December is the whole year, which asks of the duty itself whether it only continues.
    later = draw(st.integers(month, 12 if month > 1 else 11))
    dash = draw(st.sampled_from(["-", "—", "——", "～", "~", "至", "到", "–"]))
    first, last = date(_YEAR, month, 1), _last(month)
    number = draw(st.sampled_from([str(month), _CHINESE[month]]))
    range_ = _Label(f"{month}{dash}{later}月", first, _last(later))
    long_range = _Label(f"{month}月{dash}{later}月", first, _last(later))
    quarter = draw(st.integers(1, 4))
    forms = [
        _Label(f"{number}月", first, last),
        _Label(f"{number}月份", first, last),
        _Label(f"{_YEAR}年{month}月", first, last),
        _Label(f"{month}月底前", None, last),
        _Label(f"{month}月15日前", None, date(_YEAR, month, 15)),
        _Label(f"{number}月上旬", first, date(_YEAR, month, 10)),
        _Label(f"{number}月中旬", date(_YEAR, month, 11), date(_YEAR, month, 20)),
        _Label(f"{number}月下旬", date(_YEAR, month, 21), last),
        _Label(f"{number}月起", first, date(_YEAR, 12, 31), ongoing=True),
        _Label(f"{'一二三四'[quarter - 1]}季度", date(_YEAR, quarter * 3 - 2, 1), _last(quarter * 3)),
        _Label(f"第{'一二三四'[quarter - 1]}季度末", None, _last(quarter * 3)),
        _Label("上半年", date(_YEAR, 1, 1), date(_YEAR, 6, 30)),
        _Label("下半年", date(_YEAR, 7, 1), date(_YEAR, 12, 31)),
        _Label("年底前", None, date(_YEAR, 12, 31)),
        _Label("年底", None, date(_YEAR, 12, 31)),
        *([range_, long_range] if later > month else []),
    ]
    label = draw(st.sampled_from(forms))
    text = label.text.translate(_FULL_WIDTH) if draw(st.booleans()) else label.text
    return _Label(text, label.starts_on, label.due_on, label.ongoing)


@st.composite
def _cells(draw: st.DrawFn) -> tuple[str, list[tuple[_Label, str, str]]]:
    """A schedule cell, and its deliverables: label, description, how it was assigned."""
    expected: list[tuple[_Label, str, str]] = []
    text = ""
    # The same duty by the same time is told, and counts once: here every one is another.
    of_other_times = st.lists(
        _labels(), min_size=1, max_size=5, unique_by=lambda label: (label.starts_on, label.due_on)
    )
    for label in draw(of_other_times):
        text += label.text + draw(st.sampled_from(["：", ":", "，", ",", "： ", ": ", "、", " "]))
        for at, duty in enumerate(draw(st.lists(st.sampled_from(_DUTIES), min_size=1, max_size=2, unique=True))):
            text += duty + draw(st.sampled_from(["；", ";", "。", "； "]))
            expected.append((label, duty, "window" if at == 0 else "inherited"))
    return text, expected


@st.composite
def _lists(draw: st.DrawFn) -> tuple[Table, list[dict[str, str]], list[list[tuple[_Label, str, str]]]]:
    optional = [column for column in ("content", "participants") if draw(st.booleans())]
    columns = draw(st.permutations(["serial", "title", "lead", "schedule", *optional]))
    heads = Row(tuple(Cell(draw(st.sampled_from(_HEADS[column]))) for column in columns), "第1行")
    rows, printed, expected = [heads], [], []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        schedule, deliverables = draw(_cells())
        departments = draw(st.permutations(_DEPARTMENTS))
        values = {
            "serial": str(number),
            "title": f"重点项目{_CHINESE[number]}",
            "content": draw(st.sampled_from(["抓好落实。", ""])),
            "lead": departments[0],
            "participants": "、".join(departments[1 : draw(st.integers(1, 4))]),
            "schedule": schedule.strip(),
        }
        rows.append(Row(tuple(Cell(values[column]) for column in columns), f"第{number + 1}行"))
        if draw(st.integers(0, 4)) == 0:
            rows.append(heads)
        printed.append({column: values[column] if column in columns else "" for column in _HEADS})
        expected.append(deliverables)
    return Table(tuple(rows)), printed, expected


@given(_lists())
def test_a_generated_list_comes_back_as_it_was_generated(
    generated: tuple[Table, list[dict[str, str]], list[list[tuple[_Label, str, str]]]],
) -> None:
    """Every cell, every window, every description, in the order of the text."""
    table, printed, expected = generated
    document = NoticeDocument("list", (Paragraph("2018年重点项目清单"), Paragraph("2018年1月2日"), table))
    plan = compile_notice(document)
    assert [project.serial for project in plan.projects] == [row["serial"] for row in printed]
    for project, row, deliverables in zip(plan.projects, printed, expected, strict=True):
        assert (project.title, project.main_content, project.lead_department, project.schedule_text) == (
            row["title"],
            row["content"],
            row["lead"],
            row["schedule"],
        )
        assert "、".join(project.participating_departments) == row["participants"]
        told = [(m.description, m.assigned, m.ongoing) for m in project.milestones]
        assert told == [(duty, assigned, label.ongoing) for label, duty, assigned in deliverables]
        # A smaller month after a larger one may mean next year: its dates are asked about, not asserted.
        doubted = {finding.source.start for finding in plan.findings if finding.project_id == project.project_id}
        for milestone, (label, _, _) in zip(project.milestones, deliverables, strict=True):
            dates = (milestone.starts_on, milestone.due_on)
            asked = (
                any(abs(start - milestone.source.start) < 2 for start in doubted) or milestone.assigned == "inherited"
            )
            assert dates == (label.starts_on, label.due_on) or (asked and doubted)
