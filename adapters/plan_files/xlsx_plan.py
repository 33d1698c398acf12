"""A plan as a spreadsheet, for people who live in one: a sheet for each kind of row, both ways without loss."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.workbook import Workbook
from pydantic import ValidationError

from adapters.files.whole_file import write_whole
from adapters.plan_files.yaml_plan import UnreadablePlanError, reason_of
from domain.notice.plan import Plan
from domain.os_faults import not_written

_MARK = "督办计划"
_LIST_SEPARATOR = "\n"
_LONGEST_CELL = 32_000
_LARGEST_INDEX = 1024 * 1024
_LARGEST_UNPACKED = 500 * 1024 * 1024
_LARGEST_BYTES = 50 * 1024 * 1024
# For each sheet its columns: the head that people read and the field behind it, dotted where it lies deeper.
_HEAD = {
    "文号": "document_number",
    "标题": "title",
    "印发机关": "issuer",
    "印发日期": "issued_on",
    "年份": "year",
}
_PROJECTS = {
    "项目编号": "project_id",
    "序号": "serial",
    "项目名称": "title",
    "主要内容": "main_content",
    "牵头部门": "lead_department",
    "参与部门（一行一个）": "participating_departments",
    "工作进度安排": "schedule_text",
    "类别": "category",
    "级别": "priority",
    "来源": "source",
    "责任领导": "responsible_leader",
}
_MILESTONES = {
    "节点编号": "milestone_id",
    "任务": "description",
    "时限原文": "window_text",
    "开始": "starts_on",
    "到期": "due_on",
    "归属": "assigned",
    "持续": "ongoing",
    "印发前已到期": "born_late",
    "次数": "recurrence.count",
    "每几个月": "recurrence.every_months",
    "每期几日前": "recurrence.day",
    "每期第几个月": "recurrence.month",
    "目标数": "quota.value",
    "单位": "quota.unit",
    "原文起": "source.start",
    "原文止": "source.end",
    "不参与的部门（一行一个）": "without",
}
_FINDINGS = {
    "编号": "key",
    "类别": "code",
    "性质": "severity",
    "项目编号": "project_id",
    "节点编号": "milestone_id",
    "说明": "text",
    "原文": "source.text",
    "原文栏目": "source.field",
    "原文起": "source.start",
    "原文止": "source.end",
    "暂按": "assumed",
    "可选（写法=含义，一行一个）": "choices",
}
_RULINGS = {
    "事项编号": "finding",
    "裁定": "choice",
    "理由": "reason",
    "裁定人": "ruled_by",
    "裁定日期": "ruled_on",
    "原文": "source_text",
}
_SHEETS = {"项目": _PROJECTS, "节点": _MILESTONES, "待裁定": _FINDINGS, "裁定": _RULINGS}
_NUMBERS = ("milestone_id", "project_id", "key", "finding")
_OPTIONAL_GROUPS = ("recurrence", "quota")
# Fields that a plan got later: absent where they say nothing, and their columns may be missing.
_ADDED_LATER = ("category", "priority", "source", "responsible_leader", "without")


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as a spreadsheet, whole or not at all."""
    book = Workbook(write_only=True)
    values = plan.model_dump(mode="json")
    rows = {
        "项目": values["projects"],
        "节点": [milestone for project in values["projects"] for milestone in project["milestones"]],
        "待裁定": values["findings"],
        "裁定": values["rulings"],
    }
    content = io.BytesIO()
    try:
        sheet = book.create_sheet(_MARK)
        for head, field in _HEAD.items():
            sheet.append([_head_cell(sheet, head), _text_cell(sheet, values[field])])
        for name, columns in _SHEETS.items():
            _write_sheet(book, name, columns, rows[name])
        book.save(content)
        write_whole(path, content.getvalue())
    except IllegalCharacterError:
        raise UnreadablePlanError("计划里有表格不能保存的控制字符，请用 .yaml 格式。") from None
    except OSError as error:
        raise UnreadablePlanError(not_written(path, error)) from None


def _write_sheet(book: Workbook, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append([_head_cell(sheet, head) for head in columns])
    for row in rows:
        sheet.append([_text_cell(sheet, _flat(_at(row, field))) for field in columns.values()])


def _head_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _text_cell(sheet: Any, value: object) -> Any:
    # Everything is text: a spreadsheet would turn `3-5` into a day and `=` into a formula.
    if value is None:
        return WriteOnlyCell(sheet, value=None)
    cell = WriteOnlyCell(sheet, value=_kept(str(value)))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _kept(text: str) -> str:
    """The text as a cell keeps it.

    An empty text and one with blanks around it would come back changed: both are quoted.
    """
    if len(text) > _LONGEST_CELL or "\r" in text:
        raise UnreadablePlanError("计划里有表格单元格装不下的文字，请用 .yaml 格式。")
    return f'"{text}"' if text != text.strip() or text == "" or text.startswith('"') else text


def _at(row: Mapping[str, Any], field: str) -> Any:
    value: Any = row
    for step in field.split("."):
        if value is None:
            return None
        value = value.get(step)
    return value


def _flat(value: Any) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        lines = [f"{item['key']}={item['text']}" if isinstance(item, Mapping) else str(item) for item in value]
        return _LIST_SEPARATOR.join(lines) if lines else None
    return value


def is_xlsx_plan(path: Path) -> bool:
    """Whether a spreadsheet holds a plan in our form, not a notice; told without unpacking more than its index."""
    try:
        with zipfile.ZipFile(path) as package:
            index = package.getinfo("xl/workbook.xml")
            return index.file_size <= _LARGEST_INDEX and f'name="{_MARK}"'.encode() in package.read(index)
    except Exception:  # noqa: BLE001 - damaged in whatever way, it is no plan; its reader says what is wrong
        return False


def read_plan(path: Path) -> Plan:
    """The plan that a spreadsheet holds.

    Raises:
        UnreadablePlanError: the file is no spreadsheet, or not in our form.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise UnreadablePlanError(f"{path.name}太大，不是督办计划，请核对文件。")
        with zipfile.ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST_UNPACKED:
                raise UnreadablePlanError(f"{path.name}解压后太大，不是督办计划，请核对文件。")
        book = openpyxl.load_workbook(path, read_only=True)
    except FileNotFoundError:
        raise UnreadablePlanError(f"找不到计划文件 {path}，请检查路径。") from None
    except UnreadablePlanError:
        raise
    except Exception:  # noqa: BLE001 - the library raises nearly anything on a damaged file
        raise UnreadablePlanError(f"{path.name}不是Excel工作簿，或已损坏：请另存为 .xlsx 再用。") from None
    try:
        if book.sheetnames[:1] != [_MARK]:
            raise UnreadablePlanError(f"{path.name}不是督办计划的表格形式，第一张工作表应是“{_MARK}”。")
        return _plan(book, path.name)
    finally:
        book.close()


def _plan(book: Any, name: str) -> Plan:
    values: dict[str, Any] = {}
    for row in book[_MARK].iter_rows(values_only=True):
        if row and row[0] in _HEAD:
            values[_HEAD[row[0]]] = _read(row[1] if len(row) > 1 else None)
    rows = {sheet: _read_sheet(book, sheet, columns, name) for sheet, columns in _SHEETS.items()}
    milestones: dict[str, list[dict[str, Any]]] = {}
    for milestone in rows["节点"]:
        milestones.setdefault(str(milestone["milestone_id"]).rsplit("-", 1)[0], []).append(milestone)
    for project in rows["项目"]:
        project["milestones"] = milestones.pop(str(project["project_id"]), [])
    if milestones:
        raise UnreadablePlanError(f"{name}的“节点”里有不存在的项目 {next(iter(milestones))}，请改正节点编号。")
    values |= {"projects": rows["项目"], "findings": rows["待裁定"], "rulings": rows["裁定"]}
    try:
        return Plan.model_validate(values)
    except ValidationError as error:
        raise UnreadablePlanError(_sentence(error, name, values)) from None


def _read_sheet(book: Any, name: str, columns: Mapping[str, str], file: str) -> list[dict[str, Any]]:
    if name not in book.sheetnames:
        raise UnreadablePlanError(f"{file}里没有工作表“{name}”，请补上。")
    lines = book[name].iter_rows(values_only=True)
    heads = [str(head) if head is not None else "" for head in next(lines, ())]
    columns = {head: field for head, field in columns.items() if head in heads or field not in _ADDED_LATER}
    if missing := [head for head in columns if head not in heads]:
        raise UnreadablePlanError(f"{file}的工作表“{name}”缺少“{missing[0]}”一栏，请补上。")
    places = {head: heads.index(head) for head in columns}
    rows = []
    for line in lines:
        if all(value is None for value in line):
            continue
        row: dict[str, Any] = {}
        for head, field in columns.items():
            _put(row, field, _read(line[places[head]] if places[head] < len(line) else None))
        for group in _OPTIONAL_GROUPS:
            if group in row and all(value is None for value in row[group].values()):
                row[group] = None
        rows.append(row)
    return rows


def _read(value: object) -> str | None:
    if value is None:
        return None
    if hasattr(value, "date"):
        return str(value.date())
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text[1:-1] if len(text) > 1 and text.startswith('"') and text.endswith('"') else text


def _put(row: dict[str, Any], field: str, text: str | None) -> None:
    group, _, inner = field.partition(".")
    value = _UNFLAT[field](text) if field in _UNFLAT else text
    if inner:
        row.setdefault(group, {})[inner] = value
    else:
        row[group] = value


def _truth(text: str | None) -> object:
    return {"是": True, "否": False, None: False}.get(text, text)


def _lines(text: str | None) -> list[str]:
    return text.split(_LIST_SEPARATOR) if text else []


def _choices(text: str | None) -> list[dict[str, str]]:
    pairs = (line.partition("=") for line in _lines(text))
    return [{"key": key, "text": meaning} for key, _, meaning in pairs]


def _empty(text: str | None) -> str:
    return text or ""


_UNFLAT: dict[str, Callable[[str | None], object]] = {
    "ongoing": _truth,
    "born_late": _truth,
    "participating_departments": _lines,
    "without": lambda text: _lines(text) or None,
    "choices": _choices,
    "main_content": _empty,
    "schedule_text": _empty,
    "window_text": _empty,
    "source.text": _empty,
}


def _sentence(error: ValidationError, name: str, values: Mapping[str, Any]) -> str:
    first = error.errors()[0]
    steps = [str(step) for step in first["loc"]]
    sheet = {"projects": "项目", "findings": "待裁定", "rulings": "裁定"}.get(steps[0] if steps else "", _MARK)
    if "milestones" in steps:
        sheet = "节点"
    heads = {field: head for columns in (_HEAD, *_SHEETS.values()) for head, field in columns.items()}
    column = heads.get(".".join(steps[-2:])) or next((heads[step] for step in reversed(steps) if step in heads), "")
    reason = reason_of(first, string_type="不能为空", tuple_type="不能为空", bool_parsing="应是“是”或“否”")
    number = _number_of(first["loc"], values)
    if column:
        return f"{name}的工作表“{sheet}” {number} “{column}”一栏：{reason}，请改正。"
    return f"{name}的工作表“{sheet}” {number}：{reason}，请改正。"


def _number_of(place: Sequence[Any], values: Any) -> str:
    """By what number a person finds the row of a fault."""
    number = "1"
    for step in place:
        if isinstance(values, list | Mapping) and (isinstance(values, list) or step in values):
            values = values[step]
            if isinstance(values, Mapping):
                number = next((str(values[field]) for field in _NUMBERS if values.get(field)), number)
    return number
